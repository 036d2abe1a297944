"""Which pixels have a good fit already, from the stored values."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from hsjupyter.samfire.board import Board
from hsjupyter.samfire.local_strategies import ReducedChiSquaredStrategy
from hsjupyter.samfire.marker import Array, Marker


def look_at_stored(board: Board) -> None:
    """Mark the pixels whose stored values are a good fit."""
    marker, task = board.marker, board.task
    slots = task.plan.free
    maps = task.model.maps
    is_set = maps.is_set.reshape(len(marker.state), -1)[:, slots].all(axis=1)
    rows = maps.values.reshape(len(marker.state), -1)[:, slots]
    which = np.flatnonzero(is_set & np.isfinite(rows).all(axis=1) & marker.left)
    if which.size:
        measures = board.judge.measures_of(which)
        good = board.judge.settle(which, measures)
        marker.seed(which[good], board.judge.quality(which[good], measures[good]))


def take_order(old: Marker, new: Marker) -> None:
    """Keep what was known of pixels that are still done."""
    both = old.done & new.done
    for name in ("order", "origin", "strategy"):
        getattr(new, name)[both] = getattr(old, name)[both]
    new.finished = old.finished


def marker_map(board: Board, strategies: Iterable[Any]) -> Array:
    """How much each pixel is worth that is left, (nav...); -1 done, NaN left out."""
    for strategy in strategies:
        if isinstance(strategy, ReducedChiSquaredStrategy):
            return strategy.database(board).map
    shown = np.where(board.marker.done, -1.0, np.where(board.marker.left, 0.0, np.nan))
    return shown.reshape(board.marker.shape)
