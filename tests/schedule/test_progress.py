"""How far a run is: a line in a terminal, a view in a notebook, nothing where that is asked for."""

import asyncio
import re
import sys
import types

import numpy as np
import pytest

import hsjupyter.api as hs
from hsjupyter.core.errors import FitError
from hsjupyter.schedule import progress
from hsjupyter.schedule.progress import in_notebook, progress_line
from hsjupyter.schedule.run import Run


def a_model(n=70):
    m = hs.signals.Signal1D(np.arange(n * 8.0).reshape(n, 8)).create_model()
    m.append(hs.model.components1D.Polynomial(order=1))
    return m


@pytest.fixture
def run(monkeypatch):
    """A run of a hundred pixels, of which forty are done after two seconds."""
    now = [100.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    monkeypatch.setattr("tqdm.std.time", lambda: now[0])
    run = Run(100)
    run.begin()

    def go_on(good):
        now[0] += 2.0
        run.count(good)

    run.go = go_on
    return run


def test_a_terminal_shows_part_rate_and_time_left(run, capsys):
    with progress_line(run, shown=True):
        run.go(40)
        run.go(40)
    line = capsys.readouterr().err.rpartition("\r")[2]
    assert "80%" in line
    assert "80/100" in line
    rate, left = re.search(r"<(\S+), +([\d.]+)px/s", line).groups()[::-1]
    assert float(rate) == pytest.approx(20, rel=0.2)
    assert left == "00:01"


def test_what_failed_is_told_at_the_end_of_the_line(capsys):
    m = a_model()
    m.signal.data[40, 3] = np.nan
    with pytest.warns(UserWarning, match="1 of 70"):
        m.multifit()
    line = capsys.readouterr().err.rpartition("\r")[2]
    assert "70/70" in line
    assert "1 failed" in line


@pytest.mark.parametrize("words", [{"show_progressbar": False}, {"block": False}])
def test_nothing_is_shown_where_that_is_asked_for_or_nobody_waits(words, capsys):
    a_model().multifit(**words).wait(60)
    assert capsys.readouterr() == ("", "")


def test_a_notebook_shows_a_view_and_no_line(run, monkeypatch, capsys):
    shell = types.SimpleNamespace(kernel=object())
    monkeypatch.setitem(sys.modules, "IPython", types.SimpleNamespace(get_ipython=lambda: shell))
    assert in_notebook()
    shown = []
    monkeypatch.setattr(progress, "open_gui", lambda *what: shown.append(what))
    with progress_line(run, shown=True):
        run.go(40)
    assert shown == [(run, "progress")]
    assert capsys.readouterr().err == ""


def test_a_terminal_is_no_notebook():
    assert not in_notebook()


def test_a_run_is_awaited_and_its_error_is_raised_there():
    async def good():
        return await a_model().multifit(block=False)

    run = asyncio.run(good())
    assert (run.state, run.done) == ("done", 70)

    async def bad():
        m = a_model()
        m.signal.data[...] = np.nan
        await m.multifit(block=False)

    with pytest.raises(FitError, match=r"the first \d+ pixels could not be fitted"):
        asyncio.run(bad())
