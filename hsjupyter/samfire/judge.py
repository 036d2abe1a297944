"""What a good fit of each pixel looks like; learned from the good ones where noise is unknown."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hsjupyter.core.model import BaseModel
from hsjupyter.fitting.call import FitCall
from hsjupyter.fitting.contest import Contest, numbers_of
from hsjupyter.fitting.evaluate import lines_of_rows, squares
from hsjupyter.fitting.jobs import Outcome, Pixels
from hsjupyter.fitting.plan import Array, Flags, Plan
from hsjupyter.fitting.scatter import scatter_of
from hsjupyter.samfire.fit_tests import FitTest

FEW = 8  # seeds of which the best tells what is usual
_BLOCK = 2048  # pixels evaluated at once


@dataclass(frozen=True, eq=False)
class Task:
    """What is fitted, and how it is asked for.

    Attributes
    ----------
    model : BaseModel
    plan : Plan
    pixels : Pixels
    call : FitCall
    optional : ndarray of bool, (component,)
    criterion : str
        What compares component sets.
    margin : float
        Criteria that differ by less are a tie.
    """

    model: BaseModel
    plan: Plan
    pixels: Pixels
    call: FitCall
    optional: Flags
    criterion: str
    margin: float

    def active_of(self, which: NDArray[np.intp]) -> Flags:
        """The components that count at some pixels, (pixel, component), as stored."""
        maps, plan = self.model.maps, self.plan
        many = np.array([c.active_is_multidimensional for c in self.model], dtype=bool)
        return np.where(many, maps.active.reshape(-1, len(many))[which], plan.active)

    def rows_of(self, which: NDArray[np.intp]) -> Array:
        """The stored values of some pixels, (pixel, slot)."""
        rows: Array = self.model.maps.values.reshape(-1, len(self.plan.start))[which]
        return rows


class Judge:
    """Says between which limits the measure of each pixel is good.

    Parameters
    ----------
    task : Task
    test : FitTest

    Attributes
    ----------
    scatter : ndarray, (pixel of the map,), or None
        The noise variance, from the data of each pixel alone; None where it is known.
    level : float
        The shifted measure that is usual among good pixels.
    """

    def __init__(self, task: Task, test: FitTest) -> None:
        self._task, self.test = task, test
        pixels, plan = task.pixels, task.plan
        self.n_channels = len(plan.channels)
        self.scatter: Array | None = None
        self.level = np.nan
        if not pixels.absolute and task.call.loss.name != "ML-poisson":
            row = task.model.channel_switches.shape[-1]
            n = int(np.prod(task.model.maps.shape))
            self.scatter = scatter_of(pixels, np.arange(n), plan.channels, row)

    def _scatter(self, which: NDArray[np.intp]) -> Array | None:
        return None if self.scatter is None else self.scatter[which]

    def limits(self, which: NDArray[np.intp]) -> Array:
        """What the measures of some pixels must lie between, (2, pixel)."""
        found = self.test.limits(self.level, self._scatter(which), self.n_channels)
        return np.broadcast_to(found, (2, len(which)))

    def shifted(self, which: NDArray[np.intp], measures: Array) -> Array:
        """Measures without what the noise of their pixels does to them, (pixel,)."""
        return self.test.shifted(measures, self._scatter(which), self.n_channels)

    def quality(self, which: NDArray[np.intp], measures: Array) -> Array:
        """Measures over what is expected, (pixel,): 1 for a usual fit, more for a worse one."""
        shifted = self.shifted(which, measures)
        if self.test.measure == "red_chisq":
            known = self.scatter is None or not np.isfinite(self.level)
            return shifted if known else shifted / self.level
        level = self.level if np.isfinite(self.level) else 0.0
        return 1 + np.maximum(shifted - level, 0.0) / self.n_channels

    def learn(self, which: NDArray[np.intp], measures: Array) -> None:
        """Take what good pixels reached for what is usual."""
        good = self.shifted(which, measures)
        good = good[np.isfinite(good)]
        if good.size:
            self.level = float(np.median(good))

    def measures_of(self, which: NDArray[np.intp]) -> Array:
        """The measures of the stored values of some pixels, (pixel,); NaN where there are none."""
        task, plan = self._task, self._task.plan
        found = np.full(len(which), np.nan)
        job = contest_of(task, self.test.measure)
        for start in range(0, len(which), _BLOCK):
            part = which[start : start + _BLOCK]
            rows, active = task.rows_of(part), task.active_of(part)
            lines = lines_of_rows(plan, task.pixels, part, rows, active)
            y, roots, wrong = task.pixels.block(part, plan.channels, None)
            with np.errstate(invalid="ignore", over="ignore"):
                chisq = np.where(wrong == "", squares(lines, y, roots).sum(axis=1), np.nan)
            free = {tuple(on): float(plan.free_slots(on).size) for on in np.unique(active, axis=0)}
            n_free = np.array([free[tuple(on)] for on in active])
            outcome = Outcome(part, rows, rows, chisq, n_free, ())
            with np.errstate(invalid="ignore", divide="ignore"):
                numbers = numbers_of(plan, task.pixels, (outcome, active), job)
            found[start : start + len(part)] = np.where(np.isfinite(chisq), numbers[:, 2], np.nan)
        return found

    def settle(self, which: NDArray[np.intp], measures: Array) -> NDArray[np.bool_]:
        """Find what is usual among fits of which some may be bad, and say which are good.

        Begins with the best (of many, with the best quarter), takes in what is good beside those,
        and what is usual among these, until nothing changes.
        """
        shifted = self.shifted(which, measures)
        known = np.isfinite(shifted)
        if not known.any():
            return known
        if self.scatter is None and self.test.expected is not None:
            low, high = self.limits(which)
            good: NDArray[np.bool_] = known & (measures >= low) & (measures <= high)
            self.learn(which[good], measures[good])
            return good
        rank = 0.0 if known.sum() < FEW else 0.25
        self.level = float(np.quantile(shifted[known], rank))
        good = known
        for _ in range(20):
            low, high = self.limits(which)
            now = known & (measures >= low) & (measures <= high)
            if not now.any() or ((now == good).all() and _ > 0):
                break
            good = now
            self.learn(which[good], measures[good])
        return good

    def __repr__(self) -> str:
        if self.scatter is None and self.test.expected is not None:
            return f"{self.test!r}"
        noise = "" if self.scatter is None else ", over the scatter of each pixel's own data"
        why = "the noise variance is not known: " if self.scatter is not None else ""
        return f"{why}{self.test!r} times what is usual among good pixels ({self.level:.3g}{noise})"


def contest_of(task: Task, measure: str) -> Contest:
    """A contest without pixels, which says how fits are measured."""
    none = np.zeros(0, dtype=np.intp)
    return Contest(
        none,
        np.zeros((0, 1, len(task.plan.start))),
        np.zeros((0, len(task.plan.shapes)), dtype=bool),
        task.call.optimizer,
        task.call.options,
        task.call.loss,
        measure=measure,
        optional=task.optional,
        criterion=task.criterion,
        margin=task.margin,
    )
