"""The sidebar's settings, changed in JupyterLab's editor: they act at once, and after a reload."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.e2e.notebook import Notebook
from tests.e2e.test_sidebar import GUI, MAKE, PANEL, SAVE, SHOW, SIDE, choose, line_of

EDIT = """async () => {
  await window.jupyterapp.commands.execute("settingeditor:open", { query: "hsjupyter" });
}"""
CLOSE = """() => {
  const all = [...window.jupyterapp.shell.widgets("main")];
  all.find((one) => one.title.label === "Settings").close();
}"""
STANDS = {"left": "#jp-left-stack", "right": "#jp-right-stack"}
WRITTEN = re.compile("/api/settings/hsjupyter")


@pytest.fixture
def changed(lab: Notebook) -> Iterator[Notebook]:
    """A notebook in a JupyterLab whose settings may be changed: they are as before afterwards."""
    yield lab
    lab.page.evaluate(EDIT)
    restore = lab.page.get_by_role("button", name="Restore to Defaults")
    with lab.page.expect_response(WRITTEN):
        restore.click()
        expect(lab.page.locator(f"{STANDS['right']} {SIDE}")).to_be_attached()
    lab.page.evaluate(CLOSE)


def test_the_panel_stands_on_the_side_that_is_chosen(changed: Notebook) -> None:
    page = changed.page
    changed.cell(MAKE)
    page.evaluate(SHOW)
    expect(page.locator(f"{STANDS['right']} {SIDE}")).to_be_visible()
    choose(changed, "m")
    page.evaluate(EDIT)
    with page.expect_response(WRITTEN):
        page.locator("select[id$='_side']").select_option("left")
        # It is seen where it went.
        expect(page.locator(f"{STANDS['left']} {SIDE}")).to_be_visible()
        expect(page.locator(f"{GUI}[data-hs-ready='1']")).to_be_visible()
    page.evaluate(CLOSE)
    changed.wait_until_laid_out("left", PANEL)
    page.evaluate(SAVE)
    changed.reload()
    expect(page.locator(f"{STANDS['left']} {SIDE}")).to_be_visible()
    expect(page.locator(f"{STANDS['right']} {SIDE}")).to_have_count(0)
    expect(line_of(changed, "m")).to_have_attribute("aria-pressed", "true")


def test_components_are_listed_and_a_model_chosen_again_as_the_settings_say(
    changed: Notebook,
) -> None:
    page = changed.page
    changed.cell(MAKE)
    page.evaluate(SHOW)
    choose(changed, "m")
    expect(line_of(changed, "m")).to_contain_text("line, Offset")
    page.evaluate(EDIT)
    with page.expect_response(WRITTEN):
        page.locator("input[id$='_components']").uncheck()
        expect(line_of(changed, "m")).not_to_contain_text("line, Offset")
    with page.expect_response(WRITTEN):
        page.locator("input[id$='_reopen']").uncheck()
    page.evaluate(CLOSE)
    changed.wait_until_laid_out("right", PANEL)
    page.evaluate(SAVE)
    changed.reload()
    expect(line_of(changed, "m")).to_be_visible()
    expect(line_of(changed, "m")).not_to_contain_text("line, Offset")
    expect(line_of(changed, "m")).to_have_attribute("aria-pressed", "false")
    expect(page.locator(GUI)).to_have_count(0)
