"""Engines and controllers are killed under a run: nothing is lost, nothing comes twice."""

import os
import signal
import threading
from contextlib import suppress

import ipyparallel
import numpy as np
import pytest
from numpy.testing import assert_allclose

import hsjupyter.api as hs
from hsjupyter.core.errors import EnginesLostError, FitError
from hsjupyter.engines import ipp, pulse, travel
from hsjupyter.engines.cluster import client_of

c1 = hs.model.components1D
SHAPE = (64, 128)


@pytest.fixture
def own_cluster(tmp_path, monkeypatch):
    """A cluster that may be killed."""
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    made = hs.cluster(n=2, profile_dir=str(tmp_path / "profile_killed"))
    group = os.getpgid(made.launcher.controller.pid)
    yield made
    made.close()
    if group != os.getpgrp():  # a controller that was killed leaves its schedulers behind
        with suppress(ProcessLookupError):
            os.killpg(group, signal.SIGKILL)


def a_map():
    m = hs.data.two_gaussians(shape=SHAPE, seed=1).create_model()
    m.extend([c1.Gaussian(A=300, sigma=8, centre=40), c1.Polynomial(order=1)])
    return m


def when_some_are_done(m, do):
    """Do something once, when the first pixels of a run are in."""
    happened = threading.Event()

    def once(_change):
        if not happened.is_set():
            happened.set()
            do()

    m.observe(lambda change: change["new"].observe(once, "done"), "run")
    return happened


def test_a_killed_engine_and_then_a_killed_controller(own_cluster, monkeypatch):
    reference = a_map()
    reference.multifit(show_progressbar=False)
    pids = own_cluster.client[:].apply_sync(os.getpid)
    m = a_map()
    happened = when_some_are_done(m, lambda: os.kill(pids[0], signal.SIGKILL))
    run = m.multifit(client=own_cluster, show_progressbar=False)
    assert happened.is_set()
    assert (run.state, run.done, run.failures) == ("done", run.total, [])
    assert_allclose(m.maps.values, reference.maps.values, rtol=1e-8, atol=1e-11)

    monkeypatch.setattr(pulse, "SILENCE", 3.0)
    monkeypatch.setattr(ipp, "PATIENCE", 5.0)
    m = a_map()
    happened = when_some_are_done(m, lambda: kill_all(own_cluster, pids[1]))
    with pytest.raises(FitError, match=r"run.resume\(workers=2\) goes on here"):
        m.multifit(client=own_cluster, show_progressbar=False)
    run = m.run
    assert happened.is_set()
    assert run.state == "paused"
    assert 0 < run.done < run.total
    run.resume(workers=1)
    run.wait(100)
    assert (run.state, run.done, run.failures) == ("done", run.total, [])
    assert_allclose(m.maps.values, reference.maps.values, rtol=1e-8, atol=1e-11)
    with pytest.raises((EnginesLostError, FitError), match="no engines"):
        a_map().multifit(client=own_cluster)


def kill_all(cluster, engine):
    """End the controller, with all that it started, and the engine that is left."""
    os.kill(cluster.launcher.controller.pid, signal.SIGKILL)
    os.kill(engine, signal.SIGKILL)


def test_an_engine_that_went_since_the_last_look_is_gone_and_the_work_is_done_elsewhere(
    cluster, monkeypatch
):
    monkeypatch.setattr(pulse.Pulse, "watch", lambda _self, _crew: None)  # too late
    reference, m = a_map(), a_map()
    reference.multifit(show_progressbar=False)
    known = cluster._ids  # noqa: SLF001 - what the client knows of who is there
    happened = when_some_are_done(m, lambda: known.remove(0))
    try:
        run = m.multifit(client=cluster, show_progressbar=False)
    finally:
        known[:] = [0, 1]
    assert happened.is_set()
    assert (run.state, run.failures) == ("done", [])
    assert np.array_equal(m.maps.is_set, reference.maps.is_set)


def test_one_client_serves_runs_one_after_another(cluster):
    assert client_of(cluster) is cluster
    assert isinstance(cluster, ipyparallel.Client)
    first, second = a_map(), a_map()
    for m in (first, second):
        assert m.multifit(client=cluster, show_progressbar=False).state == "done"
    assert np.array_equal(first.maps.is_set, second.maps.is_set)


