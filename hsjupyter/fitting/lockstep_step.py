"""Steps of many pixels at once, in numpy: damped ones, and those of the linear numbers.

What `hsjupyter.fitting.step` and `hsjupyter.fitting.linear_part` do at one pixel, and their
sources.
"""

import numpy as np

from hsjupyter.fitting.lockstep_algebra import decompose, quadratic, substitute
from hsjupyter.fitting.lockstep_rows import Sheet
from hsjupyter.fitting.plan import Array, Flags
from hsjupyter.fitting.step import OWNED_LINEAR


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
        -1 where the matrix is singular.
    scale : ndarray, (pixel, free)
    """
    free, m = p[:, sheet.slots], len(sheet.slots)
    normal, slope = gram[:, :m, :m], gram[:, :m, m]
    d = np.diagonal(normal, axis1=1, axis2=2)
    held = ((free <= sheet.lower) & (slope < 0)) | ((free >= sheet.upper) & (slope > 0))
    scale = d.copy() if len(sheet.linear) else np.maximum(scale, d)
    moving = ~held & (d > 0)
    size = np.where(moving, 1 / np.sqrt(scale), 0.0)
    pairs = moving[:, :, np.newaxis] & moving[:, np.newaxis, :]
    unit = np.where(pairs, normal, 0.0) * size[:, :, np.newaxis] * size[:, np.newaxis, :]
    more = np.where(sheet.owner == OWNED_LINEAR, 1e-3, 1.0) * damping[:, np.newaxis]
    every = np.arange(m)
    unit[:, every, every] = np.where(moving, unit[:, every, every] + more, 1.0)
    lower, sound = decompose(unit)
    x = substitute(lower, np.where(moving, slope, 0.0) * size)
    to = np.clip(free + x * size, sheet.lower, sheet.upper)
    step = np.where(moving, to - free, 0.0)
    known = np.where(moving, slope, 0.0)
    within = np.where(pairs, normal, 0.0)
    predicted = np.maximum(2 * (step * known).sum(axis=1) - quadratic(within, step), 0.0)
    return step, np.where(sound, predicted, -1.0), scale


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
