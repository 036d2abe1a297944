"""Run: a fit of many pixels under way; what every progress view watches."""

import threading
import time
from collections.abc import Generator
from typing import Any

import numpy as np
import traitlets as t

from hsjupyter.core.door import open_gui
from hsjupyter.core.errors import FitError


class Run(t.HasTraits):
    """A fit of many pixels under way.

    Parameters
    ----------
    total : int
        How many pixels are to be fitted.
    """

    state = t.Enum(["waiting", "running", "cancelled", "done", "failed"], "waiting")
    done = t.Int(0, help="pixels taken in, failed ones included")
    total = t.Int(0, help="pixels to fit")
    failures: t.List[Any] = t.List(help="the pixels that could not be fitted, with the reason")

    def __init__(self, total: int) -> None:
        super().__init__(total=total)
        self._began = self._ended = 0.0
        self.stop = np.zeros(1, dtype=np.int64)  # an array: compiled code reads it as well
        self._finished = threading.Event()
        self.error: BaseException | None = None

    @property
    def rate(self) -> float:
        """Pixels a second so far; NaN before the first."""
        passed = (self._ended or time.monotonic()) - self._began
        return self.done / passed if self.done and passed > 0 else float("nan")

    @property
    def eta(self) -> float:
        """Seconds left at the rate so far; NaN before the first pixel."""
        return (self.total - self.done) / self.rate

    @property
    def stopping(self) -> bool:
        """Whether `cancel` was asked for: no further job is begun."""
        return bool(self.stop[0])

    def cancel(self) -> None:
        """Begin no further pixels; those under way are still taken in, the others stay unset."""
        self.stop[0] = 1

    def begin(self) -> None:
        """Set the clock going; called by the driver."""
        self._began = time.monotonic()
        self.state = "running"

    def end(self, error: BaseException | None = None) -> None:
        """Say that nothing more will come; called by the driver."""
        self._ended = time.monotonic()
        self.error = error
        ended = "cancelled" if self.stopping and self.done < self.total else "done"
        self.state = "failed" if error is not None else ended
        self._finished.set()

    def wait(self, timeout: float | None = None) -> "Run":
        """Wait for the end.

        Parameters
        ----------
        timeout : float, optional
            In seconds; without it as long as it takes.

        Raises
        ------
        FitError
            The run failed, or did not end in time.
        """
        if not self._finished.wait(timeout):
            raise FitError(f"{self!r} did not end within {timeout:g} s; wait longer or cancel()")
        if self.error is not None:
            raise self.error
        return self

    def __await__(self) -> Generator[Any, None, "Run"]:
        import asyncio

        return asyncio.to_thread(self.wait).__await__()

    def gui(self, **options: Any) -> Any:
        """Show progress and a Cancel button in the notebook."""
        return open_gui(self, "gui", **options)

    def __repr__(self) -> str:
        failed = f", {len(self.failures)} failed" if self.failures else ""
        return f"<Run: {self.state}, {self.done} of {self.total} pixels{failed}>"
