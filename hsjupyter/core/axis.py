"""What every axis has: a name, units, a place on it, and from values to indices and back."""

from abc import ABCMeta, abstractmethod
from collections.abc import Callable, Iterable
from math import isfinite
from typing import Any, Protocol, Self, TypeVar

import numpy as np
import traitlets as t
from numpy.typing import NDArray

from hsjupyter.core.errors import AxisError, unknown_name

# A value this far beyond half a channel, in channels, is still on the axis: rounding.
SLACK = 1e-6


class Words(t.TraitType[str, str | None]):
    """A text; None means that it is not known, as an empty one does."""

    default_value = ""
    info_text = "a text"

    def validate(self, obj: Any, value: Any) -> str:
        """A text, as it is."""
        if value is None:
            return ""
        if not isinstance(value, str):
            raise AxisError(f"{obj}: {self.name}={value!r} came; a text is wanted")
        return value


class Number(t.TraitType[float, float]):
    """A finite number."""

    default_value = 0.0
    info_text = "a finite number"

    def validate(self, obj: Any, value: Any) -> float:
        """A finite number as a float."""
        if not is_number(value):
            raise AxisError(f"{obj}: {self.name}={value!r} came; a finite number is wanted")
        return float(value)


class Flag(t.TraitType[bool, bool]):
    """True or False."""

    default_value = False
    info_text = "True or False"

    def validate(self, obj: Any, value: Any) -> bool:
        """True or False, also as numpy or a file gives it."""
        if not isinstance(value, bool | np.bool_) and value not in (0, 1):
            raise AxisError(f"{obj}: {self.name}={value!r} came; True or False is wanted")
        return bool(value)


def is_number(value: Any) -> bool:
    """Whether it is one finite real number."""
    if isinstance(value, np.ndarray) and value.ndim == 0:
        value = value[()]
    if isinstance(value, bool) or not isinstance(value, int | float | np.integer | np.floating):
        return False
    try:
        return isfinite(value)
    except OverflowError:  # an int beyond the largest float
        return False


class Keeper(Protocol):
    """Where an axis stands: the axes manager of a signal."""

    def index_of(self, axis: "Axis") -> int:
        """The current index on a navigation axis; 0 on a signal axis."""

    def move(self, axis: "Axis", index: int) -> None:
        """Go to an index on a navigation axis."""

    def places_of(self, axis: "Axis") -> tuple[int, int]:
        """Its place in the order of the array, and in natural order."""

    def set_axis(self, axis: "Axis", index_in_axes_manager: int) -> None:
        """Put another axis in its place."""


K = TypeVar("K", bound="Axis")


class _Traits(ABCMeta, t.MetaHasTraits):
    """Of classes with traits that leave something to those made from them."""


