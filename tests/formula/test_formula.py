"""A formula as an object: equal, frozen, travelling, refusing, linear or not, and its tape."""

import pickle
import threading
import warnings
from dataclasses import FrozenInstanceError

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from hsjupyter.formula import Formula, FormulaError, parse
from hsjupyter.formula.tape import COORDINATE, PARAMETER
from tests.formula.shapes import IDS, SHAPES, X

GAUSSIAN = SHAPES[0].text


def test_formulas_of_one_text_are_equal_and_one_key():
    one, other = parse(GAUSSIAN), parse(GAUSSIAN)
    assert one == other
    assert len({one, other, one.ordered(("sigma", "A", "centre")), parse("a*x")}) == 3
    assert parse("x*y", ("x", "y")) != parse("x*y")


def test_a_formula_is_frozen():
    formula = parse("a*x")
    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'text'"):
        formula.text = "b*x"


@pytest.mark.parametrize("shape", SHAPES, ids=IDS)
def test_a_formula_travels_as_its_text(shape):
    formula = parse(shape.text, shape.variables).ordered(shape.order[::-1])
    sent = pickle.dumps(formula)
    arrived = pickle.loads(sent)  # noqa: S301
    assert arrived == formula
    assert arrived.order == formula.order
    assert len(sent) < len(shape.text) + 300
    p = shape.middle[::-1]
    assert_array_equal(arrived.value(shape.x, p), formula.value(shape.x, p))


@pytest.mark.parametrize("shape", SHAPES, ids=IDS)
def test_a_tape_is_plain_data(shape):
    tape = parse(shape.text, shape.variables).derivative_tape()
    copy = pickle.loads(pickle.dumps(tape))  # noqa: S301
    assert copy == tape
    assert hash(copy) == hash(tape)
    assert len(tape.outputs) == 1 + len(shape.order)


@pytest.mark.parametrize("shape", SHAPES, ids=IDS)
def test_steps_know_what_they_depend_on(shape):
    tape = parse(shape.text, shape.variables).derivative_tape()
    for place, (op, args, _) in enumerate(tape.instructions):
        assert all(arg < place for arg in args)
        expected = {"parameter": PARAMETER, "coordinate": COORDINATE}.get(op, 0)
        for arg in args:
            expected |= tape.kinds[arg]
        assert tape.kinds[place] == expected


def test_the_value_is_computed_as_written():
    x = np.array([0.1, 0.7])
    (found,) = (parse("a*x*3/7 - x/7*3").value((x,), [0.3]),)
    assert_array_equal(found, 0.3 * x * 3 / 7 - x / 7 * 3)
    assert_array_equal(parse("sqrt(x**2)").value((-x,), ()), np.sqrt(x * x))
    assert_array_equal(parse("exp(-a*log(x))").value((x,), [2.0]), np.exp(-2.0 * np.log(x)))
    assert_array_equal(parse("(x + 1e16) - 1e16").value((x,), ()), [0.0, 0.0])
    assert_array_equal(parse("log(exp(x))").value((np.array([1000.0]),), ()), [np.inf])


def test_whole_powers_are_products_and_halves_are_roots():
    def ops(text):
        return [step.op for step in parse(text).value_tape().instructions if step.args]

    assert ops("x**2") == ["mul"]
    assert ops("x**4") == ["mul", "mul"]
    assert ops("x**7") == ["mul"] * 4
    assert ops("x**-1") == ["div"]
    assert ops("x**0.5") == ["sqrt"]
    assert ops("x**2.5") == ["pow"]
    assert ops("x**17") == ["pow"]
    assert ops("x**1 * 1 + 0") == []
    assert ops("x * (2*pi)**0.5 / sqrt(4)") == ["mul", "div"]


def test_a_constant_fills_the_axis():
    formula = parse("offset")
    assert_array_equal(formula.value((X,), [2.5]), np.full_like(X, 2.5))
    assert_array_equal(formula.derivatives((X,), [2.5]), np.ones((1, len(X))))
    assert_array_equal(parse("3").value((X,), ()), np.full_like(X, 3.0))


def test_results_are_the_caller_s_own():
    formula = parse(GAUSSIAN)
    first, slopes = formula.evaluate_all((X,), [1.0, 0.0, 1.0])
    kept, kept_slopes = first.copy(), slopes.copy()
    formula.evaluate_all((X,), [7.0, 1.0, 2.0])
    first_again, _ = formula.evaluate_all((X,), [1.0, 0.0, 1.0])
    assert_array_equal(first, kept)
    assert_array_equal(slopes, kept_slopes)
    first[:] = 0.0
    assert_array_equal(first_again, kept)
    straight = parse("x")
    straight.value((X,), ())[:] = 0.0
    assert X.any()


