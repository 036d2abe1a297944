"""Components that could stand for each other, given the same part in every seed."""

from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from hsjupyter.fitting.contest import Verdict
from hsjupyter.fitting.plan import Array, Flags, Plan

MOST = 5  # components of one kind that are put in order
ROUNDS = 10


def order_alike(plan: Plan, seeds: Verdict, known: tuple[Array, Flags]) -> None:
    """Exchange the values of components of one kind so that seeds agree which is which.

    What differs from seed to seed least, in units of how much the components differ, decides: it
    may be the width where positions wander, or the position where the widths are alike. Where
    good fits are known already, they say which is which. Changes the seeds in place.

    Parameters
    ----------
    plan : Plan
    seeds : Verdict
    known : tuple of ndarray
        Rows, (pixel, slot), and active components, (pixel, component), that are not changed.
    """
    for group in groups(plan):
        slots = np.array([np.flatnonzero(plan.owners == c) for c in group])
        rows = np.concatenate([known[0], seeds.values])[:, slots]
        on = np.concatenate([known[1], seeds.active])[:, group]
        free = plan.free[slots].all(axis=0)
        parts = np.where(on[..., np.newaxis], rows, np.nan)[..., free]
        chosen = assign(parts, fixed=len(known[0]))[len(known[0]) :]
        if not len(known[0]):  # nothing says which is which but the working values
            chosen = chosen[:, like_start(parts, chosen, plan.start[slots][:, free])]
        for i, order in enumerate(chosen):
            for array in (seeds.values, seeds.std):
                array[i, slots] = array[i][slots[order]]
            seeds.active[i, group] = seeds.active[i, [group[k] for k in order]]


def groups(plan: Plan) -> list[list[int]]:
    """Components of one shape and with the same bounds and freedom, that no link holds."""
    linked = {int(plan.owners[s]) for link in plan.links for s in (link.slot, *link.sources)}
    found: list[list[int]] = []
    for c in range(len(plan.shapes)):
        if c in linked:
            continue
        home = next((g for g in found if _same(plan, g[0], c)), None)
        if home is None:
            found.append([c])
        else:
            home.append(c)
    return [g for g in found if 1 < len(g) <= MOST]


def _same(plan: Plan, one: int, other: int) -> bool:
    if plan.shapes[one] != plan.shapes[other]:
        return False
    mine, its = plan.owners == one, plan.owners == other
    return all(
        np.array_equal(array[mine], array[its]) for array in (plan.lower, plan.upper, plan.free)
    )


def assign(parts: Array, fixed: int = 0) -> NDArray[np.intp]:
    """Which of its components takes each part at every seed, (seed, part).

    Parameters
    ----------
    parts : ndarray, (seed, component, number)
        NaN where a component is off.
    fixed : int
        The first so many seeds stay as they are.
    """
    n, k, _ = parts.shape
    orders = np.array(list(permutations(range(k))), dtype=np.intp)
    chosen = np.tile(np.arange(k, dtype=np.intp), (n, 1))
    everything = parts.reshape(n * k, -1)
    spread = np.nanstd(everything, axis=0)
    scaled = parts / np.where(spread > 0, spread, 1.0)
    for _ in range(ROUNDS):
        now = np.take_along_axis(scaled, chosen[..., np.newaxis], axis=1)
        usual = now[:fixed] if fixed else now
        middle, within = _middle(usual), _middle(np.abs(now - _middle(usual)))
        # What hardly differs within a part says most: weights as of a variance.
        weights = 1 / (within**2 + 1e-2)
        cost = np.stack([np.nansum((scaled[:, o] - middle) ** 2 * weights, (1, 2)) for o in orders])
        new = orders[cost.argmin(axis=0)]
        new[:fixed] = np.arange(k)
        if (new == chosen).all():
            break
        chosen = new
    return chosen


def like_start(parts: Array, chosen: NDArray[np.intp], start: Array) -> NDArray[np.intp]:
    """The order of parts in which they are most like start values, (part,).

    Parameters
    ----------
    parts : ndarray, (seed, component, number)
    chosen : ndarray of int, (seed, part)
        Which component takes each part.
    start : ndarray, (part, number)
    """
    middle = _middle(np.take_along_axis(parts, chosen[..., np.newaxis], axis=1))
    spread = np.nanstd(np.concatenate([middle, start]), axis=0)
    orders = list(permutations(range(len(start))))
    apart = (middle[np.array(orders)] - start) / np.where(spread > 0, spread, 1.0)
    return np.array(orders[int((apart**2).sum(axis=(1, 2)).argmin())], dtype=np.intp)


def _middle(numbers: Array) -> Array:
    """The median over the seeds, 0 where there is none."""
    known = np.isfinite(numbers).any(axis=0)
    found = np.zeros(numbers.shape[1:])
    found[known] = np.nanmedian(numbers[:, known], axis=0)
    return found
