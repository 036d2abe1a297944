"""What a fit makes small: least squares, Poisson likelihood, Huber; value and slope together.

A loss is a sum over channels of a function of model, data and weight. Its slope and curvature by
the model stand beside its value, so that they cannot disagree; derivatives by parameters follow
from the Jacobian of the model.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import erf, exp, pi, sqrt
from typing import Any, Protocol

import numpy as np

from hsjupyter.core.registry import Registry
from hsjupyter.fitting.plan import Array

SMALLEST = 1e-10  # counts: below it a Poisson expectation is held, so that logarithms stay finite


@dataclass(frozen=True, eq=False)
class Terms:
    """A loss at one place, by channel.

    Attributes
    ----------
    value : float
        The sum, scaled so that half its second derivatives are a normal matrix, as of chi squared.
    slope : ndarray, (channel,)
        Its derivative by the model.
    curvature : ndarray, (channel,)
        Expected second derivative by the model; not negative.
    hold : ndarray, (channel,), or None
        The curvature of the parabola around the data that touches the loss here and lies above it,
        where it is another: a step that trusts it cannot overshoot, and it does not vanish.
    """

    value: float
    slope: Array
    curvature: Array
    hold: Array | None = None


class LossFunction(Protocol):
    """A loss: called with model, data and weights, each (channel,)."""

    def __call__(self, f: Array, y: Array, weights: Array | None) -> Terms:
        """Value, slope and curvature at one place."""


@dataclass(frozen=True)
class Loss:
    """A registered loss.

    Attributes
    ----------
    name : str
    terms : LossFunction
    absolute : bool
        Its noise is known from the data themselves, so that errors are not scaled.
    scatter : float
        Variance of half the slope over its mean change, in units of the noise, where that is
        normal: what the inverse of half the curvature is multiplied by for the covariance.
    """

    name: str
    terms: LossFunction
    absolute: bool = False
    scatter: float = 1.0


LOSSES: Registry[Loss] = Registry("loss function")


def least_squares(f: Array, y: Array, weights: Array | None) -> Terms:
    """Sum of weighted squares.

    Source
    ------
    Bevington & Robinson, Data Reduction and Error Analysis, 3rd ed., §6.3.
    """
    w = np.ones_like(f) if weights is None else weights
    r = f - y
    return Terms(float(r @ (w * r)), 2 * w * r, 2 * w)


def poisson(f: Array, y: Array, weights: Array | None) -> Terms:  # noqa: ARG001 - counts weigh
    """Deviance of Poisson counts: twice the log likelihood ratio to a perfect model.

    Source
    ------
    Baker & Cousins, Nucl. Instrum. Methods 221, 437 (1984), doi:10.1016/0167-5087(84)90016-4.
    """
    half, weight, left = poisson_parts(f, y)
    return Terms(float(2 * half.sum()), -2 * weight * left, 2 * weight)


def poisson_parts(f: Array, y: Array) -> tuple[Array, Array, Array]:
    """Half of the deviance, and the parabola that fits it, by channel.

    No count is expected below 0: there the deviance goes on from `SMALLEST` as a straight line
    that rises, and the parabola has its slope and its least value at the count.

    Returns
    -------
    half, weight, left : ndarray, as of ``f``
        Half the slope by the model is ``-weight * left``, half the curvature ``weight``.
    """
    g = np.maximum(f, SMALLEST)
    ratio, below = y / g, f < SMALLEST
    rise = np.abs(1 - ratio)
    left = np.where(below, np.maximum(y, 2 * SMALLEST) - f, y - g)
    with np.errstate(divide="ignore", invalid="ignore"):
        surprise = np.where(y > 0, y * np.log(ratio), 0.0)
        weight = np.where(below, rise / left, 1 / g)
    return g - y + surprise + rise * (g - f), weight, left


@dataclass(frozen=True)
class Huber:
    """Squares of small residuals, absolute values of large ones.

    Attributes
    ----------
    delta : float
        Where one becomes the other, in standard deviations of the noise.

    Source
    ------
    Huber, Ann. Math. Statist. 35, 73 (1964), doi:10.1214/aoms/1177703732.
    """

    delta: float = 1.0

    def __call__(self, f: Array, y: Array, weights: Array | None) -> Terms:
        """Value, slope and curvature at one place."""
        delta = self.delta
        root = np.ones_like(f) if weights is None else np.sqrt(weights)
        r = (f - y) * root
        inside = np.abs(r) <= delta
        value = np.where(inside, r * r, delta * (2 * np.abs(r) - delta))
        slope = 2 * root * np.clip(r, -delta, delta)
        hold = 2 * root**2 * np.minimum(1.0, delta / np.maximum(np.abs(r), delta))
        return Terms(float(value.sum()), slope, 2 * root**2 * inside, hold)


def huber_loss(delta: float = 1.0) -> Loss:
    """Huber's loss, arguments as of `Huber`.

    Source
    ------
    Huber & Ronchetti, Robust Statistics, 2nd ed., eq. 3.31 and §7.6.
    """
    inside = erf(delta / sqrt(2))
    density = exp(-(delta**2) / 2) / sqrt(2 * pi)
    square = inside - 2 * delta * density + delta**2 * (1 - inside)
    return Loss("huber", Huber(delta), scatter=square / inside)


@dataclass(frozen=True)
class Custom:
    """A loss that a person wrote: ``function(model, data, weights)`` gives one number.

    Slope and curvature come from differences; its scale is the person's.

    Attributes
    ----------
    function : callable
    """

    function: Callable[..., Any]

    def __call__(self, f: Array, y: Array, weights: Array | None) -> Terms:
        """Value, slope and curvature at one place."""

        def value(line: Array) -> float:
            return float(self.function(line, y, weights))

        here = value(f)
        slope, curvature = np.empty_like(f), np.empty_like(f)
        for k in range(len(f)):
            step = 1e-4 * max(abs(f[k]), float(np.abs(y).mean()), 1e-12)
            up, down = f.copy(), f.copy()
            up[k], down[k] = f[k] + step, f[k] - step
            above, below = value(up), value(down)
            slope[k] = (above - below) / (2 * step)
            curvature[k] = max((above - 2 * here + below) / step**2, 0.0)
        with np.errstate(divide="ignore", invalid="ignore"):
            pull = slope / (f - y)
        hold = np.where(np.isfinite(pull) & (pull > curvature), pull, curvature)
        return Terms(here, slope, curvature, hold)


LOSSES.add("ls", Loss("ls", least_squares))
LOSSES.add("ML-poisson", Loss("ML-poisson", poisson, absolute=True))
LOSSES.add("ml", Loss("ML-poisson", poisson, absolute=True))
LOSSES.add("huber", huber_loss())
