"""Lines of one component: at its working values, its derivatives, and at all pixels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from hsjupyter.core.errors import unknown_name
from hsjupyter.core.shape import Array, Coords, value_of_rows

if TYPE_CHECKING:
    from hsjupyter.core.component import Component


def line(component: Component, coords: tuple[Any, ...]) -> Array:
    """What ``component.function(*coords)`` is."""
    flat, shape = _flat(coords)
    return component.freeze().value(flat, component.row()).reshape(shape)


def gradient(component: Component, parameter: str, coords: tuple[Any, ...]) -> Array:
    """What ``component.derivative_by(parameter, *coords)`` is."""
    known = {p.name: p for p in component.parameters}
    if parameter not in known:
        raise unknown_name(repr(component), parameter, known)
    flat, shape = _flat(coords)
    rows = component.freeze().derivatives(flat, component.row())
    start = 0
    for p in component.parameters:
        if p.name == parameter:
            break
        start += p.size
    chosen = known[parameter]
    mine = rows[start : start + chosen.size]
    return mine.reshape((chosen.size, *shape) if isinstance(chosen.value, tuple) else shape)


def lines_of_map(
    component: Component, axes: tuple[Any, ...], values: Sequence[Any] | None
) -> Array:
    """What ``component.function_nd(*axes, parameters_values=values)`` is."""
    grid = np.meshgrid(*(np.asarray(a, dtype=np.float64) for a in axes))
    rows = _rows(component) if values is None else _stacked(values)
    flat = rows.reshape(-1, rows.shape[-1])
    lines = value_of_rows(component.freeze(), tuple(g.ravel() for g in grid), flat)
    return lines.reshape(*rows.shape[:-1], *grid[0].shape)


def _rows(component: Component) -> Array:
    if component.model is None:
        return np.array(component.row())
    maps = component.model.maps
    parts = [maps.values[..., maps.slot(p)] for p in component.parameters]
    return np.concatenate([*parts, maps.values[..., :0]], axis=-1)


def _stacked(values: Sequence[Any]) -> Array:
    given = [np.asarray(v, dtype=np.float64) for v in values]
    return np.stack(np.broadcast_arrays(*given), axis=-1)


def _flat(coords: tuple[Any, ...]) -> tuple[Coords, tuple[int, ...]]:
    grid = np.broadcast_arrays(*(np.asarray(c, dtype=np.float64) for c in coords))
    return tuple(g.ravel() for g in grid), grid[0].shape
