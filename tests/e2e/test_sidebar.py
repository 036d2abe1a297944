"""The sidebar, as a person uses it: it lists what lives in the kernel and works on it."""

import re

from playwright.sync_api import Locator, expect

from tests.e2e.notebook import Notebook
from tests.e2e.pointing import box_of, drag, slide
from tests.e2e.visitors import serious_faults

MAKE = """
import numpy as np
import hsjupyter.api as hs

x = np.linspace(0, 10, 128)
noise = np.random.default_rng(3).normal(scale=0.3, size=(3, 4, 128))
s = hs.signals.Signal1D(30 * np.exp(-((x - 4) ** 2) / 0.5) + 5 + noise)
s.axes_manager[-1].scale = x[1]
s.metadata.General.title = "one line"
m = s.create_model()
m.extend([hs.model.components1D.Gaussian(A=20, sigma=0.7, centre=4.6, name="line"),
          hs.model.components1D.Offset()])
"""
SIDE = ".hsj-side"
PANEL = "hsjupyter-models"
GUI_ANYWHERE = ".hsj-root:has(.hsj-kind-model)"
GUI = f"{SIDE} {GUI_ANYWHERE}"
BESIDE = ".hsj-side-plot"
SHOW = "async () => { await window.jupyterapp.commands.execute('hsjupyter:show-models'); }"
RESTART = """async () => {
  const { sessionContext } = window.jupyterapp.shell.currentWidget;
  await sessionContext.restartKernel?.() ?? await sessionContext.session.kernel.restart();
}"""
RUN_FIRST = """async () => {
  const { commands, shell } = window.jupyterapp;
  shell.currentWidget.content.activeCellIndex = 1;
  await commands.execute("notebook:run-cell");
}"""
LAST_SOURCE = """() => {
  const cells = window.jupyterapp.shell.currentWidget.content.widgets;
  return cells.map((cell) => cell.model.sharedModel.getSource()).filter(Boolean).at(-1);
}"""
SAVE = "async () => { await window.jupyterapp.commands.execute('docmanager:save'); }"


def line_of(notebook: Notebook, name: str) -> Locator:
    """The button of a model in the list."""
    named = notebook.page.locator(f".hsj-side-name:text-is('{name}')")
    return notebook.page.locator(".hsj-side-model").filter(has=named)


def control(notebook: Notebook, label: str) -> Locator:
    """A control of the gui in the panel."""
    return notebook.page.locator(f'{GUI} [aria-label="{label}"]')


def press(notebook: Notebook, text: str) -> None:
    """Press a button of the panel or of the gui in it."""
    notebook.page.locator(f"{SIDE} button", has_text=re.compile(f"^{text}$")).click()


def choose(notebook: Notebook, name: str) -> None:
    """Choose a model, and wait for its gui."""
    line_of(notebook, name).click()
    expect(notebook.page.locator(f"{GUI}[data-hs-ready='1']")).to_be_visible()


def drag_beside_and_in_the_panel(notebook: Notebook) -> None:
    """A handle in the plot beside, then a slider in the panel: both move the one parameter."""
    press(notebook, "Plot beside")
    hand = notebook.page.locator(f'{BESIDE} .hsj-hand[aria-label="line position"]')
    field = control(notebook, "line centre value")
    drag(hand, 40)
    expect(field).not_to_have_value("4.6")
    # What is pressed is what the shell works on: the notebook has to be pressed again.
    notebook.page.locator(".jp-Notebook .jp-InputArea-editor:visible").first.click()
    notebook.wait_until("m['line'].centre.value > 4.7", 30)
    place = box_of(hand)["x"]
    slide(control(notebook, "line centre slider"), 0.1)
    notebook.wait_until("m['line'].centre.value < 4.2", 30)
    assert box_of(hand)["x"] < place - 5


