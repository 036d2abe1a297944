"""Seeds that nobody has to point at: a spread of pixels by what earlier seeds leave unexplained."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from hsjupyter.core.model import BaseModel
from hsjupyter.fitting.contest import Contest, Verdict, solve_contest
from hsjupyter.fitting.evaluate import lines_of_rows, squares
from hsjupyter.fitting.plan import Array, Flags
from hsjupyter.samfire.alike import order_alike
from hsjupyter.samfire.board import Board
from hsjupyter.samfire.judge import contest_of
from hsjupyter.samfire.marker import Places

SEEDS = 12
LOOKED_AT = 2048  # pixels from which seeds are chosen
MOST_KNOWN = 64  # pixels with a good fit that say which component is which
STARTS = 24  # of one seed, beside those of the seeds before it


def find_seeds(board: Board, most: int = SEEDS) -> Verdict | None:
    """Fit a few pixels from many starts.

    The first is the pixel with the most structure; each further one is the pixel that the seeds
    before it describe worst, so that every kind of pixel gets one.

    Parameters
    ----------
    board : Board
    most : int
        No more seeds than this.

    Returns
    -------
    Verdict or None
        The fits, their measures not judged yet; None where not one pixel could be fitted.
    """
    left = np.flatnonzero(board.marker.left)
    if len(left) > LOOKED_AT:
        left = np.sort(board.random.choice(left, LOOKED_AT, replace=False))
    usable = board.task.pixels.block(left, board.task.plan.channels, None)[2] == ""
    left = left[usable]
    misfit = _structure(board, left)
    seeds: list[Verdict] = []
    chosen = np.zeros(len(left), dtype=bool)
    for _ in range(min(most, len(left))):
        worst = int(np.argmax(np.where(chosen, -np.inf, misfit)))
        if not np.isfinite(misfit[worst]):
            break
        chosen[worst] = True
        known = np.concatenate([v.values for v in seeds]) if seeds else None
        verdict = _fit(board, left[worst : worst + 1], known)
        if len(verdict.pixels):
            seeds.append(verdict)
            misfit = np.minimum(misfit, _misfit(board, left, verdict))
    if not seeds:
        return None
    joined = seeds[0]
    found = Verdict(
        **{
            name: np.concatenate([getattr(v, name) for v in seeds])
            for name in ("pixels", "values", "std", "chisq", "dof", "active", "measures", "tried")
        },
        failures=(),
        tries=joined.tries[:0],
        reasons={},
    )
    done = np.flatnonzero(board.marker.done)[:MOST_KNOWN]
    as_found = (board.task.rows_of(done), board.task.active_of(done))
    order_alike(board.task.plan, found, as_found)
    return found


def choose_sets(board: Board) -> None:
    """Let the sets of optional components compete at pixels that were fitted by hand.

    A fit by hand has all components on: those that are not needed there say nothing.
    """
    marker, task = board.marker, board.task
    which = np.flatnonzero(marker.done & (marker.strategy < 0))
    if not (task.optional.any() and which.size):
        return
    starts = board.own_fixed(which, board.task.rows_of(which)[:, np.newaxis].copy())
    others = _others(board, which)
    starts = np.concatenate([starts, np.repeat(others[np.newaxis], len(which), axis=0)], axis=1)
    job = replace(
        contest_of(task, board.judge.test.measure),
        pixels=which,
        starts=starts,
        active=task.active_of(which),
        limits=board.judge.limits(which),
        screened=2,
    )
    verdict = solve_contest(task.plan, task.pixels, job)
    store(task.model, verdict, optional=True)
    marker.quality[verdict.pixels] = board.judge.quality(verdict.pixels, verdict.measures)


def _others(board: Board, which: Places) -> Array:
    """Rows of a few of some pixels, (row, slot)."""
    few = which[np.linspace(0, len(which) - 1, min(SEEDS, len(which))).astype(np.intp)]
    return board.rows(few)


def store(model: BaseModel, verdict: Verdict, *, optional: bool) -> None:
    """Write the good fits of a verdict into the maps of a model."""
    maps, where = model.maps, np.unravel_index(verdict.pixels, model.maps.shape)
    with model.lock:
        maps.values[where], maps.std[where] = verdict.values, verdict.std
        maps.is_set[where] = True
        maps.chisq[where], maps.dof[where] = verdict.chisq, verdict.dof
        if optional:
            maps.active[where] = verdict.active
        model.stored += 1


def _structure(board: Board, which: Places) -> Array:
    """How much of a pixel is not a constant, over its noise, (pixel,)."""
    y, roots, _ = board.task.pixels.block(which, board.task.plan.channels, None)
    flat = squares(y.mean(axis=1, keepdims=True), y, roots).mean(axis=1)
    found: Array = flat if board.judge.scatter is None else flat / board.judge.scatter[which]
    return found


def _misfit(board: Board, which: Places, seed: Verdict) -> Array:
    """How badly the values of a seed, up to a factor, describe pixels, over their noise."""
    task, n = board.task, len(which)
    row, active = seed.values[:1], seed.active[:1]
    line = lines_of_rows(task.plan, task.pixels, seed.pixels[:1], row, active)
    y, roots, _ = task.pixels.block(which, task.plan.channels, None)
    weights = np.ones((1, 1)) if roots is None else roots**2
    scale = (weights * y * line).sum(axis=1) / (weights * line**2).sum(axis=1)
    scale = np.where(np.isfinite(scale), scale, 1.0)
    rest = squares(scale[:, np.newaxis] * line, y, roots).mean(axis=1)
    found: Array = rest if board.judge.scatter is None else rest / board.judge.scatter[which]
    return found.reshape(n)


def _fit(board: Board, pixel: Places, known: Array | None) -> Verdict:
    """The best of fits from the working values, earlier seeds, and places at random."""
    task = board.task
    starts = [task.plan.start[np.newaxis]]
    if known is not None:
        starts.append(known)
    starts.append(_scattered(board, pixel))
    active = task.active_of(pixel)
    rows = board.own_fixed(pixel, np.concatenate(starts)[np.newaxis])[0]
    empty = contest_of(task, board.judge.test.measure)
    # Every start on its own, so that the best of all counts and not the first.
    verdicts = [
        solve_contest(task.plan, task.pixels, _alone(empty, pixel, row, active)) for row in rows
    ]
    found = [v for v in verdicts if len(v.pixels)]
    return min(found, key=lambda v: float(v.chisq[0])) if found else verdicts[0]


def _alone(empty: Contest, pixel: Places, row: Array, active: Flags) -> Contest:
    return replace(empty, pixels=pixel, starts=row[np.newaxis, np.newaxis], active=active)


def _scattered(board: Board, pixel: Places) -> Array:
    """Starts whose positions are drawn where the pixel has structure, (start, slot)."""
    task = board.task
    plan, model = task.plan, task.model
    y = np.nan_to_num(task.pixels.block(pixel, plan.channels, None)[0][0])
    chance = np.abs(y - np.median(y))
    chance = chance / chance.sum() if chance.sum() > 0 else np.full(len(y), 1 / len(y))
    rows = np.tile(plan.start, (STARTS, 1))
    places = _position_slots(model)
    for k in range(STARTS):
        drawn = board.random.choice(len(y), size=max(1, len(places)), p=chance)
        for (slot, axis), channel in zip(places, drawn, strict=False):
            if plan.free[slot]:
                rows[k, slot] = plan.coords[axis][channel]
    free: NDArray[np.bool_] = plan.free
    rows[:, free] = np.clip(rows[:, free], plan.lower[free], plan.upper[free])
    return rows


def _position_slots(model: BaseModel) -> list[tuple[int, int]]:
    """Slots that say where a component stands, with the coordinate each is of."""
    found = []
    for component in model:
        place = component.position
        names = (place,) if isinstance(place, str) else place or ()
        for axis, name in enumerate(names):
            parameter = next(p for p in component.parameters if p.name == name)
            found.append((model.maps.slot(parameter).start, axis))
    return found
