"""Intervals, regions, covariances, bands and draws: against lmfit, closed forms and scatter."""

import lmfit
import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import optimize, stats

import hsjupyter.api as hs
from hsjupyter.core.errors import DataError, FitError, ModelError, UnknownNameError
from hsjupyter.fitting.uncertainty import undetermined

c1 = hs.model.components1D
X = np.linspace(0, 20, 60)


def decay(*, variance=None, seed=4):
    """A fit that is bent: intervals are not symmetric."""
    y = 12 * np.exp(-X / 3) + 1 + np.random.default_rng(seed).normal(0, 1, X.shape)
    s = hs.signals.Signal1D(y, axes=[{"axis": X}])
    s.set_noise_variance(variance)
    m = s.create_model()
    m.append(c1.Expression("A*exp(-x/tau)+b", "Decay", A=10.0, tau=2.0, b=0.0))
    return m


def straight(*, variance, n=40):
    y = 2 * np.arange(n) + 5 + np.random.default_rng(1).normal(0, 2, n)
    s = hs.signals.Signal1D(y)
    s.set_noise_variance(variance)
    m = s.create_model()
    m.append(c1.Expression("a*x+b", "Line"))
    return m


def by_lmfit(m):
    def residual(p):
        return p["A"] * np.exp(-X / p["tau"]) + p["b"] - m.signal.data

    start = lmfit.create_params(A=10.0, tau=2.0, b=0.0)
    mini = lmfit.Minimizer(residual, start)
    return mini, mini.minimize(ftol=1e-14, xtol=1e-14)


def test_profile_intervals_are_those_of_lmfit():
    m = decay()
    ours = m.conf_interval(sigmas=(1, 2))
    mini, found = by_lmfit(m)
    theirs = lmfit.conf_interval(mini, found, sigmas=[1, 2])
    for name in ("A", "tau", "b"):
        ends = [value for _, value in theirs[name]]  # -2, -1, best, 1, 2
        assert_allclose(ours[f"Decay.{name}"][1], (ends[1], ends[3]), rtol=1e-4)
        assert_allclose(ours[f"Decay.{name}"][2], (ends[0], ends[4]), rtol=1e-4)
    low, high = ours["Decay.tau"][2]
    best = ours.best[ours.names.index("Decay.tau")]
    assert (high - best) > 1.05 * (best - low)  # not symmetric, and the longer side is told so


def test_profile_regions_are_those_of_lmfit():
    m = decay()
    ours = m.conf_interval2d("Decay.A", "Decay.tau", 5, 4, ((9, 15), (2, 4)))
    mini, found = by_lmfit(m)
    x, y, theirs = lmfit.conf_interval2d(mini, found, "A", "tau", 5, 4, limits=((9, 15), (2, 4)))
    down, right = (np.argsort(each) for each in (y, x))
    assert_allclose(ours.x, x[right])
    assert_allclose(ours.y, y[down])
    # lmfit tells the root of what chi squared rises by, in units of the noise.
    sure = stats.f.cdf(theirs[down][:, right] ** 2 / 2, 2, len(X) - 3)
    assert_allclose(ours.probability, sure, atol=1e-5)
    assert_allclose(stats.chi2.cdf(ours.sigma**2, 1), ours.probability, rtol=1e-9)


@pytest.mark.parametrize("variance", [4.0, None], ids=["known", "not known"])
def test_a_straight_problem_has_symmetric_intervals_in_closed_form(variance):
    m = straight(variance=variance)
    ours, result = m.conf_interval(sigmas=(1, 2)), m.fit()
    for level in (1, 2):
        factor = level
        if variance is None:
            factor = stats.t.ppf((1 + stats.chi2.cdf(level**2, 1)) / 2, 38)
        for k, name in enumerate(result.names):
            wanted = result.x[k] + np.array([-1, 1]) * factor * result.std[k]
            assert_allclose(ours[name][level], wanted, rtol=1e-6)
    assert ours.absolute is (variance is not None)
    assert ("known" if variance else "residual") in repr(ours)


