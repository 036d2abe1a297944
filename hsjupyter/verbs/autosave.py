"""Maps kept in a file while a run is under way."""

import warnings
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hsjupyter.core.errors import FitError, HSJupyterWarning, SaveError
from hsjupyter.core.model import BaseModel
from hsjupyter.schedule.run import Run
from hsjupyter.storage.parameter_files import write_parameters_file


def pixels_between(model: BaseModel, every: Any) -> int:
    """How many pixels lie between two writings; 0 for none.

    Raises
    ------
    FitError
        Not a whole number.
    """
    if isinstance(every, bool) or not isinstance(every, int) or every < 0:
        raise FitError(
            f"{model!r}.multifit: autosave_every={every!r} came; a whole number of pixels is wanted"
        )
    return every


def autosave_at_end(model: BaseModel, run: Run, every: int) -> None:
    """Write the maps each time so many pixels of a run are done; none is left at a good end.

    Parameters
    ----------
    model : BaseModel
    run : Run
        Of this model; it has not begun.
    every : int
        Pixels; 0 writes nothing.
    """
    stamp = datetime.now(UTC).astimezone().strftime("%Y-%m-%d-%H-%M-%S-%f")
    path = Path(f"hsjupyter_autosave-{stamp}.npz").absolute()
    written = 0

    def write(change: Any) -> None:
        nonlocal written
        if every and change["new"] - written >= every:
            written = change["new"]
            try:
                write_parameters_file(model, path)
            except SaveError as wrong:  # the run goes on: what it found is in the maps
                warnings.warn(f"autosave: {wrong}", HSJupyterWarning, stacklevel=2)

    def forget(state: str) -> None:
        run.unobserve(write, "done")
        if state == "done":
            path.unlink(missing_ok=True)

    run.observe(write, "done")
    run.at_end.append(forget)
