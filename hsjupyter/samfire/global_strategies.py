"""Strategies for maps in which the place of a pixel says nothing."""

import numpy as np

from hsjupyter.core.errors import FitError
from hsjupyter.fitting.kept import can_batch
from hsjupyter.samfire.board import Board, Database, Wave
from hsjupyter.samfire.histograms import bin_edges, combinations, frequent
from hsjupyter.samfire.marker import Array, Marker, Places

__all__ = ["HistogramStrategy"]

MAXIMA = 6  # of one number
CANDIDATES = 96  # combinations of maxima
SCREENED = 6  # of them are tried beside the first, where fits are slow
AGAIN = 1.5  # times as many done pixels, and a pixel is worth another try
_LEAST = 32  # pixels of a wave


class HistogramStrategy:
    """Pixels are next at random; they start from the most frequent values of the map.

    Every free number has a histogram of its values in the done pixels. All combinations of the
    local maxima are candidates, the most likely first, and are tried until a fit is good. Where
    shapes are written in Python, the most likely and those nearest to the data are tried.

    Parameters
    ----------
    bins : str or int
        ``'fd'`` (Freedman and Diaconis), ``'blocks'`` (Bayesian blocks), another of numpy's rules,
        or how many.
    """

    name = "Histogram global strategy"
    refits = False

    def __init__(self, bins: str | int = "fd") -> None:
        bin_edges(np.arange(4.0), bins)  # refuses a name that is none
        self.bins = bins
        self._seen: Marker | None = None
        self._starts: Array = np.zeros((0, 0))
        self._histograms: dict[str, tuple[Array, Array]] = {}

    def refresh(self, board: Board) -> None:
        """Learn anew from all done pixels."""
        done = np.flatnonzero(board.marker.done)
        if not done.size:
            raise FitError(
                f"{self.name}: no pixel has a good fit yet, so there are no values to start from; "
                "fit one, e.g. m.fit(), or let samf.start(seeds='auto') look for some"
            )
        starts = self._candidates(board, done)
        self._starts, n = starts, len(board.marker.state)
        if self._seen is not board.marker:  # another fit
            self._seen, self._tried = board.marker, np.full(n, -1, dtype=np.int64)
        self._since = 0

    def _candidates(self, board: Board, done: Places) -> Array:
        """Rows of combinations, (candidate, slot)."""
        plan, task = board.task.plan, board.task
        rows, active = task.rows_of(done), task.active_of(done)
        possible = plan.active | active.any(axis=0) | task.optional
        slots = plan.free_slots(possible)
        self._histograms, places, shares, used = {}, [], [], []
        for s in slots.tolist():
            values = rows[active[:, plan.owners[s]], s]
            values = values[np.isfinite(values)]
            if not values.size:
                continue
            edges = bin_edges(values, self.bins)
            self._histograms[plan.names[s]] = (np.histogram(values, edges)[0].astype(float), edges)
            where, share = frequent(values, edges, MAXIMA)
            places.append(where)
            shares.append(share)
            used.append(s)
        chosen = combinations(shares, CANDIDATES)
        starts = np.tile(plan.start, (len(chosen), 1))
        for k, choice in enumerate(chosen):
            starts[k, used] = [places[i][c] for i, c in enumerate(choice)]
        return starts

    def propose(self, board: Board) -> Wave | None:
        """Some pixels at random that were not tried with what is known now."""
        if self._seen is not board.marker or self._since >= board.update_every:
            self.refresh(board)
        left = self._eligible(board)
        if not left.size:
            if not self._since:
                return None
            self.refresh(board)
            left = self._eligible(board)
            if not left.size:
                return None
        size = min(len(left), max(_LEAST, board.update_every))
        pixels = board.random.choice(left, size=size, replace=False)
        self._tried[pixels] = board.marker.done.sum()
        starts = np.repeat(self._starts[np.newaxis], size, axis=0)
        words = tuple(
            f"frequent values, combination {k + 1} of {len(self._starts)}"
            for k in range(len(self._starts))
        )
        origins = np.full((1, len(self._starts)), -1, dtype=np.int64)
        # Without the compiled driver a fit is dear: of the others those nearest to the data.
        screened = 0 if can_batch(board.task.plan) else SCREENED
        return Wave(pixels, board.own_fixed(pixels, starts), origins, words, screened)

    def _eligible(self, board: Board) -> Places:
        """Pixels that were not tried, or not since much more is known, (pixel,)."""
        known, left = board.marker.done.sum(), board.marker.left
        found = np.flatnonzero(left & (self._tried < 0))
        if not found.size:
            # What the values of few pixels could not start, those of many may.
            found = np.flatnonzero(left & (self._tried * AGAIN < known))
        return found

    def learn(self, board: Board, done: Places) -> None:  # noqa: ARG002 - as of Strategy
        """Hear how many pixels of the last wave are done now."""
        self._since += len(done)

    def database(self, board: Board) -> Database:
        """The histograms of all free numbers."""
        if self._seen is not board.marker:
            self.refresh(board)
        return Database("histograms", histograms=self._histograms)

    def __repr__(self) -> str:
        return self.name

    _tried: "np.ndarray[tuple[int], np.dtype[np.int64]]"
    _since: int = 0
