"""A crew with a thread of its own, which gives out jobs and takes in what comes back."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hsjupyter.engines.crew import TIMEOUT, Crew, Engine, Ticket
from hsjupyter.fitting.jobs import Job, Outcome

TICK = 0.05
"""Seconds between two looks at the clock."""


class CrewExecutor:
    """Does jobs on engines.

    Parameters
    ----------
    engines : sequence of Engine
    stop : ndarray of int64, (1,)
        Not 0: what waits is left out.
    timeout : float
        Seconds after which an engine that does not answer is given up.
    watch : callable
        Called with the crew every `TICK`.
    """

    def __init__(
        self,
        engines: Sequence[Engine],
        stop: NDArray[np.int64],
        timeout: float = TIMEOUT,
        watch: Callable[[Crew], None] = lambda _crew: None,
    ) -> None:
        self._box: SimpleQueue[tuple[Callable[..., Any], tuple[Any, ...]]] = SimpleQueue()
        self._stop, self._watch, self._closed = stop, watch, False
        self._crew = Crew(engines, self._answered, time.monotonic, timeout)
        threading.Thread(target=self._work, name="hsjupyter-crew", daemon=True).start()

    @property
    def capacity(self) -> int:
        """Jobs that it wants to hold."""
        return self._crew.capacity

    def submit(self, job: Job) -> Future[Outcome]:
        """Begin a job as soon as an engine is free."""
        future: Future[Outcome] = Future()
        self._box.put((self._crew.add, (Ticket(job, future),)))
        return future

    def close(self) -> None:
        """Let the engines go."""
        self._closed = True
        self._box.put((_nothing, ()))

    def _answered(self, *what: Any) -> None:
        self._box.put((self._crew.take, what))

    def _work(self) -> None:
        crew, looked = self._crew, time.monotonic()
        while not self._closed:
            try:
                do, what = self._box.get(timeout=TICK)
                do(*what)
                while not self._box.empty():
                    do, what = self._box.get()
                    do(*what)
            except Empty:
                pass
            if self._stop[0]:
                crew.leave_out()
            if not self._closed:
                crew.send()
            if time.monotonic() - looked > TICK:
                looked = time.monotonic()
                crew.drop_silent()
                self._watch(crew)
        for place in crew.places:
            place.engine.close()


def _nothing() -> None:
    """Wakes the thread."""
