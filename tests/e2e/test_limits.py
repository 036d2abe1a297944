"""A notebook that is served, and what its one small file of limits does to a visitor."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.servers import package_of, python_under_test
from tests.e2e.spectra import save_notebook, save_vast, spectra
from tests.e2e.visitors import Visitor, dashboard_server

LIMITS = """
visitors = 1
ready = 0
idle_minutes = 0.15
run_seconds = 0.02
upload_mb = 3
memory_mb = 1100
"""
# Asked for while the first visitor goes on: the server waits a while before it refuses.
ONE_MORE = """() => {
  window.oneMore = fetch(location.href).then(async (page) => [page.status, await page.text()]);
}"""
CODE = """
import hsjupyter.api as hs

m = hs.load("few.hspy").create_model()
line = hs.model.components1D.Gaussian(A=20.0, sigma=0.7, centre=4.6, name="line")
m.extend([line, hs.model.components1D.Offset(4.0, name="ground")])
m.dashboard(title="One line", text="Words of the recipe", touch={"ground": "locked"},
            labels={"line.A": "Strength"}, units={"line.A": "counts"})
print("shown by", hs.__file__)
"""


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("limits")
    (folder / "data").mkdir()
    spectra(3, 4).save(folder / "few.hspy")
    spectra(200, 200).save(folder / "data" / "many.hspy")
    (folder / "limits.toml").write_text(LIMITS)
    notebook = save_notebook(folder / "page.ipynb", "# Words of the notebook", CODE)
    words = ("--data", str(folder / "data"), "--limits", str(folder / "limits.toml"))
    with dashboard_server(folder, notebook, *words) as address:
        yield address


def test_a_served_notebook_keeps_its_visitors_to_the_limits(
    url: str, chromium: Browser, tmp_path: Path
) -> None:
    first, second = Visitor(chromium, url), Visitor(chromium, url)
    page = first.page
    first.come()
    page.evaluate(ONE_MORE)
    # The notebook's words, its recipe, and no code.
    expect(page.get_by_role("heading", name="Words of the notebook")).to_be_visible()
    expect(page.get_by_text("Words of the recipe")).to_be_visible()
    expect(page.get_by_label("line Strength value", exact=True)).to_be_visible()
    expect(page.get_by_label("ground offset value")).to_have_text("4")
    assert "create_model" not in page.content()
    package = package_of(python_under_test())
    expect(page.get_by_text("shown by")).to_have_text(f"shown by {package.with_name('api.py')}")
    # Data that would take more memory than the kernel may have.
    vast = save_vast(tmp_path / "vast.hspy", 1000, 1600)
    page.locator("input[type=file]").set_input_files(vast)
    problem = page.locator(".hsj-problem:visible")
    expect(problem).to_contain_text(re.compile(r"needs more memory .*\(reference [0-9A-F]{6}\)"))
    # A fit that would take longer than it may.
    page.get_by_label("data to choose from").select_option("many.hspy")
    expect(page.get_by_text("Now: many.hspy")).to_be_visible()
    first.button("Fit the whole map").click()
    expect(page.locator(".hsj-verdicts")).to_contain_text("here it may take 0.02 seconds at most")
    done, total = re.findall(
        r"(\d+) of (\d+) pixels", page.locator(".hsj-words").last.inner_text()
    )[0]
    assert int(done) < int(total) == 40_000
    # One place, and it was taken: told as a page, with its own status.
    status, told = page.evaluate("() => window.oneMore")
    assert status == 503
    assert "<h1>All places are taken</h1>" in told
    # Left alone, the kernel goes; the page says so, and its place is free.
    expect(page.locator(".hsj-lost")).to_contain_text("This page was left alone for long")
    second.come(tries=10)
    expect(second.page.get_by_role("heading", name="One line")).to_be_visible()
    for visitor in (first, second):
        visitor.leave()
        assert visitor.refused == []
        assert visitor.errors == []
