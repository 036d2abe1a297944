"""Intervals cover the truth as often as they say; every gradient is that of central differences."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import stats

import hsjupyter.api as hs
from hsjupyter.core.shape import central_differences
from hsjupyter.fitting.jobs import pixels_of
from hsjupyter.fitting.losses import LOSSES, Custom, Loss, huber_loss
from hsjupyter.fitting.objective import make_objective
from hsjupyter.fitting.plan import make_plan

c1 = hs.model.components1D
X = np.linspace(0, 20, 100)
TRUTH = {"A": 900.0, "sigma": 1.5, "centre": 9.0, "offset": 15.0}
VARIANCE = np.linspace(2, 12, len(X))
KINDS = ("plain", "weighted", "counts", "robust")
LIMITS = ("free", "bounded", "twinned")


def a_map(kind, limits, pixels):
    """Spectra of the same truth; its bounds are far enough that nothing ends on them."""
    rng = np.random.default_rng([KINDS.index(kind), LIMITS.index(limits)])
    line = c1.Gaussian(A=900, sigma=1.5, centre=9).function(X) + TRUTH["offset"]
    shape = (pixels, len(X))
    noise = rng.normal(0, np.sqrt(6.0 if kind == "plain" else VARIANCE), shape)
    y = rng.poisson(line, shape).astype(float) if kind == "counts" else line + noise
    s = hs.signals.Signal1D(y, axes=[{"size": pixels}, {"axis": X}])
    if kind in {"weighted", "robust"}:
        s.set_noise_variance(hs.signals.Signal1D(VARIANCE))
    m = s.create_model()
    m.extend([c1.Gaussian(A=700, sigma=1.8, centre=8.6), c1.Offset(10)])
    for p in m.parameters:
        p.set_bounds(None, None)
    if limits != "free":
        for p, (low, high) in zip(
            m.parameters, [(500, 1300), (0.5, 3), (6, 12), (5, 25)], strict=True
        ):
            p.set_bounds(low, high)
    if limits == "twinned":
        m[1].offset.twin_function_expr = "10*x"
        m[1].offset.twin = m[0].sigma
    return m


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("limits", LIMITS)
def test_intervals_cover_the_truth_as_often_as_they_say(kind, limits):
    pixels = 150 if kind == "robust" else 2500
    m = a_map(kind, limits, pixels)
    loss = {"counts": "ML-poisson", "robust": "huber"}.get(kind, "ls")
    run = m.multifit(loss_function=loss, show_progressbar=False)
    assert not run.failures
    for p in m.parameters:  # the follower's, by propagation, too
        pull = (p.map["values"] - TRUTH[p.name]) / p.map["std"]
        assert np.isfinite(pull).all()
        for sure in (0.68, 0.95):
            width = (
                stats.t.ppf((1 + sure) / 2, len(X) - 4)
                if kind == "plain"
                else stats.norm.ppf((1 + sure) / 2)
            )
            seen = (np.abs(pull) < width).mean()
            # Counting error of that many fits; 24 to 96 such tests stay within four of them.
            assert abs(seen - sure) < 4 * np.sqrt(sure * (1 - sure) / pixels), (p.name, sure, seen)


def absolute_difference(f, y, weights):
    w = 1 if weights is None else weights
    return float(np.sum(w * np.sqrt(1 + (f - y) ** 2)))


EVERY_LOSS = [LOSSES["ls"], LOSSES["ML-poisson"], huber_loss(2.0)]
EVERY_LOSS.append(Loss("custom", Custom(absolute_difference)))


def objective_of(loss, *, weights, twin, binned, bounds):
    m = a_map("counts", "free", 2)
    if weights:
        m.signal.set_noise_variance(hs.signals.Signal1D(VARIANCE))
    if twin:
        m[1].offset.twin_function_expr = "x**2"
        m[1].offset.twin = m[0].sigma
    if bounds:  # two numbers stand on theirs
        m[0].A.bmax, m[0].sigma.bmin = 700, 1.8
    m.signal.axes_manager[-1].is_binned = binned
    plan = make_plan(m)
    return make_objective(plan, pixels_of(m).at(0), plan.start, plan.active, loss)


@pytest.mark.parametrize("loss", EVERY_LOSS, ids=lambda loss: loss.name)
@pytest.mark.parametrize("weights", [False, True], ids=["", "weights"])
@pytest.mark.parametrize("twin", [False, True], ids=["", "twin"])
@pytest.mark.parametrize("binned", [False, True], ids=["", "binned"])
@pytest.mark.parametrize("bounds", [False, True], ids=["", "bounds"])
def test_gradients_are_those_of_central_differences(loss, weights, twin, binned, bounds):
    objective = objective_of(loss, weights=weights, twin=twin, binned=binned, bounds=bounds)
    p = objective.row[objective.slots]

    def value(_, q):
        return np.array([objective.value(np.array(q))])

    def line(_, q):
        return objective.residual(np.array(q))

    near = central_differences(value, (np.zeros(1),), p)[:, 0]
    assert_allclose(objective.gradient(p), near, rtol=2e-5, atol=1e-6 * np.abs(near).max())
    rows = central_differences(line, objective.plan.coords, p)
    assert_allclose(objective.jacobian(p).T, rows, rtol=1e-5, atol=1e-7 * np.abs(rows).max())


def test_the_parabola_of_a_loss_lies_above_it():
    y, w = np.array([0.0, 3.0, -2.0, 10.0]), np.array([1.0, 0.5, 2.0, 1.0])
    for loss in (LOSSES["ls"], huber_loss(1.3)):
        for at in (np.array([0.5, 9.0, -2.1, -30.0]), y + 4.0):
            here = loss.terms(at, y, w)
            bend = here.curvature if here.hold is None else here.hold
            for move in np.linspace(-20, 20, 41):
                above = here.value + float(here.slope.sum() * move + bend.sum() * move**2 / 2)
                assert loss.terms(at + move, y, w).value <= above * (1 + 1e-12)


def test_the_scatter_of_huber_is_that_of_normal_noise():
    z = np.random.default_rng(0).normal(0, 1, 400_000)
    for delta in (0.5, 1.0, 2.5):
        half = np.clip(z, -delta, delta)
        wanted = (half**2).mean() / (np.abs(z) < delta).mean()
        assert_allclose(huber_loss(delta).scatter, wanted, rtol=5e-3)


@pytest.mark.parametrize("kind", ["plain", "weighted", "counts"])
def test_the_rule_of_maps_gives_up_less_than_a_thousandth_of_an_error(kind):
    loss = "ML-poisson" if kind == "counts" else "ls"
    quick, exact, single = (a_map(kind, "bounded", 4) for _ in range(3))
    quick.multifit(loss_function=loss, show_progressbar=False)
    exact.multifit(loss_function=loss, ftol=1e-15, show_progressbar=False)
    for i in range(4):
        for m in (quick, exact, single):
            m.axes_manager.indices = (i,)
        result = single.fit(loss_function=loss)
        rows = [np.abs(m.row() - result.x) / result.std for m in (quick, exact)]
        assert rows[0].max() < 1e-3
        assert rows[1].max() < 1e-6