def test_the_interval_of_a_rate_of_counts_has_its_closed_form():
    counts = np.random.default_rng(2).poisson(3.0, 25).astype(float)
    m = hs.signals.Signal1D(counts).create_model()
    m.append(c1.Offset(2.0))
    low, high = m.conf_interval(sigmas=(1,), loss_function="ml")["Offset.offset"][1]
    n, mean = counts.size, counts.mean()

    def rise(rate):
        return 2 * n * (rate - mean - mean * np.log(rate / mean)) - 1

    assert_allclose(low, optimize.brentq(rise, mean / 4, mean, xtol=1e-12), rtol=1e-6)
    assert_allclose(high, optimize.brentq(rise, mean, 4 * mean, xtol=1e-12), rtol=1e-6)


def test_an_interval_ends_on_a_bound_or_nowhere():
    m = straight(variance=4.0)
    found = m.fit()
    b = found.names.index("Line.b")
    m[0].b.bmin = found.x[b] - 0.5 * found.std[b]
    low, high = m.conf_interval("Line.b", sigmas=(1,))["Line.b"][1]
    assert low == m[0].b.bmin
    assert_allclose(high, found.x[b] + found.std[b], rtol=1e-5)
    flat = hs.signals.Signal1D(np.random.default_rng(0).normal(0, 1, 30))
    flat.set_noise_variance(1.0)
    n = flat.create_model()
    n.append(c1.Expression("exp(-k)", "Vanishing", k=1.0))
    assert n.conf_interval(sigmas=(1,))["Vanishing.k"][1][1] == np.inf


def test_nothing_of_the_model_moves():
    m = decay()
    before, std = m.row().tolist(), [p.std for p in m.parameters]
    m.conf_interval("Decay.tau", sigmas=(0.68,))
    m.uncertainty_band()
    m.bootstrap(20)
    assert m.row().tolist() == before
    assert [p.std for p in m.parameters] == std
    assert np.isnan(m.maps.chisq).all()


def test_a_probability_is_a_level_too():
    m = straight(variance=4.0)
    sure = m.conf_interval("Line.a", sigmas=(stats.chi2.cdf(1, 1), 1))
    assert_allclose(sure.low[0, 0], sure.low[0, 1], rtol=1e-8)
    assert_allclose(sure.probabilities, 0.682689, atol=1e-6)


def test_the_band_is_that_of_lmfit():
    m = decay()
    model = lmfit.Model(lambda x, A, tau, b: A * np.exp(-x / tau) + b)
    result = model.fit(m.signal.data, x=X, A=10, tau=2, b=0, fit_kws={"ftol": 1e-14})
    for sigma in (1, 2):
        band = m.uncertainty_band(sigma)
        assert_allclose(band.data, result.eval_uncertainty(sigma=sigma), rtol=1e-4)
        ahead = m.uncertainty_band(sigma, kind="prediction")
        assert_allclose(ahead.data, result.dely_predicted, rtol=1e-4)
    m.remove_signal_range(5, 10)
    assert np.isnan(m.uncertainty_band().data[~m.channel_switches]).all()


@pytest.mark.parametrize("kind", ["residuals", "parametric"])
def test_draws_scatter_as_the_errors_say(kind):
    m = straight(variance=4.0 if kind == "parametric" else None)
    result = m.fit()
    drawn = m.bootstrap(2000, kind, rng=1)
    # The scatter of 2000 draws is known to 1/sqrt(4000); four of these.
    assert_allclose(drawn.std, result.std, rtol=4 / np.sqrt(4000))
    assert_allclose(drawn.covar[0, 1], result.covar[0, 1], rtol=0.15)
    assert (np.abs(drawn.bias) < 4 * result.std / np.sqrt(2000)).all()
    spread = drawn.intervals((1,))
    assert_allclose((spread.high - spread.low)[:, 0] / 2, result.std, rtol=0.1)


def test_draws_of_counts_are_counts_and_fit_with_their_range_and_twins():
    counts = np.random.default_rng(2).poisson(20 + X).astype(float)
    m = hs.signals.Signal1D(counts, axes=[{"axis": X}]).create_model()
    m.append(c1.Expression("a*x+b", "Line", a=1.0, b=15.0))
    m[0].b.twin_function_expr = "20*x"
    m[0].b.twin = m[0].a
    m.remove_signal_range(5, 10)
    result = m.fit(loss_function="ml")
    drawn = m.bootstrap(800, loss_function="ml")
    assert_allclose(drawn.std, result.std, rtol=4 / np.sqrt(1600))
    with pytest.raises(DataError, match="kind='parametric'"):
        m.bootstrap(50, "residuals", loss_function="ml")


