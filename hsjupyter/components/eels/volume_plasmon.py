"""The volume plasmon of the Drude model."""

from hsjupyter.core.component import Component
from hsjupyter.core.parameter import Par


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
