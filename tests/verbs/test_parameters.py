"""Parameters together: linear or not, as one array, kept for all pixels, printed, summed up."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import hsjupyter.api as hs
from hsjupyter.component import Component

c1, c2 = hs.model.components1D, hs.model.components2D


@pytest.fixture
def model():
    m = hs.signals.Signal1D(np.ones((2, 3, 20))).create_model()
    m.extend([c1.Gaussian(A=3, sigma=2, centre=8), c1.Polynomial(order=1)])
    return m


def names(parameters):
    return [str(p) for p in parameters]


def free_in(model):
    return names(p for p in model.parameters if p.free)


class HalfLine(Component):
    """A component by hand that says what is linear."""

    def __init__(self):
        Component.__init__(self, ("slope", "begin"), linear_parameter_list=["slope"])

    def function(self, x):
        return self.slope.value * np.maximum(x - self.begin.value, 0)


def test_linear_parameters_are_told_from_the_others(model):
    model.append(HalfLine())
    assert [p.linear for p in model[0].parameters] == [True, False, False]
    assert [p.linear for p in model[2].parameters] == [True, False]
    assert model[1].coefficients.linear
    model.set_parameters_not_free(only_nonlinear=True)
    assert free_in(model) == ["Gaussian.A", "Polynomial.coefficients", "HalfLine.slope"]
    model.set_parameters_not_free()
    model.set_parameters_free(only_nonlinear=True)
    assert free_in(model) == ["Gaussian.sigma", "Gaussian.centre", "HalfLine.begin"]
    model[0].set_parameters_free(only_linear=True)
    model.set_parameters_not_free(["Gaussian", 2], ["A", "begin"])
    assert free_in(model) == ["Gaussian.sigma", "Gaussian.centre"]


def test_a_name_alone_is_one_name(model):
    model.set_parameters_not_free("Gaussian", "sigma")
    assert free_in(model) == ["Gaussian.A", "Gaussian.centre", "Polynomial.coefficients"]


def test_what_a_fit_may_change_travels_as_one_array(model):
    model[0].sigma.free = False
    model[0].centre.set_bounds(5, None)
    assert model.p0 == (3, 8, 0, 0)
    assert np.isnan(model.p_std).all()
    assert model.free_parameters_boundaries == [(0, None), (5, None), (None, None), (None, None)]
    assert model.set_boundaries() == model.free_parameters_boundaries
    assert model.set_boundaries(bounded=False) == 4 * [(None, None)]
    assert model.set_mpfit_parameters_info()[1] == {"limited": [True, False], "limits": [5, 0]}
    model.fetch_values_from_array([1, 2, 3, 4], [0.1, 0.2, 0.3, 0.4])
    assert model.p0 == (1, 2, 3, 4)
    assert model.p_std == (0.1, 0.2, 0.3, 0.4)
    assert model[1].coefficients.value == (3, 4)
    model[0].active = False
    assert model.p0 == (3, 4)


def test_a_component_takes_its_numbers_from_an_array(model):
    g = model[0]
    g.fetch_values_from_array([5, 6, 7], [0.5, np.nan, 0.7])
    assert [p.value for p in g.parameters] == [5, 6, 7]
    assert [p.std for p in g.parameters] == [0.5, None, 0.7]
    g.A.free = False
    g.fetch_values_from_array([1, 2], onlyfree=True)
    assert [p.value for p in g.parameters] == [5, 1, 2]
    assert g.update_number_parameters() == 3
    assert model[1].update_number_parameters() == 2


def test_values_are_kept_for_all_pixels_but_those_of_a_mask(model):
    mask = np.zeros((2, 3), dtype=bool)
    mask[1] = True
    model[0].A.std = 0.25
    model.assign_current_values_to_all(["Gaussian"], mask)
    assert_array_equal(model[0].A.map["values"], [[3, 3, 3], 3 * [np.nan]])
    assert_array_equal(model[0].A.map["std"][0], 0.25)
    assert_array_equal(model[0].A.map["is_set"], ~mask)
    assert not model[1].coefficients.map["is_set"].any()
    model[1].coefficients.value = (1, 2)
    model[1].coefficients.assign_current_value_to_all()
    assert_array_equal(model[1].coefficients.map["values"], np.full((2, 3, 2), (1, 2)))


def test_one_parameter_is_stored_and_fetched(model):
    a = model[0].A
    a.value, a.std = 7, 0.5
    a.store_current_value_in_array()
    assert a.map["values"][0, 0] == 7
    assert not model[0].sigma.map["is_set"].any()
    a.value = 9
    a.fetch()
    assert (a.value, a.std) == (7, 0.5)
    model.axes_manager.indices = (1, 1)
    assert (a.value, a.std) == (7, None)


def test_only_fixed_parameters_may_be_fetched(model):
    model.store_current_values()
    model[0].sigma.free = False
    model.set_parameters_free([1])
    for p in model[0].parameters:
        p.value = 50
    model.fetch_stored_values(only_fixed=True)
    assert [p.value for p in model[0].parameters] == [50, 2, 50]
    model[0].sigma.value = 60
    model[0].fetch_stored_values(only_fixed=True)
    assert [p.value for p in model[0].parameters] == [50, 2, 50]
    model[0].store_current_parameters_in_map()
    assert model[0].A.map["values"][0, 0] == 50
    assert model[1].coefficients.map["is_set"].sum() == 1


def test_values_are_moved_inside_their_bounds_on_request(model):
    model[0].A.set_bounds(0, 2)
    model[0].centre.set_bounds(9, 10)
    model[0].centre.free = False
    model.ensure_parameters_in_bounds()
    assert (model[0].A.value, model[0].centre.value) == (2, 8)


def test_a_value_may_be_kept_inside_its_bounds_always():
    p = c1.Gaussian().centre
    p.set_bounds(-2, 2)
    p.value = 5
    p.ext_bounded = True
    assert p.value == 2
    p.value = -9
    assert p.value == -2
    p.ext_bounded = False
    p.value = 5
    assert p.value == 5


def test_a_value_may_be_forced_positive():
    p = c1.Gaussian().centre
    p.set_bounds(-5, 9)
    p.value = -3
    p.ext_force_positive = True
    assert (p.value, p.bmin) == (3, 0)
    p.value = -4
    assert p.value == 4
    p.ext_force_positive = False
    assert p.bmin == -5
    p.value = -4
    assert p.value == -4


def test_a_forced_positive_width_stays_positive_in_a_fit():
    x = np.arange(50.0)
    m = hs.signals.Signal1D(100 * np.exp(-((x - 20) ** 2) / 18)).create_model()
    m.append(c1.Gaussian(A=500, sigma=-5, centre=21))
    m[0].sigma.set_bounds(None, None)
    m[0].sigma.ext_force_positive = True
    m.fit()
    assert_allclose(m[0].sigma.value, 3)


def test_parameters_and_components_are_plain_values(model):
    model[0].A.twin_function_expr = "2 * x"
    model[0].A.twin = model[0].sigma
    plain = model[0].A.as_dictionary()
    assert plain["twin"] == "Gaussian.sigma"
    assert (plain["value"], plain["bmin"], plain["free"]) == (4, 0, False)
    record = model[0].as_dictionary(fullcopy=False)
    assert (record["type"], record["name"], record["active"]) == ("Gaussian", "Gaussian", True)
    assert list(record["parameters"]) == ["A", "sigma", "centre"]


def test_statistics_of_maps_are_printed(model, capsys):
    values = np.arange(6.0).reshape(2, 3)
    model[0].A.map["values"], model[0].A.map["is_set"] = values, True
    model.print_model_statistics(component_list=["Gaussian"])
    title, _, _, *lines = capsys.readouterr().out.splitlines()
    assert title == "<Model1D>"
    assert lines[0].split() == ["Gaussian", "A", "6", "2.5", "1.70783", "0", "5"]
    assert lines[1].split() == ["Gaussian", "sigma", "0"]
    model.print_model_statistics({"A": {"min": 1, "max": "20th"}})
    line = capsys.readouterr().out.splitlines()[3]
    assert line.split()[2:] == ["4", "2.5", "1.11803", "1", "4"]


def test_a_component_by_hand_may_get_other_parameters():
    ramp = HalfLine()
    ramp.init_parameters(["a", "b", "c"], linear_parameter_list=["c"])
    assert [p.name for p in ramp.parameters] == ["a", "b", "c"]
    assert [p.linear for p in ramp.parameters] == [False, False, True]
    assert not hasattr(ramp, "slope")
    with pytest.raises(ValueError, match="declare the parameters of others in their class"):
        c1.Gaussian().init_parameters(["a"])


def test_images_have_all_of_it():
    m = hs.signals.Signal2D(np.ones((2, 5, 6))).create_model()
    m.append(c2.Gaussian2D())
    assert m[0].A.linear
    m.set_parameters_not_free(only_nonlinear=True)
    m.assign_current_values_to_all()
    assert m.p0 == (1,)
    assert m[0].A.as_signal().data.tolist() == [1, 1]
