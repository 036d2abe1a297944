"""Every block of Python in README and on a page of the site is run, in an empty folder a page."""

from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path

import pytest
from sybil import Sybil
from sybil.parsers.myst import PythonCodeBlockParser


@pytest.fixture(scope="module")
def empty_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """What a page writes goes there."""
    folder = tmp_path_factory.mktemp("page")
    with chdir(folder):
        yield folder


pytest_collect_file = Sybil(
    parsers=[PythonCodeBlockParser()],
    patterns=["README.md", "docs/*.md", "docs/*/*.md"],
    fixtures=["empty_folder"],
).pytest()
