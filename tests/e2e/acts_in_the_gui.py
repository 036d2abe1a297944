"""What a person does with the controls of a parameter, a component and a model.

Acts of `test_every_control`; each reads its end state from the kernel.
"""

import re

from playwright.sync_api import expect

from tests.e2e.gui import GUI, PLOT, Gui

# -- parameter ---------------------------------------------------------------------------------


def move_a_slider_by_keys(gui: Gui) -> None:
    """Steps, coarse and fine ones, pages, ends; at an end it says so; reset and typing."""
    gui.type_into("peak centre bmin", "0")
    gui.type_into("peak centre bmax", "1e1")
    gui.type_into("peak centre value", "5")
    gui.until("m['peak'].centre.value == 5 and m['peak'].centre.bmax == 10")
    slider = gui.control("peak centre slider")
    badge = gui.page.locator(f'{GUI} .hsj-row[aria-label="peak centre"] .hsj-badge')
    expect(badge).to_be_hidden()
    for key, value in (
        ("ArrowRight", 5.01),
        ("Shift+ArrowRight", 5.11),
        ("PageUp", 6.11),
        ("Alt+ArrowLeft", 6.109),
        ("PageDown", 5.109),
        ("Home", 0.0),
        ("End", 10.0),
    ):
        slider.press(key)
        gui.until(f"abs(m['peak'].centre.value - {value}) < 1e-9")
    expect(badge).to_have_text("at bound")
    gui.type_into("peak centre value", "4.8")
    expect(badge).to_be_hidden()
    gui.click(gui.control("peak sigma reset"))
    gui.until("m['peak'].sigma.value == m['peak'].sigma.default != 0.5")
    gui.type_into("peak sigma value", "5e-1")
    gui.until("m['peak'].sigma.value == 0.5")


def choose_the_scale_of_a_slider(gui: Gui) -> None:
    """A step of a logarithmic one is a factor; a bound is taken off by its word."""
    gui.type_into("peak A bmin", "1")
    gui.type_into("peak A bmax", "1000000")
    gui.type_into("peak A value", "250")
    gui.until("m['peak'].A.bmax == 1e6 and m['peak'].A.value == 250")
    scale = gui.control("peak A log slider")
    gui.click(scale)
    expect(scale).to_have_attribute("aria-pressed", "true")
    gui.control("peak A slider").press("Shift+ArrowRight")
    gui.until("abs(m['peak'].A.value - 250 * 10 ** 0.06) < 1e-6")
    gui.type_into("peak A bmax", "none")
    gui.until("m['peak'].A.bmax is None")
    gui.type_into("peak A value", "250")


def follow_another_number(gui: Gui) -> None:
    """Its law is written, seen, corrected, refused in words, and ended."""
    link, law = gui.control("side sigma link"), gui.control("side sigma follows")
    gui.click(link)
    gui.type_into("side sigma follows", "0.5 * peak.sigma")
    gui.until("m['side'].sigma.value == 0.25")
    expect(gui.control("side sigma slider")).to_be_disabled()
    gui.click(link)
    expect(law).to_have_value("0.5 * peak.sigma")
    gui.type_into("side sigma follows", "peak.nothing")
    problem = gui.page.locator(f"{GUI} .hsj-problem:visible")
    expect(problem).to_contain_text("nothing")
    gui.type_into("side sigma follows", "peak.sigma / 1.25")
    gui.until("abs(m['side'].sigma.value - 0.4) < 1e-12")
    expect(problem).to_have_count(0)
    gui.type_into("peak sigma value", "0.6")
    gui.until("abs(m['side'].sigma.value - 0.48) < 1e-12")
    gui.click(link)
    gui.type_into("side sigma follows", "")
    gui.until("m['side'].sigma.twin is None and m['side'].sigma.link is None")
    expect(gui.control("side sigma slider")).to_be_enabled()


def set_an_element_of_a_vector(gui: Gui) -> None:
    """Each number of it has a row; it is free, and fixed, as a whole."""
    gui.type_into("ground a1 value", "0.25")
    gui.until("m['ground'].coefficients.value == (0.25, 35.0)")
    gui.control("ground a0 slider").press("ArrowUp")
    gui.until("m['ground'].a0.value > 35 and m['ground'].a1.value == 0.25")
    gui.click(gui.control("ground a0 free"))
    gui.until("not m['ground'].coefficients.free")
    expect(gui.control("ground a1 free")).not_to_be_checked()
    gui.click(gui.control("ground a0 free"))
    gui.until("m['ground'].coefficients.free")


# -- component ---------------------------------------------------------------------------------


