"""What a person does with the tools of a plot.

Acts of `test_every_control`; each reads its end state from the kernel, the page or a file.
"""

import re
from xml.etree import ElementTree as ET

import numpy as np
from matplotlib.image import imread
from playwright.sync_api import Locator, expect

from tests.e2e import drawn
from tests.e2e.gui import PLOT, Gui
from tests.e2e.pointing import box_of, middle_of


def place_in(gui: Gui, across: float, down: float) -> tuple[float, float]:
    """A place of the plot area, in parts of its sides."""
    box = box_of(gui.page.locator(f"{FIGURE} .hsj-overlay").first)
    return box["x"] + across * box["width"], box["y"] + down * box["height"]


FIGURE = ".hsj-figure"
AXIS: drawn.Numbers = np.linspace(1.0, 11.0, 101)
SCALES = "[getattr(show._plots[m].parts.scales[k], e) for k in 'xy' for e in ('min', 'max')]"


def zoom_pan_and_reset(gui: Gui) -> None:
    """The wheel looks closer, the background is dragged, one press shows all again."""
    before = gui.numbers(SCALES)
    gui.press("Pan and zoom", PLOT)
    gui.page.mouse.move(*place_in(gui, 0.85, 0.3))
    gui.page.mouse.wheel(0, -240)
    wide = before[1] - before[0]
    gui.until(f"{SCALES}[1] - {SCALES}[0] < {0.95 * wide}")
    zoomed = gui.numbers(SCALES)
    x, y = place_in(gui, 0.85, 0.3)
    gui.page.mouse.move(x, y)
    gui.page.mouse.down()
    gui.page.mouse.move(x + 120, y, steps=6)
    gui.page.mouse.up()
    gui.until(f"{SCALES}[0] < {zoomed[0] - 0.02 * wide}")
    panned = gui.numbers(SCALES)
    np.testing.assert_allclose(panned[1] - panned[0], zoomed[1] - zoomed[0], rtol=1e-6)
    gui.press("Reset view", PLOT)
    gui.until(f"np.allclose({SCALES}, {before.tolist()})")
    gui.press("Pan and zoom", PLOT)


def take_logarithms(gui: Gui) -> None:
    """Of the signal axis and of the heights; line and handle go where the logarithm is."""
    model = gui.numbers("m()")
    for text, name in (("log x", "log_x"), ("log y", "log_y")):
        gui.press(text, PLOT)
        gui.until(f"show._plots[m].look.{name}")
    gui.page.wait_for_function(LOGARITHMIC)
    line = drawn.line_on(gui.page, drawn.MODEL).corners
    drawn.height_of_one(line, np.log(model))
    slope, start = drawn.along(line, np.log(AXIS))
    wanted = start + slope * np.log(gui.number("m['peak'].centre.value"))
    assert abs(middle_of(gui.handle("peak"))[0] - place_in(gui, 0.0, 0.0)[0] - wanted) < 1
    for text in ("log x", "log y"):
        gui.press(text, PLOT)
    gui.until("not show._plots[m].look.log_x and not show._plots[m].look.log_y")
    gui.page.wait_for_function(f"() => !({LOGARITHMIC})()")


# The first channels are farther apart than the last.
LOGARITHMIC = """() => {
  const paths = [...document.querySelectorAll(".hsj-figure path.line")];
  const d = paths.findLast((path) => getComputedStyle(path).stroke === "rgb(209, 52, 47)");
  const x = (d?.getAttribute("d")?.match(/-?[\\d.]+(?=,)/g) ?? []).map(Number);
  return x.length === 101 && x[1] - x[0] > 3 * (x[100] - x[99]);
}"""


def read_where_the_mouse_is(gui: Gui) -> None:
    """Channel, data, model and components, as the kernel has them."""
    gui.page.mouse.move(*place_in(gui, 0.4, 0.5))
    readout = gui.page.locator(f"{PLOT} .hsj-readout")
    expect(readout).to_contain_text("data")
    told = re.search(
        r"Energy ([\d.]+) eV · data ([\d.]+) · model ([\d.]+) · peak ([\d.]+)", readout.inner_text()
    )
    assert told is not None, readout.inner_text()
    energy, data, model, peak = map(float, told.groups())
    k = round((energy - 1) / 0.1)
    assert abs(energy - 5) < 0.11
    assert data == gui.number(f"m.signal()[{k}]")
    assert abs(model - gui.number(f"m()[{k}]")) < 1e-3 * model
    assert abs(peak - gui.number(f"m([m['peak']])[{k}]")) < 1e-3 * model


def legend(gui: Gui, text: str) -> Locator:
    """The entry of the legend."""
    return gui.page.locator(f"{PLOT} .hsj-legend button", has_text=re.compile(f"^{text}$"))


def hide_by_the_legend(gui: Gui) -> None:
    """Data, model and a component; and all components by their switch."""
    marks = {
        "data": "show._plots[m].parts.data",
        "model": "show._plots[m].parts.model",
        "peak": "next(iter(show._plots[m].lines.values()))",
    }
    for text, mark in marks.items():
        for on in (False, True):
            gui.click(legend(gui, text))
            gui.until(f"{mark}.visible is {on}")
            expect(legend(gui, text)).to_have_attribute("aria-pressed", str(on).lower())
    for on in (False, True):
        gui.press("Components", PLOT)
        gui.until(f"{marks['peak']}.visible is {on}")


