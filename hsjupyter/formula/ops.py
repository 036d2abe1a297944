"""The operations of a tape: for each its function on arrays and its JavaScript, in one table."""

from __future__ import annotations

import operator
from collections.abc import Callable
from enum import Enum
from functools import cache, partial
from typing import Any, NamedTuple

import numpy as np

from hsjupyter.formula import voigt

Function = Callable[..., Any]


class Storage(Enum):
    """What an operation does with an array it may write its result to."""

    OVER = "may overwrite an argument"
    OWN = "writes to an array that is not an argument"
    NEW = "makes an array of its own"


class Op(NamedTuple):
    """One row of the table.

    Attributes
    ----------
    array : callable
        Works on float64 arrays of any shapes that broadcast, and on scalars; unless ``storage`` is
        NEW, it may be handed one more argument, the array to write to.
    javascript : str
        Its text, with ``{0}`` for the first argument; empty where a browser cannot evaluate it.
    storage : Storage
        What may be handed as that argument.
    single : callable or None
        A faster way for plain floats; like the array's it gives infinities and NaN.
    """

    array: Function
    javascript: str
    storage: Storage = Storage.OVER
    single: Function | None = None


@cache
def _special(name: str) -> Function:
    # scipy.special takes long to load, and few formulas need it.
    from scipy import special

    function: Function = getattr(special, name)
    return function


def _call_special(name: str, *arguments: Any) -> Any:
    return _special(name)(*arguments)


def _divide(a: float, b: float) -> float:
    return a / b if b else float(np.divide(a, b))


def _smaller(a: Any, b: Any, out: Any = None) -> Any:
    return np.minimum(a, b, out=out)


def _larger(a: Any, b: Any, out: Any = None) -> Any:
    return np.maximum(a, b, out=out)


def _where(condition: Any, a: Any, b: Any, out: Any = None) -> Any:
    if out is None:
        return np.where(condition, a, b)
    np.copyto(out, b)
    np.copyto(out, a, where=condition)
    return out


def _power_log(power: Any, base: Any) -> Any:
    """Give ``power * log(base)``, and its limit 0 where a positive power of 0 has become 0."""
    return np.where(power == 0.0, 0.0, power * np.log(base))


def _power_known(base: Any, exponent: Any, log_of_size: Any) -> Any:
    """Give ``base**exponent``, the logarithm of the base's size being known."""
    if np.all(base > 0.0):
        return np.exp(exponent * log_of_size)
    return np.power(base, exponent)


def _power_log_known(power: Any, _base: Any, log: Any) -> Any:
    """As `_power_log`, the logarithm being known."""
    return np.where(power == 0.0, 0.0, power * log)


OPS: dict[str, Op] = {
    "add": Op(np.add, "{0} + {1}", single=operator.add),
    "sub": Op(np.subtract, "{0} - {1}", single=operator.sub),
    "mul": Op(np.multiply, "{0} * {1}", single=operator.mul),
    "div": Op(np.divide, "{0} / {1}", single=_divide),
    "neg": Op(np.negative, "-{0}", single=operator.neg),
    "pow": Op(np.power, "Math.pow({0}, {1})"),
    "sqrt": Op(np.sqrt, "Math.sqrt({0})"),
    "abs": Op(np.absolute, "Math.abs({0})"),
    "sign": Op(np.sign, "Math.sign({0})"),
    "exp": Op(np.exp, "Math.exp({0})"),
    "expm1": Op(np.expm1, "Math.expm1({0})"),
    "log": Op(np.log, "Math.log({0})"),
    "log10": Op(np.log10, "Math.log10({0})"),
    "log1p": Op(np.log1p, "Math.log1p({0})"),
    "sin": Op(np.sin, "Math.sin({0})"),
    "cos": Op(np.cos, "Math.cos({0})"),
    "tan": Op(np.tan, "Math.tan({0})"),
    "asin": Op(np.arcsin, "Math.asin({0})"),
    "acos": Op(np.arccos, "Math.acos({0})"),
    "atan": Op(np.arctan, "Math.atan({0})"),
    "atan2": Op(np.arctan2, "Math.atan2({0}, {1})"),
    "sinh": Op(np.sinh, "Math.sinh({0})"),
    "cosh": Op(np.cosh, "Math.cosh({0})"),
    "tanh": Op(np.tanh, "Math.tanh({0})"),
    "asinh": Op(np.arcsinh, "Math.asinh({0})"),
    "acosh": Op(np.arccosh, "Math.acosh({0})"),
    "atanh": Op(np.arctanh, "Math.atanh({0})"),
    "min": Op(_smaller, "Math.min({0}, {1})"),
    "max": Op(_larger, "Math.max({0}, {1})"),
    "heaviside": Op(np.heaviside, "hs.heaviside({0}, {1})"),
    "erf": Op(partial(_call_special, "erf"), "hs.erf({0})"),
    "erfc": Op(partial(_call_special, "erfc"), "hs.erfc({0})"),
    "gamma": Op(partial(_call_special, "gamma"), "hs.gamma({0})"),
    "loggamma": Op(partial(_call_special, "gammaln"), "hs.loggamma({0})"),
    "digamma": Op(partial(_call_special, "psi"), ""),
    "voigt": Op(voigt.profile, "hs.voigt({0}, {1}, {2})", Storage.OWN),
    "voigt_jet": Op(voigt.jet, "", Storage.NEW),
    "part0": Op(operator.itemgetter(0), "", Storage.NEW),
    "part1": Op(operator.itemgetter(1), "", Storage.NEW),
    "part2": Op(operator.itemgetter(2), "", Storage.NEW),
    "part3": Op(operator.itemgetter(3), "", Storage.NEW),
    "power_log": Op(_power_log, "", Storage.NEW),
    "pow_known": Op(_power_known, "", Storage.NEW),
    "power_log_known": Op(_power_log_known, "", Storage.NEW),
    "lt": Op(np.less, "{0} < {1}", Storage.NEW),
    "le": Op(np.less_equal, "{0} <= {1}", Storage.NEW),
    "gt": Op(np.greater, "{0} > {1}", Storage.NEW),
    "ge": Op(np.greater_equal, "{0} >= {1}", Storage.NEW),
    "eq": Op(np.equal, "{0} === {1}", Storage.NEW),
    "ne": Op(np.not_equal, "{0} !== {1}", Storage.NEW),
    "and": Op(np.logical_and, "{0} && {1}", Storage.NEW),
    "or": Op(np.logical_or, "{0} || {1}", Storage.NEW),
    "not": Op(np.logical_not, "!{0}", Storage.NEW),
    "where": Op(_where, "{0} ? {1} : {2}", Storage.OWN),
}
