"""Derivatives of a graph's value, as further steps of the same graph.

Each step has one rule, applied from the leaves up. The new steps share all they can with the
value, and gather the factors that depend on parameters only, which are then worked out once per
pixel. They take the branch of a condition that the value takes: one not chosen never leaks.

Source
------
Griewank & Walther, Evaluating Derivatives, 2nd ed., ch. 3 (forward mode); rules of the special
functions: NIST Digital Library of Mathematical Functions, 4.6, 4.20, 4.34, 5.2.2, 7.2.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from hsjupyter.formula.graph import Graph
from hsjupyter.formula.tape import COORDINATE


class Calculus:
    """Sums and products of steps, arranged so that little is left to do per channel.

    Parameters
    ----------
    graph : Graph
        Where the steps are put.
    """

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.make = graph.make
        self.zero = graph.constant(0.0)
        self.one = graph.constant(1.0)

    def derivative(self, root: int, parameter: int) -> int:
        """Give the derivative of a step by a parameter.

        What jumps (sign, heaviside, a condition) has the derivative of its level parts, 0.

        Parameters
        ----------
        root : int
            Place of the value.
        parameter : int
            Which parameter.
        """
        found = {self.graph.leaf("parameter", parameter): self.one}
        for place in range(root + 1):
            op, args, _ = self.graph.instructions[place]
            if op in _RULES and any(arg in found for arg in args):
                slopes = [found.get(arg, self.zero) for arg in args]
                slope = _RULES[op](self, place, args, slopes)
                if slope != self.zero:
                    found[place] = slope
        return found.get(root, self.zero)

    def times(self, a: int, b: int) -> int:
        """Give a product; factors without a coordinate come together."""
        if self.zero in {a, b}:
            return self.zero
        factor_a, rest_a = self._split(a)
        factor_b, rest_b = self._split(b)
        factor = self.make("mul", factor_a, factor_b)
        if rest_a is None or rest_b is None:
            return self._scale(factor, rest_b if rest_a is None else rest_a)
        return self._scale(factor, self.make("mul", rest_a, rest_b))

    def plus(self, a: int, b: int) -> int:
        """Give a sum; multiples of the same come together."""
        if self.zero in {a, b}:
            return b if a == self.zero else a
        factor_a, rest_a = self._split(a)
        factor_b, rest_b = self._split(b)
        if rest_a == rest_b:
            return self._scale(self.make("add", factor_a, factor_b), rest_a)
        if rest_a is not None and rest_b is not None:
            for factor, rest, more, other in (
                (factor_a, rest_a, factor_b, rest_b),
                (factor_b, rest_b, factor_a, rest_a),
            ):
                cofactor = self._cofactor(other, rest)
                if cofactor is not None:
                    return self.make("mul", rest, self.plus(factor, self._scale(more, cofactor)))
        if rest_b is not None and self.graph.number(factor_b) == -1.0:
            return self.make("sub", a, rest_b)
        if rest_a is not None and self.graph.number(factor_a) == -1.0:
            return self.make("sub", b, rest_a)
        return self.make("add", a, b)

    def scaled(self, number: float, a: int) -> int:
        """Give a multiple."""
        return self.times(self.graph.constant(number), a)

    def over(self, a: int, b: int) -> int:
        """Give a quotient."""
        return self.times(a, self.make("div", self.one, b))

    def _split(self, place: int) -> tuple[int, int | None]:
        """Give the factor without a coordinate, and what is left; None where nothing is."""
        kinds = self.graph.kinds
        factor = self.one
        while kinds[place] & COORDINATE:
            op, args, _ = self.graph.instructions[place]
            if op == "neg":
                factor = self.make("neg", factor)
                place = args[0]
            elif op == "mul" and not kinds[args[0]] & COORDINATE:
                factor = self.make("mul", factor, args[0])
                place = args[1]
            elif op == "mul" and not kinds[args[1]] & COORDINATE:
                factor = self.make("mul", factor, args[1])
                place = args[0]
            elif op == "div" and not kinds[args[1]] & COORDINATE:
                factor = self.make("div", factor, args[1])
                place = args[0]
            else:
                return factor, place
        return self.make("mul", factor, place), None

    def _cofactor(self, product: int, factor: int) -> int | None:
        """Give c where a product is c times a factor."""
        op, args, _ = self.graph.instructions[product]
        if op != "mul" or factor not in args:
            return None
        return args[1] if args[0] == factor else args[0]

    def _scale(self, factor: int, rest: int | None) -> int:
        if rest is None or factor == self.zero:
            return factor
        if self.graph.number(factor) == -1.0:
            return self.make("neg", rest)
        return self.make("mul", factor, rest)


Rule = Callable[[Calculus, int, tuple[int, ...], list[int]], int]
Slope = Callable[[Calculus, int, int], int]


def _chain(slope: Slope) -> Rule:
    """Give the rule of a function of one argument from its derivative by it."""

    def rule(c: Calculus, place: int, args: tuple[int, ...], d: list[int]) -> int:
        return c.times(slope(c, place, args[0]), d[0])

    return rule


def _add(c: Calculus, _place: int, _args: tuple[int, ...], d: list[int]) -> int:
    return c.plus(d[0], d[1])


def _sub(c: Calculus, _place: int, _args: tuple[int, ...], d: list[int]) -> int:
    return c.plus(d[0], c.scaled(-1.0, d[1]))


def _mul(c: Calculus, _place: int, args: tuple[int, ...], d: list[int]) -> int:
    return c.plus(c.times(d[0], args[1]), c.times(args[0], d[1]))


def _div(c: Calculus, place: int, args: tuple[int, ...], d: list[int]) -> int:
    above = c.over(d[0], args[1])
    below = c.zero if d[1] == c.zero else c.times(c.over(place, args[1]), d[1])
    return c.plus(above, c.scaled(-1.0, below))


def _pow(c: Calculus, place: int, args: tuple[int, ...], d: list[int]) -> int:
    base, exponent = args
    slope = c.zero
    if d[0] != c.zero:
        lower = c.make("pow", base, c.make("sub", exponent, c.one))
        slope = c.times(c.times(exponent, lower), d[0])
    if d[1] != c.zero:
        slope = c.plus(slope, c.times(c.make("power_log", place, base), d[1]))
    return slope


def _atan2(c: Calculus, _place: int, args: tuple[int, ...], d: list[int]) -> int:
    y, x = args
    square = c.make("add", c.make("mul", x, x), c.make("mul", y, y))
    difference = c.plus(c.times(x, d[0]), c.scaled(-1.0, c.times(y, d[1])))
    return c.over(difference, square)


def _where(c: Calculus, _place: int, args: tuple[int, ...], d: list[int]) -> int:
    return c.make("where", args[0], d[1], d[2])


def _smaller(c: Calculus, _place: int, args: tuple[int, ...], d: list[int]) -> int:
    return c.make("where", c.make("le", *args), d[0], d[1])


def _larger(c: Calculus, _place: int, args: tuple[int, ...], d: list[int]) -> int:
    return c.make("where", c.make("ge", *args), d[0], d[1])


def _jet(c: Calculus, place: int, _args: tuple[int, ...], d: list[int]) -> int:
    slope = c.zero
    for part, inner in zip(("part1", "part2", "part3"), d, strict=True):
        if inner != c.zero:
            slope = c.plus(slope, c.times(c.make(part, place), inner))
    return slope


def _profile(_c: Calculus, _place: int, _args: tuple[int, ...], d: list[int]) -> int:
    return d[0]


def _square(c: Calculus, a: int) -> int:
    return c.make("mul", a, a)


def _inverse_root(c: Calculus, a: int) -> int:
    return c.make("div", c.one, c.make("sqrt", a))


def _bell(c: Calculus, a: int, area: float) -> int:
    bell = c.make("exp", c.make("neg", _square(c, a)))
    return c.scaled(area / math.sqrt(math.pi), bell)


# Of each function of one argument its derivative, from the places of its result f and argument a.
_SLOPES: dict[str, Slope] = {
    "neg": lambda c, _f, _a: c.graph.constant(-1.0),
    "abs": lambda c, _f, a: c.make("sign", a),
    "sqrt": lambda c, f, _a: c.make("div", c.graph.constant(0.5), f),
    "exp": lambda _c, f, _a: f,
    "expm1": lambda c, _f, a: c.make("exp", a),
    "log": lambda c, _f, a: c.make("div", c.one, a),
    "log10": lambda c, _f, a: c.make("div", c.graph.constant(1.0 / math.log(10.0)), a),
    "log1p": lambda c, _f, a: c.make("div", c.one, c.make("add", c.one, a)),
    "sin": lambda c, _f, a: c.make("cos", a),
    "cos": lambda c, _f, a: c.make("neg", c.make("sin", a)),
    "tan": lambda c, f, _a: c.make("add", c.one, _square(c, f)),
    "asin": lambda c, _f, a: _inverse_root(c, c.make("sub", c.one, _square(c, a))),
    "acos": lambda c, _f, a: c.make("neg", _inverse_root(c, c.make("sub", c.one, _square(c, a)))),
    "atan": lambda c, _f, a: c.make("div", c.one, c.make("add", c.one, _square(c, a))),
    "sinh": lambda c, _f, a: c.make("cosh", a),
    "cosh": lambda c, _f, a: c.make("sinh", a),
    # Not 1 - tanh(a)**2, which has no digits left where the step is over.
    "tanh": lambda c, _f, a: _square(c, c.make("div", c.one, c.make("cosh", a))),
    "asinh": lambda c, _f, a: _inverse_root(c, c.make("add", _square(c, a), c.one)),
    "acosh": lambda c, _f, a: _inverse_root(c, c.make("sub", _square(c, a), c.one)),
    "atanh": lambda c, _f, a: c.make("div", c.one, c.make("sub", c.one, _square(c, a))),
    "erf": lambda c, _f, a: _bell(c, a, 2.0),
    "erfc": lambda c, _f, a: _bell(c, a, -2.0),
    "gamma": lambda c, f, a: c.make("mul", f, c.make("digamma", a)),
    "loggamma": lambda c, _f, a: c.make("digamma", a),
}

_RULES: dict[str, Rule] = {
    "add": _add,
    "sub": _sub,
    "mul": _mul,
    "div": _div,
    "pow": _pow,
    "atan2": _atan2,
    "where": _where,
    "min": _smaller,
    "max": _larger,
    "voigt_jet": _jet,
    "part0": _profile,
    **{op: _chain(slope) for op, slope in _SLOPES.items()},
}
