"""The pixels of a job through one call of a driver, where every shape of the plan is a formula.

The compiled driver where there is a compiler and every formula has a kernel; else the one in numpy.
"""

from functools import lru_cache
from itertools import accumulate
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hsjupyter.fitting import layout as at
from hsjupyter.fitting.data_rows import Data, data_of
from hsjupyter.fitting.driver_code import NAME, driver
from hsjupyter.fitting.jobs import Failure, Job, Outcome, Pixels
from hsjupyter.fitting.kept import can_batch, is_compiled, sheet_of, still_numbers, tables_of
from hsjupyter.fitting.lockstep import Asked, fit_sheet
from hsjupyter.fitting.lockstep_rows import Sheet
from hsjupyter.fitting.losses import LOSSES
from hsjupyter.fitting.objective import make_objective
from hsjupyter.fitting.plan import Array, Flags, Plan
from hsjupyter.fitting.quality import reduced_chisq
from hsjupyter.fitting.space import take_space
from hsjupyter.fitting.tables import Tables, Words
from hsjupyter.fitting.uncertainty import covariance_of_normal, undetermined

LENGTH, LENGTH_ALONE = 256, 32  # pixels of a job, for the driver and one after another
LONG, LONGER = 2048, 16384  # pixels of maps from which jobs are twice and four times as long
HUGE, LONGEST = 1 << 18, 8192  # pixels of maps from which jobs of quick models are this long

MAX_NFEV = 400


# Cosine between residual and derivatives at an optimum that is one to all digits.
LEVEL = 1e-9


class Rule(NamedTuple):
    """When a pixel is done.

    Attributes
    ----------
    tolerance : tuple of float
        Reductions of chi squared, relative, that are not worth an evaluation: what the last step
        may still gain; what is left after it; and the last step of the first stage, whose optimum
        is a start only.
    polish : int
        Steps to rounding after that, at most.
    """

    tolerance: tuple[float, float, float]
    polish: int = 0


# What the last step may gain, and what is left after it, as the steps before it tell: together they
# keep chi squared to 8 digits.
QUICK = Rule((3e-8, 1e-11, 1e-4))
_ROUNDING = 1e-12  # tolerances below it ask for all digits
_STEPS = 12


def rule_of(options: dict[str, Any]) -> Rule:
    """When a pixel is done, by the ``ftol`` that was asked for."""
    if "ftol" not in options:
        return QUICK
    last, rest, first = QUICK.tolerance
    ftol = float(options["ftol"])
    tolerance = (max(last, ftol), max(rest, ftol), max(first, ftol))
    return Rule(tolerance, _STEPS if ftol < _ROUNDING else 0)


NOT_LEVEL = -5
REASONS = {
    -1: "the model is not finite at the start values; try others",
    -2: "the data do not determine the free parameters: the normal matrix is singular",
    -3: "no step made the fit better; try other start values",
    NOT_LEVEL: "no place was found where the slope is nothing but rounding; leave ftol out",
    -4: f"no optimum within {MAX_NFEV} evaluations; try other start values or bounds",
}