def rename_colour_and_reorder(gui: Gui) -> None:
    """The plot takes name and colour over; what was removed comes back by undo."""
    gui.type_into("side name", "shoulder")
    gui.until("m[1].name == 'shoulder'")
    expect(gui.handle("shoulder")).to_have_count(1)
    gui.control("shoulder colour").fill("#00aa44")
    gui.until("colour_of(m['shoulder']) == '#00aa44'")
    expect(gui.handle("shoulder").locator("path").first).to_have_attribute("fill", "#00aa44")
    gui.click(gui.control("shoulder move up"))
    gui.until("[c.name for c in m] == ['shoulder', 'peak', 'ground']")
    gui.click(gui.control("shoulder move down"))
    gui.until("[c.name for c in m] == ['peak', 'shoulder', 'ground']")
    fold = gui.control("shoulder parameters")
    gui.click(fold)
    expect(gui.control("shoulder A slider")).to_be_hidden()
    gui.click(fold)
    gui.click(gui.control("shoulder remove"))
    gui.until("[c.name for c in m] == ['peak', 'ground']")
    gui.press("Undo")
    gui.until("len(m) == 3")
    gui.press("Redo")
    gui.until("len(m) == 2")
    gui.press("Undo")
    gui.until("[c.name for c in m] == ['peak', 'shoulder', 'ground']")
    expect(gui.handle("shoulder")).to_have_count(1)


def switch_at_one_pixel_only(gui: Gui) -> None:
    """Off here, on at the next pixel."""
    active = gui.control("shoulder active")
    gui.click(active)
    gui.until("not m['shoulder'].active")
    expect(gui.handle("shoulder")).to_be_hidden()
    gui.click(active)
    gui.until("m['shoulder'].active")
    gui.click(gui.page.locator(f'{GUI} section[aria-label="shoulder"] summary'))
    gui.click(gui.control("shoulder active per pixel"))
    gui.until("m['shoulder'].active_is_multidimensional")
    gui.click(active)
    gui.until("not m['shoulder'].active")
    gui.type_into("x index", "1")
    gui.until("m.axes_manager.indices == (1, 0) and m['shoulder'].active")
    expect(active).to_be_checked()
    gui.type_into("x index", "0")
    gui.until("m.axes_manager.indices == (0, 0) and not m['shoulder'].active")
    gui.click(active)
    gui.until("m['shoulder'].active")
    gui.click(gui.control("shoulder active per pixel"))
    gui.until("not m['shoulder'].active_is_multidimensional")


def set_the_extras(gui: Gui) -> None:
    """A component is searched by its name; its switches and numbers are set; estimated."""
    gui.control("component to add").fill("pesvoi")
    expect(gui.page.locator(f"{GUI} .hsj-advice")).to_have_text("PESVoigt")
    gui.control("component to add").fill("pesvoigt")
    gui.press("Add component")
    gui.until("type(m[-1]).__name__ == 'PESVoigt'")
    gui.click(gui.page.locator(f'{GUI} section[aria-label="PESVoigt"] summary'))
    gui.click(gui.control("PESVoigt spin_orbit_splitting"))
    gui.until("m['PESVoigt'].spin_orbit_splitting")
    gui.type_into("PESVoigt spin_orbit_branching_ratio", "0.4")
    gui.until("m['PESVoigt'].spin_orbit_branching_ratio == 0.4")
    gui.click(gui.control("PESVoigt remove"))
    gui.until("len(m) == 3")
    gui.click(gui.page.locator(f'{GUI} section[aria-label="peak"] summary'))
    gui.type_into("peak window from", "4")
    gui.type_into("peak window to", "6")
    gui.click(gui.control("Estimate: peak"))
    gui.until("abs(m['peak'].centre.value - 5) < 0.1 and m['shoulder'].centre.value == 7.2")


# -- model -------------------------------------------------------------------------------------


def write_a_formula(gui: Gui) -> None:
    """It is checked while it is typed."""
    field, add = gui.control("component to add"), gui.page.get_by_role("button", name="Add comp")
    field.fill("a * exp(-x / ")
    advice = gui.page.locator(f"{GUI} .hsj-advice")
    expect(advice).to_have_class(re.compile("hsj-bad"))
    expect(add).to_be_disabled()
    field.fill("b * exp(-x / tau)")
    expect(advice).to_contain_text("tau")
    field.press("Enter")
    gui.until("m[-1].expression == 'b * exp(-x / tau)'")
    gui.press("Undo")
    gui.until("len(m) == 3")


