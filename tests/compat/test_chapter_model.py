"""The guide's chapter: creating a model, adding components, naming them, slicing."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import hsjupyter.api as hs
from hsjupyter.component import Component

c1, c2 = hs.model.components1D, hs.model.components2D


def rows(table):
    """The cells of a table as it prints, the line below the head left out."""
    lines = str(table).splitlines()
    cells = [[cell.strip() for cell in line.split("|")] for line in lines]
    assert set("".join(cells[1])) == {"-"}
    return [cells[0], *cells[2:]]


HEAD = ["#", "Attribute Name", "Component Name", "Component Type"]


def test_spectra_and_images_make_models():
    m = hs.signals.Signal1D(np.arange(300).reshape(30, 10)).create_model()
    assert repr(m) == "<Model1D>"
    assert repr(m.signal) == "<Signal1D, title: , dimensions: (30|10)>"
    mod = hs.signals.Signal2D(np.arange(300).reshape(3, 10, 10)).create_model()
    assert repr(mod) == "<Model2D>"
    assert repr(mod.signal) == "<Signal2D, title: , dimensions: (3|10, 10)>"
    m.signal.metadata.General.title = "my signal title"
    assert repr(m) == "<Model1D, title: my signal title>"


def test_a_density_becomes_counts_where_the_data_are_binned():
    s = hs.signals.Signal1D(np.zeros(10), axes=[{"size": 10, "scale": 0.5}])
    m = s.create_model()
    m.append(c1.Offset(offset=8.0))
    assert_allclose(m(), 8.0)
    s.metadata.Signal.binned = True
    assert_allclose(m(), 4.0)


def test_an_expression_makes_a_component():
    g = c1.Expression(
        expression="height * exp(-(x - x0) ** 2 * 4 * log(2)/ fwhm ** 2)",
        name="Gaussian",
        position="x0",
        height=1,
        fwhm=1,
        x0=0,
        module="numpy",
    )
    assert [p.name for p in g.parameters] == ["fwhm", "height", "x0"]
    assert_allclose(g.function(np.array([-0.5, 0.0, 0.5])), [0.5, 1.0, 0.5])
    assert g.position == "x0"


def test_parts_of_an_expression_may_stand_behind_semicolons():
    expression = "h / sqrt(p2) ; p2 = 2 * m0 * e1 * x * brackets;"
    expression += "brackets = 1 + (e1 * x) / (2 * m0 * c * c) ;"
    expression += "m0 = 9.1e-31 ; c = 3e8; e1 = 1.6e-19 ; h = 6.6e-34"
    wavelength = c1.Expression(expression=expression, name="Electron wavelength with voltage")
    assert wavelength.parameters == ()
    # de Broglie's wavelength at 200 kV, with the guide's rounded constants.
    energy = 1.6e-19 * 200e3
    momentum = np.sqrt(2 * 9.1e-31 * energy * (1 + energy / (2 * 9.1e-31 * 9e16)))
    assert_allclose(wavelength.function(200e3), 6.6e-34 / momentum)
    assert_allclose(wavelength.function(200e3), 2.5e-12, rtol=0.02)


def test_an_expression_of_two_dimensions_turns_about_its_centre():
    g = c2.Expression(
        "k * exp(-((x-x0)**2 / (2 * sx ** 2) + (y-y0)**2 / (2 * sy ** 2)))",
        "Gaussian2d",
        add_rotation=True,
        position=("x0", "y0"),
        module="numpy",
    )
    names = {p.name for p in g.parameters}
    assert names == {"k", "sx", "sy", "x0", "y0", "rotation_angle"}
    g.sx.value, g.sy.value, g.x0.value, g.y0.value = 2.0, 1.0, 3.0, 4.0
    g.rotation_angle.value = np.pi / 2
    assert_allclose(g.function(3.0, 4.0), g.k.value)
    assert_allclose(g.function(3.0, 6.0), g.k.value * np.exp(-0.5))
    assert_allclose(g.function(5.0, 4.0), g.k.value * np.exp(-2.0))


class FieldAlongAWire(Component):
    """A component by hand, as the guide's template."""

    def __init__(self, parameter_1=1, parameter_2=2):
        Component.__init__(self, ("parameter_1", "parameter_2"))
        self.parameter_1.value = parameter_1
        self.parameter_2.value = parameter_2
        self.parameter_1.units = "Tesla"
        self.parameter_2.units = "Kociak"
        self.parameter_1.free = False
        self.parameter_1.bmin = 0.0
        self.parameter_1.bmax = None
        self.parameter_1.grad = self.grad_parameter_1
        self.parameter_2.grad = self.grad_parameter_2

    def function(self, x):
        p1 = self.parameter_1.value
        p2 = self.parameter_2.value
        return p1 + x * p2

    def grad_parameter_1(self, x):
        return np.ones_like(x)

    def grad_parameter_2(self, x):
        return x


