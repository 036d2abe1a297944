"""The one loop behind every fit of a map: it decides and never waits."""

from collections.abc import Callable, Generator
from concurrent.futures import Future
from typing import Any, Protocol

import numpy as np

from hsjupyter.core.errors import FitError
from hsjupyter.core.model import BaseModel
from hsjupyter.fitting.jobs import Job, Outcome
from hsjupyter.schedule.run import Run

Futures = set["Future[Outcome]"]
Steps = Generator[Futures, Futures, None]

FIRST_FAILURES = 20


class Scheduler(Protocol):
    """Says which pixels are next."""

    def next_job(self) -> Job | None:
        """The next pixels; None when there are none now."""


class Executor(Protocol):
    """Runs jobs somewhere."""

    capacity: int

    def submit(self, job: Job) -> "Future[Outcome]":
        """Begin a job."""


def steps(
    scheduler: Scheduler, executor: Executor, run: Run, accept: Callable[[Outcome], None]
) -> Steps:
    """Yield the futures in flight; be sent those that are done.

    Parameters
    ----------
    scheduler, executor
        What is next, and where it runs.
    run : Run
        When it is stopping, no further job begins; those in flight are still taken in.
    accept : callable
        Gets every outcome, in the thread that drives.
    """
    waiting: Futures = set()
    while True:
        while (
            not run.stopping
            and len(waiting) < executor.capacity
            and (job := scheduler.next_job()) is not None
        ):
            waiting.add(executor.submit(job))
        if not waiting:
            return
        done = yield set(waiting)
        waiting -= done
        for future in done:
            accept(future.result())


def taker(model: BaseModel, run: Run) -> Callable[[Outcome], None]:
    """What writes outcomes into the maps of a model and counts them in a run.

    Raises
    ------
    FitError
        From the returned function, when the first pixels all failed.
    """
    maps = model.maps
    any_good = False

    def take(outcome: Outcome) -> None:
        nonlocal any_good
        where = np.unravel_index(outcome.pixels, maps.shape)
        with model.lock:
            maps.values[where], maps.std[where] = outcome.values, outcome.std
            maps.is_set[where] = True
            maps.chisq[where], maps.dof[where] = outcome.chisq, outcome.dof
            model.stored += 1
        any_good = any_good or len(outcome.pixels) > 0
        if outcome.failures:
            run.failures = [*run.failures, *outcome.failures]
        run.done += len(outcome.pixels) + len(outcome.failures)
        if not any_good and len(run.failures) >= min(FIRST_FAILURES, run.total):
            first: Any = run.failures[0]
            raise FitError(
                f"{model!r}: the first {len(run.failures)} pixels could not be fitted, so the run "
                f"was stopped; pixel {np.unravel_index(first.pixel, maps.shape)[::-1]} said: "
                f"{first.reason}; try m.fit() there"
            )

    return take
