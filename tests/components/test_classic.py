"""Components written as in HyperSpy: the guide's template, gradients, fits, engines, copies."""

import pickle
import threading

import numpy as np
import pytest
from numpy.testing import assert_allclose

import hsjupyter.api as hs
from hsjupyter.component import Component
from hsjupyter.core.component import Component as Same
from hsjupyter.core.errors import HSJupyterWarning, ModelError, ParameterError, UnknownNameError
from hsjupyter.fitting.plan import make_plan

X = np.linspace(1.0, 9.0, 40)


class MyComponent(Component):
    """The guide's template, without its typos."""

    def __init__(self, parameter_1=1, parameter_2=2):
        # Define the parameters
        Component.__init__(self, ("parameter_1", "parameter_2"))
        # Optionally we can set the initial values
        self.parameter_1.value = parameter_1
        self.parameter_2.value = parameter_2
        # The units (optional)
        self.parameter_1.units = "Tesla"
        self.parameter_2.units = "Kociak"
        # Once defined we can give default values to the attribute
        self.parameter_1.free = False
        # And we set the boundaries (optional)
        self.parameter_1.bmin = 0.0
        self.parameter_1.bmax = None
        # Optionally, to boost the optimization speed we can also define the gradients
        self.parameter_1.grad = self.grad_parameter_1
        self.parameter_2.grad = self.grad_parameter_2

    def function(self, x):
        p1 = self.parameter_1.value
        p2 = self.parameter_2.value
        return p1 + x * p2

    def grad_parameter_1(self, _x):
        """Give d(function)/d(parameter_1)."""
        return 1

    def grad_parameter_2(self, x):
        """Give d(function)/d(parameter_2)."""
        return x


class AsPrinted(MyComponent):
    """With the derivative that the guide prints, which is not one."""

    def grad_parameter_1(self, _x):
        return 0


class Bare(Component):
    """Without gradients, and with attributes of its own."""

    def __init__(self, factor=2.0):
        self.factor = factor
        self.calls = 0
        Component.__init__(self, ["A", "tau"], linear_parameter_list=["A"])
        self.A.value, self.tau.value = 3.0, 4.0

    def function(self, x):
        self.calls += 1
        return self.scaled(np.exp(-x / self.tau.value))

    def scaled(self, line):
        return self.factor * self.A.value * line


class Plane(Component):
    """Of two coordinates, told by its function."""

    def __init__(self):
        Component.__init__(self, ("a", "b"))

    def function(self, x, y):
        return self.a.value * x + self.b.value * y


def fitted(component, line):
    s = hs.signals.Signal1D(line, axes=[{"axis": X}])
    m = s.create_model()
    m.append(component)
    return m.fit()


def test_the_template_of_the_guide_works():
    c = MyComponent()
    assert isinstance(c, Same)
    assert [p.name for p in c.parameters] == ["parameter_1", "parameter_2"]
    assert (c.parameter_1.units, c.parameter_1.bmin, c.parameter_1.free) == ("Tesla", 0.0, False)
    assert_allclose(c.function(X), 1 + 2 * X)
    c.parameter_1.free = True
    assert_allclose(fitted(c, 3 + 0.5 * X).x, [3.0, 0.5], rtol=1e-6)
    assert_allclose((c.parameter_1.value, c.parameter_2.value), (3.0, 0.5), rtol=1e-6)


def test_a_derivative_that_is_none_is_told_and_not_used():
    c = AsPrinted()
    c.parameter_1.free = True
    with pytest.warns(HSJupyterWarning, match="grad_parameter_1 is not the derivative"):
        result = fitted(c, 3 + 0.5 * X)
    assert_allclose(result.x, [3.0, 0.5], rtol=1e-6)


def test_gradients_are_found_by_name_and_else_by_differences():
    c = MyComponent()
    c.parameter_2.grad = None
    assert_allclose(c.parameter_2.grad(X), X)
    bare = Bare()
    assert_allclose(bare.A.grad(X), 2 * np.exp(-X / 4), rtol=1e-8)
    assert_allclose(bare.grad_tau(X), 6 * X / 16 * np.exp(-X / 4), rtol=1e-6)


def test_a_fit_does_not_touch_the_live_numbers_until_it_is_done():
    bare = Bare()
    seen = []
    bare.A.observe(lambda change: seen.append(change["new"]), "value")
    fitted(bare, 5.0 * np.exp(-X / 2.5))
    assert_allclose(bare.row(), [2.5, 2.5], rtol=1e-6)
    assert len(seen) == 1
    assert bare.calls == 0  # the function ran on a stand-in with attributes of its own


def test_all_pixels_are_fitted():
    truth = np.array([[2.0, 3.0], [4.0, 2.0], [1.0, 5.0]])
    lines = [2 * A * np.exp(-X / tau) for A, tau in truth]
    s = hs.signals.Signal1D(np.array(lines), axes=[{"size": 3, "navigate": True}, {"axis": X}])
    m = s.create_model()
    m.append(Bare())
    m.multifit()
    assert_allclose(m[0].A.map["values"], truth[:, 0], rtol=1e-5)
    assert_allclose(m[0].tau.map["values"], truth[:, 1], rtol=1e-5)
    assert_allclose(m[0].function_nd(X), lines, rtol=1e-5)
    assert_allclose(m.inav[1:]().sum(), lines[1].sum(), rtol=1e-5)


