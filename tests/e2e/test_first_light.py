"""First light: a real spectrum in JupyterLab, dragged and typed at by a person.

After each act the kernel's model and both views agree: the sliders of ``m.gui()``, and the lines
and handles of ``m.plot()``.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from matplotlib.image import imread
from numpy.typing import NDArray
from playwright.sync_api import Locator, expect

from tests.e2e.notebook import Notebook
from tests.e2e.pointing import box_of, middle_of

FIRST_FIT = Path(__file__).parents[2] / "notebooks" / "first_fit.ipynb"
GUI = ".hsj-root:has(.hsj-kind-model)"
PLOT = ".hsj-root:has(.hsj-kind-plot)"


# The kernel's own status tells of subshells too; only the reply tells that a cell has ended.
BLOCK = """(code) => {
  const { session } = window.jupyterapp.shell.currentWidget.sessionContext;
  window.hsjBlocked = true;
  const request = session.kernel.requestExecute({ code });
  request.done.then(() => { window.hsjBlocked = false; });
}"""
IS_BLOCKED = "() => window.hsjBlocked"
MODEL_LINE_IS_NOT = """(line) => {
  const paths = [...document.querySelectorAll(".hsj-figure path.line")];
  return paths.at(-1).getAttribute("d") !== line;
}"""
CANVAS_RESTS = """() => {
  const canvas = document.querySelector(".hsj-figure > canvas.hsj-canvas");
  return canvas !== null && canvas.style.display === "none";
}"""


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
        return self.page.locator(f'.hsj-figure .hsj-hand[aria-label="{name} position"]')

    def model_line(self) -> str:
        """The path of the model's line, as drawn: the last line of the figure."""
        paths = self.page.locator(".hsj-figure path.line")
        return str(paths.nth(paths.count() - 1).get_attribute("d"))

    def picture(self, name: str) -> NDArray[np.float64]:
        """The figure as it is on the screen, (row, column, colour), 0 to 1."""
        png = self.page.locator(".hsj-figure").first.screenshot()
        (self.lab.folder / f"{name}.png").write_bytes(png)
        return np.asarray(imread(self.lab.folder / f"{name}.png"), dtype=np.float64)

    def type_into(self, label: str, text: str) -> Locator:
        """Type into a field, and press Enter."""
        field = self.control(label)
        field.fill(text)
        field.press("Enter")
        return field

    def all_agree(self) -> None:
        """The kernel's model, the sliders and the plot say the same."""
        for name in ("A", "sigma", "centre"):
            self.shows(f"H alpha {name}", f"alpha.{name}.value")
        self.plot_agrees("H alpha", "alpha.centre.value")

    def shows(self, label: str, expression: str) -> None:
        """The field of the gui shows what the kernel has."""
        field = self.control(f"{label} value")
        for _ in range(100):
            kernel = self.number(expression)
            # What is written in the field is rounded to its error; its title is not.
            shown = float(str(field.get_attribute("title")))
            if abs(shown - kernel) <= 1e-9 * abs(kernel):
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
            at, _y = middle_of(dot)
            wanted = self.place_on_page(low, high, place)
            if abs(at - wanted) < 1.5:
                return
        pytest.fail(f"the handle of {name} is at {at}, its parameter at {wanted}")

    def place_on_page(self, low: float, high: float, place: float) -> float:
        """Where a position is on the page, read off the model's line: it spans the axis."""
        paths = self.page.locator(".hsj-figure path.line")
        box = box_of(paths.nth(paths.count() - 1))
        return box["x"] + (place - low) / (high - low) * box["width"]


@pytest.fixture
def session(lab: Notebook) -> Iterator[Session]:
    lab.page.set_viewport_size({"width": 1400, "height": 1900})
    lab.open(FIRST_FIT)
    lab.run_all()
    for view in (GUI, PLOT):
        expect(lab.page.locator(f"{view}[data-hs-ready='1']")).to_be_attached()
    expect(lab.page.locator(".hsj-figure .hsj-hand-position")).to_have_count(3)
    yield Session(lab)
    lab.page.set_viewport_size({"width": 1400, "height": 1000})


