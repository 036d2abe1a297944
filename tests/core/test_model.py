"""Parameters, components and models: one home per value, nothing silent."""

import gc
import weakref

import numpy as np
import pytest
from numpy.testing import assert_array_equal

import hsjupyter.api as hs
from hsjupyter.core.errors import (
    BoundsError,
    DataError,
    HSJupyterError,
    ModelError,
    ParameterError,
    UnknownNameError,
)

c1 = hs.model.components1D


@pytest.fixture
def model():
    m = hs.signals.Signal1D(np.arange(300.0).reshape(30, 10)).create_model()
    m.extend([c1.Gaussian(), c1.Gaussian(), c1.Polynomial(order=1)])
    return m


def test_names_are_unique_and_reach_components(model):
    assert [c.name for c in model] == ["Gaussian", "Gaussian_0", "Polynomial"]
    model[0].name = "Long Hydrogen name"
    assert model["Long Hydrogen name"] is model.components.Long_Hydrogen_name is model[0]
    assert "Long_Hydrogen_name" in dir(model.components)
    assert repr(model[0]) == "<Long Hydrogen name (Gaussian component)>"
    with pytest.raises(ValueError, match="Another component already has the name Gaussian_0"):
        model[0].name = "Gaussian_0"


def test_the_component_table_prints_as_in_the_guide(model):
    lines = repr(model.components).splitlines()
    heads = [cell.strip() for cell in lines[0].split("|")]
    assert heads == ["#", "Attribute Name", "Component Name", "Component Type"]
    assert [cell.strip() for cell in lines[3].split("|")] == [
        "1",
        "Gaussian_0",
        "Gaussian_0",
        "Gaussian",
    ]


def test_a_component_is_in_one_model_only(model):
    with pytest.raises(ModelError, match="in this model already; append thing"):
        model.append(model[0])
    other = model.signal.create_model()
    with pytest.raises(ModelError, match="in another model already"):
        other.append(model[0])
    model.remove("Gaussian")
    other.append(c1.Gaussian())
    assert [c.name for c in model] == ["Gaussian_0", "Polynomial"]


@pytest.mark.parametrize("which", [0, "Gaussian", lambda m: m[0], lambda m: [m[0]]])
def test_components_are_removed_by_any_word_for_them(model, which):
    model.remove(which(model) if callable(which) else which)
    assert [c.name for c in model] == ["Gaussian_0", "Polynomial"]


def test_stored_values_move_along_when_components_come_and_go(model):
    model.set_parameters_value("A", 7.0, component_list=["Gaussian_0"])
    model.remove("Gaussian")
    assert_array_equal(model["Gaussian_0"].A.map["values"], np.full(30, 7.0))
    model.insert(0, c1.Offset())
    assert_array_equal(model["Gaussian_0"].A.map["values"], np.full(30, 7.0))
    assert np.isnan(model["Offset"].offset.map["values"]).all()


def test_maps_are_writable_views(model):
    model["Polynomial"].coefficients.map["values"] = (2.0, 3.0)
    model[0].centre.map["values"][4] = 5.0
    assert model[0].centre.map["values"][4] == 5.0
    assert model["Polynomial"].coefficients.map["values"].shape == (30, 2)
    with pytest.raises(UnknownNameError, match="did you mean 'values'"):
        model[0].A.map["value"]


def test_navigation_loads_stored_values(model):
    model[0].A.value = 3.0
    model.store_current_values()
    model.axes_manager.indices = (1,)
    model[0].A.value = 4.0
    model.store_current_values()
    model.signal.axes_manager.indices = (0,)
    assert model[0].A.value == 3.0
    model.signal.axes_manager.indices = (1,)
    assert model[0].A.value == 4.0


def test_active_is_kept_for_every_pixel_when_asked(model):
    g = model[0]
    assert g._active_array is None
    g.active_is_multidimensional = True
    assert g._active_array.all()
    g.active = False
    assert not g._active_array[0]
    assert g._active_array[1:].all()
    model.axes_manager.indices = (1,)
    assert g.active
    g.active_is_multidimensional = False
    assert g._active_array is None


def test_parts_of_a_model_have_its_values_and_share_none(model):
    model.set_parameters_value("A", 2.0)
    model[0].active_is_multidimensional = True
    model[0]._active_array[1] = False
    part = model.inav[:3].isig[-5:]
    assert repr(part.signal) == "<Signal1D, title: , dimensions: (3|5)>"
    assert_array_equal(part[0]._active_array, [True, False, True])
    part[0].A.value = 9.0
    part.store_current_values()
    assert model[0].A.map["values"][0] == 2.0
    assert part[0].A.map["values"][0] == 9.0
    assert part.inav[2][0].A.map["values"].shape == (1,)


