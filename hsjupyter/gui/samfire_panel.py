"""SAMFire as its view shows it: a map of how the fit stands, and what it tells of itself."""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import traitlets as t
from numpy.typing import NDArray

from hsjupyter.core.errors import unknown_name
from hsjupyter.gui.records import (
    ChoiceRecord,
    EndsRecord,
    HistogramRecord,
    MapRecord,
    SamfireRecord,
    StrategyRecord,
)
from hsjupyter.samfire import Samfire
from hsjupyter.samfire.board import name_of
from hsjupyter.samfire.marker import LEFT_OUT, REJECTED

Array = NDArray[np.float64]

CHOICES = {
    "state": "how it stands",
    "order": "when it was done",
    "distance": "how far its start came from",
    "strategy": "which strategy did it",
    "quality": "reduced χ² over what is expected",
    "fits": "how many fits were made",
    "database": "what the strategy knows",
}
STATES = EndsRecord(low=0.0, high=2.0, below="to do", between="running", above="done")
"""How a pixel stands, as its number and its colour say it."""
MOST = 24
"""Histograms that are shown."""


class Chosen(t.HasTraits):
    """Which numbers the map of a SAMFire fit shows; every view of it shows the same."""

    choice = t.Unicode("state", help="the id of a choice")

    def choose(self, samfire: Samfire, choice: str) -> None:
        """Show other numbers.

        Raises
        ------
        UnknownNameError
            There are none of that id.
        """
        if choice not in CHOICES:
            raise unknown_name(f"the map of {samfire!r}", choice, CHOICES)
        self.choice = choice


_chosen: WeakKeyDictionary[Samfire, Chosen] = WeakKeyDictionary()


def chosen_of(samfire: Samfire) -> Chosen:
    """What the map of a SAMFire fit shows."""
    return _chosen.setdefault(samfire, Chosen())


def map_of_samfire(samfire: Samfire) -> tuple[MapRecord, Array]:
    """The map at the current place of the slower axes.

    Returns
    -------
    record : MapRecord
    numbers : ndarray, (y, x)
        NaN where there is none.
    """
    marker = samfire.board.marker
    choice = chosen_of(samfire).choice
    rest = samfire.model.axes_manager.map_index[:-2]
    shape = marker.shape
    layer = np.atleast_2d(_numbers(samfire, choice).reshape(shape)[rest])
    rejected = np.atleast_2d((marker.state == REJECTED).reshape(shape)[rest])
    n_y, n_x = layer.shape
    record = MapRecord(
        choice=choice,
        choices=[ChoiceRecord(id=name, name=words) for name, words in CHOICES.items()],
        shape=[n_x, n_y],
        units="",
        failed=np.flatnonzero(rejected).tolist(),
        ends=STATES if choice == "state" else None,
    )
    return record, np.ascontiguousarray(layer, dtype=np.float64)


def _numbers(samfire: Samfire, choice: str) -> Array:
    marker = samfire.board.marker
    if choice == "database":
        return _database(samfire)
    if choice == "state":
        known = (marker.state != LEFT_OUT) & (marker.state != REJECTED)  # which have a colour
        return np.where(known, marker.state.astype(float), np.nan)
    if choice == "fits":
        return samfire.ledger.counts(len(marker.state)).astype(float)
    if choice == "distance":
        here = np.stack(np.unravel_index(np.arange(len(marker.state)), marker.shape))
        there = np.stack(np.unravel_index(np.maximum(marker.origin, 0), marker.shape))
        apart = np.sqrt(((here - there) ** 2).sum(axis=0))
        return np.where(marker.done & (marker.origin >= 0), apart, np.nan)
    numbers: Array = getattr(marker, choice).astype(float)
    return np.where(marker.done, numbers, np.nan)


def _database(samfire: Samfire) -> Array:
    marker = samfire.board.marker
    if marker.done.any():
        found = samfire.active_strategy.database(samfire.board)
        if found.kind == "map":
            return np.ravel(found.map)
    return np.full(len(marker.state), np.nan)


def record_of_samfire(samfire: Samfire) -> SamfireRecord:
    """What a SAMFire fit tells of itself, and of the current pixel."""
    marker = samfire.board.marker
    history = samfire.history()
    return SamfireRecord(
        done=int(marker.done.sum()),
        left=int(marker.left.sum()),
        strategies=[
            StrategyRecord(
                name=name_of(strategy),
                active=i == samfire.strategies.active,
                done=int((marker.done & (marker.strategy == i)).sum()),
            )
            for i, strategy in enumerate(samfire.strategies)
        ],
        title=history.title,
        history=[str(attempt) for attempt in history],
        summary=str(samfire.summary()).splitlines(),
        histograms=_histograms(samfire),
    )


def _histograms(samfire: Samfire) -> list[HistogramRecord]:
    if not samfire.board.marker.done.any():
        return []
    found = samfire.active_strategy.database(samfire.board)
    return [
        HistogramRecord(name=name, heights=heights.tolist(), edges=edges.tolist())
        for name, (heights, edges) in list(found.histograms.items())[:MOST]
    ]


def follow(host: Any, samfire: Samfire) -> None:
    """Send map and words to a host now, and whenever columns of it were sent."""

    def send(stale: set[str]) -> None:
        if stale & {"samfire", "pixel", "spec", "run"}:
            host.samfire = record_of_samfire(samfire)
        if stale & {"samfire", "pixel", "spec", "map"}:
            record, numbers = map_of_samfire(samfire)
            host.map, host.map_values = record, numbers.tobytes()

    send({"samfire", "map"})
    host.sent = send
