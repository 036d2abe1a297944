"""The way back from a value to the parameter."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hsjupyter.formula import parse
from hsjupyter.formula.inverse import inverse

TEXTS = [
    "x",
    "2 * x + 1",
    "3 - x",
    "x / 3.05",
    "4 / x",
    "x**2",
    "x**-3",
    "2**x",
    "sqrt(x)",
    "exp(-x / 2)",
    "log(x) - 1",
    "log10(x * 3)",
    "5 - sqrt(2 * (x + 1))",
    "x + x / 2",
    "sinh(x) * 2",
    "expm1(x)",
    "atan(x / 9)",
    "abs(x)",
]


@pytest.mark.parametrize("text", TEXTS)
@given(number=st.floats(0.01, 8.0))
def test_there_and_back(text, number):
    formula = parse(text, variables=())
    value = float(formula.value((), [number]))
    assert inverse(formula)(value) == pytest.approx(number, rel=1e-9)


@pytest.mark.parametrize("text", ["x * exp(x)", "x**2 + x", "a * x", "where(x > 1, x, 2)"])
def test_where_there_is_no_way_back_there_is_none(text):
    assert inverse(parse(text, variables=())) is None


@pytest.mark.parametrize(
    ("text", "value"), [("x**2", -1.0), ("exp(x)", 0.0), ("4 / x", 0.0), ("sqrt(x)", -2.0)]
)
def test_a_value_that_is_never_taken_gives_nan(text, value):
    assert math.isnan(inverse(parse(text, variables=()))(value))
