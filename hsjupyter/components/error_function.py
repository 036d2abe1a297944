"""The error function."""

from collections.abc import Mapping

from hsjupyter.components.steps import find_steps
from hsjupyter.core.component import Component
from hsjupyter.core.parameter import Par
from hsjupyter.core.shape import Array, Coords


class Erf(Component):
    """A smooth step from ``-A/2`` to ``A/2``, the integral of a Gaussian.

    Source: NIST Digital Library of Mathematical Functions, §7.2.
    """

    formula = "A * erf((x - origin) / (sqrt(2) * sigma)) / 2"
    A = Par(1.0, bmin=0.0, unit="y", doc="height of the step")
    sigma = Par(1.0, unit="x", doc="standard deviation of the Gaussian")
    origin = Par(0.0, unit="x", doc="middle of the step")
    position = "origin"

    def start_values(self, coords: Coords, data: Array) -> Mapping[str, Array]:
        """The step from one end to the other."""
        origin, sigma, A = find_steps(coords[0], data, Erf().freeze(), (1.0, 1.0, 0.0))
        return {"A": A, "sigma": sigma, "origin": origin}
