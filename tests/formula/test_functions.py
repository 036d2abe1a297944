"""Every function of the table has its derivative, and every condition its meaning."""

import mpmath
import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from hsjupyter.formula import parse
from hsjupyter.formula.functions import FUNCTIONS, TABLE
from tests.formula.shapes import exact_voigt

X = np.array([-2.3, -0.71, 0.13, 0.62, 1.9])
POSITIVE = np.array([0.05, 0.31, 1.0, 2.7, 11.0])
INSIDE = np.array([-0.93, -0.4, 0.05, 0.5, 0.88])

OF_ONE = {
    "abs": (abs, X),
    "sign": (mpmath.sign, X),
    "sqrt": (mpmath.sqrt, POSITIVE),
    "exp": (mpmath.exp, X),
    "expm1": (mpmath.expm1, X / 50),
    "log": (mpmath.log, POSITIVE),
    "log10": (mpmath.log10, POSITIVE),
    "log1p": (mpmath.log1p, INSIDE),
    "sin": (mpmath.sin, X),
    "cos": (mpmath.cos, X),
    "tan": (mpmath.tan, X),
    "asin": (mpmath.asin, INSIDE),
    "acos": (mpmath.acos, INSIDE),
    "atan": (mpmath.atan, X),
    "sinh": (mpmath.sinh, X),
    "cosh": (mpmath.cosh, X),
    "tanh": (mpmath.tanh, X * 12),
    "asinh": (mpmath.asinh, X),
    "acosh": (mpmath.acosh, POSITIVE + 1.5),
    "atanh": (mpmath.atanh, INSIDE),
    "erf": (mpmath.erf, X),
    "erfc": (mpmath.erfc, X * 3),
    "gamma": (mpmath.gamma, X),
    "loggamma": (lambda u: mpmath.log(abs(mpmath.gamma(u))), X),
    "heaviside": (lambda u: mpmath.mpf(u > 0), X),
}
OF_SEVERAL = {
    "pow(x, a) + b": (lambda x, a, b: x**a + b, POSITIVE),
    "pow(a, x*b)": (lambda x, a, b: a ** (x * b), X),
    "log(x + a, b)": (lambda x, a, b: mpmath.log(x + a) / mpmath.log(b), POSITIVE),
    "atan2(x*a, x - b)": (lambda x, a, b: mpmath.atan2(x * a, x - b), X),
    "atan2(b, x*a)": (lambda x, a, b: mpmath.atan2(b, x * a), X),
    "min(x*a, b, x**2)": (lambda x, a, b: min(x * a, b, x**2), X),
    "max(x*a, b, x**2)": (lambda x, a, b: max(x * a, b, x**2), X),
    "voigt(x, a, b)": (exact_voigt, X),
    "voigt(5*x, a/9, b/1e5)": (lambda x, a, b: exact_voigt(5 * x, a / 9, b / 100_000), X),
    "voigt(x, -a, b)": (exact_voigt, X),
    "where(x > a, b*x, a)": (lambda x, a, b: b * x if x > a else a, X),
    "Piecewise((b, x > a), (a*x, x < 0), (a*b, True))": (
        lambda x, a, b: b if x > a else a * x if x < 0 else a * b,
        X,
    ),
    "where(And(x > 0, x < a), a*x, b)": (lambda x, a, b: a * x if 0 < x < a else b, X),
    "where(Or(x < 0, x > a), a*x, b)": (lambda x, a, b: a * x if x < 0 or x > a else b, X),
    "where(Not(x < a), a*x, b)": (lambda x, a, b: a * x if x >= a else b, X),
}


def exactly(function, *args):
    with mpmath.workdps(60):
        return float(function(*map(mpmath.mpf, args)))


def slope(function, args, s):
    with mpmath.workdps(60):
        exact = [mpmath.mpf(arg) for arg in args]

        def along(value):
            return function(*exact[:s], value, *exact[s + 1 :])

        return float(mpmath.diff(along, exact[s], h=mpmath.mpf(10) ** -25))


def test_every_function_is_differentiated():
    text = " ".join(OF_SEVERAL)
    assert {row.op for row in TABLE} - OF_ONE.keys() == {
        name for name, row in FUNCTIONS.items() if f"{name}(" in text and row.op == name
    } - OF_ONE.keys()


@pytest.mark.parametrize("name", OF_ONE)
def test_value_and_slope_of_a_function_of_one_argument(name):
    function, u = OF_ONE[name]
    # Halves and quarters keep u exact.
    formula = parse(f"{name}(a*x/2 + b)")
    value, (by_a, by_b) = formula.evaluate_all((u - 0.25,), [2.0, 0.25])
    u = (u - 0.25) + 0.25
    exact = [slope(function, [each], 0) for each in u]
    assert_allclose(value, [exactly(function, each) for each in u], rtol=2e-14)
    assert_allclose(by_b, exact, rtol=2e-13)
    assert_allclose(by_a, exact * (u - 0.25) / 2, rtol=2e-13)


