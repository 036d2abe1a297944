"""The browser computes what the kernel computes: the JavaScript of each formula, run in Node."""

import mpmath
import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import special

from hsjupyter.formula import parse
from hsjupyter.formula.functions import TABLE
from hsjupyter.formula.javascript import print_javascript
from tests.formula import node
from tests.formula.shapes import SHAPES, exact_voigt

X = np.linspace(-3.3, 4.1, 38)
ANY, ABOVE_0, WITHIN_1, ABOVE_1 = X, np.abs(X) + 0.01, X / 5, np.abs(X) + 1.01

# Each function of the table as it is written, and where it is asked.
CALLS = {
    "abs": ("abs(x)", ANY),
    "sign": ("sign(x)", ANY),
    "sqrt": ("sqrt(x)", ABOVE_0),
    "pow": ("pow(x, a)", ABOVE_0),
    "exp": ("exp(x)", ANY),
    "expm1": ("expm1(x)", ANY),
    "log": ("log(x) + log(x, 3)", ABOVE_0),
    "log10": ("log10(x)", ABOVE_0),
    "log1p": ("log1p(x)", ABOVE_0),
    "sin": ("sin(x)", ANY),
    "cos": ("cos(x)", ANY),
    "tan": ("tan(x)", ANY),
    "asin": ("asin(x)", WITHIN_1),
    "acos": ("acos(x)", WITHIN_1),
    "atan": ("atan(x)", ANY),
    "atan2": ("atan2(x, x**2 - a)", ANY),
    "sinh": ("sinh(x)", ANY),
    "cosh": ("cosh(x)", ANY),
    "tanh": ("tanh(x)", ANY),
    "asinh": ("asinh(x)", ANY),
    "acosh": ("acosh(x)", ABOVE_1),
    "atanh": ("atanh(x)", WITHIN_1),
    "erf": ("erf(x)", ANY),
    "erfc": ("erfc(x)", ANY),
    "gamma": ("gamma(x)", ANY),
    "loggamma": ("loggamma(x)", ABOVE_1 + 1.5),
    "voigt": ("voigt(x, 0.3, a)", ANY),
    "heaviside": ("heaviside(x) + heaviside(x - x, a)", ANY),
    "min": ("min(x, a, 1)", ANY),
    "max": ("max(x, a, -1)", ANY),
    "where": ("where(x > a, x, a)", ANY),
    "Piecewise": ("Piecewise((x, x > a), (a, x > -1), (3, True))", ANY),
    "And": ("where(And(x > 0, x <= a), x, 7) + (x >= 0)", ANY),
    "Or": ("where(Or(x < 0, x > a, x == a), x, 7)", ANY),
    "Not": ("where(Not(x < a) & (x != 2), x, 7)", ANY),
}


def formulas():
    for shape in SHAPES:
        yield parse(shape.text, shape.variables), shape.x, shape.middle
    for text, x in CALLS.values():
        formula = parse(text)
        yield formula, (x,), [0.83][: len(formula.order)]
    yield parse("offset"), (X,), [2.5]
    yield parse("x**3 + x**-2 + x**0.5 + (x+1)**-0.5 - x**17"), (ABOVE_0,), []
    yield parse("Piecewise((a, x > 0))"), (X,), [1.5]


def test_every_function_of_the_table_is_compared():
    assert CALLS.keys() == {row.op for row in TABLE}


def test_node_and_numpy_give_the_same_numbers():
    cases = list(formulas())
    bodies = [(formula.javascript(), x, p) for formula, x, p in cases]
    filled, _ = node.run(bodies)
    for (formula, x, p), row in zip(cases, filled, strict=True):
        expected = formula.value(x, p)
        assert_allclose(row, expected, rtol=1e-12, atol=1e-300, err_msg=formula.text)


def test_infinities_and_nan_are_the_same_on_both_sides():
    odd = np.array([0.0, -1.0, np.inf, -np.inf, np.nan, 1.0])
    texts = [
        "1/x",
        "log(x)",
        "sqrt(x)",
        "x**a",
        "exp(-x)",
        "sign(x)*2",
        "heaviside(x)",
        "min(x, a)",
        "max(x, a)",
        "gamma(x)",
        "loggamma(x)",
        "erf(x)",
        "erfc(x)",
        "where(x > 0, 1, 2)",
        "voigt(x, a, 1)",
        "voigt(x, 0*a, 1)",
        "voigt(x, 0*a, 0)",
    ]
    cases = [parse(text) for text in texts]
    bodies = [(f.javascript(), (odd,), [0.7][: len(f.order)]) for f in cases]
    filled, _ = node.run(bodies)
    for formula, row in zip(cases, filled, strict=True):
        expected = formula.value((odd,), [0.7][: len(formula.order)])
        assert_allclose(row, expected, rtol=1e-14, err_msg=formula.text)


