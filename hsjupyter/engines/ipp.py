"""ipyparallel: engines on this machine, or of a Slurm, PBS, SSH or MPI cluster."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import Future
from functools import partial
from typing import Any
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

from hsjupyter.core.errors import EnginesLostError, FitError, LibraryMissing
from hsjupyter.engines.cluster import PATIENCE, client_of
from hsjupyter.engines.crew import EngineGoneError
from hsjupyter.engines.crew_executor import CrewExecutor
from hsjupyter.engines.lending import Lender, sign, take_back
from hsjupyter.engines.pulse import Pulse
from hsjupyter.engines.travel import refuse_facts, refuse_homeless, strangers
from hsjupyter.engines.worker import Bundle, Facts, Report, keep, look, work_bundle
from hsjupyter.fitting.jobs import Job, Pixels
from hsjupyter.fitting.plan import Plan


class IppEngine:
    """One engine, which keeps the plan.

    Parameters
    ----------
    view : ipyparallel.DirectView
        Of one engine.
    key : str
        Under which it keeps the plan.
    plan : Plan
    pixels : Pixels
    lender : Lender or None
        Of the pixels, where the engine reads what is lent.
    """

    def __init__(
        self, view: Any, key: str, plan: Plan, pixels: Pixels, lender: Lender | None
    ) -> None:
        self.name = name_of(view)
        self.number = int(view.targets)
        self._view, self._key, self._plan, self._pixels = view, key, plan, pixels
        self._lender = lender
        self._kept = self._apply(keep, key, plan)

    def send(self, jobs: list[Job]) -> Future[Report]:
        """Begin a bundle; its data are lent, or go along."""
        answer: Future[Report] = Future()
        self._begin(jobs, answer, again=True)
        return answer

    def renew(self) -> None:
        """A cluster has the engines that it has."""
        return

    def close(self) -> None:
        """It stays, for others."""

    def _begin(self, jobs: list[Job], answer: Future[Report], *, again: bool) -> None:
        which, lender = np.concatenate([job.pixels for job in jobs]), self._lender
        pixels, memory = lender.lend(which) if lender else (self._pixels.part(which), None)
        done = self._apply(work_bundle, Bundle(self._key, jobs, pixels, self.name))

        def hand_on(done: Future[Report]) -> None:
            if done.exception() is None:
                take_back(memory)
            try:
                self._hand_on(jobs, answer, done, again=again, lent=lender is not None)
            except Exception as wrong:  # noqa: BLE001 - data that cannot be read: whoever waits hears
                answer.set_exception(wrong)

        done.add_done_callback(hand_on)

    def _apply(self, function: Any, *words: Any) -> Future[Any]:
        """What an engine answers; where it is gone, its `EngineGoneError`."""
        gone: Future[Any] = Future()
        try:
            answer: Future[Any] = apply(self._view, function, *words)
        except EngineGoneError as wrong:
            gone.set_exception(wrong)
            return gone
        return answer

    def _hand_on(
        self,
        jobs: list[Job],
        answer: Future[Report],
        done: Future[Report],
        *,
        again: bool,
        lent: bool,
    ) -> None:
        error = done.exception()
        name = getattr(error, "ename", "")
        if error is None:
            answer.set_result(done.result())
        elif has_died(error):
            answer.set_exception(EngineGoneError("it died"))
        elif lent and name == "OutOfReachError":
            self._lender = None  # from now on data are sent
            self._begin(jobs, answer, again=again)
        elif again and name == "PlanUnknownError":
            # Other runs have pushed it out there, or there was no room for it.
            self._kept = self._apply(keep, self._key, self._plan)
            self._begin(jobs, answer, again=False)
        elif name == "PlanUnknownError":
            answer.set_exception(FitError(f"multifit: {self.name} cannot keep the model: {error}"))
        else:
            answer.set_exception(error)


def apply(view: Any, function: Any, *words: Any) -> Any:
    """Begin a function on an engine; its future.

    Raises
    ------
    EngineGoneError
        It is gone since the last look, or the client is closed.
    """
    import ipyparallel

    try:
        return view.apply_async(function, *words)
    except (OSError, RuntimeError) as closed:
        raise EngineGoneError(f"its client is closed ({closed})") from closed
    except (IndexError, ipyparallel.NoEnginesRegistered) as gone:
        raise EngineGoneError("it died") from gone


def name_of(view: Any) -> str:
    """What an engine is called in what a person reads."""
    return f"engine {view.targets}"


def has_died(error: BaseException) -> bool:
    """Whether an error says that an engine has died."""
    import ipyparallel

    return isinstance(error, EngineGoneError | ipyparallel.EngineError) or (
        isinstance(error, ipyparallel.RemoteError) and error.ename == "EngineError"
    )


def ipp_executor(
    plan: Plan, pixels: Pixels, stop: NDArray[np.int64], client: Any, timeout: float
) -> CrewExecutor:
    """Engines of a cluster, each with the plan; those that join it later work as well.

    Parameters
    ----------
    plan, pixels, stop
        As of `executor_for`.
    client : ipyparallel.Client, Cluster or str
    timeout : float
        Seconds after which an engine that does not answer is given up.

    Raises
    ------
    EnginesLostError
        There are none.
    FitError
        Something in the plan cannot travel, or versions differ.
    LibraryMissing
        An engine has not what the plan needs.
    """
    client = client_of(client)
    modules, homeless = strangers(plan)
    refuse_homeless(homeless, "an engine")
    asked = dict(ask_each(client, client.ids, tuple(modules)))
    known = {view: facts_of(client, view, answer) for view, answer in asked.items()}
    if not any(known.values()):
        raise EnginesLostError(
            f"multifit: {client!r} has no engines; start some, e.g. client = hs.cluster(n=2)"
        )
    key, lender = uuid4().hex, Lender(pixels)

    def engine_of(view: Any, facts: Facts | None) -> IppEngine | None:
        near = lender if facts is not None and facts.near else None
        return None if facts is None else IppEngine(view, key, plan, pixels, near)

    pulse = Pulse(
        client,
        partial(ask_each, client, modules=tuple(modules)),
        lambda view, answer: engine_of(view, facts_of(client, view, answer)),
        {int(view.targets) for view in asked},
    )
    engines = [engine_of(view, facts) for view, facts in known.items()]
    return CrewExecutor([each for each in engines if each is not None], stop, timeout, pulse.watch)


def ask_each(
    client: Any, numbers: list[int], modules: tuple[str, ...]
) -> Iterator[tuple[Any, Any]]:
    """Views of engines, and what will say whether they can begin."""
    import ipyparallel

    for number in numbers:
        try:
            view = client[number]
            yield view, apply(view, look, modules, sign())
        except (IndexError, ipyparallel.NoEnginesRegistered, EngineGoneError):  # it died since
            continue


def facts_of(client: Any, view: Any, answer: Any) -> Facts | None:
    """What an engine is, which has what is needed; None for one that died meanwhile."""
    import ipyparallel

    engine = name_of(view)
    end = time.monotonic() + PATIENCE
    # In short pieces: what was sent to an engine in the moment of its end is never answered.
    while not answer.wait(0.2) and time.monotonic() < end:
        if view.targets not in client.ids:
            return None
    try:
        facts: Facts = answer.get(timeout=0)
        refuse_facts(facts, engine)
    except ipyparallel.RemoteError as wrong:
        if has_died(wrong):
            return None
        if wrong.ename in {"ModuleNotFoundError", "ImportError"}:
            raise LibraryMissing(
                f"multifit: {engine} cannot import what is needed ({wrong.evalue}); install it "
                "there, or fit here: without client="
            ) from wrong
        raise FitError(f"multifit: {engine} cannot begin: {wrong.ename}: {wrong.evalue}") from wrong
    except (ipyparallel.EngineError, TimeoutError):
        return None
    return facts
