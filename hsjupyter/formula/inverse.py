"""The way back: from the value of a formula of one parameter to the parameter."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

from hsjupyter.formula.formula import Formula
from hsjupyter.formula.tree import Node

Step = Callable[[float], float]

_ONE: dict[str, Step] = {
    "neg": lambda v: -v,
    "sqrt": lambda v: v * v if v >= 0 else math.nan,
    "exp": math.log,
    "log": math.exp,
    "log10": lambda v: 10.0**v,
    "expm1": math.log1p,
    "log1p": math.expm1,
    "sinh": math.asinh,
    "asinh": math.sinh,
    "tanh": math.atanh,
    "atanh": math.tanh,
    "tan": math.atan,
    "atan": math.tan,
    "sin": math.asin,
    "asin": math.sin,
    "cos": math.acos,
    "acos": math.cos,
    "abs": lambda v: v if v >= 0 else math.nan,
}
# The parameter stands left, or right, of a known number c.
_LEFT: dict[str, Callable[[float, float], float]] = {
    "add": lambda c, v: v - c,
    "sub": lambda c, v: v + c,
    "mul": lambda c, v: v / c,
    "div": lambda c, v: v * c,
    "pow": lambda c, v: math.pow(v, 1 / c),
}
_RIGHT: dict[str, Callable[[float, float], float]] = {
    "add": lambda c, v: v - c,
    "sub": lambda c, v: c - v,
    "mul": lambda c, v: v / c,
    "div": lambda c, v: c / v,
    "pow": lambda c, v: math.log(v) / math.log(c),
}


def inverse(formula: Formula) -> Step | None:
    """Give the function from a value of a formula back to its one parameter.

    Found where the parameter stands once in the text, or enters linearly. Where several numbers
    lead to a value, as with a square, it is the one that is not negative.

    Parameters
    ----------
    formula : Formula
        Of one parameter and no coordinates.

    Returns
    -------
    callable or None
        NaN for a value that the formula never takes; None where no way back is known.
    """
    if formula.variables or len(formula.parameters) != 1:
        return None
    steps: list[Step] = []
    node = formula.tree
    while node.op != "name":
        step, below = _step(node)
        if step is None or below is None:
            return _of_line(formula)
        steps.append(step)
        node = below
    return partial(_back, tuple(steps))


def _step(node: Node) -> tuple[Step | None, Node | None]:
    """Undo one operation; the part below that holds the parameter."""
    holding = [i for i, arg in enumerate(node.args) if arg.value is None]
    if len(holding) != 1:
        return None, None
    below = node.args[holding[0]]
    if len(node.args) == 1:
        return _ONE.get(node.op), below
    table = _LEFT if holding[0] == 0 else _RIGHT
    known = node.args[1 - holding[0]].value if len(node.args) == 2 else None
    undo = table.get(node.op)
    return (None if undo is None or known is None else partial(undo, known)), below


def _back(steps: tuple[Step, ...], value: float) -> float:
    try:
        for step in steps:
            value = step(value)
    except (ArithmeticError, ValueError):
        return math.nan
    return value


def _of_line(formula: Formula) -> Step | None:
    if not formula.linear:
        return None
    at_zero, at_one = (float(formula.value((), [p])) for p in (0.0, 1.0))
    slope = at_one - at_zero
    if not math.isfinite(slope) or slope == 0:
        return None
    return partial(_of_slope, at_zero, slope)


def _of_slope(at_zero: float, slope: float, value: float) -> float:
    return (value - at_zero) / slope
