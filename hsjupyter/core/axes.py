"""One axis: value <-> index, its name and units, whether its channels are bins."""

from typing import Any

import numpy as np
import traitlets as t
from numpy.typing import NDArray

from hsjupyter.core.errors import AxisError


class Axis(t.HasTraits):
    """What every axis has; made as `UniformDataAxis` or `DataAxis`.

    Parameters
    ----------
    name, units : str
        As shown beside plots; empty when not known.
    navigate : bool
        True for an axis one moves along, False for one that is fitted.
    is_binned : bool
        True when a channel holds the counts of its width rather than a density.
    """

    name = t.Unicode("", help="name of the axis")
    units = t.Unicode("", help="units of the axis")
    navigate = t.Bool(False, help="True for an axis one moves along, not one that is fitted")
    is_binned = t.Bool(False, help="a channel holds the counts of its width, not a density")

    is_uniform = False

    @property
    def axis(self) -> NDArray[np.float64]:
        """The calibrated positions of the channels, (size,), in the units of the axis."""
        raise NotImplementedError

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
    def widths(self) -> NDArray[np.float64]:
        """The width of every channel, (size,): what a density is multiplied by when binned."""
        return np.abs(np.gradient(self.axis)) if self.size > 1 else np.ones(1)

    def index2value(self, index: int | NDArray[np.int_]) -> Any:
        """The position of a channel."""
        return self.axis[index]

    def value2index(self, value: float) -> int:
        """The channel nearest to a position.

        Raises
        ------
        AxisError
            The position lies more than half a channel outside of the axis.
        """
        axis, widths = self.axis, self.widths
        nearest = int(np.argmin(np.abs(axis - value)))
        if not abs(axis[nearest] - value) <= 0.5000001 * widths[nearest]:
            raise AxisError(
                f"{self}: {value:g} lies outside of {self.low_value:g} to {self.high_value:g}; "
                f"give a value inside, in {self.units or 'the units of the axis'}"
            )
        return nearest

    def as_dictionary(self) -> dict[str, Any]:
        """The axis as plain values, which make it again."""
        return {
            "_type": type(self).__name__,
            "name": self.name,
            "units": self.units,
            "navigate": self.navigate,
            "is_binned": self.is_binned,
        }

    def sliced(self, index: slice) -> "Axis":
        """The same axis over the channels of a slice."""
        raise NotImplementedError

    def __str__(self) -> str:
        return f"axis {self.name or '(unnamed)'}"


class UniformDataAxis(Axis):
    """Equally spaced channels: ``offset + scale * index``.

    Parameters
    ----------
    size : int
        How many channels; at least one.
    scale, offset : float
        Distance of the channels, and position of the first, in the units of the axis.
    """

    scale = t.Float(1.0, help="distance of two channels")
    offset = t.Float(0.0, help="position of the first channel")
    is_uniform = True

    def __init__(self, size: int, **kwargs: Any) -> None:
        self._size = int(size)
        super().__init__(**kwargs)

    @t.validate("scale")
    def _a_scale_is_not_zero(self, proposal: dict[str, Any]) -> float:
        scale = float(proposal["value"])
        if not np.isfinite(scale) or scale == 0:
            raise AxisError(f"{self}: scale={scale:g}; a finite number other than 0 is wanted")
        return scale

    @property
    def size(self) -> int:
        """How many channels."""
        return self._size

    @property
    def axis(self) -> NDArray[np.float64]:
        """The calibrated positions of the channels, (size,)."""
        return self.offset + self.scale * np.arange(self._size, dtype=np.float64)

    @property
    def widths(self) -> NDArray[np.float64]:
        """The width of every channel, (size,)."""
        return np.full(self._size, abs(self.scale))

    def as_dictionary(self) -> dict[str, Any]:
        """The axis as plain values, which make it again."""
        return {
            **super().as_dictionary(),
            "size": self.size,
            "scale": self.scale,
            "offset": self.offset,
        }

    def sliced(self, index: slice) -> "UniformDataAxis":
        """The same axis over the channels of a slice."""
        start, stop, step = index.indices(self._size)
        chosen = range(start, stop, step)
        if not chosen:
            raise AxisError(
                f"{self}: the slice {index} holds none of its {self._size} channels; widen it"
            )
        return UniformDataAxis(
            len(chosen),
            scale=self.scale * step,
            offset=self.offset + self.scale * start,
            name=self.name,
            units=self.units,
            navigate=self.navigate,
            is_binned=self.is_binned,
        )


class DataAxis(Axis):
    """Channels at given positions, rising or falling throughout.

    Parameters
    ----------
    axis : array_like, (size,)
        The positions.
    """

    def __init__(self, axis: Any, **kwargs: Any) -> None:
        positions = np.asarray(axis, dtype=np.float64)
        steps = np.diff(positions)
        if (
            positions.ndim != 1
            or not positions.size
            or not np.isfinite(positions).all()
            or not (np.all(steps > 0) or np.all(steps < 0))
        ):
            raise AxisError(
                f"axis {kwargs.get('name', '')}: positions of shape {positions.shape} came; "
                "one row of finite numbers, rising or falling throughout, is wanted"
            )
        self._axis = positions
        super().__init__(**kwargs)

    @property
    def axis(self) -> NDArray[np.float64]:
        """The calibrated positions of the channels, (size,)."""
        return self._axis

    def as_dictionary(self) -> dict[str, Any]:
        """The axis as plain values, which make it again."""
        return {**super().as_dictionary(), "axis": self._axis.copy()}

    def sliced(self, index: slice) -> "DataAxis":
        """The same axis over the channels of a slice."""
        positions = self._axis[index]
        if not positions.size:
            raise AxisError(
                f"{self}: the slice {index} holds none of its {self.size} channels; widen it"
            )
        kept = self.as_dictionary()
        del kept["_type"], kept["axis"]
        return DataAxis(positions.copy(), **kept)


def make_axis(description: dict[str, Any]) -> Axis:
    """An axis from a dictionary as `Axis.as_dictionary` gives it, or as HyperSpy writes it.

    Raises
    ------
    AxisError
        Neither ``size`` nor ``axis`` is given, or a key is not known.
    """
    known = {"name", "units", "navigate", "is_binned"}
    kept = {key: value for key, value in description.items() if value is not None}
    common = {key: kept[key] for key in known & kept.keys()}
    for text in ("name", "units"):
        if text in common:
            common[text] = str(common[text])
    if "axis" in kept:
        return DataAxis(kept["axis"], **common)
    if "size" not in kept:
        raise AxisError(
            f"an axis of {sorted(kept)} came; 'size' (with 'scale' and 'offset') or 'axis' is "
            "wanted"
        )
    number = {key: float(kept[key]) for key in {"scale", "offset"} & kept.keys()}
    return UniformDataAxis(int(kept["size"]), **number, **common)
