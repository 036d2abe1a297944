# ruff: noqa: INP001 - a script beside the package, not part of one
"""Makes the pictures of the README and of the site: real data in a real browser.

Run it in a checkout, with a built bundle: ``python -m scripts.make_pictures``.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.browser import find_or_install
from tests.e2e.conftest import FLAGS, PATIENCE
from tests.e2e.notebook import Notebook, open_lab
from tests.e2e.servers import jupyter_server

TARGET = Path(__file__).parents[1] / "docs" / "pictures"
LARGEST = 200_000
"""Bytes of a picture: it is in the history of the repository for ever."""

GALAXY = """
import hsjupyter.api as hs

s = hs.data.abell478_map()
m = s.create_model()
c = hs.model.components1D
lines = [("N II 6548", 400, 7110), ("H alpha", 1000, 7126), ("N II 6583", 1200, 7148)]
m.append(c.Offset(30.0, name="continuum"))
for name, area, centre in lines:
    line = c.Gaussian(A=area, sigma=2.5, centre=centre, name=name)
    line.sigma.set_bounds(1, 8)
    line.centre.set_bounds(centre - 10, centre + 10)
    line.A.bmin = 0
    m.append(line)
m["N II 6548"].sigma.twin = m["N II 6583"].sigma
s.axes_manager.indices = (16, 5)
m.multifit(show_progressbar=False)
s.axes_manager.indices = (16, 5)
"""
READY = ".jp-Notebook .hsj-root[data-hs-ready='1']"
PICTURES = {"plot": "m.plot(plot_components=True)", "sliders": "m.gui()"}
MAP = "H alpha centre"
FOLDED = ("N II 6548", "N II 6583")
HIDE_RUN = "() => { for (const el of document.querySelectorAll('.hsj-run')) el.remove(); }"


def take(lab: Notebook, name: str) -> Path:
    """Show one view, and write its picture.

    Raises
    ------
    RuntimeError
        The picture is too large to be kept.
    """
    page = lab.page
    before = page.locator(READY).count()
    lab.cell(PICTURES[name])
    page.locator(READY).nth(before).wait_for(state="attached")
    shown = page.locator(".jp-Notebook .jp-OutputArea-output:has(.hsj-root)").last
    if name == "plot":
        shown.locator("select.hsj-choice").last.select_option(label=MAP)
        page.locator(".hsj-scale", has_text="Å").wait_for()
    else:
        for one in FOLDED:
            shown.get_by_label(f"{one} parameters").click()
    page.evaluate(HIDE_RUN)
    page.mouse.move(0, 0)
    # bqplot lays itself out in later turns of the page.
    page.evaluate("() => new Promise((go) => setTimeout(go, 1000))")
    target = TARGET / f"{name}.png"
    shown.screenshot(path=target)
    size = target.stat().st_size
    if size > LARGEST:
        raise RuntimeError(f"{target} has {size} bytes; at most {LARGEST} are kept")
    return target


def prepared(page: Page, url: str, folder: Path) -> Notebook:
    """A notebook with the fitted galaxy, as wide as a column of text."""
    open_lab(page, url)
    lab = Notebook(page, url, folder / "files" / "pictures", folder, lab=True)
    lab.open()
    page.evaluate("() => { window.jupyterapp.shell.collapseLeft(); }")
    lab.run(GALAXY)
    return lab


def main() -> None:
    """Take all pictures."""
    TARGET.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        with jupyter_server(folder) as url:
            browser = playwright.chromium.launch(
                executable_path=find_or_install(), args=list(FLAGS)
            )
            size = {"width": 1120, "height": 1600}
            page = browser.new_page(viewport=size, device_scale_factor=1.5)
            page.set_default_timeout(PATIENCE)
            lab = prepared(page, url, folder)
            for picture in PICTURES:
                sys.stdout.write(f"{take(lab, picture)}\n")
            browser.close()


if __name__ == "__main__":
    main()
