"""The two ways to wait for the driver: blocking, and in the event loop."""

from concurrent.futures import FIRST_COMPLETED, wait

from hsjupyter.schedule.driver import Futures, Steps
from hsjupyter.schedule.run import Run


def blocking(steps: Steps, run: Run) -> None:
    """Drive to the end, waiting in this thread.

    An interrupt stops the run as `Run.cancel` does: what is in flight is taken in, then the
    interrupt goes on to the caller.
    """
    run.begin()
    interrupt: KeyboardInterrupt | None = None
    try:
        waiting = next(steps, None)
        while waiting is not None:
            try:
                done = wait(waiting, return_when=FIRST_COMPLETED).done
            except KeyboardInterrupt as pressed:
                run.cancel()
                interrupt, done = pressed, set()
            waiting = _send(steps, done)
    except Exception as wrong:
        run.end(wrong)
        raise
    except KeyboardInterrupt:  # while a job ran in this very thread: it is lost, the rest is kept
        run.cancel()
        run.end()
        raise
    run.end()
    if interrupt is not None:
        raise interrupt


def _send(steps: Steps, done: Futures) -> Futures | None:
    try:
        return steps.send(done)
    except StopIteration:
        return None


async def in_loop(steps: Steps, run: Run) -> None:
    """Drive to the end in the event loop, which stays free for other work meanwhile."""
    import asyncio

    run.begin()
    try:
        waiting = next(steps, None)
        while waiting is not None:
            wrapped = {asyncio.wrap_future(future): future for future in waiting}
            done, _ = await asyncio.wait(wrapped, return_when=asyncio.FIRST_COMPLETED)
            waiting = _send(steps, {wrapped[one] for one in done})
    except Exception as wrong:
        run.end(wrong)
        raise
    run.end()
