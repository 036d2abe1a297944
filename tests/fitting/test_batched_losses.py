"""What the compiled driver solves beside plain least squares, held against one after another."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import hsjupyter.api as hs
from hsjupyter.fitting import solve
from hsjupyter.fitting.jobs import pixels_of
from hsjupyter.fitting.losses import huber_loss, poisson_parts
from hsjupyter.fitting.objective import make_objective
from hsjupyter.fitting.plan import make_plan
from tests.fitting.maps import KINDS, job_of, peaks, without_kernels

NAMES = [kind.__name__ for kind in KINDS]


def both_ways(m, monkeypatch, *what, **options):
    """The same job by the driver, and one pixel after another by numpy."""
    plan, pixels = make_plan(m), pixels_of(m)
    job = job_of(m, plan, *what, **options)
    assert solve.batches(job, plan)
    fast = solve.solve_job(plan, pixels, job)
    without_kernels(monkeypatch)
    slow = solve.solve_job(plan, pixels, job)
    assert not fast.failures
    assert not slow.failures
    order = np.argsort(fast.pixels)
    assert_array_equal(fast.pixels[order], slow.pixels)
    values, std, chisq = (getattr(fast, name)[order] for name in ("values", "std", "chisq"))
    assert_array_equal(np.isnan(std), np.isnan(slow.std))
    size = np.where(np.isnan(slow.std), 1e-6 * (1 + np.abs(slow.values)), slow.std)
    return np.nan_to_num(np.abs(values - slow.values) / size), std / slow.std, chisq / slow.chisq


@pytest.mark.parametrize("kind", KINDS, ids=NAMES)
def test_a_small_tolerance_gives_all_digits(kind, monkeypatch):
    m = peaks()
    kind(m)
    off, std, chisq = both_ways(m, monkeypatch, ftol=1e-15)
    assert off.max() < 2e-6
    assert_allclose(std[~np.isnan(std)], 1, rtol=1e-6)
    assert_allclose(chisq, 1, rtol=1e-12)


def test_a_large_tolerance_ends_early():
    m = peaks()
    plan, pixels = make_plan(m), pixels_of(m)
    tight, loose = (
        solve.solve_job(plan, pixels, job_of(m, plan, **words)) for words in ({}, {"ftol": 0.3})
    )
    off = np.nanmax(np.abs(loose.values - tight.values) / tight.std, axis=1)
    assert (off > 1e-3).all()
    assert np.median(off) < 3


def test_what_the_driver_leaves_in_doubt_is_fitted_by_other_ways():
    m = peaks()
    twin = hs.model.components1D.Gaussian(A=1, sigma=2.5, centre=10)
    m.append(twin)
    for p in (twin.sigma, twin.centre):  # its area and that of the other are one number
        p.twin = getattr(m[0], p.name)
    m[0].A.set_bounds(0, 1e4)
    twin.A.set_bounds(0, 1e4)
    plan, pixels = make_plan(m), pixels_of(m)
    quick = solve.solve_job(plan, pixels, job_of(m, plan))
    exact = solve.solve_job(plan, pixels, job_of(m, plan, ftol=1e-15))
    assert len(exact.pixels) + len(exact.failures) == 24
    assert len(exact.pixels) >= len(quick.pixels)
    n = len(set(exact.pixels.tolist()))
    assert n == len(exact.pixels)


def spoilt(m, *, seed=3):
    """Some channels of every pixel are far off."""
    rng = np.random.default_rng(seed)
    data = m.signal.data
    off = rng.random(data.shape) < 0.03
    m.signal.data = np.where(off, data + 60, data).astype(data.dtype)


@pytest.mark.parametrize("delta", [1.0, 2.5])
@pytest.mark.parametrize("kind", KINDS, ids=NAMES)
def test_huber_is_what_one_pixel_after_another_finds(kind, delta, monkeypatch):
    m = peaks()
    kind(m)
    spoilt(m)
    plan, pixels = make_plan(m), pixels_of(m)
    job = job_of(m, plan, "fisher", huber_loss(delta))
    assert solve.batches(job, plan)
    fast = solve.solve_job(plan, pixels, job)
    without_kernels(monkeypatch)
    slow = solve.solve_job(plan, pixels, job)
    assert not fast.failures
    assert_array_equal(fast.pixels, slow.pixels)
    least, other = (losses_of(plan, pixels, job, found.values) for found in (fast, slow))
    assert (least <= other * (1 + 1e-8)).all()
    same = np.flatnonzero(least >= other * (1 - 1e-8))  # else the other got stuck on its way
    assert len(same) >= 20
    assert_array_equal(np.isnan(fast.std[same]), np.isnan(slow.std[same]))
    size = np.where(np.isnan(slow.std), 1e-6 * (1 + np.abs(slow.values)), slow.std)
    off = np.abs(fast.values - slow.values) / size
    assert np.nanmax(off[same]) < 5e-3
    ratio = (fast.std / slow.std)[same]
    assert_allclose(ratio[~np.isnan(ratio)], 1, rtol=2e-2)
    assert_allclose(fast.chisq[same], slow.chisq[same], rtol=1e-4)


def losses_of(plan, pixels, job, values):
    found = []
    for i, row in enumerate(values):
        o = make_objective(plan, pixels.at(i), row, job.active[i], job.loss)
        found.append(o.value(row[o.slots]))
    return np.array(found)


def test_huber_does_not_follow_what_is_far_off():
    m, clean = peaks(), peaks()
    spoilt(m)
    clean.multifit(show_progressbar=False)
    wanted = clean.maps.values.copy()
    m.multifit(loss_function="huber", show_progressbar=False)
    robust = np.abs(m.maps.values - wanted)
    m.multifit(loss_function="ls", show_progressbar=False)
    assert np.median(robust) < 0.3 * np.median(np.abs(m.maps.values - wanted))


@pytest.mark.parametrize("scale", [1e-6, 1e6])
def test_huber_scales_as_the_data_do(scale):
    m, large = peaks(), peaks()
    spoilt(m)
    large.signal.data = m.signal.data * scale
    for name, at in (("Gaussian", "A"), ("Gaussian_0", "A"), ("Offset", "offset")):
        p = getattr(large[name], at)
        p.value = p.value * scale
    m.multifit(loss_function="huber", huber_delta=1.5, show_progressbar=False)
    large.multifit(loss_function="huber", huber_delta=1.5 * scale, show_progressbar=False)
    for one, other in ((m[0].A, large[0].A), (m[2].offset, large[2].offset)):
        assert_allclose(other.map["values"] / scale, one.map["values"], rtol=1e-5)
        assert_allclose(other.map["std"] / scale, one.map["std"], rtol=1e-2)


def dark(channels=64, pixels=6):
    """Few counts of a line, and none in the channels around it."""
    x = np.arange(channels)
    line = 30 * np.exp(-0.5 * ((x - 30) / 2.0) ** 2)
    counts = np.random.default_rng(3).poisson(np.tile(line, (pixels, 1))).astype(float)
    m = hs.signals.Signal1D(counts).create_model()
    components = hs.model.components1D
    m.extend([components.Gaussian(A=100, sigma=3, centre=29), components.Offset(0.5)])
    return m


@pytest.mark.parametrize("compiled", [True, False])
def test_no_fewer_counts_than_none_are_expected(monkeypatch, compiled):
    # A straight deviance below 0 would fall there, and the offset with it.
    m = dark()
    if not compiled:
        monkeypatch.setattr("hsjupyter.fitting.batch.is_compiled", lambda _plan: False)
    m.multifit(loss_function="ML-poisson", show_progressbar=False)
    lines = m.as_signal(show_progressbar=False).data
    assert (lines > -1e-3).all()
    assert_allclose(m[0].A.map["values"], m.signal.data.sum(axis=1), rtol=0.02)


def test_the_deviance_goes_on_below_zero_and_rises():
    f = np.array([-3.0, -1e-3, 0.0, 5e-11, 1e-10, 2e-10, 0.5, 4.0])
    for y in (0.0, 1.0, 4.0):
        half, weight, left = poisson_parts(f, np.full_like(f, y))
        assert (np.diff(half[:5]) < 0).all()
        assert np.isfinite(weight).all()
        assert (weight > 0).all()
        step = 1e-12
        up, down = (poisson_parts(f + d, np.full_like(f, y))[0] for d in (step, -step))
        smooth = np.abs(f - 1e-10) > 5e-12
        slope = (up - down)[smooth] / (2 * step)
        wanted = (-weight * left)[smooth]
        assert_allclose(slope, wanted, rtol=1e-3, atol=2e-3 * np.abs(half[smooth]).max())
