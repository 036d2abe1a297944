"""A polynomial of any order."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from hsjupyter.core.component import Component
from hsjupyter.core.errors import ModelError, ParameterError, unknown_name
from hsjupyter.core.parameter import Par, Parameter
from hsjupyter.core.shape import Array, Coords

HIGHEST_ORDER = 30


class Coefficient:
    """One element of the vector parameter of a polynomial: a view, it holds nothing.

    Parameters
    ----------
    coefficients : Parameter
        The vector.
    place : int
        Which element.
    name : str
        ``a2`` for the factor of x squared.
    """

    __slots__ = ("_place", "_whole", "name")

    def __init__(self, coefficients: Parameter, place: int, name: str) -> None:
        self._whole, self._place, self.name = coefficients, place, name

    @property
    def value(self) -> float:
        """The working value."""
        return self._whole.flat()[self._place]

    @value.setter
    def value(self, value: float) -> None:
        numbers: list[Any] = list(self._whole.flat())
        numbers[self._place] = value
        self._whole.value = tuple(numbers)

    @property
    def std(self) -> float | None:
        """The standard deviation; None if not known."""
        std = self._whole.std
        return None if std is None else float(std[self._place])

    @property
    def free(self) -> bool:
        """Whether a fit may change it; the elements of a vector are free together."""
        return bool(self._whole.free)

    @free.setter
    def free(self, free: bool) -> None:
        if bool(free) != self._whole.free:
            raise ParameterError(
                f"{self}.free: {free!r} came, but the elements of {self._whole} are free together; "
                f"set {self._whole}.free, or write the law as an Expression"
            )

    @property
    def bmin(self) -> float | None:
        """The lower bound, which the elements have in common."""
        return None if self._whole.bmin is None else float(self._whole.bmin)

    @property
    def bmax(self) -> float | None:
        """The upper bound, which the elements have in common."""
        return None if self._whole.bmax is None else float(self._whole.bmax)

    @property
    def map(self) -> dict[str, Any] | None:
        """Views of the stored ``["values"]``, ``["std"]`` and ``["is_set"]`` of all pixels."""
        whole = self._whole.map
        if whole is None:
            return None
        each = {field: whole[field][..., self._place] for field in ("values", "std")}
        return {**each, "is_set": whole["is_set"]}

    def __repr__(self) -> str:
        return f"<Coefficient {self.name} of {self._whole}>"


class Polynomial(Component):
    """A polynomial with one vector parameter ``coefficients``, highest power first.

    ``a0``, ``a1``, ... are its elements by the power they stand for: ``p.a1.value``.

    Parameters
    ----------
    order : int
        Its highest power.
    coefficients : tuple of float, (order + 1,), optional
        Starting values, highest power first; zeros where not given.
    **named : float
        Starting values by power: ``a0=1, a2=0.5``; and what `Component` takes.

    Raises
    ------
    ModelError
        The order is not a whole number from 0 to 30.
    UnknownNameError
        A name that is not one of its coefficients.

    Source: NIST Digital Library of Mathematical Functions, §1.11; evaluated by Horner's scheme.
    """

    coefficients: Parameter
    isbackground = True
    convolved = False

    def __init__(
        self, order: int = 2, coefficients: tuple[float, ...] | None = None, **named: Any
    ) -> None:
        if isinstance(order, bool) or order != int(order) or not 0 <= order <= HIGHEST_ORDER:
            raise ModelError(
                f"Polynomial: order={order!r} came; a whole number from 0 to {HIGHEST_ORDER} is "
                "wanted"
            )
        self.order = int(order)
        powers = {key: named.pop(key) for key in self._elements if key in named}
        for key in named.keys() - {"name", "module", "compute_gradients"}:
            raise unknown_name("Polynomial", key, self._elements)
        super().__init__(**named)
        for place, key in enumerate(self._elements):
            self.__dict__[key] = Coefficient(self.coefficients, place, key)
        if coefficients is not None:
            self.coefficients.value = coefficients
        for key, value in powers.items():
            self.__dict__[key].value = value

    @property
    def _elements(self) -> tuple[str, ...]:
        return tuple(f"a{power}" for power in range(self.order, -1, -1))

    def _declare(self, _pars: Any, _formula: Any, values: Any, named: Any) -> None:
        horner = first = self._elements[0]
        for element in self._elements[1:]:
            inner = first if horner == first else f"({horner})"
            horner = f"{inner} * x + {element}"
        par = Par(
            (0.0,) * (self.order + 1),
            unit="y/x^n",
            doc="factors of the powers of x, highest power first",
            elements=self._elements,
        )
        super()._declare({"coefficients": par}, horner, values, named)

    def __setattr__(self, name: str, value: Any) -> None:
        if isinstance(self.__dict__.get(name), Coefficient):
            raise ParameterError(
                f"{self.name}.{name} is a coefficient, {value!r} came; set its number with "
                f".{name}.value = ..."
            )
        super().__setattr__(name, value)

    def init_arguments(self) -> dict[str, Any]:
        """What its constructor needs beside parameter values."""
        return {"order": self.order}

    def get_polynomial_order(self) -> int:
        """Its highest power."""
        return self.order

    def start_values(self, coords: Coords, data: Array) -> Mapping[str, Array]:
        """By least squares."""
        x = coords[0]
        if len(x) <= self.order:
            return {}
        # Powers of a variable from -1 to 1, and back: plain powers of x are nearly alike.
        middle, half = (x.max() + x.min()) / 2, max(np.ptp(x) / 2, np.finfo(float).tiny)
        factors = np.polynomial.polynomial.polyfit((x - middle) / half, data.T, self.order)
        shifted = [np.polynomial.Polynomial([1.0])]
        for _ in range(self.order):
            shifted.append(shifted[-1] * np.polynomial.Polynomial([-middle / half, 1 / half]))
        rows = np.zeros((len(data), self.order + 1))
        for power, line in enumerate(shifted):
            rows[:, : power + 1] += factors[power][:, None] * line.coef
        return {"coefficients": rows[:, ::-1]}
