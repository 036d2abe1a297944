"""The coefficients of a polynomial: a vector parameter, and each by its name."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

import hsjupyter.api as hs
from hsjupyter.core.errors import ModelError, ParameterError, UnknownNameError

Polynomial = hs.model.components1D.Polynomial
X = np.linspace(-2, 3, 21)


def test_a_coefficient_and_the_vector_are_one():
    p = Polynomial(order=2, a2=2.0, a0=-1.0)
    assert p.coefficients.value == (2.0, 0.0, -1.0)
    p.a1.value = 0.5
    assert p.coefficients.value == (2.0, 0.5, -1.0)
    p.coefficients.value = (1.0, 2.0, 3.0)
    assert [p.a2.value, p.a1.value, p.a0.value] == [1.0, 2.0, 3.0]
    assert_allclose(p.function(X), X**2 + 2 * X + 3)
    assert p.get_polynomial_order() == 2
    assert [q.name for q in p.parameters] == ["coefficients"]


def test_errors_and_maps_are_seen_by_coefficient():
    data = np.array([3 + 2 * X, 1 - X]) + np.random.default_rng(1).normal(0, 0.1, (2, len(X)))
    s = hs.signals.Signal1D(data, axes=[{"size": 2, "navigate": True}, {"axis": X}])
    m = s.create_model()
    p = Polynomial(order=1)
    assert p.a1.map is None
    assert p.a1.std is None
    m.append(p)
    m.multifit()
    assert p.a1.std == p.coefficients.std[0]
    assert_allclose(p.a1.map["values"], [2.0, -1.0], atol=0.1)
    p.a0.map["values"][1] = 7.0
    assert p.coefficients.map["values"][1, 1] == 7.0


def test_the_gradient_has_a_row_for_each_power():
    p = Polynomial(order=3)
    assert_allclose(p.grad_coefficients(X), [X**3, X**2, X, X**0])
    assert_allclose(p.coefficients.grad(X), p.grad_coefficients(X))


def test_coefficients_are_free_together():
    p = Polynomial()
    with pytest.raises(ParameterError, match="are free together; set Polynomial"):
        p.a1.free = False
    p.coefficients.free = False
    assert not p.a1.free


def test_bounds_are_those_of_the_vector():
    p = Polynomial()
    p.coefficients.bmin = -2.0
    assert (p.a0.bmin, p.a0.bmax) == (-2.0, None)
    with pytest.raises(AttributeError, match="bmax"):
        p.a0.bmax = 3.0


def test_a_coefficient_is_not_replaced_by_a_number():
    p = Polynomial()
    with pytest.raises(ParameterError, match=r"set its number with \.a1\.value = "):
        p.a1 = 3.0


def test_a_power_that_is_not_there_is_refused():
    with pytest.raises(UnknownNameError, match=r"has no 'a3'.*known: a0, a1, a2"):
        Polynomial(order=2, a3=1.0)
    with pytest.raises(ModelError, match="a whole number from 0 to 30 is wanted"):
        Polynomial(order=-1)
