"""A step in the shape of an arctangent, zero at its foot."""

from collections.abc import Mapping

from hsjupyter.components.arctan import Arctan
from hsjupyter.components.steps import find_steps
from hsjupyter.core.component import Component
from hsjupyter.core.parameter import Par
from hsjupyter.core.shape import Array, Coords


class EELSArctan(Component):
    """An arctangent from zero far before ``x0`` to ``pi * A`` far behind it.

    Source: the transition of an inner-shell electron to a flat continuum; Stöhr, NEXAFS
    Spectroscopy (1992), §7.3.
    """

    formula = "A * (pi / 2 + atan(k * (x - x0)))"
    A = Par(1.0, unit="y", doc="height of the step over pi")
    k = Par(1.0, unit="1/x", doc="steepness of the step")
    x0 = Par(1.0, unit="x", doc="position of half the height")
    position = "x0"

    def start_values(self, coords: Coords, data: Array) -> Mapping[str, Array]:
        """The step from one end to the other."""
        x0, width, A = find_steps(coords[0], data, Arctan().freeze(), (1.0, 1.0, 0.0))
        return {"A": A, "k": 1 / width, "x0": x0}
