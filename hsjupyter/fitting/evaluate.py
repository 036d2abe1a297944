"""The model at every pixel, from the stored values."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from hsjupyter.core.component import Component
from hsjupyter.core.model import BaseModel
from hsjupyter.core.shape import value_of_rows
from hsjupyter.fitting.jobs import Pixels, pixels_of
from hsjupyter.fitting.plan import Array, Flags, Plan, freeze

# Pixels evaluated at once, so that what is needed beside the result stays small.
_BLOCK = 4096


def evaluate_map(
    model: BaseModel, components: list[Component] | None = None, *, whole: bool = False
) -> Array:
    """The model from the stored values of every pixel.

    Parameters
    ----------
    model : BaseModel
    components : list of Component or None
        Only these, also where switched off; None for all that are active at the pixel.
    whole : bool
        Also outside of the signal range.

    Returns
    -------
    ndarray, (nav..., sig...)
        NaN outside of the signal range, and at pixels where a value it needs is not stored.
    """
    plan = freeze(model)
    if whole:
        plan = _over_all_channels(plan, model)
    total = np.full((int(np.prod(model.maps.shape)), model.channel_switches.size), np.nan)
    for which, lines in _blocks(model, plan, pixels_of(model), components):
        total[which[:, np.newaxis], plan.channels] = lines
    return total.reshape(model.signal.data.shape)


Loss = Callable[[Array, Array, Array | None], Array]


def loss_of_map(model: BaseModel, loss: Loss) -> Array:
    """A loss of the stored values of every pixel, over the channels of the signal range.

    Parameters
    ----------
    model : BaseModel
    loss : callable
        ``loss(lines, y, roots)`` -> (pixel, channel), with the data and, where the noise variance
        is known, the roots of the weights.

    Returns
    -------
    ndarray, (nav...)
        Its sum over the channels; NaN where a value it needs is not stored, or the data are not
        finite.
    """
    plan, pixels = freeze(model), pixels_of(model)
    total = np.full(int(np.prod(model.maps.shape)), np.nan)
    for which, lines in _blocks(model, plan, pixels, None):
        y, roots, wrong = pixels.block(which, plan.channels, None)
        total[which] = np.where(wrong == "", loss(lines, y, roots).sum(axis=1), np.nan)
    return total.reshape(model.maps.shape)


def squares(lines: Array, y: Array, roots: Array | None) -> Array:
    """Weighted squared residuals, (pixel, channel); their sum is chi squared."""
    residual = lines - y
    weighted: Array = (residual if roots is None else residual * roots) ** 2
    return weighted


def chisq_of_map(model: BaseModel) -> Array:
    """Chi squared of the stored values of every pixel, (nav...), over the signal range."""
    return loss_of_map(model, squares)


def _over_all_channels(plan: Plan, model: BaseModel) -> Plan:
    coords = tuple(x.ravel() for x in model.signal.signal_coordinates())
    widths = model.signal.binned_widths
    return replace(
        plan,
        coords=coords,
        widths=None if widths is None else widths.ravel(),
        channels=np.arange(coords[0].size),
    )


def _blocks(
    model: BaseModel, plan: Plan, pixels: Pixels, components: list[Component] | None
) -> Iterator[tuple[NDArray[np.intp], Array]]:
    """Flat indices of some pixels, and their lines, (pixel, channel)."""
    maps, n_pixels = model.maps, int(np.prod(model.maps.shape))
    rows = maps.values.reshape(n_pixels, -1)
    many = np.array([c.active_is_multidimensional for c in model], dtype=bool)
    active = np.where(many, maps.active.reshape(n_pixels, -1), plan.active)
    if components is not None:
        # Those asked for count also where they are switched off, but not at pixels without them.
        active = np.where(many, active, True) & np.array([c in components for c in model])
    for start in range(0, n_pixels, _BLOCK):
        which = np.arange(start, min(start + _BLOCK, n_pixels), dtype=np.intp)
        yield which, lines_of_rows(plan, pixels, which, rows[which], active[which])


def lines_of_rows(
    plan: Plan, pixels: Pixels, which: NDArray[np.intp], rows: Array, active: Flags
) -> Array:
    """The model at some pixels, (pixel, channel), in units of the data.

    Parameters
    ----------
    plan : Plan
    pixels : Pixels
        Asked for the low loss only, where lines are convolved.
    which : ndarray of int, (pixel,)
    rows : ndarray, (pixel, slot)
    active : ndarray of bool, (pixel, component)
    """
    if plan.convolution is not None:
        each = zip(which.tolist(), rows, active, strict=True)
        return np.array([plan.value(row, on, pixels.at(i).low_loss) for i, row, on in each])
    total = np.zeros((len(rows), plan.coords[0].size))
    for c in np.flatnonzero(active.any(axis=0)).tolist():
        on = active[:, c]
        total[on] += value_of_rows(plan.shapes[c], plan.coords, rows[on][:, plan.owners == c])
    return total if plan.widths is None else total * plan.widths
