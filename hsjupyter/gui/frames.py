"""Sends at most so often; the newest wins."""

from __future__ import annotations

import sys
from asyncio import get_running_loop
from collections.abc import Callable
from threading import Lock, Timer
from typing import Protocol

FRAME = 1 / 60
"""Seconds between two sendings of numbers: no screen shows more."""

LINE = 1 / 20
"""Seconds between two lines that the kernel evaluates for a browser."""


class _Waiting(Protocol):
    def cancel(self) -> None: ...


def _later(seconds: float, call: Callable[[], None]) -> _Waiting:
    """Call after some seconds: by a thread, since a cell that runs holds up the event loop."""
    if sys.platform == "emscripten":  # a kernel inside a browser has no threads
        return get_running_loop().call_later(seconds, call)
    timer = Timer(seconds, call)
    timer.daemon = True
    timer.start()
    return timer


class Frames:
    """Calls ``send`` soon after it was woken, and not more often than every ``interval``.

    A fit that writes thirty parameters wakes it thirty times, and one message leaves.

    Parameters
    ----------
    send : callable
        Called without argument, from a thread of its own.
    interval : float
        Seconds.
    """

    def __init__(self, send: Callable[[], None], interval: float = FRAME) -> None:
        self._send = send
        self.interval = interval
        self._lock = Lock()
        self._timer: _Waiting | None = None
        self._closed = False

    def wake(self) -> None:
        """Something is to be sent, now or at the end of the interval."""
        with self._lock:
            if self._closed or self._timer is not None:
                return
            self._timer = _later(self.interval, self._fire)

    def _fire(self) -> None:
        with self._lock:
            self._timer = None
            if self._closed:
                return
        self._send()

    def flush(self) -> None:
        """Send now what waits, in this thread; nothing where nothing waits."""
        with self._lock:
            timer, self._timer = self._timer, None
        if timer is not None:
            timer.cancel()
            self._send()

    def close(self) -> None:
        """Send nothing any more."""
        with self._lock:
            self._closed = True
            timer, self._timer = self._timer, None
        if timer is not None:
            timer.cancel()
