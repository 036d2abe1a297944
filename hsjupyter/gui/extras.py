"""What a component has beside its parameters: switches and numbers of its own class."""

from __future__ import annotations

from typing import Any

import traitlets as t

from hsjupyter.core.component import Component
from hsjupyter.core.errors import ParameterError, unknown_name
from hsjupyter.gui.checks import bound, number, switch
from hsjupyter.gui.records import ExtraRecord


def extras_of(component: Component) -> dict[str, t.TraitType[Any, Any]]:
    """The traits that its class adds to a component's, by name: switches and numbers."""
    common = Component.class_trait_names()
    return {
        name: trait
        for name, trait in component.traits().items()
        if name not in common and isinstance(trait, t.Bool | t.Float)
    }


def describe_extras(component: Component) -> list[ExtraRecord]:
    """The extras as the browser is told them."""
    return [
        ExtraRecord(
            name=name,
            doc=str(trait.help),
            value=getattr(component, name),
            empty=bool(trait.allow_none),
        )
        for name, trait in extras_of(component).items()
    ]


def set_extra(component: Component, name: str, value: Any) -> None:
    """Set a switch or a number of a component.

    Raises
    ------
    ParameterError
        The value is of another kind.
    UnknownNameError
        It has none of that name.
    """
    traits = extras_of(component)
    if name not in traits:
        raise unknown_name(f"{component!r}", name, traits)
    trait = traits[name]
    if isinstance(trait, t.Bool):
        good, wanted = switch(value), "true or false"
    elif trait.allow_none:
        good, wanted = bound(value), "a finite number, or nothing,"
    else:
        good, wanted = number(value), "a finite number"
    if not good:
        raise ParameterError(
            f"{component.name}.{name}: {value!r} came from the browser; {wanted} is wanted; "
            "type it again"
        )
    setattr(component, name, value)
