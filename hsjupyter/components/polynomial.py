"""A polynomial of any order."""

from typing import Any

from hsjupyter.core.component import Component
from hsjupyter.core.errors import ModelError
from hsjupyter.core.parameter import Par, Parameter

HIGHEST_ORDER = 30


class Polynomial(Component):
    """A polynomial with one vector parameter ``coefficients``, highest power first.

    Parameters
    ----------
    order : int
        Its highest power.
    coefficients : tuple of float, (order + 1,), optional
        Starting values, highest power first; zeros where not given.
    name : str, optional
        Name in the model.

    Raises
    ------
    ModelError
        The order is not a whole number from 0 to 30.
    """

    coefficients: Parameter
    isbackground = True
    convolved = False

    def __init__(
        self,
        order: int = 2,
        coefficients: tuple[float, ...] | None = None,
        *,
        name: str | None = None,
    ) -> None:
        if isinstance(order, bool) or order != int(order) or not 0 <= order <= HIGHEST_ORDER:
            raise ModelError(
                f"Polynomial: order={order!r} came; a whole number from 0 to {HIGHEST_ORDER} is "
                "wanted"
            )
        self.order = int(order)
        super().__init__(name=name)
        if coefficients is not None:
            self.coefficients.value = coefficients

    def _declare(self, *_class_wide: Any) -> None:
        elements = tuple(f"a{power}" for power in range(self.order, -1, -1))
        horner = elements[0]
        for element in elements[1:]:
            horner = f"({horner}) * x + {element}"
        par = Par(
            (0.0,) * (self.order + 1),
            unit="y/x^n",
            doc="factors of the powers of x, highest power first",
            elements=elements,
        )
        super()._declare({"coefficients": par}, horner, (), {})

    def init_arguments(self) -> dict[str, Any]:
        """What its constructor needs beside parameter values."""
        return {"order": self.order}