def test_a_model_is_the_sum_of_its_active_components(model):
    x = np.arange(10.0)
    model["Polynomial"].coefficients.value = (2.0, 1.0)
    model[0].active = False
    g = model[1]
    np.testing.assert_allclose(model(), 2 * x + 1 + g.function(x))
    np.testing.assert_allclose(g(), np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi))


def test_binned_data_are_densities_times_widths(model):
    before = model()
    model.signal.axes_manager[-1].is_binned = True
    model.signal.axes_manager[-1].scale = 0.5
    x = 0.5 * np.arange(10)
    np.testing.assert_allclose(model(), 0.5 * sum(c.function(x) for c in model))
    assert before.shape == model().shape


def test_a_dropped_model_is_forgotten_by_its_signal():
    s = hs.signals.Signal1D(np.zeros((4, 5)))
    m = s.create_model()
    m.append(c1.Offset())
    gone = weakref.ref(m)
    del m
    gc.collect()
    assert gone() is None
    s.axes_manager.indices = (2,)


REFUSED = [
    (lambda m: setattr(m[0].A, "value", "3"), ParameterError, "'3' came; a number is wanted"),
    (lambda m: setattr(m[0].A, "value", np.nan), ParameterError, "that is finite is wanted"),
    (lambda m: setattr(m[0].A, "value", (1, 2)), ParameterError, "a number is wanted"),
    (lambda m: setattr(m[2].coefficients, "value", 1.0), ParameterError, "a tuple of 2 numbers"),
    (lambda m: setattr(m[0], "A", 3.0), ParameterError, r"is a parameter.*\.A\.value = "),
    (lambda m: setattr(m[0].centre, "bmin", np.nan), BoundsError, "nan came"),
    (lambda m: m[0].centre.set_bounds(3, 2), BoundsError, "bmin=3 is above bmax=2"),
    (lambda _: c1.Gaussian(centr=3), UnknownNameError, "did you mean 'centre'"),
    (lambda _: c1.Gaussian(1, A=2), ParameterError, "A came twice"),
    (lambda _: c1.Gaussian(1, 2, 3, 4), ParameterError, "it has 3 parameters: A, sigma, centre"),
    (lambda _: c1.Polynomial(order=-1), ModelError, "from 0 to 30"),
    (lambda m: m.append("Gaussian"), ModelError, "a component is wanted"),
    (lambda m: m["Gausian"], UnknownNameError, "did you mean 'Gaussian'"),
    (lambda m: m[7], ModelError, "there are 3"),
    (lambda m: setattr(m, "channel_switches", np.zeros(10)), DataError, "would be empty"),
    (lambda m: setattr(m, "channel_switches", np.ones(4)), DataError, r"shape \(10,\) is wanted"),
    (lambda m: m.set_parameters_value("AA", 3), UnknownNameError, "has no 'AA'"),
    (lambda m: m[0].set_parameters_free(["Sigma"]), UnknownNameError, "did you mean 'sigma'"),
    (lambda m: m.set_signal_range(5, 2), HSJupyterError, "the smaller one first"),
    (lambda m: m.set_signal_range(50, 60), HSJupyterError, "the axis goes from 0 to 9"),
    (lambda m: setattr(m[0], "name", "  "), ModelError, "an empty name"),
    (lambda _: c1.Expression("a*x", "e", position="b"), UnknownNameError, "known: a"),
    (lambda _: c1.Expression("a*x", "e", module="tensorflow"), UnknownNameError, "numexpr"),
]


@pytest.mark.parametrize(("wrong", "kind", "words"), REFUSED)
def test_what_is_wrong_is_refused_and_changes_nothing(model, wrong, kind, words):
    before = (model.row().tolist(), [c.name for c in model], model.channel_switches.tolist())
    bounds = [(p.bmin, p.bmax, p.free) for p in model.parameters]
    with pytest.raises(kind, match=words):
        wrong(model)
    assert before == (
        model.row().tolist(),
        [c.name for c in model],
        model.channel_switches.tolist(),
    )
    assert bounds == [(p.bmin, p.bmax, p.free) for p in model.parameters]


def test_bounds_may_move_past_each_other_in_one_step():
    p = c1.Gaussian().centre
    p.set_bounds(0, 1)
    p.set_bounds(5, 6)
    assert (p.bmin, p.bmax) == (5, 6)
    p.set_bounds(-6, -5)
    assert (p.bmin, p.bmax) == (-6, -5)
    assert p.clamp(0.0) == -5
