"""The compiled driver: the same optimum, errors and failures as one pixel after another."""

import os
import subprocess
import sys

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import hsjupyter.api as hs
from hsjupyter.fitting import alone, objective, solve
from hsjupyter.fitting.jobs import pixels_of
from hsjupyter.fitting.kept import is_compiled
from hsjupyter.fitting.plan import make_plan
from tests.fitting.maps import (
    KINDS,
    binned,
    bounded,
    counts,
    fixed,
    job_of,
    peaks,
    ranged,
    twinned,
    without_kernels,
)

c1 = hs.model.components1D


@pytest.mark.parametrize("kind", KINDS, ids=[k.__name__ for k in KINDS])
def test_it_finds_what_one_pixel_after_another_finds(kind, monkeypatch):
    m = peaks()
    kind(m)
    plan, pixels = make_plan(m), pixels_of(m)
    assert is_compiled(plan)
    job = job_of(m, plan)
    fast = solve.solve_job(plan, pixels, job)
    without_kernels(monkeypatch)
    slow = solve.solve_job(plan, pixels, job)
    assert not fast.failures
    assert_array_equal(fast.pixels, slow.pixels)
    assert_allclose(fast.chisq, slow.chisq, rtol=1e-8)
    assert_array_equal(fast.dof, slow.dof)
    assert_array_equal(np.isnan(fast.std), np.isnan(slow.std))
    size = np.where(np.isnan(slow.std), 1e-6 * (1 + np.abs(slow.values)), slow.std)
    assert (np.abs(fast.values - slow.values) < 2e-3 * size)[~np.isnan(slow.values)].all()
    assert_allclose(fast.std, slow.std, rtol=2e-3)


@pytest.mark.parametrize("kind", KINDS, ids=[k.__name__ for k in KINDS])
@pytest.mark.parametrize("pixel", [0, 5])
def test_a_fit_of_one_pixel_finds_it_to_all_digits(kind, pixel, monkeypatch):
    m = peaks()
    kind(m)
    plan, active = make_plan(m), job_of(m, make_plan(m)).active[pixel]
    asked = objective.make_objective(plan, pixels_of(m).at(pixel), plan.start, active)
    fast = alone.solve_alone(asked, "leastsq")
    assert fast is not None
    assert fast.success
    without_kernels(monkeypatch)
    again = objective.make_objective(plan, pixels_of(m).at(pixel), plan.start, active)
    slow = solve.solve_pixel(again, "leastsq", {})
    assert fast.names == slow.names
    assert fast.on_bound == slow.on_bound
    assert fast.absolute == slow.absolute
    assert_allclose([fast.fun, fast.chisq], [slow.fun, slow.chisq], rtol=1e-12)
    assert_allclose(fast.red_chisq, slow.red_chisq, rtol=1e-12)
    size = np.where(np.isnan(slow.std), 1e-6 * np.abs(slow.x), slow.std)
    assert (np.abs(fast.x - slow.x) < 1e-6 * size).all()
    assert_allclose(fast.std, slow.std, rtol=1e-6)
    largest = np.nanmax(np.abs(slow.covar))
    assert_allclose(fast.covar, slow.covar, rtol=1e-5, atol=1e-6 * largest)


@pytest.mark.parametrize("kind", KINDS, ids=[k.__name__ for k in KINDS])
def test_kernels_write_what_numpy_works_out(kind, monkeypatch):
    m = peaks()
    kind(m)
    plan, active = make_plan(m), job_of(m, make_plan(m)).active[1]
    one = objective.make_objective(plan, pixels_of(m).at(1), plan.start, active)
    p = one.row[one.slots] * 1.01
    by_kernels = (one.model(p), one.rows(p), one.value(p), one.gradient(p))
    without_kernels(monkeypatch)
    other = objective.make_objective(plan, pixels_of(m).at(1), plan.start, active)
    by_numpy = (other.model(p), other.rows(p), other.value(p), other.gradient(p))
    for ours, theirs in zip(by_kernels, by_numpy, strict=True):
        assert_allclose(ours, theirs, rtol=1e-11, atol=1e-11 * np.abs(theirs).max())


