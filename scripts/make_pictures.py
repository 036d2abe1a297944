# ruff: noqa: INP001 - a script beside the package, not part of one
"""Makes the pictures of the README and of the site: real data in a real browser.

Run it in a checkout, with a built bundle: ``python -m scripts.make_pictures``, with the names of
the pictures where not all are wanted.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from PIL import Image
from playwright.sync_api import Locator, Page, sync_playwright

from tests.browser import find_or_install
from tests.e2e.conftest import FLAGS, PATIENCE
from tests.e2e.notebook import Notebook, open_lab
from tests.e2e.servers import jupyter_server

TARGET = Path(__file__).parents[1] / "docs" / "pictures"
LARGEST = 100_000
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
ATOMS = """
import numpy as np

rng = np.random.default_rng(1)
y, x = np.mgrid[:64, :64]
atoms = [(16, 20), (40, 44)]
expected = 20 + sum(200 * np.exp(-((x - a) ** 2 + (y - b) ** 2) / 18) for a, b in atoms)
axes = [{"size": 64, "scale": 0.1, "units": "nm", "name": name} for name in "yx"]
image = hs.signals.Signal2D(rng.poisson(expected), axes=axes)
image.metadata.General.title = "Two atoms"
c2 = hs.model.components2D
of_atoms = image.create_model()
for a, b in [(1.5, 2.1), (4.1, 4.3)]:
    of_atoms.append(c2.Gaussian2D(A=10, sigma_x=0.3, sigma_y=0.3, centre_x=a, centre_y=b))
of_atoms.append(c2.Expression("b + 0*x + 0*y", name="ground", b=10.0))
of_atoms.fit()
"""
DOMAINS = """
import warnings

x = np.arange(120.0)
v, u = np.mgrid[:32, :40]
centre = 30 + u + 20 * (v > 15)
peaks = 40 * np.exp(-((x - centre[..., None]) ** 2) / 50) + 5
peaks[4:9, 25:31] = 5 + 20 * np.sin(x / 9) ** 2
domains = hs.signals.Signal1D(peaks + np.random.default_rng(1).normal(0, 1, peaks.shape))
domains.metadata.General.title = "Two domains"
of_domains = domains.create_model()
of_domains.extend([c.Gaussian(A=500, sigma=5, centre=30), c.Offset(offset=4)])
of_domains.fit()
samf = of_domains.create_samfire()
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    samf.start(show_progressbar=False)
"""
READY = ".jp-Notebook .hsj-root[data-hs-ready='1']"
MAP = "H alpha centre"
FOLDED = ("N II 6548", "N II 6583")
HIDE_RUN = "() => { for (const el of document.querySelectorAll('.hsj-run')) el.remove(); }"


def _choose_map(shown: Locator) -> None:
    shown.locator("select.hsj-choice").last.select_option(label=MAP)
    shown.page.locator(".hsj-scale", has_text="Å").wait_for()


def _fold(shown: Locator) -> None:
    for one in FOLDED:
        shown.get_by_label(f"{one} parameters").click()


def _click_a_pixel(shown: Locator) -> None:
    shown.locator("select").select_option("order")
    field = shown.locator(".hsj-map")
    box = field.bounding_box() or {"width": 0, "height": 0}
    field.click(position={"x": box["width"] * 20.5 / 40, "y": box["height"] * 25.5 / 32})
    shown.locator(".hsj-story").wait_for()


def _as_it_is(_shown: Locator) -> None:
    """Nothing has to be done before."""


PICTURES: dict[str, tuple[str, Callable[[Locator], None]]] = {
    "plot": ("m.plot(plot_components=True)", _choose_map),
    "sliders": ("m.gui()", _fold),
    "component": ('m["H alpha"].gui()', _as_it_is),
    "range": ("m.set_signal_range()", _as_it_is),
    "image": ("of_atoms.plot()", _as_it_is),
    "samfire": ("samf.plot()", _click_a_pixel),
}


def take(lab: Notebook, name: str) -> Path:
    """Show one view, and write its picture.

    Raises
    ------
    RuntimeError
        The picture is too large to be kept.
    """
    page, (cell, prepare) = lab.page, PICTURES[name]
    before = page.locator(READY).count()
    lab.cell(cell)
    page.locator(READY).nth(before).wait_for(state="attached")
    shown = page.locator(".jp-Notebook .jp-OutputArea-output:has(.hsj-root)").last
    prepare(shown)
    page.evaluate(HIDE_RUN)
    page.mouse.move(0, 0)
    # bqplot lays itself out in later turns of the page.
    page.evaluate("() => new Promise((go) => setTimeout(go, 1000))")
    target = TARGET / f"{name}.png"
    shown.screenshot(path=target)
    with Image.open(target) as picture:
        picture.convert("RGB").quantize(256).save(target, optimize=True)
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
    for code in (GALAXY, ATOMS, DOMAINS):
        lab.run(code)
    return lab


def main(names: Sequence[str]) -> None:
    """Take the pictures of these names, all where there is none."""
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
            for picture in names or PICTURES:
                sys.stdout.write(f"{take(lab, picture)}\n")
            browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
