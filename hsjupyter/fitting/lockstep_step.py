"""Steps of many pixels at once, in numpy: damped ones, and those of the linear numbers.

What `hsjupyter.fitting.step` and `hsjupyter.fitting.linear_part` do at one pixel, and their
sources.
"""

from dataclasses import dataclass

import numpy as np

from hsjupyter.fitting.lockstep_algebra import decompose, quadratic, substitute
from hsjupyter.fitting.lockstep_rows import Places, Sheet
from hsjupyter.fitting.plan import Array, Flags
from hsjupyter.fitting.step import LEADS_UP, OWNED_LINEAR


def find_step(
    sheet: Sheet, p: Array, gram: Array, scale: Array, damping: Array
) -> tuple[Array, Array, Array]:
    """Damped steps inside the bounds, and the reductions that they promise.

    Parameters
    ----------
    sheet : Sheet
    p : ndarray, (pixel, slot)
    gram : ndarray, (pixel, free + 1, free + 1)
    scale : ndarray, (pixel, free)
        The greatest diagonal so far.
    damping : ndarray, (pixel,)

    Returns
    -------
    step : ndarray, (pixel, free)
        A number on a bound that would leave it stays; 0 for all where none can move.
    predicted : ndarray, (pixel,)
        -1 where the matrix is singular; `LEADS_UP` where bounds cut the step, and what is left
        promises nothing.
    scale : ndarray, (pixel, free)
    """
    free, m = p[:, sheet.slots], len(sheet.slots)
    normal, slope = gram[:, :m, :m], gram[:, :m, m]
    d = np.diagonal(normal, axis1=1, axis2=2)
    held = ((free <= sheet.lower) & (slope < 0)) | ((free >= sheet.upper) & (slope > 0))
    scale = d.copy() if len(sheet.linear) else np.maximum(scale, d)
    moving = ~held & (d > 0)
    problem = _Damped(sheet, free, normal, np.where(moving, slope, 0.0), damping)
    step, sound, cut = problem.solve(scale, moving, np.zeros_like(free))
    predicted = problem.promised(step, moving)
    # What a bound left of a step that numbers make together may lead up: then the others make
    # theirs with those that were cut where these are.
    left = moving & ~cut
    for _ in range(m):
        up = np.flatnonzero(sound & cut.any(axis=1) & (predicted <= 0.0))
        if not len(up):
            break
        part = problem.of(up)
        step[up], firm, cut[up] = part.solve(scale[up], left[up], step[up])
        left[up] &= ~cut[up]
        predicted[up] = np.where(firm, part.promised(step[up], moving[up]), LEADS_UP)
        cut[up[~firm]] = False
    predicted = np.where(cut.any(axis=1) & (predicted <= 0.0), LEADS_UP, predicted)
    predicted = np.where(predicted == LEADS_UP, LEADS_UP, np.maximum(predicted, 0.0))
    return step, np.where(sound, predicted, -1.0), scale


@dataclass(frozen=True)
class _Damped:
    """Where pixels are, and what their steps are solved from."""

    sheet: Sheet
    free: Array
    normal: Array
    slope: Array
    damping: Array

    def of(self, which: Places) -> "_Damped":
        """Some of the pixels."""
        each = (self.free, self.normal, self.slope, self.damping)
        return _Damped(self.sheet, *(numbers[which] for numbers in each))

    def solve(self, scale: Array, moving: Flags, kept: Array) -> tuple[Array, Flags, Flags]:
        """Steps of those that move, the others' kept; where they are sound, and which are cut."""
        sheet, every = self.sheet, np.arange(scale.shape[1])
        size = np.where(moving, 1 / np.sqrt(scale), 0.0)
        kept = np.where(moving, 0.0, kept)
        slope = self.slope - (self.normal @ kept[:, :, np.newaxis])[:, :, 0]
        pairs = moving[:, :, np.newaxis] & moving[:, np.newaxis, :]
        unit = np.where(pairs, self.normal, 0.0) * size[:, :, np.newaxis] * size[:, np.newaxis, :]
        more = np.where(sheet.owner == OWNED_LINEAR, 1e-3, 1.0) * self.damping[:, np.newaxis]
        unit[:, every, every] = np.where(moving, unit[:, every, every] + more, 1.0)
        lower, sound = decompose(unit)
        whole = self.free + substitute(lower, np.where(moving, slope, 0.0) * size) * size
        to = np.clip(whole, sheet.lower, sheet.upper)
        return np.where(moving, to - self.free, kept), sound, moving & (to != whole)

    def promised(self, step: Array, moving: Flags) -> Array:
        """The reductions that steps promise."""
        pairs = moving[:, :, np.newaxis] & moving[:, np.newaxis, :]
        known = (step * np.where(moving, self.slope, 0.0)).sum(axis=1)
        promised: Array = 2 * known - quadratic(np.where(pairs, self.normal, 0.0), step)
        return promised


