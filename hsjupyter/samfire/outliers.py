"""A strategy that fits again what disagrees with all its neighbours."""

import numpy as np

from hsjupyter.core.errors import FitError
from hsjupyter.samfire.board import Board, Database, Wave
from hsjupyter.samfire.local_strategies import ReducedChiSquaredStrategy
from hsjupyter.samfire.marker import Array, Places

__all__ = ["OutlierStrategy"]


class OutlierStrategy(ReducedChiSquaredStrategy):
    """Done pixels that disagree with every neighbour, at a worse fit, are fitted again.

    They start from their neighbours, each by itself; a fit that is not better changes nothing.

    Parameters
    ----------
    deviation : float
        How far a number must be from that of every neighbour, in units of the usual difference
        of two neighbours in the map.
    radii : float or tuple of float
        How far a neighbour may be, in pixels.
    rounds : int
        How often the map is looked through.
    """

    name = "Outlier strategy"
    refits = True

    def __init__(
        self, deviation: float = 8.0, radii: float | tuple[float, ...] = 1.5, rounds: int = 3
    ) -> None:
        super().__init__(radii)
        if not deviation > 0:
            raise FitError(f"{self.name}: deviation={deviation!r} came; a number above 0 is wanted")
        self.deviation, self.rounds = deviation, rounds
        self._round = 0
        self._seen: set[int] = set()

    def refresh(self, board: Board) -> None:
        """Look through the map anew."""
        super().refresh(board)
        self._round, self._seen = 0, set()

    def propose(self, board: Board) -> Wave | None:
        """The outliers that were not fitted again yet."""
        if self._near is None:
            self.refresh(board)
        if self._round >= self.rounds:
            return None
        self._round += 1
        pixels = self.outliers(board)
        pixels = pixels[[int(p) not in self._seen for p in pixels]] if pixels.size else pixels
        if not pixels.size:
            return None
        self._seen.update(pixels.tolist())
        starts, origins = self._starts(board, pixels)
        words = ("weighted mean of the neighbours", *["one neighbour"] * (starts.shape[1] - 1))
        starts = board.own_fixed(pixels, starts)
        return Wave(pixels, starts, origins, words, screened=3, again=True)

    def outliers(self, board: Board) -> Places:
        """Done pixels that disagree with all their neighbours and are worse than the usual one."""
        marker, task, plan = board.marker, board.task, board.task.plan
        done = np.flatnonzero(marker.done)
        others = self._neighbourhood.of(done)
        there = (others >= 0) & marker.done[others]
        flat = np.where(there, others, 0)
        on = task.active_of(np.arange(len(marker.state)))[:, plan.owners]
        rows = np.where(on, task.rows_of(np.arange(len(marker.state))), np.nan)
        slots = plan.free_slots(plan.active | task.optional)
        worst = np.zeros(len(done))
        for s in slots.tolist():
            apart = np.abs(rows[done, s][:, np.newaxis] - rows[flat, s])
            apart[~there] = np.nan
            usual = _median(apart.ravel())
            with np.errstate(invalid="ignore"):
                nearest = np.fmin.reduce(apart, axis=1)
            if usual > 0:
                worst = np.fmax(worst, nearest / usual)
        switched = (on[done][:, np.newaxis] != on[flat]).any(axis=-1) | ~there
        alone = there.any(axis=1) & switched.all(axis=1)
        quality = np.where(there, marker.quality[flat], np.nan)
        around = np.array([_median(q) for q in quality])
        worse = marker.quality[done] > around
        found: Places = done[worse & ((worst > self.deviation) | alone)]
        return found

    def database(self, board: Board) -> Database:
        """1 at outliers, -1 where nothing is wrong, NaN where nothing is known."""
        if self._near is None:
            self.refresh(board)
        shown: Array = np.where(board.marker.done, -1.0, np.nan)
        shown[self.outliers(board)] = 1.0
        return Database("map", map=shown.reshape(board.marker.shape))


def _median(values: Array) -> float:
    good = values[np.isfinite(values)]
    return float(np.median(good)) if good.size else float("nan")
