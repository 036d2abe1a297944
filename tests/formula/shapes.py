"""Line shapes as texts, beside closed forms written a second time by hand: the tests' table.

A closed form takes a library of functions, ``m``, and so serves numpy with scipy and mpmath alike.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import mpmath
import numpy as np
from scipy import special

NUMPY = SimpleNamespace(
    pi=np.pi,
    abs=np.abs,
    atan=np.arctan,
    cos=np.cos,
    erf=special.erf,
    erfc=special.erfc,
    exp=np.exp,
    gamma=special.gamma,
    heaviside=np.heaviside,
    log=np.log,
    loggamma=special.gammaln,
    min=np.minimum,
    sin=np.sin,
    sqrt=np.sqrt,
    tanh=np.tanh,
    voigt=special.voigt_profile,
    where=lambda condition, a, b: np.where(condition, a(), b()),
)


def _faddeeva(z: Any) -> Any:
    return mpmath.exp(-z * z) * mpmath.erfc(-1j * z)


def exact_voigt(x: Any, sigma: Any, gamma: Any) -> Any:
    """The Voigt profile by its definition through the Faddeeva function."""
    z = (x + 1j * gamma) / (sigma * mpmath.sqrt(2))
    return _faddeeva(z).real / (sigma * mpmath.sqrt(2 * mpmath.pi))


MPMATH = SimpleNamespace(
    pi=mpmath.pi,
    abs=abs,
    atan=mpmath.atan,
    cos=mpmath.cos,
    erf=mpmath.erf,
    erfc=mpmath.erfc,
    exp=mpmath.exp,
    gamma=mpmath.gamma,
    heaviside=lambda x, at_zero: at_zero if x == 0 else mpmath.mpf(x > 0),
    log=mpmath.log,
    loggamma=lambda x: mpmath.log(abs(mpmath.gamma(x))),
    min=min,
    sin=mpmath.sin,
    sqrt=mpmath.sqrt,
    tanh=mpmath.tanh,
    voigt=exact_voigt,
    where=lambda condition, a, b: a() if condition else b(),
)

X = np.linspace(-4.3, 9.1, 57)
ABOVE_0 = np.linspace(0.11, 12.7, 57)


@dataclass(frozen=True)
class Shape:
    """One row: a text, its closed form, and where the parameters may lie."""

    name: str
    text: str
    closed: Callable[..., Any]
    ranges: dict[str, tuple[float, float]]
    x: tuple[np.ndarray, ...] = (X,)
    variables: tuple[str, ...] = ("x",)
    linear: frozenset[str] = field(default_factory=frozenset)

    @property
    def order(self) -> tuple[str, ...]:
        """Parameters, sorted."""
        return tuple(sorted(self.ranges))

    @property
    def middle(self) -> list[float]:
        """A point between the bounds, not at a round number."""
        return [a + 0.381 * (b - a) for a, b in (self.ranges[name] for name in self.order)]

    def by_numpy(self, values: list[float]) -> np.ndarray:
        """The closed form over the coordinates."""
        named = dict(zip(self.order, values, strict=True))
        with np.errstate(all="ignore"):
            return np.asarray(self.closed(NUMPY, *self.x, **named)) + 0.0 * self.x[0]

    def by_mpmath(self, k: int, values: list[Any]) -> Any:
        """The closed form at channel ``k``, with as many digits as mpmath is set to."""
        named = dict(zip(self.order, values, strict=True))
        return self.closed(MPMATH, *(mpmath.mpf(float(x[k])) for x in self.x), **named)


SIZE = (0.2, 7.0)
PLACE = (-2.0, 6.0)
WIDTH = (0.3, 3.0)
EDGE = (2.01, 2.02)  # between two channels: the derivative at a jump is nobody's

_GRID = np.meshgrid(np.linspace(-3.1, 4.2, 9), np.linspace(-2.3, 3.7, 7))
PLANE = (_GRID[0].ravel(), _GRID[1].ravel())


def _turned_gaussian(m: Any, x: Any, y: Any, **p: Any) -> Any:
    c, s = m.cos(p["rotation_angle"]), m.sin(p["rotation_angle"])
    u = (c * (x - p["x0"]) + s * (y - p["y0"])) / p["sx"]
    v = (c * (y - p["y0"]) - s * (x - p["x0"])) / p["sy"]
    return p["k"] * m.exp(-(u**2 + v**2) / 2)


def _doniach(m: Any, x: Any, *, A: Any, alpha: Any, centre: Any, sigma: Any) -> Any:
    u = x - centre
    turn = m.cos(m.pi * alpha / 2 + (1 - alpha) * m.atan(u / sigma))
    return A * m.gamma(1 - alpha) * turn / (u**2 + sigma**2) ** ((1 - alpha) / 2)


def _plasmon(m: Any, x: Any, I: Any, E: Any, W: Any) -> Any:  # noqa: E741
    wide = (x * W) ** 2 + (x**2 - E**2) ** 2
    return m.where(x > 0, lambda: I * E**2 * x * W / wide, lambda: 0 * x)


SHAPES = (
    Shape(
        "gaussian of area",
        "A / (sigma * sqrt(2 * pi)) * exp(-(x - centre)**2 / (2 * sigma**2))",
        lambda m, x, A, centre, sigma: (
            A * m.exp(-(((x - centre) / sigma) ** 2) / 2) / (sigma * m.sqrt(2 * m.pi))
        ),
        {"A": SIZE, "centre": PLACE, "sigma": WIDTH},
        linear=frozenset({"A"}),
    ),
    Shape(
        "gaussian of height",
        "height * exp(-(x - x0) ** 2 * 4 * log(2)/ fwhm ** 2)",
        lambda m, x, height, x0, fwhm: height * m.exp(-m.log(16) * ((x - x0) / fwhm) ** 2),
        {"height": SIZE, "x0": PLACE, "fwhm": WIDTH},
        linear=frozenset({"height"}),
    ),
    Shape(
        "lorentzian",
        "A / pi * gamma / ((x - centre)**2 + gamma**2)",
        lambda m, x, A, centre, gamma: A / (m.pi * gamma * (1 + ((x - centre) / gamma) ** 2)),
        {"A": SIZE, "centre": PLACE, "gamma": WIDTH},
        linear=frozenset({"A"}),
    ),
    Shape(
        "voigt",
        "area * voigt(x - centre, sigma, gamma)",
        lambda m, x, area, centre, sigma, gamma: area * m.voigt(x - centre, sigma, gamma),
        {"area": SIZE, "centre": PLACE, "gamma": (0.01, 3.0), "sigma": (0.05, 3.0)},
        linear=frozenset({"area"}),
    ),
    Shape(
        "power law with a cutoff",
        "Piecewise((A * (x - origin)**-r, x > left_cutoff), (0, True))",
        lambda m, x, A, origin, r, left_cutoff: m.where(
            x > left_cutoff, lambda: A * m.exp(-r * m.log(x - origin)), lambda: 0 * x
        ),
        {"A": SIZE, "origin": (-1.0, 1.0), "r": (1.0, 5.0), "left_cutoff": EDGE},
        linear=frozenset({"A"}),
    ),
    Shape(
        "double power law",
        "where(x > left_cutoff, A * (ratio * (x-origin-shift)**-r + (x-origin)**-r), 0)",
        lambda m, x, A, origin, r, ratio, shift, left_cutoff: m.where(
            x > left_cutoff,
            lambda: A / (x - origin) ** r + A * ratio / (x - origin - shift) ** r,
            lambda: 0 * x,
        ),
        {
            "A": SIZE,
            "origin": (-1.0, 0.5),
            "r": (1.0, 4.0),
            "ratio": (0.1, 2.0),
            "shift": (0.1, 1.2),
            "left_cutoff": EDGE,
        },
        linear=frozenset({"A", "ratio"}),
    ),
    Shape(
        "decay",
        "A * exp(-x / tau)",
        lambda m, x, A, tau: A / m.exp(x / tau),
        {"A": SIZE, "tau": (0.4, 5.0)},
        linear=frozenset({"A"}),
    ),
    Shape(
        "error function step",
        "A * erf((x - origin) / sqrt(2) / sigma) / 2",
        lambda m, x, A, origin, sigma: A / 2 * m.erf((x - origin) / (sigma * m.sqrt(2))),
        {"A": SIZE, "origin": PLACE, "sigma": WIDTH},
        linear=frozenset({"A"}),
    ),
    Shape(
        "exponentially modified gaussian",
        "A/(2*tau) * exp(s**2/(2*tau**2) - (x-c)/tau) * erfc((s/tau - (x-c)/s)/sqrt(2))",
        lambda m, x, A, c, s, tau: (
            A
            / (2 * tau)
            * m.exp((s / tau) ** 2 / 2 + (c - x) / tau)
            * m.erfc((s / tau + (c - x) / s) / m.sqrt(2))
        ),
        {"A": SIZE, "c": PLACE, "s": (0.5, 2.0), "tau": (0.5, 3.0)},
        linear=frozenset({"A"}),
    ),
    Shape(
        "arctangent",
        "A * atan(k * (x - x0))",
        lambda m, x, A, k, x0: A * m.atan(k * x - k * x0),
        {"A": SIZE, "k": WIDTH, "x0": PLACE},
        linear=frozenset({"A"}),
    ),
    Shape(
        "logistic",
        "a / (1 + b * exp(-c * (x - origin)))",
        lambda m, x, a, b, c, origin: a / (1 + b * m.exp(c * (origin - x))),
        {"a": SIZE, "b": (0.2, 3.0), "c": (0.2, 3.0), "origin": PLACE},
        linear=frozenset({"a"}),
    ),
    Shape(
        "tanh step",
        "a*tanh((x - x0)/w) + b*x + c",
        lambda m, x, a, b, c, w, x0: c + b * x + a * m.tanh((x - x0) / w),
        {"a": SIZE, "b": (-1.0, 1.0), "c": (-1.0, 1.0), "w": WIDTH, "x0": PLACE},
        linear=frozenset({"a", "b", "c"}),
    ),
    Shape(
        "doniach and sunjic",
        "A * cos(pi*alpha/2 + (1-alpha)*atan(u/sigma)) * gamma(1-alpha)"
        " / (u**2 + sigma**2)**((1-alpha)/2) ; u = x - centre",
        _doniach,
        {"A": SIZE, "alpha": (0.01, 0.5), "centre": PLACE, "sigma": WIDTH},
        linear=frozenset({"A"}),
    ),
    Shape(
        "bleasdale",
        "where((a + b * x) > 0, pow(a + b * x, -1 / c), 0)",
        lambda m, x, a, b, c: m.where(
            a + b * x > 0, lambda: m.exp(-m.log(a + b * x) / c), lambda: 0 * x
        ),
        {"a": (0.5, 3.0), "b": (0.2, 2.0), "c": (0.5, 3.0)},
        x=(ABOVE_0,),
    ),
    Shape(
        "polynomial",
        "a0 + a1*x + a2*x**2 + a3*x**3",
        lambda _, x, a0, a1, a2, a3: ((a3 * x + a2) * x + a1) * x + a0,
        dict.fromkeys(("a0", "a1", "a2", "a3"), (-3.0, 3.0)),
        linear=frozenset({"a0", "a1", "a2", "a3"}),
    ),
    Shape(
        "step",
        "A*Heaviside(x - n, 0.5) + B*sign(x - n)",
        lambda m, x, A, B, n: A * m.heaviside(x - n, 0.5) + B * (2 * m.heaviside(x - n, 0.5) - 1),
        {"A": SIZE, "B": SIZE, "n": EDGE},
        linear=frozenset({"A", "B"}),
    ),
    Shape(
        "plasmon",
        "where(x > 0, I * (pe2*x*W) / ((x**2 - pe2)**2 + (x*W)**2), 0); pe2 = E**2",
        _plasmon,
        {"I": SIZE, "E": (1.0, 6.0), "W": WIDTH},
        linear=frozenset({"I"}),
    ),
    Shape(
        "gaussian of two halves",
        "h * exp(-(x - c)**2 / (2 * s**2)) ; s = where(x < c, left, right)",
        lambda m, x, h, c, left, right: m.where(
            x < c,
            lambda: h * m.exp(-(((x - c) / left) ** 2) / 2),
            lambda: h * m.exp(-(((x - c) / right) ** 2) / 2),
        ),
        {"h": SIZE, "c": PLACE, "left": WIDTH, "right": WIDTH},
        linear=frozenset({"h"}),
    ),
    Shape(
        "gamma density",
        "A * exp((k - 1)*log(x) - x/theta - loggamma(k) - k*log(theta))",
        lambda m, x, A, k, theta: (
            A * (x / theta) ** (k - 1) / (m.exp(x / theta) * m.gamma(k) * theta)
        ),
        {"A": SIZE, "k": (0.7, 6.0), "theta": (0.5, 3.0)},
        x=(ABOVE_0,),
        linear=frozenset({"A"}),
    ),
    Shape(
        "saturation",
        "Min(a*abs(x - x0), top) + c/sqrt(x**2 + 1)",
        lambda m, x, a, c, top, x0: m.min(a * m.abs(x - x0), top + 0 * x) + c / m.sqrt(x**2 + 1),
        {"a": (0.5, 3.0), "c": SIZE, "top": (0.713, 0.714), "x0": EDGE},
        linear=frozenset({"c"}),
    ),
    Shape(
        "turned gaussian",
        "k * exp(-(u**2 / (2 * sx ** 2) + v**2 / (2 * sy ** 2)))"
        "; u = (x - x0)*cos(rotation_angle) + (y - y0)*sin(rotation_angle)"
        "; v = (y - y0)*cos(rotation_angle) - (x - x0)*sin(rotation_angle)",
        _turned_gaussian,
        {
            "k": SIZE,
            "x0": (-1.0, 2.0),
            "y0": (-1.0, 2.0),
            "sx": WIDTH,
            "sy": WIDTH,
            "rotation_angle": (0.0, 3.0),
        },
        x=PLANE,
        variables=("x", "y"),
        linear=frozenset({"k"}),
    ),
)
IDS = [shape.name for shape in SHAPES]
