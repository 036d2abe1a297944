"""A shape: numbers in, a line out. What of a component travels to a fit, without its traits."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from hsjupyter.formula import Formula

Array = NDArray[np.float64]
Coords = tuple[Array, ...]
Row = Sequence[float] | Array

# Pixels evaluated at once: enough to be fast, few enough for a processor's cache.
_BLOCK = 256


class Shape(Protocol):
    """What a fit needs of a component. ``p`` has one number a slot, in declared order."""

    def value(self, coords: Coords, p: Row) -> Array:
        """The line, (channel,)."""

    def derivatives(self, coords: Coords, p: Row) -> Array:
        """Its derivative by every slot, (slot, channel)."""


@dataclass(frozen=True)
class FormulaShape:
    """A shape given by a formula.

    Parameters
    ----------
    formula : Formula
        Its parameters stand in the order of the slots.
    """

    formula: Formula

    def value(self, coords: Coords, p: Row) -> Array:
        """The line, (channel,)."""
        return self.formula.value(coords, p)

    def derivatives(self, coords: Coords, p: Row) -> Array:
        """Its derivative by every slot, (slot, channel)."""
        return self.formula.derivatives(coords, p)


@dataclass(frozen=True)
class FunctionShape:
    """A shape given by a function of coordinates and numbers.

    Parameters
    ----------
    function : callable
        ``function(*coords, *p)`` -> (channel,).
    by_slot : callable, optional
        ``by_slot(*coords, *p)`` -> (slot, channel); central differences where there is none.
    """

    function: Callable[..., Any]
    by_slot: Callable[..., Any] | None = None

    def value(self, coords: Coords, p: Row) -> Array:
        """The line, (channel,)."""
        line = np.asarray(self.function(*coords, *p), dtype=np.float64)
        return np.broadcast_to(line, coords[0].shape)

    def derivatives(self, coords: Coords, p: Row) -> Array:
        """Its derivative by every slot, (slot, channel)."""
        if self.by_slot is not None:
            rows = [np.broadcast_to(row, coords[0].shape) for row in self.by_slot(*coords, *p)]
            return np.array(rows, dtype=np.float64)
        return central_differences(self.value, coords, p)


def value_of_rows(shape: Shape, coords: Coords, rows: Array) -> Array:
    """The lines of many pixels, (pixel, channel).

    Parameters
    ----------
    shape : Shape
    coords : tuple of ndarray, (channel,)
    rows : ndarray, (pixel, slot)
    """
    lines = np.empty((len(rows), *coords[0].shape))
    for start in range(0, len(rows), _BLOCK):
        part = slice(start, start + _BLOCK)
        if isinstance(shape, FormulaShape):
            columns = [rows[part, s : s + 1] for s in range(rows.shape[1])]
            lines[part] = shape.formula.value(coords, columns)
        else:
            lines[part] = [shape.value(coords, row) for row in rows[part]]
    return lines


def central_differences(value: Callable[[Coords, Row], Array], coords: Coords, p: Row) -> Array:
    """Derivatives by every slot from values a small step to both sides, (slot, channel).

    The step is the cube root of the rounding unit times the size of the number, which balances
    rounding against curvature.

    Source
    ------
    Press et al., Numerical Recipes, 3rd ed., §5.7.
    """
    rows = np.empty((len(p), *coords[0].shape))
    for s, here in enumerate(p):
        step = np.cbrt(np.finfo(np.float64).eps) * max(abs(here), 1e-3)
        up, down = list(p), list(p)
        up[s], down[s] = here + step, here - step
        rows[s] = (value(coords, up) - value(coords, down)) / (up[s] - down[s])
    return rows
