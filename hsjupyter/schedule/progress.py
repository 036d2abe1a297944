"""A run's progress while a cell or a script waits for it: a widget in a notebook, else one line."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from hsjupyter.core.door import open_gui
from hsjupyter.core.errors import GuiMissing
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
    if not shown or (in_notebook() and _show_widget(run)):
        yield
        return
    from tqdm.std import tqdm

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


def in_notebook() -> bool:
    """Whether this is a Jupyter kernel; a script or a terminal is none."""
    ipython = sys.modules.get("IPython")
    shell = None if ipython is None else ipython.get_ipython()
    return getattr(shell, "kernel", None) is not None


def _show_widget(run: Run) -> bool:
    try:
        open_gui(run, "progress")
    except GuiMissing:
        return False
    return True
