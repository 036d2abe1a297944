"""The maps do not depend on the order in which jobs come back, nor on how many are under way."""

import random
from concurrent.futures import Future

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

import hsjupyter.api as hs
from hsjupyter.engines.worker import work
from hsjupyter.fitting.call import fit_call
from hsjupyter.fitting.jobs import pixels_of
from hsjupyter.fitting.plan import make_plan
from hsjupyter.schedule.driver import steps, taker
from hsjupyter.schedule.multifit import Multifit
from hsjupyter.schedule.paths import path
from hsjupyter.schedule.run import Run
from hsjupyter.schedule.starts import starts_of

SHAPE = (6, 20)
LENGTH = 8
FIELDS = ("values", "std", "is_set", "chisq", "dof")
c1 = hs.model.components1D


class Held:
    """An executor whose jobs come back when they are asked for."""

    def __init__(self, capacity):
        self.capacity, self.jobs = capacity, {}

    def submit(self, job):
        future = Future()
        self.jobs[future] = job
        return future

    def close(self):
        assert not self.jobs


def fitted(capacity, choose):
    """The maps of a run of which jobs come back as somebody chooses."""
    m = hs.data.two_gaussians(shape=SHAPE, seed=1).create_model()
    m.extend([c1.Gaussian(A=300, sigma=8, centre=40), c1.Polynomial(order=1)])
    plan, pixels, call = make_plan(m), pixels_of(m), fit_call({})
    order, run, held = path(SHAPE, "serpentine"), Run(120, m), Held(capacity)
    starts = starts_of(None, m.maps, plan, pixels, order, call)
    jobs = Multifit(m.maps, order, np.zeros(2, bool), plan.active, LENGTH, call, starts)
    run.begin()
    driver = steps(jobs, held, run, taker(m, run))
    next(driver)
    while held.jobs:
        future = choose(list(held.jobs))
        future.set_result(work(plan, pixels, held.jobs.pop(future)))
        next_or_end(driver, future)
    assert run.complete
    return m.maps


def next_or_end(driver, future):
    try:
        driver.send([future])
    except StopIteration:
        return


IN_ORDER = fitted(1, lambda futures: futures[0])


@settings(max_examples=15, deadline=None)
@given(st.integers(1, 20), st.integers(0, 2**32))
def test_any_order_gives_the_same_maps(capacity, seed):
    dice = random.Random(seed)  # noqa: S311 - no secret
    maps = fitted(capacity, dice.choice)
    for field in FIELDS:
        assert_array_equal(getattr(maps, field), getattr(IN_ORDER, field))
