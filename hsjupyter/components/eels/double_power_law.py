"""Two power laws of one exponent, the second one shifted."""

from hsjupyter.core.component import Component
from hsjupyter.core.parameter import Par


class DoublePowerLaw(Component):
    """A decaying power law and its copy further on, each zero up to where it would be infinite.

    Source: Egerton, Electron Energy-Loss Spectroscopy in the Electron Microscope, 3rd ed., §4.4.1,
    for the single law; the copy stands for plural scattering.
    """

    formula = (
        "where(x > Max(left_cutoff, origin), A * (x - origin)**(-r), 0)"
        " + where(x > Max(left_cutoff, origin + shift),"
        " A * ratio * (x - origin - shift)**(-r), 0)"
    )
    A = Par(1e-5, bmin=0.0, unit="y·x^r", doc="value of the first law one unit above its origin")
    r = Par(3.0, bmin=1.0, bmax=5.0, doc="exponent of both")
    origin = Par(0.0, free=False, unit="x", doc="where the first law would be infinite")
    shift = Par(20.0, free=False, unit="x", doc="how much further on the second one begins")
    ratio = Par(1.0, doc="factor of the second law relative to the first")
    left_cutoff = Par(0.0, free=False, unit="x", doc="both are zero up to here")
    position = "origin"
    isbackground = True
    convolved = False
