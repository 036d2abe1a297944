"""Several starts and component sets compete for a pixel; the first good one of them wins."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product

import numpy as np
from numpy.typing import NDArray

from hsjupyter.fitting.criteria import Criterion, poisson_deviance
from hsjupyter.fitting.evaluate import lines_of_rows, squares
from hsjupyter.fitting.jobs import Job, Outcome, Pixels
from hsjupyter.fitting.plan import Array, Flags, Plan
from hsjupyter.fitting.quality import aic, aicc, bic, gaussian_deviance, reduced_chisq
from hsjupyter.fitting.solve import solve_job

CRITERIA: dict[str, Criterion] = {"AIC": aic, "AICc": aicc, "BIC": bic}

EQUAL = 2.0
"""Criteria that differ by less say nothing: Burnham & Anderson, Model Selection, 2nd ed., §2.6."""

# What became of an attempt.
ACCEPTED, OUTSIDE, BEATEN, UNFITTED = 1, 0, -1, -2

TRY = np.dtype(
    [
        ("at", np.int32),
        ("candidate", np.int16),
        ("variant", np.int16),
        ("status", np.int8),
        ("chisq", np.float64),
        ("measure", np.float64),
        ("criterion", np.float64),
    ]
)
"""One attempt: place of the pixel in the job, start, component set, what became of it, numbers."""


@dataclass(frozen=True, eq=False)
class Contest(Job):
    """Pixels, each with several starts that are tried in order until a fit is good.

    Every start is fitted with every set of optional components; the set of the lowest criterion
    wins, and of those within the margin of it the one with the fewest free numbers; of equals the
    one that stayed nearest to its start, so that components that could stand for each other do
    not change places from pixel to pixel.

    Attributes
    ----------
    starts : ndarray, (pixel or 1, candidate, slot)
        No NaN, but in rows that are no candidate.
    active : ndarray of bool, (pixel, component)
        Of components that are not optional.
    limits : ndarray, (2, pixel)
        What a measure must lie between.
    measure : {'red_chisq', 'AIC', 'AICc', 'BIC'}
    optional : ndarray of bool, (component,)
    criterion : {'AIC', 'AICc', 'BIC'}
        What compares sets.
    margin : float
        Criteria that differ by less are a tie.
    screened : int
        How many candidates, behind the first, are tried: those whose model at the start is
        nearest to the data. 0 tries all, in order.
    beat : ndarray, (pixel,), or None
        A chi squared to be lower than.
    """

    limits: Array = field(default_factory=lambda: np.array([[-np.inf], [np.inf]]))
    measure: str = "red_chisq"
    optional: Flags = field(default_factory=lambda: np.zeros(0, dtype=bool))
    criterion: str = "AICc"
    margin: float = 10.0
    screened: int = 0
    beat: Array | None = None


@dataclass(frozen=True, eq=False)
class Verdict(Outcome):
    """What a contest found: the outcome of the pixels with a good fit, and all that was tried.

    Attributes
    ----------
    active : ndarray of bool, (good pixel, component)
    measures : ndarray, (good pixel,)
    tried : ndarray of int, (pixel,)
        The pixels of the job that were begun.
    tries : ndarray of TRY
        ``at`` counts in ``tried``.
    reasons : dict of int to str
        Why pixels could not be fitted at all, by flat index.
    """

    active: Flags
    measures: Array
    tried: NDArray[np.intp]
    tries: NDArray[np.void]
    reasons: dict[int, str]


def component_sets(optional: Flags) -> Flags:
    """Which optional components are on, (set, component): the full set first."""
    which = np.flatnonzero(optional)
    sets = np.zeros((2 ** len(which), len(optional)), dtype=bool)
    for k, on in enumerate(product((True, False), repeat=len(which))):
        sets[k, which] = on
    return sets


def solve_contest(
    plan: Plan, pixels: Pixels, job: Contest, stop: NDArray[np.int64] | None = None
) -> Verdict:
    """Let the starts and component sets of every pixel compete.

    Returns
    -------
    Verdict
        Does not depend on which pixels a job has beside each other.
    """
    book = _Book(plan, pixels, job)
    for candidate, at in _rounds(plan, pixels, job, book):
        starts = job.starts[at if len(job.starts) > 1 else 0, candidate]
        outcomes = []
        for on in book.sets:
            active = np.where(book.optional, on, job.active[at])
            one = Job(job.pixels[at], starts, active, job.optimizer, job.options, job.loss)
            outcomes.append(solve_job(plan, pixels, one, stop))
        if stop is not None and stop[0] and len(book.sets) > 1:
            break  # a set that was not fitted cannot lose
        book.judge(candidate, at, outcomes)
    return book.verdict()


def _rounds(
    plan: Plan, pixels: Pixels, job: Contest, book: "_Book"
) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Which start is next, (open,), for which pixels, (open,); those with a good fit are out."""
    n, n_candidates = len(job.pixels), job.starts.shape[1]
    everyone = np.arange(n)
    ranks = np.zeros((n, 0), dtype=np.intp)
    last = n_candidates if not job.screened else min(n_candidates, 1 + job.screened)
    for turn in range(last):
        at = everyone[~book.good]
        if not at.size:
            return
        if turn and job.screened:
            if not ranks.size:
                ranks = np.full((n, job.screened), -1, dtype=np.intp)
                ranks[at] = _nearest(plan, pixels, job, at)
            chosen = ranks[at, turn - 1]
        else:
            chosen = np.full(len(at), turn)
        rows = job.starts[at if len(job.starts) > 1 else 0, chosen]
        real = (chosen >= 0) & np.isfinite(rows).all(axis=-1)
        if real.any():
            yield chosen[real], at[real]


