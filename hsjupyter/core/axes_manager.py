"""All axes of a signal, navigation | signal, and the current place on the navigation axes."""

from collections.abc import Iterable, Iterator, Mapping
from html import escape
from itertools import product
from typing import Any, Self

import numpy as np
import traitlets as t

from hsjupyter.core.axes import Axis, UniformDataAxis
from hsjupyter.core.axis_list import make_axes
from hsjupyter.core.errors import AxisError, unknown_name

HEAD = ("", "name", "size", "index", "offset", "scale", "units")


class Place(t.TraitType[tuple[int, ...], Any]):
    """Whole numbers, one for each navigation axis; negative ones count from the end."""

    default_value = ()
    info_text = "whole numbers, one for each navigation axis"

    def validate(self, obj: "AxesManager", value: Any) -> tuple[int, ...]:
        """The numbers, counted from the start."""
        given = tuple(value) if np.iterable(value) else (value,)
        shape = obj.navigation_shape
        whole = all(isinstance(i, int | np.integer) and not isinstance(i, bool) for i in given)
        if len(given) != len(shape) or not whole:
            raise AxisError(
                f"indices={value!r} came; {len(shape)} whole numbers are wanted, one for each of "
                f"the navigation axes {[axis.name or '(unnamed)' for axis in obj.navigation_axes]}"
            )
        if not all(-size <= i < size for i, size in zip(given, shape, strict=True)):
            raise AxisError(
                f"indices={value!r} lies outside of the map of shape {shape}; whole numbers "
                "below these sizes are wanted, the fastest axis first"
            )
        return tuple(int(i) % size for i, size in zip(given, shape, strict=True))


