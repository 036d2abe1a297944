"""Two power laws of one exponent, the second one shifted."""

from collections.abc import Mapping

import numpy as np

from hsjupyter.components.areas import decay_of
from hsjupyter.core.component import Component
from hsjupyter.core.parameter import Par
from hsjupyter.core.shape import Array, Coords


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

    def start_values(self, coords: Coords, data: Array) -> Mapping[str, Array]:
        """By two areas of what lies above both origins, for the ratio as it is."""
        first = float(self.origin.value)
        second, ratio = first + float(self.shift.value), float(self.ratio.value)
        inside = coords[0] > max(float(self.left_cutoff.value), first, second)
        if np.count_nonzero(inside) < 2:
            return {name: np.full(len(data), np.nan) for name in ("A", "r")}
        x = coords[0][inside]
        # Around the geometric middle, so that neither end overflows.
        unit = np.exp(np.log(x - first).mean())
        exponents = np.linspace(-2.0, 20.0, 2201)
        lines = ((x - first) / unit) ** -exponents[:, None]
        lines += ratio * ((x - second) / unit) ** -exponents[:, None]
        r, at_unit = decay_of(data[:, inside], exponents, lines)
        return {"A": at_unit * unit**r, "r": r}
