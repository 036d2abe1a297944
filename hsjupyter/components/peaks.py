"""Where a peak stands in a window of noisy data, how wide it is, and how high above its ground."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, partial

import numpy as np
from numpy.typing import NDArray

from hsjupyter.components.refine import Ground, refine
from hsjupyter.core.component import Component
from hsjupyter.core.shape import Shape

Array = NDArray[np.float64]

# Where the width of a shape is looked for: fine around the middle, and far out for a skewed one.
_T = np.sinh(np.linspace(-7.0, 7.0, 8001))
# How far a table reaches, in widths at half height; beyond it a line goes on as it ends.
_REACH = 15.0
_ENTRIES = 8001
_WIDENS = 1.4
# Steps for the first shape, for each other one from there, and for the one that is chosen.
_FIRST, _OTHER, _LAST = 8, 2, 4


class Sampled:
    """A shape with nothing left to choose but place, width and height, as a table.

    Parameters
    ----------
    shape : Shape
    row : tuple of float
        The numbers that make it a unit shape, of a width of order 1.
    middle, reach : float
        The middle of the table, and how far it goes to both sides.
    """

    def __init__(
        self, shape: Shape, row: tuple[float, ...], middle: float = 0.0, reach: float = 60.0
    ) -> None:
        self.middle = middle
        t = np.linspace(-reach, reach, _ENTRIES)
        self._t, self._per_t = t, (_ENTRIES - 1) / (2 * reach)
        self._line = shape.value((middle + t,), row)
        self._slope = np.gradient(self._line, t)
        self._slope[[0, -1]] = 0.0

    def jet(
        self, x: Array, place: Array, width: Array, span: float = 1.0
    ) -> tuple[Array, Array, Array]:
        """Lines over x whose middle is at a place, with ``span`` stretched to a width.

        Returns
        -------
        lines, by_place, by_width : ndarray, (pixel, channel)
        """
        factor = (span / width)[:, None]
        t = (x - place[:, None]) * factor
        np.clip(t, self._t[0], self._t[-1], out=t)
        nearest = np.rint((t - self._t[0]) * self._per_t).astype(np.intp)
        slope = self._slope[nearest]
        line = self._line[nearest] + slope * (t - self._t[nearest])
        by_place = -slope * factor
        return line, by_place, by_place * t / span


class Unit(Sampled):
    """A unit shape that is a peak.

    Attributes
    ----------
    top : float
        Its maximum.
    middle, span : float
        Middle and distance of the two places of half height.
    """

    def __init__(self, shape: Shape, row: tuple[float, ...]) -> None:
        y = shape.value((_T,), row)
        k = int(np.argmax(y))
        left, right = _half_height(y, k, -1), _half_height(y, k, 1)
        self.top, self.span = float(y[k]), right - left
        super().__init__(shape, row, (left + right) / 2, _REACH * self.span)

    def between(self, x: Array, middle: Array, span: Array) -> tuple[Array, Array, Array]:
        """As `jet`, with the places of half height around ``middle``, ``span`` apart."""
        return self.jet(x, middle, span, self.span)


def _half_height(y: Array, k: int, step: int) -> float:
    half = y[k] / 2
    while y[k + step] > half:
        k += step
    part = (y[k] - half) / (y[k] - y[k + step])
    return float(_T[k] + (_T[k + step] - _T[k]) * part)


@cache
def units_of(kind: type[Component], *rows: tuple[float, ...]) -> tuple[Unit, ...]:
    """Unit shapes of a component, each with its numbers; made once."""
    shape = kind().freeze()
    return tuple(Unit(shape, row) for row in rows)


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
    ground = Ground(x, straight=True)
    fits = [
        refine(x, data, ground, partial(units[0].between, x), first_look(x, data), steps=_FIRST)
    ]
    near = fits[0][:2]
    fits += [
        refine(x, data, ground, partial(unit.between, x), near, steps=_OTHER) for unit in units[1:]
    ]
    losses = [np.where(factor > 0, loss, np.inf) for _, _, factor, loss in fits]
    which = np.argmin(losses, axis=0)
    found = np.full((5, len(data)), np.nan)
    for k in np.unique(which):
        mine = np.flatnonzero((which == k) & np.isfinite(losses[k]))
        start = fits[k][0][mine], fits[k][1][mine]
        found[:, mine] = _finish(x, data[mine], ground, units[k], start)
    return Peaks(which, *found)


def _finish(
    x: Array, data: Array, ground: Ground, unit: Unit, start: tuple[Array, Array]
) -> tuple[Array, ...]:
    middle, span, factor, _ = refine(x, data, ground, partial(unit.between, x), start, steps=_LAST)
    factor = np.where(factor > 0, factor, np.nan)
    scale = span / unit.span
    return middle - unit.middle * scale, scale, factor, span, factor * unit.top


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
