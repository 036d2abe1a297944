"""Formulas of two coordinates on a rectangle of channels: what is worked out by row and column."""

import ctypes

import numpy as np
import pytest
from numpy.testing import assert_allclose

from hsjupyter.components.gaussian2d import Gaussian2D
from hsjupyter.formula import parse
from hsjupyter.formula.grid import BOTH, find_grid
from hsjupyter.formula.kernel_code import compile_lean
from hsjupyter.formula.numpy_code import Evaluator
from hsjupyter.formula.settle import settled

ROOM = 8  # numbers behind the last channel of a row of J

# A text, and the parameters that stay at 0.
PARTED = [
    (Gaussian2D.formula, ("rotation_angle",)),
    ("k * exp(-((x - x0)**2 / (2 * sx**2) + (y - y0)**2 / (2 * sy**2)))", ()),
    ("A * exp(-(x - c)**2 / w) * cos(y * k) + b", ()),
    ("A * exp(-abs(x) / s) / (1 + (y - c)**2 / w**2)", ()),
    ("A * exp(-x**2 - 0.5 - y**2 * s**2) - b * exp(-y**2)", ()),
    ("A * exp(-(x - c)**2)", ()),
]
WHOLE = [
    (Gaussian2D.formula, ()),  # turned, nothing is of one coordinate
    ("A * exp(x * a + y * b)", ()),  # one of the exponentials may overflow
    ("A * exp(-(x - c)**2 + (y - d)**2)", ()),
    ("A * exp(-x**2 - x * y)", ()),
    ("A / (1 + x**2 + y**2)**2 * exp(-sqrt(x**2 + y**2))", ()),
    ("a + b * x + c * y", ()),  # nothing dear is in it
]
SHAPES = [(24, 24), (1, 8), (5, 5), (7, 3), (3, 31), (2, 100), (1, 1), (40, 1)]


def on_rectangle(rows, across):
    y, x = np.meshgrid(np.linspace(-1.5, 2, rows), np.linspace(0.2, 3, across), indexing="ij")
    return np.stack([x.ravel(), y.ravel()])


def run_grid(code, coordinates, across, numbers, n_slopes):
    n = coordinates.shape[1]
    residual, rows = np.zeros(n), np.full((max(n_slopes, 1), n + ROOM), np.nan)
    (address,) = code.addresses.values()
    word, size = ctypes.c_void_p, ctypes.c_int64
    call = ctypes.CFUNCTYPE(None, word, size, size, word, word, word, size, size)(address)
    places = (array.ctypes.data for array in (numbers, residual, rows))
    call(coordinates.ctypes.data, n, n, *places, n + ROOM, across)
    return -residual, rows[:n_slopes, :n]


def numbers_of(formula, zeros):
    rng = np.random.default_rng(len(formula.text))
    return np.array([0.0 if name in zeros else rng.uniform(0.4, 1.3) for name in formula.order])


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize(("text", "zeros"), PARTED)
def test_rows_and_columns_give_what_every_channel_does(text, zeros, shape):
    formula = parse(text, ("x", "y"))
    moving = tuple(name for name in formula.order if name not in zeros)
    numbers, coordinates = numbers_of(formula, zeros), on_rectangle(*shape)
    code = compile_lean(formula, moving, zeros).grid
    value, slopes = run_grid(code, coordinates, shape[1], numbers, len(moving))
    wanted, rows = formula.evaluate_all(tuple(coordinates), numbers, moving)
    size = np.abs(wanted).max() + 1e-300
    assert_allclose(value, wanted, rtol=1e-13, atol=1e-15 * size)
    assert_allclose(slopes, rows, rtol=1e-12, atol=1e-14 * size)


@pytest.mark.parametrize(("text", "zeros"), WHOLE)
def test_what_does_not_part_is_left_whole(text, zeros):
    formula = parse(text, ("x", "y"))
    assert compile_lean(formula, formula.order, zeros).grid is None


def test_exponents_far_below_zero_part_into_zeros():
    formula = parse("exp(-(s * x)**2 - (s * y)**2)", ("x", "y"))
    coordinates, numbers = on_rectangle(4, 8), np.array([300.0])
    value, slopes = run_grid(compile_lean(formula, ("s",)).grid, coordinates, 8, numbers, 1)
    assert not value.any()
    assert not slopes.any()


def test_a_number_that_is_not_one_is_seen_in_every_channel():
    formula = parse(PARTED[1][0], ("x", "y"))
    numbers = np.where(np.array(formula.order) == "sx", np.nan, 1.0)
    code = compile_lean(formula, formula.order).grid
    value, _ = run_grid(code, on_rectangle(3, 5), 5, numbers, len(formula.order))
    assert np.isnan(value).all()


@pytest.mark.parametrize(("text", "zeros"), [*PARTED, ("(a * x + b)**2 - c * y", ("a", "c"))])
def test_a_tape_with_numbers_in_it_says_what_it_said(text, zeros):
    formula = parse(text, ("x", "y"))
    tape, numbers, coordinates = (
        formula.derivative_tape(),
        numbers_of(formula, zeros),
        tuple(on_rectangle(2, 3)),
    )
    places = {formula.order.index(name): 0.0 for name in zeros}
    less = settled(tape, places)
    assert_allclose(
        Evaluator(less)(coordinates, numbers), Evaluator(tape)(coordinates, numbers), rtol=1e-13
    )
    read = {int(i.number) for i in less.instructions if i.op == "parameter"}
    assert not read & places.keys()


def test_sorted_steps_leave_products_to_a_channel():
    formula = parse(Gaussian2D.formula, ("x", "y"))
    moving = tuple(name for name in formula.order if name != "rotation_angle")
    angle = formula.order.index("rotation_angle")
    grid = find_grid(settled(formula.derivative_tape(moving), {angle: 0.0}))
    each = zip(grid.tape.instructions, grid.along, strict=True)
    assert [step.op for step, along in each if along == BOTH] == ["mul"] * 9
