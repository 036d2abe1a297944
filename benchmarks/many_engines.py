"""A thousand engines on a virtual clock, and a map larger than memory: efficiency and memory.

``python -m benchmarks.many_engines engines``
``python -m benchmarks.many_engines stream --gb 4``
"""

import argparse
import heapq
import tempfile
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import numpy as np

import hsjupyter.api as hs
from hsjupyter.engines.crew import Crew, Ticket
from hsjupyter.engines.worker import Report
from hsjupyter.fitting.jobs import Job, Outcome

REPORT = {
    "title": "A thousand engines on a virtual clock",
    "limit": "90 % of the engines at work, where a job takes ten seconds",
    "full": ["engines"],
    "quick": ["engines"],
}

SENDING = 3.4e-3
"""Seconds of the sender for one message and its answer, as measured with ipyparallel."""


class World:
    """A clock that moves when something happens, and engines that answer by it."""

    def __init__(self, engines: int, seconds: float) -> None:
        self.now, self.seconds, self.count = 0.0, seconds, 0
        self.events: list[tuple[float, int, Callable[[], None]]] = []
        self.crew = Crew([Fake(self) for _ in range(engines)], self.take, lambda: self.now)

    def take(self, *what: Any) -> None:
        """An answer is taken in."""
        self.now += SENDING / 2
        self.crew.take(*what)

    def play(self, jobs: int) -> float:
        """The seconds that so many jobs take."""
        for k in range(jobs):
            job = Job(np.array([k]), np.zeros((1, 1)), np.ones((1, 1), bool), "leastsq")
            self.crew.add(Ticket(job, Future()))
        self.crew.send()
        while self.events:
            when, _, happen = heapq.heappop(self.events)
            self.now = max(self.now, when)
            happen()
            self.crew.send()
        return self.now


class Fake:
    """An engine that takes as long as it is told."""

    name = "a thousandth"

    def __init__(self, world: World) -> None:
        self.world, self.free = world, 0.0

    def send(self, jobs: list[Job]) -> "Future[Report]":
        """Begin a bundle."""
        world, future = self.world, Future[Report]()
        world.now += SENDING / 2
        seconds = world.seconds * len(jobs)
        self.free = max(self.free, world.now) + seconds
        outcomes = tuple(_nothing(job) for job in jobs)
        world.count += 1
        done = (self.free, world.count, lambda: future.set_result(Report(outcomes, seconds)))
        heapq.heappush(world.events, done)
        return future

    def renew(self) -> None:
        """There is no other."""

    def close(self) -> None:
        """Nothing is held."""


def _nothing(job: Job) -> Outcome:
    none = np.empty(0)
    return Outcome(job.pixels[:0], job.starts[:0], job.starts[:0], none, none, ())


def engines() -> None:
    """Print what a thousand engines would do."""
    print("engines   s/job    jobs   efficiency   messages")
    for n, seconds, jobs in ((2, 0.036, 2000), (100, 0.036, 20000), (1000, 10.0, 5000)):
        world = World(n, seconds)
        took = world.play(jobs)
        print(f"{n:7} {seconds:7.3f} {jobs:7} {jobs * seconds / n / took:11.1%} {world.count:10}")


def resident() -> tuple[float, float]:
    """MB of this process in memory now, and at most."""
    told = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return tuple(int(told[key].split()[0]) / 1000 for key in ("VmRSS", "VmHWM"))  # type: ignore[return-value]


def stream(gigabytes: float) -> None:
    """Fit a map in a sparse file, and print what was in memory."""
    channels = 1024
    n = int(gigabytes * 2**30 / (8 * channels) / 256)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "map.f8"
        with path.open("wb") as file:
            file.truncate(n * 256 * channels * 8)
        data = np.memmap(path, np.float64, "r", shape=(n, 256, channels))
        m = hs.signals.Signal1D(data).create_model()
        m.append(hs.model.components1D.Polynomial(order=1))
        before = resident()[0]
        run = m.multifit(show_progressbar=False)
        print(f"{data.nbytes / 2**30:.1f} GB, {run}, {run.rate:.0f} pixels/s")
        print(f"resident: {before:.0f} MB before, at most {resident()[1]:.0f} MB")


def main() -> None:
    """Do what is asked."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("what", choices=["engines", "stream"])
    words.add_argument("--gb", type=float, default=4.0)
    asked = words.parse_args()
    if asked.what == "engines":
        engines()
    else:
        stream(asked.gb)


if __name__ == "__main__":
    main()
