"""Components of two coordinates: values, volume, derivatives, fits, start values, rotation."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

import hsjupyter.api as hs
from hsjupyter.core.errors import DataError, ParameterError
from hsjupyter.core.shape import central_differences
from hsjupyter.storage.records import component_from, record_of_component
from tests.components.cases_2d import CASES_2D
from tests.formula import node

every = pytest.mark.parametrize("case", CASES_2D, ids=str)
X, Y = np.meshgrid(np.linspace(-8, 9, 40), np.linspace(-7, 5, 30))
FLAT = (X.ravel(), Y.ravel())


@every
def test_values_are_those_of_scipy(case):
    x, y = np.transpose(case.points)
    assert_allclose(case.make().function(x, y), case.z, rtol=1e-12)


@every
def test_the_volume_is_the_closed_integral(case):
    x = np.arange(-60, 60, 0.25)
    grid = np.meshgrid(x, x)
    assert case.make().function(*grid).sum() * 0.25**2 == pytest.approx(case.volume, rel=1e-9)


@every
def test_derivatives_are_those_of_central_differences(case):
    component = case.make()
    exact = component.freeze().derivatives(FLAT, component.row())
    near = central_differences(component.freeze().value, FLAT, component.row())
    assert_allclose(exact, near, atol=1e-7 * np.abs(near).max())
    for p, row in zip(component.parameters, exact, strict=True):
        assert_allclose(p.grad(X, Y), row.reshape(X.shape))


@every
def test_a_fit_finds_what_noise_hides(case):
    truth = case.make()
    clean = truth.function(X, Y)
    noise = 0.02 * clean.max()
    image = clean + np.random.default_rng(5).normal(0, noise, X.shape)
    s = hs.signals.Signal2D(image, axes=[{"axis": Y[:, 0]}, {"axis": X[0]}])
    s.set_noise_variance(noise**2)
    m = s.create_model()
    m.append(truth)
    wanted = truth.row()
    result = m.fit()
    assert (np.abs(result.x - wanted) < 4 * result.std).all()


@every
def test_a_copy_and_a_record_make_it_again(case):
    component = case.make()
    for again in (component.copy(), component_from(record_of_component(component))):
        assert_allclose(again.function(X, Y), component.function(X, Y), rtol=0)
        assert again.position == component.position


@every
def test_javascript_gives_the_same_numbers(case):
    component = case.make()
    body = component.formula_object.javascript()
    (filled,), _ = node.run([(body, FLAT, component.row())])
    assert_allclose(filled, component.function(*FLAT), rtol=1e-12, atol=1e-300)


def test_the_properties_of_a_gaussian_follow_its_parameters():
    g = hs.model.components2D.Gaussian2D(A=3.0, sigma_x=0.8, sigma_y=2.0, add_rotation=True)
    assert_allclose(g.height, g.function(0.0, 0.0))
    assert_allclose(g.function(g.fwhm_x / 2, 0.0), g.height / 2)
    assert_allclose(g.function(0.0, g.fwhm_y / 2), g.height / 2)
    assert (g.sigma_major, g.sigma_minor, g.ellipticity) == (2.0, 0.8, 2.5)
    g.rotation_angle.value = 0.3
    along = g.rotation_major_axis
    far, near = 2.5 * np.array([np.cos(along), -np.sin(along)]), g.function(0.0, 2.5)
    assert g.function(*far) > near
    assert_allclose(g.function(*far), g.height * np.exp(-(2.5**2) / 2 / 2.0**2))
    g.fwhm_x, g.fwhm_y, g.height = 2.0, 3.0, 7.0
    assert_allclose((g.fwhm_x, g.fwhm_y, g.height), (2.0, 3.0, 7.0))
    g.rotation_angle.value = 0.3 + 2 * np.pi
    assert_allclose(g.rotation_angle_wrapped, 0.3)


def test_rotation_is_fixed_unless_it_is_asked_for():
    assert not hs.model.components2D.Gaussian2D().rotation_angle.free
    assert hs.model.components2D.Gaussian2D(add_rotation=True).rotation_angle.free


@pytest.mark.parametrize("center", [(1.0, -2.0), ("a", "b")])
def test_a_rotation_center_stays_where_it_is(center):
    line = hs.model.components2D.Expression(
        "a*x + b*y", "plane", add_rotation=True, rotation_center=center, a=1.0, b=-2.0
    )
    before = line.function(1.0, -2.0), line.function(3.0, -2.0)
    line.rotation_angle.value = np.pi / 2
    assert_allclose(line.function(1.0, -2.0), before[0])
    # A quarter turn: what was at (3, -2) from the center along x is now along minus y.
    assert_allclose(line.function(1.0, -4.0), before[1])


def test_a_line_is_not_turned():
    with pytest.raises(ParameterError, match="a formula of x and y is wanted"):
        hs.model.components1D.Expression("a*x", "line", add_rotation=True)


def spots(angle):
    """Four images of one turned Gaussian on a ground, with noise of 3 % of its height."""
    draw, images = np.random.default_rng(3), []
    g = hs.model.components2D.Gaussian2D(A=40.0, sigma_x=2.2, sigma_y=1.2, centre_y=-1.5)
    g.rotation_angle.value = angle
    for centre in (-1.0, 0.0, 1.0, 2.0):
        g.centre_x.value = centre
        images.append(1.0 + g.function(X, Y) + draw.normal(0, 0.03 * g.height, X.shape))
    axes = [{"size": 4, "navigate": True}, {"axis": Y[:, 0]}, {"axis": X[0]}]
    return hs.signals.Signal2D(np.array(images), axes=axes)


@pytest.mark.parametrize("angle", [0.0, 0.7, -1.2])
def test_start_values_are_near_the_truth(angle):
    s = spots(angle)
    m = s.create_model()
    g = hs.model.components2D.Gaussian2D(add_rotation=True)
    m.append(g)
    assert g.estimate_parameters(s, -7.0, 8.0, y1=-6.5, y2=4.0)
    assert_allclose(g.centre_x.map["values"], [-1, 0, 1, 2], atol=0.2)
    assert_allclose(g.centre_y.map["values"], -1.5, atol=0.2)
    assert_allclose(g.A.map["values"], 40.0, rtol=0.2)
    assert_allclose(g.sigma_x.map["values"] * g.sigma_y.map["values"], 2.2 * 1.2, rtol=0.2)
    for i in range(4):
        s.axes_manager.indices = (i,)
        assert g.sigma_major == pytest.approx(2.2, rel=0.2)
        assert np.sin(2 * (g.rotation_major_axis - angle)) == pytest.approx(0.0, abs=0.2)


def test_start_values_keep_a_fixed_angle():
    s = spots(0.7)
    g = hs.model.components2D.Gaussian2D()
    g.rotation_angle.value = 0.7
    assert g.estimate_parameters(s, only_current=True)
    assert g.rotation_angle.value == 0.7
    assert_allclose((g.sigma_x.value, g.sigma_y.value), (2.2, 1.2), rtol=0.2)


def test_an_empty_rectangle_is_refused():
    with pytest.raises(DataError, match=r"holds 0 channels; at least 3"):
        hs.model.components2D.Gaussian2D().estimate_parameters(spots(0.0), y1=50.0, y2=60.0)
