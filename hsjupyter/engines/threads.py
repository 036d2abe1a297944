"""In a thread of its own, so that the one that drives stays free."""

from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from hsjupyter.engines.worker import work
from hsjupyter.fitting.jobs import Job, Outcome, Pixels
from hsjupyter.fitting.plan import Plan
from hsjupyter.fitting.solve import Tell


class ThreadExecutor:
    """Does jobs in threads.

    Parameters
    ----------
    plan : Plan
    pixels : Pixels
    stop : ndarray of int64, (1,)
        Not 0: no further pixel begins.
    workers : int
        How many threads.
    tell : callable, optional
        Gets, in the thread that fits, what is done of jobs that take long.
    """

    def __init__(
        self,
        plan: Plan,
        pixels: Pixels,
        stop: NDArray[np.int64],
        workers: int,
        tell: Tell | None = None,
    ) -> None:
        self._given = plan, pixels
        self._stop, self._tell = stop, tell
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="hsjupyter-fit")
        self.capacity = workers + 1  # one waits in line, so that no thread idles

    def submit(self, job: Job) -> "Future[Outcome]":
        """Begin a job as soon as a thread is free."""
        return self._pool.submit(work, *self._given, job, self._stop, self._tell)

    def close(self) -> None:
        """Let the threads end when their jobs are done."""
        self._pool.shutdown(wait=False)
