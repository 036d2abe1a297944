"""``inav`` and ``isig``: part of a signal or a model, by index or by calibrated value."""

from collections.abc import Callable
from types import EllipsisType
from typing import Any, Generic, TypeVar

import numpy as np

from hsjupyter.core.axis import SLACK, Axis, is_number
from hsjupyter.core.errors import AxisError

T = TypeVar("T")
Index = int | slice
Put = Callable[[tuple[Index, ...], Any], None]


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
    put : callable, optional
        Gets such a tuple and what is assigned, where parts may be assigned to.
    """

    def __init__(
        self,
        axes: tuple[Axis, ...],
        take: Callable[[tuple[Index, ...]], T],
        whose: str,
        put: Put | None = None,
    ) -> None:
        self._axes, self._take, self._whose, self._put = axes, take, whose, put

    def __getitem__(self, what: Any) -> T:
        return self._take(self._one_an_axis(what))

    def __setitem__(self, what: Any, value: Any) -> None:
        if self._put is None:
            raise AxisError(
                f"{self._whose}: parts of it cannot be assigned to; assign to those of its signal"
            )
        self._put(self._one_an_axis(what), value)

    def _one_an_axis(self, what: Any) -> tuple[Index, ...]:
        asked: tuple[Any, ...] = ()
        for one in what if isinstance(what, tuple) else (what,):
            asked += spans_of(one)
        fills = [i for i, one in enumerate(asked) if isinstance(one, EllipsisType)]
        if len(fills) == 1:
            at = fills[0]
            fill = len(self._axes) - len(asked) + 1
            asked = asked[:at] + (slice(None),) * fill + asked[at + 1 :]
        if len(asked) > len(self._axes):
            raise AxisError(
                f"{self._whose}: {len(asked)} indices came, there are {len(self._axes)} axes "
                f"({', '.join(axis.name or 'unnamed' for axis in self._axes) or 'none'}); give at "
                "most one for each"
            )
        asked += (slice(None),) * (len(self._axes) - len(asked))
        return tuple(index_on(axis, one) for axis, one in zip(self._axes, asked, strict=True))


def spans_of(one: Any) -> tuple[Any, ...]:
    """A region of interest as the slices it stands for; anything else as it is.

    A region has ``left`` and ``right``, a rectangle ``top`` and ``bottom`` too, in calibrated
    units: `hsjupyter.core.roi`, HyperSpy's own, or whatever else has these.
    """
    if isinstance(one, str) or not (hasattr(one, "left") and hasattr(one, "right")):
        return (one,)
    spans: tuple[Any, ...] = (slice(_float(one.left), _float(one.right)),)
    if hasattr(one, "top") and hasattr(one, "bottom"):
        spans += (slice(_float(one.top), _float(one.bottom)),)
    return spans


def _float(edge: Any) -> float | None:
    return float(edge) if is_number(edge) else None


def index_on(axis: Axis, one: Any) -> Index:
    """What was asked of one axis as an index from its start, or a slice of whole numbers.

    Raises
    ------
    AxisError
        It lies outside of the axis, or is no index, value or slice.
    """
    if isinstance(one, slice):
        if one.step is not None and (not _is_index(one.step) or one.step == 0):
            raise AxisError(
                f"{axis}: the step {one.step!r} came; a whole number other than 0 is wanted"
            )
        return slice(edge_on(axis, one.start), edge_on(axis, one.stop), one.step)
    if isinstance(one, float | np.floating | str) and not _is_word(one):
        return int(axis.value2index(one))
    if _is_index(one):
        if not -axis.size <= one < axis.size:
            raise AxisError(f"{axis}: index {one} came; it has {axis.size} channels")
        return int(one) % axis.size
    raise AxisError(
        f"{axis}: {one!r} came; a whole number (index), a float (in {axis.units or 'its units'}) "
        "or a slice of them is wanted"
    )


def edge_on(axis: Axis, edge: Any) -> int | None:
    """The index of a slice's end; a value beyond the axis means its end."""
    if edge is None:
        return None
    if isinstance(edge, str) and not _is_word(edge):
        edge = axis.value_of(edge)
    if isinstance(edge, float | np.floating) and not np.isnan(edge):
        place = float(axis.fraction(np.asarray(edge)))
        beyond = place > axis.high_index + SLACK
        return axis.size if beyond else round(max(place, 0.0))
    if _is_index(edge):
        return int(edge)
    raise AxisError(f"{axis}: the slice end {edge!r} came; a whole number or a float is wanted")


def _is_index(one: Any) -> bool:
    return isinstance(one, int | np.integer) and not isinstance(one, bool)


def _is_word(one: Any) -> bool:
    """Whether a text means no value: it does not begin as a number or ``rel`` does."""
    return isinstance(one, str) and not one.strip().startswith((*"0123456789+-.", "rel"))
