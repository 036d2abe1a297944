"""A sharp step."""

from collections.abc import Mapping

import numpy as np

from hsjupyter.components.steps import first_place, levels
from hsjupyter.core.component import Component
from hsjupyter.core.parameter import Par
from hsjupyter.core.shape import Array, Coords


class HeavisideStep(Component):
    """Zero below ``n``, ``A`` above, half of it at ``n``.

    Source: NIST Digital Library of Mathematical Functions, §1.16(iv).
    """

    formula = "A * heaviside(x - n)"
    A = Par(1.0, unit="y", doc="height of the step")
    n = Par(0.0, unit="x", doc="where the step stands")
    position = "n"
    isbackground = True
    convolved = False

    def start_values(self, coords: Coords, data: Array) -> Mapping[str, Array]:
        """The step from one end to the other."""
        order = np.argsort(coords[0])
        x, data = coords[0][order], data[:, order]
        low, high = levels(x, data)
        return {"A": high - low, "n": first_place(x, data)}