def _nearest(plan: Plan, pixels: Pixels, job: Contest, at: NDArray[np.intp]) -> NDArray[np.intp]:
    """The candidates, but the first, whose model is nearest to the data: (open, screened)."""
    n = job.starts.shape[1]
    far = np.full((len(at), n), np.inf)
    active = job.active[at] | job.optional[np.newaxis] if job.optional.size else job.active[at]
    y, roots, _ = pixels.block(job.pixels[at], plan.channels, None)
    for k in range(1, n):
        rows = np.broadcast_to(job.starts[:, k], (len(job.pixels), job.starts.shape[2]))[at]
        real = np.isfinite(rows).all(axis=1)
        if not real.any():
            continue
        lines = lines_of_rows(plan, pixels, job.pixels[at[real]], rows[real], active[real])
        weights = None if roots is None else roots[real] if len(roots) > 1 else roots
        with np.errstate(invalid="ignore", over="ignore"):
            misfit = squares(lines, y[real], weights).sum(axis=1)
        far[real, k] = np.where(np.isnan(misfit), np.inf, misfit)
    ranked = np.argsort(far, axis=1, kind="stable")[:, : job.screened]
    known = np.isfinite(np.take_along_axis(far, ranked, axis=1))
    chosen = np.full((len(at), job.screened), -1, dtype=np.intp)
    chosen[:, : ranked.shape[1]] = np.where(known, ranked, -1)
    return chosen


class _Book:
    """What is known of the pixels of a contest so far."""

    def __init__(self, plan: Plan, pixels: Pixels, job: Contest) -> None:
        n, slots = len(job.pixels), len(plan.start)
        self._plan, self._pixels, self._job = plan, pixels, job
        self.optional = job.optional if job.optional.size else np.zeros(len(plan.shapes), bool)
        self.sets = component_sets(self.optional)
        self.good = np.zeros(n, dtype=bool)
        self._begun = np.zeros(n, dtype=bool)
        self._values, self._std = np.full((n, slots), np.nan), np.full((n, slots), np.nan)
        self._active = np.zeros((n, len(plan.shapes)), dtype=bool)
        self._numbers = np.full((n, 3), np.nan)  # chi squared, dof, measure
        self._tries: list[NDArray[np.void]] = []
        self._reasons: dict[int, str] = {}

    def judge(
        self, candidate: NDArray[np.intp], at: NDArray[np.intp], outcomes: list[Outcome]
    ) -> None:
        """Take in the fits of some pixels with every component set."""
        job, n, k = self._job, len(at), len(outcomes)
        place = {int(p): i for i, p in enumerate(job.pixels[at])}
        numbers = np.full((k, n, 4), np.nan)  # chi squared, dof, measure, criterion
        found = np.zeros((k, n), dtype=bool)
        rows = np.full((2, k, n, len(self._plan.start)), np.nan)
        for v, outcome in enumerate(outcomes):
            i = np.array([place[int(p)] for p in outcome.pixels], dtype=np.intp)
            active = np.where(self.optional, self.sets[v], job.active[at[i]])
            numbers[v, i] = numbers_of(self._plan, self._pixels, (outcome, active), job)
            rows[0, v, i], rows[1, v, i], found[v, i] = outcome.values, outcome.std, True
            for failure in outcome.failures:
                found_at = place[failure.pixel]
                self._begun[at[found_at]] = True
                self._reasons[failure.pixel] = failure.reason
        self._begun[at[found.any(axis=0)]] = True
        low, high = np.broadcast_to(job.limits, (2, len(job.pixels)))[:, at]
        inside = found & (numbers[..., 2] >= low) & (numbers[..., 2] <= high)
        if job.beat is not None:
            inside &= numbers[..., 0] < job.beat[at]
        starts = job.starts[at if len(job.starts) > 1 else 0, candidate]
        moved = _moved(rows[0], rows[1], starts)
        winner = _fewest(numbers[..., 3], numbers[..., 1], (inside, moved), job.margin)
        won = inside.any(axis=0)
        status = np.where(found, np.where(inside, BEATEN, OUTSIDE), UNFITTED)
        status[winner[won], np.flatnonzero(won)] = ACCEPTED
        self._note(candidate, at, numbers, status)
        i, v, to = np.flatnonzero(won), winner[won], at[won]
        self.good[to] = True
        self._values[to], self._std[to] = rows[0, v, i], rows[1, v, i]
        self._active[to] = np.where(self.optional, self.sets[v], job.active[to])
        self._numbers[to] = numbers[v, i, :3]

    def _note(
        self, candidate: NDArray[np.intp], at: NDArray[np.intp], numbers: Array, status: Array
    ) -> None:
        table = np.zeros(status.shape, dtype=TRY)
        table["at"], table["candidate"] = at, candidate
        table["variant"] = np.arange(len(status))[:, np.newaxis]
        table["status"] = status
        for k, name in enumerate(("chisq", "dof", "measure", "criterion")):
            if name != "dof":
                table[name] = numbers[..., k]
        self._tries.append(table.ravel())

    def verdict(self) -> Verdict:
        """What is known now."""
        job, good, begun = self._job, self.good, self._begun
        tries = np.concatenate([np.zeros(0, TRY), *self._tries])
        tries = tries[begun[tries["at"]]]
        tries["at"] = (np.cumsum(begun) - 1)[tries["at"]]
        return Verdict(
            pixels=job.pixels[good],
            values=self._values[good],
            std=self._std[good],
            chisq=self._numbers[good, 0],
            dof=self._numbers[good, 1],
            failures=(),
            active=self._active[good],
            measures=self._numbers[good, 2],
            tried=job.pixels[begun],
            tries=tries,
            reasons=dict(self._reasons),
        )


