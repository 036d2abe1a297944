"""Where a component is not HyperSpy's: each row of COMPAT.md that says so, and what stays alike."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

import hsjupyter.api as hs

pytestmark = pytest.mark.hyperspy
X = np.linspace(-6.0, 7.0, 80)


@pytest.fixture(scope="module")
def theirs():
    from hyperspy import api

    return api.model


def with_values(component, **values):
    for name, value in values.items():
        getattr(component, name).value = value
    return component


def test_their_doniach_line_is_ours_at_another_place(theirs):
    values = {"centre": 0.5, "A": 2.0, "sigma": 1.5, "alpha": 0.3}
    other = with_values(theirs.components1D.Doniach(), **values).function(X)
    # They move it by 2.3548 / 2 half widths where one is enough.
    moved = (2.35482 / 2 - 1) * 1.5 * np.tan(0.3 * np.pi / 2 / 1.7)
    ours = with_values(hs.model.components1D.Doniach(), **values)
    assert_allclose(ours.function(X - moved), other, rtol=1e-7)
    fine = np.linspace(-1, 2, 30001)
    assert abs(fine[np.argmax(ours.function(fine))] - 0.5) < 2e-4


def test_their_full_width_of_a_core_line_is_half_of_it():
    import exspy

    other = with_values(exspy.components.PESCoreLineShape(), A=3.0, FWHM=2.0, origin=1.0, ab=0.5)
    ours = hs.model.components1D.PESCoreLineShape(A=3.0, FWHM=4.0, origin=1.0, ab=0.5)
    assert_allclose(ours.function(X), other.function(X), rtol=1e-9)
    assert ours.function(0.5 + 2.0) == pytest.approx(1.5)


def test_their_shirley_background_counts_channels_ours_the_area():
    import exspy

    x = np.arange(-20, 20, 0.05)
    other = exspy.components.PESVoigt()
    with_values(other, area=3.0, FWHM=1.1, shirley_background=0.2 * 0.05)
    other.shirley_background.active = True
    ours = hs.model.components1D.PESVoigt(area=3.0, FWHM=1.1, shirley_background=0.2)
    # Their sum begins behind the channel, and so half a channel late.
    half = 0.2 * 0.05 * ours.function(x).max() / 2
    assert_allclose(ours.function(x), other.function(x), atol=1.05 * half)


def test_the_cosine_of_a_vignetting_is_theirs():
    import exspy

    other = with_values(exspy.components.Vignetting(), optical_center=1.0, height=3.0, period=2.5)
    ours = hs.model.components1D.Vignetting(1.0, 3.0, 2.5)
    assert_allclose(ours.function(X), other.function(X), rtol=1e-12)


def test_their_split_voigt_tells_the_height_of_its_gaussian_only(theirs):
    values = {"A": 3.0, "sigma1": 1.0, "sigma2": 2.0, "fraction": 0.3, "centre": 0.5}
    other = with_values(theirs.components1D.SplitVoigt(), **values)
    ours = with_values(hs.model.components1D.SplitVoigt(), **values)
    assert ours.height == pytest.approx(float(other.function(np.array([0.5]))[0]))
    assert other.height != pytest.approx(ours.height, rel=0.05)


def test_their_rotation_is_a_rotation_for_small_angles_only(theirs):
    x, y = np.meshgrid(np.linspace(-2, 3, 9), np.linspace(-3, 2, 8))
    values = {"A": 2.0, "sigma_x": 1.0, "sigma_y": 2.0, "centre_x": 0.5, "centre_y": 0.2}
    other = with_values(theirs.components2D.Gaussian2D(add_rotation=True), **values)
    ours = with_values(hs.model.components2D.Gaussian2D(add_rotation=True), **values)
    assert_allclose(ours.function(x, y), other.function(x, y), rtol=1e-9)
    for component in (other, ours):
        component.rotation_angle.value = 1e-4
    assert_allclose(ours.function(x, y), other.function(x, y), rtol=1e-6)
    for component in (other, ours):
        component.rotation_angle.value = 0.5
    # A rotation keeps the volume; y goes into x after it was turned itself in theirs.
    grid = np.meshgrid(np.arange(-20, 20, 0.1), np.arange(-20, 20, 0.1))
    assert ours.function(*grid).sum() * 0.01 == pytest.approx(2.0)
    assert np.abs(ours.function(x, y) - other.function(x, y)).max() > 0.05 * ours.height
    assert_allclose(ours.rotation_major_axis, other.rotation_major_axis)


def test_their_mode_of_a_skew_normal_is_an_approximation(theirs):
    values = {"x0": 0.5, "A": 2.0, "scale": 1.5, "shape": 3.0}
    other = with_values(theirs.components1D.SkewNormal(), **values)
    ours = with_values(hs.model.components1D.SkewNormal(), **values)
    assert ours.mode == pytest.approx(other.mode, abs=0.01)
    assert ours.function(ours.mode) > ours.function(other.mode)
    assert_allclose(
        (ours.mean, ours.variance, ours.skewness), (other.mean, other.variance, other.skewness)
    )


def test_their_fixed_pattern_is_ours_with_splines(theirs):
    from hyperspy import api

    line = np.exp(-(np.linspace(-3, 3, 60) ** 2))
    spectrum = api.signals.Signal1D(line)
    spectrum.axes_manager[-1].scale, spectrum.axes_manager[-1].offset = 0.5, -12.0
    values = {"yscale": 2.0, "xscale": 0.9, "shift": 1.3}
    other = with_values(theirs.components1D.ScalableFixedPattern(spectrum), **values)
    axes = [{"size": 60, "scale": 0.5, "offset": -12.0}]
    ours = with_values(
        hs.model.components1D.ScalableFixedPattern(hs.signals.Signal1D(line, axes=axes)), **values
    )
    ours.prepare_interpolator(kind="cubic", fill_value="extrapolate")
    assert_allclose(ours.function(X), other.function(X), rtol=1e-9)


def test_the_power_law_of_two_areas_is_nearer_to_the_truth_than_theirs(theirs):
    from hyperspy import api

    x = 100 + 2.0 * np.arange(200)
    line = 1e7 * x**-2.7
    spectrum = api.signals.Signal1D(line)
    spectrum.axes_manager[-1].scale, spectrum.axes_manager[-1].offset = 2.0, 100.0
    other = theirs.components1D.PowerLaw()
    assert other.estimate_parameters(spectrum, 120.0, 400.0, only_current=True)
    ours = hs.model.components1D.PowerLaw()
    assert ours.estimate_parameters(hs.signals.Signal1D(line, axes=[{"axis": x}]), 120.0, 400.0)
    assert abs(ours.r.value - 2.7) < 1e-4
    assert abs(ours.r.value - 2.7) < abs(other.r.value - 2.7)
