"""Where one is on a map, and axes that are changed, exchanged and copied."""

import copy
import pickle

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import hsjupyter.api as hs
from hsjupyter.core.axes import DataAxis, FunctionalDataAxis, UniformDataAxis


def signal(n=3):
    axes = [
        {"name": "y", "size": 2, "units": "nm"},
        {"name": "x", "size": 3, "scale": 0.5, "offset": 1},
        {"name": "E", "size": n, "scale": 2, "units": "eV"},
    ]
    return hs.signals.Signal1D(np.arange(6.0 * n).reshape(2, 3, n), axes)


def test_the_words_people_use():
    manager = signal().axes_manager
    x = manager[0]
    assert manager["x"] is x is manager[-3] is manager[x]
    assert manager[:2] == manager["nav"] == manager.navigation_axes
    assert manager[("x", 2)] == (x, manager["E"])
    assert manager.shape == (3, 2, 3)
    assert manager.shape_in_array == (2, 3, 3)
    assert manager.navigation_extent == (1, 2, 0, 1)
    assert manager.signal_extent == (0, 4)
    assert manager.all_uniform
    assert (manager.navigation_size, manager.signal_size) == (6, 3)
    assert (x.index_in_array, x.index_in_axes_manager) == (1, 0)
    assert list(manager.as_dictionary()) == ["axis-0", "axis-1", "axis-2"]
    assert manager["E"].get_axis_dictionary() == manager.as_dictionary()["axis-2"]
    assert (x.low_index, x.high_index) == (0, 2)
    x.name, x.units = "position", None
    assert (manager["position"], x.units) == (x, "")


def test_a_place_has_one_home():
    manager = signal().axes_manager
    seen = []
    manager.observe(lambda change: seen.append(change["new"]), "indices")
    manager[0].index = 2
    manager[1].value = 0.9
    assert manager.indices == (2, 1)
    assert manager.coordinates == (2.0, 1.0)
    assert (manager[0].value, manager[1].index) == (2.0, 1)
    manager.coordinates = (1.5, 0)
    assert manager.indices == (1, 0)
    manager.indices = [-1, np.int64(1)]
    assert seen == [(2, 0), (2, 1), (1, 0), (2, 1)]
    assert manager.map_index == (1, 2)
    assert "index: 2" in repr(manager[0])
    spectra = signal().inav[0].axes_manager
    spectra.indices = 1
    assert spectra.indices == (1,)


def test_iterating_moves_over_all_pixels():
    s = signal()
    seen = [(place, s().tolist()) for place in s.axes_manager]
    assert [place for place, _ in seen] == [(0, 0), (1, 0), (2, 0), (0, 1), (1, 1), (2, 1)]
    assert [y for _, y in seen] == s.data.reshape(6, 3).tolist()


def pickled(thing):
    return pickle.loads(pickle.dumps(thing))  # noqa: S301 - our own, a moment ago


@pytest.mark.parametrize("copied", [pickled, copy.deepcopy, lambda manager: manager.copy()])
def test_copies_of_axes_are_their_own(copied):
    manager = signal().axes_manager
    manager.indices = (1, 1)
    twin = copied(manager)
    assert str(twin.as_dictionaries()) == str(manager.as_dictionaries())
    assert twin.indices == (1, 1)
    twin[0].scale = 9.0
    twin[0].index = 0
    assert (manager[0].scale, manager.indices) == (0.5, (1, 1))


def test_calibrating():
    axis = UniformDataAxis(10)
    assert axis.calibrate((5.0, 7.0), (2, 6), modify_calibration=False) == (4.0, 0.5)
    assert axis.scale == 1.0
    axis.calibrate((5.0, 7.0), (2, 6))
    assert_allclose(axis.axis[[2, 6]], [5, 7])
    assert axis.value_range_to_indices(4.4, None) == (1, 9)
    assert axis.value_range_to_indices(-99, 5.1) == (0, 2)
    assert_array_equal(axis.value2index(np.array([4.0, 4.6])), [0, 1])
    assert axis.value2index(4.6, rounding=np.ceil) == 2
    assert axis.value2index(4.6, rounding=np.floor) == 1


