"""The skew normal line."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from hsjupyter.components.peaks import find_peaks, units_of
from hsjupyter.core.component import Component
from hsjupyter.core.parameter import Par
from hsjupyter.core.shape import Array, Coords

_SHAPES = (-10.0, -5.0, -3.0, -2.0, -1.4, -0.8, 0.0, 0.8, 1.4, 2.0, 3.0, 5.0, 10.0)


class SkewNormal(Component):
    """A Gaussian of area ``A * scale``, with a longer tail to the right for positive ``shape``.

    Source: Azzalini, Scand. J. Statist. 12 (1985) 171.
    """

    formula = "A / sqrt(2 * pi) * exp(-t**2 / 2) * erfc(-shape * t / sqrt(2)); t = (x - x0) / scale"
    x0 = Par(0.0, unit="x", doc="location; the maximum is at `mode`")
    A = Par(1.0, bmin=0.0, unit="y", doc="height; the area over the scale")
    scale = Par(1.0, bmin=0.0, unit="x", doc="width")
    # Hides Component.shape, for which `freeze` stands.
    shape: Any = Par(0.0, doc="skewness; 0 is a Gaussian")
    position = "x0"

    @property
    def _delta(self) -> float:
        alpha = float(self.shape.value)
        return alpha / math.sqrt(1 + alpha**2)

    @property
    def mean(self) -> float:
        """Mean position, in units of x."""
        return float(self.x0.value) + float(self.scale.value) * self._delta * math.sqrt(2 / math.pi)

    @property
    def variance(self) -> float:
        """Variance, in units of x squared."""
        return float(self.scale.value) ** 2 * (1 - 2 * self._delta**2 / math.pi)

    @property
    def skewness(self) -> float:
        """Third central moment over the third power of the standard deviation."""
        b = self._delta * math.sqrt(2 / math.pi)
        return (4 - math.pi) / 2 * b**3 / math.sqrt((1 - b**2) ** 3)

    @property
    def mode(self) -> float:
        """Position of the maximum, in units of x."""
        from scipy.optimize import minimize_scalar

        row = (0.0, 1.0, 1.0, float(self.shape.value))
        top = minimize_scalar(
            lambda t: -float(self.freeze().value((np.array([t]),), row)[0]),
            bounds=(-1.0, 1.0),
            method="bounded",
            options={"xatol": 1e-12},
        )
        return float(self.x0.value) + float(self.scale.value) * float(top.x)

    def start_values(self, coords: Coords, data: Array) -> Mapping[str, Array]:
        """The peak that stands out most."""
        units = units_of(SkewNormal, *((0.0, 1.0, 1.0, shape) for shape in _SHAPES))
        found = find_peaks(coords[0], data, units)
        shape = np.array(_SHAPES)[found.which]
        return {"x0": found.origin, "A": found.factor, "scale": found.scale, "shape": shape}
