"""Who does which job: bundles of jobs for engines, what is done again, and who is given up.

It holds no thread and looks at no clock of its own, so that a thousand engines can be played
through in a second.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from math import ceil, inf
from typing import Protocol

import numpy as np

from hsjupyter.core.errors import EnginesLostError
from hsjupyter.engines.worker import Report
from hsjupyter.fitting.jobs import Failure, Job, Outcome

LEAST = 0.08
"""Seconds of work in a bundle at least, where there are so many jobs: sending costs some ms."""

SHARE = 0.05
"""What sending may cost, of all engines' time."""

AHEAD = 2
"""Bundles that an engine holds: one it works on, one that waits there."""

TRIES = 3
"""How many times a job is sent before its pixels are failures."""

RENEWALS = 8
"""How many engines are replaced before the crew is lost."""

TIMEOUT = 600.0
"""Seconds without an answer after which an engine is given up."""


class EngineGoneError(Exception):
    """An engine will not answer any more."""


class Engine(Protocol):
    """Something that does bundles of jobs, one after another."""

    name: str

    def send(self, jobs: list[Job]) -> Future[Report]:
        """Begin a bundle; the future raises `EngineGoneError` where the engine is gone."""

    def renew(self) -> Engine | None:
        """Another in its place, now that it is gone; None where there can be none."""

    def close(self) -> None:
        """It is needed no more."""


@dataclass(eq=False)
class Ticket:
    """A job, who waits for it, and how often it was sent."""

    job: Job
    future: Future[Outcome]
    tries: int = 0


@dataclass(eq=False)
class Place:
    """An engine and what it holds: bundles in the order they were sent."""

    engine: Engine
    bundles: list[list[Ticket]] = field(default_factory=list)
    heard: float = 0.0
    """When it last answered, or got something to do."""


