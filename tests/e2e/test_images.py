"""Images in JupyterLab: a peak is dragged into place in both directions, a rectangle is chosen."""

import re

from playwright.sync_api import Locator, expect

from tests.e2e.notebook import Notebook
from tests.e2e.pointing import box_of, middle_of

PLOT = ".hsj-root:has(.hsj-kind-image)"
SPOTS = """
import numpy as np
import hsjupyter.api as hs
c2 = hs.model.components2D
rng = np.random.default_rng(3)
axes = [
    {"name": "row", "size": 3, "navigate": True},
    {"name": "y", "size": 48, "scale": 0.25, "units": "nm", "navigate": False},
    {"name": "x", "size": 64, "scale": 0.25, "units": "nm", "navigate": False},
]
s = hs.signals.Signal2D(np.zeros((3, 48, 64)), axes=axes)
x, y = s.signal_coordinates()
spots = [c2.Gaussian2D(A=60, sigma_x=1, sigma_y=0.7, centre_x=9, centre_y=7)]
spots += [c2.Gaussian2D(A=30, sigma_x=0.8, sigma_y=0.8, centre_x=4, centre_y=3)]
s.data = sum(c.function(x, y) for c in spots) + rng.normal(0.0, 0.3, size=(3, 48, 64))
m = s.create_model()
m.append(c2.Gaussian2D(A=50, sigma_x=1, sigma_y=1, centre_x=6.0, centre_y=5.0, name="spot"))
m.append(c2.Gaussian2D(A=30, sigma_x=0.8, sigma_y=0.8, centre_x=4, centre_y=3, name="other"))
"""


def drag(lab: Notebook, of: Locator, dx: float, dy: float) -> None:
    x, y = middle_of(of)
    mouse = lab.page.mouse
    mouse.move(x, y)
    mouse.down()
    mouse.move(x + dx, y + dy, steps=12)
    mouse.up()


def drag_the_spot(lab: Notebook, plot: Locator, nm: float) -> None:
    """In both directions; the picture follows, bounds and what Python sets win."""
    spot = plot.locator('.hsj-plane [aria-label="spot position"]').first
    picture = plot.locator('canvas[aria-label="image of model"]')
    before = picture.screenshot()
    drag(lab, spot, 3.0 * nm, 2.0 * nm)
    lab.wait_until("abs(m['spot'].centre_x.value - 9) < 0.1")
    lab.wait_until("abs(m['spot'].centre_y.value - 7) < 0.1")
    assert picture.screenshot() != before
    lab.screenshot("image-dragged-1400")
    lab.run("m['spot'].centre_x.set_bounds(0, 10)")
    drag(lab, spot, 5.0 * nm, 0)
    lab.wait_until("m['spot'].centre_x.value == 10")
    lab.run("m['spot'].centre_x.value = 8.5")
    expect(spot).to_have_attribute("aria-valuetext", re.compile(r"x 8\.5, y [67]"))
    spot.focus()
    lab.page.keyboard.press("ArrowRight")
    lab.wait_until("abs(m['spot'].centre_x.value - 8.625) < 1e-9")
    lab.page.keyboard.press("Shift+ArrowUp")
    lab.wait_until("m['spot'].centre_y.value < 6")


def handle(plot: Locator, label: str) -> Locator:
    """A handle of the first panel, by its whole label."""
    return plot.locator(".hsj-plane").first.locator(f'.hsj-hand[aria-label="{label}"]')


def turn_and_widen(lab: Notebook, plot: Locator, nm: float) -> None:
    """By a quarter turn; then what was its first axis is upright, and is widened upwards."""
    lab.run(
        "m['spot'].sigma_x.value, m['spot'].sigma_y.value = 2.0, 1.0\n"
        "m['spot'].centre_x.value, m['spot'].centre_y.value = 8.0, 6.0"
    )
    middle = handle(plot, "spot position")
    expect(middle).to_have_attribute("aria-valuetext", "x 8, y 6")
    x, y = middle_of(middle)
    lab.page.mouse.click(x, y)
    knob = handle(plot, "spot rotation")
    expect(knob).to_be_visible()
    far = middle_of(knob)[0] - x
    lab.screenshot("image-chosen-1400")
    mouse = lab.page.mouse
    mouse.move(x + far, y)
    mouse.down()
    mouse.move(x + 0.8 * far, y - 0.6 * far, steps=6)
    expect(plot.locator(".hsj-readout")).to_contain_text("spot rotation: 0.6")
    mouse.move(x, y - far, steps=6)
    mouse.up()
    lab.wait_until("abs(m['spot'].rotation_angle.value - np.pi / 2) < 0.03")
    lab.screenshot("image-turned-1400")
    drag(lab, handle(plot, "spot width, sigma_x"), 0, -0.5 * nm)
    lab.wait_until("abs(m['spot'].sigma_x.value - 2.5) < 0.05 and m['spot'].sigma_y.value == 1")
    knob.focus()
    lab.page.keyboard.press("PageDown")
    lab.wait_until("abs(m['spot'].rotation_angle.value - 0.4 * np.pi) < 0.03")