def a_map(*, counts=False, twin=False):
    rng = np.random.default_rng(5)
    line = c1.Gaussian(A=400, sigma=1.5, centre=9).function(X) + 6
    y = rng.poisson(line, (2, 3, len(X))).astype(float)
    s = hs.signals.Signal1D(y, axes=[{"size": 2}, {"size": 3}, {"axis": X}])
    if not counts:
        s.set_noise_variance(None)
    m = s.create_model()
    m.extend([c1.Gaussian(A=330, sigma=1.8, centre=8.6), c1.Offset(4)])
    if twin:
        m[1].offset.twin_function_expr = "4*x"
        m[1].offset.twin = m[0].sigma
    return m


@pytest.mark.parametrize("counts", [False, True])
@pytest.mark.parametrize("twin", [False, True])
def test_covariances_of_a_map_are_those_of_every_single_fit(counts, twin):
    loss = "ML-poisson" if counts else "ls"
    m = a_map(counts=counts, twin=twin)
    m.multifit(loss_function=loss, show_progressbar=False)
    found = m.covariances(loss)
    for i in np.ndindex(2, 3):
        m.axes_manager.indices = i[::-1]
        result = m.fit(loss_function=loss)
        assert found.names == result.names
        assert_allclose(found.data[i], result.covar, rtol=1e-3)
    assert_allclose(np.diagonal(found.correlation, axis1=-2, axis2=-1), 1, rtol=1e-12)
    one = found.map("Gaussian.A", "Gaussian.sigma", correlation=True)
    assert_allclose(one.data, found.correlation[..., 0, 1])
    assert one.axes_manager.signal_shape == (3, 2)


def test_what_is_on_a_bound_has_no_covariance():
    m = a_map()
    m[0].centre.bmax = 8.7
    m.multifit(show_progressbar=False)
    found = m.covariances()
    k = found.names.index("Gaussian.centre")
    assert np.isnan(found.data[..., k, :]).all()
    assert np.isfinite(found.data[..., 0, 0]).all()


REFUSED = [
    (lambda m: m.conf_interval("Decay.taux"), UnknownNameError, "did you mean 'Decay.tau'"),
    (lambda m: m.conf_interval(sigmas=(0,)), FitError, r"positive numbers.*\(1, 2, 3\)"),
    (lambda m: m.conf_interval2d("Decay.A", "Decay.A"), ModelError, "name two parameters"),
    (lambda m: m.uncertainty_band(kind="x"), UnknownNameError, "prediction"),
    (lambda m: m.bootstrap(3), FitError, "at least 10 draws"),
    (lambda m: m.bootstrap(30, "cases"), UnknownNameError, "residuals"),
    (lambda m: m.covariances(), DataError, "no pixel was fitted yet"),
    (lambda m: (m.fit(), m.covariances("huber")), UnknownNameError, "ML-poisson"),
]


@pytest.mark.parametrize(("wrong", "kind", "words"), REFUSED)
def test_what_cannot_be_told_is_refused(wrong, kind, words):
    with pytest.raises(kind, match=words):
        wrong(decay())


def test_a_deeper_optimum_on_the_way_is_told():
    x = np.linspace(0, 10, 80)
    y = np.exp(-((x - 3) ** 2)) + 2 * np.exp(-((x - 7) ** 2))
    y = y + np.random.default_rng(0).normal(0, 0.3, 80)
    m = hs.signals.Signal1D(y, axes=[{"axis": x}]).create_model()
    m.append(c1.Expression("A*exp(-(x-c)**2)", "Peak", A=1.0, c=3.0))
    with pytest.raises(FitError, match=r"is not the least.*set these values and fit again"):
        m.conf_interval("Peak.c", sigmas=(1, 2, 3, 4, 5, 6, 7))


def test_parameters_are_named_by_themselves():
    m = decay()
    wanted = m.conf_interval("Decay.tau", sigmas=(1,))["Decay.tau"]
    assert m.conf_interval([m[0].tau], sigmas=(1,))["Decay.tau"] == wanted


