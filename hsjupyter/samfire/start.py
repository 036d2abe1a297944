"""Begin and end a SAMFire fit: seeds, executor, run, and what is told at the end."""

import warnings
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from hsjupyter.core.errors import FitError, HSJupyterWarning, unknown_name
from hsjupyter.core.table import show
from hsjupyter.engines.choose import executor_for
from hsjupyter.fitting.jobs import Outcome
from hsjupyter.samfire.board import Board
from hsjupyter.samfire.keeping import keeping, path_of, read_back
from hsjupyter.samfire.seeds import choose_sets, find_seeds, store
from hsjupyter.samfire.waves import Waves
from hsjupyter.schedule import waiting
from hsjupyter.schedule.driver import steps
from hsjupyter.schedule.progress import progress_line
from hsjupyter.schedule.run import Run
from hsjupyter.storage.journal import Kept

WORDS = ("client", "executor", "timeout")

SUSPICIOUS = 4.0  # times the scatter of the data, what good fits leave over


class Begin(NamedTuple):
    """How a fit is begun.

    Attributes
    ----------
    seeds : {'auto'} or None
    journal : tuple or None
        Of `keeping`.
    block : bool
    shown : bool
        Progress and summary.
    """

    seeds: Any
    journal: tuple[Path, Kept | None] | None
    block: bool
    shown: bool


def place_of(workers: int | None, words: dict[str, Any]) -> dict[str, Any]:
    """Where to fit, as `executor_for` is told.

    Parameters
    ----------
    workers : int, optional
    words : dict
        ``client``, ``executor``, ``timeout``; and ``ipyparallel``: False for this machine, True
        for the cluster of the default profile, a str for that of another.

    Raises
    ------
    UnknownNameError
        Another word.
    """
    said = dict(words)
    cluster = said.pop("ipyparallel", None)
    for word in said:
        if word not in WORDS:
            raise unknown_name("create_samfire", word, (*WORDS, "workers", "ipyparallel"))
    if not cluster or "client" in said:
        return {"workers": workers, **said}
    return {"client": "default" if cluster is True else cluster, **said}


def journal_of(samfire: Any, autosave: Any, resume: Any) -> tuple[Path, Kept | None] | None:
    """The file of the journal, and what it holds, which is put into the maps; None for no file.

    Raises
    ------
    DataError, ModelError
        It is of other data or of another model.
    """
    if resume is None:
        return None if autosave is None else (path_of(autosave), None)
    for component in samfire.optional_components:
        component.active_is_multidimensional = True
    samfire.refresh_database()  # of the words of this start
    return path_of(resume), read_back(samfire.board.task, path_of(resume))


def begin(samfire: Any, how: Begin) -> Run:
    """Seed where that was asked for, and fit.

    Raises
    ------
    FitError
        No pixel has a good fit to start from.
    UnknownNameError
        Another word than ``"auto"`` for ``seeds``.
    """
    board: Board = samfire.board
    if how.seeds not in {None, "auto"}:
        raise unknown_name(f"{samfire!r}.start: seeds", how.seeds, ["auto"])
    if how.seeds == "auto" and board.marker.left.any():
        _sow(samfire, board)
    _check(samfire, board)
    for component in samfire.optional_components:
        component.active_is_multidimensional = True
    choose_sets(board)
    samfire.strategies.active = 0
    samfire.active_strategy.refresh(board)
    run = Run(int(board.marker.left.sum()), samfire.model)
    waves = Waves(board, samfire.strategies, run, samfire.ledger, samfire.tell)
    run.make_executor = partial(executor_for, board.task.plan, board.task.pixels, run.stop)
    accept: Callable[[Outcome], None] = waves.accept
    executor = run.make_executor(**samfire.where)
    if how.journal is not None:
        accept = keeping(board.task, run, how.journal, accept)
    drive = steps(waves, executor, run, accept)

    def end(state: str) -> None:
        waves.close()
        if state == "done":
            run.count(0, waves.failures())
            run.publish()
        samfire.model.load()
        samfire.tell()

    run.at_end.append(end)
    samfire.run = samfire.model.run = run
    with progress_line(run, shown=how.block and how.shown):
        waiting.in_thread(drive, run)
        if not how.block:
            return run
        waiting.blocking(run)
    if how.shown:
        show(samfire.summary())
    _tell_of_failures(samfire, run)
    return run


def _sow(samfire: Any, board: Board) -> None:
    """Fit seeds, and store those that are good."""
    found = find_seeds(board)
    if found is None:
        return
    old = np.flatnonzero(board.marker.done)
    which = np.concatenate([old, found.pixels])
    measures = np.concatenate([board.judge.measures_of(old), found.measures])
    good = board.judge.settle(which, measures)
    new = good[len(old) :]
    fields = ("pixels", "values", "std", "chisq", "dof", "active", "measures")
    kept = replace(found, **{name: getattr(found, name)[new] for name in fields})
    store(samfire.model, kept, optional=bool(board.task.optional.any()))
    board.marker.seed(kept.pixels, board.judge.quality(kept.pixels, kept.measures))


def _check(samfire: Any, board: Board) -> None:
    """Refuse to start from nothing, and warn of seeds that may be bad."""
    if not board.marker.done.any():
        stored = np.isfinite(samfire.model.maps.chisq).any()
        why = (
            f"the fits that are stored are not good: {board.judge!r} is wanted; fit better, or set "
            "samf.metadata.goodness_test.tolerance"
            if stored
            else "no pixel is fitted yet: go to one and fit it, e.g. "
            "m.axes_manager.indices = (0, 0); m.fit()"
        )
        raise FitError(
            f"{samfire!r}: there is no good fit to start from: {why}; or let "
            "samf.start(seeds='auto') look for seeds"
        )
    judge = board.judge
    if judge.scatter is not None and judge.level > SUSPICIOUS and judge.test.measure == "red_chisq":
        warnings.warn(
            f"{samfire!r}: the noise variance is not known, and the seeds leave {judge.level:.3g} "
            "times the scatter of the data: either the noise of neighbouring channels is alike, or "
            "the seeds are not well fitted; look at them, or set the variance with "
            "s.set_noise_variance()",
            HSJupyterWarning,
            stacklevel=4,
        )


def _tell_of_failures(samfire: Any, run: Run) -> None:
    if run.failures and run.state == "done":
        first = run.failures[0]
        shape = samfire.model.maps.shape
        where = tuple(int(i) for i in np.unravel_index(first.pixel, shape)[::-1])
        warnings.warn(
            f"{samfire!r}: {len(run.failures)} pixels have no good fit; the first, {where}: "
            f"{first.reason}; samf.summary() and samf.history{where} tell more",
            HSJupyterWarning,
            stacklevel=4,
        )
