"""Every kind of map: dimensions, images, twins, weights, counts, shapes written in Python."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import hsjupyter.api as hs
from tests.samfire.maps import one_peak, seeded

c1 = hs.model.components1D


def fit(samf, **words):
    return samf.start(show_progressbar=False, **words)


@pytest.mark.parametrize("shape", [(40,), (6, 7), (4, 5, 6)])
def test_any_navigation_dimension(shape):
    m, centre, samf = seeded(shape)
    fit(samf)
    assert samf.pixels_left == 0
    assert_allclose(m[0].centre.map["values"], centre, atol=1)
    assert samf.order.data.shape == shape


def test_images():
    rng = np.random.default_rng(2)
    yy, xx = np.mgrid[:16, :16]
    u, v = np.meshgrid(np.linspace(4, 11, 7), np.linspace(5, 10, 6))
    spot = np.exp(-((xx - u[..., None, None]) ** 2 + (yy - v[..., None, None]) ** 2) / 8)
    s = hs.signals.Signal2D(50 * spot + rng.normal(0, 1, spot.shape))
    s.set_noise_variance(1.0)
    m = s.create_model()
    m.append(hs.model.components2D.Gaussian2D(A=1200, sigma_x=2, sigma_y=2, centre_x=4, centre_y=5))
    m.fit()
    samf = m.create_samfire(workers=0)
    fit(samf)
    assert samf.pixels_left == 0
    assert_allclose(m[0].centre_x.map["values"], u, atol=0.3)
    assert_allclose(m[0].centre_y.map["values"], v, atol=0.3)


def test_bounds_twins_and_fixed_numbers_are_kept():
    m, centre = one_peak()
    second = c1.Gaussian(A=1, sigma=3, centre=20)
    m.append(second)
    second.centre.twin_function_expr = "x + 8"
    second.centre.twin = m[0].centre
    second.sigma.twin = m[0].sigma
    second.A.bmin, second.A.bmax = 0.0, 2.0
    fixed = 4 + 0.01 * np.arange(99.0).reshape(9, 11)
    m[1].offset.map["values"][:] = fixed
    m[1].offset.map["is_set"][:] = True
    m[1].offset.free = False
    m.signal.data += (fixed - 5)[..., np.newaxis]
    m.axes_manager.indices = (0, 0)
    m.fit()
    samf = m.create_samfire(workers=0)
    fit(samf)
    assert samf.pixels_left == 0
    assert_allclose(second.centre.map["values"], m[0].centre.map["values"] + 8, rtol=1e-12)
    assert ((second.A.map["values"] >= 0) & (second.A.map["values"] <= 2)).all()
    assert_array_equal(m[1].offset.map["values"], fixed)
    assert_allclose(m[0].centre.map["values"], centre, atol=1)


def test_weights_and_counts():
    rng = np.random.default_rng(5)
    x = np.arange(80.0)
    centre = 20 + 3.0 * np.arange(12)
    truth = 60 * np.exp(-((x - centre[:, np.newaxis]) ** 2) / 50) + 2
    counts = rng.poisson(truth).astype(float)

    def model(signal):
        m = signal.create_model()
        m.extend([c1.Gaussian(A=750, sigma=5, centre=20), c1.Offset(offset=2)])
        return m

    weighted = hs.signals.Signal1D(counts)
    weighted.set_noise_variance(hs.signals.Signal1D(truth))
    m = model(weighted)
    m.fit()
    samf = m.create_samfire(workers=0)
    fit(samf)
    assert samf.pixels_left == 0
    assert_allclose(m[0].centre.map["values"], centre, atol=1)
    m = model(hs.signals.Signal1D(counts))
    m.fit(loss_function="ML-poisson")
    samf = m.create_samfire(workers=0)
    fit(samf, loss_function="ML-poisson")
    assert samf.pixels_left == 0
    assert_allclose(m[0].centre.map["values"], centre, atol=1)
    # Pearson's chi squared of counts is the number of channels, whatever they are.
    measures = np.array([samf.history(i)[0].measure for i in range(1, 12)])
    assert_allclose(measures, 1, atol=0.6)
    # A line through the middle of nothing is no good fit of counts.
    m[0].active = False
    assert "0 to 2 is good" in repr(samf.history(5))


def test_a_shape_written_in_python():
    class Hump(hs.Component, registered=False):
        height = hs.Par(20.0)
        place = hs.Par(15.0)

        @staticmethod
        def profile(x, height, place):
            return height * np.exp(-((x - place) ** 2) / 18)

    m, centre = one_peak((4, 6))
    m.remove(0)
    m.append(Hump())
    m.fit()
    samf = m.create_samfire(workers=0)
    fit(samf)
    assert samf.pixels_left == 0
    assert_allclose(m["Hump"].place.map["values"], centre, atol=1)


def test_a_signal_range_with_a_gap_and_wider_channels():
    m, centre = one_peak(known_noise=False)
    m.remove_signal_range(50.0, 55.0)
    m.signal.axes_manager[-1].is_binned = True
    m.fit()
    samf = m.create_samfire(workers=0)
    fit(samf)
    assert samf.pixels_left == 0
    assert_allclose(m[0].centre.map["values"], centre, atol=1)


@pytest.mark.parametrize("test", ["AIC_test", "AICc_test", "BIC_test"])
@pytest.mark.parametrize("known_noise", [True, False])
def test_criteria_are_goodness_tests(test, known_noise):
    m, _, samf = seeded(known_noise=known_noise)
    m.signal.data[4, 4] = 5 + 20 * np.sin(np.arange(60) / 4) ** 2
    samf.metadata.goodness_test = getattr(hs.samfire.fit_tests, test)(60.0)
    with pytest.warns(UserWarning, match="1 pixels have no good fit"):
        fit(samf)
    assert samf.pixels_left == 1
    good = samf.metadata.goodness_test.map(m)
    assert good.sum() >= 96
    assert not good[4, 4]
    assert samf.metadata.goodness_test.test(m, (1, 1))


def test_the_goodness_of_stored_fits_is_a_map():
    m, _, samf = seeded()
    fit(samf)
    test = samf.metadata.goodness_test
    assert test.map(m).all()
    test.tolerance = 0.05
    measured = m.chisq.data / (60 - 4)
    assert_array_equal(test.map(m), np.abs(measured - 1) <= 0.05)
