"""The Doniach-Šunjić line of metals in photoemission."""

from collections.abc import Mapping

import numpy as np

from hsjupyter.components.peaks import find_peaks, units_of
from hsjupyter.core.component import Component
from hsjupyter.core.parameter import Par
from hsjupyter.core.shape import Array, Coords

_ALPHAS = (0.0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5)


class Doniach(Component):
    """A Lorentzian whose maximum is at ``centre``, with a tail to lower x for positive ``alpha``.

    Source: Doniach & Šunjić, J. Phys. C 3 (1970) 285. The line of that paper has its maximum at
    ``-sigma * tan(pi * alpha / (2 * (2 - alpha)))``, where its derivative is zero; it is shifted.
    """

    formula = (
        "A * cos(pi * alpha / 2 + (1 - alpha) * atan(u / sigma))"
        " / (sigma**2 + u**2)**((1 - alpha) / 2)"
        "; u = x - centre - sigma * tan(pi * alpha / (2 * (2 - alpha)))"
    )
    centre = Par(0.0, unit="x", doc="position of the maximum")
    A = Par(1.0, bmin=0.0, unit="y·x^(1-alpha)", doc="amplitude")
    sigma = Par(1.0, bmin=1e-8, unit="x", doc="half width of the line without asymmetry")
    alpha = Par(0.5, bmin=0.0, bmax=1.0, doc="asymmetry; 0 is a Lorentzian")
    position = "centre"

    def start_values(self, coords: Coords, data: Array) -> Mapping[str, Array]:
        """The peak that stands out most."""
        units = units_of(Doniach, *((0.0, 1.0, 1.0, alpha) for alpha in _ALPHAS))
        found = find_peaks(coords[0], data, units)
        alpha = np.array(_ALPHAS)[found.which]
        return {
            "centre": found.origin,
            "A": found.factor * found.scale ** (1 - alpha),
            "sigma": found.scale,
            "alpha": alpha,
        }
