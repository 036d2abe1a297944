"""A run is made ready: which pixels, from where, and who fits them."""

import logging
import warnings
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hsjupyter.core.errors import FitError, HSJupyterWarning
from hsjupyter.core.model import BaseModel
from hsjupyter.core.shape import FormulaShape
from hsjupyter.engines.choose import executor_for
from hsjupyter.fitting.call import FitCall, fit_call
from hsjupyter.fitting.jobs import pixels_of
from hsjupyter.fitting.kept import can_batch
from hsjupyter.fitting.plan import Plan, make_plan
from hsjupyter.fitting.solve import BATCHED, length_of_jobs
from hsjupyter.schedule import waiting
from hsjupyter.schedule.driver import Steps, steps, taker
from hsjupyter.schedule.multifit import Multifit
from hsjupyter.schedule.progress import progress_line
from hsjupyter.schedule.run import Run
from hsjupyter.schedule.starts import starts_of
from hsjupyter.storage.journal import Kept, go_on, read_journal
from hsjupyter.verbs.fit import warn_of_start
from hsjupyter.verbs.journals import (
    begin_or_none,
    check_same,
    journaled,
    known_pixels,
    put_back,
    with_start,
    write_down,
)

_LOG = logging.getLogger("hsjupyter")


def _hindrance(model: BaseModel, plan: Plan) -> str:
    """Why no driver of many pixels serves a plan, in words."""
    pairs = zip(model, plan.shapes, strict=True)
    kinds = dict.fromkeys(type(c).__name__ for c, s in pairs if not isinstance(s, FormulaShape))
    if kinds:
        return f"{', '.join(kinds)} {'has' if len(kinds) == 1 else 'have'} no formula"
    return "the model is convolved" if plan.convolution is not None else "a twin has no formula"


@lru_cache(maxsize=256)
def _say_once(why: str) -> None:
    words = "every pixel is fitted on its own, which takes some hundred times as long as with"
    _LOG.warning(
        "multifit: %s: %s formulas alone, see hs.model.components1D.Expression", why, words
    )


def make_run(  # noqa: PLR0917 - the parts of a run
    model: BaseModel,
    order: NDArray[np.intp],
    rule: str | None,
    call: FitCall,
    where: dict[str, Any],
    path: Path | None,
    kept: Kept | None = None,
) -> tuple[Run, Steps]:
    """What is to be driven to fit many pixels.

    Parameters
    ----------
    model : BaseModel
    order : ndarray of int, (pixel,)
    rule : str or None
        Of the starts.
    call : FitCall
    where : dict
        Of `executor_for`.
    path : Path or None
        Of the journal.
    kept : Kept, optional
        What the journal holds of an earlier run, which goes on.

    Raises
    ------
    FitError
        A run of this model is under way.
    ModelError, DataError
        The earlier run was of another model, or of other data.
    """
    if model.run is not None and not model.run.over:
        raise FitError(
            f"{model!r}.multifit: {model.run!r} is under way; wait for it, cancel it, or resume it"
        )
    plan, pixels = make_plan(model, bounded=call.bounded), pixels_of(model)
    call.check(plan)
    run, length = Run(len(order), model), length_of_jobs(plan, call, len(order))
    known, journal = None, None
    if kept is not None and path is not None:
        check_same(path, kept, plan, pixels, (call, rule))
        plan, length, known = with_start(plan, kept.begun), kept.begun.length, known_pixels(kept)
        put_back(model, kept)
        journal = go_on(path, kept)
    warn_of_start(model, plan)
    if BATCHED.get(call.optimizer, set()) & {call.loss.name} and not can_batch(plan):
        _say_once(_hindrance(model, plan))
    starts = starts_of(rule, model.maps, plan, pixels, order, call)
    run.make_executor = partial(executor_for, plan, pixels, run.stop, tell=run.tell)
    executor = run.make_executor(**where)
    if journal is None and path is not None:
        asked = (call, rule, length)
        parts = (model, plan, pixels, order, asked)
        journal = begin_or_none(path, run, lambda path: write_down(path, *parts))
    many = np.array([c.active_is_multidimensional for c in model], dtype=bool)
    jobs = Multifit(model.maps, order, many, plan.active, length, call, starts, known)
    take = taker(model, run)
    for outcome in () if kept is None else kept.outcomes:
        take(outcome)
    run.go_on()
    drive = steps(jobs, executor, run, take if journal is None else journaled(take, journal, run))
    run.at_end.append(lambda _state: model.load())
    model.run = run
    return run, drive


def go_on_from(
    model: BaseModel,
    journal: Any,
    words: dict[str, Any],
    where: dict[str, Any],
    *,
    block: bool,
    shown: bool,
) -> Run:
    """Go on with the run of a journal.

    Parameters
    ----------
    model : BaseModel
    journal : path-like
    words : dict
        Of the fit call, where the journal could not keep them; else none.
    where, block, shown
        As of `make_run` and `carry_out`.

    Raises
    ------
    ModelError, DataError
        It is of another model, or of other data.
    """
    path = Path(journal)
    kept = read_journal(path)
    call, order = fit_call(words or kept.begun.words or {}), kept.begun.order.astype(np.intp)
    run, drive = make_run(model, order, kept.begun.rule, call, where, path, kept)
    return carry_out(run, drive, block=block, shown=shown)


def carry_out(run: Run, drive: Steps, *, block: bool, shown: bool) -> Run:
    """Drive a run in a thread of its own; wait for it where that is asked for.

    Parameters
    ----------
    run : Run
    drive : Steps
    block : bool
        Wait.
    shown : bool
        Show how far it is meanwhile.
    """
    with progress_line(run, shown=block and shown):
        waiting.in_thread(drive, run)
        if not block:
            return run
        waiting.blocking(run)
    tell_of(run)
    return run


def tell_of(run: Run) -> None:
    """Warn of what went wrong beside the fits, and of the pixels that could not be fitted."""
    model = run.model
    for words in run.warned:
        warnings.warn(words, HSJupyterWarning, stacklevel=4)
    if run.failures:
        first = run.failures[0]
        where = tuple(int(i) for i in np.unravel_index(first.pixel, model.maps.shape)[::-1])
        warnings.warn(
            f"{model!r}.multifit: {len(run.failures)} of {run.total} pixels could not be fitted; "
            f"the first, {where}, said: {first.reason}; run.failures lists them all",
            HSJupyterWarning,
            stacklevel=4,
        )