def test_a_run_on_engines_is_cancelled_and_what_is_done_stays(cluster):
    m = a_map()
    when_some_are_done(m, lambda: m.run.cancel())  # noqa: PLW0108 - it is there later
    run = m.multifit(client=cluster, show_progressbar=False)
    assert run.state == "cancelled"
    assert 0 < run.done < run.total
    assert m[0].A.map["is_set"].sum() == run.done


def test_a_client_that_is_closed_leaves_a_run_that_goes_on_elsewhere(another_client, monkeypatch):
    monkeypatch.setattr(pulse, "SILENCE", 1.0)
    m = a_map()
    when_some_are_done(m, another_client.close)
    with pytest.raises(FitError, match=r"closed|has not answered.*run.resume\(workers=2\)"):
        m.multifit(client=another_client, show_progressbar=False)
    run = m.run
    assert run.state == "paused"
    assert 0 < run.done < run.total
    run.resume(client=another_client)  # it is still closed
    with pytest.raises(FitError, match=r"no engines.*run.resume\(workers=2\)"):
        run.wait(100)
    run.resume(workers=1)
    run.wait(100)
    assert (run.state, run.done, run.failures) == ("done", run.total, [])
    assert m.maps.is_set.all()


def forget():
    from hsjupyter.engines.worker import KEPT

    KEPT.clear()


def kept():
    from hsjupyter.engines.worker import KEPT

    return len(KEPT)


def test_an_engine_that_others_made_forget_the_model_is_told_again(cluster):
    m = a_map()
    when_some_are_done(m, lambda: cluster[:].apply_async(forget))
    run = m.multifit(client=cluster, show_progressbar=False)
    assert (run.state, run.done, run.failures) == ("done", run.total, [])
    assert cluster[:].apply_sync(kept) == [1, 1]


def test_an_engine_that_joins_works_from_then_on(cluster, monkeypatch):
    cluster[:].apply_sync(forget)
    there = [0]
    monkeypatch.setattr(type(cluster), "ids", property(lambda _: list(there)))
    m = a_map()
    held = when_some_are_done(m, lambda: m.run.pause())  # noqa: PLW0108 - it is there later
    run = m.multifit(client=cluster, block=False)
    assert held.wait(100)
    there.append(1)
    while not cluster[1].apply_sync(kept):
        assert run.state == "paused"
    before = cluster.queue_status()[1]["completed"]
    run.resume()
    run.wait(100)
    assert (run.state, run.done, run.failures) == ("done", run.total, [])
    assert cluster.queue_status()[1]["completed"] > before


def test_an_engine_that_joins_and_cannot_work_is_left_out(cluster, monkeypatch, caplog):
    there, plain = [0], ipp.refuse_facts

    def refuse(facts, engine):
        if engine == "engine 1":
            raise FitError(f"multifit: {engine} is not as it should be")
        plain(facts, engine)

    monkeypatch.setattr(ipp, "refuse_facts", refuse)
    monkeypatch.setattr(type(cluster), "ids", property(lambda _: list(there)))
    m = a_map()
    held = when_some_are_done(m, lambda: m.run.pause())  # noqa: PLW0108 - it is there later
    run = m.multifit(client=cluster, block=False)
    assert held.wait(100)
    there.append(1)
    while "an engine that joined is left out: multifit: engine 1" not in caplog.text:
        assert run.state == "paused"
    run.resume()
    run.wait(100)
    assert (run.state, run.done, run.failures) == ("done", run.total, [])


def test_an_engine_that_hangs_is_given_up_and_the_others_do_its_work(cluster):
    reference, m = a_map(), a_map()
    reference.multifit(show_progressbar=False)
    hanging = cluster[1].apply_sync(os.getpid)
    happened = when_some_are_done(m, lambda: os.kill(hanging, signal.SIGSTOP))
    try:
        run = m.multifit(client=cluster, timeout=6.0, show_progressbar=False)
    finally:
        os.kill(hanging, signal.SIGCONT)
    assert happened.is_set()
    assert (run.state, run.done, run.failures) == ("done", run.total, [])
    assert_allclose(m.maps.values, reference.maps.values, rtol=1e-8, atol=1e-11)
    assert cluster[1].apply_sync(os.getpid) == hanging  # it is there again, for others


def test_engines_of_another_version_are_refused_before_the_first_job(cluster, monkeypatch):
    monkeypatch.setattr(travel, "__version__", "77.0")
    m = a_map()
    with pytest.raises(FitError, match=r"engine 0 has hsjupyter .*, here are 77\.0 and 3"):
        m.multifit(client=cluster, show_progressbar=False)
    assert not m.maps.is_set.any()
    assert m.run is None