def doubtful(**found):
    """A peak on a constant that several components describe, noise, or nothing at all."""
    rng = np.random.default_rng(4)
    x = np.linspace(0, 30, 150)
    y = 40 * np.exp(-((x - 12) ** 2) / 8) * found["height"] + rng.normal(0, found["noise"], 150)
    s = hs.signals.Signal1D(y)
    s.axes_manager[-1].scale = x[1]
    m = s.create_model()
    m.append(c1.Gaussian(A=150, sigma=2.5, centre=10))
    m.extend([c1.Offset(1) for _ in range(found["n"])])
    return m


@pytest.mark.parametrize(
    "found",
    [
        {"n": 2, "height": 1.0, "noise": 1.0},
        {"n": 0, "height": 0.0, "noise": 1.0},
        {"n": 0, "height": 0.0, "noise": 0.0},
    ],
    ids=["twice the same", "noise", "nothing"],
)
def test_where_the_end_is_in_doubt_other_ways_are_tried(found):
    m = doubtful(**found)
    plan = make_plan(m)
    asked = objective.make_objective(plan, pixels_of(m).at(0), plan.start, plan.active)
    assert alone.solve_alone(asked, "leastsq") is None


def test_a_fit_of_one_pixel_hands_out_nothing_that_the_next_one_changes():
    m = peaks()
    first = m.fit()
    kept = first.x.copy(), first.std.copy(), first.covar.copy()
    m.axes_manager.indices = (7,)
    second = m.fit()
    assert (first.x != second.x).all()
    for before, after in zip(kept, (first.x, first.std, first.covar), strict=True):
        assert_array_equal(before, after)


COUNTED = [counts, bounded, fixed, twinned, binned, ranged]


@pytest.mark.parametrize("kind", COUNTED, ids=[k.__name__ for k in COUNTED])
def test_poisson_likelihoods_are_those_of_one_pixel_after_another(kind, monkeypatch):
    m = peaks(offset=6.0)
    m.signal.data = np.random.default_rng(1).poisson(np.maximum(m.signal.data, 0)).astype(float)
    kind(m)
    if m.signal.axes_manager[-1].is_binned:
        m.set_parameters_value("offset", 20.0)
    plan, pixels = make_plan(m), pixels_of(m)
    job = job_of(m, plan, "fisher", "ML-poisson")
    fast = solve.solve_job(plan, pixels, job)
    without_kernels(monkeypatch)
    slow = solve.solve_job(plan, pixels, job)
    assert not fast.failures
    assert_array_equal(fast.pixels, slow.pixels)
    assert_array_equal(np.isnan(fast.std), np.isnan(slow.std))
    size = np.where(np.isnan(slow.std), 1e-6 * (1 + np.abs(slow.values)), slow.std)
    assert (np.abs(fast.values - slow.values) < 5e-3 * size)[~np.isnan(slow.values)].all()
    assert_allclose(fast.std, slow.std, rtol=5e-3)
    assert_allclose(fast.chisq, slow.chisq, rtol=1e-4)


def test_negative_counts_are_failures_of_their_pixels():
    m = peaks()
    m.signal.data = np.maximum(m.signal.data, 0)
    m.signal.data[3, 7] = -1
    plan = make_plan(m)
    found = solve.solve_job(plan, pixels_of(m), job_of(m, plan, "fisher", "ML-poisson"))
    assert [(f.pixel, f.reason) for f in found.failures] == [(3, "DataError: counts are negative")]


@pytest.mark.parametrize("workers", [0, 2, 5])
def test_the_number_of_threads_changes_nothing(workers):
    one, many = peaks(700), peaks(700)
    one.multifit(show_progressbar=False, workers=1)
    many.multifit(show_progressbar=False, workers=workers)
    assert_array_equal(one.maps.values, many.maps.values)
    assert_array_equal(one.maps.std, many.maps.std)


def test_threads_of_a_fresh_process_compile_in_peace(tmp_path):
    program = (
        "import hsjupyter.api as hs\n"
        "m = hs.data.two_gaussians(shape=(32, 32)).create_model()\n"
        "g = hs.model.components1D.Gaussian\n"
        "m.extend([g(A=2500, sigma=9, centre=45), g(A=900, sigma=2.5, centre=62)])\n"
        "print(m.multifit(workers=6, show_progressbar=False))"
    )
    for _ in range(2):  # once with an empty cache of kernels, once with a full one
        done = subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "HSJUPYTER_CACHE": str(tmp_path)},
            capture_output=True,
            text=True,
            check=True,
        )
        assert "done, 1024 of 1024" in done.stdout


