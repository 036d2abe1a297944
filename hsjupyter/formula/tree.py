"""The checked tree: what a formula's text means, and the limits it keeps."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterator
from typing import NamedTuple

from hsjupyter.formula.errors import refusal

MAX_SIZE = 4000
MAX_DEPTH = 400

CONDITIONS = frozenset({"lt", "le", "gt", "ge", "eq", "ne", "and", "or", "not", "true", "false"})


class Node(NamedTuple):
    """One operation of the tree, with what is below it.

    Parts that a substitution uses several times are the same node: walk with a memory of ``id``.

    Attributes
    ----------
    op : str
        ``"number"``, ``"name"``, or an operation.
    args : tuple of Node
        What it works on.
    position : int
        Where in the text it stands, counted from 0.
    name : str
        Of a ``"name"``.
    value : float or None
        Known where no name is below.
    size, depth : int
        Number of nodes below, shared parts counted each time, and the longest way down.
    """

    op: str
    args: tuple[Node, ...]
    position: int
    name: str = ""
    value: float | None = None
    size: int = 1
    depth: int = 1

    @property
    def is_condition(self) -> bool:
        """True for what holds or does not hold; False for what has a value."""
        return self.op in CONDITIONS


def _heaviside(x: float, at_zero: float) -> float:
    return at_zero if x == 0 else float(x > 0)


def _sign(x: float) -> float:
    return float((x > 0) - (x < 0))


FOLD: dict[str, Callable[..., float]] = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "div": operator.truediv,
    "neg": operator.neg,
    "pow": math.pow,
    "abs": abs,
    "sign": _sign,
    "heaviside": _heaviside,
    "min": min,
    "max": max,
    "sqrt": math.sqrt,
    "exp": math.exp,
    "expm1": math.expm1,
    "log": math.log,
    "log10": math.log10,
    "log1p": math.log1p,
    "sin": math.sin,
    "cos": math.cos,
    "tan": math.tan,
    "asin": math.asin,
    "acos": math.acos,
    "atan": math.atan,
    "atan2": math.atan2,
    "sinh": math.sinh,
    "cosh": math.cosh,
    "tanh": math.tanh,
    "asinh": math.asinh,
    "acosh": math.acosh,
    "atanh": math.atanh,
    "erf": math.erf,
    "erfc": math.erfc,
    "gamma": math.gamma,
    "loggamma": math.lgamma,
}


def fold(op: str, values: tuple[float, ...]) -> float | None:
    """Work out an operation on known numbers.

    Returns
    -------
    float or None
        None where the operation is not for folding, or has no finite real value.
    """
    function = FOLD.get(op)
    if function is None:
        return None
    try:
        value = float(function(*values))
    except (ArithmeticError, ValueError):
        return None
    return value if math.isfinite(value) else None


class Grower:
    """Makes the nodes of one text and keeps the limits.

    Parameters
    ----------
    text : str
        Quoted in what is refused.
    """

    def __init__(self, text: str) -> None:
        self.text = text

    def number(self, value: float, position: int) -> Node:
        """Give a number; infinities are refused."""
        if not math.isfinite(value):
            came = "a number beyond the largest, 1.8e308"
            raise refusal(
                self.text, position, came, "numbers are float64", "write it in other units"
            )
        return Node("number", (), position, value=value)

    def make(self, op: str, args: tuple[Node, ...], position: int) -> Node:
        """Give an operation.

        Raises
        ------
        FormulaError
            Where the tree grows too large or too deep, or where known numbers have no real value.
        """
        size = 1
        depth = 0
        known = op in FOLD
        for arg in args:
            size += arg.size
            depth = max(depth, arg.depth)
            known = known and arg.value is not None
        depth += 1
        if size > MAX_SIZE:
            came = f"a formula of more than {MAX_SIZE} operations"
            advice = "split the shape into several components"
            raise refusal(self.text, position, came, "a shorter one is wanted", advice)
        if depth > MAX_DEPTH:
            came = f"operations nested deeper than {MAX_DEPTH}"
            advice = (
                "put brackets around the halves of a long sum, or name its parts: a + b ; b = ..."
            )
            raise refusal(self.text, position, came, "a flatter formula is wanted", advice)
        value = None
        if known:
            value = fold(op, tuple(arg.value for arg in args if arg.value is not None))
            if value is None:
                raise refusal(
                    self.text,
                    position,
                    "these numbers have no finite real value",
                    "numbers are float64: no overflow, no division by zero, no root of -1",
                    "change them, or make one of them a parameter",
                )
        return Node(op, args, position, "", value, size, depth)


def walk(root: Node) -> Iterator[Node]:
    """Visit every node once, those below before those above."""
    seen: set[int] = set()
    stack = [(root, False)]
    while stack:
        node, ready = stack.pop()
        if ready:
            yield node
        elif id(node) not in seen:
            seen.add(id(node))
            stack.append((node, True))
            stack.extend((arg, False) for arg in reversed(node.args))


def names_in(root: Node) -> frozenset[str]:
    """Give the names that stand in a tree."""
    return frozenset(node.name for node in walk(root) if node.op == "name")
