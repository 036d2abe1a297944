"""The site is built without a warning, every component on it, and no page reaches out."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

import hsjupyter.api as hs

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html"]
    told = subprocess.run(
        [*command, "-d", folder / "kept", ROOT / "docs", folder / "html"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert not told.returncode, told.stderr
    return folder / "html"


@pytest.mark.parametrize("dimensions", [1, 2])
def test_every_component_has_its_section(site, dimensions):
    page = (site / "reference" / "components.html").read_text()
    space = getattr(hs.model, f"components{dimensions}D")
    missing = [n for n in dir(space) if not re.search(rf"<h\d>{n}<", page)]
    assert not [n for n in missing if getattr(space, n).__module__.startswith("hsjupyter.")]


def test_every_page_needs_nothing_from_elsewhere(site):
    outside = re.compile(r"<(?:script|img)[^>]*src=\"https?:|<link[^>]*stylesheet[^>]*https?:")
    pages = list(site.rglob("*.html"))
    assert len(pages) > 15
    assert [p.name for p in pages if outside.search(p.read_text())] == []
