"""Fit one pixel, or the pixels of a job one after another."""

import time
from collections.abc import Callable
from dataclasses import replace
from traceback import format_exception
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hsjupyter.core.errors import FitError
from hsjupyter.fitting.alone import solve_alone
from hsjupyter.fitting.batch import LENGTH_ALONE, job_length, solve_batch
from hsjupyter.fitting.call import FitCall
from hsjupyter.fitting.jobs import Failure, Job, Outcome, Pixels
from hsjupyter.fitting.kept import can_batch, is_compiled
from hsjupyter.fitting.objective import Objective, make_objective
from hsjupyter.fitting.optimizers.base import OPTIMIZERS
from hsjupyter.fitting.plan import Array, Plan
from hsjupyter.fitting.quality import reduced_chisq
from hsjupyter.fitting.result import FitResult
from hsjupyter.fitting.slopes import with_slopes
from hsjupyter.fitting.small_matrices import on_one_thread
from hsjupyter.fitting.uncertainty import covariance, noise_scale, snap, undetermined


def solve_pixel(objective: Objective, optimizer: str, options: dict[str, Any]) -> FitResult:
    """Fit one pixel from the start values of its objective.

    Raises
    ------
    FitError
        The model is not finite where the search begins, or nowhere that it could go.
    """
    alone = optimizer == "leastsq" and not options and objective.loss.name == "ls"
    result = solve_alone(objective, optimizer) if alone else None
    return _search(objective, optimizer, options) if result is None else result


@on_one_thread()
def _search(objective: Objective, optimizer: str, options: dict[str, Any]) -> FitResult:
    plan, slots = objective.plan, objective.slots
    chosen = OPTIMIZERS[optimizer]
    lower, upper = plan.lower[slots], plan.upper[slots]
    start = objective.row[slots]
    _check_start(objective, optimizer)
    words = {word: value for word, value in options.items() if word != "grad"}
    by = options.get("grad")
    asked = objective if by is None else with_slopes(objective, by)
    try:
        found = chosen.solve(asked, start, lower, upper, **words)
    except (np.linalg.LinAlgError, FloatingPointError) as wrong:
        raise FitError(
            f"fit with {optimizer!r}: the search ran into numbers that no matrix can be solved "
            f"with ({wrong}); begin nearer to the data, or set bounds"
        ) from wrong
    x = np.clip(found.x, lower, upper)
    rows, terms = objective.rows(x), objective.terms(x)
    weighted = rows * np.sqrt(terms.curvature / 2)
    x, on_bound = snap(x, lower, upper, weighted, terms.value, start=start)
    rows, terms, chisq = objective.rows(x), objective.terms(x), objective.chisq(x)
    red = float(reduced_chisq(np.array(chisq), len(objective.y), np.array(float(len(x)))))
    absolute = objective.root_weights is not None or objective.loss.absolute
    weights = None if objective.root_weights is None else objective.root_weights**2
    on_bound = on_bound if found.held is None else on_bound | found.held
    scale = objective.loss.scatter if absolute else noise_scale(terms, weights, len(x))
    weighted = rows * np.sqrt(terms.curvature / 2)
    span = max(float(np.ptp(x)) for x in plan.coords)
    without = undetermined((weighted**2).sum(axis=1), x, span, np.array(terms.value))
    covar = covariance(weighted.T, on_bound | without, scale)
    if found.covar is not None:
        own = scale if absolute or found.variance is None else found.variance
        held = on_bound | without
        covar = np.where(held | held[:, np.newaxis], np.nan, found.covar * own)
    names = tuple(plan.names[s] for s in slots)
    return FitResult(
        optimizer=optimizer,
        loss_function=objective.loss.name,
        success=found.success and bool(np.isfinite(terms.value)),
        message=found.message,
        names=names,
        x=x,
        std=np.sqrt(np.diag(covar)),
        covar=covar,
        fun=terms.value,
        chisq=chisq,
        red_chisq=red,
        absolute=absolute,
        nfev=found.nfev,
        on_bound=tuple(n for n, at in zip(names, on_bound, strict=True) if at),
    )


def _check_start(objective: Objective, optimizer: str) -> None:
    start = objective.row[objective.slots]
    if OPTIMIZERS[optimizer].ability.is_global or np.isfinite(objective.value(start)):
        return
    line = objective.plan.value(objective.row, objective.active, objective.low_loss)
    named = zip(objective.plan.names, objective.row, strict=True)
    raise FitError(
        f"fit with {optimizer!r}: the model is not finite in {(~np.isfinite(line)).sum()} of "
        f"{len(line)} channels at its start values, "
        f"{', '.join(f'{name} = {value:g}' for name, value in named)}; a finite line is wanted: "
        "set other values"
    )


TELLING = 0.2
"""Seconds after which a job tells of the pixels that are done."""

TRACEBACKS = 4
"""Failures of a job that tell where in the code they were raised; the others are like them."""


# What the drivers of many pixels solve: by optimizer, the losses.
BATCHED = {"leastsq": {"ls"}, "lm": {"ls"}, "fisher": {"ls", "ML-poisson", "huber"}}
_TO_A_TOLERANCE = {"leastsq", "lm"}


