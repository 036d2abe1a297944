"""Here, now, one job after another."""

from concurrent.futures import Future

from hsjupyter.engines.worker import work
from hsjupyter.fitting.jobs import Job, Outcome, Pixels
from hsjupyter.fitting.plan import Plan


class SerialExecutor:
    """Does a job when it is submitted, in the thread that submits it.

    Parameters
    ----------
    plan : Plan
    pixels : Pixels
    """

    capacity = 1

    def __init__(self, plan: Plan, pixels: Pixels) -> None:
        self._plan, self._pixels = plan, pixels

    def submit(self, job: Job) -> "Future[Outcome]":
        """Do a job; the future is done when it returns."""
        future: Future[Outcome] = Future()
        try:
            future.set_result(work(self._plan, self._pixels, job))
        except Exception as wrong:  # noqa: BLE001 - kept in the future, raised where it is read
            future.set_exception(wrong)
        return future

    def close(self) -> None:
        """Nothing is held."""