class Axis(t.HasTraits, metaclass=_Traits):
    """What every axis has; made as `UniformDataAxis`, `DataAxis` or `FunctionalDataAxis`.

    Parameters
    ----------
    name, units : str
        As shown beside plots; empty when not known.
    navigate : bool
        True for an axis one moves along, False for one that is fitted.
    is_binned : bool
        True when a channel holds the counts of its width rather than a density.
    """

    name = Words(help="name of the axis")
    units = Words(help="units of the axis")
    navigate = Flag(help="True for an axis one moves along, not one that is fitted")
    is_binned = Flag(help="a channel holds the counts of its width, not a density")

    is_uniform = False
    keeper: Keeper | None = None

    def __init__(self, **kwargs: Any) -> None:
        known = sorted(self.trait_names())
        for name in kwargs:
            if name not in known:
                raise unknown_name(f"a {type(self).__name__}", name, known)
        super().__init__(**kwargs)

    @t.validate("navigate")
    def _the_space_is_the_keepers(self, proposal: dict[str, Any]) -> bool:
        navigate: bool = proposal["value"]
        if self.keeper is not None and navigate != self.navigate:
            raise AxisError(
                f"{self}: navigate={navigate} came, but the data are laid out for "
                f"{self.navigate}; take s.transpose(signal_axes=..., navigation_axes=...), "
                "s.as_signal1D() or s.as_signal2D()"
            )
        return navigate

    # -- positions -----------------------------------------------------------------------------

    @property
    @abstractmethod
    def axis(self) -> NDArray[np.float64]:
        """The calibrated positions of the channels, (size,), in the units of the axis."""

    @property
    def size(self) -> int:
        """How many channels."""
        return len(self.axis)

    @property
    def low_value(self) -> float:
        """The smallest position."""
        return float(self.axis.min())

    @property
    def high_value(self) -> float:
        """The largest position."""
        return float(self.axis.max())

    @property
    def low_index(self) -> int:
        """The first index."""
        return 0

    @property
    def high_index(self) -> int:
        """The last index."""
        return self.size - 1

    @property
    def widths(self) -> NDArray[np.float64]:
        """The width of every channel, (size,): what a density is multiplied by when binned."""
        return np.abs(np.gradient(self.axis)) if self.size > 1 else np.ones(1)

    def index2value(self, index: int | NDArray[np.int_]) -> Any:
        """The position of a channel, or of an array of them."""
        return self.axis[index]

    def value2index(self, value: Any, rounding: Callable[[float], int] = round) -> Any:
        """The channel nearest to a position.

        Parameters
        ----------
        value : float, ndarray or str
            In the units of the axis; ``"rel0.5"`` is half-way along it, ``"520 eV"`` a value with
            the units that the axis has.
        rounding : callable
            ``round``, ``math.floor`` or ``math.ceil``: of the channel counted in fractions.

        Returns
        -------
        int, or ndarray of int

        Raises
        ------
        AxisError
            A position lies more than half a channel outside of the axis.
        """
        if isinstance(value, str):
            value = self.value_of(value)
        wanted = np.asarray(value, dtype=np.float64)
        place = self.fraction(wanted)
        outside = ~((place >= -0.5 - SLACK) & (place <= self.high_index + 0.5 + SLACK))
        if outside.any():
            raise AxisError(
                f"{self}: {wanted[outside].flat[0]:g} lies outside of {self.low_value:g} to "
                f"{self.high_value:g}; give a value inside, in "
                f"{self.units or 'the units of the axis'}"
            )
        rounded = np.vectorize(rounding, otypes=[np.intp])(place) if place.size else place
        index = np.clip(rounded, 0, self.high_index).astype(np.intp)
        return index if wanted.ndim else int(index)

    def fraction(self, value: NDArray[np.float64]) -> NDArray[np.float64]:
        """Where values stand, counted in channels; beyond the ends in channels of their width."""
        axis = self.axis if self.axis[-1] >= self.axis[0] else self.axis[::-1]
        n = np.arange(self.size, dtype=np.float64)
        if self.size == 1:
            return np.asarray((value - axis[0]) / self.widths[0])
        place = np.interp(value, axis, n)
        first, last = axis[1] - axis[0], axis[-1] - axis[-2]
        place = np.where(value < axis[0], (value - axis[0]) / first, place)
        place = np.where(value > axis[-1], n[-1] + (value - axis[-1]) / last, place)
        return np.asarray(place if self.axis[-1] >= self.axis[0] else n[-1] - place)

    def value_of(self, text: str) -> float:
        """The value that a text means: ``"rel0.25"``, or a number with the units of the axis."""
        number, units = text.strip(), ""
        if number.startswith("rel"):
            number, scale = number[3:], self.high_value - self.low_value
        else:
            number, _, units = number.partition(" ")
            scale = 1.0
        try:
            value = float(number)
        except ValueError:
            value = float("nan")
        relative = text.strip().startswith("rel")
        if not np.isfinite(value) or units.strip() not in {"", self.units}:
            raise AxisError(
                f"{self}: {text!r} came; a number, 'rel0.5' for half-way, or a number with the "
                f"units {self.units or '(none are set)'} is wanted"
            )
        return value * scale + (self.low_value if relative else 0.0)

    def value_range_to_indices(self, v1: float | None, v2: float | None) -> tuple[int, int]:
        """The indices of two values; an end that is None, or lies beyond, is the axis's own.

        Raises
        ------
        AxisError
            ``v1`` is above ``v2``, or both lie beyond the same end.
        """
        low, high = self.low_value, self.high_value
        first = low if v1 is None else v1
        last = high if v2 is None else v2
        if not (is_number(first) and is_number(last)) or first > last or first > high or last < low:
            raise AxisError(
                f"{self}: the range {v1!r} to {v2!r} came; two values inside of {low:g} to "
                f"{high:g} are wanted, the smaller one first"
            )
        i1 = self.value2index(max(first, low))
        i2 = self.value2index(min(last, high))
        return min(i1, i2), max(i1, i2)

    # -- the current place ---------------------------------------------------------------------

    @property
    def index(self) -> int:
        """The current index, where one moves along the axis; setting it moves there."""
        return 0 if self.keeper is None else self.keeper.index_of(self)

    @index.setter
    def index(self, index: int) -> None:
        if self.keeper is None or not self.navigate:
            raise AxisError(
                f"{self}: index={index!r} came; one moves along navigation axes of a signal only"
            )
        self.keeper.move(self, index)

    @property
    def value(self) -> float:
        """The position of the current index; setting it moves to the nearest channel."""
        return float(self.index2value(self.index))

    @value.setter
    def value(self, value: float) -> None:
        self.index = self.value2index(value)

    @property
    def index_in_array(self) -> int:
        """Which dimension of the data it describes."""
        return self._places()[0]

    @property
    def index_in_axes_manager(self) -> int:
        """Its place in natural order: ``axes_manager[i]``."""
        return self._places()[1]

    def _places(self) -> tuple[int, int]:
        if self.keeper is None:
            raise AxisError(f"{self} belongs to no signal; take it from s.axes_manager")
        return self.keeper.places_of(self)

    # -- copies --------------------------------------------------------------------------------

    def as_dictionary(self) -> dict[str, Any]:
        """The axis as plain values, which make it again."""
        return {"_type": type(self).__name__, **self.labels()}

    def labels(self) -> dict[str, Any]:
        """What does not depend on the positions: name, units, navigate, is_binned."""
        return {
            "name": self.name,
            "units": self.units,
            "navigate": self.navigate,
            "is_binned": self.is_binned,
        }

    def get_axis_dictionary(self) -> dict[str, Any]:
        """The axis as plain values, as `as_dictionary`."""
        return self.as_dictionary()

    def copy(self) -> Self:
        """The same axis, which belongs to no signal."""
        description = self.as_dictionary()
        del description["_type"]
        return type(self)(**description)

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self.copy()

    def update_from(self, axis: "Axis", attributes: Iterable[str] | None = None) -> bool:
        """Take attributes of another axis.

        Parameters
        ----------
        axis : Axis
        attributes : iterable of str, optional
            Where not given: ``scale``, ``offset``, ``name``, ``units``, as far as both have them.

        Returns
        -------
        bool
            Whether anything changed.
        """
        usual = [n for n in ("scale", "offset", "name", "units") if hasattr(axis, n)]
        names = usual if attributes is None else list(attributes)
        known = [n for n in self.trait_names() if n != "navigate"]
        before = self.as_dictionary()
        for name in names:
            if name in known and hasattr(axis, name):
                setattr(self, name, getattr(axis, name))
            elif attributes is not None:
                raise unknown_name(f"{self} or {axis}", name, known)
        after = self.as_dictionary()
        return any(not np.array_equal(before[key], after[key]) for key in before)

    @abstractmethod
    def sliced(self, index: slice) -> "Axis":
        """The same axis over the channels of a slice."""

    def replaced_by(self, other: K) -> K:
        """Let another axis stand where this one does."""
        if self.keeper is not None:
            self.keeper.set_axis(other, self.index_in_axes_manager)
        return other

    def __str__(self) -> str:
        return f"axis {self.name or '(unnamed)'}"

    def __repr__(self) -> str:
        index = f", index: {self.index}" if self.navigate else ""
        return f"<{self.name or 'Unnamed'} axis, size: {self.size}{index}>"
