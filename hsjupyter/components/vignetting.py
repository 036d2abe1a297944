"""The fall-off of light towards the edges of a lens."""

from hsjupyter.core.component import Component
from hsjupyter.core.parameter import Par


class Vignetting(Component):
    """The cosine-fourth law around an optical centre, dimmed linearly beyond two edges.

    The edges are rounded by a Gaussian.

    Source: Born & Wolf, Principles of Optics, 7th ed., §4.8 (cosine-fourth law).
    """

    formula = (
        "height * cos((x - optical_center) / (2 * pi * period))**4"
        " * (1 - left_slope * (u * erfc(-u / (sqrt(2) * sigma)) / 2"
        " + sigma * exp(-u**2 / (2 * sigma**2)) / sqrt(2 * pi))"
        " - right_slope * (v * erfc(-v / (sqrt(2) * sigma)) / 2"
        " + sigma * exp(-v**2 / (2 * sigma**2)) / sqrt(2 * pi)))"
        "; u = left - x; v = x - right"
    )
    optical_center = Par(0.0, unit="x", doc="where the light is brightest")
    height = Par(0.0, unit="y", doc="value there")
    period = Par(1.0, unit="x", doc="length of the fall-off; the cosine turns in 4 pi**2 of it")
    left_slope = Par(0.0, free=False, unit="1/x", doc="loss per x to the left of the left edge")
    right_slope = Par(0.0, free=False, unit="1/x", doc="loss per x to the right of the right edge")
    left = Par(0.0, free=False, unit="x", doc="the left edge")
    right = Par(0.0, free=False, unit="x", doc="the right edge")
    sigma = Par(1.0, bmin=1e-8, free=False, unit="x", doc="how far the edges are rounded")
    position = "optical_center"

    @property
    def side_vignetting(self) -> bool:
        """Whether the edges count; True frees both slopes, False makes them zero and fixed."""
        slopes = (self.left_slope, self.right_slope)
        return any(slope.free or slope.value != 0 for slope in slopes)

    @side_vignetting.setter
    def side_vignetting(self, counts: bool) -> None:
        for slope in (self.left_slope, self.right_slope):
            slope.free = bool(counts)
            if not counts:
                slope.value = 0.0
