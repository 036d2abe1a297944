"""Where the pixels of a map start from."""

from collections.abc import Callable
from itertools import product

import numpy as np
from numpy.typing import NDArray

from hsjupyter.core.errors import FitError, unknown_name
from hsjupyter.core.maps import ParameterMaps
from hsjupyter.fitting.call import FitCall
from hsjupyter.fitting.jobs import Pixels
from hsjupyter.fitting.objective import make_objective
from hsjupyter.fitting.plan import Array, Flags, Plan
from hsjupyter.fitting.solve import solve_pixel

RULES = ("previous", "stored", "neighbours", "sum")
BLOCK = 1024  # pixels read at once for their sum

Starts = Callable[[NDArray[np.intp]], Array]
"""Flat pixel indices -> start values, (pixel, slot); NaN where a pixel has none of its own."""


def starts_of(  # noqa: PLR0917 - the parts of a run
    rule: str | None,
    maps: ParameterMaps,
    plan: Plan,
    pixels: Pixels,
    order: NDArray[np.intp],
    call: FitCall,
) -> Starts:
    """The start values by a rule.

    Parameters
    ----------
    rule : {'previous', 'stored', 'neighbours', 'sum'}, optional
        ``previous``: the pixel that was fitted before, or the working values, whichever describes
        the pixel better. ``stored``: what is stored there, else the working values.
        ``neighbours``: the median of what is stored next to it when the run begins. ``sum``: what
        fits the sum of all pixels of the run, as their mean. Without a rule what is stored, and
        as ``previous`` where nothing is.
    maps : ParameterMaps
    plan : Plan
    pixels : Pixels
    order : ndarray of int, (pixel,)
        The pixels of the run.
    call : FitCall

    Raises
    ------
    UnknownNameError
        No such rule.
    FitError
        The sum could not be fitted.
    """
    slots = maps.values.shape[-1]
    values, is_set = maps.values.reshape(-1, slots), maps.is_set.reshape(-1, slots)
    free: Flags = plan.free

    def stored(which: NDArray[np.intp], among: Flags) -> Array:
        known = is_set[which] & among
        if not known.any():
            return np.full(known.shape, np.nan)
        return np.where(known, values[which], np.nan)

    if rule is None:
        return lambda which: stored(which, np.ones(slots, dtype=bool))
    if rule == "previous":
        return lambda which: stored(which, ~free)
    if rule == "stored":
        return lambda which: np.where(is_set[which], values[which], plan.start)
    if rule == "sum":
        row = fit_sum(plan, pixels, order, call)
        return lambda which: np.where(free, row, stored(which, ~free))
    if rule == "neighbours":
        then = np.where(maps.is_set, maps.values, np.nan)
        return lambda which: np.where(free, _around(then, which), stored(which, ~free))
    raise unknown_name("multifit: start", rule, RULES)


def _around(stored: Array, which: NDArray[np.intp]) -> Array:
    """The median of the stored values around some pixels, (pixel, slot); NaN where there are none.

    Parameters
    ----------
    stored : ndarray, (nav..., slot)
        NaN where nothing is.
    which : ndarray of int, (pixel,)
    """
    shape = stored.shape[:-1]
    here = np.stack(np.unravel_index(which, shape))
    found = []
    for step in product((-1, 0, 1), repeat=len(shape)):
        if any(step):
            there = here + np.array(step)[:, np.newaxis]
            inside = (there >= 0).all(axis=0) & (shape > there.T).all(axis=1)
            rows = np.full((len(which), stored.shape[-1]), np.nan)
            rows[inside] = stored[tuple(there[:, inside])]
            found.append(rows)
    around = np.stack(found)
    known = ~np.isnan(around).all(axis=0)
    median = np.full(known.shape, np.nan)
    median[known] = np.nanmedian(around[:, known], axis=0)
    return median


def fit_sum(plan: Plan, pixels: Pixels, order: NDArray[np.intp], call: FitCall) -> Array:
    """The values, (slot,), that fit the mean of some pixels, each pixel counted alike.

    Raises
    ------
    FitError
        No optimum was reached, or no pixel has data.
    """
    data, low = _mean(pixels.data, pixels, order), pixels.low_loss
    low_mean = None if low is None else low if low.ndim == 1 else _mean(low, pixels, order)
    alone = Pixels(data, None, low_mean, (1,), pixels.signal_dimension)
    objective = make_objective(plan, alone.at(0), plan.start, plan.active, call.loss)
    found = solve_pixel(objective, call.optimizer, call.options)
    if not found.success:
        raise FitError(
            f"multifit: start='sum' came, and the sum could not be fitted ({found.message}); set "
            "better working values first, or start from others"
        )
    return objective.filled(found.x)


def _mean(array: object, pixels: Pixels, order: NDArray[np.intp]) -> Array:
    """The mean of the finite spectra of some pixels, (sig...); of what is one for all, itself."""
    total, n = np.zeros(()), 0
    for first in range(0, len(order), BLOCK):
        rows = pixels.rows(array, np.sort(order[first : first + BLOCK]))
        good = np.isfinite(rows.reshape(len(rows), -1)).all(axis=1)
        total, n = total + rows[good].sum(axis=0), n + int(good.sum())
    if not n:
        raise FitError(
            "multifit: start='sum' came, and every pixel holds NaN or infinity; leave them out "
            "with a mask"
        )
    return np.asarray(total / n, dtype=np.float64)