def job_length(plan: Plan, pixels: int = 0) -> int:
    """How many pixels of a map make a job: enough that handing it over costs little."""
    if not can_batch(plan):
        return LENGTH_ALONE
    length = LENGTH * (1 + (pixels >= LONG) + 2 * (pixels >= LONGER))
    if pixels < HUGE:
        return length
    # Some hundredths of a second of work: Jacobians of so many numbers.
    return max(length, min(LONGEST, 2**23 // (len(plan.channels) * (1 + int(plan.free.sum())))))


def warm_up(plan: Plan) -> None:
    """Compile what a plan needs, in this thread, before others share it."""
    if is_compiled(plan):
        _driver()
        tables_of(
            plan, plan.active.tobytes(), LOSSES["ls"], still_numbers(plan, plan.start[np.newaxis])
        )


@lru_cache(maxsize=1)
def _driver() -> Any:
    """The compiled driver as a function of three addresses; it lets the interpreter go."""
    import ctypes

    word = ctypes.c_void_p
    return ctypes.CFUNCTYPE(None, word, word, word)(driver().addresses[NAME])


def solve_batch(plan: Plan, pixels: Pixels, job: Job, stop: NDArray[np.int64]) -> Outcome:
    """Fit the pixels of a job by one call of a driver.

    Parameters
    ----------
    plan : Plan
        For which `can_batch` holds.
    pixels : Pixels
    job : Job
    stop : ndarray of int64, (1,)
        Set to anything but 0 from another thread: no further pixel begins.

    Returns
    -------
    Outcome
        In the order of the job, pixel by pixel as `solve_job` would.
    """
    found = _Found(len(job.pixels), len(plan.start))
    every = np.arange(len(job.pixels))
    alike: Any = (job.active == job.active[:1]).all()
    for active in job.active[:1] if alike else np.unique(job.active, axis=0):
        which = every if alike else np.flatnonzero((job.active == active).all(axis=1))
        starts = job.starts if alike else job.starts[which]
        own = ~np.isnan(starts)
        rows = np.where(own, starts, plan.start)
        fixed = still_numbers(plan, rows)
        if is_compiled(plan):
            tables: Tables | Sheet = tables_of(plan, active.tobytes(), job.loss, fixed)
        else:
            tables = sheet_of(plan, active.tobytes(), job.loss.name, fixed)
        own_starts: Any = own[:, tables.slots].all(axis=1)
        _solve_alike(tables, (plan, pixels, job, which), rows, own_starts, stop, found)
    return found.outcome(job.pixels)


class _Found:
    """What is known so far of the pixels of a job."""

    def __init__(self, n: int, slots: int) -> None:
        self.values, self.std = np.full((n, slots), np.nan), np.full((n, slots), np.nan)
        self.chisq, self.dof = np.full(n, np.nan), np.full(n, np.nan)
        self.good = np.zeros(n, dtype=bool)
        self.failures: list[Failure] = []

    def outcome(self, pixels: NDArray[np.intp]) -> Outcome:
        """What is told of pixels of these flat indices."""
        good = slice(None) if self.good.all() else self.good
        return Outcome(
            pixels[good],
            self.values[good],
            self.std[good],
            self.chisq[good],
            self.dof[good],
            tuple(self.failures),
        )


def _solve_alike(  # noqa: PLR0917 - what a driver needs, and where what it finds goes
    t: Tables | Sheet,
    what: tuple[Plan, Pixels, Job, NDArray[np.intp]],
    p: Array,
    own: Flags,
    stop: NDArray[np.int64],
    found: _Found,
) -> None:
    """Fit those pixels of a job that have the active components of the tables.

    ``own`` are those with start values of their own for all that is free.
    """
    plan, pixels, job, which = what
    counted = job.loss.name == "ML-poisson"
    data = data_of(plan, pixels, job.pixels[which], counts=counted, whole=isinstance(t, Sheet))
    start = np.where(own[:, np.newaxis], p[:, t.slots], plan.start[t.slots])
    p[:, t.slots] = np.minimum(np.maximum(start, t.lower), t.upper)
    begun = p.copy()
    rule = rule_of(job.options)
    end = run(t, data, p, own, stop, rule=rule)
    if rule.polish:
        end.status[(end.status > 0) & ~(end.steep <= LEVEL)] = NOT_LEVEL
    good: Any = (end.status > 0) & np.isfinite(p[:, t.slots]).all(axis=1) & ~data.wrong
    failed = np.flatnonzero(~good & (end.status != 0))
    reasons = _reasons(plan, pixels, job.pixels[which[failed]], end.status[failed], counted)
    for i, reason in zip(failed, reasons, strict=True):
        found.failures.append(Failure(int(job.pixels[which[i]]), begun[i], reason))
    kept = slice(None) if good.all() else good
    where, p, end = which[kept], p[kept], End._make(each[kept] for each in end)
    absolute, free, n_channels = pixels.absolute or counted, len(t.slots), t.x.shape[1]
    chisq = end.chisq
    if job.loss.name == "huber":
        chisq = end.squares
    if counted:
        chisq = end.squares if pixels.variance is None else _squares(t, what, where, p)
    if job.loss.name == "huber":
        inside, freedom = end.inside / n_channels, n_channels - free
        unknown = np.where(
            (inside > 0) & (freedom > 0), end.held / max(freedom, 1) / inside, np.nan
        )
        scale = np.full(len(chisq), job.loss.scatter) if absolute else unknown
    else:
        red = reduced_chisq(chisq, n_channels, np.array(float(free)))
        # A residual of nothing tells of no noise.
        scale = np.ones_like(red) if absolute else np.where(red > 0, red, np.nan)
    found.values[where], found.chisq[where], found.dof[where] = p, chisq, free
    found.std[where] = _deviations(plan, t, p, end, scale)
    found.good[where] = True


def _reasons(
    plan: Plan, pixels: Pixels, which: NDArray[np.intp], status: Words, counts: bool
) -> list[str]:
    """Why pixels failed."""
    found: list[str] = []
    for begin in range(0, len(which), LENGTH):
        part = slice(begin, begin + LENGTH)
        wrong = pixels.block(which[part], plan.channels, plan.widths, counts=counts)[2]
        told = zip(wrong, status[part], strict=True)
        found += [str(w) or REASONS.get(int(s), "no optimum") for w, s in told]
    return found


class End(NamedTuple):
    """Where the pixels of a job ended.

    Attributes
    ----------
    gram : ndarray, (pixel, free + 1, free + 1)
        Products of Jacobian and residual at the last evaluation; the upper triangle.
    deviations : ndarray, (pixel, free)
        Where the noise is of variance 1.
    chisq : ndarray, (pixel,)
        Or the loss.
    squares : ndarray, (pixel,)
        Chi squared, where the loss is another; of counts without weights.
    status, nfev : ndarray of int, (pixel,)
        Why it ended, positive where it is good, 0 where it was not begun; evaluations.
    steep : ndarray, (pixel,)
        Where it was polished, the cosine between residual and derivatives that is left.
    held, inside : ndarray, (pixel,)
        Of a robust loss: the squares of what it leaves of residuals, and how many channels it
        does not hold.
    """

    gram: Array
    deviations: Array
    chisq: Array
    squares: Array
    status: Words
    nfev: Words
    steep: Array
    held: Array
    inside: Array


def run(
    t: Tables | Sheet, data: Data, p: Array, own: Flags, stop: NDArray[np.int64], *, rule: Rule
) -> End:
    """Fit pixels by the driver that reads such tables.

    Parameters
    ----------
    t : Tables or Sheet
    data : Data
    p : ndarray, (pixel, slot)
        In: start values. Out: where it ended.
    own : ndarray of bool, (pixel,)
        False: the end of the pixel before is tried as a start as well.
    stop : ndarray of int64, (1,)
        Not 0: begin no further pixel.
    rule : Rule
        Of the compiled driver all; of the other, tolerances.
    """
    if isinstance(t, Sheet):
        asked = Asked(data.held, data.roots, data.rows != 0, rule.tolerance, MAX_NFEV)
        untold = np.full(len(p), np.nan)
        return End(**fit_sheet(t, asked, p, own, stop), steep=untold, held=untold, inside=untold)
    n, m, width = len(data.rows), len(t.slots), t.x.shape[1]
    # An address takes long to ask for, where a fit does not: one piece of memory for all.
    lengths = (n * (m + 1) ** 2, n * m, 5 * n, 3 * n, len(rule.tolerance), at.JOB_WORDS)
    ends = [0, *accumulate(lengths)]
    memory = np.full(ends[-1], np.nan)
    first = memory.ctypes.data
    grams, deviations, numbers, words, tolerance, of_job = (first + 8 * end for end in ends[:-1])
    gram = memory[: ends[1]].reshape(n, m + 1, m + 1)
    spread = memory[ends[1] : ends[2]].reshape(n, m)
    floats = memory[ends[2] : ends[3]].reshape(5, n)
    counts = memory[ends[3] : ends[4]].view(np.int64).reshape(3, n)
    counts[:2], counts[2], memory[ends[4] : ends[5]] = 0, own, rule.tolerance
    job = [0] * at.JOB_WORDS
    job[at.GRAMS], job[at.DEVIATIONS], job[at.TOLERANCE] = grams, deviations, tolerance
    job[at.CHISQ : at.INSIDE + 1] = [numbers + 8 * n * k for k in range(5)]
    job[at.STATUS : at.OWN + 1] = [words + 8 * n * k for k in range(3)]
    for word, array in ((at.DATA, data.rows), (at.VALUES, p), (at.STOP, stop)):
        job[word] = array.ctypes.data
    if data.roots is not None:
        job[at.ALL_ROOTS] = data.roots.ctypes.data
        job[at.ROOTS_STEP] = width if len(data.roots) > 1 else 0
    for word, given in ((at.CHANNELS, data.channels), (at.WIDTHS, data.widths)):
        job[word] = 0 if given is None else given.ctypes.data
    job[at.SINGLE] = data.single
    job[at.N_PIXELS], job[at.FACTOR], job[at.MAX_EVALUATIONS] = n, t.sums.factor, MAX_NFEV
    job[at.ACROSS] = t.sums.across
    job[at.POLISH] = rule.polish
    space = take_space(t)
    table, room, job[at.FINE], job[at.COARSE] = space.addresses
    memory[ends[5] :].view(np.int64)[:] = job
    _driver()(table, of_job, room)
    t.spaces.append(space)
    chisq, squares, steep, held, inside = floats
    return End(gram, spread, chisq, squares, counts[0], counts[1], steep, held, inside)


def _squares(
    t: Tables | Sheet,
    what: tuple[Plan, Pixels, Job, NDArray[np.intp]],
    where: NDArray[np.intp],
    p: Array,
) -> Array:
    """Chi squared at the optimum of another loss, (pixel,)."""
    plan, pixels, job, _ = what
    chisq = np.empty(len(where))
    for i, (k, row) in enumerate(zip(where, p, strict=True)):
        objective = make_objective(plan, pixels.at(int(job.pixels[k])), row, t.active)
        chisq[i] = objective.chisq(row[objective.slots])
    return chisq


def _deviations(plan: Plan, t: Tables | Sheet, p: Array, end: End, scale: Array) -> Array:
    """Standard deviations of all slots, (pixel, slot)."""
    m, free = len(t.slots), p[:, t.slots]
    squares = np.diagonal(end.gram, axis1=1, axis2=2)[:, :m]
    without = undetermined(squares, free, t.span, end.chisq)
    std = np.full(p.shape, np.nan)
    if not plan.links:
        std[:, t.slots] = end.deviations * np.sqrt(scale)[:, np.newaxis]
    odd = np.flatnonzero(without.any(axis=1)) if not plan.links else np.arange(len(p))
    if odd.size:
        near = 1e-9 * np.maximum(np.abs(free[odd]), 1e-300)
        on_bound = (free[odd] - t.lower <= near) | (t.upper - free[odd] <= near)
        normal = end.gram[odd][:, :m, :m]
        covar = covariance_of_normal(normal, on_bound | without[odd], scale[odd])
        std[odd] = plan.deviations(p[odd], t.slots, covar)
    return std
