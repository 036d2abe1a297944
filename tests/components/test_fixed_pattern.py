"""A measured spectrum as a component: stretching, shifting, kinds, edges, copies."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.interpolate import interp1d

import hsjupyter.api as hs
from hsjupyter.core.errors import DataError, ParameterError, UnknownNameError
from hsjupyter.core.shape import central_differences
from hsjupyter.storage.records import component_from, record_of_component

Pattern = hs.model.components1D.ScalableFixedPattern
AXIS = 10 + 0.5 * np.arange(60)
LINE = np.exp(-((AXIS - 24) ** 2) / 30) + 0.1 * np.cos(AXIS)
X = np.linspace(11.0, 38.0, 77)


def spectrum(data=LINE, **axis):
    return hs.signals.Signal1D(data, axes=[{"size": 60, "scale": 0.5, "offset": 10.0, **axis}])


def test_it_is_the_spectrum_itself_at_first():
    p = Pattern(spectrum())
    assert_allclose(p.function(AXIS), LINE)
    assert [p.yscale.value, p.xscale.value, p.shift.value] == [1.0, 1.0, 0.0]
    assert (p.isbackground, p.convolved, p.position) == (True, False, "shift")


@pytest.mark.parametrize("kind", ["linear", "slinear", "nearest", "quadratic", "cubic"])
def test_between_channels_it_goes_on_as_scipy_does(kind):
    p = Pattern(spectrum(), yscale=2.0, xscale=0.9, shift=1.3)
    p.prepare_interpolator(kind=kind, fill_value=(5.0, 7.0))
    theirs = interp1d(AXIS, LINE, kind=kind, bounds_error=False, fill_value=(5.0, 7.0))
    x = np.linspace(5.0, 60.0, 333)
    assert_allclose(p.function(x), 2.0 * theirs(0.9 * x - 1.3), rtol=1e-9)


def test_a_degree_is_another_word_for_a_kind():
    cubic, third = Pattern(spectrum(), kind="cubic"), Pattern(spectrum())
    third.prepare_interpolator(k=3)
    assert_allclose(third.function(X), cubic.function(X))


def test_outside_it_may_go_on_as_at_its_ends():
    p = Pattern(spectrum(3 + 2 * AXIS))
    assert p.function(50.0) == 0.0
    p.prepare_interpolator(fill_value="extrapolate")
    assert_allclose(p.function([0.0, 50.0]), [3.0, 103.0])


@pytest.mark.parametrize("kind", ["linear", "cubic"])
def test_derivatives_are_those_of_central_differences(kind):
    p = Pattern(spectrum(), yscale=2.0, xscale=0.97, shift=-0.2, kind=kind)
    exact = p.freeze().derivatives((X,), p.row())
    near = central_differences(p.freeze().value, (X,), p.row())
    # Linear pieces have corners, and a step may reach over one.
    assert (np.abs(exact - near) < 1e-6 * np.abs(near).max()).mean() > 0.95
    assert np.quantile(np.abs(exact - near), 0.95) < 1e-6 * np.abs(near).max()


def test_a_fit_finds_stretch_and_shift():
    truth = Pattern(spectrum(), yscale=3.0, xscale=1.04, shift=0.8, kind="cubic")
    m = spectrum(truth.function(AXIS)).create_model()
    m.append(Pattern(spectrum(), kind="cubic"))
    m.fit()
    assert_allclose(m[0].row(), [3.0, 1.04, 0.8], rtol=1e-5)


def test_without_interpolation_only_its_height_counts():
    p = Pattern(spectrum(), interpolate=False)
    p.xscale.value, p.shift.value = 3.0, 4.0
    assert_allclose(p.function(AXIS[5:20]), LINE[5:20])
    assert [q.name for q in p.free_parameters] == ["yscale"]
    assert_allclose(p.grad_shift(AXIS), 0.0)
    p.interpolate = True
    assert [q.name for q in p.free_parameters] == ["yscale", "xscale", "shift"]


def test_what_was_fixed_before_stays_so():
    p = Pattern(spectrum())
    p.xscale.free = False
    p.interpolate = False
    p.interpolate = True
    assert [q.name for q in p.free_parameters] == ["yscale", "shift"]


def test_counts_of_bins_are_a_density_times_the_width():
    p = Pattern(spectrum(is_binned=True))
    assert_allclose(p.function(AXIS), LINE / 0.5)
    m = spectrum(is_binned=True).create_model()
    m.append(p)
    assert_allclose(m(), LINE)


def test_a_falling_axis_is_read_from_its_other_end():
    turned = hs.signals.Signal1D(LINE[::-1], axes=[{"axis": AXIS[::-1]}])
    assert_allclose(Pattern(turned).function(X), Pattern(spectrum()).function(X))


def test_a_copy_and_a_record_make_it_again():
    p = Pattern(spectrum(), yscale=2.0, shift=1.0, kind="quadratic", fill_value="extrapolate")
    p.interpolate = False
    for again in (p.copy(), component_from(record_of_component(p))):
        assert_allclose(again.function(AXIS), p.function(AXIS), rtol=0)
        assert again.init_arguments()["kind"] == "quadratic"
        again.interpolate = True
        assert again.function(0.0) != 0.0  # still goes on as at its ends


@pytest.mark.parametrize(
    "wrong", [LINE, hs.signals.Signal1D(np.ones((3, 60))), hs.signals.Signal1D(np.ones(1))]
)
def test_only_one_spectrum_is_a_pattern(wrong):
    with pytest.raises(DataError, match="a single spectrum of at least two channels is wanted"):
        Pattern(wrong)


def test_another_kind_is_refused():
    p = Pattern(spectrum())
    with pytest.raises(UnknownNameError, match="has no 'cubik'; did you mean 'cubic'"):
        p.prepare_interpolator(kind="cubik")
    with pytest.raises(UnknownNameError, match="k has no 5; known: 1, 2, 3"):
        p.prepare_interpolator(k=5)
    with pytest.raises(ParameterError, match="a number, two numbers or 'extrapolate' is wanted"):
        p.prepare_interpolator(fill_value=[1, 2, 3])
    assert_allclose(p.function(AXIS), LINE)
