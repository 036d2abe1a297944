"""What an engine runs: the same numbers as here, and no widget library."""

import numpy as np
from numpy.testing import assert_allclose

import hsjupyter.api as hs
from hsjupyter.engines.choose import executor_for
from hsjupyter.engines.worker import work
from hsjupyter.fitting.jobs import Job, pixels_of
from hsjupyter.fitting.plan import make_plan

WIDGETS = ("ipywidgets", "anywidget", "bqplot", "matplotlib")


def a_problem():
    m = hs.data.two_gaussians(shape=(4, 8), seed=1).create_model()
    c1 = hs.model.components1D
    m.extend([c1.Gaussian(A=300, sigma=8, centre=40), c1.Expression("a + b * x", "line", a=1, b=0)])
    n, slots = 32, len(m.row())
    job = Job(np.arange(n), np.full((n, slots), np.nan), np.ones((n, 2), dtype=bool), "leastsq")
    return make_plan(m), pixels_of(m), job


def loaded(names):
    import sys

    return [name for name in names if name in sys.modules]


def test_a_real_engine_finds_the_same_and_loads_no_widget(cluster):
    plan, pixels, job = a_problem()
    here = work(plan, pixels, job)
    view = cluster[:]
    before = view.apply_sync(loaded, WIDGETS)
    for there in view.apply_sync(work, plan, pixels, job):
        assert_allclose(there.values, here.values, rtol=1e-8)
        assert_allclose(there.chisq, here.chisq, rtol=1e-8)
    assert view.apply_sync(loaded, WIDGETS) == before == [[], []]
    assert (
        view.apply_sync(loaded, ("hsjupyter.fitting.solve",)) == [["hsjupyter.fitting.solve"]] * 2
    )


def test_executors_here_and_in_threads_find_the_same():
    plan, pixels, job = a_problem()
    wanted = work(plan, pixels, job)
    for workers in (0, 1, 2):
        executor = executor_for(plan, pixels, np.zeros(1, np.int64), workers=workers)
        found = executor.submit(job).result(60)
        executor.close()
        assert_allclose(found.values, wanted.values, rtol=1e-12)


def test_an_executor_keeps_an_error_for_whoever_reads_the_result():
    plan, pixels, _ = a_problem()
    for workers in (0, 1):
        executor = executor_for(plan, pixels, np.zeros(1, np.int64), workers=workers)
        future = executor.submit("not a job")
        assert isinstance(future.exception(60), AttributeError)
        executor.close()
