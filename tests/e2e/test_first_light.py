"""First light: a real spectrum in JupyterLab, dragged and typed at by a person.

After each act the kernel's model and both views agree: the sliders of ``m.gui()``, and the lines
and handles of ``m.plot()``.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.notebook import Notebook

FIRST_FIT = Path(__file__).parents[2] / "notebooks" / "first_fit.ipynb"
GUI = ".hsj-root:has(.hsj-kind-model)"
PLOT = ".hsj-root:has(.hsj-kind-plot)"


class Session:
    """The notebook at its end, with the controls that a person would look for."""

    def __init__(self, lab: Notebook) -> None:
        self.lab = lab
        self.page = lab.page

    def control(self, label: str) -> Locator:
        """The control of the gui with a label, whole."""
        return self.page.locator(f'{GUI} [aria-label="{label}"]')

    def number(self, expression: str) -> float:
        """What the kernel says a number is."""
        return float(self.lab.run(f"print(repr(float({expression})))"))

    def handle(self, name: str) -> Locator:
        """The point in the plot that moves a component."""
        return self.page.locator(f'.hsj-figure g.hsj-handle[aria-label="{name} position"] .dot')

    def middle(self, of: Locator) -> tuple[float, float]:
        """Where the middle of something is on the page."""
        of.scroll_into_view_if_needed()
        box = of.bounding_box()
        assert box is not None
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def model_line(self) -> str:
        """The path of the model's line, as drawn: the last line of the figure."""
        paths = self.page.locator(".hsj-figure path.line")
        return str(paths.nth(paths.count() - 1).get_attribute("d"))

    def shows(self, label: str, expression: str) -> None:
        """The field of the gui shows what the kernel has."""
        field = self.control(f"{label} value")
        for _ in range(100):
            kernel = self.number(expression)
            shown = float(field.input_value())
            if abs(shown - kernel) <= 1e-2 * max(1.0, abs(kernel)) * 1e-2:
                return
            self.page.wait_for_function(
                "() => new Promise((go) => requestAnimationFrame(() => go(true)))"
            )
        pytest.fail(f"{label} shows {shown}, the kernel has {kernel}")

    def plot_agrees(self, name: str, expression: str) -> None:
        """The handle stands where the kernel says the position is."""
        low, high = (self.number(f"s.axes_manager[-1].{end}_value") for end in ("low", "high"))
        place = self.number(expression)
        dot = self.handle(name)
        for _ in range(100):
            at, _y = self.middle(dot)
            wanted = self.place_on_page(low, high, place)
            if abs(at - wanted) < 1.5:
                return
        pytest.fail(f"the handle of {name} is at {at}, its parameter at {wanted}")

    def place_on_page(self, low: float, high: float, place: float) -> float:
        """Where a position is on the page, read off the model's line: it spans the axis."""
        paths = self.page.locator(".hsj-figure path.line")
        box = paths.nth(paths.count() - 1).bounding_box()
        assert box is not None
        return box["x"] + (place - low) / (high - low) * box["width"]


@pytest.fixture
def session(lab: Notebook) -> Iterator[Session]:
    lab.page.set_viewport_size({"width": 1400, "height": 1900})
    lab.open(FIRST_FIT)
    lab.run_all()
    for view in (GUI, PLOT):
        expect(lab.page.locator(f"{view}[data-hs-ready='1']")).to_be_attached()
    expect(lab.page.locator(".hsj-figure g.hsj-handle")).to_have_count(3)
    yield Session(lab)
    lab.page.set_viewport_size({"width": 1400, "height": 1000})


def test_a_person_drags_slides_frees_bounds_and_fits(session: Session) -> None:
    lab, page = session.lab, session.page
    session.shows("H alpha centre", "alpha.centre.value")
    session.plot_agrees("H alpha", "alpha.centre.value")
    lab.screenshot("first-light")

    # The handle is dragged with the mouse: 60 pixels to the right.
    before, line = session.number("alpha.centre.value"), session.model_line()
    x, y = session.middle(session.handle("H alpha"))
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(1, 21):
        page.mouse.move(x + 3 * step, y)
    page.mouse.up()
    lab.wait_until(f"alpha.centre.value > {before} + 1")
    session.shows("H alpha centre", "alpha.centre.value")
    session.plot_agrees("H alpha", "alpha.centre.value")
    assert session.model_line() != line
    lab.screenshot("dragged")

    # A slider is moved with the mouse, then with the keys.
    before, line = session.number("alpha.A.value"), session.model_line()
    slider = session.control("H alpha A slider")
    x, y = session.middle(slider)
    box = slider.bounding_box()
    assert box is not None
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.8 * box["width"], y, steps=10)
    page.mouse.up()
    lab.wait_until(f"alpha.A.value > 1.2 * {before}")
    session.shows("H alpha A", "alpha.A.value")
    assert session.model_line() != line
    before = session.number("alpha.A.value")
    slider.press("Shift+ArrowLeft")
    lab.wait_until(f"alpha.A.value < {before}")
    session.shows("H alpha A", "alpha.A.value")

    # The free toggle is pressed.
    free = session.control("H alpha sigma free")
    free.click()
    lab.wait_until("not alpha.sigma.free")
    expect(free).not_to_be_checked()
    free.click()
    lab.wait_until("alpha.sigma.free")

    # A bound is typed; what contradicts it is refused in words, and the view tells the truth.
    field = session.control("H alpha sigma bmax")
    field.fill("4.5e0")
    field.press("Enter")
    lab.wait_until("alpha.sigma.bmax == 4.5")
    field = session.control("H alpha sigma bmin")
    field.fill("9")
    field.press("Enter")
    expect(page.locator(f"{GUI} .hsj-problem:not([hidden])")).to_contain_text("above bmax=4.5")
    assert lab.run("print(alpha.sigma.bmin)") == "0.0"
    expect(field).to_have_value("0")

    # A value outside of the bounds is clamped by the kernel, and shown clamped.
    field = session.control("H alpha sigma value")
    field.fill("30")
    field.press("Enter")
    lab.wait_until("alpha.sigma.value == 4.5")
    expect(field).to_have_value("4.5")

    # Fit: the lines lie on the data again.
    page.locator(f"{GUI} button", has_text=re.compile("^Fit$")).click()
    lab.wait_until("abs(alpha.centre.value - alpha.centre.map['values'][5, 16]) < 1e-9", 20)
    lab.wait_until("m.red_chisq.data[5, 16] < 3")
    session.shows("H alpha centre", "alpha.centre.value")
    session.plot_agrees("H alpha", "alpha.centre.value")
    expect(page.locator(f"{GUI} .hsj-model .hsj-quality")).to_contain_text("reduced χ²")
    lab.screenshot("fitted")

    # Another pixel: both views go there.
    place = session.control("x index")
    place.fill("3")
    place.press("Enter")
    lab.wait_until("m.axes_manager.indices == (3, 5)")
    session.shows("H alpha centre", "alpha.centre.map['values'][5, 3]")
    session.plot_agrees("H alpha", "alpha.centre.map['values'][5, 3]")
    expect(page.locator(f'{PLOT} [aria-label="x index"]')).to_have_value("3")
    lab.screenshot("another-pixel")
