"""Here, now, one job after another."""

from concurrent.futures import Future

import numpy as np
from numpy.typing import NDArray

from hsjupyter.engines.worker import work
from hsjupyter.fitting.jobs import Job, Outcome, Pixels
from hsjupyter.fitting.plan import Plan
from hsjupyter.fitting.solve import Tell


class SerialExecutor:
    """Does a job when it is submitted, in the thread that submits it.

    Parameters
    ----------
    plan : Plan
    pixels : Pixels
    stop : ndarray of int64, (1,)
        Not 0: no further pixel begins.
    tell : callable, optional
        Gets, in the thread that fits, what is done of jobs that take long.
    """

    capacity = 1

    def __init__(
        self, plan: Plan, pixels: Pixels, stop: NDArray[np.int64], tell: Tell | None = None
    ) -> None:
        self._plan, self._pixels, self._stop, self._tell = plan, pixels, stop, tell

    def submit(self, job: Job) -> "Future[Outcome]":
        """Do a job; the future is done when it returns."""
        future: Future[Outcome] = Future()
        try:
            future.set_result(work(self._plan, self._pixels, job, self._stop, self._tell))
        except Exception as wrong:  # noqa: BLE001 - kept in the future, raised where it is read
            future.set_exception(wrong)
        return future

    def close(self) -> None:
        """Nothing is held."""
