"""The pixels of a job through the compiled driver, where every shape of the plan has a kernel."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hsjupyter.core.shape import FormulaShape
from hsjupyter.fitting.jobs import Failure, Job, Outcome, Pixels
from hsjupyter.fitting.objective import make_objective
from hsjupyter.fitting.plan import Array, Flags, Plan
from hsjupyter.fitting.quality import reduced_chisq
from hsjupyter.fitting.uncertainty import covariance_of_normal
from hsjupyter.formula import Formula
from hsjupyter.formula.kernel_code import Kernel, compile_kernel
from hsjupyter.formula.machine_code import COMPILING

_LOG = logging.getLogger("hsjupyter")
PATIENCE = 2.0  # seconds

LENGTH, LENGTH_ALONE = 256, 32  # pixels of a job, for the driver and one after another

FTOL = 1e-10  # chi squared to ten digits; a step later it would be rounding
MAX_NFEV = 400

REASONS = {
    -1: "the model is not finite at the start values; try others",
    -2: "the data do not determine the free parameters: the normal matrix is singular",
    -3: "no step made the fit better; try other start values",
    -4: f"no optimum within {MAX_NFEV} evaluations; try other start values or bounds",
}


@dataclass(frozen=True, eq=False)
class Batch:
    """A plan as the compiled driver reads it, for one set of active components.

    Attributes
    ----------
    plan : Plan
    active : ndarray of bool, (component,)
    tables : Tables
    kernels : tuple of Kernel
        They hold the code that the tables point to.
    x : ndarray, (coordinate, channel)
    """

    plan: Plan
    active: Flags
    tables: Any
    kernels: tuple[Kernel, ...]
    x: Array


@lru_cache(maxsize=1)
def has_driver() -> bool:
    """Whether the compiler is installed that the driver needs."""
    from importlib.util import find_spec

    return find_spec("numba") is not None


def can_batch(plan: Plan) -> bool:
    """Whether every shape and link of a plan has a kernel, and nothing is convolved."""
    if plan.convolution is not None or not has_driver():
        return False
    shapes = all(
        isinstance(s, FormulaShape) and _kernel(s.formula, _wanted(plan, c)) is not None
        for c, s in enumerate(plan.shapes)
    )
    return shapes and all(_kernel(link.link.formula, None) is not None for link in plan.links)


def job_length(plan: Plan) -> int:
    """How many pixels make a job: enough that handing it over costs little, and no more."""
    return LENGTH if can_batch(plan) else LENGTH_ALONE


@lru_cache(maxsize=1024)
def _kernel(formula: Formula | None, wanted: tuple[str, ...] | None) -> Kernel | None:
    return None if formula is None else compile_kernel(formula.derivative_tape(wanted))


def _wanted(plan: Plan, component: int) -> tuple[str, ...]:
    """The parameters whose derivatives a kernel writes: those that move at all."""
    shape = plan.shapes[component]
    if not isinstance(shape, FormulaShape):
        return ()
    mine = np.flatnonzero(plan.owners == component)
    followers = {link.slot for link in plan.links}
    moving = [bool(plan.free[s]) or s in followers for s in mine]
    return tuple(n for n, moves in zip(shape.formula.order, moving, strict=True) if moves)


def make_batch(plan: Plan, active: Flags, loss: str = "ls") -> Batch:
    """The tables of a plan for one set of active components; `can_batch` must hold."""
    from hsjupyter.fitting import counts, tiles
    from hsjupyter.fitting.gram import BLOCK, Tables

    kernels: list[Kernel] = []
    table: list[tuple[int, int, int]] = []
    row_of = np.full(len(plan.owners), -1, dtype=np.int64)
    next_row = 1  # row 0 is the residual
    for c in np.flatnonzero(active).tolist():
        shape, wanted = plan.shapes[c], _wanted(plan, c)
        kernel = _kernel(shape.formula, wanted) if isinstance(shape, FormulaShape) else None
        if kernel is None or not isinstance(shape, FormulaShape):
            raise TypeError(f"{shape!r} has no kernel")
        mine = np.flatnonzero(plan.owners == c)
        for k, name in enumerate(wanted):
            row_of[mine[shape.formula.order.index(name)]] = (next_row + k) * BLOCK
        first_slot = int(mine[0]) if mine.size else 0
        table.append((kernel.address, first_slot, next_row * BLOCK))
        kernels.append(kernel)
        next_row += len(wanted)
    slots = plan.free_slots(active)
    empty = [int(s) for s in slots if row_of[s] < 0]
    for s in empty:  # what only followers depend on
        row_of[s] = next_row * BLOCK
        next_row += 1
    links, sources = [], np.full((len(plan.links), _most_sources(plan)), -1, dtype=np.int64)
    for i, link in enumerate(plan.links):
        law = _kernel(link.link.formula, None)
        if law is None:
            raise TypeError(f"{link!r} has no kernel")
        kernels.append(law)
        links.append((law.address, link.slot, int(row_of[link.slot])))
        sources[i, : len(link.sources)] = link.sources
    poisson = counts.poisson_code().addresses[counts.NAME] if loss == "ML-poisson" else 0
    tables = Tables(
        kernels=np.array(table, dtype=np.int64).reshape(-1, 3),
        rows=np.array([*row_of[slots], 0], dtype=np.int64),
        slots=np.asarray(slots, dtype=np.int64),
        links=np.array(links, dtype=np.int64).reshape(-1, 3),
        sources=sources,
        row_of=row_of,
        empty=np.array([row_of[s] for s in empty], dtype=np.int64),
        tiles=np.array(tiles.addresses(), dtype=np.int64),
        poisson=np.array([poisson], dtype=np.int64),
        lower=plan.lower[slots],
        upper=plan.upper[slots],
    )
    x = np.ascontiguousarray(np.stack(plan.coords), dtype=np.float64)
    return Batch(plan, active.copy(), tables, tuple(kernels), x)


def _most_sources(plan: Plan) -> int:
    return max([1, *(len(link.sources) for link in plan.links)])


@contextmanager
def _announced() -> Iterator[None]:
    """Say what is going on, where it takes longer than a moment."""
    words = "compiling the fitting engine, once on this machine; this takes some seconds"
    timer = threading.Timer(PATIENCE, _LOG.warning, (words,))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


@lru_cache(maxsize=1)
def _driver() -> Any:
    """The compiled driver, ready for threads: all that compiles is compiled when this returns.

    The first call on a machine takes some seconds; afterwards it is read from the disk.
    """
    with COMPILING, _announced():
        from hsjupyter.fitting import counts, lm, tiles
        from hsjupyter.fitting.gram import Tables

        word, none = np.zeros(1, np.int64), np.zeros((0, 0))
        table, no, bound = np.zeros((0, 3), np.int64), word[:0], none.ravel()
        tile = np.array(tiles.addresses(), np.int64)
        t = Tables(table, no, no, table, table, no, no, tile, word, bound, bound)
        counts.poisson_code()
        found = (np.zeros((0, 1, 1)), none.ravel(), word[:0], word[:0])
        data = (none, none, none, False)
        own = np.zeros(0, dtype=bool)
        space = lm.make_space(t, 0)
        lm.fit_pixels(t, lm.Limits(FTOL, MAX_NFEV), data, none, own, found, word, space)
        lm.fit_pixels.disable_compile()  # not in a thread, beside another: LLVM would not bear it
    return lm


def warm_up(plan: Plan) -> None:
    """Compile what a plan needs, in this thread, before others share it."""
    if can_batch(plan):
        _driver()
        make_batch(plan, np.ones(len(plan.shapes), dtype=bool))


def solve_batch(plan: Plan, pixels: Pixels, job: Job, stop: NDArray[np.int64]) -> Outcome:
    """Fit the pixels of a job by the compiled driver.

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
    for active in np.unique(job.active, axis=0):
        which = np.flatnonzero((job.active == active).all(axis=1))
        _solve_alike(make_batch(plan, active, job.loss.name), (pixels, job, which), stop, found)
    good = found.good
    return Outcome(
        job.pixels[good],
        found.values[good],
        found.std[good],
        found.chisq[good],
        found.dof[good],
        tuple(found.failures),
    )