def test_what_is_dragged_beside_moves_in_the_panel(lab: Notebook) -> None:
    lab.cell(MAKE)
    lab.page.evaluate(SHOW)
    choose(lab, "m")
    drag_beside_and_in_the_panel(lab)
    lab.page.evaluate("() => { document.querySelector('.hsj-side-plot')?.remove(); }")


def test_the_sidebar_lists_shows_fits_and_follows(lab: Notebook) -> None:
    page = lab.page
    lab.cell(MAKE)
    page.evaluate(SHOW)
    expect(line_of(lab, "m")).to_contain_text("line, Offset")
    choose(lab, "m")
    # A slider in the panel and the one in the notebook are one.
    lab.cell("m.gui()")
    control(lab, "line centre value").fill("4.4")
    control(lab, "line centre value").press("Enter")
    lab.wait_until("m['line'].centre.value == 4.4")
    inside = page.locator('.jp-Notebook [aria-label="line centre value"]')
    expect(inside).to_have_value("4.4")
    press(lab, "Fit")
    lab.wait_until("abs(m['line'].centre.value - 4) < 0.1", 20)
    press(lab, "Fit all")
    expect(line_of(lab, "m")).to_contain_text("map done: 12 of 12 pixels")
    press(lab, "Keep a copy")
    expect(page.locator(".hsj-side-quiet[role=status]")).to_contain_text("kept as a")
    press(lab, "Save …")
    page.locator(".hsj-side-save input[type=text]").fill("kept.hspy")
    page.locator(".hsj-side-save button").click()
    expect(page.locator(".hsj-side-quiet[role=status]")).to_contain_text("saved as kept.hspy")
    lab.wait_until("len(hs.load('kept.hspy').models) == 2")
    press(lab, "Plot beside")
    expect(page.locator(".hsj-side-plot .hsj-figure path.line").first).to_be_attached()
    assert serious_faults(page, SIDE) == []
    lab.screenshot("sidebar")
    page.evaluate("() => { document.querySelector('.hsj-side-plot')?.remove(); }")


def test_names_come_and_go_and_code_is_inserted(lab: Notebook) -> None:
    page = lab.page
    lab.cell(MAKE)
    page.evaluate(SHOW)
    choose(lab, "m")
    lab.run("fits = [s.create_model()]\nother = m\ndel m")
    expect(line_of(lab, "fits[0]")).to_be_visible()
    expect(line_of(lab, "other")).to_have_attribute("aria-pressed", "true")
    page.locator(".hsj-side-new summary").click()
    form = page.locator(".hsj-side-new form")
    form.locator("input").fill("class")
    form.locator("select").last.select_option(["Lorentzian"])
    form.locator("button").click()
    expect(page.locator(".hsj-side-problem")).to_contain_text("a Python name is wanted")
    form.locator("input").fill("second")
    form.locator("button").click()
    expect(line_of(lab, "second")).to_have_attribute("aria-pressed", "true")
    lab.wait_until("[c.name for c in second] == ['Lorentzian']")
    press(lab, "Insert as code")
    page.wait_for_function(f"() => ({LAST_SOURCE})().startsWith('second = s.create_model()')")
    lab.run("del second, fits, other")
    expect(page.locator(".hsj-side-model")).to_have_count(0)
    expect(page.locator(GUI)).to_have_count(0)


def test_a_restart_empties_the_panel_and_a_reload_fills_it_again(lab: Notebook) -> None:
    page = lab.page
    lab.cell(MAKE)
    page.evaluate(SHOW)
    choose(lab, "m")
    lab.wait_until_laid_out("right", PANEL)
    page.evaluate(SAVE)
    lab.reload()
    # Open where it was, with the model that was chosen.
    expect(line_of(lab, "m")).to_be_visible()
    expect(line_of(lab, "m")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(f"{GUI}[data-hs-ready='1']")).to_be_visible()
    page.evaluate(
        "async () => { await window.jupyterapp.shell.currentWidget.sessionContext.session.kernel"
        ".restart(); }"
    )
    expect(page.locator(".hsj-side-model")).to_have_count(0)
    expect(page.locator(GUI)).to_have_count(0)
    page.evaluate(RUN_FIRST)
    expect(line_of(lab, "m")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(f"{GUI}[data-hs-ready='1']")).to_be_visible()


