"""Who is there: a cluster that is gone is noticed, and engines that join it are welcome."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

from hsjupyter.core.errors import FitError, LibraryMissing
from hsjupyter.engines.crew import Crew, Engine

_LOG = logging.getLogger("hsjupyter")

SILENCE = 15.0
"""Seconds without a word from the controller after which the cluster is taken for gone."""

Ask = Callable[[list[int]], Iterable[tuple[Any, Any]]]
"""Numbers of engines -> views of them, and what will say whether they can begin."""


class Pulse:
    """Asks the controller again and again whether it is there; engines cannot say that it is not.

    Parameters
    ----------
    client : ipyparallel.Client
    ask : callable
        Asks engines whether they can begin.
    engine_of : callable
        The engine of a view that has answered; None where it has gone.
    known : set of int
        Engines that were asked before.
    """

    def __init__(
        self,
        client: Any,
        ask: Ask,
        engine_of: Callable[[Any, Any], Engine | None],
        known: set[int],
    ) -> None:
        self._client, self._ask, self._engine_of = client, ask, engine_of
        self._known, self._coming = known, list[tuple[Any, Any]]()
        self._heard = time.monotonic()
        self._asked: float | None = None  # when, of the first question without an answer
        self._asking: threading.Thread | None = None

    def watch(self, crew: Crew) -> None:
        """Lose the crew when nobody answers, give up who is gone, take in who came."""
        self._listen(crew)
        there = set(self._client.ids)
        for place in tuple(crew.places):
            if getattr(place.engine, "number", None) not in there and place in crew.places:
                crew.give_up(place, "it died")
        if crew.places:
            self._welcome(crew, there)

    def _listen(self, crew: Crew) -> None:
        now = time.monotonic()
        heard = max([self._heard, *(place.heard for place in crew.places)])
        # Counted from a question: a thread that could not run for a while has heard nothing either.
        if self._asked is not None and now - max(self._asked, heard) > SILENCE and crew.places:
            crew.lose(f"the cluster has not answered for {SILENCE:g} s")
        waits = self._asking is not None and self._asking.is_alive()
        if now - self._heard > SILENCE / 5 and not waits:
            self._asked = self._asked or now
            # A thread of its own: where nobody answers, it waits for ever.
            self._asking = threading.Thread(target=self._query, name="hsjupyter-pulse", daemon=True)
            self._asking.start()

    def _query(self) -> None:
        import ipyparallel

        try:
            self._client.queue_status()
        except ipyparallel.error.KernelError:  # that is an answer
            _LOG.debug("the controller answers, but not with the state of its engines")
        except (OSError, RuntimeError):  # the client is closed
            return
        self._heard, self._asked = time.monotonic(), None

    def _welcome(self, crew: Crew, there: set[int]) -> None:
        """Engines that came since the last look work from now on, if they can."""
        new = sorted(there - self._known)
        self._known |= set(new)
        if new:
            self._coming += self._ask(new)
        for pair in tuple(self._coming):
            view, answer = pair
            if not answer.ready():
                continue
            self._coming.remove(pair)
            try:
                engine = self._engine_of(view, answer)
            except (FitError, LibraryMissing) as wrong:  # the others go on
                _LOG.warning("an engine that joined is left out: %s", wrong)
                continue
            if engine is not None:
                crew.join(engine)
