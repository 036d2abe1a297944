"""Run: a fit of many pixels under way; what every progress view watches."""

import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from queue import SimpleQueue
from typing import Any

import numpy as np
import traitlets as t

from hsjupyter.core.door import open_gui
from hsjupyter.core.errors import FitError
from hsjupyter.fitting.jobs import Failure, Outcome

INTERVAL = 0.1
"""Seconds between two changes of `done`: eyes follow no faster, and traits wake views."""

GRACE = 0.7
"""Seconds after a cancel for which pixels under way are waited for."""

OVER = ("cancelled", "done", "failed")


class Run(t.HasTraits):
    """A fit of many pixels under way.

    Parameters
    ----------
    total : int
        How many pixels are to be fitted.
    model : BaseModel, optional
        What is fitted.
    """

    state = t.Enum(["waiting", "running", "paused", *OVER], "waiting", help="how it stands")
    done = t.Int(0, help="pixels taken in, failed ones included")
    total = t.Int(0, help="pixels to fit")
    rate = t.Float(float("nan"), help="pixels a second, pauses left out; NaN before the first")
    eta = t.Float(float("nan"), help="seconds left at this rate")
    failures: t.List[Any] = t.List(help="the pixels that could not be fitted, with the reason")
    note = t.Unicode("", help="why it does not go on, where nobody asked it to pause")

    def __init__(self, total: int, model: Any = None) -> None:
        super().__init__(total=total)
        self.model = model
        self.stop = np.zeros(1, dtype=np.int64)  # an array: compiled code reads it as well
        self.error: BaseException | None = None
        self.wake: Callable[[], None] = lambda: None  # set by who drives
        self.make_executor: Callable[..., Any] | None = None  # set by who begins
        self.at_end: list[Callable[[str], None]] = []
        """Called with the state that it ends in, before anybody hears of the end."""
        self.journal = ""  # the file it can be resumed from
        self.warned: list[str] = []  # what went wrong beside the fits
        self._counted, self._failed = 0, list[Failure]()
        self._before, self._published, self._stopped = 0, 0.0, 0.0
        self._worked: float = 0.0
        self._since: float | None = None
        self._moved: dict[str, Any] | None = None
        self._parts: SimpleQueue[Outcome] = SimpleQueue()
        self._lock = threading.RLock()
        self._held, self._finished = threading.Event(), threading.Event()

    # -- what a person asks ------------------------------------------------------------------------

    @property
    def stopping(self) -> bool:
        """Whether `cancel` was asked for: no further job is begun."""
        return bool(self.stop[0])

    @property
    def over(self) -> bool:
        """Whether nothing more will come."""
        return self.state in OVER

    @property
    def going(self) -> bool:
        """Whether jobs may begin."""
        return self.state == "running" and not self.stopping

    @property
    def complete(self) -> bool:
        """Whether every pixel is taken in."""
        return self._counted >= self.total

    def pause(self) -> None:
        """Begin no further pixels until `resume`; those under way are still taken in.

        Raises
        ------
        FitError
            It is over.
        """
        with self._lock:
            self._refuse_over("pause")
            if self.state in {"running", "waiting"}:
                self._clock(on=False)
                self.state = "paused"

    def resume(self, **where: Any) -> None:
        """Go on after a pause.

        Parameters
        ----------
        **where
            ``workers``, ``client`` and ``executor`` as of `multifit`: the rest is fitted there;
            where it was, without them.

        Raises
        ------
        FitError
            It is over, or its engines are gone and nothing was said of where to go on.
        """
        with self._lock:
            self._refuse_over("resume")
            if self.state != "paused":
                return
            if self.note and not where:
                raise FitError(f"{self!r}: {self.note}; say where to go on: run.resume(workers=2)")
            self._moved = where or None
            self.note = ""
            self._held.clear()
            self._clock(on=True)
            self.state = "running"
        self.wake()

    def cancel(self) -> None:
        """Begin no further pixels; those under way are still taken in, the others stay unset.

        A pixel that takes longer than a moment is not waited for.
        """
        self._stopped = self._stopped or time.monotonic()
        self.stop[0] = 1
        self.wake()

    def wait(self, timeout: float | None = None) -> "Run":
        """Wait for the end.

        Parameters
        ----------
        timeout : float, optional
            In seconds; without it as long as it takes.

        Raises
        ------
        FitError
            The run failed, did not end in time, or its engines are gone.
        """
        end = None if timeout is None else time.monotonic() + timeout
        # In short pieces: an interrupt is heard between them on every system.
        while not self._finished.wait(INTERVAL):
            if self._held.is_set():
                raise FitError(f"{self!r}: {self.note}; run.resume(workers=2) goes on here")
            if end is not None and time.monotonic() > end:
                raise FitError(f"{self!r} did not end within {timeout:g} s; wait longer or cancel")
        if self.error is not None:
            raise self.error
        return self

    def __await__(self) -> Generator[Any, None, "Run"]:
        import asyncio

        return asyncio.to_thread(self.wait).__await__()

    def gui(self, **options: Any) -> Any:
        """Show progress, a map that fills in, Pause and Cancel, and what failed."""
        return open_gui(self, "gui", **options)

    # -- what the driver tells ---------------------------------------------------------------------

    def go_on(self) -> None:
        """What was counted so far was done by an earlier run: it does not count for the rate."""
        self._before = self._counted
        self.publish()

    def warn(self, words: str) -> None:
        """Keep a warning for whoever waits: the thread that drives has nobody to tell."""
        self.warned.append(words)

    def begin(self) -> None:
        """Set the clock going."""
        with self._lock:
            if self.state == "waiting":
                self._clock(on=True)
                self.state = "running"

    def count(self, good: int, failures: Sequence[Failure] = ()) -> None:
        """Take in how many pixels came back; views hear of it at most ten times a second."""
        self._counted += good + len(failures)
        self._failed += failures
        if time.monotonic() - self._published >= INTERVAL:
            self.publish()

    def publish(self) -> None:
        """Tell what was counted."""
        if self.done == self._counted and len(self.failures) == len(self._failed):
            return
        self._published = time.monotonic()
        seconds = self.seconds
        if len(self.failures) != len(self._failed):
            self.failures = list(self._failed)
        if seconds > 0 and self._counted > self._before:
            self.rate = (self._counted - self._before) / seconds
            self.eta = (self.total - self._counted) / self.rate
        self.done = self._counted

    @property
    def first_failures(self) -> list[Failure]:
        """The failures, where no pixel could be fitted so far; else none."""
        return self._failed if self._counted - self._before == len(self._failed) else []

    def hold(self, why: str) -> None:
        """Pause by itself, since there is nowhere to go on."""
        with self._lock:
            if self.over or self.note:
                return
            self.publish()
            self._clock(on=False)
            self.note, self.state = why, "paused"
            self._held.set()

    def tell(self, part: Outcome) -> None:
        """Pixels of a job that takes long are done; from any thread."""
        self._parts.put(part)
        self.wake()

    def take_parts(self) -> Iterator[Outcome]:
        """What was told since, in order."""
        while not self._parts.empty():
            yield self._parts.get()

    def take_move(self) -> dict[str, Any] | None:
        """Where to go on from now, where that was asked for; once."""
        moved, self._moved = self._moved, None
        return moved

    @property
    def overdue(self) -> bool:
        """Whether it was cancelled so long ago that nothing more is waited for."""
        return self.stopping and time.monotonic() - self._stopped > GRACE

    def end(self, error: BaseException | None = None) -> None:
        """Say that nothing more will come."""
        with self._lock:
            if self.over:
                return
            self.publish()
            self._clock(on=False)
            self.error = error
            ended = "cancelled" if self.stopping and self.done < self.total else "done"
            ended = "failed" if error is not None else ended
        for each in self.at_end:
            each(ended)
        self.state = ended
        self._finished.set()

    def settle(self, seconds: float) -> None:
        """Wait for the end, however it comes, but no longer than this."""
        self._finished.wait(seconds)

    # -- the clock ---------------------------------------------------------------------------------

    def _clock(self, *, on: bool) -> None:
        now = time.monotonic()
        if self._since is not None:
            self._worked += now - self._since
        self._since = now if on else None

    @property
    def seconds(self) -> float:
        """Seconds of work so far, pauses left out."""
        return self._worked + (0.0 if self._since is None else time.monotonic() - self._since)

    def _refuse_over(self, what: str) -> None:
        if self.over:
            raise FitError(f"{what}: {self!r} is over; begin another, m.multifit(only='unset')")

    def __repr__(self) -> str:
        failed = f", {len(self._failed)} failed" if self._failed else ""
        left = (
            "" if not self.journal or self.state == "running" else f"; hs.resume({self.journal!r})"
        )
        return f"<Run: {self.state}, {self._counted} of {self.total} pixels{failed}{left}>"
