"""The value of a formula is that of the closed form, and its derivatives are those of mpmath."""

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from hsjupyter.formula import parse
from tests.formula.shapes import IDS, SHAPES

EVERY_SHAPE = pytest.mark.parametrize("shape", SHAPES, ids=IDS)


def drawn(data, shape):
    return [data.draw(st.floats(*shape.ranges[name]), label=name) for name in shape.order]


def read(shape):
    return parse(shape.text, shape.variables)


@EVERY_SHAPE
def test_a_formula_s_parameters_are_its_names_sorted(shape):
    formula = read(shape)
    assert formula.parameters == shape.order
    assert formula.variables == shape.variables


@EVERY_SHAPE
@given(data=st.data())
@settings(max_examples=25)
def test_the_value_is_the_closed_form(shape, data):
    values = drawn(data, shape)
    expected = shape.by_numpy(values)
    found = read(shape).value(shape.x, values)
    assert found.dtype == np.float64
    # Two ways to write a formula differ by roundings, which a power multiplies.
    assert_allclose(found, expected, rtol=1e-11, atol=1e-13 * np.abs(expected).max())


@EVERY_SHAPE
@given(data=st.data())
@settings(max_examples=8)
def test_the_derivatives_are_those_of_mpmath(shape, data):
    values = drawn(data, shape)
    k = data.draw(st.integers(0, len(shape.x[0]) - 1), label="channel")
    found = read(shape).derivatives(shape.x, values)
    assert found.shape == (len(shape.order), len(shape.x[0]))
    with mpmath.workdps(50):
        exact = [mpmath.mpf(value) for value in values]
        slopes = [slope(shape, k, exact, s) for s in range(len(exact))]
    assert_allclose(found[:, k], slopes, rtol=1e-9, atol=1e-11 * np.abs(found).max())


def slope(shape, k, values, s):
    def along(value):
        return shape.by_mpmath(k, [*values[:s], value, *values[s + 1 :]])

    return float(mpmath.diff(along, values[s], h=mpmath.mpf(10) ** -20))


@EVERY_SHAPE
def test_the_derivatives_are_central_differences(shape):
    formula = read(shape)
    values = np.array(shape.middle)
    found = formula.derivatives(shape.x, values)
    for s, size in enumerate(np.maximum(np.abs(values), 1.0)):
        step = np.zeros_like(values)
        step[s] = 1e-6 * size
        change = formula.value(shape.x, values + step) - formula.value(shape.x, values - step)
        expected = change / (2 * step[s])
        assert_allclose(found[s], expected, rtol=1e-6, atol=1e-7 * np.abs(found).max())


@EVERY_SHAPE
def test_value_and_derivatives_come_in_one_pass(shape):
    formula = read(shape)
    value, derivatives = formula.evaluate_all(shape.x, shape.middle)
    assert_allclose(value, formula.value(shape.x, shape.middle), rtol=1e-14)
    assert_allclose(derivatives, formula.derivatives(shape.x, shape.middle), rtol=0)
    some = shape.order[::-2]
    rows = [shape.order.index(name) for name in some]
    _, chosen = formula.evaluate_all(shape.x, shape.middle, some)
    assert_allclose(chosen, derivatives[rows], rtol=1e-13, atol=1e-300)


@EVERY_SHAPE
def test_many_pixels_are_evaluated_at_once(shape):
    formula = read(shape)
    rows = np.random.default_rng(4).uniform(0.999, 1.001, (5, len(shape.order))) * shape.middle
    value, derivatives = formula.evaluate_all(shape.x, rows.T[:, :, None])
    assert value.shape == (5, len(shape.x[0]))
    assert derivatives.shape == (len(shape.order), 5, len(shape.x[0]))
    for i, row in enumerate(rows):
        one, slopes = formula.evaluate_all(shape.x, row)
        assert_allclose(value[i], one, rtol=1e-13)
        assert_allclose(derivatives[:, i], slopes, rtol=1e-12, atol=1e-14 * np.abs(slopes).max())


@EVERY_SHAPE
def test_another_order_permutes_values_and_derivatives(shape):
    formula = read(shape)
    turned = formula.ordered(shape.order[::-1])
    assert turned.parameters == shape.order
    assert turned.order == shape.order[::-1]
    value, slopes = formula.evaluate_all(shape.x, shape.middle)
    other, others = turned.evaluate_all(shape.x, shape.middle[::-1])
    assert_allclose(other, value, rtol=1e-14)
    assert_allclose(others[::-1], slopes, rtol=1e-12, atol=1e-14 * np.abs(slopes).max())


@EVERY_SHAPE
def test_linear_parameters_are_those_of_the_table(shape):
    formula = read(shape)
    assert formula.linear == shape.linear
    for name in formula.linear:
        slopes = [
            formula.derivatives(shape.x, moved, (name,))
            for moved in (shape.middle, [v + 1 * (n == name) for n, v in pairs(shape)])
        ]
        assert_allclose(slopes[0], slopes[1], rtol=1e-14)


def pairs(shape):
    return list(zip(shape.order, shape.middle, strict=True))
