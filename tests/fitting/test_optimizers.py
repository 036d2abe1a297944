"""Every optimizer on every problem that it is able for; every loss against its definition."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.stats import poisson

import hsjupyter.api as hs
from hsjupyter.core.errors import DataError, FitError, ModelError, UnknownNameError
from hsjupyter.fitting.call import DEPRECATED
from hsjupyter.fitting.losses import LOSSES
from hsjupyter.fitting.optimizers.base import OPTIMIZERS, Ability, Solution, optimizer

c1 = hs.model.components1D
X = np.linspace(0, 20, 120)


def spectrum(y):
    return hs.signals.Signal1D(y, axes=[{"axis": X, "units": "eV"}])


def a_peak(*, bounds=True, counts=False, seed=3):
    rng = np.random.default_rng(seed)
    clean = c1.Gaussian(A=400, sigma=1.5, centre=9).function(X) + 6
    y = rng.poisson(clean).astype(float) if counts else clean + rng.normal(0, 2, X.shape)
    s = spectrum(y)
    if not counts:
        s.set_noise_variance(4.0)
    m = s.create_model()
    m.extend([c1.Gaussian(A=330, sigma=1.8, centre=8.6), c1.Offset(4)])
    if bounds:
        m[0].A.set_bounds(10, 2000)
        m[0].sigma.set_bounds(0.5, 5)
        m[0].centre.set_bounds(5, 15)
        m[1].offset.set_bounds(0, 50)
    else:
        for p in m.parameters:
            p.set_bounds(None, None)
    return m


def a_line():
    y = 3 * X - 5 + np.random.default_rng(1).normal(0, 1, X.shape)
    m = spectrum(y).create_model()
    m.append(c1.Polynomial(order=1))
    return m


NAMES = sorted(OPTIMIZERS)
# The searches that draw at random and those without slopes reach fewer digits.
DIGITS = {"Nelder-Mead": 1e-5, "Powell": 1e-4, "COBYLA": 1e-4, "COBYQA": 1e-4, "trust-constr": 1e-4}


def able(name, loss="ls"):
    ability = OPTIMIZERS[name].ability
    return ability.can(loss) and not ability.linear


@pytest.mark.parametrize("name", [n for n in NAMES if able(n) and n != "odr"])
@pytest.mark.parametrize("bounds", [True, False], ids=["bounded", "free"])
def test_least_squares(name, bounds):
    if OPTIMIZERS[name].ability.needs_bounds and not bounds:
        with pytest.raises(ModelError, match=r"searches between bounds.*Gaussian\.A"):
            a_peak(bounds=False).fit(optimizer=name)
        return
    reference, m = a_peak(bounds=bounds), a_peak(bounds=bounds)
    wanted = reference.fit(bounded=bounds)
    result = m.fit(optimizer=name)
    assert result.success, result.message
    assert_allclose(result.fun, wanted.fun, rtol=1e-8)
    assert_allclose(result.x, wanted.x, rtol=DIGITS.get(name, 1e-5))
    assert_allclose(result.std, wanted.std, rtol=1e-2)


@pytest.mark.parametrize("name", [n for n in NAMES if able(n, "ML-poisson")])
def test_poisson_likelihood(name):
    wanted = a_peak(counts=True).fit("BFGS", "ML-poisson", bounded=False)
    m = a_peak(counts=True)
    result = m.fit(name, "ML-poisson")
    assert result.success, result.message
    assert_allclose(result.fun, wanted.fun, rtol=1e-8)
    assert_allclose(result.x, wanted.x, rtol=2 * DIGITS.get(name, 1e-5))
    assert result.absolute
    assert_allclose(result.std, wanted.std, rtol=1e-2)


@pytest.mark.parametrize("name", [n for n in NAMES if OPTIMIZERS[n].ability.linear])
def test_linear_problems_are_solved_at_once(name):
    m, reference = a_line(), a_line()
    wanted = reference.fit()
    if name == "nnls":
        m.fit(optimizer=name)
        x_only = X * (X @ m.signal.data) / (X @ X)  # the offset would be negative: it is held at 0
        assert_allclose(m(), x_only, atol=1e-9)
        return
    options = {"alpha": 1e-12} if name == "ridge" else {}
    result = m.fit(optimizer=name, **options)
    assert_allclose(result.x, wanted.x, rtol=1e-8)
    assert_allclose(result.std, wanted.std, rtol=1e-6)


def test_a_linear_optimizer_names_what_is_not_linear():
    m = a_peak()
    with pytest.raises(
        ModelError, match=r"these free ones are not: Gaussian.sigma, Gaussian.centre"
    ):
        m.fit(optimizer="lstsq")
    m[0].set_parameters_not_free(["sigma", "centre"])
    m.fit(optimizer="lstsq")
    m[0].A.twin_function_expr = "x**2"
    m[0].A.twin = m[1].offset
    with pytest.raises(ModelError, match=r"these free ones are not: Offset.offset"):
        m.fit(optimizer="lstsq")


def test_odr_takes_uncertain_positions_into_account():
    rng = np.random.default_rng(0)
    true = np.linspace(0, 10, 400)
    seen = np.sort(true + rng.normal(0, 0.3, 400))
    s = hs.signals.Signal1D(2 * true + 1 + rng.normal(0, 0.3, 400), axes=[{"axis": seen}])
    m = s.create_model()
    m.append(c1.Polynomial(order=1))
    result = m.fit(optimizer="odr", weight_x=1.0)
    assert result.success
    # Equal errors in both directions: the direction of largest variance, closed form of Deming.
    xs, ys = seen - seen.mean(), s.data - s.data.mean()
    d = ys @ ys - xs @ xs
    slope = (d + np.sqrt(d * d + 4 * (xs @ ys) ** 2)) / (2 * (xs @ ys))
    assert_allclose(m[0].coefficients.value[0], slope, rtol=1e-6)
    m.fit(optimizer="odr")
    assert_allclose(m[0].coefficients.value[0], np.polyfit(seen, s.data, 1)[0], rtol=1e-6)


@pytest.mark.parametrize("old", DEPRECATED)
def test_older_names_work_and_warn(old):
    m = a_peak()
    with pytest.warns(DeprecationWarning, match=f"write '{DEPRECATED[old]}'"):
        result = m.fit(fitter=old)
    assert result.optimizer == DEPRECATED[old]


def test_the_poisson_loss_is_twice_the_log_likelihood_ratio():
    rng = np.random.default_rng(0)
    y = rng.poisson(4.0, 60).astype(float)
    f, g = np.full(60, 3.7), np.linspace(2, 6, 60)
    ours = LOSSES["ml"].terms(f, y, None).value - LOSSES["ml"].terms(g, y, None).value
    theirs = -2 * (poisson.logpmf(y, f).sum() - poisson.logpmf(y, g).sum())
    assert_allclose(ours, theirs, rtol=1e-10)
    assert_allclose(LOSSES["ml"].terms(np.maximum(y, 1e-9), y, None).value, 0, atol=1e-6)


def test_huber_is_hardly_moved_by_outliers():
    clean, spoilt = a_peak(), a_peak()
    spoilt.signal.data = spoilt.signal.data.copy()
    spoilt.signal.data[::17] += 80
    wanted = clean.fit()
    plain, robust = spoilt.fit(), spoilt.fit("L-BFGS-B", "huber", huber_delta=1.5)
    shift = np.abs(robust.x - wanted.x) / wanted.std
    assert (shift < 3).all()
    assert (np.abs(plain.x - wanted.x) / wanted.std).max() > 10


def test_a_custom_loss_is_called_with_model_data_and_weights():
    wanted = a_peak().fit()
    m = a_peak()

    def chi_squared(f, y, weights):
        return np.sum(weights * (f - y) ** 2)

    result = m.fit("L-BFGS-B", chi_squared)
    assert_allclose(result.x, wanted.x, rtol=1e-4)
    assert_allclose(result.std, wanted.std, rtol=1e-2)


REFUSED = [
    (lambda m: m.fit("leastsq", "ml"), FitError, "cannot fit by 'ML-poisson'; these can: .*BFGS"),
    (lambda m: m.fit("BFGS", bounded=True), FitError, "cannot keep bounds; these can: .*L-BFGS-B"),
    (lambda m: m.fit("Nelder Mead"), UnknownNameError, "did you mean 'Nelder-Mead'"),
    (lambda m: m.fit(xtoll=1e-3), UnknownNameError, "did you mean 'xtol'"),
    (lambda m: m.fit("BFGS", "hubert"), UnknownNameError, "did you mean 'huber'"),
    (lambda m: m.fit("BFGS", "huber", huber_delta=-1), FitError, "a positive number"),
    (lambda m: m.fit("BFGS", huber_delta=1.0), FitError, "with 'huber' is wanted"),
    (lambda m: m.fit(grad="analytic"), UnknownNameError, "did you mean 'analytical'"),
    (
        lambda m: (setattr(m.signal, "data", m.signal.data - 50), m.fit("BFGS", "ml")),
        DataError,
        "hold negative counts",
    ),
]


@pytest.mark.parametrize(("wrong", "kind", "words"), REFUSED)
def test_a_call_that_cannot_be_is_refused(wrong, kind, words):
    m = a_peak()
    before = m.row().tolist()
    with pytest.raises(kind, match=words):
        wrong(m)
    assert m.row().tolist() == before


def test_a_map_is_fitted_with_any_optimizer():
    m = a_peak()
    s = hs.signals.Signal1D(np.tile(m.signal.data, (2, 3, 1)), axes=None)
    s.axes_manager[-1].scale = X[1]
    other = s.create_model()
    other.extend([c.copy() for c in m])
    other.multifit(optimizer="L-BFGS-B", loss_function="ls", show_progressbar=False)
    wanted = m.fit()
    assert_allclose(other[0].centre.map["values"], wanted.x[2], rtol=1e-5)


SLOPED = [n for n in NAMES if OPTIMIZERS[n].ability.gradient]


@pytest.mark.parametrize("name", SLOPED)
def test_differences_do_instead_of_exact_derivatives(name):
    wanted, m = a_peak().fit(), a_peak()
    result = m.fit(optimizer=name, grad="fd")
    assert_allclose(result.fun, wanted.fun, rtol=1e-7)


def residual_slopes(calls):
    m = a_peak()

    def slopes(p):
        calls.append(p)
        plain = c1.Gaussian(*p[:3])
        rows = [getattr(plain, f"grad_{n}")(X) for n in ("A", "sigma", "centre")]
        return np.array([*rows, np.ones_like(X)]).T / 2  # the noise has a variance of 4

    return m, slopes


@pytest.mark.parametrize("name", ["leastsq", "trf", "fisher", "BFGS"])
def test_derivatives_of_a_persons_own_are_asked(name):
    calls = []
    m, slopes = residual_slopes(calls)
    result = m.fit(optimizer=name, grad=slopes)
    assert len(calls) > 3
    assert_allclose(result.x, a_peak().fit().x, rtol=1e-5)


def test_the_derivatives_of_the_loss_are_enough_for_a_minimiser():
    calls = []
    m, slopes = residual_slopes(calls)

    def of_the_loss(p):
        clean = c1.Gaussian(*p[:3]).function(X) + p[3]
        return 2 * slopes(p).T @ ((clean - m.signal.data) / 2)

    result = m.fit("L-BFGS-B", grad=of_the_loss)
    assert calls
    assert_allclose(result.x, a_peak().fit().x, rtol=1e-5)
    with pytest.raises(FitError, match=r"this optimizer wants those of the residual"):
        m.fit("leastsq", grad=of_the_loss)
    with pytest.raises(FitError, match=r"gave numbers of shape \(3,\)"):
        m.fit("BFGS", grad=lambda _: np.ones(3))
    with pytest.raises(FitError, match=r"asks for no derivatives.*these do: .*BFGS"):
        m.fit("Powell", grad=of_the_loss)


def test_the_table_of_optimizers_tells_what_each_can():
    text, html = repr(hs.optimizers), hs.optimizers._repr_html_()
    for name, one in hs.optimizers.items():
        (row,) = [r for r in hs.optimizers.table().rows if r[0] == name]
        assert name in text
        assert name in html
        assert (row[1] != "") == one.ability.bounds
        assert (row[3] == "yes") == one.ability.gradient
        assert row[6] == one.ability.errors
    assert {"leastsq", "mpfit", "odr", "Nelder-Mead", "Powell", "CG", "BFGS"} <= set(hs.optimizers)
    more = {"Newton-CG", "L-BFGS-B", "TNC", "Differential Evolution", "lm", "trf", "dogbox"}
    scipys = {"SLSQP", "COBYLA", "trust-constr", "trust-exact", "Dual Annealing", "SHGO"}
    assert more | scipys | {"lstsq", "ols", "nnls", "ridge"} <= set(hs.optimizers)


def test_an_optimizer_of_ones_own_is_a_function(monkeypatch):
    monkeypatch.setattr(OPTIMIZERS, "_things", dict(OPTIMIZERS))

    @optimizer("descent", ability=Ability(bounds=True, gradient=True), options=("steps",))
    def descent(objective, p0, lower, upper, steps=2000):
        """Steepest descent in numbers that are scaled by the curvature."""
        p = p0
        for _ in range(steps):
            root = np.linalg.inv(np.linalg.cholesky(objective.curvature(p)))
            p = np.clip(p - 0.5 * root.T @ root @ objective.gradient(p), lower, upper)
        return Solution(p, success=True, message=f"{steps} steps", nfev=steps)

    m, wanted = a_peak(), a_peak().fit()
    result = m.fit("descent", steps=80)
    assert_allclose(result.x, wanted.x, rtol=1e-6)
    assert_allclose(result.std, wanted.std, rtol=1e-4)
    assert "descent" in repr(hs.optimizers)
    with pytest.raises(UnknownNameError, match="did you mean 'steps'"):
        m.fit("descent", step=3)
