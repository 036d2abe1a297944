"""The guide's chapter: values, free and fixed, parameters that follow others."""

import builtins

import numpy as np
import pytest
from numpy.testing import assert_array_equal

import hsjupyter.api as hs
from hsjupyter.core.errors import HSJupyterWarning

c1 = hs.model.components1D


@pytest.fixture
def model():
    m = hs.signals.Signal1D(np.arange(100).reshape(10, 10)).create_model()
    m.extend([c1.Gaussian(), c1.Gaussian()])
    return m


def printed(capsys, model, **options):
    """What `print_current_values` prints, as {component: {parameter: cells}}."""
    model.print_current_values(**options)
    head, _, *lines = capsys.readouterr().out.splitlines()
    places = [head.index(name) for name in head.split()]
    found = {}
    for line in lines:
        ends = zip(places, [*places[1:], None], strict=True)
        component, name, *cells = (line[a:b].strip() for a, b in ends)
        found.setdefault(component, {})[name] = dict(zip(head.split()[2:], cells, strict=True))
    return found


def values(table):
    return {c: {p: float(cells["Value"]) for p, cells in t.items()} for c, t in table.items()}


def test_a_value_is_set_in_all_components_here_or_everywhere(model):
    g1, g2 = model
    model.set_parameters_value("A", 20)
    assert_array_equal(g1.A.map["values"], np.full(10, 20.0))
    assert_array_equal(g2.A.map["values"], np.full(10, 20.0))
    model.set_parameters_value("A", 40, only_current=True)
    assert_array_equal(g1.A.map["values"], [40.0] + 9 * [20.0])
    model.set_parameters_value("A", 30, component_list=[g2])
    assert_array_equal(g2.A.map["values"], np.full(10, 30.0))
    assert_array_equal(g1.A.map["values"], [40.0] + 9 * [20.0])


def names(parameters):
    return {p.name for p in parameters}


def test_a_component_frees_and_fixes_its_parameters():
    g = c1.Gaussian()
    assert repr(g.A) == "<Parameter A of Gaussian component>"
    assert g.free_parameters == g.parameters == (g.A, g.sigma, g.centre)
    g.set_parameters_not_free()
    assert g.free_parameters == ()
    g.set_parameters_free(parameter_name_list=["A", "centre"])
    assert names(g.free_parameters) == {"A", "centre"}


def test_a_model_frees_and_fixes_the_parameters_of_its_components(model):
    g1, g2 = model
    model.set_parameters_not_free()
    assert g1.free_parameters == g2.free_parameters == ()
    model.set_parameters_free(parameter_name_list=["A"])
    assert names(g1.free_parameters) == names(g2.free_parameters) == {"A"}
    model.set_parameters_free([g1], parameter_name_list=["sigma"])
    assert names(g1.free_parameters) == {"A", "sigma"}
    assert names(g2.free_parameters) == {"A"}


def test_current_values_are_printed(model, capsys):
    assert values(printed(capsys, model)) == {
        "Gaussian": {"A": 1, "sigma": 1, "centre": 0},
        "Gaussian_0": {"A": 1, "sigma": 1, "centre": 0},
    }
    model[1].centre.free = False
    model[0].A.value, model[0].A.std = 5, 0.25
    model[0].A.bmax = 5
    model[0].sigma.units = "eV"
    table = printed(capsys, model)
    line = {"Free": "yes", "Value": "5  at bound", "Std": "0.25", "Min": "0", "Max": "5"}
    assert table["Gaussian"]["A"] == {**line, "Units": ""}
    assert table["Gaussian"]["sigma"]["Units"] == "eV"
    assert table["Gaussian_0"]["centre"]["Free"] == "no"


def test_a_component_prints_its_own_values(capsys):
    g = c1.Gaussian(name="Carbon")
    g.sigma.free = False
    g.print_current_values(only_free=True)
    assert [line.split()[1] for line in capsys.readouterr().out.splitlines()[2:]] == ["A", "centre"]
    g.summary()
    out = capsys.readouterr().out.splitlines()
    assert out[0] == "<Carbon (Gaussian component)>"
    assert [line.split()[1] for line in out[3:]] == ["A", "sigma", "centre"]


def test_a_notebook_is_shown_a_table(model, monkeypatch):
    shown = []
    # IPython puts `display` among the builtins.
    monkeypatch.setattr(builtins, "display", shown.append, raising=False)
    model[0].name = "<b>"
    model.print_current_values()
    html = shown[0]._repr_html_()
    assert "<td>&lt;b&gt;</td><td>A</td><td>yes</td><td>1</td>" in html


def test_print_current_values_leaves_out_what_is_asked(model, capsys):
    model[1].centre.free = False
    model[0].active = False
    assert set(printed(capsys, model, only_free=True)["Gaussian_0"]) == {"A", "sigma"}
    assert set(printed(capsys, model, only_active=True)) == {"Gaussian_0"}
    assert set(printed(capsys, model, component_list=[0])) == {"Gaussian (not active)"}
    model.append(c1.Polynomial(order=1))
    assert "Polynomial" in printed(capsys, model)
    assert "Polynomial" not in printed(capsys, model, skip_multi=True)


@pytest.fixture
def three():
    m = hs.signals.Signal1D(np.arange(100).reshape(10, 10)).create_model()
    m.extend([c1.Gaussian(name=name) for name in ("Carbon", "Hydrogen", "Nitrogen")])
    return m


def test_either_side_of_a_twin_sets_both(three, capsys):
    _, second, third = three
    second.A.twin = third.A
    second.A.value = 10
    table = values(printed(capsys, three))
    assert (table["Carbon"]["A"], table["Hydrogen"]["A"], table["Nitrogen"]["A"]) == (1, 10, 10)
    third.A.value = 5
    table = values(printed(capsys, three))
    assert (table["Carbon"]["A"], table["Hydrogen"]["A"], table["Nitrogen"]["A"]) == (1, 5, 5)
    assert printed(capsys, three)["Hydrogen"]["A"]["Free"] == "= Nitrogen.A"
    second.A.twin = None
    assert second.A.value == 5
    assert second.A.free


def test_a_twin_may_follow_a_formula(three, capsys):
    _, second, third = three
    second.A.twin = third.A
    second.A.twin_function_expr = "x**2"
    second.A.twin_inverse_function_expr = "sqrt(abs(x))"
    second.A.value = 4
    table = values(printed(capsys, three))
    assert (table["Hydrogen"]["A"], table["Nitrogen"]["A"]) == (4, 2)
    third.A.value = 4
    table = values(printed(capsys, three))
    assert (table["Hydrogen"]["A"], table["Nitrogen"]["A"]) == (16, 4)


def test_a_twin_may_follow_a_function_as_before_1_2(three):
    _, second, third = three
    second.A.twin = third.A
    with pytest.warns(HSJupyterWarning, match="write it as text: twin_function_expr"):
        second.A.twin_function = lambda x: x**2
    with pytest.warns(HSJupyterWarning, match="twin_inverse_function_expr"):
        second.A.twin_inverse_function = lambda x: np.sqrt(abs(x))
    second.A.value = 4
    assert (second.A.value, third.A.value) == (4, 2)
    third.A.value = 4
    assert (second.A.value, third.A.value) == (16, 4)
    with pytest.raises(AttributeError, match="no way back"):
        _without_way_back(three)


def _without_way_back(three):
    three[0].A.twin = three[2].A
    with pytest.warns(HSJupyterWarning, match="twin_function"):
        three[0].A.twin_function = np.exp
    three[0].A.value = 3