def set_bounds_by_the_table(gui: Gui) -> None:
    """Sorted, some chosen, set together, tied together, and copied."""
    gui.press("Table")
    heads = gui.page.locator(f"{GUI} .hsj-table th")
    sort = heads.get_by_role("button", name="value")
    gui.click(sort)
    gui.click(sort)
    expect(heads.nth(3)).to_have_attribute("aria-sort", "descending")
    rows = gui.page.locator(f"{GUI} .hsj-table tbody tr")
    names = [row.split("\t")[2].strip() for row in rows.all_inner_texts()]
    assert names[0] == "A"
    for name in ("peak sigma", "shoulder sigma"):
        gui.click(gui.control(f"choose {name}"))
    expect(gui.page.locator(f"{GUI} .hsj-bulk")).to_contain_text("2 of 8 chosen")
    gui.control("what to set").select_option("bmax")
    gui.control("set the chosen to").fill("2.5")
    gui.press("Set")
    gui.until("m['peak'].sigma.bmax == m['shoulder'].sigma.bmax == 2.5")
    gui.press("Fix")
    gui.until("not m['peak'].sigma.free and not m['shoulder'].sigma.free")
    gui.press("Free")
    gui.until("m['peak'].sigma.free and m['shoulder'].sigma.free")
    gui.press("Copy")
    expect(gui.page.get_by_role("button", name="Copied")).to_be_visible()
    text = gui.page.evaluate("() => navigator.clipboard.readText()")
    head, *lines = [line.split("\t") for line in text.split("\n")]
    table = {(line[0], line[1]): dict(zip(head, line, strict=True)) for line in lines}
    assert set(table) == {("peak", "sigma"), ("shoulder", "sigma")}
    for (name, _), line in table.items():
        assert float(line["value"]) == gui.number(f"m['{name}'].sigma.value")
        assert (line["max"], line["units"], line["free"]) == ("2.5", "eV", "free")
    gui.click(gui.control("choose peak sigma"))
    gui.control("what to set").select_option("link")
    gui.control("set the chosen to").fill("peak.sigma")
    gui.press("Set")
    gui.until("m['shoulder'].sigma.value == m['peak'].sigma.value")
    gui.press("Table")


def fit_all_and_choose_maps(gui: Gui) -> None:
    """The map shows what the model holds: values, errors, chi squared; keys go on it."""
    gui.press("Guess")
    gui.press("Fit all")
    gui.until("np.isfinite(m.maps.chisq).all() and m.run.state == 'done'")
    chooser = gui.page.locator(f"{PLOT} .hsj-navigator .hsj-choice")
    words = gui.page.locator(f"{PLOT} .hsj-navigator output")
    for label, wanted in (
        ("sum of the data", "s.data.sum(-1)"),
        ("peak centre error", "m['peak'].centre.map['std']"),
        ("χ²", "m.chisq.data"),
        ("reduced χ²", "m.red_chisq.data"),
        ("shoulder A", "m['shoulder'].A.map['values']"),
    ):
        chooser.select_option(label=label)
        shown = "np.frombuffer(show._plots[m].host.map_values).reshape(3, 4)"
        gui.until(f"np.allclose({shown}, {wanted}, rtol=1e-12)")
        here = gui.number(f"{wanted}[0, 0]")
        expect(words).to_contain_text(re.compile(r"x = 0.*: "))
        told = re.search(r": ([-\d.e+]+)", words.inner_text())
        assert told is not None
        assert abs(float(told[1]) - here) < 1e-3 * abs(here)
    gui.page.locator(f"{PLOT} .hsj-map").press("ArrowDown")
    gui.until("m.axes_manager.indices == (0, 1)")
    gui.page.locator(f"{PLOT} .hsj-map").press("ArrowRight")
    gui.until("m.axes_manager.indices == (1, 1)")
    for key, there in (("End", 3), ("ArrowLeft", 2), ("Home", 0), ("ArrowRight", 1)):
        gui.control("x pixel", PLOT).press(key)
        gui.until(f"m.axes_manager.indices == ({there}, 1)")


REPLAY = """
space = {"hs": hs, "m": begin()}
exec(%r, space)
again = space["m"]
def state(model):
    return [(str(p), p.free, p.bmin, p.bmax, p.twin_function_expr) for p in model.parameters]
assert state(again) == state(m), (state(again), state(m))
assert [(c.name, c.active) for c in again] == [(c.name, c.active) for c in m]
assert again.axes_manager.indices == m.axes_manager.indices
np.testing.assert_allclose(again.maps.values, m.maps.values, rtol=1e-9)
np.testing.assert_allclose(again(), m(), rtol=1e-9)
print("alike")
"""


def replay_the_python(gui: Gui) -> None:
    """All that was done by hand until now, replayed on a fresh model, comes to the same state."""
    gui.press("Store")
    gui.press("Copy as Python")
    expect(gui.control("edits as Python")).to_have_value(re.compile("multifit"))
    script = gui.page.evaluate("() => navigator.clipboard.readText()")
    assert script == gui.control("edits as Python").input_value()
    assert gui.lab.run(REPLAY % script).endswith("alike")
