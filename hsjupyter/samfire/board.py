"""What strategies look at and what they answer: the board of a fit, and waves of pixels."""

from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from hsjupyter.fitting.plan import Array
from hsjupyter.samfire.judge import Judge, Task
from hsjupyter.samfire.marker import Marker, Places

LOOKED_AT = 1024  # done pixels that tell what is usual


@dataclass(eq=False)
class Board:
    """The fit as it stands between two waves.

    Attributes
    ----------
    task : Task
    marker : Marker
    judge : Judge
    random : numpy.random.Generator
    update_every : int
        Good fits after which statistics of the whole map are made again.
    """

    task: Task
    marker: Marker
    judge: Judge
    random: np.random.Generator
    update_every: int

    def rows(self, which: Places) -> Array:
        """Stored rows of done pixels as starts, (pixel, slot); what is off there is as usual."""
        on = self.task.active_of(which)[:, self.task.plan.owners]
        rows = self.task.rows_of(which)
        return np.where(on & np.isfinite(rows), rows, self.usual())

    def usual(self) -> Array:
        """What optional components are like where they are on, (slot,); the others as working."""
        task, plan = self.task, self.task.plan
        row: Array = plan.start.copy()
        if not task.optional.any():
            return row
        done = np.flatnonzero(self.marker.done)
        some = done[np.linspace(0, len(done) - 1, min(LOOKED_AT, len(done))).astype(np.intp)]
        on, rows = task.active_of(some), task.rows_of(some)
        for s in np.flatnonzero(task.optional[plan.owners]).tolist():
            values = rows[on[:, plan.owners[s]], s]
            values = values[np.isfinite(values)]
            if values.size:
                row[s] = np.median(values)
        return row

    def own_fixed(self, which: Places, starts: Array) -> Array:
        """Starts, (pixel, candidate, slot), in which what is not free is that of the pixel."""
        plan, maps = self.task.plan, self.task.model.maps
        fixed = np.flatnonzero(~plan.free)
        own = maps.values.reshape(-1, len(plan.start))[which][:, fixed]
        is_set = maps.is_set.reshape(-1, len(plan.start))[which][:, fixed]
        here = np.where(is_set & np.isfinite(own), own, plan.start[fixed])
        starts[:, :, fixed] = here[:, np.newaxis]
        return starts


@dataclass(frozen=True, eq=False)
class Wave:
    """Pixels that can be fitted beside each other, with their starts.

    Attributes
    ----------
    pixels : ndarray of int, (pixel,)
        In the order of their worth.
    starts : ndarray, (pixel or 1, candidate, slot)
        NaN rows are no candidates.
    origins : ndarray of int, (pixel or 1, candidate)
        The pixel that each start came from, -1 where it came from many.
    words : tuple of str, (candidate,)
        What each start is.
    screened : int
        As of `Contest`.
    again : bool
        The pixels have a good fit already, and only a better one counts.
    """

    pixels: Places
    starts: Array
    origins: NDArray[np.int64]
    words: tuple[str, ...]
    screened: int = 0
    again: bool = False


@dataclass(eq=False)
class Database:
    """What a strategy knows, for views.

    Attributes
    ----------
    kind : {'map', 'histograms'}
    map : ndarray, (nav...)
        Of a map: how much each pixel is worth, the next the highest.
    histograms : dict
        Of histograms: by name of a number, heights (bin,) and edges (bin + 1,).
    """

    kind: str
    map: Array = field(default_factory=lambda: np.zeros(0))
    histograms: dict[str, tuple[Array, Array]] = field(default_factory=dict)


class Strategy(Protocol):
    """Says which pixels are next, and where they start."""

    name: str
    refits: bool

    def refresh(self, board: Board) -> None:
        """Learn anew from all done pixels."""

    def propose(self, board: Board) -> Wave | None:
        """The next pixels; None when there are none that it could start."""

    def learn(self, board: Board, done: Places) -> None:
        """Hear which pixels of the last wave are done now."""

    def database(self, board: Board) -> Database:
        """What is known, for views."""


def name_of(strategy: Any) -> str:
    """The name of a strategy, as it is told."""
    return str(getattr(strategy, "name", type(strategy).__name__))
