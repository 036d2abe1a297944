"""Channels put together: every count of the old ones is in one of the new."""

from collections.abc import Iterable, Sequence
from math import ceil, floor, prod
from typing import Any

import numpy as np

from hsjupyter.core.axes import Axis, DataAxis, UniformDataAxis
from hsjupyter.core.axis import is_number
from hsjupyter.core.errors import AxisError
from hsjupyter.core.reading import whole
from hsjupyter.core.signal import BaseSignal

# So close to a whole number of channels, a fraction of one is rounding.
ROUNDING = 1e-9


def rebinned(
    signal: BaseSignal,
    new_shape: Sequence[int] | None,
    scale: Sequence[float] | None,
    *,
    crop: bool,
) -> BaseSignal:
    """A signal of wider or narrower channels, which hold the counts of the old ones.

    Parameters
    ----------
    signal : BaseSignal
    new_shape : sequence of int, optional
        Channels along every axis, natural order.
    scale : sequence of float, optional
        How many old channels make a new one, for every axis, natural order. A part of a channel
        holds that part of its counts.
    crop : bool
        Leave out what does not fill a last new channel; else that one is there, less full.

    Raises
    ------
    AxisError
        Not one of the two was given, or they do not fit the axes.
    """
    natural = signal.axes_manager.natural
    factors = _factors(signal, natural, new_shape, scale)
    sizes = [
        max(1, floor(axis.size / f + ROUNDING) if crop else ceil(axis.size / f - ROUNDING))
        for axis, f in zip(natural, factors, strict=True)
    ]
    if new_shape is not None:
        sizes = [int(n) for n in new_shape]
    data, variance = whole(signal.data), signal.variance_array()
    made: dict[int, Axis] = {}
    for axis, factor, size in zip(natural, factors, sizes, strict=True):
        place = axis.index_in_array
        made[place] = _wider(axis, factor, size)
        if factor == 1 and size == axis.size:
            continue
        data = _put_together(data, place, factor, size)
        if variance is not None and not is_number(variance):
            variance = _put_together(variance, place, factor, size)
    if is_number(variance):
        variance *= prod(factors)
    together: BaseSignal = signal.derive(data, [made[i] for i in sorted(made)], variance)
    return together


def _factors(
    signal: BaseSignal,
    natural: Sequence[Axis],
    new_shape: Sequence[int] | None,
    scale: Sequence[float] | None,
) -> list[float]:
    given = scale if new_shape is None else new_shape
    if (new_shape is None) == (scale is None) or given is None:
        raise AxisError(
            f"{signal!r}: new_shape={new_shape!r} and scale={scale!r} came; one of the two is "
            "wanted"
        )
    numbers: list[Any] = list(given) if isinstance(given, Iterable) else [given]
    if len(numbers) != len(natural) or not all(is_number(n) and n > 0 for n in numbers):
        word = "scale" if new_shape is None else "new_shape"
        raise AxisError(
            f"{signal!r}: {word}={given!r} came; {len(natural)} positive numbers are wanted, one "
            "for each axis, navigation axes first, the fastest first"
        )
    if new_shape is None:
        return [float(n) for n in numbers]
    if any(n != int(n) for n in numbers):
        raise AxisError(f"{signal!r}: new_shape={new_shape!r} came; whole numbers are wanted")
    return [axis.size / n for axis, n in zip(natural, numbers, strict=True)]


def _wider(axis: Axis, factor: float, size: int) -> Axis:
    """The axis of the new channels; each stands in the middle of its old ones."""
    labels = axis.labels()
    if isinstance(axis, UniformDataAxis):
        offset = axis.offset + axis.scale * (factor - 1) / 2
        return UniformDataAxis(size, scale=axis.scale * factor, offset=offset, **labels)
    if factor == 1 and size == axis.size:
        return axis.copy()
    if factor != int(factor):
        raise AxisError(
            f"{axis}: its channels are not equally spaced, and {factor:g} of them should make one; "
            "a whole number is wanted"
        )
    at, step = axis.axis, int(factor)
    return DataAxis([at[i * step : (i + 1) * step].mean() for i in range(size)], **labels)


def _put_together(data: Any, place: int, factor: float, size: int) -> Any:
    """Counts of the new channels along one dimension.

    The counts up to an edge are a line between the counts up to the old edges; a new channel
    holds the difference between its two.
    """
    step = round(factor)
    n = data.shape[place]
    if factor == step and size * step <= n:
        head = [slice(None)] * len(data.shape)
        head[place] = slice(0, size * step)
        shape = (*data.shape[:place], size, step, *data.shape[place + 1 :])
        return np.sum(np.reshape(data[tuple(head)], shape), axis=place + 1)
    edges = np.minimum(np.arange(size + 1) * factor, n)
    low = np.minimum(np.floor(edges + ROUNDING).astype(np.intp), n)
    part = np.clip(edges - low, 0.0, 1.0)
    along = [1] * len(data.shape)
    along[place] = -1
    pads = [(0, 0)] * len(data.shape)
    pads[place] = (1, 1)
    padded = np.pad(data.astype(np.result_type(data.dtype, np.float64)), pads)
    below = np.take(np.cumsum(padded, axis=place), low, axis=place)
    inside = np.take(padded, low + 1, axis=place) * part.reshape(along)
    return np.diff(below + inside, axis=place)
