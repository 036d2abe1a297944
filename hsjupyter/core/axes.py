"""The kinds of axes: equally spaced, at given positions, or given by a formula."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import traitlets as t
from numpy.typing import NDArray

from hsjupyter.core.axis import Axis, Number, is_number
from hsjupyter.core.errors import AxisError, FormulaError, unknown_name
from hsjupyter.formula import Formula, parse

__all__ = ["Axis", "DataAxis", "FunctionalDataAxis", "UniformDataAxis", "make_axis"]


def __dir__() -> list[str]:
    """What tab completion offers."""
    return __all__


LABELS = {"name", "units", "navigate", "is_binned"}
# What HyperSpy's readers write beside these, and our axes know by themselves.
KNOWN_ELSEWHERE = {"_type", "index_in_array", "index", "value", "is_uniform"}


class UniformDataAxis(Axis):
    """Equally spaced channels: ``offset + scale * index``.

    Parameters
    ----------
    size : int
        How many channels; at least one.
    scale, offset : float
        Distance of the channels, and position of the first, in the units of the axis.
    """

    scale = Number(1.0, help="distance of two channels")
    offset = Number(0.0, help="position of the first channel")
    is_uniform = True

    def __init__(self, size: int = 1, **kwargs: Any) -> None:
        self._size = _checked_size(size, kwargs.get("name"))
        super().__init__(**kwargs)

    @t.validate("scale")
    def _a_scale_is_not_zero(self, proposal: dict[str, Any]) -> float:
        scale: float = proposal["value"]
        if scale == 0:
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

    def fraction(self, value: NDArray[np.float64]) -> NDArray[np.float64]:
        """Where values stand, counted in channels."""
        return np.asarray((value - self.offset) / self.scale)

    def calibrate(
        self,
        value_tuple: tuple[float, float],
        index_tuple: tuple[int, int],
        modify_calibration: bool = True,
    ) -> tuple[float, float] | None:
        """Set scale and offset so that two channels stand at two values.

        Parameters
        ----------
        value_tuple : (float, float)
            In the units of the axis.
        index_tuple : (int, int)
        modify_calibration : bool
            False: return ``(offset, scale)`` and change nothing.

        Raises
        ------
        AxisError
            Twice the same value or channel, or no pairs of numbers.
        """
        pairs = (*value_tuple, *index_tuple)
        apart = len(value_tuple) == len(index_tuple) == 2 and all(map(is_number, pairs))
        if not apart or value_tuple[0] == value_tuple[1] or index_tuple[0] == index_tuple[1]:
            raise AxisError(
                f"{self}: the values {value_tuple} at the channels {index_tuple} came; two "
                "different values at two different channels are wanted"
            )
        scale = (value_tuple[1] - value_tuple[0]) / (index_tuple[1] - index_tuple[0])
        offset = value_tuple[0] - scale * index_tuple[0]
        if not modify_calibration:
            return offset, scale
        with self.hold_trait_notifications():
            self.scale, self.offset = scale, offset
        return None

    def convert_to_non_uniform_axis(self) -> "DataAxis":
        """The same positions as a `DataAxis`, which takes the place of this one in its signal."""
        return self.replaced_by(DataAxis(self.axis, **self.labels()))

    def convert_to_functional_data_axis(
        self, expression: str, units: str | None = None, name: str | None = None, **kwargs: float
    ) -> "FunctionalDataAxis":
        """A `FunctionalDataAxis` whose ``x`` is this axis, which it replaces in its signal.

        Parameters
        ----------
        expression : str
            Of ``x``, the positions of this axis.
        units, name : str, optional
            Those of this axis where not given.
        **kwargs : float
            Values of the other names in the expression.
        """
        labels = self.labels()
        labels |= {key: v for key, v in {"units": units, "name": name}.items() if v is not None}
        x = {**self.as_dictionary(), "navigate": False, "is_binned": False}
        return self.replaced_by(FunctionalDataAxis(expression, x, **{**labels, **kwargs}))

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
            raise _empty(self, index)
        return UniformDataAxis(
            len(chosen),
            scale=self.scale * step,
            offset=self.offset + self.scale * start,
            **self.labels(),
        )


class DataAxis(Axis):
    """Channels at given positions, rising or falling throughout.

    Parameters
    ----------
    axis : array_like, (size,)
        The positions.
    """

    def __init__(self, axis: Any, **kwargs: Any) -> None:
        self._positions = _checked_positions(axis, f"axis {kwargs.get('name') or '(unnamed)'}")
        super().__init__(**kwargs)

    @property
    def axis(self) -> NDArray[np.float64]:
        """The calibrated positions of the channels, (size,); may be set to as many others."""
        return self._positions

    @axis.setter
    def axis(self, positions: Any) -> None:
        checked = _checked_positions(positions, str(self))
        if checked.size != self.size:
            raise AxisError(
                f"{self}: {checked.size} positions came; {self.size} are wanted, one a channel"
            )
        self._positions = checked

    def convert_to_uniform_axis(self, keep_bounds: bool = True) -> UniformDataAxis:
        """Equally spaced channels instead, which take the place of this axis in its signal.

        Parameters
        ----------
        keep_bounds : bool
            From the first to the last position; False for the straight line that fits best.
        """
        return self.replaced_by(_as_uniform(self, keep_bounds=keep_bounds))

    def as_dictionary(self) -> dict[str, Any]:
        """The axis as plain values, which make it again."""
        return {**super().as_dictionary(), "axis": self._positions.copy()}

    def sliced(self, index: slice) -> "DataAxis":
        """The same axis over the channels of a slice."""
        positions = self._positions[index]
        if not positions.size:
            raise _empty(self, index)
        return DataAxis(positions, **self.labels())


class FunctionalDataAxis(Axis):
    """Channels at the positions that a formula of another axis gives.

    Parameters
    ----------
    expression : str
        A formula of ``x``: ``"a / (x + b)"``. It is read by the whitelist of the formula room.
    x : Axis or dict, optional
        The axis whose positions ``x`` stands for; channels counted from 0 where not given.
    size : int, optional
        How many channels, where ``x`` does not say.
    **kwargs
        A value for every other name of the expression; name, units, navigate, is_binned.

    Raises
    ------
    AxisError
        The expression is no formula, a value is missing, or the positions neither rise nor fall
        throughout.

    Examples
    --------
    >>> FunctionalDataAxis("1239.84 / x", x={"size": 3, "scale": 1, "offset": 1}).axis
    array([1239.84,  619.92,  413.28])
    """

    def __init__(
        self, expression: str, x: Any = None, size: int | None = None, **kwargs: Any
    ) -> None:
        labels = {key: kwargs.pop(key) for key in LABELS & kwargs.keys()}
        whose = f"axis {labels.get('name') or '(unnamed)'}"
        if x is None:
            x = UniformDataAxis(1 if size is None else size)
        self.x: Axis = x.copy() if isinstance(x, Axis) else make_axis(dict(x))
        if size is not None and size != self.x.size:
            raise AxisError(f"{whose}: size={size} came, but x has {self.x.size} channels")
        try:
            self._formula: Formula = parse(expression, variables=("x",))
        except FormulaError as why:
            raise AxisError(
                f"{whose}: the expression {expression!r:.80} is no formula: {why}"
            ) from why
        self._values = self._checked_values(kwargs, whose)
        super().__init__(**labels)
        _checked_positions(self._computed(), whose)

    def _checked_values(self, values: Mapping[str, Any], whose: str) -> dict[str, float]:
        for name, value in values.items():
            if name not in self._formula.parameters:
                raise unknown_name(f"the formula of {whose}", name, self._formula.parameters)
            if not is_number(value):
                raise AxisError(f"{whose}: {name}={value!r} came; a finite number is wanted")
        missing = [name for name in self._formula.parameters if name not in values]
        if missing:
            raise AxisError(
                f"{whose}: the formula {self.expression} needs numbers for {', '.join(missing)}; "
                f"give {'=..., '.join(missing)}=..."
            )
        return {name: float(values[name]) for name in self._formula.parameters}

    @property
    def expression(self) -> str:
        """The formula, as it was written."""
        return self._formula.text

    @property
    def parameters(self) -> dict[str, float]:
        """The values of the other names in the formula."""
        return dict(self._values)

    def set_parameters(self, **values: float) -> None:
        """Give names of the formula other values.

        Raises
        ------
        AxisError
            No numbers, or the positions would neither rise nor fall throughout; nothing changed.
        """
        old = self._values
        self._values = self._checked_values({**old, **values}, str(self))
        try:
            _checked_positions(self._computed(), str(self))
        except AxisError:
            self._values = old
            raise

    def _computed(self) -> NDArray[np.float64]:
        values = [self._values[name] for name in self._formula.order]
        return np.asarray(self._formula.value((self.x.axis,), values))

    @property
    def size(self) -> int:
        """How many channels."""
        return self.x.size

    @property
    def axis(self) -> NDArray[np.float64]:
        """The calibrated positions of the channels, (size,)."""
        # Checked each time: ``x`` is an axis of its own and may have been calibrated since.
        return _checked_positions(self._computed(), str(self))

    def convert_to_non_uniform_axis(self) -> DataAxis:
        """The same positions as a `DataAxis`, which takes the place of this one in its signal."""
        return self.replaced_by(DataAxis(self.axis, **self.labels()))

    def convert_to_uniform_axis(self, keep_bounds: bool = True) -> UniformDataAxis:
        """Equally spaced channels instead, as `DataAxis.convert_to_uniform_axis`."""
        return self.replaced_by(_as_uniform(self, keep_bounds=keep_bounds))

    def as_dictionary(self) -> dict[str, Any]:
        """The axis as plain values, which make it again."""
        return {
            **super().as_dictionary(),
            "expression": self.expression,
            "size": self.size,
            "x": self.x.as_dictionary(),
            **self._values,
        }

    def sliced(self, index: slice) -> "FunctionalDataAxis":
        """The same axis over the channels of a slice."""
        x = self.x.sliced(index)
        return FunctionalDataAxis(self.expression, x, **{**self.labels(), **self._values})


def make_axis(description: Mapping[str, Any]) -> Axis:
    """An axis from a dictionary as `Axis.as_dictionary` gives it, or as HyperSpy writes it.

    Raises
    ------
    AxisError
        None of ``size``, ``axis`` and ``expression`` is given.
    UnknownNameError
        A key is not known.
    """
    kept = {k: v for k, v in description.items() if v is not None and k not in KNOWN_ELSEWHERE}
    if "expression" in kept:
        return FunctionalDataAxis(**kept)
    if "axis" in kept:
        kept.pop("size", None)
        return DataAxis(**kept)
    if "size" not in kept:
        raise AxisError(
            f"an axis of {sorted(kept)} came; 'size' (with 'scale' and 'offset') or 'axis' is "
            "wanted"
        )
    return UniformDataAxis(**kept)


def _checked_size(size: Any, name: str | None) -> int:
    if not is_number(size) or size != int(size) or size < 1:
        raise AxisError(
            f"axis {name or '(unnamed)'}: size={size!r} came; a whole number, at least 1, is wanted"
        )
    return int(size)


def _checked_positions(axis: Any, whose: str) -> NDArray[np.float64]:
    try:
        positions = np.array(axis, dtype=np.float64)
    except (TypeError, ValueError) as why:
        raise AxisError(f"{whose}: positions {axis!r:.60} came; numbers are wanted") from why
    steps = np.diff(positions)
    if (
        positions.ndim != 1
        or not positions.size
        or not np.isfinite(positions).all()
        or not (np.all(steps > 0) or np.all(steps < 0))
    ):
        raise AxisError(
            f"{whose}: positions of shape {positions.shape} came; one row of finite numbers, "
            "rising or falling throughout, is wanted"
        )
    positions.flags.writeable = False  # replaced whole, so that they are checked
    return positions


def _as_uniform(axis: Axis, *, keep_bounds: bool) -> UniformDataAxis:
    at, n = axis.axis, axis.size
    scale, offset = (at[-1] - at[0]) / max(n - 1, 1), at[0]
    if not keep_bounds and n > 1:
        scale, offset = np.polyfit(np.arange(n), at, 1)
    return UniformDataAxis(n, scale=scale if n > 1 else 1.0, offset=offset, **axis.labels())


def _empty(axis: Axis, index: slice) -> AxisError:
    return AxisError(f"{axis}: the slice {index} holds none of its {axis.size} channels; widen it")
