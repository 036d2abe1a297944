"""The functions a formula may call: the one documented table of them."""

from __future__ import annotations

from typing import NamedTuple


class Function(NamedTuple):
    """One row of the table.

    Attributes
    ----------
    op : str
        Name of the operation it becomes; also its first spelling.
    arguments : str
        How it is written, without the name.
    fewest, most : int
        Number of arguments it takes.
    doc : str
        What it gives.
    synonyms : tuple of str
        Other spellings, from numpy, sympy and scipy.
    """

    op: str
    arguments: str
    fewest: int
    most: int
    doc: str
    synonyms: tuple[str, ...] = ()

    @property
    def usage(self) -> str:
        """How a person writes it, such as ``atan2(y, x)``."""
        return f"{self.op}({self.arguments})"


MANY = 32

TABLE = (
    Function("abs", "x", 1, 1, "absolute value", ("Abs", "absolute", "fabs")),
    Function("sign", "x", 1, 1, "-1, 0 or 1"),
    Function("sqrt", "x", 1, 1, "square root"),
    Function("pow", "a, b", 2, 2, "a to the power of b, as a**b", ("power", "Pow")),
    Function("exp", "x", 1, 1, "exponential"),
    Function("expm1", "x", 1, 1, "exp(x) - 1, exact for small x"),
    Function("log", "x[, base]", 1, 2, "natural logarithm, or that of a base", ("ln",)),
    Function("log10", "x", 1, 1, "decimal logarithm"),
    Function("log1p", "x", 1, 1, "log(1 + x), exact for small x"),
    Function("sin", "x", 1, 1, "sine of an angle in radians"),
    Function("cos", "x", 1, 1, "cosine of an angle in radians"),
    Function("tan", "x", 1, 1, "tangent of an angle in radians"),
    Function("asin", "x", 1, 1, "inverse sine, in radians", ("arcsin",)),
    Function("acos", "x", 1, 1, "inverse cosine, in radians", ("arccos",)),
    Function("atan", "x", 1, 1, "inverse tangent, in radians", ("arctan",)),
    Function("atan2", "y, x", 2, 2, "angle of the point (x, y), in radians", ("arctan2",)),
    Function("sinh", "x", 1, 1, "hyperbolic sine"),
    Function("cosh", "x", 1, 1, "hyperbolic cosine"),
    Function("tanh", "x", 1, 1, "hyperbolic tangent"),
    Function("asinh", "x", 1, 1, "inverse hyperbolic sine", ("arcsinh",)),
    Function("acosh", "x", 1, 1, "inverse hyperbolic cosine", ("arccosh",)),
    Function("atanh", "x", 1, 1, "inverse hyperbolic tangent", ("arctanh",)),
    Function("erf", "x", 1, 1, "error function"),
    Function("erfc", "x", 1, 1, "1 - erf(x), exact for large x"),
    Function("gamma", "x", 1, 1, "gamma function; a gamma without brackets is a parameter"),
    Function(
        "loggamma", "x", 1, 1, "logarithm of the gamma function's size", ("gammaln", "lgamma")
    ),
    Function(
        "voigt",
        "x, sigma, gamma",
        3,
        3,
        "Voigt profile of area 1: a Gaussian of standard deviation sigma convolved with a "
        "Lorentzian of half width gamma",
        ("voigt_profile",),
    ),
    Function("heaviside", "x[, h0]", 1, 2, "0 below, 1 above, h0 (one half) at 0", ("Heaviside",)),
    Function("min", "a, b, ...", 2, MANY, "the smallest", ("Min", "minimum")),
    Function("max", "a, b, ...", 2, MANY, "the largest", ("Max", "maximum")),
    Function("where", "condition, a, b", 3, 3, "a where the condition holds, b elsewhere"),
    Function(
        "Piecewise",
        "(a, condition), ..., (b, True)",
        1,
        MANY,
        "the value beside the first condition that holds; NaN where none does",
    ),
    Function("And", "a, b, ...", 2, MANY, "all conditions hold, as a & b", ("logical_and",)),
    Function("Or", "a, b, ...", 2, MANY, "some condition holds, as a | b", ("logical_or",)),
    Function("Not", "a", 1, 1, "the condition does not hold, as ~a", ("logical_not",)),
)

FUNCTIONS = {name: row for row in TABLE for name in (row.op, *row.synonyms)}

# The only function whose name is as often a parameter's: a Lorentzian has its half width gamma.
ALSO_NAMES = frozenset({"gamma"})
CONSTANTS = frozenset({"pi"})


def is_reserved(name: str) -> bool:
    """Tell whether a name is taken by a function or a constant."""
    return name in CONSTANTS or (name in FUNCTIONS and name not in ALSO_NAMES)