def numbers_of(plan: Plan, pixels: Pixels, found: tuple[Outcome, Flags], job: Contest) -> Array:
    """How good fits are.

    Parameters
    ----------
    plan : Plan
    pixels : Pixels
    found : tuple of Outcome and ndarray of bool, (pixel, component)
        What was fitted, with which components.
    job : Contest
        Its loss, measure and criterion count.

    Returns
    -------
    ndarray, (pixel, 4)
        Chi squared, free numbers, measure and criterion.
    """
    outcome, active = found
    n_channels, n_free = len(plan.channels), outcome.dof
    if job.loss.name == "ML-poisson":
        lines = lines_of_rows(plan, pixels, outcome.pixels, outcome.values, active)
        y = pixels.block(outcome.pixels, plan.channels, None)[0]
        deviance = poisson_deviance(lines, y, None).sum(axis=1)
        # Pearson's chi squared: a model of counts knows their variance.
        with np.errstate(invalid="ignore", divide="ignore"):
            terms = np.where(lines > 0, (lines - y) ** 2 / lines, np.where(y > 0, np.inf, 0))
        level, counted = terms.sum(axis=1), n_free
    else:
        known = np.zeros(()) if pixels.absolute else None
        deviance = gaussian_deviance(outcome.chisq, n_channels, known)
        level, counted = outcome.chisq, n_free + (known is None)
    measured = {"red_chisq": reduced_chisq(level, n_channels, n_free)}
    for name in {job.measure, job.criterion} & set(CRITERIA):
        measured[name] = CRITERIA[name](deviance, n_channels, counted)
    return np.stack([outcome.chisq, n_free, measured[job.measure], measured[job.criterion]], axis=1)


def _moved(values: Array, std: Array, starts: Array) -> Array:
    """How far fits went from their starts in units of their errors, (set, pixel)."""
    if len(values) == 1:
        return np.zeros(values.shape[:2])
    with np.errstate(invalid="ignore", divide="ignore"):
        steps = ((values - starts) / std) ** 2
    found: Array = np.nansum(np.where(std > 0, steps, np.nan), axis=-1)
    return found


def _fewest(
    criterion: Array, n_free: Array, which: tuple[Flags, Array], margin: float
) -> NDArray[np.intp]:
    """The set that wins at each pixel, (pixel,), of numbers (set, pixel).

    Of the sets within the margin of the lowest criterion, the one with the fewest free numbers;
    of these, of those that are as good as equal, the one that moved the least.
    """
    inside, moved = which
    if len(criterion) == 1:
        return np.zeros(criterion.shape[1], dtype=np.intp)
    known = np.where(inside & np.isfinite(criterion), criterion, np.inf)
    lowest = known.min(axis=0)
    with np.errstate(invalid="ignore"):
        tie = inside & ((known - lowest <= margin) | ~np.isfinite(lowest))
    fewest = np.where(tie, n_free, np.inf).min(axis=0)
    left = tie & (n_free == fewest)
    best = np.where(left, known, np.inf).min(axis=0)
    with np.errstate(invalid="ignore"):
        left &= (known - best <= min(EQUAL, margin)) | ~np.isfinite(best)
    chosen: NDArray[np.intp] = np.argmin(np.where(left, moved, np.inf), axis=0)
    return chosen
