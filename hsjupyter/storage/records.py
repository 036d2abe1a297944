"""Models as plain records, numbers, strings and arrays, and back."""

from typing import Any

import numpy as np

from hsjupyter.core.component import Component
from hsjupyter.core.maps import FIELDS
from hsjupyter.core.model import BaseModel
from hsjupyter.core.parameter import Parameter
from hsjupyter.core.registry import COMPONENTS
from hsjupyter.core.twins import following_order, set_link_words

_OF_PARAMETER = ("value", "std", "free", "bmin", "bmax", "units")
_OF_MAPS = (*FIELDS, "active", "chisq", "dof")


def record_of_model(model: BaseModel) -> dict[str, Any]:
    """Everything that makes a model again, arrays copied."""
    return {
        "components": [record_of_component(c) for c in model],
        "channel_switches": np.array(model.channel_switches),
        "maps": {name: getattr(model.maps, name).copy() for name in _OF_MAPS},
        "links": [_record_of_link(model, p) for p in following_order(model.parameters)],
    }


def _record_of_link(model: BaseModel, parameter: Parameter) -> dict[str, Any]:
    places = {p: i for i, p in enumerate(model.parameters)}
    return {
        "parameter": places[parameter],
        "twin": None if parameter.twin is None else places[parameter.twin],
        "function": parameter.twin_function_expr,
        "inverse": parameter.twin_inverse_function_expr,
    }


def record_of_component(component: Component) -> dict[str, Any]:
    """Everything that makes a component again."""
    return {
        "type": type(component).__name__,
        "init": component.init_arguments(),
        "name": component.name,
        "active": component.active,
        "active_is_multidimensional": component.active_is_multidimensional,
        "parameters": {p.name: _record_of_parameter(p) for p in component.parameters},
    }


def _record_of_parameter(parameter: Parameter) -> dict[str, Any]:
    return {key: getattr(parameter, key) for key in _OF_PARAMETER}


def component_from(record: dict[str, Any]) -> Component:
    """A component from its record.

    Raises
    ------
    UnknownNameError
        No component of that type is registered.
    """
    component: Component = COMPONENTS[record["type"]](**record["init"])
    component.name, component.active = record["name"], record["active"]
    for parameter in component.parameters:
        kept = record["parameters"][parameter.name]
        parameter.set_bounds(kept["bmin"], kept["bmax"])
        for key in ("value", "std", "free", "units"):
            setattr(parameter, key, kept[key])
    return component


def fill_model(model: BaseModel, record: dict[str, Any]) -> BaseModel:
    """Put the components, range and maps of a record into an empty model, and return it."""
    model.extend(component_from(c) for c in record["components"])
    model.channel_switches = record["channel_switches"]
    for component, kept in zip(model, record["components"], strict=True):
        component.active_is_multidimensional = kept["active_is_multidimensional"]
    parameters = model.parameters
    for kept in record["links"]:
        set_link_words(
            parameters[kept["parameter"]],
            twin=None if kept["twin"] is None else parameters[kept["twin"]],
            function=kept["function"],
            inverse=kept["inverse"],
        )
    # After the switches above, which write the working state into the maps.
    for name in _OF_MAPS:
        setattr(model.maps, name, record["maps"][name].copy())
    model.stored += 1
    return model
