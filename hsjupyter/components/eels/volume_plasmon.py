"""The volume plasmon of the Drude model."""

from collections.abc import Mapping

from hsjupyter.components.lorentzian import Lorentzian
from hsjupyter.components.peaks import find_peaks, units_of
from hsjupyter.core.component import Component
from hsjupyter.core.parameter import Par
from hsjupyter.core.shape import Array, Coords


class VolumePlasmonDrude(Component):
    """The energy loss function of free electrons, zero for gains.

    Source: Egerton, Electron Energy-Loss Spectroscopy in the Electron Microscope, 3rd ed., §3.3.1.
    """

    formula = (
        "where(x > 0, intensity * plasmon_energy**2 * x * fwhm"
        " / ((x**2 - plasmon_energy**2)**2 + (x * fwhm)**2), 0)"
    )
    intensity = Par(1.0, unit="y", doc="factor of the energy loss function")
    plasmon_energy = Par(15.0, unit="x", doc="energy of the plasmon")
    fwhm = Par(1.5, unit="x", doc="full width at half maximum of the damping")
    position = "plasmon_energy"

    def start_values(self, coords: Coords, data: Array) -> Mapping[str, Array]:
        """The peak that stands out most, as a Lorentzian: which it is but for its foot."""
        found = find_peaks(coords[0], data, units_of(Lorentzian, (1.0, 1.0, 0.0)))
        intensity = found.height * found.fwhm / found.origin
        return {"intensity": intensity, "plasmon_energy": found.origin, "fwhm": found.fwhm}
