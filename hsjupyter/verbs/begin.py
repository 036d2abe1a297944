"""A run is made ready: which pixels, from where, and who fits them."""

import warnings
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hsjupyter.core.errors import FitError, HSJupyterWarning
from hsjupyter.core.model import BaseModel
from hsjupyter.engines.choose import executor_for
from hsjupyter.fitting.batch import job_length
from hsjupyter.fitting.call import FitCall
from hsjupyter.fitting.jobs import pixels_of
from hsjupyter.fitting.plan import make_plan
from hsjupyter.schedule import waiting
from hsjupyter.schedule.driver import Steps, steps, taker
from hsjupyter.schedule.multifit import Multifit
from hsjupyter.schedule.progress import progress_line
from hsjupyter.schedule.run import Run
from hsjupyter.schedule.starts import starts_of
from hsjupyter.verbs.fit import warn_of_start


def make_run(
    model: BaseModel,
    order: NDArray[np.intp],
    start: str | None,
    call: FitCall,
    where: dict[str, Any],
) -> tuple[Run, Steps]:
    """What is to be driven to fit many pixels.

    Parameters
    ----------
    model : BaseModel
    order : ndarray of int, (pixel,)
    start : str or None
        The rule of the starts.
    call : FitCall
    where : dict
        Of `executor_for`.

    Raises
    ------
    FitError
        A run of this model is under way.
    """
    if model.run is not None and not model.run.over:
        raise FitError(
            f"{model!r}.multifit: {model.run!r} is under way; wait for it, cancel it, or resume it"
        )
    plan, pixels = make_plan(model, bounded=call.bounded), pixels_of(model)
    call.check(plan)
    warn_of_start(model, plan)
    many = np.array([c.active_is_multidimensional for c in model], dtype=bool)
    starts = starts_of(start, model.maps, plan, pixels, order, call)
    length = job_length(plan)
    scheduler = Multifit(
        model.maps, order, many, plan.active, length=length, call=call, starts=starts
    )
    run = Run(len(order), model)
    run.make_executor = partial(executor_for, plan, pixels, run.stop)
    drive = steps(scheduler, run.make_executor(**where), run, taker(model, run))
    run.at_end.append(lambda _state: model.load())
    model.run = run
    return run, drive


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
    tell_of_failures(run.model, run)
    return run


def tell_of_failures(model: BaseModel, run: Run) -> None:
    """Warn of the pixels that could not be fitted."""
    if run.failures:
        first = run.failures[0]
        where = tuple(int(i) for i in np.unravel_index(first.pixel, model.maps.shape)[::-1])
        warnings.warn(
            f"{model!r}.multifit: {len(run.failures)} of {run.total} pixels could not be fitted; "
            f"the first, {where}, said: {first.reason}; run.failures lists them all",
            HSJupyterWarning,
            stacklevel=4,
        )
