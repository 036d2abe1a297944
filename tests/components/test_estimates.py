"""Start values told from noisy data: within a fifth of the truth, for one pixel and for maps."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

import hsjupyter.api as hs
from hsjupyter.core.errors import DataError

c1 = hs.model.components1D
X = np.linspace(20.0, 120.0, 201)

# Numbers of a component; the names of those that an estimate finds within a fifth, places within
# a fifth of a width; and the ground that the line stands on. Numbers that data hardly tell apart,
# such as the two widths of a Voigt line, are left to the line as a whole.
ROWS = [
    ("Gaussian", {"A": 300.0, "sigma": 8.0, "centre": 71.0}, "A sigma centre", "slope"),
    ("GaussianHF", {"height": 12.0, "fwhm": 5.0, "centre": 50.0}, "height fwhm centre", "slope"),
    ("Lorentzian", {"A": 300.0, "gamma": 5.0, "centre": 71.0}, "A gamma centre", "slope"),
    ("Voigt", {"area": 300.0, "sigma": 5.0, "gamma": 3.0, "centre": 80.0}, "area centre", "slope"),
    (
        "SplitVoigt",
        {"A": 300.0, "sigma1": 4.0, "sigma2": 9.0, "fraction": 0.3, "centre": 60.0},
        "A sigma1 sigma2 centre",
        "slope",
    ),
    (
        "SkewNormal",
        {"A": 20.0, "scale": 12.0, "shape": 4.0, "x0": 50.0},
        "A scale x0",
        "slope",
    ),
    ("Doniach", {"A": 20.0, "sigma": 4.0, "alpha": 0.1, "centre": 80.0}, "sigma centre", "slope"),
    ("PESCoreLineShape", {"A": 12.0, "FWHM": 15.0, "origin": 60.0}, "A FWHM origin", "slope"),
    (
        "PESVoigt",
        {"area": 200.0, "FWHM": 8.0, "gamma": 2.0, "resolution": 5.0, "centre": 70.0},
        "area centre",
        "slope",
    ),
    ("Erf", {"A": 12.0, "sigma": 6.0, "origin": 70.0}, "A sigma origin", "constant"),
    ("Arctan", {"A": 4.0, "k": 0.3, "x0": 70.0}, "A k x0", "constant"),
    ("Logistic", {"a": 12.0, "b": 2.0, "c": 0.2, "origin": 70.0}, "a c origin", "constant"),
    ("HeavisideStep", {"A": 12.0, "n": 70.0}, "A n", "constant"),
    ("RC", {"Vmax": 12.0, "V0": 3.0, "tau": 40.0}, "Vmax tau", "none"),
    ("Offset", {"offset": 12.0}, "offset", "none"),
    ("Exponential", {"A": 30.0, "tau": 45.0}, "A tau", "none"),
    ("Exponential", {"A": 0.1, "tau": -25.0}, "tau", "none"),
    ("PowerLaw", {"A": 1e4, "r": 2.2}, "r", "none"),
    ("DoublePowerLaw", {"A": 1e4, "r": 2.2, "shift": 10.0}, "r", "none"),
    ("EELSArctan", {"A": 4.0, "k": 0.3, "x0": 70.0}, "A k x0", "constant"),
    ("SEE", {"A": 1e6, "Phi": 30.0, "B": 24.0}, "A Phi B", "none"),
    (
        "VolumePlasmonDrude",
        {"intensity": 3.0, "plasmon_energy": 70.0, "fwhm": 9.0},
        "intensity plasmon_energy fwhm",
        "slope",
    ),
    ("PowerLaw", {"A": 1e4, "r": 2.2, "origin": 5.0, "left_cutoff": 30.0}, "r", "none"),
]
GROUNDS = {"none": 0.0 * X, "constant": 5.0 + 0.0 * X, "slope": 5.0 + 0.05 * X}
PLACES = {"centre", "x0", "origin", "n"}
every = pytest.mark.parametrize(("name", "values", "found", "ground"), ROWS)


def make(name, values):
    component = getattr(c1, name)()
    for key, value in values.items():
        getattr(component, key).value = value
    return component


def noisy(line, pixels, level=0.03):
    noise = level * np.ptp(line) + level * 0.1 * np.abs(line).max()
    return line + np.random.default_rng(11).normal(0, noise, (pixels, len(line)))


def mapped(data, **axis):
    axes = [{"size": len(data), "navigate": True}, {"axis": X, **axis}]
    return hs.signals.Signal1D(data, axes=axes)


@every
def test_start_values_are_within_a_fifth_of_the_truth(name, values, found, ground):
    truth = make(name, values)
    line = truth.function(X)
    s = mapped(noisy(line, 12) + GROUNDS[ground])
    m = s.create_model()
    known = {k: v for k, v in values.items() if not getattr(truth, k).free or k == "b"}
    component = make(name, known)
    m.append(component)
    assert component.estimate_parameters(s)
    for key in found.split():
        far = 0.2 * abs(values[key])
        if key in PLACES:
            half = X[line > line.max() / 2] if ground == "slope" else np.array([0.0, 10.0])
            far = 0.2 * np.ptp(half)
        assert_allclose(getattr(component, key).map["values"], values[key], atol=far)
    for i in range(12):
        s.axes_manager.indices = (i,)
        miss = component.function(X) - line
        # A sharp step may stand a channel beside its place.
        assert np.quantile(np.abs(miss), 0.98) < 0.12 * np.ptp(line) + 0.02 * np.abs(line).max()


@every
def test_clean_data_on_no_ground_give_the_line_back(name, values, found, ground):
    truth = make(name, values)
    line = truth.function(X)
    known = {k: v for k, v in values.items() if not getattr(truth, k).free or k == "b"}
    component = make(name, known)
    assert component.estimate_parameters(hs.signals.Signal1D(line, axes=[{"axis": X}]))
    miss = np.abs(component.function(X) - line)
    assert np.quantile(miss, 0.98) < 0.05 * np.ptp(line) + 1e-9 * np.abs(line).max()


@pytest.mark.parametrize("order", [0, 1, 4])
def test_a_polynomial_starts_at_its_least_squares(order):
    coefficients = np.array([1e-6, -3e-4, 0.02, 1.0, 7.0])[4 - order :]
    line = np.polyval(coefficients, X)
    s = mapped(np.array([line, 2 * line]))
    m = s.create_model()
    m.append(c1.Polynomial(order=order))
    assert m[0].estimate_parameters(s, 30.0, 110.0)
    stored = m[0].coefficients.map["values"]
    assert_allclose(stored, [coefficients, 2 * coefficients], rtol=1e-6)


def test_a_polynomial_of_more_coefficients_than_channels_cannot_tell():
    s = hs.signals.Signal1D(np.arange(4.0))
    assert not c1.Polynomial(order=4).estimate_parameters(s)


def test_a_fixed_pattern_finds_its_factor():
    pattern = make("Gaussian", {"A": 300.0, "sigma": 8.0, "centre": 71.0}).function(X)
    p = c1.ScalableFixedPattern(hs.signals.Signal1D(pattern, axes=[{"axis": X}]))
    assert p.estimate_parameters(mapped(2.5 * noisy(pattern, 1)))
    assert p.yscale.value == pytest.approx(2.5, rel=0.05)
    assert (p.xscale.value, p.shift.value) == (1.0, 0.0)


GAUSS = {"A": 300.0, "sigma": 8.0, "centre": 71.0}
DATA = noisy(make("Gaussian", GAUSS).function(X), 5) + GROUNDS["slope"]


def test_all_pixels_are_set_and_the_current_one_works_with_its_own():
    s = mapped(DATA)
    m = s.create_model()
    g = c1.Gaussian()
    m.append(g)
    before = m.stored
    s.axes_manager.indices = (2,)
    assert g.estimate_parameters(s, 30.0, 110.0, only_current=False) is True
    assert m.stored > before
    for p in g.parameters:
        assert p.map["is_set"].all()
        assert p.value == p.map["values"][2]
        assert np.isnan(p.map["std"]).all()


def test_only_current_leaves_the_maps_alone():
    s = mapped(DATA)
    m = s.create_model()
    g = c1.Gaussian()
    m.append(g)
    assert g.estimate_parameters(s, 30.0, 110.0, only_current=True)
    assert g.centre.value == pytest.approx(71.0, abs=2.0)
    assert not g.centre.map["is_set"].any()


def test_binned_data_are_divided_by_the_width():
    width = 0.5
    plain, binned = c1.Gaussian(), c1.Gaussian()
    plain.estimate_parameters(mapped(DATA))
    binned.estimate_parameters(mapped(DATA * width, is_binned=True))
    assert_allclose(binned.row(), plain.row(), rtol=1e-10)


def test_what_is_fixed_or_follows_stays():
    s = mapped(DATA)
    m = s.create_model()
    first, second = c1.Gaussian(), c1.Gaussian()
    m.extend((first, second))
    first.centre.value, first.centre.free = 60.0, False
    second.sigma.twin = first.sigma
    assert first.estimate_parameters(s)
    assert first.centre.value == 60.0
    kept = first.sigma.value
    assert second.estimate_parameters(s, 20.0, 50.0)
    assert first.sigma.value == second.sigma.value == kept


def test_values_stay_inside_their_bounds():
    g = c1.Gaussian()
    g.sigma.bmax = 5.0
    assert g.estimate_parameters(mapped(DATA))
    assert g.sigma.value == 5.0


def test_several_windows_leave_out_what_is_between():
    line = make("PowerLaw", {"A": 1e4, "r": 2.2}).function(X)
    spoilt = line + 50 * np.exp(-((X - 70) ** 2) / 20)
    law = c1.PowerLaw()
    s = hs.signals.Signal1D(spoilt, axes=[{"axis": X}])
    assert law.estimate_parameters(s, intervals=[(25.0, 50.0), (110.0, 90.0)])
    assert_allclose((law.A.value, law.r.value), (1e4, 2.2), rtol=1e-3)


def test_two_areas_give_a_power_law_exactly():
    law = make("PowerLaw", {"A": 1e4, "r": 2.2})
    s = hs.signals.Signal1D(law.function(X), axes=[{"axis": X}])
    again = c1.PowerLaw()
    assert again.estimate_parameters(s, 30.0, 90.0)
    assert_allclose((again.A.value, again.r.value), (1e4, 2.2), rtol=1e-4)


def test_a_power_law_can_hand_out_its_numbers():
    law = make("PowerLaw", {"A": 1e4, "r": 2.2})
    s = hs.signals.Signal1D(law.function(X), axes=[{"axis": X}])
    again = c1.PowerLaw()
    A, r = again.estimate_parameters(s, 30.0, 90.0, out=True)
    assert_allclose((A, r), (1e4, 2.2), rtol=1e-4)
    assert (again.A.value, again.r.value) == (1e6, 3.0)


@pytest.mark.parametrize("name", ["Gaussian", "PowerLaw", "Exponential", "Erf", "RC"])
def test_flat_data_show_nothing(name):
    component = getattr(c1, name)()
    before = component.row()
    assert component.estimate_parameters(mapped(np.zeros((2, len(X))))) is False
    assert component.row() == before


def test_pixels_that_show_nothing_stay_unset():
    s = mapped(np.array([DATA[0], 0 * X]))
    m = s.create_model()
    m.append(c1.Gaussian())
    assert m[0].estimate_parameters(s)
    assert m[0].A.map["is_set"].tolist() == [True, False]


def test_dead_channels_are_filled_in_from_their_neighbours():
    data = DATA.copy()
    data[0, 60:63] = np.nan
    data[1] = np.nan
    s = mapped(data)
    m = s.create_model()
    m.append(c1.Gaussian())
    assert m[0].estimate_parameters(s)
    assert m[0].A.map["is_set"].tolist() == [True, False, True, True, True]
    assert m[0].centre.map["values"][0] == pytest.approx(71.0, abs=2.0)


def test_a_shape_that_cannot_tell_says_so():
    assert c1.Expression("a*x", "line").estimate_parameters(mapped(DATA)) is False
    assert c1.Bleasdale().estimate_parameters(mapped(DATA)) is False


def test_an_empty_window_is_refused():
    with pytest.raises(DataError, match=r"holds 0 channels; at least 3 are wanted, from 20 to 120"):
        c1.Gaussian().estimate_parameters(mapped(DATA), 300.0, 310.0)


def test_a_map_of_another_shape_is_refused():
    m = mapped(DATA).create_model()
    m.append(c1.Gaussian())
    with pytest.raises(DataError, match="give the signal of the model, or only_current=True"):
        m[0].estimate_parameters(mapped(DATA[:3]))


def test_a_map_of_two_axes_is_told_row_by_row():
    data = np.array([DATA, DATA[::-1]])
    axes = [{"size": 2, "navigate": True}, {"size": 5, "navigate": True}, {"axis": X}]
    s = hs.signals.Signal1D(data, axes=axes)
    m = s.create_model()
    m.append(c1.Gaussian())
    assert m[0].estimate_parameters(s)
    stored = m[0].centre.map["values"]
    assert_allclose(stored[0], stored[1, ::-1], rtol=1e-12)
