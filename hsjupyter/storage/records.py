"""Models as plain records, numbers, strings and arrays, and back."""

import warnings
from typing import Any

import numpy as np

from hsjupyter.core.component import Component
from hsjupyter.core.errors import HSJupyterWarning, ModelError
from hsjupyter.core.maps import FIELDS
from hsjupyter.core.model import BaseModel
from hsjupyter.core.parameter import Parameter
from hsjupyter.core.registry import COMPONENTS
from hsjupyter.core.twins import following_order, set_link_words
from hsjupyter.formula import Formula, parse
from hsjupyter.storage.placeholder import Placeholder

Record = dict[str, Any]
Place = tuple[int, str]
"""A parameter: the place of its component in the model, and its name."""

_OF_PARAMETER = ("value", "std", "free", "bmin", "bmax", "units")
_SWITCHES = ("ext_bounded", "ext_force_positive")
_PARTS = {"components", "channel_switches", "low_loss", "maps", "links"}
_OF_MAPS = (*FIELDS, "active", "chisq", "dof")


def record_of_model(model: BaseModel, pixel: tuple[int, ...] | None = None) -> Record:
    """Everything that makes a model again, arrays copied.

    Parameters
    ----------
    model : BaseModel
    pixel : tuple of int, optional
        The only one whose stored values are kept; else those of all.
    """
    here: Any = ... if pixel is None else tuple(slice(i, i + 1) for i in pixel)
    places = {p: (i, p.name) for i, c in enumerate(model) for p in c.parameters}
    return {
        "components": [record_of_component(c) for c in model],
        "channel_switches": np.array(model.channel_switches),
        "low_loss": None if model.low_loss is None else model.low_loss.deepcopy(),
        "convolved": model.convolved,
        "maps": {name: getattr(model.maps, name)[here].copy() for name in _OF_MAPS},
        "links": [_record_of_link(places, p) for p in _followers(model)],
    }


def _followers(model: BaseModel) -> list[Parameter]:
    """The parameters whose links can be kept; warns of those that follow a Python function."""
    every = list(following_order(model.parameters))
    lost = [p for p in every if p.twin_callable or p.twin_inverse_callable]
    if lost:
        warnings.warn(
            f"{', '.join(map(str, lost))}: a twin that is a Python function cannot be stored, so "
            "the values are stored alone; write it as text: twin_function_expr = 'x**2'",
            HSJupyterWarning,
            stacklevel=5,
        )
    return [p for p in every if p not in lost]


def _record_of_link(places: dict[Parameter, Place], parameter: Parameter) -> Record:
    link = parameter.link
    sources = () if link is None else link.sources
    return {
        "parameter": places[parameter],
        "twin": None if parameter.twin is None else places[parameter.twin],
        "function": parameter.twin_function_expr,
        "inverse": parameter.twin_inverse_function_expr,
        "law": None if link is None else link.law.formula,
        "inverse_law": _law_back(parameter),
        "free": parameter.free_when_unlinked,
        "sources": tuple(places[source] for source in sources),
    }


def _law_back(parameter: Parameter) -> Formula | None:
    """The given way back of a link as a formula; None where none was given."""
    text = parameter.twin_inverse_function_expr
    return parse(text, variables=()) if text and parameter.twin is not None else None


def record_of_component(component: Component) -> Record:
    """Everything that makes a component again."""
    return {
        "type": type(component).__name__,
        "init": component.init_arguments(),
        "name": component.name,
        "active": component.active,
        "active_is_multidimensional": component.active_is_multidimensional,
        "isbackground": component.isbackground,
        "convolved": component.convolved,
        "parameters": {p.name: _record_of_parameter(p) for p in component.parameters},
    }


def _record_of_parameter(parameter: Parameter) -> Record:
    return {key: getattr(parameter, key) for key in (*_OF_PARAMETER, *_SWITCHES)}


def component_from(record: Record) -> Component:
    """A component from its record.

    Raises
    ------
    UnknownNameError
        No component of that type is registered.
    """
    kind = Placeholder if record["type"] == Placeholder.__name__ else COMPONENTS[record["type"]]
    component: Component = kind(**record["init"])
    component.name, component.active = record["name"], record["active"]
    component.isbackground = record["isbackground"]
    component.convolved = record["convolved"]
    for parameter in component.parameters:
        _set_numbers(parameter, record["parameters"][parameter.name])
    return component


def _set_numbers(parameter: Parameter, kept: Record) -> None:
    parameter.set_bounds(kept["bmin"], kept["bmax"])
    for key in ("value", "std", "free", "units"):
        setattr(parameter, key, kept[key])
    for key in _SWITCHES:
        setattr(parameter, key, kept.get(key, False))


def fill_model(model: BaseModel, record: Record) -> BaseModel:
    """Put the components, range and maps of a record into an empty model, and return it.

    Raises
    ------
    ModelError
        It is no record of a model.
    """
    if not isinstance(record, dict) or _PARTS - record.keys():
        raise ModelError(
            f"{model!r}: {str(record)[:80]!r} came to make a model of; what m.as_dictionary() "
            f"gives is wanted, with {', '.join(sorted(_PARTS))}"
        )
    _check_maps(model, record["maps"])
    model.extend(component_from(c) for c in record["components"])
    model.channel_switches = record["channel_switches"]
    low_loss = record["low_loss"]
    model.low_loss = None if low_loss is None else low_loss.deepcopy()
    model.convolved = record.get("convolved", True)
    for component, kept in zip(model, record["components"], strict=True):
        component.active_is_multidimensional = kept["active_is_multidimensional"]
        for parameter in component.parameters:  # models of some signals prepare what they take in
            _set_numbers(parameter, kept["parameters"][parameter.name])
    for kept in record["links"]:
        follower = parameter_at(model, kept["parameter"])
        follower.free = kept.get("free", follower.free)  # again, when it follows no more
        set_link_words(
            follower,
            twin=None if kept["twin"] is None else parameter_at(model, kept["twin"]),
            function=kept["function"],
            inverse=kept["inverse"],
        )
    # After the switches above, which write the working state into the maps.
    for name in _OF_MAPS:
        setattr(model.maps, name, record["maps"][name].copy())
    model.stored += 1
    return model


def _check_maps(model: BaseModel, maps: Record) -> None:
    """Refuse the maps of a signal of another size, before anything is made."""
    shape = tuple(np.shape(maps["chisq"]))
    if shape != model.maps.shape:
        raise ModelError(
            f"{model!r}: a record with maps of shape {shape} came, and the navigation shape "
            f"{model.maps.shape} of the signal (as of arrays) is wanted; make the model of a "
            "signal of that size, or add copies of the components: m.extend(c.copy() for c in old)"
        )


def parameter_at(model: BaseModel, place: Place) -> Parameter:
    """The parameter at a place of a model."""
    number, name = place
    component: Component = model[number]
    return next(p for p in component.parameters if p.name == name)