def see_what_is_left(gui: Gui) -> None:
    """The panel below draws the data minus the model."""
    gui.press("Residual", PLOT)
    expect(gui.page.locator(FIGURE)).to_have_count(2)
    drawn.wait_for(gui.page, "line", drawn.RESIDUAL)
    left = gui.numbers("m.signal() - m()")
    line = drawn.line_on(gui.page, drawn.RESIDUAL).corners
    assert drawn.height_of_one(line, left) > 0


# -- how sure it is ----------------------------------------------------------------------------

# Errors carried to the channels, by small steps: from the model's own numbers, not from the gui's.
OWN_BAND = """
def own_band(weights):
    line, rows = m(), []
    for p in (p for c in m for p in c.free_parameters):
        start = p.value
        for k in range(p.size):
            one = list(start) if p.size > 1 else [start]
            step = 1e-6 * max(abs(one[k]), 1e-3)
            one[k] += step
            p.value = tuple(one) if p.size > 1 else one[0]
            rows.append((m() - line) / step)
            p.value = start
    slopes = np.array(rows)
    covar = np.linalg.inv((slopes * weights) @ slopes.T)
    return np.sqrt(np.einsum("fk,fg,gk->k", slopes, covar, slopes))
"""


def see_how_sure_it_is(gui: Gui) -> None:
    """Bands of the noise and of the model, after least squares and after a Poisson fit."""
    gui.lab.run(OWN_BAND)
    gui.press("± data", PLOT)
    gui.until("show._plots[m].parts.noise.visible")
    gui.press("Fit")
    gui.until("m.fit is not None and not show._plots[m].host.busy")
    gui.press("± model", PLOT)
    for fit, weights, rtol in (
        ("m.fit()", "1 / m.signal()", 1e-3),
        ("m.fit(loss_function='ML-poisson')", "1 / m()", 1e-3),
    ):
        gui.lab.run(f"_ = {fit}; wanted = own_band({weights})")
        sent = "np.frombuffer(show._plots[m].host.uncertainty)"
        gui.until(f"{sent}.size == 101 and np.allclose({sent}, wanted, rtol={rtol})")
        wanted, model = gui.numbers("wanted"), gui.numbers("m()")
        drawn.wait_for(gui.page, "area", drawn.MODEL)
        one = drawn.height_of_one(drawn.line_on(gui.page, drawn.MODEL).corners, model)
        upper, lower = drawn.band_on(gui.page, drawn.MODEL)
        np.testing.assert_allclose((lower - upper) / 2 / one, wanted, atol=0.2 / one)
        upper, lower = drawn.band_on(gui.page, drawn.DATA)
        noise = np.sqrt(gui.numbers("m.signal()"))
        np.testing.assert_allclose((lower - upper) / 2 / one, noise, atol=0.2 / one)
    gui.lab.screenshot("every-control")


def take_pictures(gui: Gui) -> None:
    """The files hold both panels as they are on the page, and no handles."""
    boxes = [box_of(gui.page.locator(FIGURE).nth(k)) for k in range(2)]
    width, height = boxes[0]["width"], boxes[0]["height"] + boxes[1]["height"]
    with gui.page.expect_download() as download:
        gui.press("SVG", PLOT)
    assert download.value.suggested_filename == "counts.svg"
    root = ET.fromstring(download.value.path().read_text())  # noqa: S314 - our own
    assert abs(float(root.get("width", "0")) - width) < 1
    assert abs(float(root.get("height", "0")) - height) < 1
    paths = {one.get("d") for one in root.iter("{http://www.w3.org/2000/svg}path")}
    for colour in (drawn.MODEL, drawn.RESIDUAL):
        assert drawn.line_on(gui.page, colour).d in paths
    words = " ".join(root.itertext())
    assert "Energy (eV)" in words
    assert "Intensity (counts)" in words
    assert "shoulder" not in words
    with gui.page.expect_download() as download:
        gui.press("PNG", PLOT)
    assert download.value.suggested_filename == "counts.png"
    file = gui.lab.folder / "counts.png"
    download.value.save_as(file)
    wide, high = drawn.size_of_png(file)
    assert abs(wide - 2 * width) < 3
    assert abs(high - 2 * height) < 3
    picture = np.asarray(imread(file), dtype=np.float64)[..., :3]

    def near(*rgb: int) -> int:
        return int((np.abs(picture - np.array(rgb) / 255).max(axis=-1) < 0.1).sum())

    assert near(209, 52, 47) > wide  # the model's line, from end to end
    assert near(141, 122, 184) > wide / 2
    assert near(255, 255, 255) > 0.5 * wide * high


def draw_a_peak(gui: Gui) -> None:
    """Of the chosen kind: its top where the press was, its width as far as it was dragged."""
    gui.control("kind of peak", PLOT).select_option("Lorentzian")
    gui.press("Add peak", PLOT)
    gui.page.locator(".hsj-overlay.hsj-armed").first.wait_for(state="attached")
    x, y = place_in(gui, 0.85, 0.3)
    gui.page.mouse.move(x, y)
    gui.page.mouse.down()
    gui.page.mouse.move(x + 40, y, steps=4)
    gui.page.mouse.up()
    gui.until("len(m) == 4 and type(m[-1]).__name__ == 'Lorentzian'")
    # As the line of the model lies; 40 pixels to either side are the whole width.
    pixels, start = drawn.along(drawn.line_on(gui.page, drawn.MODEL).corners, AXIS)
    wanted = (x - place_in(gui, 0.0, 0.0)[0] - start) / pixels
    assert abs(gui.number("m[-1].centre.value") - wanted) * pixels < 1
    assert abs(gui.number("m[-1].gamma.value") * pixels - 40) < 2
    gui.press("Undo")
    gui.until("len(m) == 3")
