"""The result depends neither on how many work nor on who is ready first."""

import itertools
import threading
import warnings
from concurrent.futures import Future

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import hsjupyter.api as hs
from benchmarks.domains import three_domains
from benchmarks.samfire import model_of
from hsjupyter.engines.worker import work
from hsjupyter.samfire import start
from tests.samfire.maps import one_peak

FIELDS = ("values", "std", "is_set", "active", "chisq", "dof")


class Shuffled:
    """Holds jobs back until all of a wave are there; they come back in an order of its own."""

    capacity = 100

    def __init__(self, plan, pixels, stop, seed):
        self._what, self._stop = (plan, pixels), stop
        self._random, self._held = np.random.default_rng(seed), []
        self._lock, self._timer = threading.Lock(), None

    def submit(self, job):
        future = Future()
        with self._lock:
            self._held.append((future, job))
            if self._timer is None:
                self._timer = threading.Thread(target=self._let_go, daemon=True)
                self._timer.start()
        return future

    def _let_go(self):
        while True:
            with self._lock:
                if not self._held:
                    self._timer = None
                    return
                future, job = self._held.pop(int(self._random.integers(len(self._held))))
            future.set_result(work(*self._what, job, self._stop))

    def close(self):
        self._held = []


def result(m, samf):
    found = {name: getattr(m.maps, name) for name in FIELDS}
    return {**found, "order": samf.order.data, "origin": samf.origin.data}


def domains(workers, **kwargs):
    truth = three_domains(20)
    m = model_of(hs, truth.signal(hs), [(900.0, 8.0, 64.0), (900.0, 9.0, 135.0)])
    samf = m.create_samfire(workers=workers, random_state=7, **kwargs)
    samf.optional_components = [m[0], m[1]]
    samf.extend([hs.samfire.SegmentationStrategy(4), hs.samfire.OutlierStrategy()])
    samf.start(seeds="auto", show_progressbar=False)
    return result(m, samf)


@pytest.fixture(scope="module")
def alone():
    return domains(0)


@pytest.mark.parametrize("workers", [1, 3])
def test_threads_give_what_one_gives(alone, workers):
    together = domains(workers)
    for name, array in alone.items():
        assert_array_equal(together[name], array, err_msg=name)


@pytest.mark.parametrize("seed", range(2))
def test_the_order_of_completion_changes_nothing(monkeypatch, alone, seed):
    monkeypatch.setattr(
        start,
        "executor_for",
        lambda *what, workers: Shuffled(*what, seed + workers),
    )
    shuffled = domains(0)
    for name, array in alone.items():
        assert_array_equal(shuffled[name], array, err_msg=name)


def test_the_global_strategy_alone_depends_on_its_seed_only():
    found = []
    for workers in (0, 2):
        m, centre = one_peak((12, 12))
        for indices in ((0, 0), (11, 11), (5, 5)):
            m.axes_manager.indices = indices
            m[0].centre.value = centre[indices[::-1]]
            m.fit()
        samf = m.create_samfire(workers=workers, random_state=5)
        samf.remove(0)
        samf.strategies[0].bins = "blocks"
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the values of three seeds do not reach all
            samf.start(show_progressbar=False)
        assert samf.pixels_done > 100
        found.append(result(m, samf))
        done = samf.order.data >= 0
        assert_allclose(m[0].centre.map["values"][done], centre[done], atol=1)
    for name in found[0]:
        assert_array_equal(found[0][name], found[1][name], err_msg=name)


def test_waves_hold_what_can_be_fitted_beside_each_other():
    m, _ = one_peak((9, 9))
    m.axes_manager.indices = (4, 4)
    m[0].centre.value = 29.0
    m.fit()
    samf = m.create_samfire(workers=0)
    samf.start(show_progressbar=False)
    wave = np.array(
        [
            [samf.history(x, y)[0].wave if (x, y) != (4, 4) else 0 for x in range(9)]
            for y in range(9)
        ]
    )
    rings = np.abs(np.indices((9, 9)) - 4).max(axis=0)
    assert_array_equal(wave, rings)
    order = samf.order.data
    for one, other in itertools.pairwise(range(5)):
        assert order[rings == one].max() < order[rings == other].min()
