"""``inav`` and ``isig``: part of a signal or a model, by index or by calibrated value."""

from collections.abc import Callable
from types import EllipsisType
from typing import Any, Generic, TypeVar

import numpy as np

from hsjupyter.core.axes import Axis
from hsjupyter.core.errors import AxisError

T = TypeVar("T")
Index = int | slice


class Slicer(Generic[T]):
    """What ``signal.inav`` is: ``inav[2, 0.5:]`` calls ``take`` with one index an axis.

    Parameters
    ----------
    axes : tuple of Axis
        The axes it slices, natural order.
    take : callable
        Gets a tuple with one int or slice an axis, natural order; makes the result.
    whose : str
        For messages.
    """

    def __init__(
        self, axes: tuple[Axis, ...], take: Callable[[tuple[Index, ...]], T], whose: str
    ) -> None:
        self._axes, self._take, self._whose = axes, take, whose

    def __getitem__(self, what: Any) -> T:
        asked = what if isinstance(what, tuple) else (what,)
        if Ellipsis in [a for a in asked if isinstance(a, EllipsisType)]:
            at = asked.index(Ellipsis)
            fill = len(self._axes) - len(asked) + 1
            asked = asked[:at] + (slice(None),) * fill + asked[at + 1 :]
        if len(asked) > len(self._axes):
            raise AxisError(
                f"{self._whose}: {len(asked)} indices came, there are {len(self._axes)} axes "
                f"({', '.join(axis.name or 'unnamed' for axis in self._axes) or 'none'}); give at "
                "most one for each"
            )
        asked += (slice(None),) * (len(self._axes) - len(asked))
        return self._take(
            tuple(_index_on(axis, one) for axis, one in zip(self._axes, asked, strict=True))
        )


def _index_on(axis: Axis, one: Any) -> Index:
    if isinstance(one, slice):
        if one.step is not None and not isinstance(one.step, int | np.integer):
            raise AxisError(f"{axis}: the step {one.step!r} came; a whole number is wanted")
        start = None if one.start is None else _edge(axis, one.start)
        stop = None if one.stop is None else _edge(axis, one.stop)
        return slice(start, stop, one.step)
    if isinstance(one, float | np.floating):
        return axis.value2index(float(one))
    if isinstance(one, int | np.integer) and not isinstance(one, bool):
        if not -axis.size <= one < axis.size:
            raise AxisError(f"{axis}: index {one} came; it has {axis.size} channels")
        return int(one) % axis.size
    raise AxisError(
        f"{axis}: {one!r} came; a whole number (index), a float (in {axis.units or 'its units'}) "
        "or a slice of them is wanted"
    )


def _edge(axis: Axis, edge: Any) -> int:
    """The index of a slice's end; a value beyond the axis means its end."""
    if isinstance(edge, float | np.floating):
        inside = float(np.clip(edge, axis.low_value, axis.high_value))
        index = axis.value2index(inside)
        beyond = edge > axis.high_value if axis.axis[-1] >= axis.axis[0] else edge < axis.low_value
        return axis.size if beyond else index
    if isinstance(edge, int | np.integer):
        return int(edge)
    raise AxisError(f"{axis}: the slice end {edge!r} came; a whole number or a float is wanted")
