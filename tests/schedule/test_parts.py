"""Of jobs that take long, what is done is told before their end, and every pixel once."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import hsjupyter.api as hs
from hsjupyter.core.errors import HSJupyterWarning
from hsjupyter.fitting import solve
from hsjupyter.fitting.jobs import Job, pixels_of
from hsjupyter.fitting.plan import make_plan
from hsjupyter.fitting.solve import LENGTH_ALONE, solve_job

FIELDS = ("pixels", "values", "std", "chisq", "dof")


class SlopeOfParts(hs.Component):
    """A shape that is written in Python."""

    a = hs.Par(0.0)

    @staticmethod
    def profile(x, a):
        return a * x


def a_model():
    """Of 3 x 30 pixels, of which one is broken."""
    x = np.arange(20.0)
    y = np.linspace(1, 2, 90).reshape(3, 30, 1) * x + np.random.default_rng(3).normal(size=20)
    y[1, 4, 3] = np.nan
    m = hs.signals.Signal1D(y).create_model()
    m.append(SlopeOfParts())
    return m


def test_what_is_told_and_what_is_left_make_the_whole(monkeypatch):
    m = a_model()
    plan, pixels = make_plan(m), pixels_of(m)
    job = Job(np.arange(90), np.full((90, 1), np.nan), np.ones((90, 1), dtype=bool), "leastsq")
    whole = solve_job(plan, pixels, job)
    monkeypatch.setattr(solve, "TELLING", -1.0)
    parts = []
    parts.append(solve_job(plan, pixels, job, tell=parts.append))
    assert len(parts) == 90
    for field in FIELDS:
        assert_array_equal(
            np.concatenate([getattr(part, field) for part in parts]), getattr(whole, field)
        )
    assert [f.pixel for part in parts for f in part.failures] == [34]


@pytest.mark.parametrize("workers", [0, 1, 2])
def test_a_run_takes_every_pixel_once_and_tells_of_it_early(workers, monkeypatch):
    reference, m, seen = a_model(), a_model(), []
    with pytest.warns(HSJupyterWarning, match="1 of 90"):
        reference.multifit(show_progressbar=False, workers=0)
    monkeypatch.setattr(solve, "TELLING", -1.0)

    def follow(run):
        plain = run.count

        def count(good, failures=()):
            seen.append(good + len(failures))
            plain(good, failures)

        run.count = count

    m.observe(lambda change: follow(change["new"]), "run")
    where = {"executor": "threads"} if workers else {}
    with pytest.warns(HSJupyterWarning, match="1 of 90"):
        run = m.multifit(show_progressbar=False, workers=workers, **where)
    assert (run.done, sum(seen), len(run.failures)) == (90, 90, 1)
    assert len(seen) == 90 > 90 / LENGTH_ALONE
    assert_allclose(m.maps.values, reference.maps.values, rtol=1e-12)