def batches(asked: Job | FitCall, plan: Plan) -> bool:
    """Whether a driver of many pixels solves the problem that is asked for."""
    if asked.loss.name not in BATCHED.get(asked.optimizer, ()) or not can_batch(plan):
        return False
    if not asked.options and asked.loss.name != "huber":
        return True
    ftol = asked.options.get("ftol", 1e-8)
    known = not asked.options or (
        asked.optimizer in _TO_A_TOLERANCE and asked.options.keys() == {"ftol"}
    )
    return known and isinstance(ftol, int | float) and 0 < ftol < 1 and is_compiled(plan)


def length_of_jobs(plan: Plan, call: FitCall, pixels: int = 0) -> int:
    """How many pixels make a job: as `job_length`, and few where another optimizer fits them."""
    return job_length(plan, pixels) if batches(call, plan) else LENGTH_ALONE


Tell = Callable[[Outcome], None]


def solve_job(
    plan: Plan,
    pixels: Pixels,
    job: Job,
    stop: NDArray[np.int64] | None = None,
    tell: Tell | None = None,
) -> Outcome:
    """Fit the pixels of a job, all by one driver where there is one for them.

    Parameters
    ----------
    plan, pixels, job
        What is fitted.
    stop : ndarray of int64, (1,), optional
        Not 0: no further pixel begins.
    tell : callable, optional
        Gets the pixels that are done, where they take long, from time to time.

    Returns
    -------
    Outcome
        What was not told. A pixel that raises is among the failures and does not stop the others.
    """
    if not batches(job, plan):
        return _one_after_another(plan, pixels, job, stop, tell)
    found = solve_batch(plan, pixels, job, np.zeros(1, np.int64) if stop is None else stop)
    if not job.options or not found.failures:
        return found
    # All digits were asked for: the other ways have them where a normal matrix has not.
    doubtful = np.isin(job.pixels, [failure.pixel for failure in found.failures])
    rest = replace(
        job, pixels=job.pixels[doubtful], starts=job.starts[doubtful], active=job.active[doubtful]
    )
    again = _one_after_another(plan, pixels, rest, stop, tell)
    return Outcome(
        np.concatenate([found.pixels, again.pixels]),
        np.concatenate([found.values, again.values]),
        np.concatenate([found.std, again.std]),
        np.concatenate([found.chisq, again.chisq]),
        np.concatenate([found.dof, again.dof]),
        again.failures,
    )


def _one_after_another(
    plan: Plan,
    pixels: Pixels,
    job: Job,
    stop: NDArray[np.int64] | None,
    tell: Tell | None,
) -> Outcome:
    """Fit the pixels of a job, one after another.

    A pixel without start values of its own starts from the plan's or from those of the pixel
    before it, whichever describes its data better, so that one bad pixel does not spoil the row.
    """
    n = len(job.pixels)
    values = np.full((n, len(plan.start)), np.nan)
    std = np.full_like(values, np.nan)
    chisq, dof, good = np.full(n, np.nan), np.full(n, np.nan), np.zeros(n, dtype=bool)
    failures: list[Failure] = []
    before: Array | None = None
    told, told_failures, clock = 0, 0, time.monotonic()

    def part(end: int) -> Outcome:
        which = np.arange(told, end)[good[told:end]]
        rest = tuple(failures[told_failures:])
        return Outcome(job.pixels[which], values[which], std[which], chisq[which], dof[which], rest)

    for i, pixel in enumerate(job.pixels):
        if stop is not None and stop[0]:
            break
        if tell is not None and i and time.monotonic() - clock > TELLING:
            tell(part(i))
            told, told_failures, clock = i, len(failures), time.monotonic()
        start = job.starts[i]
        try:
            slots = plan.free_slots(job.active[i])
            own = not np.isnan(start[slots]).any()
            begin = np.where(np.isnan(start), plan.start, start)
            begin[slots] = start[slots] if own else plan.start[slots]
            objective = make_objective(plan, pixels.at(int(pixel)), begin, job.active[i], job.loss)
            if not own and before is not None:
                objective = _better(objective, before)
            result = solve_pixel(objective, job.optimizer, job.options)
        except Exception as wrong:  # noqa: BLE001 - a pixel that raises does not stop the map
            reason, where = f"{type(wrong).__name__}: {wrong}", ""
            if len(failures) < TRACEBACKS:
                where = "".join(format_exception(wrong))
            failures.append(Failure(int(pixel), start, reason, traceback=where))
            continue
        if not result.success:
            failures.append(Failure(int(pixel), objective.row, f"no optimum: {result.message}"))
            continue
        values[i] = before = objective.filled(result.x)
        std[i] = objective.spread_errors(result.x, result.covar)
        chisq[i], dof[i], good[i] = result.chisq, len(result.x), True
    return part(n)


def _better(objective: Objective, other: Array) -> Objective:
    """The same pixel from the start that describes it better; what is not free stays."""
    row = objective.row.copy()
    row[objective.slots] = other[objective.slots]
    slots = objective.slots
    if objective.value(row[slots]) < objective.value(objective.row[slots]):
        return replace(objective, row=row)
    return objective
