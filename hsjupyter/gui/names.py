"""Names and colours of things on the wire, kept as long as the thing lives."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any
from weakref import WeakKeyDictionary

from hsjupyter.core.component import Component
from hsjupyter.core.model import BaseModel
from hsjupyter.core.parameter import Parameter
from hsjupyter.samfire import Samfire

# Told apart by colour-blind people, and readable on white and on dark grey.
PALETTE = (
    "#2a7fc1",
    "#d9822b",
    "#2c9c72",
    "#b35aa8",
    "#9a7b1f",
    "#3aa6b9",
    "#c4504f",
    "#7a6fd0",
    "#6b9a2f",
    "#8a8a8a",
)

_names: WeakKeyDictionary[Any, str] = WeakKeyDictionary()
_colours: WeakKeyDictionary[Component, str] = WeakKeyDictionary()


def name_of(thing: Any) -> str:
    """A name no other thing of any kernel has; one page may show several kernels."""
    if isinstance(thing, BaseModel):
        return str(thing.key)
    if thing not in _names:
        _names[thing] = uuid.uuid4().hex[:12]
    return _names[thing]


def key_of(thing: Any) -> str:
    """What all hosts of one model share: its key; of a component without model, its own name."""
    return name_of(top_of(thing))


def top_of(thing: Any) -> Any:
    """The model of a thing; its component, or itself, where there is none."""
    if isinstance(thing, Samfire):
        return thing.model
    component = thing.component if isinstance(thing, Parameter) else thing
    if not isinstance(component, Component):
        return thing
    return component if component.model is None else component.model


def slot_names(component: Component | None, parameter: Parameter) -> Iterator[str]:
    """The wire's name of every number of a parameter: ``<component>.<slot>``."""
    whose = name_of(parameter if component is None else component)
    return (f"{whose}.{slot}" for slot in parameter.slot_names)


def colour_of(component: Component) -> str:
    """The colour a component is drawn in: the first that its model does not use yet."""
    if component not in _colours:
        model = component.model
        taken = [_colours[c] for c in (() if model is None else model) if c in _colours]
        free = [colour for colour in PALETTE if colour not in taken]
        _colours[component] = free[0] if free else PALETTE[len(taken) % len(PALETTE)]
    return _colours[component]


def set_colour(component: Component, colour: str) -> None:
    """Draw a component in another colour, written as ``#rrggbb``."""
    if _colours.get(component) == colour:
        return
    _colours[component] = colour
    model = component.model
    if model is not None:
        # Colours are part of the structure that the browser is told.
        model.structure += 1
