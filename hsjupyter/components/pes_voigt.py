"""A photoemission line with everything that the instrument does to it."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import traitlets as t

from hsjupyter.components.gaussian import FWHM_PER_SIGMA
from hsjupyter.components.peaks import find_peaks
from hsjupyter.components.voigt import RATIOS, units
from hsjupyter.core.component import Component
from hsjupyter.core.parameter import Par
from hsjupyter.core.shape import Array, Coords

# The whole of a Voigt line above x, for the background, is that of the pseudo-Voigt line of the
# same width: there is no closed form, and it is within 0.6 % of the area everywhere.
_LINE = (
    "({factor}) * transmission_function * area * (voigt({u}, g / {fwhm_per_sigma!r}, gamma)"
    " + shirley_background * ((1 - eta) * erfc(2 * sqrt(log(2)) * ({u}) / f) / 2"
    " + eta * (1 / 2 - atan(2 * ({u}) / f) / pi)))"
)
_PARTS = (
    "; u = x - centre + non_isochromaticity"
    "; g = sqrt(FWHM**2 + resolution**2)"
    "; l = 2 * gamma"
    "; f = (g**5 + 2.69269 * g**4 * l + 2.42843 * g**3 * l**2 + 4.47163 * g**2 * l**3"
    " + 0.07842 * g * l**4 + l**5)**(1 / 5)"
    "; eta = 1.36603 * (l / f) - 0.47719 * (l / f)**2 + 0.11116 * (l / f)**3"
)


def _line(factor: float, shift: float) -> str:
    u = f"u + {shift!r}" if shift else "u"
    return _LINE.format(factor=repr(factor), u=u, fwhm_per_sigma=FWHM_PER_SIGMA)


class PESVoigt(Component):
    """A Voigt line of area ``area``, broadened, shifted, dimmed and on a Shirley background.

    With ``spin_orbit_splitting`` a second line stands at ``spin_orbit_splitting_energy`` below the
    first, with ``spin_orbit_branching_ratio`` of its area.

    Source: NIST Digital Library of Mathematical Functions, §7.19 (Voigt line); Shirley, Phys. Rev.
    B 5 (1972) 4709 (background); Thompson, Cox & Hastings, J. Appl. Cryst. 20 (1987) 79
    (pseudo-Voigt line).
    """

    formula = _line(1.0, 0.0) + _PARTS
    area = Par(1.0, bmin=0.0, unit="y·x", doc="area under the line")
    centre = Par(0.0, unit="x", doc="position of the maximum")
    FWHM = Par(1.0, bmin=0.0, unit="x", doc="full width at half maximum of the Gaussian")
    gamma = Par(0.0, bmin=0.0, unit="x", doc="half width at half maximum of the Lorentzian")
    resolution = Par(
        0.0, bmin=0.0, free=False, unit="x", doc="full width of the instrument, added in squares"
    )
    shirley_background = Par(
        0.0, free=False, unit="1/x", doc="background per area of the line above x"
    )
    non_isochromaticity = Par(0.0, free=False, unit="x", doc="a shift to lower x")
    transmission_function = Par(1.0, free=False, doc="factor of the line")
    position = "centre"

    spin_orbit_splitting = t.Bool(False, help="there is a second line")
    spin_orbit_branching_ratio = t.Float(0.5, help="its area over that of the first")
    spin_orbit_splitting_energy = t.Float(0.61, help="its distance below the first, in x")

    def __init__(
        self,
        *values: Any,
        spin_orbit_splitting: bool = False,
        spin_orbit_branching_ratio: float = 0.5,
        spin_orbit_splitting_energy: float = 0.61,
        **named: Any,
    ) -> None:
        super().__init__(*values, **named)
        self.spin_orbit_branching_ratio = spin_orbit_branching_ratio
        self.spin_orbit_splitting_energy = spin_orbit_splitting_energy
        self.spin_orbit_splitting = spin_orbit_splitting

    def init_arguments(self) -> dict[str, Any]:
        """What its constructor needs beside parameter values."""
        return {
            "spin_orbit_splitting": self.spin_orbit_splitting,
            "spin_orbit_branching_ratio": self.spin_orbit_branching_ratio,
            "spin_orbit_splitting_energy": self.spin_orbit_splitting_energy,
        }

    @t.observe("spin_orbit_splitting", "spin_orbit_branching_ratio", "spin_orbit_splitting_energy")
    def _use_lines(self, _change: Any) -> None:
        text = _line(1.0, 0.0)
        if self.spin_orbit_splitting:
            second = _line(self.spin_orbit_branching_ratio, self.spin_orbit_splitting_energy)
            text = f"{text} + {second}"
        self._use_formula(text + _PARTS, type(self).pars)

    def start_values(self, coords: Coords, data: Array) -> Mapping[str, Array]:
        """The peak that stands out most."""
        found = find_peaks(coords[0], data, units())
        width = (found.scale * FWHM_PER_SIGMA) ** 2 - float(self.resolution.value) ** 2
        dimmed = float(self.transmission_function.value) or np.nan
        return {
            "area": found.factor * found.scale / dimmed,
            "centre": found.origin + float(self.non_isochromaticity.value),
            "FWHM": np.sqrt(np.maximum(width, 0.0)),
            "gamma": found.scale * np.array(RATIOS)[found.which],
        }