class Crew:
    """Engines, and the jobs that they hold or wait for.

    Parameters
    ----------
    engines : sequence of Engine
    answered : callable
        ``answered(place, bundle, future)`` is called, in any thread, when a bundle is done; it
        leads to `take` in the thread of the crew.
    clock : callable
        Seconds.
    timeout : float
        Seconds after which an engine that does not answer is given up.
    """

    def __init__(
        self,
        engines: Sequence[Engine],
        answered: Callable[[Place, list[Ticket], Future[Report]], None],
        clock: Callable[[], float],
        timeout: float = TIMEOUT,
    ) -> None:
        self.places = [Place(engine) for engine in engines]
        self.queue: deque[Ticket] = deque()
        self._answered, self._clock, self._timeout = answered, clock, timeout
        self._seconds, self._jobs = 0.0, 0
        self._out = self._in = inf
        self._renewals = RENEWALS
        self.lost = ""

    # -- how much ----------------------------------------------------------------------------------

    @property
    def length(self) -> int:
        """Jobs in a bundle, by what jobs took so far and by what sending costs.

        That is the least that sending and taking in a bundle took: what more it takes for more
        data is no less in longer bundles.
        """
        if not self._jobs:
            return 1
        wanted = max(LEAST, (self._out + self._in) * len(self.places) / SHARE)
        return max(1, round(wanted / max(self._seconds / self._jobs, 1e-9)))

    @property
    def capacity(self) -> int:
        """Jobs that it wants to hold."""
        return (AHEAD + 1) * max(1, len(self.places)) * self.length

    # -- what comes in -----------------------------------------------------------------------------

    def add(self, ticket: Ticket) -> None:
        """A job to do."""
        if self.lost:
            ticket.future.set_exception(EnginesLostError(self.lost))
        else:
            self.queue.append(ticket)

    def take(self, place: Place, bundle: list[Ticket], future: Future[Report]) -> None:
        """A bundle is back; one that was given up before is nobody's."""
        if place not in self.places or bundle not in place.bundles:
            return
        began = self._clock()
        error = future.exception()
        if isinstance(error, EngineGoneError):
            self.give_up(place, str(error) or "the engine died")
            return
        place.bundles.remove(bundle)
        place.heard = began
        if error is not None:
            self._again_alone(bundle, error)
            return
        report = future.result()
        self._seconds += report.seconds
        self._jobs += len(bundle)
        for ticket, outcome in zip(bundle, report.outcomes, strict=True):
            ticket.future.set_result(outcome)
        self._in = min(self._in, self._clock() - began)

    def _again_alone(self, bundle: list[Ticket], error: BaseException) -> None:
        """What raised beside its pixels: the one job it was, or each of several by itself."""
        if len(bundle) == 1:
            bundle[0].future.set_exception(error)
            return
        for ticket in reversed(bundle):
            ticket.tries = max(ticket.tries, 1)
            self.queue.appendleft(ticket)

    # -- what goes out -----------------------------------------------------------------------------

    def send(self) -> None:
        """Give every engine something to do, those with the least first."""
        for ahead in range(AHEAD):
            if not self.queue:
                return
            for place in tuple(self.places):
                if self.queue and place in self.places and len(place.bundles) <= ahead:
                    self._send_to(place)

    def _send_to(self, place: Place) -> None:
        began = self._clock()
        bundle = self._bundle()
        if not place.bundles:
            place.heard = began
        place.bundles.append(bundle)
        for ticket in bundle:
            ticket.tries += 1
        try:
            future = place.engine.send([ticket.job for ticket in bundle])
        except Exception as wrong:  # noqa: BLE001 - data that cannot be read: whoever waits hears
            future = Future()
            future.set_exception(wrong)
        self._out = min(self._out, self._clock() - began)
        future.add_done_callback(lambda done: self._answered(place, bundle, done))

    def _bundle(self) -> list[Ticket]:
        if self.queue[0].tries:  # it was on an engine that died: alone, it harms no other again
            return [self.queue.popleft()]
        most = ceil(len(self.queue) / (AHEAD * len(self.places)))  # at the end, something for all
        bundle: list[Ticket] = []
        while self.queue and len(bundle) < min(self.length, most) and not self.queue[0].tries:
            bundle.append(self.queue.popleft())
        return bundle

    # -- who comes and goes ------------------------------------------------------------------------

    def join(self, engine: Engine) -> None:
        """A further engine; it gets something to do from now on."""
        if not self.lost:
            self.places.append(Place(engine))

    def drop_silent(self) -> None:
        """Give up engines that have not answered for too long."""
        now = self._clock()
        for place in tuple(self.places):
            if place.bundles and now - place.heard > self._timeout:
                why = f"the engine did not answer for {self._timeout:g} s and was given up"
                self.give_up(place, why)

    def give_up(self, place: Place, why: str) -> None:
        """An engine is gone: what it held is done again elsewhere, but not more than so often."""
        self.places.remove(place)
        for ticket in reversed([ticket for bundle in place.bundles for ticket in bundle]):
            if ticket.tries >= TRIES:
                ticket.future.set_result(_all_failed(ticket.job, place.engine.name, why))
            else:
                self.queue.appendleft(ticket)
        place.engine.close()
        new = place.engine.renew() if self._renewals else None
        if new is not None:
            self._renewals -= 1
            self.places.append(Place(new))
        if not self.places:
            self.lose(f"no engine is left; the last, {place.engine.name}, went because {why}")

    def lose(self, why: str) -> None:
        """There is nobody to do anything: who waits hears of it."""
        self.lost = why
        held = [ticket for place in self.places for bundle in place.bundles for ticket in bundle]
        places, self.places = self.places, []
        for ticket in (*held, *self.queue):
            if not ticket.future.done():
                ticket.future.set_exception(EnginesLostError(why))
        self.queue.clear()
        for place in places:
            place.engine.close()

    def leave_out(self) -> None:
        """Begin no further job: those that wait are cancelled."""
        for ticket in self.queue:
            ticket.future.cancel()
        self.queue.clear()


def _all_failed(job: Job, engine: str, why: str) -> Outcome:
    """The outcome of a job that nobody can do."""
    reason = f"{why}; it was tried {TRIES} times, and this pixel may be why"
    pixels = zip(job.pixels.tolist(), job.starts, strict=True)
    failures = tuple(Failure(pixel, start, reason, engine) for pixel, start in pixels)
    none, slots = np.empty(0), job.starts.shape[1]
    rows = np.empty((0, slots))
    return Outcome(np.empty(0, dtype=np.intp), rows, rows.copy(), none, none.copy(), failures)
