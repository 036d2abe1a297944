"""The Voigt line: a Gaussian broadened by a Lorentzian."""

from collections.abc import Mapping

import numpy as np

from hsjupyter.components.gaussian import FWHM_PER_SIGMA
from hsjupyter.components.peaks import Unit, find_peaks, units_of
from hsjupyter.core.component import Component
from hsjupyter.core.parameter import Par
from hsjupyter.core.shape import Array, Coords

# Half width of the Lorentzian over standard deviation of the Gaussian, for estimates.
RATIOS = (0.03, 0.2, 0.4, 0.7, 1.2, 2.0, 4.0, 10.0)


class Voigt(Component):
    """A Voigt line of area ``area``, by the Faddeeva function.

    Source: NIST Digital Library of Mathematical Functions, §7.19.
    """

    formula = "area * voigt(x - centre, sigma, gamma)"
    centre = Par(10.0, unit="x", doc="position of the maximum")
    area = Par(1.0, bmin=0.0, unit="y·x", doc="area under the line")
    gamma = Par(0.2, bmin=0.0, unit="x", doc="half width at half maximum of the Lorentzian")
    sigma = Par(0.1, bmin=0.0, unit="x", doc="standard deviation of the Gaussian")
    position = "centre"

    @property
    def gwidth(self) -> float:
        """Full width at half maximum of the Gaussian, in units of x; sets ``sigma``."""
        return float(self.sigma.value) * FWHM_PER_SIGMA

    @gwidth.setter
    def gwidth(self, value: float) -> None:
        self.sigma.value = value / FWHM_PER_SIGMA

    @property
    def FWHM(self) -> float:
        """Older name of ``gwidth``."""
        return self.gwidth

    @FWHM.setter
    def FWHM(self, value: float) -> None:
        self.gwidth = value

    @property
    def lwidth(self) -> float:
        """Full width at half maximum of the Lorentzian, in units of x; sets ``gamma``."""
        return 2 * float(self.gamma.value)

    @lwidth.setter
    def lwidth(self, value: float) -> None:
        self.gamma.value = value / 2

    @property
    def height(self) -> float:
        """Height of the maximum, in units of y; setting it sets ``area``."""
        return float(self.function(self.centre.value))

    @height.setter
    def height(self, value: float) -> None:
        self.area.value = value * float(self.area.value) / self.height

    def start_values(self, coords: Coords, data: Array) -> Mapping[str, Array]:
        """The peak that stands out most."""
        found = find_peaks(coords[0], data, units())
        return {
            "centre": found.origin,
            "area": found.factor * found.scale,
            "gamma": found.scale * np.array(RATIOS)[found.which],
            "sigma": found.scale,
        }


def units() -> tuple[Unit, ...]:
    """Voigt lines of all ratios of the two widths, with sigma 1."""
    return units_of(Voigt, *((0.0, 1.0, ratio, 1.0) for ratio in RATIOS))
