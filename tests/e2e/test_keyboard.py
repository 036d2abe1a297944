"""A visitor of a dashboard who has no mouse: the whole story by Tab, arrows, Enter and Space."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.spectra import spectra
from tests.e2e.test_themes import make_recipe
from tests.e2e.visitors import Visitor, dashboard_server

FOCUSED = """() => {
  const el = document.activeElement;
  const words = (el.getAttribute("aria-label") ?? el.textContent ?? "").trim().slice(0, 60);
  const { outlineStyle } = getComputedStyle(el);
  return [words, outlineStyle !== "none" || el.type === "file"];
}"""
MANY = 120


def tab_to(visitor: Visitor, words: str) -> None:
    """Press Tab until something is in focus, as someone does who sees where the focus is."""
    keyboard = visitor.page.keyboard
    passed = []
    for _ in range(MANY):
        keyboard.press("Tab")
        name, seen = visitor.page.evaluate(FOCUSED)
        if name == words:
            assert seen, f"it does not show that {words!r} is in focus"
            return
        passed.append(name)
    pytest.fail(f"Tab never comes to {words!r}; it went to {passed}")


def test_a_visitor_without_a_mouse_does_it_all(chromium: Browser, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    words = ("--data", str(tmp_path / "data"))
    with dashboard_server(tmp_path, make_recipe(tmp_path), *words) as url:
        visitor = Visitor(chromium, url)
        page = visitor.page
        # The browser hands choosers over from its first listener on, yet not at once: a quick press
        # would precede a listener that comes with the wait.
        page.on("filechooser", lambda _: None)
        visitor.come()
        # Move a slider by its arrows, and type a number.
        before = visitor.value("H alpha Brightness")
        tab_to(visitor, "H alpha Brightness slider")
        page.keyboard.press("ArrowRight")
        expect(page.get_by_label("H alpha Brightness value", exact=True)).not_to_have_value("1000")
        assert visitor.value("H alpha Brightness") > before
        tab_to(visitor, "H alpha Brightness value")
        page.keyboard.press("Control+a")
        page.keyboard.type("1500")
        page.keyboard.press("Enter")
        expect(page.get_by_label("H alpha Brightness value", exact=True)).to_have_value("1500")
        # Undo, and go to another place of the map.
        tab_to(visitor, "Undo")
        page.keyboard.press("Enter")
        expect(page.get_by_label("H alpha Brightness value", exact=True)).not_to_have_value("1500")
        tab_to(visitor, "x pixel")
        page.keyboard.press("ArrowLeft")
        expect(page.get_by_label("x index", exact=True)).to_have_value("15")
        # Fit, then the whole map, then take it home.
        tab_to(visitor, "Fit")
        page.keyboard.press("Enter")
        expect(page.locator(".hsj-verdicts")).to_contain_text("1 of 484 places are fitted")
        tab_to(visitor, "Fit the whole map")
        page.keyboard.press("Space")
        expect(page.locator(".hsj-verdicts")).to_contain_text("484 of 484 places are fitted")
        tab_to(visitor, "Values (CSV)")
        with page.expect_download() as coming:
            page.keyboard.press("Enter")
        assert coming.value.suggested_filename == "parameters.csv"
        # Data of one's own, by the chooser that Enter opens.
        own = spectra(centre=7120.0).save(tmp_path / "own.hspy")
        tab_to(visitor, "your own data")
        with page.expect_file_chooser() as chooser:
            page.keyboard.press("Enter")
        chooser.value.set_files(own)
        expect(page.locator(".hsj-problem:visible, .hsj-note:visible").first).to_be_visible()
        visitor.leave()
        assert visitor.refused == []
        assert visitor.errors == []
