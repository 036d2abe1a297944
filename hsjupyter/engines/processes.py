"""Processes on this machine, for shapes that hold the interpreter."""

from __future__ import annotations

from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import active_children, get_context
from os import getpid
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hsjupyter.engines.crew import Crew, EngineGoneError
from hsjupyter.engines.crew_executor import CrewExecutor
from hsjupyter.engines.travel import refuse_homeless, strangers
from hsjupyter.engines.worker import Report, keep, work_bundle
from hsjupyter.fitting.jobs import Job, Pixels
from hsjupyter.fitting.plan import Plan

GONE = (
    "the process ended by itself; if that is so from the beginning, in a script, what starts the "
    "fit must stand below `if __name__ == '__main__':`"
)

STOP: list[NDArray[np.int64]] = []
"""In a process of ours: what the parent sets when it is to stop."""


class ProcessEngine:
    """A process that keeps the plan.

    Parameters
    ----------
    name : str
    plan : Plan
    pixels : Pixels
    """

    def __init__(self, name: str, plan: Plan, pixels: Pixels) -> None:
        self.name, self._plan, self._pixels = name, plan, pixels
        # Not forked: a copy of threads and locks half way through is no place to work.
        context = get_context("spawn")
        self._word = context.RawArray("q", 2)
        self._pool = ProcessPoolExecutor(
            1, mp_context=context, initializer=begin, initargs=(name, plan, self._word)
        )

    def send(self, jobs: list[Job]) -> Future[Report]:
        """Begin a bundle; its data go along."""
        answer: Future[Report] = Future()
        bundle = [(job, self._pixels.part(job.pixels)) for job in jobs]
        try:
            done = self._pool.submit(do, self.name, bundle)
        except (BrokenProcessPool, RuntimeError):  # it ended a moment ago
            answer.set_exception(EngineGoneError(GONE))
            return answer
        except OSError as wrong:
            answer.set_exception(EngineGoneError(f"no process could be started ({wrong})"))
            return answer
        done.add_done_callback(lambda done: _hand_on(done, answer))
        return answer

    def stop(self) -> None:
        """Let it begin no further pixel."""
        self._word[0] = 1

    def renew(self) -> ProcessEngine:
        """Another process."""
        return ProcessEngine(self.name, self._plan, self._pixels)

    def close(self) -> None:
        """End it, whatever it does."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        for process in active_children():
            if process.pid == self._word[1]:
                process.terminate()


def _hand_on(done: Future[Report], answer: Future[Report]) -> None:
    if done.cancelled():
        answer.set_exception(EngineGoneError("the process is needed no more"))
        return
    error = done.exception()
    if isinstance(error, BrokenProcessPool):
        answer.set_exception(EngineGoneError(GONE))
    elif error is not None:
        answer.set_exception(error)
    else:
        answer.set_result(done.result())


def begin(name: str, plan: Plan, word: Any) -> None:
    """In the process: keep the plan, and know where the parent says stop."""
    word[1] = getpid()
    STOP[:] = [np.frombuffer(word, dtype=np.int64)[:1]]
    keep(name, plan)


def do(name: str, bundle: list[tuple[Job, Pixels]]) -> Report:
    """In the process: fit the pixels of some jobs."""
    return work_bundle(name, bundle, name, STOP[0])


def process_executor(
    plan: Plan, pixels: Pixels, stop: NDArray[np.int64], workers: int
) -> CrewExecutor:
    """Processes on this machine.

    Raises
    ------
    FitError
        Something in the plan cannot travel.
    """
    refuse_homeless(strangers(plan)[1], "a process of its own")
    engines = [ProcessEngine(f"process {n}", plan, pixels) for n in range(workers)]

    def watch(crew: Crew) -> None:
        if stop[0]:
            for place in crew.places:
                if isinstance(place.engine, ProcessEngine):
                    place.engine.stop()

    return CrewExecutor(engines, stop, watch=watch)
