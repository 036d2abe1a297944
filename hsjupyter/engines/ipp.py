"""ipyparallel: engines on this machine, or of a Slurm, PBS, SSH or MPI cluster."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from typing import Any, Self
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

from hsjupyter.core.errors import EnginesLostError, FitError, LibraryMissing
from hsjupyter.engines.crew import Crew, EngineGoneError
from hsjupyter.engines.crew_executor import CrewExecutor
from hsjupyter.engines.travel import refuse_facts, refuse_homeless, strangers
from hsjupyter.engines.worker import Report, keep, look, work_bundle
from hsjupyter.fitting.jobs import Job, Pixels
from hsjupyter.fitting.plan import Plan

PATIENCE = 60.0
"""Seconds for engines to say what they are; the first import there takes some."""

SILENCE = 15.0
"""Seconds without a word from the controller after which the cluster is taken for gone."""


class IppEngine:
    """One engine, which keeps the plan.

    Parameters
    ----------
    view : ipyparallel.DirectView
        Of one engine.
    key : str
        Under which it keeps the plan.
    pixels : Pixels
    """

    def __init__(self, view: Any, key: str, pixels: Pixels) -> None:
        self.name = f"engine {view.targets}"
        self._view, self._key, self._pixels = view, key, pixels

    def send(self, jobs: list[Job]) -> Future[Report]:
        """Begin a bundle; its data go along."""
        import ipyparallel

        answer: Future[Report] = Future()
        bundle = [(job, self._pixels.part(job.pixels)) for job in jobs]
        try:
            done = self._view.apply_async(work_bundle, self._key, bundle, self.name)
        except OSError as closed:
            answer.set_exception(EngineGoneError(f"its client is closed ({closed})"))
            return answer
        except (IndexError, ipyparallel.NoEnginesRegistered):  # gone since the last look
            answer.set_exception(EngineGoneError("it died"))
            return answer
        done.add_done_callback(partial(_hand_on, answer))
        return answer

    def renew(self) -> None:
        """A cluster has the engines that it has."""
        return

    def close(self) -> None:
        """It stays, for others."""


def _hand_on(answer: Future[Report], done: Any) -> None:
    import ipyparallel

    error = done.exception()
    if error is None:
        answer.set_result(done.result())
    elif isinstance(error, ipyparallel.EngineError) or (
        isinstance(error, ipyparallel.RemoteError) and error.ename == "EngineError"
    ):
        answer.set_exception(EngineGoneError("it died"))
    else:
        answer.set_exception(error)


def ipp_executor(
    plan: Plan, pixels: Pixels, stop: NDArray[np.int64], client: Any, timeout: float
) -> CrewExecutor:
    """Engines of a cluster, each with the plan.

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
    asked = list(_ask_each(client, tuple(modules)))
    views = [view for view, answer in asked if _can_begin(answer, f"engine {view.targets}")]
    if not views:
        raise EnginesLostError(
            f"multifit: {client!r} has no engines; start some, e.g. client = hs.cluster(n=2)"
        )
    key = uuid4().hex
    for view in views:
        with suppress(IndexError):  # it died since: its first bundle says so
            view.apply_async(keep, key, plan)
    watch = _Pulse(client).watch
    return CrewExecutor([IppEngine(view, key, pixels) for view in views], stop, timeout, watch)


def _ask_each(client: Any, modules: tuple[str, ...]) -> Iterator[tuple[Any, Any]]:
    for number in client.ids:
        try:
            view = client[number]
            yield view, view.apply_async(look, modules)
        except IndexError:  # it died since
            continue


def _can_begin(answer: Any, engine: str) -> bool:
    """Whether an engine is there and has what is needed; False for one that died meanwhile."""
    import ipyparallel

    try:
        refuse_facts(answer.get(timeout=PATIENCE), engine)
    except ipyparallel.RemoteError as wrong:
        if wrong.ename == "EngineError":
            return False
        if wrong.ename in {"ModuleNotFoundError", "ImportError"}:
            raise LibraryMissing(
                f"multifit: {engine} cannot import what is needed ({wrong.evalue}); install it "
                "there, or fit here: without client="
            ) from wrong
        raise FitError(f"multifit: {engine} cannot begin: {wrong.ename}: {wrong.evalue}") from wrong
    except (ipyparallel.EngineError, TimeoutError):
        return False
    return True


