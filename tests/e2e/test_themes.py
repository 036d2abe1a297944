"""Every place in the light and in the dark theme, wide and narrow.

Nothing serious for axe-core, nothing cut off at the side; pictures for eyes are written where
``HSJUPYTER_SHOTS`` names a folder.
"""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

import hsjupyter.api as hs
from tests.e2e.notebook import Notebook
from tests.e2e.test_sidebar import BESIDE, MAKE, SHOW, SIDE, choose, press
from tests.e2e.visitors import Visitor, dashboard_server, serious_faults

WIDTHS = (1400, 800)
FRAMES = 300
THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}
IN_A_CELL = ".jp-Notebook .hsj-root"
# What a person would have to scroll sideways for; SVGs hide what they draw outside of the axes.
CUT_OFF = """(place) => [...document.querySelectorAll(`${place} *`)]
  .filter((el) => el instanceof HTMLElement && el.checkVisibility())
  .filter((el) => el.scrollWidth > el.clientWidth + 1)
  .filter((el) => getComputedStyle(el).overflowX !== "visible")
  .filter((el) => !el.matches("input, select, textarea, pre, .hsj-table *"))
  .map((el) => `${el.className}: ${el.scrollWidth} in ${el.clientWidth}`)"""


def look(page: Page, width: int, places: list[str], shot: Path) -> None:
    """Make the page so wide: nothing is cut off at the side, axe-core finds no serious fault."""
    page.set_viewport_size({"width": width, "height": 1000})
    for place in places:
        for _ in range(FRAMES):  # a figure is laid out anew some frames after its place
            if not (cut := page.evaluate(CUT_OFF, place)):
                break
            page.evaluate("() => new Promise((go) => requestAnimationFrame(() => go()))")
        assert cut == [], place
    page.screenshot(path=shot)
    for place in places:
        assert serious_faults(page, place) == [], place


@pytest.fixture
def shots(tmp_path: Path) -> Path:
    return Path(os.environ.get("HSJUPYTER_SHOTS") or tmp_path)


@pytest.mark.parametrize("theme", THEMES)
def test_the_sidebar_and_views_in_jupyterlab(theme: str, lab: Notebook, shots: Path) -> None:
    page = lab.page
    lab.use_theme(THEMES[theme])
    lab.cell(MAKE)
    lab.cell("m.plot()")
    lab.cell("m.gui()")
    page.evaluate(SHOW)
    choose(lab, "m")
    press(lab, "Fit")
    expect(page.locator(f"{SIDE} .hsj-std").first).not_to_be_empty()
    for width in WIDTHS:
        look(page, width, [SIDE, IN_A_CELL], shots / f"lab-{theme}-{width}.png")
    lab.use_theme(THEMES["light"])
    page.set_viewport_size({"width": 1400, "height": 1000})


@pytest.mark.parametrize("theme", THEMES)
def test_the_sidebar_and_views_in_notebook_7(theme: str, notebook7: Notebook, shots: Path) -> None:
    page = notebook7.page
    notebook7.cell(MAKE)
    notebook7.use_theme(THEMES[theme])
    notebook7.cell("m.gui()")
    page.evaluate(SHOW)
    choose(notebook7, "m")
    press(notebook7, "Plot beside")
    expect(page.locator(f"{BESIDE} .hsj-figure path.line").first).to_be_attached()
    for width in WIDTHS:
        places = [SIDE, BESIDE, IN_A_CELL]
        look(page, width, places, shots / f"notebook7-{theme}-{width}.png")
    notebook7.use_theme(THEMES["light"])


def make_recipe(folder: Path) -> Path:
    """A real map with three lines, as a person would hand it to colleagues."""
    kinds = hs.model.components1D
    signal = hs.data.abell478_map()
    model = signal.create_model()
    weak, alpha, strong = (
        kinds.Gaussian(A=height, sigma=2.5, centre=centre, name=name)
        for name, height, centre in (
            ("N II 6548", 400.0, 7110.0),
            ("H alpha", 1000.0, 7122.0),
            ("N II 6583", 1200.0, 7148.0),
        )
    )
    model.extend([kinds.Offset(30.0, name="continuum"), weak, alpha, strong])
    for line in (weak, alpha, strong):
        line.sigma.set_bounds(1.0, 8.0)
    signal.axes_manager.indices = (16, 5)
    return Path(
        model.save_recipe(
            folder / "recipe.hspy",
            title="Gas of a galaxy",
            text="Three lines of hydrogen and nitrogen.\n\nMove the points, then press Fit.",
            touch={"H alpha": "free", "N II 6583": "slider", "continuum": "locked"},
            labels={"H alpha.A": "Brightness", "H alpha.centre": "Wavelength"},
        )
    )


@pytest.mark.parametrize("theme", THEMES)
def test_a_dashboard(theme: str, chromium: Browser, tmp_path: Path, shots: Path) -> None:
    (tmp_path / "data").mkdir()
    hs.data.abell478_map().save(tmp_path / "data" / "galaxy.hspy")
    words = ("--theme", theme, "--data", str(tmp_path / "data"))
    with dashboard_server(tmp_path, make_recipe(tmp_path), *words) as url:
        visitor = Visitor(chromium, url)
        page = visitor.page
        visitor.come()
        visitor.button("Fit the whole map").click()
        expect(page.locator(".hsj-verdicts")).to_contain_text("484 of 484 places are fitted")
        for width in WIDTHS:
            look(page, width, ["#rendered_cells"], shots / f"dashboard-{theme}-{width}.png")
        report = visitor.take_home("Report (HTML)", tmp_path)
        visitor.leave()
        assert visitor.refused == []
        assert visitor.errors == []
        page = chromium.new_page()
        page.goto(report.as_uri())
        look(page, 800, ["body"], shots / f"report-{theme}.png")
        page.close()
