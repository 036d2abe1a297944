"""Compiled kernels: numpy's numbers, for special arguments too; cached without harm."""

import itertools
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from hsjupyter.formula import kernel_code, parse
from hsjupyter.formula.kernel_code import compile_kernel

SPECIAL = [0.0, -0.0, 1.0, -1.0, 0.5, -2.0, 3.0, 1e-310, -1e-310, 5e-324, 1e-30, 1e300, -1e300]
SPECIAL += [np.inf, -np.inf, np.nan, 745.0, -745.5, 710.0, 709.5, 2.0**52, 1e5, -1e5]

ONE = ["exp(x)", "log(x)", "sqrt(x)", "abs(x)", "sign(x)", "-x", "1 / x", "expm1(x)", "log10(x)"]
ONE += ["log1p(x)", "sin(x)", "cos(x)", "tan(x)", "asin(x)", "acos(x)", "atan(x)", "sinh(x)"]
ONE += ["cosh(x)", "tanh(x)", "asinh(x)", "acosh(x)", "atanh(x)", "erf(x)", "erfc(x)"]
TWO = ["x + y", "x - y", "x * y", "x / y", "x**y", "Min(x, y)", "Max(x, y)", "atan2(x, y)"]
TWO += ["where(x < y, x, y)", "where(x != y, 1, 2)", "where(x >= y and x == x, 1, 2)"]
TWO += ["where(not x > y, 1, x)", "where(x <= 1 or y > 2, x, 0)", "Heaviside(x, y)"]


def both(text, *coords, p=()):
    variables = ("x", "y")[: len(coords)]
    formula = parse(text, variables=variables)
    kernel = compile_kernel(formula.derivative_tape())
    return kernel(np.array(coords), np.array(p)), formula.evaluate_all(coords, p)


@pytest.mark.parametrize("text", ONE)
def test_one_argument_whatever_it_is(text):
    x = np.array(SPECIAL)
    (mine, _), (wanted, _) = both(text, x)
    assert_allclose(mine, wanted, rtol=1e-15 * 4, atol=0)


@pytest.mark.parametrize("text", TWO)
def test_two_arguments_whatever_they_are(text):
    x, y = np.array(list(itertools.product(SPECIAL, SPECIAL))).T
    (mine, _), (wanted, _) = both(text, x, y)
    if "**" in text:  # exp(y log x) has the error of y log x, and no sign of zero
        assert_array_equal(np.isnan(mine), np.isnan(wanted))
        mine, wanted = np.abs(mine), np.abs(wanted)
        assert_allclose(mine, wanted, rtol=3e-13, atol=1e-307)
        return
    assert_allclose(mine, wanted, rtol=4e-15, atol=0)


@settings(max_examples=60)
@given(
    st.lists(st.floats(-700, 700), min_size=1, max_size=9),
    st.lists(st.floats(1e-300, 1e300), min_size=1, max_size=9),
)
def test_exp_and_log_have_every_digit(powers, numbers):
    (mine, _), _ = both("exp(x)", np.array(powers))
    assert_allclose(mine, np.exp(powers), rtol=3.4e-16)
    (mine, _), _ = both("log(x)", np.array(numbers))
    assert_allclose(mine, np.log(numbers), rtol=3.4e-16, atol=1e-16)


SHAPES = [
    "A / (sigma * sqrt(2 * pi)) * exp(-(x - centre)**2 / (2 * sigma**2))",
    "where(x > Max(left_cutoff, origin), A * (x - origin)**(-r), 0)",
    "A / pi * gamma / ((x - centre)**2 + gamma**2)",
    "a / (1 + b * exp(-c * (x - o)))",
    "A * erf((x - o) / (sqrt(2) * s)) / 2",
    "A * cos(pi * a / 2 + (1 - a) * atan((x - c) / s)) / (s**2 + (x - c)**2)**((1 - a) / 2)",
    "a + b * x + c * x**2 + d * x**3",
    "3",
    "a",
]


@pytest.mark.parametrize("text", SHAPES)
@pytest.mark.parametrize("channels", [1, 2, 7, 64, 1000])
def test_value_and_derivatives_are_those_of_the_interpreter(text, channels):
    x = np.linspace(-5, 9, channels)
    p = np.random.default_rng(channels).uniform(0.2, 2.0, len(parse(text).order))
    (value, rows), (wanted, wanted_rows) = both(text, x, p=p)
    assert_allclose(value, wanted, rtol=1e-12, atol=1e-13 * np.abs(wanted).max())
    scale = np.abs(wanted_rows).max(axis=1, keepdims=True, initial=0) + 1e-300
    assert_allclose(rows / scale, wanted_rows / scale, rtol=1e-12, atol=1e-13)


