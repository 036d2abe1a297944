"""The driver for where there is no compiler: many pixels step by step together, in numpy.

The algorithm is that of `hsjupyter.fitting.lm`, and so are its optimum and the reasons why a pixel
ends: bounded, weighted Levenberg-Marquardt, linear numbers solved for at once, sums of channels
first. What pixels do not share is when they end; who has ended is left out of the next step.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hsjupyter.fitting import lm
from hsjupyter.fitting.first_stage import Sums
from hsjupyter.fitting.lockstep_algebra import decompose, diagonal_of_inverse
from hsjupyter.fitting.lockstep_rows import Places, Rows, Sheet
from hsjupyter.fitting.lockstep_step import find_step, relax, wake
from hsjupyter.fitting.plan import Array, Flags
from hsjupyter.fitting.small_matrices import on_one_thread
from hsjupyter.fitting.step import LEADS_UP

Words = NDArray[np.int64]

LEADERS = 8  # one pixel in so many is fitted first, and is where those after it may begin
NEAR = 1e-9  # of a number: so near to a bound is on it


@dataclass(frozen=True, eq=False)
class Asked:
    """What is asked of the driver.

    Attributes
    ----------
    y : ndarray, (pixel, channel)
    roots : ndarray, (pixel or 1, channel), or None
        Of the weights; for counts, widths of the channels.
    fit : ndarray of bool, (pixel,)
        The others are not fitted.
    tolerance : tuple of float
        Of the last step, of what is left after it, of the first stage; relative to chi squared.
    limit : int
        Evaluations of a pixel.
    """

    y: Array
    roots: Array | None
    fit: Flags
    tolerance: tuple[float, float, float]
    limit: int


class _Place:
    """Where pixels are on their way down: arrays, (pixel, ...)."""

    def __init__(self, n: int, sheet: Sheet) -> None:
        m = len(sheet.slots)
        self.p = np.full((n, len(sheet.plan.owners)), np.nan)
        self.gram = np.full((n, m + 1, m + 1), np.nan)
        self.cost, self.squares = np.full(n, np.inf), np.full(n, np.nan)
        self.count = np.zeros(n, dtype=np.int64)
        self.good_coarse, self.good_fine = np.full(n, -1.0), np.full(n, -1.0)


@on_one_thread()
def fit_sheet(
    sheet: Sheet, asked: Asked, p: Array, own: Flags, stop: NDArray[np.int64]
) -> dict[str, Any]:
    """Fit pixels.

    Parameters
    ----------
    sheet : Sheet
    asked : Asked
    p : ndarray, (pixel, slot)
        In: start values. Out: where it ended.
    own : ndarray of bool, (pixel,)
        False: the end of a pixel before is tried as a start as well.
    stop : ndarray of int64, (1,)
        Not 0: begin no further pixels.

    Returns
    -------
    dict
        ``gram``, ``deviations``, ``chisq``, ``squares``, ``status`` and ``nfev`` as
        `hsjupyter.fitting.batch.End` has them.
    """
    with np.errstate(all="ignore"):
        return _Descent(sheet, asked, p).run(own, stop)


class _Descent:
    def __init__(self, sheet: Sheet, asked: Asked, p: Array) -> None:
        self._sheet, self._asked, self._start = sheet, asked, p
        self._at = _Place(len(p), sheet)
        self._status = np.zeros(len(p), dtype=np.int64)
        self._fine = _Stage(Rows(sheet, sheet.x), asked.y, asked.roots)
        self._coarse = None
        if sheet.sums.factor > 1:
            sums = _sums(asked, sheet.sums, counted=sheet.counted)
            self._coarse = _Stage(Rows(sheet, sheet.coarse), *sums)

    def run(self, own: Flags, stop: NDArray[np.int64]) -> dict[str, Any]:
        """Fit the first pixel, those that it leads, and those that these lead."""
        n, status, at = len(own), self._status, self._at
        status[~self._asked.fit] = lm.NOT_FINITE
        every, begun = np.arange(n), np.zeros(n, dtype=bool)
        for length in (n, LEADERS, 1):
            which = np.flatnonzero((every % length == 0) & ~begun & self._asked.fit)
            begun[which] = True
            if len(which) and not stop[0]:
                leaders = which - which % (LEADERS if length == 1 else n)
                led = ~own[which] & (leaders != which) & (status[leaders] > 0)
                status[which] = self._fit(which, np.where(led, leaders, -1))
        good = status > 0
        if self._sheet.counted and good.any():
            found = self._fine.evaluate(at.p[good], np.flatnonzero(good))
            at.gram[good], _, at.squares[good] = found
        self._start[good] = at.p[good]
        return {
            "gram": at.gram,
            "deviations": self._deviations(),
            "chisq": at.cost,
            "squares": at.squares,
            "status": status,
            "nfev": at.count,
        }

    def _fit(self, which: Places, leader: Places) -> Words:
        """Fit some pixels; why they ended."""
        at, (last, rest, first) = self._at, self._asked.tolerance
        warm = np.zeros(len(which), dtype=bool)
        if self._coarse is not None:
            begun = self._begin(self._coarse, which, leader, at.good_coarse)
            ended = self._descend(self._coarse, which[begun], (first, first), lm.FEW)
            warm[begun] = ended > 0
            at.good_coarse[which] = at.cost[which]
        status = np.full(len(which), lm.NOT_FINITE, dtype=np.int64)
        if warm.any():
            at.cost[which[warm]] = np.inf
            self._evaluate(self._fine, which[warm], at.p[which[warm]])
            sound = warm.copy()
            sound[warm] = np.isfinite(at.cost[which[warm]])
            status[sound] = self._descend(self._fine, which[sound], (last, rest), self._asked.limit)
        cold = status <= 0
        if cold.any():
            begun = self._begin(self._fine, which[cold], leader[cold], at.good_fine)
            ended = np.full(len(begun), lm.NOT_FINITE, dtype=np.int64)
            again = which[cold][begun]
            ended[begun] = self._descend(self._fine, again, (last, rest), self._asked.limit)
            status[cold] = ended
        at.good_fine[which] = at.cost[which]
        return status

    def _begin(self, stage: "_Stage", which: Places, leader: Places, good: Array) -> Flags:
        """Go to the start, or to where the leader ended, if that is better; who can go on."""
        at, slots = self._at, self._sheet.slots
        at.cost[which] = np.inf
        led = leader >= 0
        limits = np.zeros(len(which))
        if led.any():
            p = self._start[which[led]].copy()
            p[:, slots] = at.p[np.ix_(leader[led], slots)]
            self._evaluate(stage, which[led], p)
            limits[led] = lm.HARDLY_WORSE * good[leader[led]]
        left = which[~(led & (at.cost[which] <= limits))]
        if len(left):
            self._evaluate(stage, left, self._start[left].copy())
        sound: Flags = np.isfinite(at.cost[which])
        return sound

    def _evaluate(self, stage: "_Stage", which: Places, p: Array) -> None:
        """Evaluate some pixels at a place, and go there where it is better."""
        at = self._at
        gram, cost, squares = self._look(stage, p, which)
        at.count[which] += 1
        better = (cost < at.cost[which]) | ~np.isfinite(at.cost[which])
        to = which[better]
        at.p[to], at.gram[to], at.cost[to] = p[better], gram[better], cost[better]
        at.squares[to] = squares[better]

    def _look(self, stage: "_Stage", p: Array, which: Places) -> tuple[Array, Array, Array]:
        """Evaluate, the linear numbers then at their best."""
        sheet = self._sheet
        wake(sheet, p)
        gram, cost, squares = stage.evaluate(p, which)
        if len(sheet.linear):
            sound = np.flatnonzero(np.isfinite(cost))
            brought, here, there = relax(sheet, p[sound], gram[sound])
            done = sound[brought]
            p[done], gram[done] = here[brought], there[brought]
            stage.rows.follow(p)
            cost[done] = np.maximum(gram[done, -1, -1], 0.0)
        return gram, cost, squares

    def _descend(
        self, stage: "_Stage", which: Places, worth: tuple[float, float], limit: int
    ) -> Words:
        """Go down to the optimum from places that are evaluated; why they ended."""
        sheet, at, n = self._sheet, self._at, len(which)
        ended = np.zeros(n, dtype=np.int64)
        scale = np.zeros((n, len(sheet.slots)))
        damping, before = np.full(n, 1e-3), np.zeros(n)
        least = float(stage.rows.width) if sheet.counted else 0.0
        while (live := np.flatnonzero(ended == 0)).size:
            here = which[live]
            cost = np.maximum(at.cost[here], least)
            step, predicted, scale[live] = find_step(
                sheet, at.p[here], at.gram[here], scale[live], damping[live]
            )
            none = predicted < 0.0
            ended[live[~none & (step == 0).all(axis=1)]] = lm.ON_BOUNDS
            raised = live[none]
            damping[raised] = np.maximum(10.0 * damping[raised], 1e-8)
            why = np.where(predicted[none] == LEADS_UP, lm.STALLED, lm.SINGULAR)
            ended[raised] = np.where(damping[raised] > 1e12, why, ended[raised])
            count = at.count[here]
            trial = at.p[here].copy()
            trial[:, sheet.slots] += step
            last = self._is_last(predicted, cost, (damping[live], before[live], count), worth)
            last &= ended[live] == 0
            final = here[last]
            at.p[final] = trial[last]
            at.cost[final] -= predicted[last]
            ended[live[last]] = lm.CONVERGED
            ended[live[(ended[live] == 0) & ~none & (count >= limit)]] = lm.EXHAUSTED
            tried = (ended[live] == 0) & ~none
            if tried.any():
                ended[live[tried]] = self._try(
                    stage,
                    here[tried],
                    trial[tried],
                    (predicted[tried], cost[tried], worth[0]),
                    (damping, before, live[tried]),
                )
        at.p[which] = self._followed(stage, at.p[which])
        return ended

    @staticmethod
    def _followed(stage: "_Stage", p: Array) -> Array:
        stage.rows.follow(p)
        return p

    @staticmethod
    def _is_last(
        predicted: Array, cost: Array, known: tuple[Array, Array, Words], worth: tuple[float, float]
    ) -> Flags:
        """Whether steps are the last: what they gain, and what is left, is not worth more."""
        damping, before, count = known
        share = np.full(len(before), lm.UNKNOWN)
        np.divide(predicted, before, out=share, where=before > 0)
        left = predicted * np.minimum(share, 1.0)
        slow = (count > lm.SLOW) & (predicted <= lm.SLOW_GAIN * cost)
        slow |= (count > lm.SLOWER) & (predicted <= lm.SLOWER_GAIN * cost)
        left = np.where(slow, 0.0, left)
        small = (predicted >= 0.0) & (predicted <= worth[0] * cost)
        last: Flags = small & (damping <= 1e-2) & (left <= worth[1] * cost)
        return last

    def _try(
        self,
        stage: "_Stage",
        which: Places,
        trial: Array,
        hopes: tuple[Array, Array, float],
        kept: tuple[Array, Array, Places],
    ) -> Words:
        """Evaluate trials; go there where it is better, and turn the damping. Why they ended."""
        at, (predicted, cost, last), (damping, before, mine) = self._at, hopes, kept
        gram, new, squares = self._look(stage, trial, which)
        at.count[which] += 1
        gain = at.cost[which] - new
        better = gain >= 0.0
        to = which[better]
        at.p[to], at.gram[to], at.cost[to] = trial[better], gram[better], new[better]
        at.squares[to] = squares[better]
        before[mine[better]] = predicted[better]
        ended = np.zeros(len(which), dtype=np.int64)
        ended[better & (gain <= 1e-15 * cost) & (predicted <= last * cost)] = lm.CONVERGED
        ended[~better & (predicted <= lm.ROUNDING * cost)] = lm.STALLED
        was = damping[mine]
        down = np.where(gain > 0.75 * predicted, np.maximum(0.1 * was, 1e-12), was)
        down = np.where(gain < 0.25 * predicted, 4.0 * was, down)
        damping[mine] = np.where(better, down, np.maximum(10.0 * was, 1e-4))
        ended[~better & (ended == 0) & (damping[mine] > 1e16)] = lm.RUNAWAY
        return ended

    def _deviations(self) -> Array:
        """Roots of the diagonal of the inverse of J^T J; NaN on bounds and where singular."""
        sheet, gram = self._sheet, self._at.gram[:, :-1, :-1]
        free, d = self._start[:, sheet.slots], np.diagonal(gram, axis1=1, axis2=2)
        near = NEAR * np.maximum(np.abs(free), 1e-300)
        counts = (free - sheet.lower > near) & (sheet.upper - free > near)
        counts &= (d > 0) & np.isfinite(d)
        size = np.where(counts, 1 / np.sqrt(d), 0.0)
        unit = np.where(size[:, :, np.newaxis] * size[:, np.newaxis, :] > 0, gram, 0.0)
        unit = unit * size[:, :, np.newaxis] * size[:, np.newaxis, :]
        every = np.arange(len(sheet.slots))
        unit[:, every, every] = 1.0
        lower, sound = decompose(unit)
        found = np.sqrt(diagonal_of_inverse(lower)) * size
        return np.where(counts & sound[:, np.newaxis], found, np.nan)


class _Stage:
    """Rows with the data that they are compared with."""

    def __init__(self, rows: Rows, y: Array, roots: Array | None) -> None:
        self.rows, self._y, self._roots = rows, y, roots

    def evaluate(self, p: Array, which: Places) -> tuple[Array, Array, Array]:
        """As `Rows.evaluate`, of some pixels."""
        roots = self._roots
        if roots is not None and len(roots) > 1:
            roots = roots[which]
        return self.rows.evaluate(p, self._y[which], roots)


def _sums(asked: Asked, sums: Sums, *, counted: bool) -> tuple[Array, Array | None]:
    """Means of some channels each, and the roots of what they weigh together."""
    y = sums.group(asked.y).mean(axis=2)
    if asked.roots is None:
        return y, None
    total = (sums.group(asked.roots) ** 2).sum(axis=2)
    return y, np.sqrt(total / sums.factor if counted else total)