def test_the_sidebar_stands_beside_notebook_7(notebook7: Notebook) -> None:
    notebook7.cell(MAKE)
    notebook7.page.evaluate(SHOW)
    choose(notebook7, "m")
    control(notebook7, "line sigma value").fill("0.6")
    control(notebook7, "line sigma value").press("Enter")
    notebook7.wait_until("m['line'].sigma.value == 0.6")
    drag_beside_and_in_the_panel(notebook7)
    notebook7.cell("m.gui()")
    expect(notebook7.page.locator(f".jp-Notebook {GUI_ANYWHERE}")).to_be_visible()
    for place in (SIDE, BESIDE, ".jp-Notebook .hsj-root"):
        assert serious_faults(notebook7.page, place) == [], place
    notebook7.screenshot("sidebar-notebook7")


ACTIVE_SOURCE = """() => {
  const { activeCell } = window.jupyterapp.shell.currentWidget.content;
  return activeCell.model.sharedModel.getSource();
}"""
HAS = "(id) => window.jupyterapp.commands.hasCommand(id)"
EXECUTE = "async (id) => { await window.jupyterapp.commands.execute(id); }"
CONSOLE = """async () => {
  const { commands, shell } = window.jupyterapp;
  const path = shell.currentWidget.context.path;
  const panel = await commands.execute("console:create", { kernelPreference: { name: "python3" } });
  await panel.sessionContext.ready;
  await panel.console.inject(%r);
  shell.activateById(panel.id);
  window.hsjConsole = panel;
  return path;
}"""
END_CONSOLE = """async () => {
  await window.hsjConsole.sessionContext.shutdown();
  window.hsjConsole.dispose();
}"""


def test_commands_do_what_buttons_do_and_changes_become_a_cell(lab: Notebook) -> None:
    page = lab.page
    lab.cell(MAKE)
    page.evaluate(SHOW)
    choose(lab, "m")
    for name in ("fit", "multifit", "cancel", "plot", "store", "save", "definition", "changes"):
        assert page.evaluate(HAS, f"hsjupyter:{name}"), name
    press(lab, "Insert changes")
    expect(page.locator(".hsj-side-problem")).to_contain_text("nothing was changed by hand")
    control(lab, "line centre value").fill("4.4")
    control(lab, "line centre value").press("Enter")
    lab.wait_until("m['line'].centre.value == 4.4")
    # By the palette, as a person types it.
    page.locator(".jp-Notebook .jp-InputArea-editor:visible").first.click()
    page.keyboard.press("Control+Shift+C")
    page.locator("#modal-command-palette input").fill("fit the current pixel")
    expect(page.locator("#modal-command-palette .lm-CommandPalette-item")).to_have_count(1)
    page.keyboard.press("Enter")
    lab.wait_until("abs(m['line'].centre.value - 4) < 0.1", 20)
    page.evaluate(EXECUTE, "hsjupyter:changes")
    page.wait_for_function(f"() => ({ACTIVE_SOURCE})().includes('4.4')")
    assert "m.fit()" in page.evaluate(ACTIVE_SOURCE)


def test_a_console_has_its_models_too(lab: Notebook) -> None:
    page = lab.page
    lab.cell("x = 1")
    page.evaluate(SHOW)
    page.evaluate(
        CONSOLE % MAKE.replace("m = s", "in_console = s").replace("m.ext", "in_console.ext")
    )
    expect(line_of(lab, "in_console")).to_be_visible()
    choose(lab, "in_console")
    page.evaluate(END_CONSOLE)
    # Back in the notebook, whose kernel has none.
    expect(page.locator(".hsj-side-model")).to_have_count(0)
    expect(page.locator(GUI)).to_have_count(0)
