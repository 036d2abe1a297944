"""A pseudo-Voigt line of two widths."""

from collections.abc import Mapping

import numpy as np

from hsjupyter.components.peaks import find_peaks, units_of
from hsjupyter.core.component import Component
from hsjupyter.core.parameter import Par
from hsjupyter.core.shape import Array, Coords

# Right width over left width, and the Lorentzian part, for estimates.
_RATIOS = (0.3, 0.45, 0.65, 0.8, 1.0, 1.25, 1.55, 2.2, 3.3)
_FRACTIONS = (0.0, 0.5, 1.0)


class SplitVoigt(Component):
    """A sum of Gaussian and Lorentzian of area ``A``, with one width below its centre, one above.

    Source: Toraya, J. Appl. Cryst. 23 (1990) 485 (split-type profiles).
    """

    formula = (
        "2 * A / (sigma1 + sigma2) * ("
        "(1 - fraction) / sqrt(2 * pi) * exp(-z**2 / 2) + fraction / (pi * (1 + z**2)))"
        "; z = (x - centre) / where(x <= centre, sigma1, sigma2)"
    )
    A = Par(1.0, bmin=0.0, unit="y·x", doc="area under the line")
    sigma1 = Par(1.0, bmin=0.0, unit="x", doc="width below the centre")
    sigma2 = Par(1.0, bmin=0.0, unit="x", doc="width above the centre")
    fraction = Par(0.0, bmin=0.0, bmax=1.0, doc="the part of the area that is Lorentzian")
    centre = Par(0.0, unit="x", doc="position of the maximum")
    position = "centre"

    @property
    def height(self) -> float:
        """Height of the maximum, in units of y; setting it sets ``A``."""
        return float(self.function(self.centre.value))

    @height.setter
    def height(self, value: float) -> None:
        self.A.value = value * float(self.A.value) / self.height

    def start_values(self, coords: Coords, data: Array) -> Mapping[str, Array]:
        """The peak that stands out most."""
        shapes = [(1.0, ratio, fraction) for ratio in _RATIOS for fraction in _FRACTIONS]
        units = units_of(SplitVoigt, *((1.0, *shape, 0.0) for shape in shapes))
        found = find_peaks(coords[0], data, units)
        left, right, fraction = np.array(shapes)[found.which].T
        return {
            "A": found.factor * found.scale,
            "sigma1": found.scale * left,
            "sigma2": found.scale * right,
            "fraction": np.where(np.isfinite(found.scale), fraction, np.nan),
            "centre": found.origin,
        }
