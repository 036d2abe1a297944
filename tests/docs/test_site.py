"""The site is built without a warning, every component on it, and no page reaches out."""

import inspect
import re
import subprocess
import sys
from html import unescape
from pathlib import Path

import pytest

import hsjupyter.api as hs

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.timeout(600)  # the drawings are fits, on a machine that may be busy


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


def public_words(place, prefix="hs"):
    """Every name of the interface with what it means, those of its modules included."""
    for name in place.__all__:
        thing = getattr(place, name)
        if inspect.ismodule(thing) and hasattr(thing, "__all__"):
            yield from public_words(thing, f"{prefix}.{name}")
        elif inspect.isclass(thing) or inspect.isroutine(thing):
            yield f"{prefix}.{name}", thing


def test_every_public_word_has_its_place(site):
    page = (site / "reference" / "index.html").read_text()
    places = set(re.findall(r'id="([\w.]+)"', page))
    words = dict(public_words(hs))
    assert {"hs.load", "hs.model.Model2D", "hs.samfire.Samfire", "hs.roi.SpanROI"} <= set(words)
    missing = [
        word
        for word, thing in words.items()
        if f"{thing.__module__}.{thing.__name__}" not in places
        and not any(place.endswith(word.removeprefix("hs")) for place in places)
    ]
    assert missing == []


@pytest.mark.parametrize("dimensions", [1, 2])
def test_every_component_tells_units_and_source(site, dimensions):
    page = (site / "reference" / "components.html").read_text()
    space = getattr(hs.model, f"components{dimensions}D")
    for name in dir(space):
        kind = getattr(space, name)
        if kind.__module__.startswith("hsjupyter."):
            section = re.search(rf"<h\d>{name}<.*?</section>", page, re.DOTALL).group()
            assert all(f">{p}</span>" in section for p in kind.pars), name
            assert ("<em>Source:</em>" in section) is ("Source" in kind.__doc__), name


def test_every_link_of_the_site_goes_to_a_place_that_is_there(site):
    pages = {page: page.read_text() for page in site.rglob("*.html")}
    places = {page: set(re.findall(r'\bid="([^"]+)"', text)) for page, text in pages.items()}
    wrong = []
    for page, text in pages.items():
        for link in set(re.findall(r'\b(?:href|src)="([^"]+)"', text)):
            path, _, place = unescape(link).partition("#")
            if re.match(r"[a-z]+:", path):
                continue
            target = (page.parent / path.partition("?")[0]).resolve() if path else page
            if not target.exists() or (place and place not in places.get(target, {place})):
                wrong.append(f"{page.relative_to(site)}: {link}")
    assert sorted(wrong) == []


def test_every_page_needs_nothing_from_elsewhere(site):
    outside = re.compile(r"<(?:script|img)[^>]*src=\"https?:|<link[^>]*stylesheet[^>]*https?:")
    pages = list(site.rglob("*.html"))
    assert len(pages) > 15
    assert [p.name for p in pages if outside.search(p.read_text())] == []
