"""Strategies for maps whose neighbouring pixels are alike."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hsjupyter.core.errors import FitError
from hsjupyter.samfire.board import Board, Database, Wave
from hsjupyter.samfire.marker import DONE, REJECTED, TO_DO, Array, Neighbourhood, Places

__all__ = ["ReducedChiSquaredStrategy"]

NEIGHBOURS = 6  # of which each alone may be a start
SCREENED = 2  # of these are tried
_BLOCK = 4096  # pixels whose neighbours are gathered at once


def fade(distance: Array) -> Array:
    """How much a pixel at a distance counts."""
    return np.exp(-distance)


def trust(quality: Array) -> Array:
    """How much a pixel counts whose reduced chi squared is not what is expected."""
    return np.exp(-np.abs(quality - 1))


class ReducedChiSquaredStrategy:
    """Pixels beside done ones are next; they start from the weighted mean of these.

    A neighbour counts by its distance and by how near its reduced chi squared is to what is
    expected. Where the mean leads nowhere, the neighbours that describe the data best are tried
    by themselves: at the edge of a domain a mean describes nothing.

    Parameters
    ----------
    radii : float or tuple of float
        How far a neighbour may be, in pixels; for each navigation axis, in the order of arrays.

    Attributes
    ----------
    decay_function, weight : callable
        Of distances, and of reduced chi squared.
    """

    name = "Reduced chi squared strategy"
    refits = False

    def __init__(self, radii: float | tuple[float, ...] = 3.0) -> None:
        self.radii = radii
        self.decay_function: Callable[[Array], Array] = fade
        self.weight: Callable[[Array], Array] = trust

    @property
    def radii(self) -> float | tuple[float, ...]:
        """How far a neighbour may be, in pixels."""
        return self._radii

    @radii.setter
    def radii(self, value: float | tuple[float, ...]) -> None:
        if not np.all(np.isfinite(value)) or not np.all(np.asarray(value) >= 1):
            raise FitError(
                f"{self.name}: radii={value!r} came; numbers of at least 1 are wanted, in pixels"
            )
        self._radii = value
        self._near: Neighbourhood | None = None

    def refresh(self, board: Board) -> None:
        """Learn anew from all done pixels."""
        self._meet(board)
        self.learn(board, np.flatnonzero(board.marker.done))

    def _meet(self, board: Board) -> None:
        shape = board.marker.shape
        radii = np.broadcast_to(self.radii, (len(shape),))
        self._near = Neighbourhood(shape, tuple(float(r) for r in radii))
        self._fading = self.decay_function(self._near.distance)
        n = int(np.prod(shape))
        self._worth = np.zeros(n)
        # Done neighbours: that touch the pixel, that are near, and how many were at the last try.
        self._touching, self._around = np.zeros(n, np.int64), np.zeros(n, np.int64)
        self._tried = np.zeros(n, dtype=np.int64)

    def learn(self, board: Board, done: Places) -> None:
        """Hear which pixels of the last wave are done now."""
        if self._near is None:
            self._meet(board)
        near = self._neighbourhood
        trusted = self.weight(board.marker.quality[done])
        for start in range(0, len(done), _BLOCK):
            part = slice(start, start + _BLOCK)
            others = near.of(done[part])
            good = others >= 0
            worth = trusted[part, np.newaxis] * self._fading
            np.add.at(self._worth, others[good], worth[good])
            np.add.at(self._around, others[good], 1)
            touches = good & near.adjacent
            np.add.at(self._touching, others[touches], 1)

    @property
    def _neighbourhood(self) -> Neighbourhood:
        if self._near is None:
            raise FitError(f"{self.name} has not seen a map yet; samf.refresh_database() shows one")
        return self._near

    def propose(self, board: Board) -> Wave | None:
        """The pixels that touch done ones; then those further away and those once rejected."""
        if self._near is None:
            self.refresh(board)
        state = board.marker.state
        fresh, once = state == TO_DO, state == REJECTED
        # A pixel that was rejected is worth another try where much more is known around it.
        ready = (fresh & (self._touching > 0)) | (once & (self._around > 2 * self._tried))
        if not ready.any():
            ready = (fresh & (self._around > 0)) | (once & (self._around > self._tried))
        pixels = np.flatnonzero(ready)
        if not pixels.size:
            return None
        pixels = pixels[np.argsort(-self._worth[pixels], kind="stable")]
        self._tried[pixels] = self._around[pixels]
        parts = [
            self._starts(board, pixels[start : start + _BLOCK])
            for start in range(0, len(pixels), _BLOCK)
        ]
        starts = board.own_fixed(pixels, np.concatenate([one for one, _ in parts]))
        origins = np.concatenate([one for _, one in parts])
        words = ("weighted mean of the neighbours", *["one neighbour"] * (starts.shape[1] - 1))
        return Wave(pixels, starts, origins, words, screened=SCREENED)

    def _starts(self, board: Board, pixels: Places) -> tuple[Array, NDArray[np.int64]]:
        """Starts, (pixel, candidate, slot), and where they came from, (pixel, candidate)."""
        plan, task, marker = board.task.plan, board.task, board.marker
        others = self._neighbourhood.of(pixels)
        good = (others >= 0) & (marker.state[others] == DONE)
        weights = np.where(good, self._fading * self.weight(marker.quality[others]), 0.0)
        flat = np.where(good, others, 0)
        n, k = others.shape
        values = task.rows_of(flat.ravel()).reshape(n, k, -1)
        on = task.active_of(flat.ravel())[:, plan.owners].reshape(n, k, -1)
        counts = weights[..., np.newaxis] * (on & np.isfinite(values))
        total = counts.sum(axis=1)
        mean = np.einsum("pks,pks->ps", counts, np.where(counts > 0, values, 0.0))
        mean = np.where(total > 0, mean / np.where(total > 0, total, 1.0), board.usual())
        best = np.argsort(-weights, axis=1, kind="stable")[:, :NEIGHBOURS]
        there = np.take_along_axis(weights, best, axis=1) > 0
        single = np.take_along_axis(values, best[..., np.newaxis], axis=1)
        their_on = np.take_along_axis(on, best[..., np.newaxis], axis=1)
        # What a neighbour does not have starts from the mean of those that do.
        single = np.where(their_on & np.isfinite(single), single, mean[:, np.newaxis])
        single[~there] = np.nan
        origins = np.where(there, np.take_along_axis(others, best, axis=1), -1)
        starts = np.concatenate([mean[:, np.newaxis], single], axis=1)
        return starts, np.concatenate([origins[:, :1], origins], axis=1)

    def database(self, board: Board) -> Database:
        """How much each pixel is worth; -1 where it is done, NaN where it is left out."""
        if self._near is None:
            self.refresh(board)
        marker = board.marker
        shown = np.where(marker.left, self._worth, np.where(marker.done, -1.0, np.nan))
        return Database("map", map=shown.reshape(marker.shape))

    def __repr__(self) -> str:
        return self.name

    _fading: Any