def test_whole_numbers_are_cast_on_entry():
    found = parse("a*x**b").value((np.arange(1, 4),), [2, -1])
    assert found.dtype == np.float64
    assert_allclose(found, [2.0, 1.0, 2 / 3])
    assert_allclose(parse("x/a").value((np.arange(3),), np.array([2])), [0.0, 0.5, 1.0])
    assert_array_equal(parse("x/a").value((np.ones(2),), [0]), [np.inf, np.inf])
    assert_array_equal(parse("x + 1/a").value((np.ones(2),), [0]), [np.inf, np.inf])


def test_coordinates_broadcast_against_each_other():
    x, y = np.linspace(0, 1, 4), np.linspace(2, 3, 3)[:, None]
    value, slopes = parse("a*x + b*y", ("x", "y")).evaluate_all((x, y), [2.0, 3.0])
    assert_allclose(value, 2 * x + 3 * y)
    assert slopes.shape == (2, 3, 4)
    assert_array_equal(slopes[1], np.broadcast_to(y, (3, 4)))


def test_a_parameter_as_long_as_the_axis_varies_along_it():
    a = np.linspace(0.0, 1.0, len(X))
    assert_array_equal(parse("a*x + 1/(1 + a)").value((X,), [a]), a * X + 1 / (1 + a))


def test_a_formula_without_coordinates_gives_one_number():
    value, slopes = parse("2*width + 0.1", ()).evaluate_all((), [1.5])
    assert value == 3.1
    assert_array_equal(slopes, [2.0])
    found = parse("sqrt(a)", ()).value((), [np.array([[4.0, 9.0], [16.0, 25.0]])])
    assert_array_equal(found, [[2.0, 3.0], [4.0, 5.0]])


def test_a_branch_not_chosen_never_leaks():
    x = np.array([-2.0, -1.0, 0.0, 1.0, 4.0])
    formula = parse("B * where(x > 0, A * x**-r * log(x) * sqrt(x), 0) + 1")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        value, slopes = formula.evaluate_all((x,), [2.0, 3.0, 1.5])
    assert_array_equal(value[:3], 1.0)
    assert_array_equal(slopes[:, :3], 0.0)
    assert np.isfinite(slopes).all()
    assert (slopes[0][-1:] != 0).all()


def test_the_slope_of_a_power_of_nothing_is_nothing():
    slopes = parse("x**n").derivatives((np.array([0.0, 1.0, 2.0]),), [1.5])
    assert_allclose(slopes[0], [0.0, 0.0, 2**1.5 * np.log(2)])
    slopes = parse("(x - a)**2").derivatives((np.array([1.0]),), [1.0])
    assert_array_equal(slopes, [[0.0]])
    slopes = parse("(x - a)**n").derivatives((np.array([1.0, 3.0]),), [1.0, 2.0], ("a",))
    assert_allclose(slopes, [[0.0, -4.0]])


def test_nothing_warns_where_there_is_no_value():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        value, slopes = parse("A*log(x)/a").evaluate_all((np.array([-1.0, 0.0]),), [1.0, 0.0])
    assert not np.isfinite(value).any()
    assert not np.isfinite(slopes).any()


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda f: f.value((X, X), [1, 2, 3]), r"2 coordinates came; 1 \(x\) were wanted; hand in"),
        (lambda f: f.value((X,), [1]), r"1 parameters came; 3 \(A, centre, sigma\) were wanted"),
        (lambda f: f.derivatives((X,), []), "0 parameters came"),
        (
            lambda f: f.ordered(("A",)),
            "the order A came; its parameters are A, centre, sigma; name",
        ),
        (lambda f: f.ordered(("A", "A", "sigma")), "the order A, A, sigma came"),
        (
            lambda f: f.derivative_tape(("Sigma",)),
            r"no parameter 'Sigma'; sigma\? known are A, cen",
        ),
        (lambda f: f.is_linear(["sigm"]), "no parameter 'sigm'.*use one of these"),
    ],
)
def test_a_wrong_call_is_refused(call, words):
    with pytest.raises(FormulaError, match=words):
        call(parse(GAUSSIAN))


