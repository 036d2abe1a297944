"""The map of a model in a host, kept up to date: whole where small or new, else as patches."""

from __future__ import annotations

import time
import weakref
from typing import Any

import numpy as np

from hsjupyter.core.model import BaseModel
from hsjupyter.gui.frames import Frames
from hsjupyter.gui.host import Host
from hsjupyter.gui.navigator import Array, map_of
from hsjupyter.gui.records import MapRecord

INTERVAL = 1 / 10
"""Seconds between two maps at least: a fit of many pixels fills them faster than eyes follow."""

SHARE = 0.1
"""What making maps may take of the time."""

SMALL = 4096
"""Pixels of a map that is always sent whole."""

CHANGES = frozenset({"spec", "pixel", "quality", "map", "run"})
"""Columns after whose change the map may be another."""


class LiveMap:
    """Sends the map that one navigates by; of what is equal nothing leaves.

    Parameters
    ----------
    host : Host
        It gets the map.
    model : BaseModel
    """

    def __init__(self, host: Host, model: BaseModel) -> None:
        self._host, self._model = host, weakref.ref(model)
        self._frames = Frames(self.push, INTERVAL)
        self._sent: tuple[MapRecord, Array] | None = None
        self.push()

    def follow(self, columns: set[str]) -> None:
        """After columns of the host were sent."""
        if CHANGES & columns:
            self._frames.wake()

    def push(self) -> None:
        """Send what is another than before."""
        model, host = self._model(), self._host
        if model is None or host.comm is None or not model.fidelity.kept:
            return
        if not model.axes_manager.navigation_axes:
            return
        began = time.thread_time()
        with model.lock:
            record, numbers = map_of(model)
        sent = self._sent
        self._sent = (record, numbers.copy())
        which = None if sent is None else _changed(sent, (record, numbers))
        if (
            which is None
            or not host.on_screen
            or numbers.size <= SMALL
            or 4 * len(which) > numbers.size
        ):
            host.show_map(record, numbers.tobytes())
        elif len(which):
            host.patch_map(record, numbers.tobytes(), which, numbers.ravel()[which])
        else:
            host.show_map(record, None)
        # A large map takes its time: others need some, too.
        self._frames.interval = max(INTERVAL, (time.thread_time() - began) / SHARE)

    def flush(self) -> None:
        """Send now what waits."""
        self._frames.flush()

    def close(self) -> None:
        """Send nothing any more."""
        self._frames.close()


def _changed(old: tuple[MapRecord, Array], new: tuple[MapRecord, Array]) -> Any:
    """The places, counted row by row, where two maps differ; None where they show other things."""
    (was, before), (now, after) = old, new
    if before.shape != after.shape or was["choice"] != now["choice"]:
        return None
    different = (before != after) & ~(np.isnan(before) & np.isnan(after))
    return np.flatnonzero(different.ravel())
