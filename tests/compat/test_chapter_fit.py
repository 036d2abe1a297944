"""The guide's chapter: fitting, bounds, errors, ranges, plots that wait."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import hsjupyter.api as hs
from hsjupyter.core.errors import AxisError

c1 = hs.model.components1D


@pytest.fixture(autouse=True)
def same_noise():
    np.random.seed(7)  # noqa: NPY002 - the guide draws from numpy's global generator


def line_of(signal):
    m = signal.create_model()
    line = c1.Polynomial(order=1)
    m.append(line)
    return m, line


def near(found, errors, truth, times=4):
    return bool((np.abs(np.subtract(found, truth)) < times * np.asarray(errors)).all())


def test_a_line_is_fitted_with_errors():
    s = hs.signals.Signal1D(np.arange(100, 300))
    s.add_gaussian_noise(std=100)
    m, line = line_of(s)
    m.fit()
    # numpy's own line through the same points.
    x, (slope, begin) = np.arange(200), np.polyfit(np.arange(200), s.data, 1)
    covariance = np.polyfit(x, s.data, 1, cov=True)[1]
    assert_allclose(line.coefficients.value, (slope, begin))
    assert_allclose(line.coefficients.std, np.sqrt(np.diag(covariance)), rtol=1e-6)
    assert near(line.coefficients.value, line.coefficients.std, (1, 100))


def counts():
    s = hs.signals.Signal1D(np.arange(300))
    s.add_poissonian_noise()
    return s


def test_weights_sharpen_a_line_of_counts():
    s = counts()
    m, line = line_of(s)
    m.fit()
    without = line.coefficients.std
    assert near(line.coefficients.value, without, (1, 0))
    s.estimate_poissonian_noise_variance(expected_value=hs.signals.Signal1D(np.arange(300)))
    m.fit()
    assert near(line.coefficients.value, line.coefficients.std, (1, 0))
    assert line.coefficients.std[0] < 0.8 * without[0]
    assert line.coefficients.std[1] < 0.6 * without[1]


def test_the_likelihood_of_counts_is_fitted():
    m, line = line_of(counts())
    line.coefficients.value = (1.0, 1.0)
    m.fit(fitter="Nelder-Mead", method="ml")
    older = line.coefficients.value
    m.fit(optimizer="Nelder-Mead", loss_function="ML-poisson")
    # The constant is none: what is left of it is rounding.
    assert_allclose(line.coefficients.value, older, rtol=1e-3, atol=1e-6)
    assert near(older, (0.006, 0.5), (1, 0))


def test_a_histogram_is_fitted_between_bounds(capsys):
    values, edges = np.histogram(np.random.normal(10, 0.01, size=int(1e5)), bins="fd")  # noqa: NPY002
    axis = {"size": len(values), "scale": edges[1] - edges[0], "offset": (edges[0] + edges[1]) / 2}
    s = hs.signals.Signal1D(values, axes=[axis])
    s.metadata.Signal.binned = True
    m = s.create_model()
    g1 = c1.Gaussian()
    m.append(g1)
    g1.centre.value = 7
    g1.centre.bmin = 7
    g1.centre.bmax = 14
    g1.centre.bounded = True
    m.fit(fitter="mpfit", bounded=True)
    m.print_current_values()
    printed = capsys.readouterr().out.splitlines()
    assert [line.split()[1] for line in printed[2:]] == ["A", "sigma", "centre"]
    assert_allclose(g1.sigma.value, 0.01, rtol=0.02)
    assert_allclose(g1.A.value, 1e5, rtol=0.01)
    assert_allclose(g1.centre.value, 10, atol=1e-3)


def test_chi_squared_is_kept_as_signals():
    rng = np.random.default_rng(5)
    s = hs.signals.Signal1D(3 + rng.normal(0, 0.5, (4, 5, 100)))
    s.set_noise_variance(0.25)
    m = s.create_model()
    m.append(c1.Offset())
    assert np.isnan(m.chisq.data).all()
    m.multifit(show_progressbar=False)
    residual = s.data - m[0].offset.map["values"][..., np.newaxis]
    assert_allclose(m.chisq.data, (residual**2 / 0.25).sum(axis=-1))
    assert_array_equal(m.dof.data, 1)
    assert_allclose(m.red_chisq.data, m.chisq.data / 99)
    assert repr(m.chisq) == "<Signal2D, title: , dimensions: (|5, 4)>"


def test_part_of_the_data_is_left_out_and_taken_in_again():
    s = hs.signals.Signal1D(np.arange(20.0), axes=[{"size": 20, "scale": 0.5, "offset": 10}])
    m = s.create_model()
    m.set_signal_range(11, 14)
    x = s.axes_manager[-1].axis
    assert_array_equal(m.channel_switches, (x >= 11) & (x <= 14))
    m.remove_signal_range(12, 13)
    assert_array_equal(m.channel_switches, ((x >= 11) & (x < 12)) | ((x > 13) & (x <= 14)))
    m.add_signal_range(17, 18)
    assert m.channel_switches[14]
    m.reset_signal_range()
    assert m.channel_switches.all()
    with pytest.raises(AxisError, match=r"in a notebook only; give its ends .*\(x1, x2\)"):
        m.set_signal_range()


def test_a_map_is_fitted_pixel_by_pixel_and_each_is_kept():
    x = np.arange(50.0)
    centres = np.linspace(20, 30, 6).reshape(2, 3)
    s = hs.signals.Signal1D(np.exp(-((x - centres[..., np.newaxis]) ** 2) / 18) * 100)
    m = s.create_model()
    m.append(c1.Gaussian(A=700, sigma=3, centre=22))
    m.multifit(show_progressbar=False)
    assert_allclose(m[0].centre.map["values"], centres)
    assert m[0].centre.map["is_set"].all()
    s.axes_manager.indices = (2, 1)
    assert_allclose(m[0].centre.value, 30)
    m[0].centre.value = 77
    m.fetch_stored_values()
    assert_allclose(m[0].centre.value, 30)
    m[0].centre.value = 77
    m.store_current_values()
    assert m[0].centre.map["values"][1, 2] == 77


def test_one_component_is_fitted_alone():
    x = np.arange(100.0)
    s = hs.signals.Signal1D(50 * np.exp(-((x - 30) ** 2) / 32) + 80 * np.exp(-((x - 70) ** 2) / 50))
    m = s.create_model()
    m.extend([c1.Gaussian(centre=10), c1.Gaussian(centre=90)])
    m.fit_component(m[1], signal_range=(55, 85), fit_independent=True)
    assert_allclose((m[1].centre.value, m[1].sigma.value), (70, 5), rtol=1e-3)
    assert (m[0].centre.value, m[0].active, m[0].A.free) == (10, True, True)
    assert m.channel_switches.all()


def test_views_may_be_told_to_wait_in_two_ways():
    m = hs.signals.Signal1D(np.ones(10)).create_model()
    m.suspend_update()
    assert m.suspended
    m.resume_update()
    assert not m.suspended
    drawn = m.redraw
    with m.suspend_update():
        assert m.suspended
    assert (m.suspended, m.redraw) == (0, drawn + 1)
    with m.suspend_update(update_on_resume=False):
        pass
    assert m.redraw == drawn + 1