def test_the_shape_travels_to_an_engine():
    bare = Bare(factor=7.0)
    shape = pickle.loads(pickle.dumps(bare.freeze()))  # noqa: S301 - our own, a moment ago
    assert_allclose(shape.value((X,), [1.0, 2.0]), 7 * np.exp(-X / 2))


def test_threads_do_not_disturb_each_other():
    shape = Bare().freeze()
    start, wrong = threading.Barrier(4), []

    def work(A):
        start.wait()
        lines = [shape.value((X,), [A, 2.0]) for _ in range(300)]
        if not np.allclose(lines, 2 * A * np.exp(-X / 2)):
            wrong.append(A)

    threads = [threading.Thread(target=work, args=(A,)) for A in (1.0, 2.0, 3.0, 4.0)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_a_frozen_shape_does_not_hear_of_later_changes():
    bare = Bare()
    shape = bare.freeze()
    bare.factor = 100.0
    bare.A.value = 50.0
    assert_allclose(shape.value((X,), [1.0, 2.0]), 2 * np.exp(-X / 2))


def test_a_copy_has_the_attributes_and_numbers():
    bare = Bare()
    bare.factor, bare.A.value = 9.0, 5.0
    again = bare.copy()
    assert_allclose(again.function(X), bare.function(X))
    again.A.value = 1.0
    assert bare.A.value == 5.0


def test_the_function_tells_the_number_of_coordinates():
    assert (Plane().dimensions, Bare().dimensions) == (2, 1)
    x, y = np.meshgrid(np.arange(6.0), np.arange(5.0))
    m = hs.signals.Signal2D(3 * x - 2 * y).create_model()
    m.append(Plane())
    assert_allclose(m.fit().x, [3.0, -2.0], atol=1e-8)


def test_one_number_for_all_channels_is_a_line():
    class Level(Component):
        def __init__(self):
            Component.__init__(self, ("a",))

        def function(self, _x):
            return self.a.value

    level = Level()
    level.a.value = 3.0
    s = hs.signals.Signal1D(np.ones(40))
    m = s.create_model()
    m.append(level)
    assert_allclose(m(), 3.0)
    assert_allclose(m.fit().x, 1.0)
    m.low_loss = hs.signals.Signal1D(np.array([0.0, 2.0, 0.0]), axes=[{"size": 3, "offset": -1}])
    level.a.value = 3.0
    assert_allclose(
        m()[5:-5],
        make_plan(m).value(np.array([3.0]), np.ones(1, bool), np.array([0.0, 2.0, 0.0]))[5:-5],
    )
    assert m()[20] > 0


def test_a_position_may_be_set_as_in_hyperspy():
    bare = Bare()
    bare._position = bare.tau
    assert bare.position == "tau"
    assert bare._position is bare.tau


def test_it_is_known_by_its_name():
    assert hs.model.components1D.Bare is Bare
    assert hs.model.components2D.Plane is Plane


@pytest.mark.parametrize("wrong", [(), (3,), (("a", 1),), (("a",), ("b",))])
def test_parameters_that_are_not_named_are_refused(wrong):
    class Wrong(Component):
        def __init__(self):
            Component.__init__(self, *wrong)

        def function(self, x):
            return x

    with pytest.raises(ModelError, match=r"call Component.__init__\(self, \('a', 'b'\)\)"):
        Wrong()


def test_a_parameter_that_would_hide_something_is_refused():
    class Hiding(Component):
        def __init__(self):
            Component.__init__(self, ("active",))

        def function(self, x):
            return x

    with pytest.raises(ModelError, match="'active' came, but every component has"):
        Hiding()
    with pytest.raises(ModelError, match="'name' came, but every component has"):

        class Declared(Component):
            name = hs.Par(1.0)


def test_a_linear_parameter_that_is_none_is_refused():
    class Linear(Component):
        def __init__(self):
            Component.__init__(self, ("a",), linear_parameter_list=["b"])

        def function(self, x):
            return x

    with pytest.raises(UnknownNameError, match="linear_parameter_list has no 'b'"):
        Linear()


def test_a_derivative_that_would_read_the_live_numbers_is_refused():
    bare = Bare()
    bare.A.grad = lambda x: x * bare.A.value
    m = hs.signals.Signal1D(X).create_model()
    m.append(bare)
    with pytest.raises(ParameterError, match=r"define grad_A\(self, x\) in its class"):
        make_plan(m)


def test_a_formula_needs_no_derivative_by_hand():
    g = hs.model.components1D.Gaussian()
    with pytest.raises(ParameterError, match="has a formula, which gives the derivative"):
        g.A.grad = np.ones_like