class _Found:
    """What is known so far of the pixels of a job."""

    def __init__(self, n: int, slots: int) -> None:
        self.values, self.std = np.full((n, slots), np.nan), np.full((n, slots), np.nan)
        self.chisq, self.dof = np.full(n, np.nan), np.full(n, np.nan)
        self.good = np.zeros(n, dtype=bool)
        self.failures: list[Failure] = []


def _solve_alike(
    batch: Batch,
    what: tuple[Pixels, Job, NDArray[np.intp]],
    stop: NDArray[np.int64],
    found: _Found,
) -> None:
    """Fit those pixels of a job that have the active components of the batch."""
    plan, t = batch.plan, batch.tables
    pixels, job, which = what
    counted = job.loss.name == "ML-poisson"
    y, s, wrong = pixels.block(job.pixels[which], plan.channels, plan.widths, counts=counted)
    starts = job.starts[which]
    own: Any = ~np.isnan(starts[:, t.slots]).any(axis=1)
    p = np.where(np.isnan(starts), plan.start, starts)
    p[np.ix_(~own, t.slots)] = plan.start[t.slots]
    p[:, t.slots] = np.clip(p[:, t.slots], t.lower, t.upper)
    n, m = len(which), len(t.slots)
    gram = np.empty((n, m + 1, m + 1))
    chisq, status, nfev = np.empty(n), np.zeros(n, np.int64), np.zeros(n, np.int64)
    roots = np.ones((1, 1)) if s is None else s
    begun = p.copy()
    data, out = (batch.x, y, roots, s is not None), (gram, chisq, status, nfev)
    lm = _driver()
    space = lm.make_space(t, p.shape[1])
    lm.fit_pixels(t, lm.Limits(FTOL, MAX_NFEV), data, p, own, out, stop, space)
    finite = np.isfinite(p[:, t.slots]).all(axis=1)
    good: Any = (status > 0) & finite & (wrong == "")
    for i in np.flatnonzero(~good & (status != 0)):
        reason = str(wrong[i]) or REASONS.get(int(status[i]), "no optimum")
        found.failures.append(Failure(int(job.pixels[which[i]]), begun[i], reason))
    at, absolute = which[good], pixels.absolute or counted
    found.values[at], found.dof[at] = p[good], m
    found.chisq[at] = _squares(batch, what, at, p[good]) if counted else chisq[good]
    found.good[at] = True
    found.std[at] = _deviations(batch, p[good], gram[good], chisq[good], absolute=absolute)