def drag_the_handle(session: Session) -> None:
    """With the mouse, 60 pixels to the right."""
    before, line = session.number("alpha.centre.value"), session.model_line()
    x, y = middle_of(session.handle("H alpha"))
    mouse = session.page.mouse
    mouse.move(x, y)
    mouse.down()
    for step in range(1, 21):
        mouse.move(x + 3 * step, y)
    # What is dragged is drawn on a canvas, which looks as bqplot's lines do.
    expect(session.page.locator(".hsj-figure > canvas.hsj-canvas")).to_be_visible()
    moving = session.picture("drag-moving")
    mouse.up()
    session.lab.wait_until(f"alpha.centre.value > {before} + 1")
    session.page.wait_for_function(MODEL_LINE_IS_NOT, arg=line)
    session.page.wait_for_function(CANVAS_RESTS)
    resting = session.picture("drag-resting")
    assert abs(moving - resting).mean() < 0.01


def nudge_the_handle(session: Session) -> None:
    """With the arrow keys: a thousandth of the axis a press, ten with shift."""
    before = session.number("alpha.centre.value")
    session.page.locator('.hsj-figure .hsj-hand-position[aria-label="H alpha position"]').focus()
    session.page.keyboard.press("Shift+ArrowLeft")
    span = session.number("s.axes_manager[-1].high_value - s.axes_manager[-1].low_value")
    session.lab.wait_until(f"abs(alpha.centre.value - {before} + {span} / 100) < 1e-6")


def move_the_slider(session: Session) -> None:
    """With the mouse, then with the keys."""
    before, line = session.number("alpha.A.value"), session.model_line()
    slider = session.control("H alpha A slider")
    x, y = middle_of(slider)
    box = box_of(slider)
    mouse = session.page.mouse
    mouse.move(x, y)
    mouse.down()
    mouse.move(box["x"] + 0.8 * box["width"], y, steps=10)
    mouse.up()
    session.lab.wait_until(f"alpha.A.value > 1.2 * {before}")
    session.page.wait_for_function(MODEL_LINE_IS_NOT, arg=line)
    before = session.number("alpha.A.value")
    slider.press("Shift+ArrowLeft")
    session.lab.wait_until(f"alpha.A.value < {before}")


def press_the_free_toggle(session: Session) -> None:
    """Off and on again."""
    free = session.control("H alpha sigma free")
    free.click()
    session.lab.wait_until("not alpha.sigma.free")
    expect(free).not_to_be_checked()
    free.click()
    session.lab.wait_until("alpha.sigma.free")


def type_bounds(session: Session) -> None:
    """A good one; one that contradicts it, which is refused in words; and a value beyond."""
    session.type_into("H alpha sigma bmax", "4.5e0")
    session.lab.wait_until("alpha.sigma.bmax == 4.5")
    field = session.type_into("H alpha sigma bmin", "9")
    problem = session.page.locator(f"{GUI} .hsj-problem:not([hidden])")
    expect(problem).to_contain_text("above bmax=4.5")
    assert session.lab.run("print(alpha.sigma.bmin)") == "0.0"
    expect(field).to_have_value("0")
    field = session.type_into("H alpha sigma value", "30")
    session.lab.wait_until("alpha.sigma.value == 4.5")
    expect(field).to_have_value("4.5")


def press_fit(session: Session) -> None:
    """The lines lie on the data again."""
    stored = "alpha.centre.map['values'][5, 16]"
    session.page.locator(f"{GUI} button", has_text=re.compile("^Fit$")).click()
    session.lab.wait_until(f"abs(alpha.centre.value - {stored}) < 1e-9", 20)
    session.lab.wait_until("m.red_chisq.data[5, 16] < 3")
    quality = session.page.locator(f"{GUI} .hsj-model .hsj-quality")
    expect(quality).to_contain_text("reduced χ²")


def go_to_another_pixel(session: Session) -> None:
    """Both views go there."""
    session.type_into("x index", "3")
    session.lab.wait_until("m.axes_manager.indices == (3, 5)")
    expect(session.page.locator(f'{PLOT} [aria-label="x index"]')).to_have_value("3")
    assert session.number("alpha.centre.value - alpha.centre.map['values'][5, 3]") == 0