@pytest.mark.parametrize("text", OF_SEVERAL)
def test_value_and_slopes_of_a_function_of_several_arguments(text):
    function, x = OF_SEVERAL[text]
    a, b = 0.8125, 1.375
    value, slopes = parse(text).evaluate_all((x,), [a, b])
    assert_allclose(value, [exactly(function, each, a, b) for each in x], rtol=1e-12)
    for s in (0, 1):
        exact = [slope(function, (each, a, b), s + 1) for each in x]
        assert_allclose(slopes[s], exact, rtol=1e-11, atol=1e-16)


def test_the_voigt_s_limits_have_slopes():
    x = np.array([-3.0, -0.5, 0.7, 40.0])
    value, slopes = parse("voigt(x, s, g)").evaluate_all((x,), [0.5, 0.0])
    square = x**2 + 0.25
    assert_allclose(value, 0.5 / np.pi / square, rtol=1e-14)
    assert_allclose(slopes[0], (x**2 - 0.25) / (np.pi * square**2), rtol=1e-13)
    assert_array_equal(slopes[1], 0.0)
    value, slopes = parse("voigt(x - c, s, g)").evaluate_all((x,), [0.25, 0.0, 2.0], ("c", "s"))
    u = (x - 0.25) / 2
    bell = np.exp(-(u**2) / 2) / np.sqrt(8 * np.pi)
    assert_allclose(value, bell, rtol=1e-13)
    assert_allclose(slopes, [bell * u / 2, bell * (u**2 - 1) / 2], rtol=1e-11, atol=1e-80)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x > 0", X > 0),
        ("2*(x > 0) - (x <= 1)", 2.0 * (X > 0) - (X <= 1)),
        ("-1 < x < 1", (X > -1) & (X < 1)),
        ("x > 1 or x < -1", (X > 1) | (X < -1)),
        ("not x > 1 and x > 0", (X <= 1) & (X > 0)),
        ("(x > 1) | ~(x > 0)", (X > 1) | (X <= 0)),
        ("x == x and x != 0", np.ones(5)),
        ("where(True, x, 1)", X),
        ("where(False, x, 1)", np.ones(5)),
        ("where(not True, 1, x) + where(not False, x, 1)", 2 * X),
        ("where((x > 0) & True, 1, 2)", np.where(X > 0, 1, 2)),
        ("where(True & (x > 0), 1, 2)", np.where(X > 0, 1, 2)),
        ("where((x > 0) & False, 1, 2)", np.full(5, 2)),
        ("where(False & (x > 0), 1, 2)", np.full(5, 2)),
        ("where((x > 0) | True, 1, 2)", np.ones(5)),
        ("where(True | (x > 0), 1, 2)", np.ones(5)),
        ("where(False | (x > 0), 1, 2)", np.where(X > 0, 1, 2)),
        ("where((x > 0) | False, 1, 2)", np.where(X > 0, 1, 2)),
        ("where(x > 0, 3, 3)", np.full(5, 3)),
        ("where(1 > 0, x, 1) + where(2 <= pi, 0, 1)", X),
        ("Piecewise((1, x > 0))", np.where(X > 0, 1, np.nan)),
        ("Piecewise((1, x > 0), (2, True), (3, x < 0))", np.where(X > 0, 1, 2)),
        ("exp((x > 0) + 0) + sign(-(x > 0))", np.exp(1.0 * (X > 0)) - (X > 0)),
    ],
)
def test_a_condition_counts_as_one_where_it_holds(text, expected):
    assert_array_equal(parse(text).value((X,), ()), expected)


def test_equal_slopes_are_each_given():
    formula = parse("a*exp(x) + b*exp(x) + c*x + d*x + e")
    slopes = formula.derivatives((X,), [1.0, 2.0, 3.0, 4.0, 5.0])
    assert_array_equal(slopes, [np.exp(X), np.exp(X), X, X, np.ones(5)])


@pytest.mark.parametrize(
    ("text", "slope_by_a"),
    [
        ("-a*x + a*exp(x)", np.exp(X) - X),
        ("a*exp(x) - a*x", np.exp(X) - X),
        ("-(-a)*x", X),
        ("a*x - a*x", 0 * X),
        ("a*x**2 + (1 - a)*x", X**2 - X),
        ("a*a*x/a", X),
    ],
)
def test_slopes_are_put_together_by_sign(text, slope_by_a):
    found = parse(text).derivatives((X,), [2.0])
    assert_allclose(found, [slope_by_a], rtol=1e-14, atol=1e-15)
