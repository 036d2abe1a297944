"""The arctangent step."""

from collections.abc import Mapping
from typing import Any

from hsjupyter.components.steps import find_steps
from hsjupyter.core.component import Component
from hsjupyter.core.parameter import Par
from hsjupyter.core.shape import Array, Coords


class Arctan(Component):
    """A step of height ``pi * A`` around zero, or from zero up where ``minimum_at_zero``.

    Parameters
    ----------
    A, k, x0 : float
        Starting values.
    minimum_at_zero : bool
        True lifts the step by ``A * pi / 2``.
    **kwargs
        As of `Component`.

    Source: NIST Digital Library of Mathematical Functions, §4.23.
    """

    formula = "A * atan(k * (x - x0))"
    A = Par(1.0, unit="y", doc="height of the step over pi")
    k = Par(1.0, unit="1/x", doc="steepness")
    x0 = Par(1.0, unit="x", doc="middle of the step")
    position = "x0"

    def __init__(
        self,
        A: float = 1.0,
        k: float = 1.0,
        x0: float = 1.0,
        minimum_at_zero: bool = False,
        **kwargs: Any,
    ) -> None:
        self.minimum_at_zero = bool(minimum_at_zero)
        super().__init__(A, k, x0, **kwargs)

    def _declare(self, pars: Any, formula: Any, values: Any, named: Any) -> None:
        if self.minimum_at_zero:
            formula = "A * (pi / 2 + atan(k * (x - x0)))"
        super()._declare(pars, formula, values, named)

    def init_arguments(self) -> dict[str, Any]:
        """What its constructor needs beside parameter values."""
        return {"minimum_at_zero": self.minimum_at_zero}

    def start_values(self, coords: Coords, data: Array) -> Mapping[str, Array]:
        """The step from one end to the other."""
        x0, width, A = find_steps(coords[0], data, Arctan().freeze(), (1.0, 1.0, 0.0))
        return {"A": A, "k": 1 / width, "x0": x0}