def navigate_on_the_map(session: Session) -> None:
    """By a click and by an arrow key, over the map of a parameter that is chosen first."""
    page = session.page
    page.locator(f"{PLOT} .hsj-navigator .hsj-choice").select_option(label="H alpha centre")
    map_ = page.locator(f"{PLOT} .hsj-map")
    box = box_of(map_)
    map_.click(position={"x": 10.5 / 22 * box["width"], "y": 7.5 / 22 * box["height"]})
    session.lab.wait_until("m.axes_manager.indices == (10, 7)")
    page.keyboard.press("ArrowUp")
    session.lab.wait_until("m.axes_manager.indices == (10, 6)")
    expect(page.locator(f"{PLOT} .hsj-navigator output")).to_contain_text("Å")


def edit_the_structure(session: Session) -> None:
    """Add a component by its name, undo it by the keys, end a link and undo that by the button."""
    page = session.page
    add = session.control("component to add")
    add.fill("lorentzian")
    add.press("Enter")
    session.lab.wait_until("len(m) == 5")
    session.control("Lorentzian A slider").press("Control+z")
    session.lab.wait_until("len(m) == 4")
    session.control("N II 6548 sigma link").click()
    session.type_into("N II 6548 sigma follows", "2 * H_alpha.sigma")
    session.lab.wait_until("abs(weak.sigma.value - 2 * alpha.sigma.value) < 1e-9")
    page.locator(f"{GUI} button", has_text="Undo").click()
    session.lab.wait_until("weak.sigma.twin is strong.sigma")
    page.locator(f"{GUI} button", has_text="Copy as Python").click()
    expect(session.control("edits as Python")).to_have_value(re.compile("alpha|H alpha"))


def test_a_person_drags_slides_frees_bounds_and_fits(session: Session) -> None:
    session.all_agree()
    session.lab.screenshot("first-light")
    for act in (
        drag_the_handle,
        nudge_the_handle,
        move_the_slider,
        press_the_free_toggle,
        type_bounds,
        press_fit,
        go_to_another_pixel,
        navigate_on_the_map,
        edit_the_structure,
    ):
        act(session)
        session.all_agree()
        session.lab.screenshot(act.__name__)


SLOW_SHAPE = """
class Slope(hs.Component):
    a = hs.Par(0.0, bmin=-1, bmax=1)

    @staticmethod
    def profile(x, a):
        return a * (x - 7130)


m.append(Slope())
"""


def test_fit_all_leaves_the_notebook_alive_and_can_be_cancelled(session: Session) -> None:
    page = session.page
    # A shape written in Python has no kernel: the map takes seconds, not a blink.
    session.lab.run(SLOW_SHAPE)
    page.locator(f"{GUI} button", has_text="Fit all").click()
    expect(page.locator(f"{PLOT} .hsj-words")).to_contain_text("running")
    page.locator(f"{GUI} button", has_text="Cancel").click()
    words = page.locator(f"{GUI} .hsj-words")
    expect(words).to_contain_text("cancelled")
    expect(page.locator(f"{PLOT} .hsj-words")).to_have_text(words.inner_text())
    expect(page.locator(f"{GUI} button", has_text="Fit all")).to_be_enabled()
    session.lab.run("m.remove('Slope')")
    session.all_agree()


def test_a_fit_typed_in_a_cell_shows_everywhere_and_is_cancelled(session: Session) -> None:
    page = session.page
    session.lab.run(SLOW_SHAPE)
    page.evaluate(BLOCK, "m.multifit()")
    words = page.locator(f"{PLOT} .hsj-words")
    expect(words).to_contain_text("running")
    page.locator(f"{GUI} button", has_text="Cancel").click()
    expect(words).to_contain_text("cancelled")
    expect(page.locator(f"{GUI} button", has_text="Fit all")).to_be_enabled()
    page.wait_for_function("() => !window.hsjBlocked")


def test_the_plot_follows_while_the_kernel_is_busy(session: Session) -> None:
    line = session.model_line()
    session.page.evaluate(BLOCK, "import time; time.sleep(3)")
    session.type_into("H alpha A value", "9000")
    session.page.wait_for_function(MODEL_LINE_IS_NOT, arg=line, timeout=1500)
    assert session.page.evaluate(IS_BLOCKED)
    session.lab.wait_until("alpha.A.value == 9000")
    session.all_agree()
