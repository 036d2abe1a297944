"""Place and width of one shape on a ground, by least squares, for many pixels at once."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Jet = Callable[[Array, Array], tuple[Array, Array, Array]]

_REACH = 0.35


class Ground:
    """Takes the best constant, or straight line, out of rows over x.

    Parameters
    ----------
    x : ndarray, (channel,)
    straight : bool
        False: a constant.
    """

    def __init__(self, x: Array, *, straight: bool) -> None:
        u = x - x.mean()
        self._u = u / np.sqrt(u @ u) if straight else np.zeros(x.shape)

    def above(self, rows: Array) -> Array:
        """What is left of the rows, (row, channel)."""
        rows = rows - rows.mean(axis=1, keepdims=True)
        left: Array = rows - (rows @ self._u)[:, None] * self._u
        return left


def refine(
    x: Array, data: Array, ground: Ground, jet: Jet, start: tuple[Array, Array], *, steps: int = 8
) -> tuple[Array, Array, Array, Array]:
    """Move place and width to where the sum of squares is least.

    Height and ground are solved for at each step, so that only two numbers move.

    Parameters
    ----------
    x : ndarray, (channel,)
    data : ndarray, (pixel, channel)
    ground : Ground
    jet : callable
        ``jet(place, width)`` -> the lines of height 1, and their derivatives by place and by
        width, each (pixel, channel).
    start : tuple of ndarray, (pixel,)
        First place and width.
    steps : int

    Returns
    -------
    place, width, height, loss : ndarray, (pixel,)
        The last one is the sum of squares that is left.

    Source
    ------
    Golub & Pereyra, SIAM J. Numer. Anal. 10 (1973) 413.
    """
    place, width = start
    narrowest, widest = np.ptp(x) / max(len(x) - 1, 1) / 2, 2 * np.ptp(x)
    bare = ground.above(data)
    for _ in range(steps):
        rows = np.stack([ground.above(row) for row in jet(place, width)], axis=1)
        height, *slopes = solve(rows, bare).T
        with np.errstate(divide="ignore", invalid="ignore"):
            moves = np.nan_to_num(np.array(slopes) / height)
        # No further than where the slopes still mean something.
        moved = np.clip(moves, -_REACH * width, _REACH * width)
        place = np.clip(place + moved[0], x.min(), x.max())
        width = np.clip(width + moved[1], narrowest, widest)
    line = ground.above(jet(place, width)[0])
    height = solve(line[:, None], bare)[:, 0]
    return place, width, height, ((bare - height[:, None] * line) ** 2).sum(axis=1)


def solve(rows: Array, data: Array) -> Array:
    """Least squares of rows, (pixel, row, channel), to data, (pixel, channel).

    Returns
    -------
    ndarray, (pixel, row)
        The factors of the rows.
    """
    normal = rows @ rows.swapaxes(1, 2)
    diagonal = np.einsum("pii->pi", normal)
    # A trace more on the diagonal keeps rows that are alike from running away.
    diagonal[...] = diagonal * (1 + 1e-6) + np.finfo(np.float64).tiny
    right = np.einsum("prk,pk->pr", rows, data)
    found: Array = np.linalg.solve(normal, right[..., None])[..., 0]
    return found