def test_errors_of_uncertain_positions_are_the_scatter_of_many_fits():
    rng = np.random.default_rng(0)
    true, slopes, told = np.linspace(0, 10, 60), [], []
    for _ in range(150):
        seen = np.sort(true + rng.normal(0, 0.05, 60))
        y = 2 * true + 1 + rng.normal(0, 0.05, 60)
        m = hs.signals.Signal1D(y, axes=[{"axis": seen}]).create_model()
        m.append(c1.Expression("a*x+b", "Line"))
        result = m.fit("odr", weight_x=1.0)
        a = result.names.index("Line.a")
        slopes.append(result.x[a])
        told.append(result.std[a])
    # The scatter of 150 is known to 1/sqrt(300).
    assert_allclose(np.mean(told), np.std(slopes), rtol=4 / np.sqrt(300))


def test_errors_of_ridge_are_the_scatter_of_what_it_finds():
    rng, found = np.random.default_rng(0), []
    for _ in range(300):
        s = hs.signals.Signal1D(2 * X + 3 + rng.normal(0, 1, X.shape), axes=[{"axis": X}])
        s.set_noise_variance(1.0)
        m = s.create_model()
        m.append(c1.Expression("a*x+b", "Line"))
        result = m.fit("ridge", alpha=0.5)
        found.append(result.x)
    assert_allclose(np.std(found, axis=0), result.std, rtol=4 / np.sqrt(600))


def test_a_number_without_an_error_says_why():
    m = hs.signals.Signal1D(-X + np.random.default_rng(0).normal(0, 1, X.shape)).create_model()
    m.append(c1.Expression("a*x+b+0*k", "Line", k=1.0, b=-6.0))
    m[0].b.bmax = -5.0
    result = m.fit()
    assert result.reasons == {
        "Line.b": "on bound",
        "Line.k": "not determined by the data",
    }
    for why in result.reasons.values():
        assert why in repr(result)
    m[0].k.free = False
    m[0].b.bmax = None
    held = m.fit("nnls")
    assert set(held.reasons) == {"Line.a", "Line.b"}
    assert np.isnan(held.std).all()


def flat(value, pixels=3):
    """A line where the data have none."""
    m = hs.signals.Signal1D(np.full((pixels, 200), value)).create_model()
    m.extend([c1.Gaussian(A=100, sigma=20, centre=120), c1.Offset(1)])
    m[0].sigma.set_bounds(1, 150)
    return m


def without_compiler(monkeypatch):
    from hsjupyter.fitting import batch

    monkeypatch.setattr(batch, "is_compiled", lambda _plan: False)


@pytest.mark.parametrize("compiled", [True, False])
@pytest.mark.parametrize("value", [0.0, 7.0, 1e-200])
def test_a_line_that_is_not_there_has_no_position(monkeypatch, value, compiled):
    if not compiled:
        without_compiler(monkeypatch)
    m = flat(value)
    m.multifit(show_progressbar=False)
    for p in (m[0].sigma, m[0].centre):
        std = p.map["std"]
        assert (np.isnan(std) | (std > np.abs(p.map["values"]))).all()


def test_a_fit_without_residual_knows_no_noise():
    m = flat(7.0, pixels=1)
    m[0].active = False
    m.fit()
    assert m[1].offset.value == 7.0
    assert m[1].offset.std is None or np.isnan(m[1].offset.std)
    m.signal.set_noise_variance(4.0)
    m.fit()
    assert_allclose(m[1].offset.std, 2 / np.sqrt(200), rtol=1e-12)


def test_what_the_data_say_nothing_of_is_found_by_its_change():
    from hsjupyter.fitting.uncertainty import undetermined

    x = np.array([0.0, 5.0, 50.0])
    squares = np.array([[1.0, 4.0, 1e-40], [1.0, 0.0, 1.0], [1e-40, 1e-40, 1e-40]])
    found = undetermined(squares, np.tile(x, (3, 1)), 99.0, np.array([1.0, 1.0, 0.0]))
    assert found.tolist() == [[False, False, True], [False, True, False], [False, False, False]]


def test_numbers_that_ran_away_are_judged_without_an_overflow():
    squares = np.array([1e-20, 1e4])
    with np.errstate(all="raise"):
        assert undetermined(squares, np.array([0.0, 1e200]), 10.0, np.array(1.0)).tolist() == [
            True,
            False,
        ]