class AxesManager(t.HasTraits):
    """The axes of a signal, in two groups.

    Arrays are laid out as numpy does, slowest first, navigation axes before signal axes. People
    name axes the other way, fastest first: ``navigation_shape``, ``indices`` and ``[i]`` are in
    that natural order. Iterating moves over all pixels, the fastest axis first.

    Parameters
    ----------
    axes : iterable of Axis
        In array order.
    """

    indices = Place(help="the current place on the navigation axes, natural order")
    layout = t.Int(0, help="grows when the axes are others, or of other sizes, than before")

    def __init__(self, axes: Iterable[Axis]) -> None:
        self._axes: tuple[Axis, ...] = ()
        super().__init__()
        self.arrange(axes)

    def arrange(self, axes: Iterable[Axis]) -> None:
        """Take other axes, array order; the current place stays where it lies inside of them.

        Raises
        ------
        AxisError
            A signal axis stands before a navigation axis.
        """
        new = tuple(axes)
        if sorted(new, key=lambda axis: not axis.navigate) != list(new):
            raise AxisError(
                f"the axes {[axis.name or '(unnamed)' for axis in new]} came with navigate="
                f"{[axis.navigate for axis in new]}; in the order of the data, navigation axes "
                "are wanted before signal axes"
            )
        old = self.indices
        for axis in self._axes:
            axis.keeper = None
        self._axes = new
        for axis in new:
            axis.keeper = self
        shape = self.navigation_shape
        inside = len(old) == len(shape) and all(i < n for i, n in zip(old, shape, strict=True))
        self.indices = old if inside else (0,) * len(shape)
        self.layout += 1

    # -- axes ----------------------------------------------------------------------------------

    @property
    def navigation_axes(self) -> tuple[Axis, ...]:
        """The axes one moves along, natural order."""
        return tuple(axis for axis in reversed(self._axes) if axis.navigate)

    @property
    def signal_axes(self) -> tuple[Axis, ...]:
        """The axes that are fitted, natural order."""
        return tuple(axis for axis in reversed(self._axes) if not axis.navigate)

    @property
    def natural(self) -> tuple[Axis, ...]:
        """All axes in natural order, navigation axes first."""
        return self.navigation_axes + self.signal_axes

    def __getitem__(self, which: Any) -> Any:
        if isinstance(which, Axis):
            if not any(axis is which for axis in self._axes):
                raise AxisError(f"{which!r} is of another signal; take one of {self.natural}")
            return which
        if isinstance(which, str):
            return self._named(which)
        if isinstance(which, slice):
            return self.natural[which]
        if isinstance(which, int | np.integer) and not isinstance(which, bool):
            if not -len(self) <= which < len(self):
                raise AxisError(
                    f"axis {which} was asked for; there are {len(self)}, navigation axes first"
                )
            return self.natural[which]
        if isinstance(which, Iterable):
            return tuple(self[each] for each in which)
        raise AxisError(
            f"axis {which!r} was asked for; an index, a name or one of the axes is wanted"
        )

    def _named(self, name: str) -> Axis | tuple[Axis, ...]:
        for axis in self.natural:
            if axis.name == name:
                return axis
        groups = {"nav": self.navigation_axes, "sig": self.signal_axes}
        if name in groups:
            return groups[name]
        known = [axis.name for axis in self.natural if axis.name]
        raise unknown_name("the axes manager", name, [*known, *groups])

    def chosen(self, which: Any) -> tuple[Axis, ...]:
        """The axes of an index, a name, an axis or several of them, each once."""
        found = self[which]
        several: tuple[Axis, ...] = (found,) if isinstance(found, Axis) else _flat(found)
        return tuple(axis for axis in self.natural if any(axis is one for one in several))

    def set_axis(self, axis: Axis, index_in_axes_manager: int) -> None:
        """Put an axis of the same size in the place of another, by its natural order.

        Raises
        ------
        AxisError
            Of another size.
        """
        old = self[index_in_axes_manager]
        if axis.size != old.size:
            raise AxisError(
                f"{axis} has {axis.size} channels and should replace {old}, which has {old.size}; "
                "the size of the data is wanted"
            )
        old.keeper = axis.keeper = None
        axis.navigate = old.navigate
        self.arrange(axis if each is old else each for each in self._axes)

    def update_axes_attributes_from(
        self, axes: Iterable[Axis], attributes: Iterable[str] | None = None
    ) -> None:
        """Take scales, offsets, names and units of other axes, natural order, one after another."""
        for mine, other in zip(self.natural, axes, strict=False):
            mine.update_from(other, attributes)

    # -- sizes ---------------------------------------------------------------------------------

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
    def shape(self) -> tuple[int, ...]:
        """Sizes of all axes, natural order."""
        return self.navigation_shape + self.signal_shape

    @property
    def shape_in_array(self) -> tuple[int, ...]:
        """Sizes of all axes, array order: the shape of the data."""
        return tuple(axis.size for axis in self._axes)

    @property
    def navigation_size(self) -> int:
        """How many pixels; 0 for a single spectrum, as HyperSpy counts."""
        return int(np.prod(self.navigation_shape)) if self.navigation_dimension else 0

    @property
    def signal_size(self) -> int:
        """How many channels."""
        return int(np.prod(self.signal_shape, dtype=int))

    @property
    def navigation_extent(self) -> tuple[float, ...]:
        """Smallest and largest position on each navigation axis, natural order."""
        return tuple(v for axis in self.navigation_axes for v in (axis.low_value, axis.high_value))

    @property
    def signal_extent(self) -> tuple[float, ...]:
        """Smallest and largest position on each signal axis, natural order."""
        return tuple(v for axis in self.signal_axes for v in (axis.low_value, axis.high_value))

    @property
    def navigation_indices_in_array(self) -> tuple[int, ...]:
        """Which dimensions of the data are navigated, natural order."""
        return tuple(axis.index_in_array for axis in self.navigation_axes)

    @property
    def signal_indices_in_array(self) -> tuple[int, ...]:
        """Which dimensions of the data are fitted, natural order."""
        return tuple(axis.index_in_array for axis in self.signal_axes)

    @property
    def all_uniform(self) -> bool:
        """Whether the channels of every axis are equally spaced."""
        return all(axis.is_uniform for axis in self._axes)

    @property
    def dimensions(self) -> str:
        """As HyperSpy prints them: ``(3, 2|50)``."""
        navigation = ", ".join(map(str, self.navigation_shape))
        return f"({navigation}|{', '.join(map(str, self.signal_shape))})"

    # -- the current place ---------------------------------------------------------------------

    @property
    def map_shape(self) -> tuple[int, ...]:
        """Shape of an array with one number a pixel, array order; ``(1,)`` for one spectrum."""
        return self.navigation_shape[::-1] or (1,)

    @property
    def map_index(self) -> tuple[int, ...]:
        """The current place in an array of `map_shape`."""
        return tuple(self.indices[::-1]) or (0,)

    @property
    def coordinates(self) -> tuple[float, ...]:
        """The current place in calibrated units, natural order; setting it moves there."""
        return tuple(axis.value for axis in self.navigation_axes)

    @coordinates.setter
    def coordinates(self, values: Iterable[float]) -> None:
        given, axes = tuple(values), self.navigation_axes
        if len(given) != len(axes):
            raise AxisError(
                f"coordinates={given} came; {len(axes)} values are wanted, one for each of the "
                f"navigation axes {[axis.name or '(unnamed)' for axis in axes]}"
            )
        self.indices = tuple(a.value2index(v) for a, v in zip(axes, given, strict=True))

    def index_of(self, axis: Axis) -> int:
        """The current index on a navigation axis; 0 on a signal axis."""
        if not axis.navigate:
            return 0
        return self.indices[self.places_of(axis)[1]]

    def move(self, axis: Axis, index: int) -> None:
        """Go to an index on a navigation axis."""
        place = self.places_of(axis)[1]
        self.indices = (*self.indices[:place], index, *self.indices[place + 1 :])

    def places_of(self, axis: Axis) -> tuple[int, int]:
        """Place of an axis in the order of the array, and in natural order."""
        array = next(i for i, each in enumerate(self._axes) if each is axis)
        return array, next(i for i, each in enumerate(self.natural) if each is axis)

    def __iter__(self) -> Iterator[tuple[int, ...]]:
        for place in product(*map(range, self.navigation_shape[::-1])):
            self.indices = place[::-1]
            yield self.indices

    def __len__(self) -> int:
        return len(self._axes)

    # -- copies and words ----------------------------------------------------------------------

    def as_dictionaries(self) -> list[dict[str, Any]]:
        """The axes as plain values, array order."""
        return [axis.as_dictionary() for axis in self._axes]

    def as_dictionary(self) -> dict[str, dict[str, Any]]:
        """The axes as plain values, by ``axis-0``, ``axis-1``, ... in array order."""
        return {f"axis-{i}": axis for i, axis in enumerate(self.as_dictionaries())}

    def copy(self) -> Self:
        """The same axes, not shared, at the same place."""
        twin = type(self)(axis.copy() for axis in self._axes)
        twin.indices = self.indices
        return twin

    def deepcopy(self) -> Self:
        """The same axes, not shared, at the same place."""
        return self.copy()

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        twin = memo[id(self)] = self.copy()
        return twin

    def rows(self) -> Iterator[tuple[str, ...]]:
        """What is told about each axis, natural order, as text."""
        for axis in self.natural:
            offset, scale = "non-uniform", f"{axis.low_value:.6g} to {axis.high_value:.6g}"
            if isinstance(axis, UniformDataAxis):
                offset, scale = f"{axis.offset:.6g}", f"{axis.scale:.6g}"
            yield (
                "navigation" if axis.navigate else "signal",
                axis.name or "(unnamed)",
                str(axis.size),
                str(axis.index) if axis.navigate else "",
                offset,
                scale,
                axis.units,
            )

    def __repr__(self) -> str:
        rows = [HEAD, *self.rows()]
        widths = [max(len(row[k]) for row in rows) for k in range(len(HEAD))]
        lines = [
            " | ".join(cell.rjust(w) for cell, w in zip(row, widths, strict=True)) for row in rows
        ]
        return "\n".join([f"<Axes manager, axes: {self.dimensions}>", *map(str.rstrip, lines)])

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{name}</th>" for name in HEAD)
        body = "".join(
            "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>"
            for row in self.rows()
        )
        title = escape(f"<Axes manager, axes: {self.dimensions}>")
        table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        return f"<div>{title}{table}</div>"


def _flat(found: Iterable[Any]) -> tuple[Axis, ...]:
    return tuple(
        axis for one in found for axis in ((one,) if isinstance(one, Axis) else _flat(one))
    )


def make_axes_manager(
    shape: tuple[int, ...],
    axes: Iterable[Axis | Mapping[str, Any]] | None,
    signal_dimension: int,
) -> AxesManager:
    """The axes of data of ``shape``, as `axis_list.make_axes` takes them, with a current place."""
    return AxesManager(make_axes(shape, axes, signal_dimension))
