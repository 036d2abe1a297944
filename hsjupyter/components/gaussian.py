"""The Gaussian, or normal, line."""

import math
from collections.abc import Mapping

from hsjupyter.components.peaks import find_peaks, units_of
from hsjupyter.core.component import Component
from hsjupyter.core.parameter import Par
from hsjupyter.core.shape import Array, Coords

FWHM_PER_SIGMA = 2 * math.sqrt(2 * math.log(2))


class Gaussian(Component):
    """A Gaussian of area ``A``.

    Source: Johnson, Kotz & Balakrishnan, Continuous Univariate Distributions, vol. 1, ch. 13.
    """

    formula = "A / (sigma * sqrt(2 * pi)) * exp(-(x - centre)**2 / (2 * sigma**2))"
    A = Par(1.0, bmin=0.0, unit="y·x", doc="area under the line")
    sigma = Par(1.0, bmin=0.0, unit="x", doc="standard deviation")
    centre = Par(0.0, unit="x", doc="position of the maximum")
    position = "centre"

    @property
    def fwhm(self) -> float:
        """Full width at half maximum, in units of x; setting it sets ``sigma``."""
        return abs(float(self.sigma.value)) * FWHM_PER_SIGMA

    @fwhm.setter
    def fwhm(self, value: float) -> None:
        self.sigma.value = value / FWHM_PER_SIGMA

    @property
    def height(self) -> float:
        """Height of the maximum, in units of y; setting it sets ``A``."""
        return float(self.A.value) / (float(self.sigma.value) * math.sqrt(2 * math.pi))

    @height.setter
    def height(self, value: float) -> None:
        self.A.value = value * float(self.sigma.value) * math.sqrt(2 * math.pi)

    def start_values(self, coords: Coords, data: Array) -> Mapping[str, Array]:
        """The peak that stands out most."""
        found = find_peaks(coords[0], data, units_of(Gaussian, (1.0, 1.0, 0.0)))
        return {"A": found.factor * found.scale, "sigma": found.scale, "centre": found.origin}