def test_the_template_of_a_component_by_hand_works():
    s = hs.signals.Signal1D(7.0 + 3.0 * np.arange(20.0))
    m = s.create_model()
    m.append(FieldAlongAWire(parameter_1=7))
    m.fit()
    assert [p.units for p in m[0].parameters] == ["Tesla", "Kociak"]
    assert_allclose(m[0].parameter_2.value, 3.0)
    assert m[0].parameter_1.value == 7
    assert m[0].free_parameters == (m[0].parameter_2,)


@pytest.fixture
def model():
    return hs.signals.Signal1D(np.arange(300.0).reshape(30, 10)).create_model()


def test_the_table_of_components_prints(model):
    assert rows(model.components) == [HEAD]
    gaussian = c1.Gaussian()
    model.append(gaussian)
    assert rows(model.components) == [HEAD, ["0", "Gaussian", "Gaussian", "Gaussian"]]
    model.extend((c1.Gaussian(), c1.Gaussian()))
    assert rows(model.components)[1:] == [
        ["0", "Gaussian", "Gaussian", "Gaussian"],
        ["1", "Gaussian_0", "Gaussian_0", "Gaussian"],
        ["2", "Gaussian_1", "Gaussian_1", "Gaussian"],
    ]


def test_components_have_names_of_their_own(model):
    gaussian, gaussian2, gaussian3 = (c1.Gaussian() for _ in range(3))
    model.extend((gaussian, gaussian2, gaussian3))
    gaussian.name = "Carbon"
    gaussian2.name = "Long Hydrogen name"
    gaussian3.name = "Nitrogen"
    assert rows(model.components)[1:] == [
        ["0", "Carbon", "Carbon", "Gaussian"],
        ["1", "Long_Hydrogen_name", "Long Hydrogen name", "Gaussian"],
        ["2", "Nitrogen", "Nitrogen", "Gaussian"],
    ]
    with pytest.raises(ValueError, match="Another component already has the name Carbon"):
        gaussian2.name = "Carbon"
    assert gaussian2.name == "Long Hydrogen name"
    assert repr(model[0]) == "<Carbon (Gaussian component)>"
    assert repr(model["Long Hydrogen name"]) == "<Long Hydrogen name (Gaussian component)>"
    assert model.components.Long_Hydrogen_name is gaussian2
    assert {"Carbon", "Long_Hydrogen_name", "Nitrogen"} <= set(dir(model.components))
    assert model._ipython_key_completions_() == ["Carbon", "Long Hydrogen name", "Nitrogen"]


def test_a_notebook_shows_the_components_as_a_table(model):
    model.append(c1.Gaussian(name="a < b"))
    shown = model._repr_html_()
    assert "<th>Attribute Name</th>" in shown
    assert "<td>a &lt; b</td>" in shown
    assert "<td>a___b</td>" in shown
    assert "&lt;Model1D&gt;" in shown


def test_a_component_that_is_switched_off_does_not_count(model):
    g = c1.Gaussian(A=10, centre=5)
    model.extend([g, c1.Offset(offset=2)])
    g.active = False
    assert_allclose(model(), 2.0)
    assert model.active_components == [model[1]]
    g.active = True
    assert model().max() > 2


def test_activity_may_be_kept_for_every_pixel():
    m = hs.signals.Signal1D(np.arange(100).reshape(10, 10)).create_model()
    g1, g2 = c1.Gaussian(), c1.Gaussian()
    m.extend([g1, g2])
    g1.active_is_multidimensional = True
    assert_array_equal(g1._active_array, np.ones(10, dtype=bool))
    assert g2._active_array is None
    m.set_component_active_value(False)
    assert_array_equal(g1._active_array, np.zeros(10, dtype=bool))
    assert not g2.active
    m.set_component_active_value(True, only_current=True)
    assert_array_equal(g1._active_array, [True] + 9 * [False])
    g1.active_is_multidimensional = False
    assert g1._active_array is None
    assert g1.active


def test_a_model_is_sliced_as_a_signal_is():
    m = hs.signals.Signal1D(np.arange(100).reshape(10, 10)).create_model()
    m.append(c1.Gaussian())
    m1 = m.inav[:3].isig[-5:]
    assert repr(m1.signal) == "<Signal1D, title: , dimensions: (3|5)>"
    assert_array_equal(m1.signal.data, np.arange(100).reshape(10, 10)[:3, -5:])