def test_names_do_not_reach_javascript():
    formula = parse("const + new*x + function/out + coords*n*p*hs - i + hs")
    assert not {"const ", "new", "function"} & set(
        formula.javascript().replace("const t", "").split()
    )
    filled, _ = node.run([(formula.javascript(), (X,), range(1, 10))])
    assert_allclose(filled[0], formula.value((X,), range(1, 10)), rtol=1e-14)


def test_what_depends_on_parameters_only_stands_before_the_loop():
    before, inside = parse("x * exp(a) / sqrt(b + 1)").javascript().split("for (")
    assert "Math.exp" in before
    assert "Math.sqrt" in before
    assert "Math" not in inside


def test_an_operation_without_javascript_gives_none():
    assert parse("gamma(a)*x").javascript() is not None
    assert print_javascript(parse("gamma(a)*x").derivative_tape()) is None
    assert print_javascript(parse("a*exp(-x)").derivative_tape()) is not None


def exact(function):
    with mpmath.workdps(40):
        return float(function())


SPREAD = np.random.default_rng(11)


@pytest.mark.parametrize(
    ("name", "places", "truth"),
    [
        ("erf", SPREAD.uniform(-6, 6, 80), mpmath.erf),
        ("erfc", SPREAD.uniform(-3, 26, 80), mpmath.erfc),
        ("gamma", SPREAD.uniform(-20, 170, 80), mpmath.gamma),
        ("loggamma", SPREAD.uniform(0.001, 12, 80), lambda x: mpmath.loggamma(x).real),
        ("loggamma", 10.0 ** SPREAD.uniform(1, 12, 40), lambda x: mpmath.loggamma(x).real),
    ],
)
def test_the_browser_s_functions_have_thirteen_digits(name, places, truth):
    _, found = node.run(calls=[(name, x) for x in places])
    expected = [exact(lambda x=x: truth(mpmath.mpf(x))) for x in places]
    assert_allclose(found, expected, rtol=1e-13)


def voigt_places():
    """Places with |x|/sigma up to 1e4 and gamma/sigma from 1e-6 to 1e6."""
    for _ in range(150):
        sigma = 10.0 ** SPREAD.uniform(-2, 2)
        x = sigma * 10.0 ** SPREAD.uniform(-2, 4) * SPREAD.choice([-1, 1])
        yield x, sigma, sigma * 10.0 ** SPREAD.uniform(-6, 6)
        yield sigma * SPREAD.uniform(0, 15), sigma, sigma * 10.0 ** SPREAD.uniform(-6, 1)


def wide_voigt(x, sigma, gamma):
    """The exact profile; far out by its asymptotic series, whose terms fall below 1e-40 there."""
    reach = abs(complex(x, gamma)) / sigma
    if reach < 30:
        with mpmath.workdps(30 + int(reach**2 / 2)):
            return float(exact_voigt(*map(mpmath.mpf, (x, sigma, gamma))))
    with mpmath.workdps(50):
        zeta = mpmath.mpc(x, gamma)
        terms = [mpmath.fac2(2 * k - 1) * (sigma / zeta) ** (2 * k) for k in range(40)]
        return float((1j / (mpmath.pi * zeta) * mpmath.fsum(terms)).real)


def test_voigt_has_twelve_digits_everywhere():
    places = list(voigt_places())
    expected = [wide_voigt(*place) for place in places]
    _, found = node.run(calls=[("voigt", *place) for place in places])
    assert_allclose(found, expected, rtol=1e-12)
    x, sigma, gamma = np.array(places).T
    by_kernel = parse("voigt(x, y, z)", ("x", "y", "z")).value((x, sigma, gamma), ())
    assert_allclose(by_kernel, expected, rtol=1e-12)
    assert_allclose(special.voigt_profile(x, sigma, gamma), expected, rtol=1e-12)