def test_freeing_and_fixing_compile_nothing_new_for_what_was_free():
    from hsjupyter.formula import kernel_code

    m = peaks()
    m.multifit(show_progressbar=False)
    before = kernel_code._compiled.cache_info().misses  # noqa: SLF001 - what is counted
    m[0].centre.set_bounds(5, 15)
    m.append(c1.Gaussian(A=1, sigma=1, centre=25))
    m.multifit(show_progressbar=False)
    assert kernel_code._compiled.cache_info().misses == before  # noqa: SLF001


GARBAGE = {
    "NaN": np.nan,
    "infinity": np.inf,
    "zeros": 0.0,
    "a constant": 7.0,
    "huge": 1e300,
    "beyond": 1e308,
    "tiny": 1e-300,
    "negative": -50.0,
}


@pytest.mark.parametrize("what", GARBAGE)
def test_garbage_ends_and_does_not_touch_its_neighbours(what):
    clean, m = peaks(12), peaks(12)
    m.signal.data[5] = GARBAGE[what]
    if what == "beyond":
        m.signal.data[5, ::2] = -1e308
    plan = make_plan(m)
    with np.errstate(all="ignore"):
        found = solve.solve_job(plan, pixels_of(m), job_of(m, plan))
        wanted = solve.solve_job(plan, pixels_of(clean), job_of(clean, plan))
    others = found.pixels != 5
    reached = np.isin(wanted.pixels, found.pixels[others])
    assert reached.sum() == 11
    assert_allclose(found.chisq[others], wanted.chisq[reached], rtol=1e-8)
    for failure in found.failures:
        assert failure.pixel == 5
        assert failure.reason
    if what in {"NaN", "infinity"}:
        assert [f.pixel for f in found.failures] == [5]
        assert "NaN or infinity" in found.failures[0].reason


def test_amplitudes_that_start_at_zero_are_not_an_optimum():
    m = peaks()
    m.set_parameters_value("A", 0.0)
    m.maps.is_set[...] = False
    m.multifit(show_progressbar=False)
    good = peaks()
    good.multifit(show_progressbar=False)
    assert_allclose(m.chisq.data, good.chisq.data, rtol=1e-6)


def test_a_stop_leaves_pixels_unset_and_is_no_failure():
    m = peaks(40)
    plan = make_plan(m)
    found = solve.solve_job(plan, pixels_of(m), job_of(m, plan), np.ones(1, np.int64))
    assert len(found.pixels) == 0
    assert not found.failures


def test_two_gaussians_are_found_within_three_deviations_as_often_as_they_should():
    s = hs.data.two_gaussians(shape=(32, 32))
    m = s.create_model()
    broad = c1.Gaussian(A=2500, sigma=9, centre=45)
    m.extend([broad, c1.Gaussian(A=900, sigma=2.5, centre=62)])
    m.multifit(show_progressbar=False)
    for k, component in enumerate(m):
        for p in component.parameters:
            truth = getattr(s.metadata.Truth, f"Gaussian_{k}").get_item(p.name)
            pull = (p.map["values"] - truth) / p.map["std"]
            for width, rate in ((1, 0.6827), (2, 0.9545), (3, 0.9973)):
                seen = (np.abs(pull) < width).mean()
                # Counting error of 1024 pixels, three of them.
                assert abs(seen - rate) < 3 * np.sqrt(rate * (1 - rate) / 1024) + 1 / 1024


@pytest.mark.parametrize("value", [0.0, 7.0])
def test_counts_without_noise_end_and_are_not_spun_on(value):
    m = peaks(4)
    m.signal.data = np.full_like(m.signal.data, value)
    m.set_parameters_value("offset", 2.0)
    plan = make_plan(m)
    found = solve.solve_job(plan, pixels_of(m), job_of(m, plan, "fisher", "ML-poisson"))
    assert not found.failures
    assert_allclose(found.chisq, 0, atol=1e-3)
