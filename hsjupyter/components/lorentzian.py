"""The Lorentzian, or Cauchy, line."""

import math
from collections.abc import Mapping

from hsjupyter.components.peaks import find_peaks, units_of
from hsjupyter.core.component import Component
from hsjupyter.core.parameter import Par
from hsjupyter.core.shape import Array, Coords


class Lorentzian(Component):
    """A Lorentzian of area ``A``.

    Source: Johnson, Kotz & Balakrishnan, Continuous Univariate Distributions, vol. 1, ch. 16.
    """

    formula = "A / pi * gamma / ((x - centre)**2 + gamma**2)"
    A = Par(1.0, bmin=0.0, unit="y·x", doc="area under the line")
    gamma = Par(1.0, bmin=0.0, unit="x", doc="half width at half maximum")
    centre = Par(0.0, unit="x", doc="position of the maximum")
    position = "centre"

    @property
    def fwhm(self) -> float:
        """Full width at half maximum, in units of x; setting it sets ``gamma``."""
        return 2 * abs(float(self.gamma.value))

    @fwhm.setter
    def fwhm(self, value: float) -> None:
        self.gamma.value = value / 2

    @property
    def height(self) -> float:
        """Height of the maximum, in units of y; setting it sets ``A``."""
        return float(self.A.value) / (math.pi * float(self.gamma.value))

    @height.setter
    def height(self, value: float) -> None:
        self.A.value = value * math.pi * float(self.gamma.value)

    def start_values(self, coords: Coords, data: Array) -> Mapping[str, Array]:
        """The peak that stands out most."""
        found = find_peaks(coords[0], data, units_of(Lorentzian, (1.0, 1.0, 0.0)))
        return {"A": found.factor * found.scale, "gamma": found.scale, "centre": found.origin}
