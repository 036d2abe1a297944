"""The journal of a SAMFire fit: every good fit is written down as it comes, and read again."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from hsjupyter.core.errors import DataError, ModelError
from hsjupyter.fitting.contest import Verdict
from hsjupyter.fitting.jobs import Outcome
from hsjupyter.samfire.judge import Task
from hsjupyter.schedule.run import Run
from hsjupyter.storage.fingerprints import fingerprint_of_data, fingerprint_of_model
from hsjupyter.storage.journal import (
    SUFFIX,
    Begun,
    Journal,
    Kept,
    begin_journal,
    go_on,
    read_journal,
)
from hsjupyter.storage.model_bytes import bytes_of_model

RULE = "samfire"
"""What stands in the journal as the rule of the starts: `multifit` does not go on with it."""


def read_back(task: Task, path: Path) -> Kept:
    """Put what a journal holds into the maps.

    Parameters
    ----------
    task : Task
    path : Path

    Returns
    -------
    Kept
        To be written on.

    Raises
    ------
    DataError
        It is of other data.
    ModelError
        It is of another model, or of other words of the fit.
    """
    kept = read_journal(path)
    begun, maps = kept.begun, task.model.maps
    if begun.shape != maps.shape or begun.data != fingerprint_of_data(task.pixels):
        raise DataError(
            f"{path} is of other data, of a map of shape {begun.shape}; the data and noise that "
            "the fit began with are wanted: load them again, or start without resume="
        )
    if begun.model != fingerprint_of_model(task.plan, task.call, RULE):
        raise ModelError(
            f"{path} is of another model, or of other words of samf.start; components, bounds, "
            "what is free, optimizer and loss must be as they were"
        )
    with task.model.lock:
        if len(begun.values):
            _put(task, begun.order, begun.values, None)
        for outcome in kept.outcomes:
            _put(task, outcome.pixels, outcome.values, outcome)
        task.model.stored += 1
    return kept


def _put(task: Task, pixels: Any, values: Any, outcome: Outcome | None) -> None:
    maps, where = task.model.maps, np.unravel_index(pixels, task.model.maps.shape)
    maps.values[where], maps.is_set[where] = values, np.isfinite(values)
    if outcome is None:
        return
    maps.is_set[where] = True
    maps.std[where], maps.chisq[where], maps.dof[where] = outcome.std, outcome.chisq, outcome.dof
    for c in np.flatnonzero(task.optional).tolist():
        # What was off has no values in a journal.
        off = np.isnan(values[:, task.plan.owners == c]).all(axis=1)
        maps.active[(*where, np.full(len(off), c))] = ~off


def begin(task: Task, path: Path) -> Journal:
    """A new journal, with what is stored now.

    Raises
    ------
    SaveError
        It cannot be written there.
    """
    model, slots = task.model, len(task.plan.start)
    stored = np.where(model.maps.is_set, model.maps.values, np.nan).reshape(-1, slots)
    begun = Begun(
        model=fingerprint_of_model(task.plan, task.call, RULE),
        data=fingerprint_of_data(task.pixels),
        words=None,
        rule=RULE,
        length=1,
        source="",
        shape=model.maps.shape,
        order=np.arange(len(stored)),
        start=task.plan.start,
        values=stored,
        record=bytes_of_model(model),
    )
    journal = begin_journal(path, begun)
    maps = model.maps
    which = np.flatnonzero(np.isfinite(maps.chisq.ravel()))
    std = maps.std.reshape(-1, slots)[which]
    chisq, dof = maps.chisq.ravel()[which], maps.dof.ravel()[which]
    journal.append(Outcome(which, _known(task, which), std, chisq, dof, ()))
    return journal


def _known(task: Task, which: Any) -> Any:
    """Stored rows, (pixel, slot), with NaN for optional components that are off."""
    on = task.active_of(which) | ~task.optional
    return np.where(on[:, task.plan.owners], task.rows_of(which), np.nan)


def keeping(
    task: Task, run: Run, where: tuple[Path, Kept | None], accept: Callable[[Outcome], None]
) -> Callable[[Outcome], None]:
    """What also writes good fits down, and takes the journal away when the fit ended well.

    Parameters
    ----------
    task : Task
    run : Run
    where : tuple of Path and Kept or None
        The file, and what it holds where the fit goes on from it.
    accept : callable
    """
    path, kept = where
    journal = begin(task, path) if kept is None else go_on(path, kept)

    def write(outcome: Outcome) -> None:
        accept(outcome)
        if isinstance(outcome, Verdict) and len(outcome.pixels):
            on = outcome.active[:, task.plan.owners] | ~task.optional[task.plan.owners]
            journal.append(replace(outcome, values=np.where(on, outcome.values, np.nan)))

    def settle(state: str) -> None:
        journal.sync()
        journal.close()
        if state == "done":
            path.unlink(missing_ok=True)

    run.at_end.append(settle)
    return write


def path_of(given: Any) -> Path:
    """The file of a journal, with its suffix."""
    path = Path(given)
    return path if path.suffix == SUFFIX else path.with_name(path.name + SUFFIX)
