"""A crew with a thread of its own, which gives out jobs and takes in what comes back."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hsjupyter.core.errors import EnginesLostError
from hsjupyter.engines.crew import TIMEOUT, Crew, Engine, Ticket
from hsjupyter.fitting.jobs import Job, Outcome

_LOG = logging.getLogger("hsjupyter")

CLOSED = "the engines were let go"

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
        self._door, self._looked = threading.Lock(), time.monotonic()
        threading.Thread(target=self._work, name="hsjupyter-crew", daemon=True).start()

    @property
    def capacity(self) -> int:
        """Jobs that it wants to hold."""
        return self._crew.capacity

    def submit(self, job: Job) -> Future[Outcome]:
        """Begin a job as soon as an engine is free."""
        future: Future[Outcome] = Future()
        with self._door:
            if not self._closed:
                self._box.put((self._crew.add, (Ticket(job, future),)))
                return future
        future.set_exception(EnginesLostError(CLOSED))
        return future

    def close(self) -> None:
        """Let the engines go; what is not done by then holds an `EnginesLostError`."""
        with self._door:
            self._closed = True
        self._box.put((_nothing, ()))

    def _answered(self, *what: Any) -> None:
        self._box.put((self._crew.take, what))

    def _work(self) -> None:
        while not self._closed:
            try:
                self._turn()
            except Exception as wrong:  # noqa: BLE001 - without this thread nobody would ever hear
                _LOG.exception("the engines cannot be served")
                self._lose(f"the engines could not be served ({type(wrong).__name__}: {wrong})")
        self._lose(CLOSED)
        while not self._box.empty():  # whoever submitted a moment before
            do, what = self._box.get()
            do(*what)

    def _turn(self) -> None:
        """Take in what came, give out what waits, and look who is there."""
        crew = self._crew
        with suppress(Empty):
            do, what = self._box.get(timeout=TICK)
            do(*what)
            while not self._box.empty() and not self._closed:
                do, what = self._box.get()
                do(*what)
        if self._closed:
            return
        if self._stop[0]:
            crew.leave_out()
        crew.send()
        if time.monotonic() - self._looked > TICK:
            self._looked = time.monotonic()
            crew.drop_silent()
            self._watch(crew)

    def _lose(self, why: str) -> None:
        try:
            self._crew.lose(why)
        except Exception:  # noqa: BLE001 - whoever waits has heard by then
            _LOG.exception("an engine could not be let go")


def _nothing() -> None:
    """Wakes the thread."""
