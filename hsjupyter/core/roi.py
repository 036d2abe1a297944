"""Regions of interest: ``s.isig[roi]``, ``roi(s)``, ``m.set_signal_range(*roi)``."""

from collections.abc import Iterable, Iterator
from typing import Any

import traitlets as t

from hsjupyter.core.axis import Axis, Number, is_number
from hsjupyter.core.errors import AxisError, DataError, unknown_name
from hsjupyter.core.signal import BaseSignal
from hsjupyter.core.slicing import index_on

__all__ = ["RectangularROI", "SpanROI"]


def __dir__() -> list[str]:
    """What tab completion offers."""
    return __all__


class _Region(t.HasTraits):
    """Edges in calibrated units, which may be observed and set.

    Iterating gives the edges, so that ``f(*roi)`` hands them over.
    """

    _pairs: tuple[tuple[str, str], ...] = ()

    def __init__(self, **edges: float) -> None:
        self._check(edges)
        super().__init__(**edges)

    def edges(self) -> tuple[tuple[float, float], ...]:
        """First and last edge along each axis it spans."""
        return tuple((getattr(self, low), getattr(self, high)) for low, high in self._pairs)

    def set_edges(self, **edges: float) -> None:
        """Set several edges at once.

        Raises
        ------
        AxisError
            One is not below the other; nothing changed.
        """
        self._check(
            {**{name: getattr(self, name) for pair in self._pairs for name in pair}, **edges}
        )
        with self.hold_trait_notifications():
            for name, value in edges.items():
                setattr(self, name, value)

    def _check(self, edges: dict[str, float]) -> None:
        known = [name for pair in self._pairs for name in pair]
        for name, value in edges.items():
            if name not in known:
                raise unknown_name(f"a {type(self).__name__}", name, known)
            if not is_number(value):
                raise AxisError(f"{type(self).__name__}: {name}={value!r} came; a number is wanted")
        for low, high in self._pairs:
            if not edges[low] < edges[high]:
                raise AxisError(
                    f"{type(self).__name__}: {low}={edges[low]:g} is not below {high}="
                    f"{edges[high]:g}; the smaller one is wanted first, set_edges() sets both"
                )

    @t.validate("left", "right", "top", "bottom")
    def _edges_stay_in_order(self, proposal: dict[str, Any]) -> float:
        value: float = proposal["value"]
        now = {name: getattr(self, name) for pair in self._pairs for name in pair}
        self._check({**now, proposal["trait"].name: value})
        return value

    def __iter__(self) -> Iterator[float]:
        return iter([edge for pair in self.edges() for edge in pair])

    def __call__(self, signal: BaseSignal, axes: Any = None) -> Any:
        """The part of a signal inside of the region.

        Parameters
        ----------
        signal : BaseSignal
        axes : iterable of int, str or Axis, optional
            Which axes it spans, natural order; where not given the first navigation axes, or
            the signal axes where there are too few.
        """
        n = len(self.edges())
        manager = signal.axes_manager
        enough = manager.navigation_dimension >= n
        usual = manager.navigation_axes[:n] if enough else manager.signal_axes[:n]
        chosen = usual if axes is None else _listed(signal, axes)
        if len(chosen) != n:
            raise DataError(
                f"{self!r} of {signal!r}: {len(chosen)} axes came; {n} are wanted, along which the "
                "region lies"
            )
        part: Any = signal
        for axis, (low, high) in zip(chosen, self.edges(), strict=True):
            space = manager.navigation_axes if axis.navigate else manager.signal_axes
            index: list[Any] = [slice(None)] * len(space)
            place = next(i for i, each in enumerate(space) if each is axis)
            index[place] = index_on(axis, slice(low, high))
            part = part.part(tuple(index), navigation=axis.navigate)
        return part


class SpanROI(_Region):
    """From one value to another along an axis.

    Parameters
    ----------
    left, right : float
        In calibrated units; ``left`` is below ``right``.

    Examples
    --------
    >>> import hsjupyter.api as hs
    >>> s = hs.signals.Signal1D(range(10))
    >>> s.isig[hs.roi.SpanROI(2, 5)].data
    array([2, 3, 4])
    """

    left = Number(help="where it begins")
    right = Number(help="where it ends")
    _pairs = (("left", "right"),)

    def __init__(self, left: float, right: float) -> None:
        super().__init__(left=left, right=right)

    def __repr__(self) -> str:
        return f"SpanROI(left={self.left:g}, right={self.right:g})"


class RectangularROI(_Region):
    """A rectangle over two axes.

    Parameters
    ----------
    left, top, right, bottom : float
        In calibrated units; ``left`` is below ``right``, ``top`` below ``bottom``.
    """

    left = Number(help="where it begins along the first axis")
    top = Number(help="where it begins along the second axis")
    right = Number(help="where it ends along the first axis")
    bottom = Number(help="where it ends along the second axis")
    _pairs = (("left", "right"), ("top", "bottom"))

    def __init__(self, left: float, top: float, right: float, bottom: float) -> None:
        super().__init__(left=left, top=top, right=right, bottom=bottom)

    def __repr__(self) -> str:
        return (
            f"RectangularROI(left={self.left:g}, top={self.top:g}, right={self.right:g}, "
            f"bottom={self.bottom:g})"
        )


def _listed(signal: BaseSignal, axes: Any) -> tuple[Axis, ...]:
    several = axes if isinstance(axes, Iterable) and not isinstance(axes, str) else (axes,)
    return tuple(signal.axes_manager[axis] for axis in several)
