"""All axes of a signal, navigation | signal, and the current place on the navigation axes."""

from collections.abc import Iterable, Iterator
from typing import Any

import traitlets as t

from hsjupyter.core.axes import Axis, UniformDataAxis, make_axis
from hsjupyter.core.errors import AxisError, unknown_name


class AxesManager(t.HasTraits):
    """The axes of a signal, in two groups.

    Arrays are laid out as numpy does, slowest first, navigation axes before signal axes. People
    name axes the other way, fastest first: ``navigation_shape``, ``indices`` and ``[i]`` are in
    that natural order.

    Parameters
    ----------
    axes : iterable of Axis
        In array order.
    """

    indices = t.Tuple(help="the current place on the navigation axes, natural order")

    def __init__(self, axes: Iterable[Axis]) -> None:
        self._axes: tuple[Axis, ...] = tuple(axes)
        super().__init__(indices=(0,) * self.navigation_dimension)

    @property
    def navigation_axes(self) -> tuple[Axis, ...]:
        """The axes one moves along, natural order."""
        return tuple(axis for axis in reversed(self._axes) if axis.navigate)

    @property
    def signal_axes(self) -> tuple[Axis, ...]:
        """The axes that are fitted, natural order."""
        return tuple(axis for axis in reversed(self._axes) if not axis.navigate)

    @property
    def navigation_dimension(self) -> int:
        """How many axes one moves along."""
        return sum(axis.navigate for axis in self._axes)

    @property
    def signal_dimension(self) -> int:
        """How many axes are fitted."""
        return len(self._axes) - self.navigation_dimension

    @property
    def navigation_shape(self) -> tuple[int, ...]:
        """Sizes of the navigation axes, natural order."""
        return tuple(axis.size for axis in self.navigation_axes)

    @property
    def signal_shape(self) -> tuple[int, ...]:
        """Sizes of the signal axes, natural order."""
        return tuple(axis.size for axis in self.signal_axes)

    @property
    def navigation_size(self) -> int:
        """How many pixels; 0 for a single spectrum, as HyperSpy counts."""
        size = 1 if self.navigation_dimension else 0
        for n in self.navigation_shape:
            size *= n
        return size

    @property
    def signal_size(self) -> int:
        """How many channels."""
        size = 1
        for n in self.signal_shape:
            size *= n
        return size

    @property
    def map_shape(self) -> tuple[int, ...]:
        """Shape of an array with one number a pixel, array order; ``(1,)`` for one spectrum."""
        return self.navigation_shape[::-1] or (1,)

    @property
    def map_index(self) -> tuple[int, ...]:
        """The current place in an array of `map_shape`."""
        return tuple(self.indices[::-1]) or (0,)

    @t.validate("indices")
    def _indices_lie_inside(self, proposal: dict[str, Any]) -> tuple[int, ...]:
        given = tuple(proposal["value"])
        shape = self.navigation_shape
        if len(given) != len(shape):
            raise AxisError(
                f"indices={given} came; {len(shape)} whole numbers are wanted, one for each of the "
                f"navigation axes {[axis.name or '(unnamed)' for axis in self.navigation_axes]}"
            )
        for place, size in zip(given, shape, strict=True):
            if int(place) != place or not -size <= place < size:
                raise AxisError(
                    f"indices={given} lies outside of the map of shape {shape}; whole numbers "
                    "below these sizes are wanted, the fastest axis first"
                )
        return tuple(int(i) % size for i, size in zip(given, shape, strict=True))

    @property
    def coordinates(self) -> tuple[float, ...]:
        """The current place in calibrated units, natural order."""
        return tuple(
            float(axis.index2value(i))
            for axis, i in zip(self.navigation_axes, self.indices, strict=True)
        )

    def as_dictionaries(self) -> list[dict[str, Any]]:
        """The axes as plain values, array order."""
        return [axis.as_dictionary() for axis in self._axes]

    def __getitem__(self, which: int | str) -> Axis:
        natural = self.navigation_axes + self.signal_axes
        if isinstance(which, str):
            for axis in natural:
                if axis.name == which:
                    return axis
            raise unknown_name("the axes manager", which, [axis.name for axis in natural])
        try:
            return natural[which]
        except IndexError:
            raise AxisError(
                f"axis {which} was asked for; there are {len(natural)}, navigation axes first"
            ) from None

    def __iter__(self) -> Iterator[Axis]:
        return iter(self.navigation_axes + self.signal_axes)

    def __len__(self) -> int:
        return len(self._axes)

    @property
    def dimensions(self) -> str:
        """As HyperSpy prints them: ``(3, 2|50)``."""
        navigation = ", ".join(map(str, self.navigation_shape))
        return f"({navigation}|{', '.join(map(str, self.signal_shape))})"

    def __repr__(self) -> str:
        lines = [f"<Axes manager, axes: {self.dimensions}>"]
        lines += [
            f"{'navigation' if axis.navigate else 'signal':>10} | {axis.name or '(unnamed)':>16} | "
            f"{axis.size:>6} | {axis.low_value:.6g} to {axis.high_value:.6g} {axis.units}"
            for axis in self
        ]
        return "\n".join(lines)


def make_axes_manager(
    shape: tuple[int, ...], axes: list[dict[str, Any]] | None, signal_dimension: int
) -> AxesManager:
    """The axes of data of ``shape``.

    Parameters
    ----------
    shape : tuple of int
        Shape of the data, array order.
    axes : list of dict or None
        One description an axis, array order; None for channels counted from 0.
    signal_dimension : int
        How many of the last axes are fitted, where the descriptions do not say.

    Raises
    ------
    AxisError
        The descriptions do not fit the shape.
    """
    if axes is None:
        made: list[Axis] = [UniformDataAxis(n) for n in shape]
    else:
        if len(axes) != len(shape):
            raise AxisError(
                f"{len(axes)} axes came for data of shape {shape}; {len(shape)} are wanted, in the "
                "order of the shape"
            )
        made = [make_axis({"size": n, **d}) for n, d in zip(shape, axes, strict=True)]
    for place, (axis, n) in enumerate(zip(made, shape, strict=True)):
        if axis.size != n:
            raise AxisError(
                f"{axis} has {axis.size} channels, but the data {n} along dimension {place}; "
                "give the size of the data"
            )
        if axes is None or "navigate" not in axes[place]:
            axis.navigate = place < len(shape) - signal_dimension
    return AxesManager(made)
