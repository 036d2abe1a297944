"""Widths, heights and other names for the same numbers, and the arguments of constructors."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.optimize import minimize_scalar
from scipy.special import voigt_profile
from scipy.stats import skewnorm

import hsjupyter.api as hs
from hsjupyter.core.errors import ModelError, ParameterError, UnknownNameError
from hsjupyter.core.registry import COMPONENTS
from tests.components.cases import CASES
from tests.formula import node

c1 = hs.model.components1D
GUIDE = """
EELSCLEdge VolumePlasmonDrude PowerLaw Offset Exponential ScalableFixedPattern Gaussian GaussianHF
Lorentzian Voigt Polynomial Logistic Bleasdale Erf SEE Arctan HeavisideStep
"""
BESIDE_IT = """
Expression DoublePowerLaw PESCoreLineShape RC Vignetting Doniach SkewNormal SplitVoigt EELSArctan
PESVoigt
"""


def test_every_component_of_the_guide_is_there():
    assert {*GUIDE.split(), *BESIDE_IT.split()} <= set(dir(hs.model.components1D))
    assert {"Expression", "Gaussian2D"} <= set(dir(hs.model.components2D))
    assert "Gaussian2D" not in dir(hs.model.components1D)
    assert "Gaussian" not in dir(hs.model.components2D)


@pytest.mark.parametrize(
    ("made", "row"),
    [
        (c1.Gaussian(3, 2, 1), [3, 2, 1]),
        (c1.GaussianHF(height=3, fwhm=2, centre=1, module="numexpr"), [3, 2, 1]),
        (c1.Lorentzian(3, 2, 1), [3, 2, 1]),
        (c1.Voigt(), [10, 1, 0.2, 0.1]),
        (c1.SplitVoigt(), [1, 1, 1, 0, 0]),
        (c1.SkewNormal(), [0, 1, 1, 0]),
        (c1.Doniach(), [0, 1, 1, 0.5]),
        (c1.Erf(3, 2, 1), [3, 2, 1]),
        (c1.Arctan(), [1, 1, 1]),
        (c1.HeavisideStep(3, 2), [3, 2]),
        (c1.Logistic(), [1, 1, 1, 0]),
        (c1.Bleasdale(), [1, 1, 1]),
        (c1.RC(3, 2, 4), [3, 2, 4]),
        (c1.RC(V=3, V0=2), [3, 2, 1]),
        (c1.Exponential(), [1, 1]),
        (c1.PowerLaw(5.0, 2.0), [5, 2, 0, 0]),
        (c1.Offset(4.0), [4]),
        (c1.PESCoreLineShape(3, 2, 1), [3, 2, 1, 0, 0]),
        (c1.PESVoigt(), [1, 0, 1, 0, 0, 0, 0, 1]),
        (c1.Vignetting(), [0, 0, 1, 0, 0, 0, 0, 1]),
    ],
    ids=lambda made: type(made).__name__,
)
def test_constructors_take_what_hyperspys_take(made, row):
    assert made.row() == row


def half_width(component, top):
    """Distance of the two places of half height, by bisection."""
    half = component.function(top) / 2
    ends = []
    for sign in (-1, 1):
        low, high = 0.0, 100.0
        for _ in range(80):
            middle = (low + high) / 2
            above = component.function(top + sign * middle) > half
            low, high = (middle, high) if above else (low, middle)
        ends.append(low)
    return sum(ends)


@pytest.mark.parametrize(
    ("made", "width", "height"),
    [
        (c1.Gaussian(A=3.0, sigma=2.0, centre=1.0), "fwhm", "height"),
        (c1.Lorentzian(A=3.0, gamma=2.0, centre=1.0), "fwhm", "height"),
        (c1.Voigt(area=3.0, sigma=2.0, gamma=0.0, centre=1.0), "gwidth", "height"),
        (c1.Voigt(area=3.0, sigma=2.0, gamma=0.0, centre=1.0), "FWHM", "height"),
        (c1.Voigt(area=3.0, sigma=0.0, gamma=2.0, centre=1.0), "lwidth", "height"),
    ],
)
def test_width_and_height_are_those_of_the_line(made, width, height):
    assert getattr(made, width) == pytest.approx(half_width(made, 1.0))
    assert getattr(made, height) == pytest.approx(float(made.function(1.0)))
    setattr(made, width, 7.0)
    setattr(made, height, 5.0)
    assert half_width(made, 1.0) == pytest.approx(7.0)
    assert float(made.function(1.0)) == pytest.approx(5.0)


def test_a_gaussian_by_height_tells_sigma_and_area():
    g, other = c1.GaussianHF(height=3.0, fwhm=2.0, centre=1.0), c1.Gaussian()
    other.A.value, other.sigma.value, other.centre.value = g.A, g.sigma, 1.0
    x = np.linspace(-3, 5, 30)
    assert_allclose(other.function(x), g.function(x))
    g.sigma, g.A = 4.0, 9.0
    assert_allclose((g.sigma, g.A), (4.0, 9.0))


def test_the_integral_of_a_map_is_a_signal():
    g = c1.GaussianHF()
    with pytest.raises(ModelError, match="in no model, so it has no map"):
        g.integral_as_signal()
    s = hs.signals.Signal1D(np.ones((3, 20)))
    m = s.create_model()
    m.append(g)
    g.height.map["values"], g.fwhm.map["values"] = [1.0, 2.0, 3.0], 2.0
    area = np.sqrt(np.pi / np.log(2)) * np.array([1.0, 2.0, 3.0])
    assert_allclose(g.integral_as_signal().data, area)


@pytest.mark.parametrize("shape", [-20.0, -1.0, 0.0, 0.5, 4.0])
def test_a_skew_normal_tells_its_moments(shape):
    k = c1.SkewNormal(x0=1.0, A=2.0, scale=1.5, shape=shape)
    mean, variance, skewness = skewnorm.stats(shape, 1.0, 1.5, moments="mvs")
    assert_allclose((k.mean, k.variance, k.skewness), (mean, variance, skewness), atol=1e-12)
    top = minimize_scalar(lambda x: -skewnorm.pdf(x, shape, 1.0, 1.5), bounds=(-2, 4)).x
    assert k.mode == pytest.approx(top, abs=1e-4)


def test_a_split_voigt_is_as_high_as_at_its_centre():
    s = c1.SplitVoigt(A=3.0, sigma1=1.0, sigma2=2.0, fraction=0.3, centre=0.5)
    assert s.height == pytest.approx(float(s.function(0.5)))
    s.height = 4.0
    assert float(s.function(0.5)) == pytest.approx(4.0)


def test_a_doniach_line_has_its_maximum_at_its_centre():
    for alpha in (0.0, 0.1, 0.3, 0.6):
        d = c1.Doniach(centre=2.0, sigma=1.5, alpha=alpha)
        top = minimize_scalar(lambda x, d=d: -d.function(x), bounds=(-3, 5), tol=1e-12).x
        assert top == pytest.approx(2.0, abs=1e-5)


def test_an_arctangent_may_start_from_zero():
    step = c1.Arctan(A=2.0, k=3.0, x0=0.5, minimum_at_zero=True)
    x = np.array([-1e9, 0.5, 1e9])
    assert_allclose(step.function(x), [0.0, np.pi, 2 * np.pi], atol=1e-7)
    assert_allclose(step.copy().function(x), step.function(x))


def test_an_older_name_of_a_parameter_is_the_parameter():
    rc = c1.RC()
    assert rc.V is rc.Vmax
    with pytest.raises(ParameterError, match="of which V is an older name; give one of them"):
        c1.RC(Vmax=1.0, V=2.0)


def test_spin_orbit_splitting_adds_a_second_line():
    line = c1.PESVoigt(area=3.0, FWHM=0.9, gamma=0.2, centre=1.0, spin_orbit_splitting_energy=0.7)
    m = hs.signals.Signal1D(np.ones(20)).create_model()
    m.append(line)
    before = m.structure
    line.spin_orbit_splitting, line.spin_orbit_branching_ratio = True, 0.4
    assert m.structure > before
    x = np.linspace(-4, 5, 50)
    sigma = 0.9 / np.sqrt(8 * np.log(2))
    two = voigt_profile(x - 1, sigma, 0.2) + 0.4 * voigt_profile(x - 0.3, sigma, 0.2)
    assert_allclose(line.function(x), 3 * two, rtol=1e-12)
    assert_allclose(line.copy().function(x), 3 * two, rtol=1e-12)


@pytest.mark.parametrize("gamma", [0.0, 0.1, 0.4, 2.0])
def test_the_shirley_background_is_the_area_above(gamma):
    bare = c1.PESVoigt(area=3.0, FWHM=1.1, gamma=gamma)
    line = c1.PESVoigt(area=3.0, FWHM=1.1, gamma=gamma, shirley_background=0.2)
    fine = np.arange(-3000, 3000, 0.01) + 0.005
    above = 3.0 - 0.01 * np.cumsum(bare.function(fine))
    x = np.arange(-5, 5, 0.25)
    wanted = 0.2 * np.interp(x, fine + 0.005, above)
    assert_allclose(line.function(x) - bare.function(x), wanted, atol=0.006 * 0.2 * 3.0)


def test_side_vignetting_frees_the_slopes():
    v = c1.Vignetting(height=3.0, period=8.0, left=-5.0, right=5.0)
    assert not v.side_vignetting
    v.side_vignetting = True
    assert v.left_slope.free
    assert v.right_slope.free
    v.left_slope.value = 0.1
    assert v.function(-20.0) < c1.Vignetting(height=3.0, period=8.0).function(-20.0)
    v.side_vignetting = False
    assert (v.left_slope.value, v.left_slope.free, v.side_vignetting) == (0.0, False, False)


def test_another_module_is_refused():
    with pytest.raises(UnknownNameError, match="Gaussian: module has no 'cupy'; "):
        c1.Gaussian(module="cupy")


def test_backgrounds_are_not_convolved():
    grounds = {n for n, k in COMPONENTS.items() if k.isbackground and "hsjupyter.c" in k.__module__}
    assert grounds >= {"PowerLaw", "Offset", "ScalableFixedPattern", "HeavisideStep"}
    assert not any(COMPONENTS[name].convolved for name in grounds)
    g = c1.Gaussian()
    g.convolved, g.isbackground = False, True
    assert (g.copy().convolved, g.copy().isbackground) == (False, True)


FORMULAS = [case for case in CASES if case.make().formula_object is not None]


def test_javascript_gives_the_same_numbers():
    made = [(case, case.make(), case.axis()) for case in FORMULAS]
    jobs = [(c.formula_object.javascript(), (x,), c.row()) for _, c, x in made]
    filled, _ = node.run(jobs)
    for line, (case, component, x) in zip(filled, made, strict=True):
        wanted = component.function(x)
        # Where terms cancel, the digits that are left are those of the terms.
        scale = 1e-12 * np.abs(wanted) + 1e-16 * np.abs(wanted).max()
        assert (np.abs(line - wanted) <= scale).all(), case.name
    assert len(made) > 20


@pytest.mark.parametrize("case", FORMULAS, ids=str)
def test_every_parameter_has_a_gradient_by_name(case):
    component, x = case.make(), case.axis()
    rows = component.freeze().derivatives((x,), component.row())
    start = 0
    for p in component.parameters:
        mine = rows[start : start + p.size]
        start += p.size
        wanted = mine if isinstance(p.value, tuple) else mine[0]
        assert_allclose(getattr(component, f"grad_{p.name}")(x), wanted)
        assert_allclose(p.grad(x), wanted)


def test_the_lines_of_all_pixels_come_at_once():
    s = hs.signals.Signal1D(np.ones((2, 3, 20)))
    m = s.create_model()
    g = c1.Gaussian()
    m.append(g)
    x = np.arange(20.0)
    assert np.isnan(g.function_nd(x)).all()
    for p, values in ((g.A, 5.0), (g.sigma, 2.0), (g.centre, np.arange(6.0).reshape(2, 3))):
        p.map["values"] = values
    lines = g.function_nd(x)
    assert lines.shape == (2, 3, 20)
    assert_allclose(lines[1, 2], c1.Gaussian(5, 2, 5).function(x))
    given = g.function_nd(x, parameters_values=[5.0, 2.0, np.array([3.0, 4.0])])
    assert_allclose(given, lines.reshape(6, 20)[3:5])
    assert_allclose(c1.Gaussian(5, 2, 5).function_nd(x), lines[1, 2])