@pytest.mark.parametrize(
    ("text", "linear", "together", "bent"),
    [
        ("a*x + b", "ab", "ab", ""),
        ("a*b*x + c", "abc", "ac", "ab"),
        ("(a + b*x)/c", "ab", "ab", "ac"),
        ("a*exp(-x/b) + c*log(x)", "ac", "ac", "ab"),
        ("a*a*x", "", "", "a"),
        ("where(x > a, b*x, c)", "bc", "bc", "a"),
        ("Min(a*x, b)", "", "", "ab"),
        ("abs(a)*b + sign(c)", "b", "b", "ab"),
        ("-(a - b)*x/2 - +c", "abc", "abc", ""),
        ("voigt(x, a, b)*c", "c", "c", "ac"),
        ("x**a*b", "b", "b", "ab"),
        ("a**1*x + b**0", "ab", "ab", ""),
    ],
)
def test_parameters_are_linear_alone_and_together(text, linear, together, bent):
    formula = parse(text)
    assert formula.linear == set(linear)
    assert formula.is_linear(together)
    assert not bent or not formula.is_linear(bent)


@given(st.lists(st.sampled_from("abcd"), min_size=1, max_size=4, unique=True))
def test_what_is_linear_together_has_level_slopes(names):
    formula = parse("a*x + b*x**2*c + d*exp(-x) + c")
    slopes = [
        formula.derivatives((X,), [1.0 + k * (n in names) for n in "abcd"], tuple(names))
        for k in (0.0, 0.7)
    ]
    level = np.allclose(slopes[0], slopes[1], rtol=1e-13)
    assert formula.is_linear(names) == level


def test_many_threads_share_a_formula():
    formula = parse(GAUSSIAN)
    expected = {a: formula.evaluate_all((X,), [a, 0.5, 1.5]) for a in range(1, 9)}
    wrong = []

    def work(a):
        for _ in range(200):
            value, slopes = formula.evaluate_all((X,), [a, 0.5, 1.5])
            if not (value == expected[a][0]).all() or not (slopes == expected[a][1]).all():
                wrong.append(a)

    threads = [threading.Thread(target=work, args=(a,)) for a in expected]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_the_cache_is_bounded():
    for k in range(600):
        parse(f"a*x + {k}").value((X[:2],), [1.0])
    from hsjupyter.formula import formula as room

    info = room._evaluator.cache_info()  # noqa: SLF001
    assert info.currsize <= info.maxsize


LATEX = {
    "A * exp(-x / tau)": r"A \, \exp\left(\frac{-x}{\tau}\right)",
    "sigma_x + x0 + a_b + fwhm": r"\sigma_{x} + x_{0} + a_{b} + \mathrm{fwhm}",
    "(a + b)**2 / 3e-7": r"\frac{\left(a + b\right)^{2}}{3 \times 10^{-7}}",
    "2*pi*x*3": r"2 \, \pi \, x \cdot 3",
    "a - (b - c)": r"a - \left(b - c\right)",
    "a*(-b)": r"a \, \left(-b\right)",
    "-(a + b)": r"-\left(a + b\right)",
    "sqrt(abs(x))": r"\sqrt{\left|x\right|}",
    "(a/b)**c**d": r"\left(\frac{a}{b}\right)^{c^{d}}",
    "heaviside(x) + heaviside(x, 1)": r"\theta\left(x\right) + \theta\left(x, 1\right)",
    "Piecewise((a, x > 0), (b, x < -1), (0, True))": r"\begin{cases} a & \text{for } x > 0 \\ "
    r"b & \text{for } x < -1 \\ 0 & \text{otherwise} \end{cases}",
    "Piecewise((a, (x > 0) & (x <= 2)))": r"\begin{cases} a & \text{for } \left(x > 0\right) \land "
    r"\left(x \le 2\right) \end{cases}",
    "erf(x)*gamma(gamma1)": r"\operatorname{erf}\left(x\right) \, \Gamma\left(\gamma_{1}\right)",
    "where(not x > 0, 1, 2)": r"\begin{cases} 1 & \text{for } \lnot \left(x > 0\right) \\ "
    r"2 & \text{otherwise} \end{cases}",
}


@pytest.mark.parametrize(("text", "latex"), LATEX.items(), ids=LATEX)
def test_latex_reads_as_the_formula(text, latex):
    assert parse(text).latex() == latex


def test_latex_of_every_shape_has_its_brackets_in_pairs():
    for shape in SHAPES:
        latex = parse(shape.text, shape.variables).latex()
        assert latex.count("{") == latex.count("}")
        assert latex.count(r"\left") == latex.count(r"\right")
        assert isinstance(parse(shape.text, shape.variables), Formula)