def take_the_one_below(lab: Notebook, plot: Locator, nm: float) -> None:
    """Two upon each other: a click chooses the other, a drag moves that alone."""
    lab.run("m['other'].centre_x.value, m['other'].centre_y.value = 8.0, 6.0")
    expect(handle(plot, "other position")).to_have_attribute("aria-valuetext", "x 8, y 6")
    x, y = middle_of(handle(plot, "other position"))
    for name in ("other", "spot", "other"):
        lab.page.mouse.click(x, y)
        expect(plot.locator(".hsj-readout")).to_contain_text(f"; {name} is chosen")
        expect(handle(plot, f"{name} rotation")).to_be_visible()
    drag(lab, handle(plot, "other position"), -nm, -nm)
    lab.wait_until("abs(m['other'].centre_x.value - 7) < 0.1")
    lab.run(
        "assert m['spot'].centre_x.value == 8\n"
        "for name, value in dict(sigma_x=1, sigma_y=0.8, rotation_angle=0).items():\n"
        "    getattr(m['spot'], name).value = value\n"
        "m['other'].centre_x.value, m['other'].centre_y.value = 4.0, 3.0"
    )


def fit_in_a_rectangle(lab: Notebook, nm: float) -> None:
    """Around the spot, dragged by its middle and its corner."""
    lab.cell("m.fit_component('spot')")
    span = lab.page.locator(f"{PLOT} .hsj-span").first
    bar = lab.page.locator(f"{PLOT} .hsj-spanbar").first
    expect(bar).to_contain_text("Fit spot: choose where")
    lab.screenshot("image-rectangle-1400")
    drag(lab, span, 1.0 * nm, 1.0 * nm)
    start = bar.get_by_label("start of the range")
    before = float(start.get_attribute("title") or "nan")
    drag(lab, span.locator(".hsj-grip.hsj-left.hsj-top").last, 0.5 * nm, 0.25 * nm)
    assert abs(float(start.get_attribute("title") or "nan") - before - 0.5) < 0.1
    bar.get_by_role("button", name="Fit", exact=True).click()
    lab.wait_until("abs(m['spot'].centre_x.value - 9) < 0.02 and m['spot'].A.std is not None", 30)
    expect(lab.page.locator(f"{PLOT} .hsj-spanbar")).to_have_count(0)


def look_around(lab: Notebook, plot: Locator) -> None:
    """Logarithmic colours, a zoom, the dark theme and a narrow window."""
    lab.screenshot("image-fitted-1400")
    plane = plot.locator(".hsj-plane").first
    plot.get_by_role("button", name="Log colours").click()
    plot.get_by_role("button", name="Pan and zoom").click()
    lab.page.mouse.move(*middle_of(plane))
    ticks = plot.locator(".hsj-below").first
    before = ticks.text_content() or ""
    lab.page.mouse.wheel(0, -300)
    expect(ticks).not_to_have_text(before)
    lab.use_theme("JupyterLab Dark")
    expect(lab.page.locator("#jupyterlab-splash")).to_have_count(0)
    lab.screenshot("image-dark-1400")
    lab.page.set_viewport_size({"width": 800, "height": 1100})
    plot.scroll_into_view_if_needed()
    lab.screenshot("image-dark-800")
    lab.use_theme("JupyterLab Light")
    plot.get_by_role("button", name="Reset view").click()
    expect(ticks).to_have_text(before)
    lab.screenshot("image-light-800")


def test_a_peak_of_an_image_is_dragged_and_a_rectangle_is_fitted(lab: Notebook):
    lab.page.set_viewport_size({"width": 1400, "height": 1100})
    lab.open()
    lab.cell(SPOTS)
    lab.cell("m.plot(plot_components=True)")
    plot = lab.page.locator(PLOT).first
    expect(plot).to_have_attribute("data-hs-ready", "1")
    nm = box_of(plot.locator(".hsj-plane").first)["width"] / 16  # 64 pixels of a quarter
    drag_the_spot(lab, plot, nm)
    turn_and_widen(lab, plot, nm)
    take_the_one_below(lab, plot, nm)
    fit_in_a_rectangle(lab, nm)
    plot.scroll_into_view_if_needed()
    look_around(lab, plot)
    lab.page.set_viewport_size({"width": 1400, "height": 1000})
