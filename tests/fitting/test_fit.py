"""One pixel fitted: against closed forms, scipy and scatter."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

import hsjupyter.api as hs
from hsjupyter.core.errors import (
    DataError,
    FitError,
    HSJupyterWarning,
    ModelError,
    UnknownNameError,
)

c1 = hs.model.components1D


def line_model(y, variance=None):
    s = hs.signals.Signal1D(np.asarray(y, dtype=float))
    s.set_noise_variance(variance)
    m = s.create_model()
    m.append(c1.Polynomial(order=1))
    return m


@pytest.mark.parametrize("variance", [None, 4.0, "channel by channel"])
def test_a_line_has_the_closed_form_values_and_errors(variance):
    rng = np.random.default_rng(1)
    x, y = np.arange(50.0), 2 * np.arange(50.0) + 5 + rng.normal(0, 2, 50)
    known = np.linspace(1, 9, 50) if variance == "channel by channel" else variance
    m = line_model(y, hs.signals.Signal1D(known) if np.ndim(known) else known)
    result = m.fit()
    # Normal equations: Bevington & Robinson, 3rd ed., eq. 6.12 and 6.23.
    w = np.ones(50) if known is None else 1 / np.broadcast_to(known, 50)
    X = np.stack([x, np.ones(50)])
    normal = (X * w) @ X.T
    value = np.linalg.solve(normal, (X * w) @ y)
    chisq = float(w @ (y - value @ X) ** 2)
    scale = 1.0 if known is not None else chisq / 48
    assert_allclose(m[0].coefficients.value, value, rtol=1e-9)
    assert_allclose(
        m[0].coefficients.std, np.sqrt(np.diag(np.linalg.inv(normal)) * scale), rtol=1e-7
    )
    assert_allclose(m.chisq.data, chisq, rtol=1e-9)
    assert_allclose(m.red_chisq.data, chisq / 48, rtol=1e-9)
    assert m.dof.data[0] == 2
    assert result.absolute is (known is not None)


def gaussian_model(centre=3.0, seed=0):
    x = np.linspace(0, 20, 200)
    s = hs.signals.Signal1D(
        40 * np.exp(-((x - 9) ** 2) / 8) + np.random.default_rng(seed).normal(0, 1, 200),
        axes=[{"size": 200, "scale": x[1], "name": "E", "units": "eV"}],
    )
    m = s.create_model()
    g = c1.Gaussian(A=100, sigma=1.5, centre=centre)
    m.append(g)
    return m, g


def test_fit_agrees_with_scipy():
    from scipy.optimize import curve_fit

    m, g = gaussian_model(8.0)
    m.fit()
    found, cov = curve_fit(
        lambda x, A, s, c: A / (s * np.sqrt(2 * np.pi)) * np.exp(-((x - c) ** 2) / (2 * s**2)),
        m.axes_manager[0].axis,
        m.signal.data,
        p0=[100, 1.5, 8],
    )
    assert_allclose([p.value for p in g.parameters], found, rtol=1e-6)
    assert_allclose([p.std for p in g.parameters], np.sqrt(np.diag(cov)), rtol=1e-4)


def test_bounds_count_by_default_and_may_be_ignored():
    m, g = gaussian_model(8.0)
    g.centre.set_bounds(5, 8.5)
    result = m.fit()
    assert g.centre.value == pytest.approx(8.5)
    assert result.on_bound == ("Gaussian.centre",)
    assert g.centre.std is None
    assert g.A.std is not None
    m.fit(bounded=False)
    assert g.centre.value == pytest.approx(9.0, abs=0.1)


def test_what_is_fixed_stays():
    m, g = gaussian_model(8.0)
    g.centre.free = False
    m.fit()
    assert g.centre.value == 8.0
    assert g.centre.std is None
    assert m.dof.data[0] == 2


def test_channels_out_of_range_do_not_count():
    m, g = gaussian_model(8.0)
    clean = m.signal.data.copy()
    m.signal.data = np.where(m.axes_manager[0].axis > 15, np.nan, clean)
    with pytest.raises(
        DataError, match=r"channels hold NaN or infinity, the first at 15\.0.*remove"
    ):
        m.fit()
    m.remove_signal_range(15.0, None)
    m.fit()
    with_nan = [p.value for p in g.parameters]
    m.signal.data = clean
    m.fit()
    assert_allclose(with_nan, [p.value for p in g.parameters], rtol=1e-8)


def test_both_spellings_of_the_words_do_the_same():
    old, new = gaussian_model(8.0), gaussian_model(8.0)
    old[0].fit(fitter="leastsq", method="ls", bounded=True)
    new[0].fit(optimizer="lm", loss_function="ls")
    assert_allclose(old[0].row(), new[0].row(), rtol=1e-10)


REFUSED = [
    (lambda m, _: m.fit(optimizer="leastsqq"), UnknownNameError, "did you mean 'leastsq'"),
    (lambda m, _: m.fit(optimiser="lm"), UnknownNameError, "did you mean 'optimizer'"),
    (lambda m, _: m.fit(method="nope"), UnknownNameError, "has no 'nope'"),
    (lambda m, _: m.fit(optimizer="lm", fitter="trf"), FitError, "give one"),
    (lambda m, g: (g.set_parameters_not_free(), m.fit()), ModelError, "no parameter is free"),
    (lambda m, g: (setattr(g, "active", False), m.fit()), ModelError, "no active component"),
    (lambda m, _: (m.remove(0), m.fit()), ModelError, "no active component"),
]


@pytest.mark.parametrize(("wrong", "kind", "words"), REFUSED)
def test_a_fit_that_cannot_be_is_refused(wrong, kind, words):
    m, g = gaussian_model()
    values = m.row().tolist()
    with pytest.raises(kind, match=words):
        wrong(m, g)
    assert g.A.value == values[0]
    assert np.isnan(m.maps.chisq).all()


def test_a_variance_that_is_not_positive_is_refused():
    m = line_model(np.arange(10.0), hs.signals.Signal1D(np.arange(10.0)))
    with pytest.raises(DataError, match="goes down to 0 inside the signal range"):
        m.fit()


def test_a_fit_that_does_not_arrive_says_so():
    m, _ = gaussian_model(8.0)
    with pytest.warns(HSJupyterWarning, match="no optimum was reached"):
        result = m.fit(max_nfev=2)
    assert not result.success
    assert "no optimum" not in repr(result)


def test_a_result_reads_as_text_and_html():
    m, _ = gaussian_model(8.0)
    text, html = repr(m.fit()), m.fit_output._repr_html_()
    for word in ("Gaussian.centre", "reduced chi squared", "the noise variance is not known"):
        assert word in text
        assert word in html


def test_binned_counts_are_fitted_as_counts():
    rng = np.random.default_rng(2)
    counts, edges = np.histogram(rng.normal(10, 0.5, 100_000), bins=80)
    width = edges[1] - edges[0]
    s = hs.signals.Signal1D(
        counts.astype(float), axes=[{"size": 80, "scale": width, "offset": edges[0] + width / 2}]
    )
    s.axes_manager[-1].is_binned = True
    m = s.create_model()
    g = c1.Gaussian(A=5e4, sigma=0.3, centre=9.5)
    m.append(g)
    m.fit()
    assert g.A.value == pytest.approx(100_000, rel=0.01)
    assert g.sigma.value == pytest.approx(0.5, rel=0.02)
    assert g.centre.value == pytest.approx(10, abs=0.01)
