"""``a / b ; b = ... ; c = ...``: parts are put in their places, in whatever order they come."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import constants

from hsjupyter.formula import FormulaError, parse, rename

X = np.linspace(1e4, 3e5, 7)

# The guide's electron wavelength.
WAVELENGTH = (
    "h / sqrt(p2) ; p2 = 2 * m0 * e1 * x * brackets; brackets = 1 + (e1 * x) / (2 * m0 * c * c) ; "
    "m0 = 9.1e-31 ; c = 3e8; e1 = 1.6e-19 ; h = 6.6e-34"
)


def test_the_guide_s_electron_wavelength_has_no_parameter():
    formula = parse(WAVELENGTH)
    assert formula.parameters == ()
    assert formula.derivatives((X,), ()).shape == (0, 7)
    eV = constants.e * X
    relativistic = constants.h / np.sqrt(
        2 * constants.m_e * eV * (1 + eV / (2 * constants.m_e * constants.c**2))
    )
    # The guide's constants have two digits.
    assert_allclose(formula.value((X,), ()), relativistic, rtol=5e-3)


def test_the_wavelength_of_300_kV_electrons_is_known():
    text = WAVELENGTH.replace("9.1e-31", f"{constants.m_e!r}").replace("3e8", f"{constants.c!r}")
    text = text.replace("1.6e-19", f"{constants.e!r}").replace("6.6e-34", f"{constants.h!r}")
    # Williams & Carter, Transmission Electron Microscopy, 2nd ed., table 1.2.
    assert_allclose(parse(text).value((np.array([3e5]),), ()), 1.97e-12, rtol=1e-3)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("a / b ; b = 2*c", "a / (2*c)"),
        ("a / b ; b = c + 1 ; c = 3", "a / (3 + 1)"),
        ("a / b ; c = 3 ; b = c + 1", "a / (3 + 1)"),
        ("a*x;a=b;b=c;c=d", "d*x"),
        (";; a*x ;;\n a = b\t;; ", "b*x"),
        ("\n  a*x\n  ; a\n=\nb + 1\n", "(b + 1)*x"),
        ("a*x ; unused = 3*z", "a*x"),
        ("u**2 + u + x ; u = a - b", "(a - b)**2 + (a - b) + x"),
        ("where(on, a, b) ; on = x > 1.5", "where(x > 1.5, a, b)"),
        (
            "where(~on, a, b*on) ; on = low & (x < b) ; low = x > 1.5",
            "where(~((x > 1.5) & (x < b)), a, b*((x > 1.5) & (x < b)))",
        ),
        ("a + -u ; u = b - x", "a + -(b - x)"),
        ("gamma(gamma)*x ; gamma = a", "gamma(a)*x"),
        ("sin(x/w)*exp(w) ; w = sqrt(a**2 + b**2)", "sin(x/sqrt(a**2+b**2))*exp(sqrt(a**2+b**2))"),
        (";".join(["a0*x", *(f"a{k}=a{k + 1}" for k in range(150))]), "a150*x"),
    ],
)
def test_parts_are_put_in_their_places(text, plain):
    x = np.linspace(1.1, 2.3, 5)
    formula, expected = parse(text), parse(plain)
    assert formula.parameters == expected.parameters
    p = np.linspace(1.7, 2.9, len(formula.order))
    for found, wanted in zip(
        formula.evaluate_all((x,), p), expected.evaluate_all((x,), p), strict=True
    ):
        assert_allclose(found, wanted, rtol=1e-14)


def test_a_part_used_often_is_computed_once():
    formula = parse("u + u**2 + sqrt(u) + 1/u ; u = exp(-a*x)")
    assert sum(step.op == "exp" for step in formula.derivative_tape().instructions) == 1


def test_a_long_loop_is_named():
    text = "x*a ; b = c ; c = d + 1 ; d = 2*b ; a = 3"
    with pytest.raises(FormulaError, match="loop, b -> c -> d -> b; a part may speak only"):
        parse(text)


def test_names_are_replaced_all_at_once_and_functions_are_left():
    text = "gamma(gamma) * exp(-(x - x0)) + x1e5"
    assert rename(text, {"gamma": "g", "x": "u", "x0": "x", "exp": "sin"}) == (
        "gamma(g) * exp(-(u - x)) + x1e5"
    )
    assert rename("a*b", {"a": "b", "b": "a"}) == "b*a"


def test_a_shape_is_turned_by_renaming_its_coordinates():
    flat = "k * exp(-((x-x0)**2 / (2 * sx ** 2) + (y-y0)**2 / (2 * sy ** 2)))"
    turned = parse(
        rename(flat, {"x": "xr", "y": "yr"})
        + "; xr = x0 + (x - x0)*cos(rotation_angle) - (y - y0)*sin(rotation_angle)"
        + "; yr = y0 + (x - x0)*sin(rotation_angle) + (y - y0)*cos(rotation_angle)",
        ("x", "y"),
    )
    assert turned.parameters == ("k", "rotation_angle", "sx", "sy", "x0", "y0")
    at = (np.array([1.0, 3.0]), np.array([2.0, -1.0]))
    quarter = turned.value(at, [2.0, np.pi / 2, 0.5, 1.5, 0.3, -0.2])
    u, v = -(at[1] + 0.2), at[0] - 0.3
    assert_allclose(quarter, 2 * np.exp(-(u**2 / 0.5 + v**2 / 4.5)), rtol=1e-13)