class _Pulse:
    """Asks the controller again and again whether it is there; engines cannot say that it is not.

    Parameters
    ----------
    client : ipyparallel.Client
    """

    def __init__(self, client: Any) -> None:
        self._client = client
        self._heard = time.monotonic()
        self._asking: threading.Thread | None = None

    def watch(self, crew: Crew) -> None:
        """Lose the crew when nobody has answered for too long."""
        now = time.monotonic()
        heard = max([self._heard, *(place.heard for place in crew.places)])
        if now - heard > SILENCE and crew.places:
            crew.lose(f"the cluster has not answered for {SILENCE:g} s")
        gone = set(self._client.ids)
        for place in tuple(crew.places):
            number = int(place.engine.name.rpartition(" ")[2])
            if number not in gone and place in crew.places:
                crew.give_up(place, "it died")
        if now - self._heard > SILENCE / 5 and (
            self._asking is None or not self._asking.is_alive()
        ):
            # A thread of its own: where nobody answers, it waits for ever.
            self._asking = threading.Thread(target=self._ask, daemon=True)
            self._asking.start()

    def _ask(self) -> None:
        try:
            self._client.queue_status(targets=self._client.ids[:1] or "all")
        except (OSError, RuntimeError, ValueError, TypeError, IndexError):
            return
        self._heard = time.monotonic()


class Cluster:
    """Engines that were started here; ``client=`` takes it, and it ends as a context.

    Parameters
    ----------
    n : int
        How many engines.
    **options
        Of ``ipyparallel.Cluster``: ``engines="slurm"``, ``profile=``, ...
    """

    def __init__(self, n: int | None = None, **options: Any) -> None:
        import ipyparallel

        self.launcher = ipyparallel.Cluster(n=n, **{"log_level": 40, **options})
        self.client: Any = self.launcher.start_and_connect_sync(activate=False)

    @property
    def ids(self) -> list[int]:
        """The engines that are there."""
        return list(self.client.ids)

    def refill(self, n: int, timeout: float = PATIENCE) -> None:
        """Start as many engines as are missing to a number, and wait for them."""
        missing = n - len(self.ids)
        if missing > 0:
            self.launcher.start_engines_sync(n=missing)
            self.client.wait_for_engines(n, timeout=timeout)

    def close(self) -> None:
        """End the engines."""
        self.client.close()
        self.launcher.stop_cluster_sync()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<cluster of {len(self.ids)} engines>"


def cluster(n: int | None = None, **options: Any) -> Cluster:
    """Start engines on this machine, or where a launcher of ipyparallel puts them.

    Parameters
    ----------
    n : int, optional
        How many engines; one for every processor where not given.
    **options
        Of ``ipyparallel.Cluster``: ``engines="slurm"``, ``"pbs"``, ``"ssh"``, ``"mpi"``, ...

    Returns
    -------
    Cluster
        For ``m.multifit(client=...)``; ``close()`` ends it, as does ``with``.

    Raises
    ------
    LibraryMissing
        ipyparallel is not installed.
    """
    _need()
    return Cluster(n, **options)


def client_of(client: Any) -> Any:
    """The ipyparallel client that is meant.

    Parameters
    ----------
    client : ipyparallel.Client, Cluster or str
        A text is the name of a profile whose cluster runs.
    """
    _need()
    import ipyparallel

    if isinstance(client, str):
        return ipyparallel.Client(profile=client)
    found = getattr(client, "client", client)
    if not isinstance(found, ipyparallel.Client):
        raise FitError(
            f"multifit: client={client!r} came; an ipyparallel client, what hs.cluster() gives, or "
            "the name of a profile is wanted"
        )
    return found


def _need() -> None:
    try:
        import ipyparallel  # noqa: F401 - whether it is there
    except ModuleNotFoundError as missing:
        raise LibraryMissing(
            "engines need ipyparallel: pip install 'hsjupyter[parallel]'; without it: "
            "m.multifit(workers=2)"
        ) from missing
