"""A run's progress as one line in a terminal."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tqdm.std import tqdm

from hsjupyter.schedule.run import Run


@contextmanager
def progress_line(run: Run, *, shown: bool) -> Iterator[None]:
    """Show how far a run is, its rate and the time left, while the block lasts.

    Parameters
    ----------
    run : Run
    shown : bool
        False shows nothing.
    """
    if not shown:
        yield
        return
    with tqdm(total=run.total, unit="px", mininterval=0.1, dynamic_ncols=True) as line:

        def advance(change: Any) -> None:
            line.update(change["new"] - change["old"])

        run.observe(advance, "done")
        try:
            yield
        finally:
            run.unobserve(advance, "done")
            if run.failures:
                line.set_postfix_str(f"{len(run.failures)} failed")
