"""The rest of the gui under a real mouse and keyboard: fifty components, tools of the plot, reload.

One notebook serves all of it, since a page and a kernel take longer than the acts.
"""

import re

from playwright.sync_api import expect

from tests.e2e.gui import GUI, PLOT, Gui
from tests.e2e.notebook import Notebook
from tests.e2e.pointing import box_of, middle_of

SETUP = """
import gc
import numpy as np
import hsjupyter.api as hs
x = np.linspace(0, 100, 512)
rng = np.random.default_rng(3)
lines = sum(40 * np.exp(-((x - c) ** 2) / 0.5) for c in range(1, 100, 2))
axes = [{"name": "x", "size": 3, "navigate": True},
        {"name": "Energy", "size": 512, "scale": x[1], "units": "eV", "navigate": False}]
s = hs.signals.Signal1D(np.stack([lines + 10 + rng.normal(size=512)] * 3), axes=axes)
s.set_noise_variance(1.0)
m = s.create_model()
G = hs.model.components1D.Gaussian
m.extend([G(A=50.0, sigma=0.5, centre=1.0 + 2 * k, name=f"line {k}") for k in range(50)])
m.plot(plot_components=True)
"""
# Whoever listens to the page: what a script asked for and has not taken back, by its address.
LISTENERS = """() => {
  const { addEventListener, removeEventListener } = EventTarget.prototype;
  const held = new Map();
  window.hsjHeld = held;
  window.hsjUncount = () => {
    Object.assign(EventTarget.prototype, { addEventListener, removeEventListener });
  };
  const places = [window, document, globalThis[Symbol.for("hsjupyter.bus")]];
  const numbers = new Map();
  const nameOf = (place, kind, call, options) => {
    if (!numbers.has(call)) numbers.set(call, numbers.size);
    const capture = options === true || options?.capture === true;
    return [places.indexOf(place), kind, numbers.get(call), capture].join(" ");
  };
  EventTarget.prototype.addEventListener = function (kind, call, options) {
    const key = nameOf(this ?? window, kind, call, options);
    if (places.includes(this ?? window) && call && !options?.once) {
      // The bundle of a widget comes as a blob, bqplot's by the server.
      const from = new Error().stack.split("\\n").slice(2).find((line) => line.includes("://"));
      held.set(key, `${kind} ${from?.trim()}`);
      options?.signal?.addEventListener("abort", () => held.delete(key), { once: true });
    }
    return addEventListener.call(this, kind, call, options);
  };
  EventTarget.prototype.removeEventListener = function (kind, call, options) {
    held.delete(nameOf(this ?? window, kind, call, options));
    return removeEventListener.call(this, kind, call, options);
  };
}"""
HELD = "(by) => [...window.hsjHeld.values()].filter((one) => one.includes(by))"
NONE_OF_OURS = "() => ![...window.hsjHeld.values()].some((one) => one.includes('blob:'))"
DELETE = """async () => {
  await window.jupyterapp.commands.execute("notebook:delete-cell");
}"""
# JupyterLab draws a cell when it comes into view, and what it draws moves the others, also out of
# sight, where they are taken off the page again: all but the active one, which a person is in.
# ipywidgets gives up on a model after two seconds of a busy page (its issue 4026), and then only
# another reload helps: whoever waits has to see that, too.
GIVEN_UP = "model not found"
COMES_INTO_VIEW = """([code, selector, count, lost]) => {
  const { content } = window.jupyterapp.shell.currentWidget;
  const texts = content.widgets.map((cell) => cell.model.sharedModel.getSource());
  const place = texts.findIndex((text) => text.includes(code));
  content.activeCellIndex = place;
  void content.scrollToItem(place);
  if (content.node.textContent.includes(lost)) return "given up";
  return document.querySelectorAll(selector).length === count && "shown";
}"""
WIDGETS = "len(__import__('ipywidgets.widgets.widget', fromlist=['x'])._instances)"


def test_fifty_components_under_the_mouse(lab: Notebook) -> None:
    gui = Gui(lab)
    lab.cell(SETUP)
    lab.page.locator(".hsj-hand-position").nth(49).wait_for(state="attached")
    lab.cell("m.gui()")
    expect(lab.page.locator(f"{GUI} .hsj-component")).to_have_count(50)
    for act in (
        filter_and_fold,
        set_many_by_the_table,
        move_height_and_width,
        choose_among_handles,
        switch_the_plot,
        add_a_peak_by_a_click,
        read_the_plot,
        play_through_the_pixels,
        keep_and_restore,
        fit_one_in_a_window,
        close_and_open_again,
        reload_the_page,
        close_from_the_kernel,
    ):
        act(gui)


