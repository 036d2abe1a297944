"""A core line of photoemission: a Gaussian on a Shirley background."""

from collections.abc import Mapping

from hsjupyter.components.peaks import find_peaks, units_of
from hsjupyter.core.component import Component
from hsjupyter.core.parameter import Par
from hsjupyter.core.shape import Array, Coords


class PESCoreLineShape(Component):
    """A Gaussian of height ``A``, with a Shirley background that steps up below it.

    Source: Shirley, Phys. Rev. B 5 (1972) 4709, for the background: the area of the line above x.
    """

    formula = (
        "A * exp(-z**2) + shirley * A * FWHM / 4 * sqrt(pi / log(2)) * erfc(z)"
        "; z = 2 * sqrt(log(2)) * (x - origin + ab) / FWHM"
    )
    A = Par(1.0, bmin=0.0, unit="y", doc="height of the line")
    FWHM = Par(1.0, bmin=0.0, unit="x", doc="full width at half maximum")
    origin = Par(0.0, unit="x", doc="position of the maximum")
    ab = Par(0.0, free=False, unit="x", doc="aberration: a shift to lower x")
    shirley = Par(0.0, free=False, unit="1/x", doc="background per area of the line above x")
    position = "origin"

    def start_values(self, coords: Coords, data: Array) -> Mapping[str, Array]:
        """The peak that stands out most."""
        units = units_of(PESCoreLineShape, (1.0, 1.0, 0.0, 0.0, 0.0))
        found = find_peaks(coords[0], data, units)
        origin = found.origin + float(self.ab.value)
        return {"A": found.factor, "FWHM": found.scale, "origin": origin}
