"""Every block of Python on a page that people read is run, in an empty folder a page."""

from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path
from typing import Any

import pytest
from sybil import Sybil
from sybil.parsers.myst import PythonCodeBlockParser
from traitlets.config import Config

from tests.docs.pages import PATTERNS

collect_ignore_glob = ["docs/_ext/*"]  # what Sphinx loads, in its own way: no examples are in it


@pytest.fixture(scope="module")
def empty_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """What a page writes goes there."""
    folder = tmp_path_factory.mktemp("page")
    with chdir(folder):
        yield folder


def words_of_a_configuration(namespace: dict[str, Any]) -> None:
    """Jupyter hands ``get_config`` to the files it configures itself by."""
    namespace["get_config"] = Config


pytest_collect_file = Sybil(
    parsers=[PythonCodeBlockParser()],
    patterns=PATTERNS,
    fixtures=["empty_folder"],
    setup=words_of_a_configuration,
).pytest()