def test_only_the_wanted_derivatives_are_written():
    formula = parse(SHAPES[0])
    kernel = compile_kernel(formula.derivative_tape(("centre",)))
    x = np.linspace(0, 2, 9)
    p = np.array([1.0, 0.9, 0.8])
    assert_allclose(kernel(x[np.newaxis], p)[1], formula.derivatives((x,), p, ("centre",)))


@pytest.mark.parametrize("ratio", [0.0, 1e-6, 1e-3, 0.1, 1.0, 30.0, 1e3, 1e6])
def test_the_voigt_profile_is_scipys_to_thirteen_digits_of_its_height(ratio):
    x = np.concatenate([np.linspace(-12, 12, 501), np.geomspace(12, 1e4, 50)]) * 0.7
    p = dict(zip(("gamma", "sigma"), (0.7 * ratio, 0.7), strict=True))
    formula = parse("voigt(x, sigma, gamma)")
    numbers = [p[name] for name in formula.order]
    (value, rows), (wanted, wanted_rows) = both("voigt(x, sigma, gamma)", x, p=numbers)
    assert_allclose(value, wanted, rtol=1e-7, atol=2e-13 * wanted.max())
    scale = np.abs(wanted_rows).max(axis=1, keepdims=True)
    assert_allclose(rows / scale, wanted_rows / scale, atol=3e-12)


def test_without_a_gaussian_the_voigt_profile_is_a_lorentzian():
    x = np.linspace(-5, 5, 40)
    formula = parse("voigt(x, sigma, gamma)").ordered(("sigma", "gamma"))
    value, _ = compile_kernel(formula.derivative_tape())(x[np.newaxis], np.array([0.0, 0.4]))
    assert_allclose(value, 0.4 / np.pi / (x**2 + 0.16), rtol=1e-13)


def test_what_has_no_code_has_no_kernel():
    formula = parse("gamma(x * a)")
    assert compile_kernel(formula.derivative_tape()) is None  # its derivative is a digamma
    assert compile_kernel(formula.value_tape()) is not None


@pytest.mark.parametrize("kind", ["fresh", "damaged", "read-only", "none"])
def test_a_cache_only_saves_time(tmp_path, kind):
    folder = tmp_path / "cache"
    folder.mkdir()
    program = (
        "import numpy as np; from hsjupyter.formula import parse\n"
        "from hsjupyter.formula.kernel_code import compile_kernel\n"
        "k = compile_kernel(parse('a * exp(-x)').derivative_tape())\n"
        "print(k(np.ones((1, 3)), np.array([2.0]))[0].tolist())"
    )

    def run(cache):
        done = subprocess.run(
            [sys.executable, "-c", program],
            env={"HSJUPYTER_CACHE": cache, "PATH": "/usr/bin"},
            capture_output=True,
            text=True,
            check=True,
        )
        return eval_list(done.stdout)

    def eval_list(text):
        return [float(t) for t in text.strip(" []\n").split(",")]

    wanted = [2 / np.e] * 3
    if kind == "none":
        assert_allclose(run(""), wanted)
        assert_allclose(run("/proc/nowhere"), wanted)
        return
    assert_allclose(run(str(folder)), wanted)
    (kept,) = (folder / "kernels").iterdir()
    if kind == "damaged":
        kept.write_bytes(kept.read_bytes()[: kept.stat().st_size // 2])
    if kind == "read-only":
        kept.chmod(0o400)
        kept.parent.chmod(0o500)
    assert_allclose(run(str(folder)), wanted)


def test_kernels_of_many_threads_are_the_same():
    from concurrent.futures import ThreadPoolExecutor

    kernel_code._compiled.cache_clear()  # noqa: SLF001 - so that they really compile
    formula = parse("a * exp(-(x - b)**2)")
    x = np.linspace(0, 1, 50)
    with ThreadPoolExecutor(6) as pool:
        kernels = list(pool.map(lambda _: compile_kernel(formula.derivative_tape()), range(12)))
    for kernel in kernels:
        assert_allclose(kernel(x[np.newaxis], np.array([1.0, 0.5]))[0], np.exp(-((x - 0.5) ** 2)))
