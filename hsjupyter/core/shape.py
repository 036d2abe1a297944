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

# Of differences: the first step, by how much of itself the line should change, and how often to
# try; a number that does not matter at all ends the trials.
_STEP = float(np.cbrt(np.finfo(np.float64).eps))
_LEAST, _MOST, _TRIALS = 1e-9, 1e-2, 5


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
    rounding against curvature. What a number is small against is known by the line alone: where
    the line hardly changes over the step it is made longer, where it changes much, shorter.

    Source
    ------
    Press et al., Numerical Recipes, 3rd ed., §5.7.
    """
    rows = np.empty((len(p), *coords[0].shape))
    size = _largest(value(coords, list(p)))
    span = max([float(np.ptp(x)) for x in coords if x.size] or [0.0])
    for s, here in enumerate(p):
        step = _STEP * (abs(here) or 1e-3 * min(span or 1.0, 1.0))
        before: float | None = None
        for _ in range(_TRIALS):
            up, down = list(p), list(p)
            up[s], down[s] = here + step, here - step
            rise = value(coords, up) - value(coords, down)
            change = _largest(rise)
            little, much = change < _LEAST * size, change > _MOST * size
            if before is not None and much and (before < _LEAST * size or before <= 2 * change):
                break  # a jump: it comes at once, and does not fall with the step
            rows[s] = rise / (up[s] - down[s]) if up[s] != down[s] else 0.0
            if not little and not much:
                break
            step *= np.clip(30 * _LEAST * size / max(change, 1e-300), 1e-2, 1e4)
            before = change
    return rows


def _largest(line: Array) -> float:
    """The largest size in a line; infinite where it is not a number, as a step too long gives."""
    size = float(np.max(np.abs(line), initial=0.0))
    return size if np.isfinite(size) else np.inf
