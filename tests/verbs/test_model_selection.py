"""Akaike's and Schwarz's criteria: the likelihoods are those of scipy.stats."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import stats

import hsjupyter.api as hs

c1 = hs.model.components1D
X = np.linspace(0, 20, 60)
AIC, AICc, BIC = (getattr(hs.model_selection, name) for name in ("AIC", "AICc", "BIC"))


def made(y, variance=None, loss="ls", fixed=()):
    s = hs.signals.Signal1D(y, axes=[{"size": n} for n in y.shape[:-1]] + [{"axis": X}])
    if variance is not None:
        s.set_noise_variance(variance)
    m = s.create_model()
    m.extend([c1.Gaussian(A=200, sigma=1.5, centre=9), c1.Offset(offset=10)])
    m.set_parameters_not_free(["Gaussian"], fixed)
    if loss == "ls":
        m.multifit(show_progressbar=False)
    else:
        m.multifit(loss_function=loss, show_progressbar=False)
    return m


@pytest.fixture
def data():
    rng = np.random.default_rng(8)
    line = 10 + 40 * np.exp(-((X - 9) ** 2) / 4)
    return rng.poisson(line, (2, 3, 60)).astype(float)


@pytest.mark.parametrize("kind", ["number", "spectrum", "map"])
def test_with_a_known_variance_it_is_that_of_normal_noise(data, kind):
    sizes = {"number": 12.0, "spectrum": 10 + X, "map": 10 + X + 0 * data}
    variance = sizes[kind]
    m = made(data, variance if kind == "number" else hs.signals.Signal1D(variance))
    sigma = np.sqrt(np.broadcast_to(variance, data.shape))
    likelihood = stats.norm.logpdf(data, m.as_signal().data, sigma).sum(axis=-1)
    check(m, likelihood, 5 - 1)


def test_without_a_variance_it_is_one_more_number(data):
    m = made(data)
    lines = m.as_signal().data
    sigma = np.sqrt(((data - lines) ** 2).mean(axis=-1, keepdims=True))
    check(m, stats.norm.logpdf(data, lines, sigma).sum(axis=-1), 5)


def test_for_counts_it_is_that_of_poisson(data):
    m = made(data, loss="ML-poisson")
    lines = m.as_signal().data
    check(m, stats.poisson.logpmf(data, lines).sum(axis=-1), 4, loss_function="ML-poisson")
    assert AIC(m, loss_function="ml") == AIC(m, loss_function="ML-poisson")


def check(m, likelihood, k, **words):
    n = 60
    expected = {
        AIC: 2 * k - 2 * likelihood,
        AICc: 2 * k - 2 * likelihood + 2 * k * (k + 1) / (n - k - 1),
        BIC: k * np.log(n) - 2 * likelihood,
    }
    for criterion, values in expected.items():
        found = criterion(m, only_current=False, **words)
        assert_allclose(found.data, values, rtol=1e-10)
        assert found.axes_manager.signal_shape == (3, 2)
        for index in ((0, 0), (2, 1)):
            m.axes_manager.indices = index
            assert_allclose(criterion(m, **words), values[index[::-1]], rtol=1e-10)


def test_they_look_inside_the_signal_range_only(data):
    m = made(data, 12.0)
    m.set_signal_range(5, 13)
    m.multifit(show_progressbar=False)
    inside = (X >= 5) & (X <= 13)
    lines = m.as_signal().data[..., inside]
    likelihood = stats.norm.logpdf(data[..., inside], lines, np.sqrt(12)).sum(axis=-1)
    assert_allclose(AIC(m, only_current=False).data, 8 - 2 * likelihood)


def test_the_working_values_count_at_the_current_pixel(data):
    m = made(data, 12.0)
    fitted = AIC(m)
    m[1].offset.value += 3
    assert AIC(m) > fitted + 10
    m[1].offset.free = False
    m.fetch_stored_values()
    assert_allclose(AIC(m), fitted - 2)


def test_pixels_without_a_fit_are_not_known(data):
    m = made(data, 12.0)
    m.maps.dof[0, 1] = np.nan
    found = BIC(m, only_current=False).data
    assert np.isnan(found).tolist() == [[False, True, False], 3 * [False]]


def test_they_choose_the_model_that_made_the_data(data):
    with_peak = made(data, 12.0)
    without = with_peak.copy()
    without.remove("Gaussian")
    without.multifit(show_progressbar=False)
    for criterion in (AIC, AICc, BIC):
        one, other = (criterion(m, only_current=False).data for m in (with_peak, without))
        assert (one < other).all()
    flat = np.random.default_rng(1).normal(10, 3, (2, 3, 60))
    peak, none = (made(flat, 9.0, fixed=["sigma", "centre"]) for _ in range(2))
    assert (none[0].A.map["values"] < 50).all()
    none.remove("Gaussian")
    none.multifit(show_progressbar=False)
    assert BIC(none, only_current=False).data.mean() < BIC(peak, only_current=False).data.mean()


def test_impossible_counts_are_infinitely_unlikely(data):
    m = made(data, loss="ML-poisson")
    m[1].offset.value = -50
    assert AIC(m, loss_function="ML-poisson") == np.inf