def filter_and_fold(gui: Gui) -> None:
    """Of fifty, one is looked for."""
    gui.control("filter components and parameters").fill("line 17")
    expect(gui.page.locator(f"{GUI} .hsj-component:visible")).to_have_count(1)
    gui.control("filter components and parameters").fill("")
    gui.press("Fold all")
    expect(gui.page.locator(f"{GUI} .hsj-row[role=group]:visible")).to_have_count(0)
    gui.press("Unfold all")


def set_many_by_the_table(gui: Gui) -> None:
    """All widths at once, and undone."""
    gui.press("Table")
    gui.control("filter components and parameters").fill("sigma")
    gui.click(gui.control("choose all parameters"))
    gui.control("set the chosen to").fill("6e-1")
    gui.press("Set")
    gui.until("all(c.sigma.value == 0.6 for c in m)")
    gui.press("Fix")
    gui.until("not any(c.sigma.free for c in m)")
    gui.press("Undo")
    gui.until("all(c.sigma.free for c in m)")
    gui.press("Undo")
    gui.until("all(c.sigma.value == 0.5 for c in m)")
    gui.control("filter components and parameters").fill("")
    gui.press("Table")


def move_height_and_width(gui: Gui) -> None:
    """The chosen component has handles of them, too."""
    gui.drag(gui.handle("line 20"), 0.0)
    knob = gui.page.locator('.hsj-hand[aria-label="line 20 height"]')
    gui.drag(knob, 0.0, -30.0)
    gui.until("m['line 20'].A.value > 55 and m['line 20'].sigma.value == 0.5")
    knob = gui.page.locator('.hsj-hand[aria-label="line 20 width"]')
    knob.focus()
    knob.press("PageUp")
    gui.until("m['line 20'].sigma.value > 1")


def choose_among_handles(gui: Gui) -> None:
    """Two that lie upon each other: a click takes the other one."""
    gui.lab.run("m['line 31'].centre.value = m['line 30'].centre.value = 61.0")
    for name in ("line 30", "line 31"):
        expect(gui.handle(name)).to_have_attribute("aria-valuenow", "61")
    x, y = middle_of(gui.handle("line 31"))
    readout = gui.page.locator(f"{PLOT} .hsj-readout")
    chosen = set()
    for _ in range(2):
        gui.page.mouse.click(x, y)
        expect(readout).to_contain_text("handles lie here")
        words = re.search(r"; (line \d+) is chosen", readout.inner_text())
        assert words is not None
        chosen.add(words[1])
    assert chosen == {"line 30", "line 31"}
    gui.page.mouse.move(x, y)
    gui.page.mouse.down()
    gui.page.mouse.move(x + 40, y, steps=3)
    gui.page.mouse.up()
    gui.until("(m['line 30'].centre.value > 62) != (m['line 31'].centre.value > 62)")
    gui.lab.run("m['line 30'].centre.value, m['line 31'].centre.value = 61.0, 63.0")


def switch_the_plot(gui: Gui) -> None:
    """Every switch of the plot on and off."""
    for text in ("log y", "Residual", "± data", "± model", "log y"):
        button = gui.page.locator(f"{PLOT} button", has_text=re.compile(f"^{re.escape(text)}$"))
        was = button.get_attribute("aria-pressed")
        gui.click(button)
        expect(button).to_have_attribute("aria-pressed", "false" if was == "true" else "true")
    data = gui.page.locator(f"{PLOT} .hsj-legend button", has_text=re.compile("^data$"))
    gui.click(data)
    expect(data).to_have_attribute("aria-pressed", "false")
    gui.click(data)
    expect(data).to_have_attribute("aria-pressed", "true")
    with gui.page.expect_download() as download:
        gui.press("SVG", PLOT)
    assert download.value.suggested_filename.endswith(".svg")
    assert "<svg" in download.value.path().read_text()


def add_a_peak_by_a_click(gui: Gui) -> None:
    """Its top is where the mouse was."""
    gui.press("Add peak", PLOT)
    gui.page.locator(".hsj-overlay.hsj-armed").wait_for(state="attached")
    overlay = gui.page.locator(".hsj-overlay").first
    box = box_of(overlay)
    gui.page.mouse.click(box["x"] + 0.355 * box["width"], box["y"] + 0.2 * box["height"])
    gui.until("len(m) == 51 and 34 < m[-1].centre.value < 37")
    expect(gui.page.locator(f"{GUI} .hsj-component")).to_have_count(51)
    gui.press("Undo")
    gui.until("len(m) == 50")
    gui.page.locator(".hsj-hand-position").nth(49).wait_for(state="attached")


