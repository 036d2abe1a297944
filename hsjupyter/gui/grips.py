"""Which parameters of a component handles in the plot move beside its position."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypedDict

from hsjupyter.core.component import Component
from hsjupyter.core.parameter import Parameter


class Grips(TypedDict):
    """Slots of height and width, and how far from the position the handle of the width is."""

    height: int | None
    width: int | None
    reach: float


def height_of(component: Component) -> Parameter | None:
    """The parameter that the line is a multiple of; None where there is not one alone."""
    found = [p for p in component.parameters if p.linear and p.size == 1]
    return found[0] if len(found) == 1 and found[0].par.unit.startswith("y") else None


def width_of(component: Component) -> Parameter | None:
    """The first length along the axis that is no position; None where there is none."""
    for parameter in component.parameters:
        along = parameter.par.unit == "x" and parameter.size == 1
        if along and parameter.name != component.position and _is_length(parameter):
            return parameter
    return None


def _is_length(parameter: Parameter) -> bool:
    lowest = parameter.par.bmin
    return lowest is not None and lowest >= 0


def grips_of(component: Component, places: Mapping[str, int]) -> Grips:
    """The slots of height and width where a component has a position, by its places."""
    handled = isinstance(component.position, str) and component.position in places
    height, width = (height_of(component), width_of(component)) if handled else (None, None)
    return Grips(
        height=None if height is None else places.get(height.name),
        width=None if width is None else places.get(width.name),
        # A full width reaches half of it to either side.
        reach=0.5 if width is not None and "fwhm" in width.name.lower() else 1.0,
    )
