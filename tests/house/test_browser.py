"""A browser is found or installed; where neither works, the message says what to do."""

import sys

import pytest

from tests import browser


def program(path):
    """Make a program that does nothing."""
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return str(path)


def test_the_browser_of_one_s_choice_comes_first(tmp_path):
    own = program(tmp_path / "my-chromium")
    assert browser.chosen({browser.CHOICE: own}) == own
    assert browser.chosen({}) is None


def test_a_choice_that_is_no_program_is_refused():
    with pytest.raises(browser.NoBrowserError, match="set it to a Chromium, or unset it"):
        browser.chosen({browser.CHOICE: "/nowhere/chromium"})


def test_debian_s_name_is_preferred_to_the_others(tmp_path):
    program(tmp_path / "google-chrome")
    debian = program(tmp_path / "chromium")
    assert browser.installed(str(tmp_path)) == debian


def test_debian_s_package_is_installed_by_root_only():
    own = [[sys.executable, "-m", "playwright", "install", "chromium"]]
    assert browser.recipe(root=True, debian=True)[-1][-1] == "chromium"
    assert browser.recipe(root=True, debian=True)[-1][0] == "apt-get"
    assert browser.recipe(root=False, debian=True) == own
    assert browser.recipe(root=True, debian=False) == own


def test_a_failed_installation_says_what_to_do():
    failing = [[sys.executable, "-c", "raise SystemExit('no network')"]]
    with pytest.raises(
        browser.NoBrowserError, match=r"(?s)install Chromium, or set HSJUPYTER_CHROMIUM.*no network"
    ):
        browser.run_recipe(failing)


def test_a_browser_is_found_on_this_machine():
    assert browser.find_or_install()
