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
from hsjupyter.engines.lending import Lender, OutOfReachError, can_read, sign, take_back
from hsjupyter.engines.travel import refuse_homeless, strangers
from hsjupyter.engines.worker import Bundle, Report, keep, work_bundle
from hsjupyter.fitting.jobs import Job, Pixels
from hsjupyter.fitting.plan import Plan

GONE = (
    "the process ended by itself; if that is so from the beginning, in a script, what starts the "
    "fit must stand below `if __name__ == '__main__':`"
)

LET_GO = "the process is needed no more"

STOP: list[NDArray[np.int64]] = []
"""In a process of ours: what the parent sets when it is to stop."""


class ProcessEngine:
    """A process that keeps the plan.

    Parameters
    ----------
    name : str
    plan : Plan
    pixels : Pixels
    lender : Lender or None
        Of the pixels, where processes read what is lent.
    """

    def __init__(self, name: str, plan: Plan, pixels: Pixels, lender: Lender | None) -> None:
        self.name, self._plan, self._pixels = name, plan, pixels
        self._lender = lender
        # Not forked: a copy of threads and locks half way through is no place to work.
        context = get_context("spawn")
        self._word = context.RawArray("q", 2)
        self._pool = ProcessPoolExecutor(
            1, mp_context=context, initializer=begin, initargs=(name, plan, self._word)
        )

    def send(self, jobs: list[Job]) -> Future[Report]:
        """Begin a bundle; its data are lent, or go along."""
        answer: Future[Report] = Future()
        self._begin(jobs, answer)
        return answer

    def _begin(self, jobs: list[Job], answer: Future[Report]) -> None:
        which, lender = np.concatenate([job.pixels for job in jobs]), self._lender
        pixels, memory = lender.lend(which) if lender else (self._pixels.part(which), None)
        try:
            done = self._pool.submit(do, Bundle(self.name, jobs, pixels, self.name))
        except (BrokenProcessPool, RuntimeError):  # it ended a moment ago
            answer.set_exception(EngineGoneError(GONE))
            return
        except OSError as wrong:
            answer.set_exception(EngineGoneError(f"no process could be started ({wrong})"))
            return

        def hand_on(done: Future[Report]) -> None:
            error = EngineGoneError(LET_GO) if done.cancelled() else done.exception()
            if error is None:
                take_back(memory)
                answer.set_result(done.result())
            elif isinstance(error, OutOfReachError) and lender is not None:
                self._lender = None  # from now on data are sent
                try:
                    self._begin(jobs, answer)
                except Exception as wrong:  # noqa: BLE001 - data that cannot be read
                    answer.set_exception(wrong)
            else:
                gone = isinstance(error, BrokenProcessPool)
                answer.set_exception(EngineGoneError(GONE) if gone else error)

        done.add_done_callback(hand_on)

    def stop(self) -> None:
        """Let it begin no further pixel."""
        self._word[0] = 1

    def renew(self) -> ProcessEngine:
        """Another process."""
        return ProcessEngine(self.name, self._plan, self._pixels, self._lender)

    def close(self) -> None:
        """End it, whatever it does."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        for process in active_children():
            if process.pid == self._word[1]:
                process.terminate()


def begin(name: str, plan: Plan, word: Any) -> None:
    """In the process: keep the plan, and know where the parent says stop."""
    word[1] = getpid()
    STOP[:] = [np.frombuffer(word, dtype=np.int64)[:1]]
    keep(name, plan)


def do(bundle: Bundle) -> Report:
    """In the process: fit the pixels of some jobs."""
    return work_bundle(bundle, STOP[0])


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
    lender = Lender(pixels) if can_read(sign()) else None
    engines = [ProcessEngine(f"process {n}", plan, pixels, lender) for n in range(workers)]

    def watch(crew: Crew) -> None:
        if stop[0]:
            for place in crew.places:
                if isinstance(place.engine, ProcessEngine):
                    place.engine.stop()

    return CrewExecutor(engines, stop, watch=watch)
