"""The power law, the background of electron energy loss spectra."""

from hsjupyter.core.component import Component
from hsjupyter.core.parameter import Par


class PowerLaw(Component):
    """A decaying power law, zero up to ``left_cutoff`` and ``origin``.

    Source: Egerton, Electron Energy-Loss Spectroscopy in the Electron Microscope, 3rd ed., §4.4.1.
    """

    formula = "where(x > Max(left_cutoff, origin), A * (x - origin)**(-r), 0)"
    A = Par(1e6, bmin=0.0, unit="y·x^r", doc="value one unit above the origin")
    r = Par(3.0, bmin=1.0, bmax=5.0, doc="exponent of the decay")
    origin = Par(0.0, free=False, unit="x", doc="where the law would be infinite")
    left_cutoff = Par(0.0, free=False, unit="x", doc="the law is zero up to here")
    isbackground = True
    convolved = False
