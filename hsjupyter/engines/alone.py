"""One slow pixel on an engine: what its search finds on the way is told here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

from hsjupyter.core import errors
from hsjupyter.core.errors import EnginesLostError, FitError
from hsjupyter.engines.cluster import client_of
from hsjupyter.engines.crew import TRIES, EngineGoneError
from hsjupyter.engines.ipp import apply, ask_each, facts_of, has_died, name_of
from hsjupyter.engines.travel import refuse_homeless, strangers
from hsjupyter.fitting import optimizers
from hsjupyter.fitting.call import FitCall
from hsjupyter.fitting.objective import Objective
from hsjupyter.fitting.plan import Array
from hsjupyter.fitting.result import FitResult
from hsjupyter.fitting.solve import solve_pixel
from hsjupyter.fitting.telling import telling

__all__ = ["optimizers", "search", "solve_on_engine"]

LOOK = 0.1
"""Seconds between two looks at what was found."""


def search(objective: Objective, optimizer: str, options: dict[str, Any]) -> FitResult:
    """On an engine: fit one pixel, and publish the best numbers so far."""
    from ipyparallel.datapub import publish_data

    asked = telling(objective, lambda row: publish_data({"row": row}))
    return solve_pixel(asked, optimizer, options)


def solve_on_engine(
    client: Any, objective: Objective, call: FitCall, tell: Callable[[Array], None]
) -> FitResult:
    """Fit one pixel on the engine of a cluster that has the least to do.

    Parameters
    ----------
    client : ipyparallel.Client, Cluster or str
    objective : Objective
    call : FitCall
    tell : callable
        Gets the best row so far, (slot,), at most ten times a second.

    Raises
    ------
    EnginesLostError
        There is no engine, or several died of it.
    FitError
        As `solve_pixel`; or something cannot travel, or versions differ.
    LibraryMissing
        The engine has not what the model needs.
    """
    client = client_of(client)
    extra = [thing for thing in (call.loss.terms, *call.options.values()) if callable(thing)]
    modules, homeless = strangers(objective.plan, extra)
    refuse_homeless(homeless, "an engine")
    tried = 0
    for number in _by_load(client):
        for view, answer in ask_each(client, [number], tuple(modules)):
            if tried == TRIES or facts_of(client, view, answer) is None:
                continue
            tried += 1
            try:
                return _follow(client, view, (objective, call.optimizer, call.options), tell)
            except EngineGoneError:  # another one does it again
                continue
    raise EnginesLostError(
        f"fit: {client!r} has no engine that could do it, {tried} died of it or on the way; start "
        "some, e.g. client = hs.cluster(n=2), or fit here: without client="
    )


def _by_load(client: Any) -> list[int]:
    """The engines, those with the least to do first."""
    there = list(client.ids)
    if not there:
        return []
    state = client.queue_status()

    def load(number: int) -> int:
        held = state.get(number, {})
        return int(held.get("queue", 0)) + int(held.get("tasks", 0))

    return sorted(there, key=load)


def _follow(
    client: Any, view: Any, words: tuple[Any, ...], tell: Callable[[Array], None]
) -> FitResult:
    """What an engine finds; on the way, what it has found so far."""
    answer, last = apply(view, search, *words), None
    try:
        while not answer.wait(LOOK):
            if view.targets not in client.ids:
                raise EngineGoneError("it died")
            row = answer.data.get("row")
            if row is not None and row is not last:
                tell(row)
            last = row
    except KeyboardInterrupt:
        client.send_signal("SIGINT", targets=view.targets, block=False)
        raise
    wrong = answer.exception()
    if wrong is not None:
        _raise_here(wrong, name_of(view))
    found: FitResult = answer.result()
    return found


def _raise_here(wrong: BaseException, engine: str) -> NoReturn:
    """Raise what an engine raised; its own kind, where that is one of ours."""
    if has_died(wrong):
        raise EngineGoneError("it died") from wrong
    name, words = getattr(wrong, "ename", type(wrong).__name__), getattr(wrong, "evalue", wrong)
    kind = getattr(errors, str(name), None)
    if isinstance(kind, type) and issubclass(kind, errors.HSJupyterError):
        raise kind(str(words)) from wrong
    raise FitError(f"fit: {engine} raised {name}: {words}; fit here: without client=") from wrong
