"""Who does which job, played through with engines that do as they are told."""

import heapq
from concurrent.futures import Future

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hsjupyter.core.errors import EnginesLostError
from hsjupyter.engines.crew import TRIES, Crew, EngineGoneError, Ticket
from hsjupyter.engines.worker import Report
from hsjupyter.fitting.jobs import Job, Outcome


class World:
    """A clock that only moves when something happens, and engines that answer by it.

    Parameters
    ----------
    n : int
        How many engines.
    takes : callable
        Seconds that an engine needs for a job; infinity for never.
    dies : callable
        Whether an engine dies of the bundle that it begins.
    """

    def __init__(self, n, takes, dies=lambda _name, _count: False, timeout=100.0):
        self.now, self.events, self.takes, self.dies = 0.0, [], takes, dies
        self.sent, self.bundles = {}, []
        engines = [FakeEngine(self, str(k)) for k in range(n)]
        self.crew = Crew(engines, self.answered, lambda: self.now, timeout)
        self.tickets = []

    def answered(self, *what):
        self.crew.take(*what)

    def add(self, n):
        for k in range(n):
            job = Job(np.array([k]), np.zeros((1, 2)), np.ones((1, 1), bool), "leastsq")
            self.tickets.append(Ticket(job, Future()))
            self.crew.add(self.tickets[-1])

    def play(self):
        """Let everything happen that will."""
        self.crew.send()
        while self.events or any(p.bundles for p in self.crew.places):
            if self.events:
                self.now, _, happen = heapq.heappop(self.events)
                happen()
            else:
                self.now += 60
            self.crew.drop_silent()
            self.crew.send()


class FakeEngine:
    def __init__(self, world, name):
        self.world, self.name, self.free, self.count = world, name, 0.0, 0
        self.dead = False
        self.open = []

    def send(self, jobs):
        world, future = self.world, Future()
        self.count += 1
        world.bundles.append(len(jobs))
        for job in jobs:
            pixel = int(job.pixels[0])
            world.sent[pixel] = world.sent.get(pixel, 0) + 1
        self.open.append(future)
        self.dead = self.dead or world.dies(self.name, self.count)
        if self.dead:
            future.set_exception(EngineGoneError("it died"))
            return future
        seconds = sum(world.takes(self.name, job) for job in jobs)
        self.free = max(self.free, world.now) + seconds
        if np.isfinite(self.free):
            outcomes = tuple(outcome_of(job) for job in jobs)

            def happen():
                if not self.dead:
                    future.set_result(Report(outcomes, seconds))

            heapq.heappush(world.events, (self.free, len(world.bundles), happen))
        return future

    def renew(self):
        return None

    def close(self):
        self.closed = True


def outcome_of(job):
    n = len(job.pixels)
    return Outcome(job.pixels, job.starts, job.starts, np.zeros(n), np.zeros(n), ())


def pixels_of(tickets):
    """What came back: pixels fitted and pixels failed, in order."""
    results = [ticket.future.result(0) for ticket in tickets]
    good = [int(p) for result in results for p in result.pixels]
    return good, [f.pixel for result in results for f in result.failures]


@given(st.integers(1, 9), st.integers(0, 200), st.floats(1e-4, 5.0))
def test_every_job_is_done_once(engines, jobs, seconds):
    world = World(engines, lambda *_: seconds)
    world.add(jobs)
    world.play()
    assert pixels_of(world.tickets) == (list(range(jobs)), [])
    assert set(world.sent.values()) <= {1}


@given(st.lists(st.integers(1, 12), min_size=1, max_size=4), st.integers(1, 150))
def test_engines_may_die_at_any_moment(dying, jobs):
    when = {str(k): count for k, count in enumerate(dying)}  # the others live
    world = World(len(dying) + 2, lambda *_: 0.05, lambda name, n: n >= when.get(name, 10**9))
    world.add(jobs)
    world.play()
    good, failed = pixels_of(world.tickets)
    assert sorted(good + failed) == list(range(jobs))
    assert max(world.sent.values()) <= TRIES


def test_a_job_that_kills_engines_fails_after_three_and_harms_no_other():
    world = World(5, lambda *_: 0.001)
    world.add(100)
    for engine in (place.engine for place in world.crew.places):
        plain = engine.send

        def send(jobs, engine=engine, plain=plain):
            engine.dead = engine.dead or any(job.pixels[0] == 57 for job in jobs)
            return plain(jobs)

        engine.send = send
    world.play()
    good, failed = pixels_of(world.tickets)
    assert failed == [57]
    assert len(good) == 99
    assert len(world.crew.places) == 2
    (failure,) = world.tickets[57].future.result(0).failures
    assert "it died; it was tried 3 times" in failure.reason
    assert failure.engine in "01234"


def test_a_silent_engine_is_given_up_and_its_late_answer_is_nobodys():
    late = []

    def takes(name, _job):
        return np.inf if name == "0" else 0.5

    world = World(2, takes, timeout=100.0)
    world.add(20)
    late.append(world.crew.places[0].engine)
    world.play()
    good, failed = pixels_of(world.tickets)
    assert (sorted(good), failed) == (list(range(20)), [])
    assert world.now >= 100
    assert [place.engine.name for place in world.crew.places] == ["1"]
    for future in late[0].open:
        future.set_result(Report((outcome_of(world.tickets[0].job),), 0.1))


def test_when_no_engine_is_left_who_waits_hears_of_it():
    world = World(2, lambda *_: 0.1, lambda _name, n: n > 4)
    world.add(30)
    world.play()
    states = [ticket.future.exception(0) for ticket in world.tickets]
    lost = [error for error in states if error is not None]
    assert 0 < len(lost) < 30
    assert all(isinstance(error, EnginesLostError) for error in lost)
    with pytest.raises(EnginesLostError, match=r"no engine is left.*it died"):
        raise lost[0]
    world.add(1)
    assert isinstance(world.tickets[-1].future.exception(0), EnginesLostError)


def test_short_jobs_travel_together_and_long_ones_alone():
    short, long = World(2, lambda *_: 0.01), World(2, lambda *_: 3.0)
    for world in (short, long):
        world.add(400)
        world.play()
    assert 6 <= max(short.bundles) <= 10  # 0.08 s of work
    assert len(short.bundles) < 90
    assert set(long.bundles) == {1}


def test_slow_engines_do_less():
    world = World(2, lambda name, _job: 0.3 if name == "0" else 0.1)
    world.add(200)
    world.play()
    slow = world.crew.places[0].engine
    assert world.now < 1.1 * 200 / (1 / 0.3 + 1 / 0.1)
    assert slow.count < sum(p.engine.count for p in world.crew.places) / 2


def test_an_error_beside_the_pixels_reaches_who_waits_and_only_them():
    world = World(1, lambda *_: 0.01)
    world.add(6)
    engine = world.crew.places[0].engine
    plain = engine.send

    def send(jobs):
        if any(job.pixels[0] == 4 for job in jobs):
            raise OSError("the file cannot be read")
        return plain(jobs)

    engine.send = send
    world.play()
    with pytest.raises(OSError, match="cannot be read"):
        world.tickets[4].future.result(0)
    del world.tickets[4]
    assert pixels_of(world.tickets) == ([0, 1, 2, 3, 5], [])


def test_what_waits_is_left_out_when_asked():
    world = World(1, lambda *_: 1.0)
    world.add(10)
    world.crew.send()
    world.crew.leave_out()
    world.play()
    cancelled = [ticket.future.cancelled() for ticket in world.tickets]
    assert 1 <= cancelled.count(False) <= 2
