"""A constant background."""

from collections.abc import Mapping

from hsjupyter.core.component import Component
from hsjupyter.core.parameter import Par
from hsjupyter.core.shape import Array, Coords


class Offset(Component):
    """The same value everywhere."""

    formula = "offset"
    offset = Par(0.0, unit="y", doc="the value")
    isbackground = True
    convolved = False

    def start_values(self, coords: Coords, data: Array) -> Mapping[str, Array]:  # noqa: ARG002
        """The mean."""
        return {"offset": data.mean(axis=1)}
