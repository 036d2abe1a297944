"""The logistic step."""

from collections.abc import Mapping

import numpy as np

from hsjupyter.components.steps import find_steps
from hsjupyter.core.component import Component
from hsjupyter.core.parameter import Par
from hsjupyter.core.shape import Array, Coords


class Logistic(Component):
    """A smooth step from zero to ``a``.

    Source: Johnson, Kotz & Balakrishnan, Continuous Univariate Distributions, vol. 2, ch. 23.
    """

    formula = "a / (1 + b * exp(-c * (x - origin)))"
    a = Par(1.0, unit="y", doc="height of the step")
    b = Par(1.0, doc="moves the middle to origin + log(b) / c")
    c = Par(1.0, unit="1/x", doc="steepness")
    origin = Par(0.0, unit="x", doc="middle of the step where b is 1")
    position = "origin"

    def start_values(self, coords: Coords, data: Array) -> Mapping[str, Array]:
        """The step from one end to the other; ``b`` stays."""
        middle, width, a = find_steps(coords[0], data, Logistic().freeze(), (1.0, 1.0, 1.0, 0.0))
        shift = np.log(abs(float(self.b.value)) or 1.0)
        return {"a": a, "c": 1 / width, "origin": middle - shift * width}
