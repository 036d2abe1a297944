"""The stored values of all pixels: one row of slots a pixel."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from hsjupyter.core.errors import DataError, ModelError, unknown_name

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hsjupyter.core.component import Component
    from hsjupyter.core.parameter import Parameter

FIELDS = ("values", "std", "is_set")


class ParameterMaps:
    """Values, errors and states of all parameters at all pixels, as a structure of arrays.

    Parameters
    ----------
    shape : tuple of int
        The navigation shape in array order; ``(1,)`` for a single spectrum.

    Attributes
    ----------
    values, std : ndarray, (nav..., slot)
        NaN where not known.
    is_set : ndarray of bool, (nav..., slot)
        True where a value was stored.
    active : ndarray of bool, (nav..., component)
        Whether the component counts at the pixel.
    chisq, dof : ndarray, (nav...)
        Chi squared, and the number of free numbers, of the last fit; NaN where there was none.
    """

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.shape = shape
        self.values: NDArray[np.float64] = np.empty((*shape, 0))
        self.std: NDArray[np.float64] = np.empty((*shape, 0))
        self.is_set: NDArray[np.bool_] = np.empty((*shape, 0), dtype=bool)
        self.active: NDArray[np.bool_] = np.empty((*shape, 0), dtype=bool)
        self.chisq: NDArray[np.float64] = np.full(shape, np.nan)
        self.dof: NDArray[np.float64] = np.full(shape, np.nan)
        self._slots: dict[Parameter, slice] = {}
        self._columns: dict[Component, int] = {}

    def arrange(self, components: Sequence[Component]) -> None:
        """Give every component its slots, in order; what was stored moves along."""
        old, old_slots, old_columns = self._arrays(), self._slots, self._columns
        self._slots, self._columns = {}, {c: i for i, c in enumerate(components)}
        start = 0
        for parameter in (p for c in components for p in c.parameters):
            self._slots[parameter] = slice(start, start + parameter.size)
            start += parameter.size
        for field, fill in (("values", np.nan), ("std", np.nan), ("is_set", False)):
            new = np.full((*self.shape, start), fill, dtype=old[field].dtype)
            for parameter, place in self._slots.items():
                if parameter in old_slots:
                    new[..., place] = old[field][..., old_slots[parameter]]
            setattr(self, field, new)
        self.active = np.ones((*self.shape, len(components)), dtype=bool)
        for component, column in self._columns.items():
            if component in old_columns:
                self.active[..., column] = old["active"][..., old_columns[component]]

    def _arrays(self) -> dict[str, NDArray[Any]]:
        return {name: getattr(self, name) for name in (*FIELDS, "active")}

    def row(self, where: tuple[int, ...]) -> tuple[NDArray[Any], ...]:
        """Values, errors and whether they are known, of one pixel, (slot,) each; may be written."""
        return self.values[where], self.std[where], self.is_set[where]

    def slot(self, parameter: Parameter) -> slice:
        """The place of a parameter in a row."""
        try:
            return self._slots[parameter]
        except KeyError:
            raise ModelError(f"{parameter} is not in this model; append its component") from None

    def active_of(self, component: Component) -> NDArray[np.bool_]:
        """`active` of a component at all pixels, (nav...); may be written to."""
        return self.active[..., self._columns[component]]

    def unmasked(self, mask: Any) -> NDArray[np.bool_]:
        """The pixels that a mask leaves, (nav...); all for None.

        Raises
        ------
        DataError
            The mask has another shape.
        """
        masked = np.zeros(self.shape, bool) if mask is None else np.asarray(mask, dtype=bool)
        if masked.shape != self.shape:
            raise DataError(
                f"a mask of shape {masked.shape} came; the navigation shape {self.shape} (as of "
                "arrays) is wanted, True for pixels to leave out"
            )
        return ~masked

    def put(self, parameter: Parameter, where: Any) -> None:
        """Store the working value and error of a parameter at some pixels.

        Parameters
        ----------
        parameter : Parameter
        where : tuple of int, or ndarray of bool, (nav...)
        """
        pixels = where if isinstance(where, tuple) else (where,)
        place = (*pixels, self.slot(parameter))
        self.values[place], self.std[place] = parameter.flat(), parameter.flat_std()
        self.is_set[place] = True

    def commit(
        self,
        pixels: NDArray[np.intp],
        values: NDArray[np.float64],
        std: NDArray[np.float64],
        chisq: NDArray[np.float64],
        dof: NDArray[np.float64],
    ) -> None:
        """Store the rows that a fit found for some pixels.

        Parameters
        ----------
        pixels : ndarray of int, (pixel,)
            Flat indices.
        values, std : ndarray, (pixel, slot)
        chisq, dof : ndarray, (pixel,)
        """
        slots = self.values.shape[-1]
        self.values.reshape(-1, slots)[pixels] = values
        self.std.reshape(-1, slots)[pixels] = std
        self.is_set.reshape(-1, slots)[pixels] = True
        self.chisq.reshape(-1)[pixels], self.dof.reshape(-1)[pixels] = chisq, dof

    def view(self, parameter: Parameter) -> MapView | None:
        """What ``parameter.map`` is; None while it has no slot."""
        return MapView(self, parameter) if parameter in self._slots else None

    def fill_from(self, other: ParameterMaps, key: tuple[Any, ...]) -> None:
        """Take over the rows of some pixels of maps that have the same slots."""
        for name, array in other._arrays().items():
            setattr(self, name, array[key].reshape(*self.shape, array.shape[-1]).copy())
        self.chisq = other.chisq[key].reshape(self.shape).copy()
        self.dof = other.dof[key].reshape(self.shape).copy()


class MapView:
    """The stored values of one parameter: ``p.map["values"]``, ``["std"]``, ``["is_set"]``."""

    def __init__(self, maps: ParameterMaps, parameter: Parameter) -> None:
        self._maps, self._parameter = maps, parameter

    def _where(self) -> Any:
        place = self._maps.slot(self._parameter)
        return place if isinstance(self._parameter.value, tuple) else place.start

    def __getitem__(self, field: str) -> NDArray[Any]:
        if field not in FIELDS:
            raise unknown_name(f"{self._parameter}.map", field, FIELDS)
        where = self._where()
        if field == "is_set" and isinstance(where, slice):
            where = where.start
        array: NDArray[Any] = getattr(self._maps, field)
        return array[..., where]

    def __setitem__(self, field: str, values: Any) -> None:
        if field not in FIELDS:
            raise unknown_name(f"{self._parameter}.map", field, FIELDS)
        getattr(self._maps, field)[..., self._where()] = values

    @property
    def shape(self) -> tuple[int, ...]:
        """The navigation shape, array order."""
        return self._maps.shape

    def __repr__(self) -> str:
        n = int(self["is_set"].sum())
        return f"<map of {self._parameter}: {n} of {self['is_set'].size} pixels set>"