def read_the_plot(gui: Gui) -> None:
    """By the keys, channel by channel."""
    layer = gui.page.locator(".hsj-overlay").first
    layer.focus()
    layer.press("ArrowRight")
    expect(gui.page.locator(f"{PLOT} .hsj-readout")).to_contain_text("eV · data")


def play_through_the_pixels(gui: Gui) -> None:
    """From pixel to pixel, and on."""
    gui.click(gui.control("play through the pixels", PLOT))
    gui.until("m.axes_manager.indices != (0,)")
    gui.click(gui.control("play through the pixels", PLOT))
    gui.lab.run("m.axes_manager.indices = (0,)")


def keep_and_restore(gui: Gui) -> None:
    """Stored under a name, changed, told apart, restored."""
    gui.click(gui.page.locator(f"{GUI} summary", has_text="stored models"))
    gui.control("name of the stored model").fill("good")
    gui.press("Store as")
    gui.control("restore good").wait_for()
    gui.lab.run("m['line 5'].A.value = 7.0")
    gui.click(gui.control("differences to good"))
    expect(gui.page.locator(f"{GUI} .hsj-stored")).to_contain_text("line 5 A")
    gui.click(gui.control("restore good"))
    # While it is restored the model is without some of its components.
    gui.until("[c.A.value for c in tuple(m) if c.name == 'line 5'] == [50.0]")
    expect(gui.control("line 5 A value")).to_have_value("50")
    gui.page.locator(".hsj-hand-position").nth(49).wait_for(state="attached")


def fit_one_in_a_window(gui: Gui) -> None:
    """The window is dragged over the plot."""
    part = gui.page.locator(f'{GUI} section[aria-label="line 10"]')
    gui.click(part.locator("summary"))
    gui.click(gui.control("Drag: line 10"))
    overlay = gui.page.locator(".hsj-overlay.hsj-armed").first
    box = box_of(overlay)
    y = box["y"] + 0.1 * box["height"]
    gui.page.mouse.move(box["x"] + 0.20 * box["width"], y)
    gui.page.mouse.down()
    gui.page.mouse.move(box["x"] + 0.22 * box["width"], y, steps=3)
    gui.page.mouse.up()
    expect(gui.control("line 10 window from")).not_to_have_value("")
    before = gui.lab.run("print(m['line 10'].A.value, m['line 12'].A.value)").split()
    gui.click(gui.control("Fit this: line 10"))
    gui.until(f"m['line 10'].A.value != {before[0]}")
    gui.until(f"m['line 12'].A.value == {before[1]}")


def close_and_open_again(gui: Gui) -> None:
    """What a view hears and holds ends with it."""
    page, lab = gui.page, gui.lab
    page.evaluate(LISTENERS)
    count = f"_ = gc.collect(); print({WIDGETS})"
    counts = []
    for _ in range(3):
        lab.cell("other = s.create_model(); other.append(G()); other.plot(); other.gui()")
        expect(page.locator(f"{GUI}[data-hs-ready]")).to_have_count(2)
        assert page.evaluate(HELD, "blob:")
        page.evaluate(DELETE)
        expect(page.locator(f"{GUI}[data-hs-ready]")).to_have_count(1)
        lab.run("del other")
        page.wait_for_function(NONE_OF_OURS)
        # bqplot takes its own back as well, since its tooltip is told to rest.
        assert page.evaluate(HELD, "bqplot") == []
        counts.append(lab.run(count))
    assert counts[0] == counts[1] == counts[2], counts
    page.evaluate("() => { window.hsjUncount(); }")


def reload_the_page(gui: Gui) -> None:
    """The kernel lives on; the views come back as they were."""
    page, lab = gui.page, gui.lab
    page.evaluate("""async () => {
      await window.jupyterapp.commands.execute("docmanager:save");
    }""")
    for _ in range(3):
        lab.reload(laid_out=False)
        if all(
            page.wait_for_function(
                COMES_INTO_VIEW, arg=[code, selector, 50, GIVEN_UP], polling=500
            ).json_value()
            == "shown"
            for code, selector in (
                ("m.plot(", ".hsj-hand-position"),
                ("m.gui()", f"{GUI} .hsj-component"),
            )
        ):
            break
    expect(gui.control("line 3 A value")).to_have_value("50")
    field = gui.control("line 3 A value")
    field.fill("33")
    field.press("Enter")
    gui.until("m['line 3'].A.value == 33")


def close_from_the_kernel(gui: Gui) -> None:
    """What is on the screen goes without an error of the page, which the fixture would tell."""
    gui.lab.run("from hsjupyter.gui.host import OPEN\nfor host in tuple(OPEN): host.close()")
    expect(gui.page.locator(".hsj-hand")).to_have_count(0)
    expect(gui.page.locator(".hsj-root[data-hs-ready]")).to_have_count(0)
