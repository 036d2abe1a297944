"""Parts and copies of models: nothing is shared, and what is derived is derived again."""

import copy

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import hsjupyter.api as hs

c1, c2 = hs.model.components1D, hs.model.components2D
MAPS = ("values", "std", "is_set", "active", "chisq", "dof")


@pytest.fixture
def fitted():
    rng = np.random.default_rng(3)
    x = np.arange(40.0)
    y = 5 + 100 * np.exp(-((x - 20) ** 2) / 18) + rng.normal(0, 1, (3, 4, 40))
    s = hs.signals.Signal1D(y)
    s.set_noise_variance(1.0)
    m = s.create_model()
    m.extend([c1.Gaussian(A=700, sigma=3, centre=20), c1.Offset(offset=5), c1.Gaussian(name="off")])
    m[2].active = False
    m[0].active_is_multidimensional = True
    m.multifit(show_progressbar=False)
    return m


def chi_squared(model, data):
    return ((data - model.as_signal().data) ** 2).sum(axis=-1)


@pytest.mark.parametrize("variance", ["number", "spectrum", "map", None])
@pytest.mark.parametrize("binned", [False, True])
def test_chi_squared_of_a_part_is_that_of_its_channels(fitted, variance, binned):
    s = fitted.signal
    sizes = {"number": 4.0, "spectrum": np.linspace(1, 2, 40), "map": 2 + np.zeros((3, 4, 40))}
    if variance is not None:
        v = sizes[variance]
        s.set_noise_variance(v if np.isscalar(v) else hs.signals.Signal1D(v))
    s.axes_manager[-1].scale = 0.5
    s.axes_manager[-1].offset = 10
    s.axes_manager[-1].is_binned = binned
    for p, value in zip(fitted[0].parameters, (350, 1.5, 20), strict=True):
        p.map["values"] = value
    part = fitted.isig[5:25]
    known = np.ones(40) if variance is None else sizes[variance]
    if variance is None:
        s.set_noise_variance(None)
        part = fitted.isig[5:25]
    expected = (s.data - fitted.as_signal().data) ** 2 / np.broadcast_to(known, s.data.shape)
    assert_allclose(part.chisq.data, expected[..., 5:25].sum(axis=-1))
    assert_array_equal(part.dof.data, fitted.dof.data)
    assert_allclose(part.red_chisq.data, part.chisq.data / (20 - part.dof.data))


def test_chi_squared_of_a_part_is_unknown_where_nothing_was_fitted(fitted):
    fitted.maps.chisq[1, 2] = np.nan
    part = fitted.isig[5:25]
    assert np.isnan(part.chisq.data[1, 2])
    assert np.isnan(part.chisq.data).sum() == 1


def test_a_part_of_the_map_keeps_what_its_pixels_have(fitted):
    fitted[0]._active_array[2, 1] = False
    fitted.set_signal_range(3, 30)
    part = fitted.inav[1:3, 2]
    assert_array_equal(part.chisq.data, fitted.chisq.data[2, 1:3])
    assert_array_equal(part[0].A.map["values"], fitted[0].A.map["values"][2, 1:3])
    assert_array_equal(part[0]._active_array, [False, True])
    assert_array_equal(part.channel_switches, fitted.channel_switches)
    assert not part[2].active


def test_a_part_stays_at_the_current_pixel(fitted):
    fitted.axes_manager.indices = (3, 1)
    assert fitted.isig[5:].axes_manager.indices == (3, 1)
    assert fitted.isig[5:][0].A.value == fitted[0].A.value
    assert fitted.deepcopy().axes_manager.indices == (3, 1)


@pytest.mark.parametrize("make", [lambda m: m.copy(), copy.copy], ids=["method", "module"])
def test_a_copy_is_of_the_same_signal_and_shares_nothing_else(fitted, make):
    twin = make(fitted)
    assert twin.signal is fitted.signal
    assert type(twin) is type(fitted)
    assert_twins(twin, fitted)


@pytest.mark.parametrize("make", [lambda m: m.deepcopy(), copy.deepcopy], ids=["method", "module"])
def test_a_deep_copy_has_a_signal_of_its_own(fitted, make):
    twin = make(fitted)
    assert twin.signal is not fitted.signal
    assert not np.shares_memory(twin.signal.data, fitted.signal.data)
    assert_array_equal(twin.signal.data, fitted.signal.data)
    assert twin.signal.get_noise_variance() == 1.0
    assert_twins(twin, fitted)


def assert_twins(twin, model):
    for name in MAPS:
        assert_array_equal(getattr(twin.maps, name), getattr(model.maps, name), err_msg=name)
        assert not np.shares_memory(getattr(twin.maps, name), getattr(model.maps, name))
    assert [c.name for c in twin] == [c.name for c in model]
    twin[0].A.value = 1.5
    twin[0].A.map["values"] = 2.5
    twin.remove("Offset")
    twin[0].name = "renamed"
    assert model[0].A.value != 1.5
    assert not (model[0].A.map["values"] == 2.5).any()
    assert [c.name for c in model] == ["Gaussian", "Offset", "off"]


def test_components_and_parameters_are_copied_alone(fitted):
    g = copy.deepcopy(fitted[0])
    assert g.model is None
    assert g.A.value == fitted[0].A.value
    p = copy.copy(fitted[0].sigma)
    assert (p.component, p.value, p.bmin) == (None, fitted[0].sigma.value, 0)
    p.value = 9
    assert fitted[0].sigma.value != 9


def test_operators_make_models_and_append(fitted):
    both = fitted + c1.Lorentzian()
    assert [c.name for c in both] == ["Gaussian", "Offset", "off", "Lorentzian"]
    assert len(fitted) == 3
    together = fitted + both.inav[0, 0]
    assert [c.name for c in together][3:] == ["Gaussian_0", "Offset_0", "off_0", "Lorentzian"]
    same = fitted
    fitted += c1.Offset()
    assert fitted is same
    assert len(same) == 4


def test_components_are_kept_in_a_list(fitted):
    g, offset, off = fitted
    before = offset.offset.map["values"].copy()
    fitted.reverse()
    assert list(fitted) == [off, offset, g]
    assert_array_equal(offset.offset.map["values"], before)
    fitted.sort()
    assert list(fitted) == [g, offset, off]
    fitted.sort(key=lambda c: len(c.parameters), reverse=True)
    assert list(fitted)[-1] is offset
    assert next(reversed(fitted)) is offset
    assert (fitted.count("off"), fitted.count(c1.Offset())) == (1, 0)
    assert fitted.pop("off") is off
    assert off.model is None
    fitted["Offset"] = c1.Exponential()
    assert [c.name for c in fitted] == ["Gaussian", "Exponential"]
    fitted[0] = off
    assert [c.name for c in fitted] == ["off", "Exponential"]
    fitted[-1:]
    del fitted[0]
    fitted.clear()
    assert len(fitted) == 0
    assert bool(fitted)


def test_links_survive_renaming_and_reordering(fitted):
    off, offset = fitted["off"], fitted["Offset"]
    off.sigma.twin_function_expr = "2 * Offset.offset"
    offset.name = "Level 1"
    assert off.sigma.twin_function_expr == "2 * Level_1.offset"
    fitted.reverse()
    for other in (fitted, fitted.copy(), fitted.inav[0, 0], fitted.isig[3:]):
        other["Level 1"].offset.value = 4
        assert other["off"].sigma.value == 8
    assert not fitted["off"].sigma.free
    twin = fitted.copy()
    twin["off"].sigma.twin_function_expr = ""
    assert twin["off"].sigma.free
