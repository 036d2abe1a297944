"""Components from text: the guide's examples, names, positions, rotation, docstrings, records."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

import hsjupyter.api as hs
from hsjupyter.core.errors import FormulaError, ModelError, ParameterError, UnknownNameError
from hsjupyter.storage.records import component_from, record_of_component

Expression = hs.model.components1D.Expression
X = np.linspace(-3, 4, 50)


def test_the_gaussian_of_the_guide_runs_verbatim():
    g = hs.model.components1D.Expression(
        expression="height * exp(-(x - x0) ** 2 * 4 * log(2)/ fwhm ** 2)",
        name="Gaussian",
        position="x0",
        height=1,
        fwhm=1,
        x0=0,
        module="numpy",
    )
    assert repr(g) == "<Gaussian (Expression component)>"
    assert [p.name for p in g.parameters] == ["fwhm", "height", "x0"]
    assert g._position is g.x0
    assert_allclose(g.function(X), np.exp(-(X**2) * 4 * np.log(2)))


def test_the_wavelength_of_the_guide_has_no_parameter_and_works_in_a_model():
    expression = "h / sqrt(p2) ; p2 = 2 * m0 * e1 * x * brackets;"
    expression += "brackets = 1 + (e1 * x) / (2 * m0 * c * c) ;"
    expression += "m0 = 9.1e-31 ; c = 3e8; e1 = 1.6e-19 ; h = 6.6e-34"
    wavelength = hs.model.components1D.Expression(
        expression=expression, name="Electron wavelength with voltage"
    )
    assert wavelength.parameters == ()
    volts = np.array([1e5, 2e5, 3e5])
    energy = 1.6e-19 * volts
    momentum = np.sqrt(2 * 9.1e-31 * energy * (1 + energy / (2 * 9.1e-31 * 9e16)))
    assert_allclose(wavelength.function(volts), 6.6e-34 / momentum)
    s = hs.signals.Signal1D(
        2.0 + np.zeros((2, 3)), axes=[{"size": 2, "navigate": True}, {"axis": volts}]
    )
    m = s.create_model()
    m.extend((wavelength, hs.model.components1D.Offset()))
    assert_allclose(m(), wavelength.function(volts))
    m.multifit()
    assert_allclose(m.components.Offset.offset.map["values"], 2.0)
    assert m.components.Electron_wavelength_with_voltage is wavelength


def test_the_rotated_gaussian_of_the_guide_runs_verbatim():
    g = hs.model.components2D.Expression(
        "k * exp(-((x-x0)**2 / (2 * sx ** 2) + (y-y0)**2 / (2 * sy ** 2)))",
        "Gaussian2d",
        add_rotation=True,
        position=("x0", "y0"),
        module="numpy",
    )
    names = [p.name for p in g.parameters]
    assert names == ["k", "rotation_angle", "sx", "sy", "x0", "y0"]
    assert g.dimensions == 2
    assert g.rotation_angle.value == 0.0
    assert g.position == ("x0", "y0")


def test_starting_values_are_one_unless_given():
    line = Expression("a * x + b", "line", b=-2.5)
    assert (line.a.value, line.b.value) == (1.0, -2.5)


def test_the_arguments_of_later_versions_are_accepted():
    line = Expression(
        "a * x + b",
        "line",
        compute_gradients=False,
        linear_parameter_list=["a"],
        check_parameter_linearity=False,
        autodoc=False,
        module=["numpy", "scipy"],
    )
    assert_allclose(line.grad_a(X), X)
    assert line.__doc__ == Expression.__doc__


def test_parameters_may_be_called_as_functions_are():
    line = Expression(
        "_gamma * x + _erf * gamma(3)",
        "line",
        rename_pars={"_gamma": "gamma", "_erf": "erf"},
        erf=5,
    )
    assert [p.name for p in line.parameters] == ["erf", "gamma"]
    assert_allclose(line.function(X), X + 10.0)
    assert_allclose(line.copy().function(X), X + 10.0)


@pytest.mark.parametrize("name", ["name", "model", "active", "parameters", "module", "function"])
def test_a_name_that_every_component_has_is_refused(name):
    with pytest.raises(ModelError, match=rf"rename_pars=\{{'{name}': '{name}_0'\}}"):
        Expression(f"2 * {name} * x", "line")
    again = Expression(f"2 * {name} * x", "line", rename_pars={name: f"{name}_0"})
    assert [p.name for p in again.parameters] == [f"{name}_0"]


def test_what_is_to_be_renamed_must_stand_there():
    with pytest.raises(ParameterError, match="'c', which is no name in 'a \\* x'"):
        Expression("a * x", "line", rename_pars={"c": "d"})


@pytest.mark.parametrize(
    ("wrong", "match"),
    [
        ({"position": "x1"}, "position has no 'x1'.*'x0'"),
        ({"module": "numpie"}, "module has no 'numpie'; did you mean 'numpy'"),
        ({"linear_parameter_list": ["b"]}, "linear_parameter_list has no 'b'"),
        ({"amplitude": 3}, "has no 'amplitude'"),
    ],
)
def test_a_wrong_name_is_refused_with_the_right_ones(wrong, match):
    with pytest.raises(UnknownNameError, match=match):
        Expression("a * (x - x0)", "line", **wrong)


def test_a_text_that_is_no_formula_is_refused():
    with pytest.raises(FormulaError, match="attribute"):
        Expression("np.sin(a * x)", "wave")


def test_the_docstring_shows_the_formula():
    line = Expression("a * x ** 2 + b", "parabola")
    assert line.__doc__.startswith("parabola component")
    assert "f(x) = a" in line.__doc__
    assert "x^{2}" in line.__doc__
    assert line._repr_latex_() == f"${line.formula_object.latex()}$"


def test_everything_it_was_given_comes_back_from_a_record():
    made = hs.model.components2D.Expression(
        "k * (x - _beta) * y",
        "tilted",
        add_rotation=True,
        rotation_center=("gamma", 2.0),
        rename_pars={"_beta": "gamma"},
        module=None,
        linear_parameter_list=["k"],
        gamma=3.0,
    )
    made.rotation_angle.value = 0.3
    for again in (made.copy(), component_from(record_of_component(made))):
        assert again.init_arguments() == made.init_arguments()
        assert_allclose(again.function(X, 2 * X), made.function(X, 2 * X), rtol=0)


def test_a_position_in_one_dimension_is_one_name():
    with pytest.raises(ParameterError, match="the name of one parameter is wanted, or of two"):
        Expression("a * x + b + c", "line", position=("a", "b", "c"))
