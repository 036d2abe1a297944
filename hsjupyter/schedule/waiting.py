"""The two ways to wait for the driver: in this thread, and in one of its own."""

import threading
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from typing import Any

from hsjupyter.schedule.driver import Futures, Steps
from hsjupyter.schedule.run import GRACE, INTERVAL, Run

Box = SimpleQueue["Future[Any] | None"]


def drive(steps: Steps, run: Run) -> None:
    """Drive to the end, waiting in this thread; an error ends in the run, and is not raised."""
    box: Box = SimpleQueue()
    run.wake = lambda: box.put(None)
    run.begin()
    try:
        begun = next(steps, None)
        while begun is not None and not run.over:
            for future in begun:
                future.add_done_callback(box.put)
            begun = _send(steps, _wait(box, run))
    except Exception as wrong:  # noqa: BLE001 - kept in the run, which `wait` raises
        run.end(wrong)
    finally:
        run.wake = _nothing
        steps.close()
    run.end()


def _wait(box: Box, run: Run) -> Futures:
    """What is done; empty when the run was woken, and when it waits no longer."""
    done: list[Future[Any] | None] = []
    while not done:
        try:
            done.append(box.get(timeout=INTERVAL))
        except Empty:
            run.publish()
            if run.overdue:
                run.end()
                return []
    while not box.empty():
        done.append(box.get())
    return [future for future in done if future is not None]


def _send(steps: Steps, done: Futures) -> Futures | None:
    try:
        return steps.send(done)
    except StopIteration:
        return None


def _nothing() -> None:
    """Nobody drives."""


def in_thread(steps: Steps, run: Run) -> None:
    """Drive to the end in a thread of its own, and return at once.

    Where there are no threads, as in a browser's Python, it is driven here.
    """
    thread = threading.Thread(target=drive, args=(steps, run), name="hsjupyter-drive", daemon=True)
    try:
        thread.start()
    except RuntimeError:
        drive(steps, run)


def blocking(run: Run) -> None:
    """Wait for a run in this thread.

    An interrupt cancels the run: what is under way is taken in, then the interrupt goes on.

    Raises
    ------
    FitError
        As `Run.wait`.
    """
    try:
        run.wait()
    except KeyboardInterrupt:
        run.cancel()
        run.settle(10 * GRACE)
        raise
