"""What a button started: a fit in a thread of its own, so that the kernel stays free."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from math import isfinite
from threading import Thread
from typing import Any
from weakref import WeakKeyDictionary, WeakSet, ref

import numpy as np
import traitlets as t

from hsjupyter.core.errors import ModelError
from hsjupyter.core.model import BaseModel
from hsjupyter.gui.history import History
from hsjupyter.gui.records import FailureRecord, RunRecord
from hsjupyter.schedule.run import Run

OVER = ("cancelled", "done", "failed")

MOST = 200
"""Failures that a browser is told of."""

AWAITED: WeakSet[Run] = WeakSet()
"""Runs that a cell waits for: the kernel hears nothing else until they are over."""


class Work(t.HasTraits):
    """What is under way for one model; every host of the model shows it."""

    busy = t.Unicode("", help="what runs now: 'fit' or 'multifit'; empty when nothing does")
    run = t.Any(None, allow_none=True, help="a RunRecord of the last fit of many pixels")
    history: History

    def __init__(self) -> None:
        super().__init__()
        self.options: dict[str, Any] = {}  # of every fit of many pixels that a button starts

    def start(self, what: str, job: Callable[[], Any]) -> Future[Any]:
        """Do a job in a thread.

        Parameters
        ----------
        what : str
            Its name, shown meanwhile.
        job : callable
            Called without argument.

        Returns
        -------
        Future
            Of the job's result; it carries the job's error.

        Raises
        ------
        ModelError
            Something runs already.
        """
        self._begin(what)
        answer: Future[Any] = Future()

        def do() -> None:
            try:
                result = job()
            except Exception as error:  # noqa: BLE001 - it travels on in the future
                self.busy = ""
                answer.set_exception(error)
            else:
                self.busy = ""
                answer.set_result(result)

        Thread(target=do, name=f"hsjupyter {what}", daemon=True).start()
        return answer

    def _begin(self, what: str) -> None:
        if self.busy:
            raise ModelError(f"{what}: a {self.busy} is running; wait for it, or cancel it first")
        self.busy = what

    def follow(self, run: Any) -> None:
        """Show a run until it is over.

        Parameters
        ----------
        run : Run
            What ``multifit(block=False)`` returned.
        """
        self._current = run
        self.busy = "multifit"
        run.observe(self._take, ["state", "done", "total", "note"])
        self._take(None)

    @staticmethod
    def when_over(run: Any, call: Callable[[], None]) -> None:
        """Call once a run is over, from whatever thread ends it; at once where it is."""
        waiting = [call]

        def look(_change: Any) -> None:
            if run.state in OVER and waiting:
                run.unobserve(look, ["state"])
                waiting.pop()()

        run.observe(look, ["state"])
        look(None)

    def _take(self, _change: Any) -> None:
        run = self._current
        if run is None:
            return
        self.run = record_of(run)
        if run.state in OVER:
            run.unobserve(self._take, ["state", "done", "total", "note"])
            self._current = None
            self.busy = ""

    def pause(self) -> None:
        """Begin no further pixels for a while.

        Raises
        ------
        ModelError
            Nothing runs.
        """
        self._going("pause").pause()

    def resume(self) -> None:
        """Go on; on this machine, where the engines are gone.

        Raises
        ------
        ModelError
            Nothing waits.
        """
        run = self._going("resume")
        run.resume(**({"workers": None} if run.note else {}))

    def _going(self, what: str) -> Any:
        if self._current is None:
            raise ModelError(f"{what}: no fit of many pixels is running; begin one")
        return self._current

    def cancel(self) -> None:
        """End the run; what is finished stays.

        Raises
        ------
        ModelError
            Nothing that can be cancelled runs.
        """
        if self._current is None:
            raise ModelError("cancel: no fit of many pixels is running; there is nothing to end")
        self._current.cancel()

    _current: Any = None


def record_of(run: Any) -> RunRecord:
    """A run as the browser is told it."""
    return RunRecord(
        state=str(run.state),
        done=int(run.done),
        total=int(run.total),
        failures=len(run.failures),
        seconds=float(run.seconds),
        rate=_known(run.rate),
        eta=_known(run.eta),
        awaited=run in AWAITED,
        note=str(run.note),
        failed=[FailureRecord(place=_place(run, f), reason=f.reason) for f in run.failures[:MOST]],
    )


def _known(number: float) -> float | None:
    return number if isfinite(number) else None


def _place(run: Any, failure: Any) -> list[int]:
    """The indices of a pixel, the fastest axis first; none where the run is of no model."""
    if run.model is None:
        return []
    manager = run.model.axes_manager
    if not manager.navigation_axes:
        return []
    return [int(i) for i in np.unravel_index(failure.pixel, manager.map_shape)[::-1]]


_works: WeakKeyDictionary[BaseModel, ref[Work]] = WeakKeyDictionary()


def work_of(model: BaseModel) -> Work:
    """What is under way for a model, and what was edited in it by hand."""
    known = _works.get(model)
    work = None if known is None else known()
    if work is None:
        work = Work()
        work.history = History(model)
        _works[model] = ref(work)
        # Whoever began it, a button or a cell, every view shows it. By this the model holds what
        # is known of it here, and not the other way round: its history holds its components.
        model.observe(_follower(work), "run")
        going = getattr(model, "run", None)
        if going is not None and going.state not in OVER:
            work.follow(going)
    return work


def _follower(work: Work) -> Callable[[Any], None]:
    return lambda change: work.follow(change["new"])


def history_of(model: BaseModel) -> History:
    """What was edited in a model by hand."""
    return work_of(model).history