def wake(sheet: Sheet, p: Array) -> None:
    """Linear numbers that are 0 would hide the rows that are their multiples: move them off."""
    for k in sheet.linear.tolist():
        slot, lower, upper = sheet.slots[k], sheet.lower[k], sheet.upper[k]
        off = min(max(1.0, lower), upper)
        p[p[:, slot] == 0.0, slot] = off if off != 0.0 else max(-1.0, lower)


def relax(sheet: Sheet, p: Array, gram: Array) -> tuple[Flags, Array, Array]:
    """Bring the linear numbers, and with them the Gram matrix, to their best.

    Returns
    -------
    done : ndarray of bool, (pixel,)
        False where the data do not determine them; then nothing below is to be used.
    p : ndarray, (pixel, slot)
    gram : ndarray, (pixel, free + 1, free + 1)
    """
    linear, slots = sheet.linear, sheet.slots[sheet.linear]
    lower, upper = sheet.lower[linear], sheet.upper[linear]
    done, change = solve_linear(
        gram[:, linear[:, np.newaxis], linear],
        gram[:, linear, -1],
        (lower - p[:, slots], upper - p[:, slots]),
        gram[:, -1, -1],
    )
    p, gram = p.copy(), gram.copy()
    rise = (gram[:, :-1, linear] @ change[:, :, np.newaxis])[:, :, 0]
    gram[:, -1, -1] -= (change * (2 * gram[:, linear, -1] - rise[:, linear])).sum(axis=1)
    gram[:, :-1, -1] -= rise
    before = p[:, slots]
    p[:, slots] = np.clip(before + change, lower, upper)
    growth = np.where(before != 0.0, p[:, slots] / before, 1.0)
    factor = np.ones((len(p), gram.shape[1]))
    for j, k in enumerate(linear.tolist()):
        factor[:, :-1][:, sheet.owner == k] = growth[:, j, np.newaxis]
    gram *= factor[:, :, np.newaxis] * factor[:, np.newaxis, :]
    gram[:, -1, :-1] = gram[:, :-1, -1]
    return done, p, gram


def solve_linear(
    normal: Array, slope: Array, room: tuple[Array, Array], cost: Array
) -> tuple[Flags, Array]:
    """The change of linear numbers that makes chi squared least inside their bounds.

    Parameters
    ----------
    normal : ndarray, (pixel, linear, linear)
    slope : ndarray, (pixel, linear)
    room : pair of ndarray, (pixel, linear)
        How far down, and how far up, each may go.
    cost : ndarray, (pixel,)
        Chi squared before.

    Returns
    -------
    done : ndarray of bool, (pixel,)
        False where the data do not determine it.
    change : ndarray, (pixel, linear)
    """
    n = slope.shape[1]
    d = np.diagonal(normal, axis1=1, axis2=2)
    done: Flags = np.array((d > 0).all(axis=1))
    change, held = np.zeros(slope.shape), np.zeros(slope.shape, dtype=np.int8)
    live = np.flatnonzero(done)
    for _ in range(3 * n + 1):
        if not len(live):
            break
        a, b, here, stays = normal[live], slope[live], change[live], held[live]
        low, high = room[0][live], room[1][live]
        x, sound = _unbound(a, b, here, stays != 0)
        done[live[~sound]] = False
        way = np.where(stays != 0, 0.0, x - here)
        left = np.where(way > 0, high - here, low - here)
        share = np.where(way != 0, np.maximum(left / way, 0.0), np.inf)
        met, every = share.argmin(axis=1), np.arange(len(live))
        least = np.minimum(share[every, met], 1.0)
        here = here + least[:, np.newaxis] * way
        stopped = least < 1.0
        i, j = every[stopped], met[stopped]
        up = way[i, j] > 0
        stays[i, j] = np.where(up, 1, -1)
        here[i, j] = np.where(up, high[i, j], low[i, j])
        # All inside: is there a bound that it would rather leave?
        v = b - (a @ here[:, :, np.newaxis])[:, :, 0]
        gain = np.where(v * stays < 0, v * v / d[live], 0.0)
        worst = gain.argmax(axis=1)
        released = ~stopped & (gain[every, worst] > 1e-14 * cost[live])
        stays[released, worst[released]] = 0
        change[live], held[live] = here, stays
        live = live[sound & (stopped | released)]
    return done, change


def _unbound(a: Array, b: Array, here: Array, stays: Flags) -> tuple[Array, Flags]:
    """The optimum of those that do not stay; and where it is determined."""
    size = np.where(stays, 0.0, 1 / np.sqrt(np.diagonal(a, axis1=1, axis2=2)))
    unit = a * size[:, :, np.newaxis] * size[:, np.newaxis, :]
    every = np.arange(b.shape[1])
    unit[:, every, every] = 1.0
    push = b - (a @ np.where(stays, here, 0.0)[:, :, np.newaxis])[:, :, 0]
    lower, sound = decompose(unit)
    return substitute(lower, push * size) * size, sound
