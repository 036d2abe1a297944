"""The map of a run: whole at first, then only the news; Pause, Resume and what failed."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

import hsjupyter.api as hs
from hsjupyter.core.errors import HSJupyterWarning
from hsjupyter.gui.live_map import LiveMap
from hsjupyter.gui.navigator import navigator_of
from hsjupyter.schedule.run import Run

c1 = hs.model.components1D


def flat_map(shape):
    m = hs.signals.Signal1D(np.ones((*shape, 8)) * np.arange(8)).create_model()
    m.append(c1.Polynomial(order=1))
    return m


def store(m, pixels, chisq):
    m.maps.chisq.ravel()[pixels] = chisq
    m.stored += 1


def patches(shown):
    return [a for a in shown.answers() if a.get("patch") == "map_values"]


def test_of_a_large_map_only_the_news_travel(view):
    m = flat_map((80, 100))
    navigator_of(m).choose(m, "chisq")
    shown = view(m, "plot")
    shown.count(1)
    live = LiveMap(shown.host, m)
    assert len(shown.state["map_values"]) == 8 * 8000
    shown.page.messages.clear()
    store(m, [3, 7999], [2.5, 4.0])
    live.push()
    assert len(patches(shown)) == 1
    assert not [u for u in shown.page.updates(shown.name) if "map_values" in u]
    whole = np.frombuffer(shown.host.get_state("map_values")["map_values"])
    assert_array_equal(np.flatnonzero(~np.isnan(whole)), [3, 7999])
    shown.page.messages.clear()
    live.push()
    assert patches(shown) == []
    store(m, slice(0, 6000), 1.0)
    live.push()
    assert len(shown.state["map_values"]) == 8 * 8000
    assert_array_equal(np.frombuffer(shown.state["map_values"]), m.maps.chisq.ravel())
    live.close()


def test_what_nobody_sees_is_sent_whole_so_that_nothing_is_missed(view):
    m = flat_map((80, 100))
    navigator_of(m).choose(m, "chisq")
    shown = view(m, "plot")
    live = LiveMap(shown.host, m)
    store(m, [3], 2.5)
    live.push()
    assert patches(shown) == []
    assert np.frombuffer(shown.state["map_values"])[3] == 2.5
    live.close()


def test_a_run_shows_its_map_and_what_failed_and_a_click_goes_there(view, model):
    model.signal.data[1, 2, 5] = np.nan
    navigator_of(model).choose(model, "chisq")
    with pytest.warns(HSJupyterWarning, match="1 of 12"):
        model.multifit(show_progressbar=False)
    shown = view(model.run)
    told = shown.state["run"]
    assert told["failed"][0]["place"] == [2, 1]
    assert "NaN" in told["failed"][0]["reason"]
    assert shown.state["spec"]["navigation"][0]["size"] == 4
    assert shown.state["map"]["failed"] == [6]
    assert shown.ask("pixel", indices=[2, 1])["ok"]
    assert model.axes_manager.indices == (2, 1)
    assert not shown.ask("pause")["ok"]


def test_pause_and_resume_of_a_browser_reach_the_run(view, model):
    shown = view(model)
    run = model.run = Run(12, model)
    run.begin()
    assert shown.ask("pause")["ok"]
    assert run.state == "paused"
    assert shown.ask("resume")["ok"]
    assert run.state == "running"
    run.hold("the engines are gone")
    shown.host.flush()
    assert shown.state["run"]["note"] == "the engines are gone"
    assert shown.ask("resume")["ok"]
    assert run.take_move() == {"workers": None}
    run.end()