def test_attributes_are_taken_over():
    manager = signal().axes_manager
    other = UniformDataAxis(7, scale=3.0, units="keV")
    assert manager["E"].update_from(other)
    assert (manager[-1].scale, manager[-1].units, manager[-1].name) == (3.0, "keV", "")
    assert not manager[-1].update_from(other)
    manager.update_axes_attributes_from([other], ["scale"])
    assert (manager[0].scale, manager[0].units) == (3.0, "")


def test_a_kind_of_axis_takes_the_place_of_another():
    s = signal(5)
    before = s.axes_manager["E"].axis
    uneven = s.axes_manager["E"].convert_to_non_uniform_axis()
    assert s.axes_manager["E"] is uneven
    assert isinstance(uneven, DataAxis)
    uneven.axis = before**2
    s.axes_manager["E"].convert_to_uniform_axis()
    assert_allclose(s.axes_manager["E"].axis, np.linspace(0, 64, 5))
    made = s.axes_manager["E"].convert_to_functional_data_axis("1239.8 / (x + b)", "nm", "w", b=1)
    assert s.axes_manager["w"] is made
    assert_allclose(made.axis, 1239.8 / (np.linspace(0, 64, 5) + 1))
    assert not s.axes_manager.all_uniform
    assert (made.units, made.navigate, made.keeper) == ("nm", False, s.axes_manager)
    straight = made.convert_to_non_uniform_axis().convert_to_uniform_axis(keep_bounds=False)
    assert straight.scale == pytest.approx(np.polyfit(np.arange(5), made.axis, 1)[0])
    assert s.data.shape == (2, 3, 5)


def test_an_axis_given_by_a_formula_lives_with_its_x_and_parameters():
    axis = FunctionalDataAxis("a * x ** b", size=4, a=2.0, b=1.0, name="w")
    assert_allclose(axis.axis, [0, 2, 4, 6])
    axis.x.offset = 1.0
    axis.set_parameters(b=2.0)
    assert_allclose(axis.axis, [2, 8, 18, 32])
    assert axis.parameters == {"a": 2.0, "b": 2.0}
    with pytest.raises(ValueError, match="rising or falling"):
        axis.set_parameters(a=0)
    assert axis.parameters["a"] == 2.0
    part = axis.sliced(slice(1, 4, 2))
    assert_allclose(part.axis, [8, 32])
    assert part.expression == axis.expression
    assert axis.value2index(9) == 1


def test_who_watches_hears_of_other_axes():
    s = signal(5)
    seen = []
    s.axes_manager.observe(lambda change: seen.append(change["new"] - change["old"]), "layout")
    s.crop("E", 1)
    s.axes_manager["E"].convert_to_non_uniform_axis()
    s.axes_manager["E"].name = "energy"
    assert seen == [1, 1]


@pytest.mark.parametrize("turn", [1, -1])
def test_half_a_channel_beyond_the_ends_is_still_the_last(turn):
    axis = DataAxis(turn * np.array([1.0, 2, 4, 8]))
    assert axis.value2index(turn * 0.6) == 0
    assert axis.value2index(turn * 9.9) == 3
    for beyond in (0.4, 10.1):
        with pytest.raises(ValueError, match=r"lies outside of"):
            axis.value2index(turn * beyond)


def test_a_model_follows_its_axes():
    x = np.arange(100)
    s = hs.signals.Signal1D(np.exp(-((x - 50) ** 2) / 50))
    m = s.create_model()
    m.append(hs.model.components1D.Gaussian())
    s.axes_manager[-1].scale, s.axes_manager[-1].offset = 0.1, 20.0
    m[0].sigma.value, m[0].centre.value = 0.4, 24.6
    m.fit()
    assert m[0].centre.value == pytest.approx(25.0)
    assert m[0].sigma.value == pytest.approx(0.5)
    area = m[0].A.value
    s.axes_manager[-1].is_binned = True
    m.fit()
    assert m[0].A.value == pytest.approx(area / 0.1)
    s.axes_manager[-1].convert_to_functional_data_axis("2 * x")
    m[0].centre.value, m[0].sigma.value = 49.5, 0.8
    m.fit()
    assert m[0].centre.value == pytest.approx(50.0)


def test_axes_are_told_as_a_table():
    text = repr(signal().axes_manager)
    assert text.splitlines()[0] == "<Axes manager, axes: (3, 2|3)>"
    assert "navigation |    x |    3 |     0 |      1 |   0.5" in text
    assert signal().axes_manager._repr_html_().count("<tr>") == 4
