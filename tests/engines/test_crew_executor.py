"""The thread of a crew: whatever happens, whoever waits hears of it."""

import threading
from concurrent.futures import Future

import numpy as np
import pytest

from hsjupyter.core.errors import EnginesLostError
from hsjupyter.engines.crew_executor import CrewExecutor
from hsjupyter.fitting.jobs import Job


class Silent:
    """An engine that takes everything and never answers."""

    name = "engine 0"

    def __init__(self):
        self.asked, self.closed = threading.Event(), threading.Event()

    def send(self, _jobs):
        self.asked.set()
        return Future()

    def renew(self):
        return None

    def close(self):
        self.closed.set()


def a_job():
    return Job(np.array([0]), np.zeros((1, 2)), np.ones((1, 1), bool), "leastsq")


def an_executor(engine, watch=lambda _crew: None):
    return CrewExecutor([engine], np.zeros(1, np.int64), watch=watch)


def test_whoever_waits_for_an_executor_that_is_closed_hears_of_it():
    engine = Silent()
    executor = an_executor(engine)
    futures = [executor.submit(a_job()) for _ in range(20)]
    assert engine.asked.wait(60)
    executor.close()
    futures.append(executor.submit(a_job()))
    for future in futures:
        with pytest.raises(EnginesLostError, match="the engines were let go"):
            future.result(60)
    assert engine.closed.wait(60)


def test_an_error_of_the_thread_itself_loses_the_engines_and_no_job(caplog):
    wrong = threading.Event()

    def watch(_crew):
        if wrong.is_set():
            raise ZeroDivisionError("by nothing")

    engine = Silent()
    executor = an_executor(engine, watch)
    future = executor.submit(a_job())
    assert engine.asked.wait(60)
    wrong.set()
    with pytest.raises(EnginesLostError, match=r"could not be served \(ZeroDivisionError: by noth"):
        future.result(60)
    with pytest.raises(EnginesLostError, match="could not be served"):
        executor.submit(a_job()).result(60)
    executor.close()
    assert "the engines cannot be served" in caplog.text


def test_an_engine_that_cannot_be_let_go_does_not_keep_the_others_waiting():
    engine = Silent()
    engine.close = lambda: 1 / 0
    executor = an_executor(engine)
    future = executor.submit(a_job())
    assert engine.asked.wait(60)
    executor.close()
    with pytest.raises(EnginesLostError, match="let go"):
        future.result(60)
