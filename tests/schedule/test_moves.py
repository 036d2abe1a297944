"""A run goes on in another place: what was begun in the first is not lost."""

from concurrent.futures import Future

import numpy as np

from hsjupyter.core.errors import EnginesLostError, FitError
from hsjupyter.fitting.jobs import Job
from hsjupyter.schedule.driver import steps
from hsjupyter.schedule.run import Run


class Slowly:
    """An executor whose jobs are done when the test says so."""

    capacity = 3

    def __init__(self):
        self.futures = []

    def submit(self, job):
        self.futures.append((job, Future()))
        return self.futures[-1][1]

    def close(self):
        """Nothing is held."""


def next_step(driver, done):
    try:
        return driver.send(done)
    except StopIteration:
        return None


def test_what_was_begun_elsewhere_is_done_where_the_run_goes_on():
    run, given = Run(6), iter(range(6))

    class Pixels:
        def next_job(self):
            n = next(given, None)
            return None if n is None else Job(np.array([n]), np.zeros((1, 1)), np.ones((1, 1)), "")

    class There(Slowly):
        def close(self):
            for _job, future in self.futures:
                future.set_exception(EnginesLostError("let go"))

    there, here, taken = There(), Slowly(), []
    run.make_executor = lambda workers: here if workers == 2 else refuse()

    def refuse():
        raise FitError("no such place")

    run.begin()
    driver = steps(Pixels(), there, run, lambda outcome: taken.append(outcome))  # noqa: PLW0108
    assert len(next(driver)) == 3
    run.pause()
    run.resume(workers=7)
    assert driver.send([]) == []
    assert (run.state, run.note) == ("paused", "no such place")
    run.resume(workers=2)
    driver.send([])
    begun = driver.send([future for _job, future in there.futures])
    while begun is not None:
        done = [future for _job, future in here.futures if future.done()]
        done = [future for future in done if future.result() not in taken]
        for job, future in here.futures:
            if not future.done():
                future.set_result(int(job.pixels[0]))
        begun = next_step(driver, done)
    assert run.state == "running"
    assert sorted(taken) == list(range(6))
