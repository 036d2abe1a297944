"""A measured spectrum as a component."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import traitlets as t

from hsjupyter.core.component import Component
from hsjupyter.core.errors import DataError, ParameterError, unknown_name
from hsjupyter.core.parameter import Par
from hsjupyter.core.registry import SIGNALS
from hsjupyter.core.shape import Array, Coords, Row, Shape
from hsjupyter.core.signal import BaseSignal

_DEGREES = {"linear": 1, "slinear": 1, "quadratic": 2, "cubic": 3}
KINDS = ("nearest", *_DEGREES)


@dataclass(frozen=True, eq=False)
class PatternShape:
    """A line given at places, and what lies between them.

    Parameters
    ----------
    places, line : ndarray, (place,)
        Ascending; densities.
    kind : str
        One of `KINDS`; empty for no interpolation: the line stays in its channels.
    outside : tuple of float, or None
        Values left and right of it; None goes on as at the ends.
    """

    places: Array
    line: Array
    kind: str
    outside: tuple[float, float] | None

    def value(self, coords: Coords, p: Row) -> Array:
        """The line, (channel,); ``p`` is yscale, xscale, shift."""
        return np.asarray(p[0] * self._at(self._u(coords, p), 0))

    def derivatives(self, coords: Coords, p: Row) -> Array:
        """Its derivative by every slot, (3, channel)."""
        u = self._u(coords, p)
        slope = p[0] * self._at(u, 1)
        return np.array([self._at(u, 0), slope * coords[0], -slope])

    def _u(self, coords: Coords, p: Row) -> Array:
        return coords[0] * p[1] - p[2] if self.kind else coords[0]

    def _at(self, u: Array, order: int) -> Array:
        if self.kind in {"", "nearest"}:
            middles = (self.places[1:] + self.places[:-1]) / 2
            found = self.line[np.searchsorted(middles, u)] * (order == 0)
        else:
            found = np.asarray(self._spline(u, nu=order), dtype=np.float64)
        if self.outside is None:
            return found
        ends = [value * (order == 0) for value in self.outside]
        # Half a channel beyond the ends still lies in them.
        first, last = np.diff(self.places)[[0, -1]] / 2 if not self.kind else (0.0, 0.0)
        found = np.where(u < self.places[0] - first, ends[0], found)
        return np.where(u > self.places[-1] + last, ends[1], found)

    @cached_property
    def _spline(self) -> Any:
        from scipy.interpolate import make_interp_spline

        return make_interp_spline(self.places, self.line, k=_DEGREES[self.kind])


class ScalableFixedPattern(Component):
    """A measured spectrum, scaled and shifted: ``yscale * pattern(x * xscale - shift)``.

    Parameters
    ----------
    signal1D : BaseSignal
        One spectrum.
    yscale, xscale, shift : float
        Starting values.
    interpolate : bool
        False leaves the pattern in its own channels: only ``yscale`` counts.
    kind, fill_value
        As of `prepare_interpolator`.
    **kwargs
        As of `Component`.

    Raises
    ------
    DataError
        Not a single spectrum of at least two channels.
    """

    yscale = Par(1.0, doc="factor of the pattern")
    xscale = Par(1.0, doc="factor of x")
    shift = Par(0.0, unit="x", doc="distance by which the pattern moves to the right")
    position = "shift"
    isbackground = True
    convolved = False

    interpolate = t.Bool(True, help="the pattern may be stretched and shifted")

    def __init__(
        self,
        signal1D: BaseSignal | Mapping[str, Any],
        yscale: float = 1.0,
        xscale: float = 1.0,
        shift: float = 0.0,
        interpolate: bool = True,
        *,
        kind: str = "linear",
        fill_value: Any = 0.0,
        **kwargs: Any,
    ) -> None:
        if isinstance(signal1D, Mapping):
            signal1D = SIGNALS[1](signal1D["data"], [dict(axis) for axis in signal1D["axes"]])
        self.signal = _checked(signal1D)
        self._kind, self._outside = "linear", (0.0, 0.0)
        self._were_free = (True, True)
        super().__init__(yscale, xscale, shift, **kwargs)
        self.prepare_interpolator(kind, fill_value)
        self.interpolate = interpolate

    def prepare_interpolator(
        self, kind: str = "linear", fill_value: Any = 0.0, k: int | None = None
    ) -> None:
        """Choose how the pattern goes on between its channels, and outside of them.

        Parameters
        ----------
        kind : {'linear', 'slinear', 'nearest', 'quadratic', 'cubic'}
        fill_value : float, (float, float) or 'extrapolate'
            Value outside; or one to the left and one to the right.
        k : {1, 2, 3}, optional
            The degree, in place of ``kind``.

        Raises
        ------
        UnknownNameError
            Another kind or degree.
        """
        if k is not None:
            degrees = {degree: name for name, degree in reversed(_DEGREES.items())}
            if k not in degrees:
                raise unknown_name(f"{self!r}: k", k, map(str, degrees))
            kind = degrees[k]
        if kind not in KINDS:
            raise unknown_name(f"{self!r}: kind", kind, KINDS)
        outside: Any = None
        if not (isinstance(fill_value, str) and fill_value == "extrapolate"):
            try:
                left, right = np.broadcast_to(np.asarray(fill_value, dtype=np.float64), (2,))
            except ValueError:
                raise ParameterError(
                    f"{self!r}: fill_value={fill_value!r} came; a number, two numbers or "
                    "'extrapolate' is wanted"
                ) from None
            outside = (float(left), float(right))
        self._kind, self._outside = kind, outside

    def freeze(self) -> Shape:
        """What of it travels to a fit."""
        return self._shape_of_profile(self.name)

    def _shape_of_profile(self, _kind: str) -> Shape:
        axis = self.signal.axes_manager.signal_axes[0].axis
        line = np.asarray(self.signal(), dtype=np.float64)
        widths = self.signal.binned_widths
        order = np.argsort(axis)
        line = (line if widths is None else line / widths)[order]
        if not self.interpolate:
            return PatternShape(axis[order], line, "", (0.0, 0.0))
        return PatternShape(axis[order], line, self._kind, self._outside)

    @t.observe("interpolate")
    def _fix_what_does_not_count(self, change: Any) -> None:
        two = (self.xscale, self.shift)
        if change["new"]:
            for parameter, free in zip(two, self._were_free, strict=True):
                parameter.free = free
        else:
            self._were_free = (self.xscale.free, self.shift.free)
            for parameter in two:
                parameter.free = False

    def init_arguments(self) -> dict[str, Any]:
        """What its constructor needs beside parameter values."""
        return {
            "signal1D": {
                "data": np.array(self.signal()),
                "axes": [axis.as_dictionary() for axis in self.signal.axes_manager.signal_axes],
            },
            "interpolate": self.interpolate,
            "kind": self._kind,
            "fill_value": "extrapolate" if self._outside is None else list(self._outside),
        }

    def start_values(self, coords: Coords, data: Array) -> Mapping[str, Array]:
        """The factor by least squares; stretch and shift stay."""
        row = self.row()
        line = self.freeze().value(coords, [1.0, *row[1:]])
        power = line @ line
        return {"yscale": data @ line / (power if power > 0 else np.nan)}


def _checked(signal: Any) -> BaseSignal:
    shape = None
    if isinstance(signal, BaseSignal):
        manager = signal.axes_manager
        shape = (manager.navigation_dimension, *manager.signal_shape)
    if shape is None or len(shape) != 2 or shape[0] or shape[1] < 2:
        raise DataError(
            f"ScalableFixedPattern: {signal!r} came; a single spectrum of at least two channels is "
            "wanted, such as s.inav[3, 5]"
        )
    found: BaseSignal = signal
    return found
