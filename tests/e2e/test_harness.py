"""The harness itself: what it says of a notebook is what is in the notebook."""

import json
import os
from pathlib import Path

import pytest
from playwright.sync_api import Error

from tests.e2e.servers import CHOICE, SIDEBAR, package_of, python_under_test

CHECKOUT = Path(__file__).parents[2]


def test_a_cell_runs_in_lab_and_is_read_back(lab):
    assert lab.cell("1 + 1") == "2"
    assert lab.page.locator(".jp-OutputArea-output").last.inner_text().strip() == "2"
    assert lab.run("_") == "2"
    assert lab.errors == []


def test_a_cell_runs_in_notebook_7_and_is_read_back(notebook7):
    assert notebook7.cell("x = 20\nx + 1") == "21"
    assert notebook7.page.locator(".jp-OutputArea-output").last.inner_text().strip() == "21"
    assert notebook7.run("print(x)") == "20"


def test_a_notebook_of_ours_is_opened_and_run_to_its_end(lab, tmp_path):
    cells = [
        {
            "cell_type": "code",
            "id": f"c{number}",
            "source": source,
            "metadata": {},
            "outputs": [],
            "execution_count": None,
        }
        for number, source in enumerate(["a = 6", "print(a * 7)"])
    ]
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    story = tmp_path / "story.ipynb"
    story.write_text(
        json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5})
    )
    lab.open(story)
    assert lab.run_all() == "42"
    lab.wait_until("a == 6")
    assert lab.screenshot("story").stat().st_size > 0


LAUNCHER_AFTERWARDS = """() => {
  const { commands } = window.jupyterapp;
  const come = (_commands, { id, result }) => {
    if (id !== "docmanager:open") return;
    commands.commandExecuted.disconnect(come);
    result.then(() => commands.execute("launcher:create", { activate: true }));
  };
  commands.commandExecuted.connect(come);
}"""


def test_a_launcher_that_comes_over_a_notebook_does_not_hold_it_up(lab):
    lab.page.evaluate(LAUNCHER_AFTERWARDS)
    assert lab.cell("1 + 1") == "2"


def test_an_error_in_a_cell_fails_with_the_kernel_s_own_words(lab):
    with pytest.raises(AssertionError, match="ZeroDivisionError: division by zero"):
        lab.cell("1 / 0")
    with pytest.raises(AssertionError, match="NameError: name 'nobody'"):
        lab.run("nobody")


def test_a_kernel_that_dies_is_told_to_who_waits_for_it(lab):
    with pytest.raises(Error, match="the kernel died"):
        lab.run("import os; os._exit(1)")
    with pytest.raises(Error, match="the kernel died"):
        lab.cell("1 + 1")


def test_waiting_ends_with_what_the_kernel_still_says(lab):
    lab.run("n = 0")
    with pytest.raises(AssertionError, match=r"still says False to: n == 1"):
        lab.wait_until("n == 1", seconds=0.2)


def test_an_uncaught_error_of_the_page_is_heard(lab):
    lab.open()
    with lab.page.expect_event("pageerror"):
        lab.page.evaluate("() => { window.setTimeout(() => { throw new Error('spilt milk'); }); }")
    assert lab.errors == ["spilt milk"]
    lab.errors.clear()


def test_what_lies_beyond_this_machine_is_refused_and_heard(lab):
    lab.open()
    address = "http://192.0.2.1/script.js"
    asked = "(url) => fetch(url, { mode: 'no-cors' }).then(() => 'came', () => 'refused')"
    assert lab.page.evaluate(asked, address) == "refused"
    assert lab.refused == [address]
    lab.refused.clear()


def test_the_package_is_the_one_under_test(lab):
    told = lab.run("import hsjupyter; print(hsjupyter.__file__)")
    assert Path(told) == package_of(python_under_test())
    if CHOICE in os.environ:
        # Another Python was asked for: nothing of this checkout may be what it shows.
        assert CHECKOUT not in Path(told).resolve().parents
        prefix = Path(lab.run("import sys; print(sys.prefix)"))
        assert prefix == Path(python_under_test()).parents[1]
        assert (prefix / "share" / "jupyter" / "labextensions" / "hsjupyter").is_dir()


def test_the_sidebar_is_the_one_that_was_built_last(lab):
    if CHOICE not in os.environ:
        (built,) = (SIDEBAR / "static").glob("remoteEntry.*.js")
        names = "() => performance.getEntriesByType('resource').map(({ name }) => name)"
        assert any(name.endswith(built.name) for name in lab.page.evaluate(names))