def _squares(
    batch: Batch, what: tuple[Pixels, Job, NDArray[np.intp]], at: NDArray[np.intp], p: Array
) -> Array:
    """Chi squared at the optimum of another loss, (pixel,)."""
    pixels, job, _ = what
    plan = batch.plan
    chisq = np.empty(len(at))
    for i, (k, row) in enumerate(zip(at, p, strict=True)):
        objective = make_objective(plan, pixels.at(int(job.pixels[k])), row, batch.active)
        chisq[i] = objective.chisq(row[objective.slots])
    return chisq


def _deviations(batch: Batch, p: Array, gram: Array, chisq: Array, *, absolute: bool) -> Array:
    """Standard deviations of all slots, (pixel, slot)."""
    t, plan = batch.tables, batch.plan
    m = len(t.slots)
    free = p[:, t.slots]
    near = 1e-9 * np.maximum(np.abs(free), 1e-300)
    on_bound = (free - t.lower <= near) | (t.upper - free <= near)
    red = reduced_chisq(chisq, batch.x.shape[1], np.full(len(chisq), float(m)))
    covar = covariance_of_normal(gram[:, :m, :m], on_bound, np.ones_like(red) if absolute else red)
    if plan.links:
        return plan.deviations(p, t.slots, covar)
    std = np.full(p.shape, np.nan)
    std[:, t.slots] = np.sqrt(np.diagonal(covar, axis1=1, axis2=2))
    return std
