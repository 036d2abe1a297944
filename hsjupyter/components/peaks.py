"""Where a peak stands in a window of noisy data, how wide it is, and how high above its ground."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache, partial

import numpy as np
from numpy.typing import NDArray

from hsjupyter.components.refine import Ground, refine
from hsjupyter.core.component import Component
from hsjupyter.core.shape import Shape

Array = NDArray[np.float64]

# Where unit shapes are looked at: fine around the middle, and far enough for a skewed one.
_T = np.sinh(np.linspace(-6.0, 6.0, 6001))
_WIDENS = 1.4


@dataclass(frozen=True)
class Unit:
    """A peak shape with nothing left to choose but place, width and height.

    Parameters
    ----------
    line : callable
        The shape of ``t``; its maximum lies near 0 and its width is of order 1.

    Attributes
    ----------
    top, mode : float
        Its maximum, and where.
    middle, span : float
        Middle and distance of the two places of half height.
    """

    line: Callable[[Array], Array]
    top: float = field(init=False)
    mode: float = field(init=False)
    middle: float = field(init=False)
    span: float = field(init=False)

    def __post_init__(self) -> None:
        y = self.line(_T)
        k = int(np.argmax(y))
        left, right = _half_height(y, k, -1), _half_height(y, k, 1)
        found = {
            "top": y[k],
            "mode": _T[k],
            "middle": (left + right) / 2,
            "span": right - left,
        }
        for name, value in found.items():
            object.__setattr__(self, name, float(value))

    def at(self, x: Array, middle: Array, span: Array) -> Array:
        """The shape of height 1 with its places of half height there, (pixel, channel)."""
        t = (x - middle[:, None]) * (self.span / span[:, None]) + self.middle
        return self.line(t) / self.top


def _half_height(y: Array, k: int, step: int) -> float:
    half = y[k] / 2
    while y[k + step] > half:
        k += step
    return float(_T[k] + (_T[k + step] - _T[k]) * (y[k] - half) / (y[k] - y[k + step]))


@cache
def units_of(kind: type[Component], *rows: tuple[float, ...]) -> tuple[Unit, ...]:
    """Unit shapes of a component, each with its numbers; made once."""
    shape = kind().freeze()
    return tuple(Unit(partial(_line, shape, row)) for row in rows)


def _line(shape: Shape, row: tuple[float, ...], t: Array) -> Array:
    return shape.value((t.ravel(),), row).reshape(t.shape)


@dataclass(frozen=True)
class Peaks:
    """One peak a pixel, in units of its shape: ``factor * line((x - origin) / scale)``.

    Attributes
    ----------
    which : ndarray of int, (pixel,)
        The unit shape that describes it best.
    origin, scale, factor : ndarray, (pixel,)
        NaN where there is no peak.
    fwhm, height : ndarray, (pixel,)
        Of the peak itself.
    """

    which: NDArray[np.intp]
    origin: Array
    scale: Array
    factor: Array
    fwhm: Array
    height: Array


def find_peaks(x: Array, data: Array, units: Sequence[Unit]) -> Peaks:
    """The peak that stands out most of a straight ground, and the unit shape most like it.

    Parameters
    ----------
    x : ndarray, (channel,)
    data : ndarray, (pixel, channel)
    units : sequence of Unit
        The shapes to choose from.

    Returns
    -------
    Peaks
        NaN where nothing stands out.
    """
    order = np.argsort(x)
    x, data = x[order], data[:, order]
    start, ground = first_look(x, data), Ground(x, straight=True)
    columns, losses = [], []
    for unit in units:
        middle, span, height, loss = refine(x, data, ground, partial(unit.at, x), start)
        scale = span / unit.span
        origin = middle - unit.middle * scale
        columns.append(np.array([origin, scale, height / unit.top, span, height]))
        losses.append(np.where(height > 0, loss, np.inf))
    which = np.argmin(losses, axis=0)
    chosen = np.array(columns)[which, :, np.arange(len(data))].T
    chosen[:, ~np.isfinite(np.min(losses, axis=0))] = np.nan
    return Peaks(which, *chosen)


def first_look(x: Array, data: Array) -> tuple[Array, Array]:
    """Place and width of what stands out most, by running means of growing length.

    Parameters
    ----------
    x : ndarray, (channel,)
        Ascending.
    data : ndarray, (pixel, channel)
    """
    n, pixels = len(x), np.arange(len(data))
    end = max(1, n // 10)
    low, high = np.median(data[:, :end], axis=1), np.median(data[:, -end:], axis=1)
    left, right = x[:end].mean(), x[-end:].mean()
    slope = (high - low) / (right - left)
    level = data - (low[:, None] + slope[:, None] * (x - left))
    sums = np.concatenate([np.zeros((len(data), 1)), np.cumsum(level, axis=1)], axis=1)
    best = np.full(len(data), -np.inf)
    place, length = np.full(len(data), x.mean()), np.full(len(data), np.ptp(x) / 4)
    size = 1
    while size <= max(n // 2, 1):
        # The sum over a window grows as its length, its noise as the root of it.
        means = (sums[:, size:] - sums[:, :-size]) / np.sqrt(size)
        k = np.argmax(means, axis=1)
        better = means[pixels, k] > best
        best = np.where(better, means[pixels, k], best)
        first, last = x[k], x[np.minimum(k + size - 1, n - 1)]
        place = np.where(better, (first + last) / 2, place)
        length = np.where(better, (last - first) * size / max(size - 1, 1), length)
        size = max(size + 1, int(size * _WIDENS))
    # The window of the best length is 1.2 times as long as a Gaussian is wide.
    return place, np.maximum(length / 1.2, np.ptp(x) / max(n - 1, 1))
