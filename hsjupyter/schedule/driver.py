"""The one loop behind every fit of a map: it decides and never waits."""

from collections import deque
from collections.abc import Callable, Generator
from concurrent.futures import Future
from typing import Any, Protocol

import numpy as np

from hsjupyter.core.errors import EnginesLostError, FitError, HSJupyterError
from hsjupyter.core.model import BaseModel
from hsjupyter.fitting.jobs import Job, Outcome
from hsjupyter.schedule.run import Run

Futures = list["Future[Outcome]"]
Steps = Generator[Futures, Futures, None]

FIRST_FAILURES = 20


class Scheduler(Protocol):
    """Says which pixels are next."""

    def next_job(self) -> Job | None:
        """The next pixels; None when there are none now.

        It is asked again after every result: where results lead to further jobs, None means
        "not yet" as long as anything is in flight.
        """


class Executor(Protocol):
    """Runs jobs somewhere."""

    @property
    def capacity(self) -> int:
        """How many jobs it wants to hold at once."""

    def submit(self, job: Job) -> "Future[Outcome]":
        """Begin a job.

        Its future is cancelled where the job was left out because the run is stopping, and holds
        an `EnginesLostError` where it can be done here no more.
        """

    def close(self) -> None:
        """Nothing more will be submitted."""


def steps(
    scheduler: Scheduler, executor: Executor, run: Run, accept: Callable[[Outcome], None]
) -> Steps:
    """Yield the futures that were begun; be sent those that are done.

    Parameters
    ----------
    scheduler, executor
        What is next, and where it runs; the executor is closed at the end.
    run : Run
        While it is paused or stopping no job begins; those in flight are still taken in. Where it
        is to go on elsewhere, its ``make_executor`` says where.
    accept : callable
        Gets every outcome, in the thread that drives.
    """
    in_flight: dict[Future[Outcome], tuple[Job, Executor]] = {}
    owed: deque[Job] = deque()  # begun where they could not be done
    try:
        while True:
            executor = _moved(executor, run)
            begun: Futures = []
            while run.going and len(in_flight) < executor.capacity:
                job = owed.popleft() if owed else scheduler.next_job()
                if job is None:
                    break
                future = executor.submit(job)
                in_flight[future] = job, executor
                begun.append(future)
            if not in_flight and (run.stopping or run.going or run.complete):
                return
            done = yield begun
            for part in run.take_parts():
                accept(part)
            for future in done:
                job, begun_by = in_flight.pop(future)
                if future.cancelled():
                    continue
                if isinstance(future.exception(), EnginesLostError):
                    owed.append(job)
                    if begun_by is executor:  # else it was left behind by a move
                        run.hold(str(future.exception()))
                else:
                    accept(future.result())
    finally:
        executor.close()


def _moved(executor: Executor, run: Run) -> Executor:
    """The executor that a run goes on with: another where one was asked for, and can be had."""
    where = run.take_move()
    if where is None or run.make_executor is None:
        return executor
    try:
        other: Executor = run.make_executor(**where)
    except HSJupyterError as wrong:
        run.hold(str(wrong))
        return executor
    executor.close()
    return other


def taker(model: BaseModel, run: Run) -> Callable[[Outcome], None]:
    """What writes outcomes into the maps of a model and counts them in a run.

    Raises
    ------
    FitError
        From the returned function, when the first pixels all failed.
    """
    maps = model.maps

    def tell(_change: Any) -> None:
        with model.lock:
            model.stored += 1

    run.observe(tell, "done")

    def take(outcome: Outcome) -> None:
        with model.lock:
            maps.commit(outcome.pixels, outcome.values, outcome.std, outcome.chisq, outcome.dof)
        run.count(len(outcome.pixels), outcome.failures)
        failed = run.first_failures
        if len(failed) >= min(FIRST_FAILURES, run.total):
            run.publish()
            first = failed[0]
            place = tuple(int(i) for i in np.unravel_index(first.pixel, maps.shape)[::-1])
            raise FitError(
                f"{model!r}: the first {len(failed)} pixels could not be fitted, so the run was "
                f"stopped; pixel {place} said: "
                f"{first.reason}; try m.fit() there"
            )

    return take
