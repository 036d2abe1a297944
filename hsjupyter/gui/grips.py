"""Which parameters of a component handles in the plot move."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypedDict

from hsjupyter.components.expression import ANGLE, Expression
from hsjupyter.core.component import Component
from hsjupyter.core.parameter import Parameter
from hsjupyter.gui.records import PlaceRecord, SpotRecord

Place = tuple[str | float, str | float]


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
    return next(iter(_lengths_of(component)), None)


def _lengths_of(component: Component) -> list[Parameter]:
    """The lengths along an axis that are no position."""
    named = component.position
    positions = (named,) if isinstance(named, str) else named or ()
    return [
        p
        for p in component.parameters
        if p.par.unit == "x" and p.size == 1 and p.name not in positions and _is_length(p)
    ]


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
        reach=1.0 if width is None else _reach_of(width),
    )


def _reach_of(width: Parameter) -> float:
    """How far from the middle its handle is; a full width reaches half of it to either side."""
    return 0.5 if "fwhm" in width.name.lower() else 1.0


def spot_of(component: Component, places: Mapping[str, int]) -> SpotRecord | None:
    """What handles on an image move, by its places; None where it has no position there.

    Parameters
    ----------
    component : Component
        Of two dimensions.
    places : mapping of str to int
        The slot of each parameter that is shown, by its name.
    """
    position = component.position
    if not isinstance(position, tuple) or not set(position) <= set(places):
        return None
    turned_about = _pivot_of(component, position)
    # One length is a radius; of more than two, none says which way it goes.
    lengths = [p for p in _lengths_of(component) if p.name in places]
    widths = lengths if len(lengths) <= 2 else []
    spot = SpotRecord(
        position=[places[name] for name in position],
        widths=[places[p.name] for p in widths],
        reach=[_reach_of(p) for p in widths],
        angle=None,
        pivot=[],
    )
    if turned_about is None:
        return spot
    if turned_about == position:
        return SpotRecord(**{**spot, "angle": places.get(ANGLE)})
    names = [c for c in turned_about if isinstance(c, str)]
    if set(names) & set(position) or not set(names) <= set(places):
        # Half turned about itself, or about what is computed: where it is seen cannot be told.
        return None
    pivot = [
        PlaceRecord(slot=places[c], value=0.0)
        if isinstance(c, str)
        else PlaceRecord(slot=None, value=float(c))
        for c in turned_about
    ]
    return SpotRecord(**{**spot, "angle": places.get(ANGLE), "pivot": pivot})


def _pivot_of(component: Component, position: Place) -> Place | None:
    """What it is turned about, names of parameters or numbers; None where it has no angle."""
    if ANGLE not in component.slot_names:
        return None
    if not isinstance(component, Expression):
        return position
    given = component.init_arguments()
    if not given["add_rotation"]:
        return None  # whatever its formula means by that word
    x, y = given["rotation_center"] or given["position"] or (0.0, 0.0)
    return x, y
