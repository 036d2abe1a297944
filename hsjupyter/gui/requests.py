"""What a browser may ask for, and how it is checked: what is not in this table is refused.

A message is ``{id, kind, ...}``; its other fields are exactly those of its kind.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

import traitlets as t

from hsjupyter.core.component import Component
from hsjupyter.core.errors import HSJupyterError, ModelError, ParameterError, unknown_name
from hsjupyter.core.model import BaseModel
from hsjupyter.core.parameter import Parameter
from hsjupyter.gui.names import name_of
from hsjupyter.gui.navigator import navigator_of
from hsjupyter.gui.table import Table
from hsjupyter.gui.work import work_of
from hsjupyter.schedule.run import Run

log = logging.getLogger(__name__)

Outcome = Future[Any] | None
LONGEST = 200
"""Characters of the longest text a browser may send."""


def number(given: Any) -> bool:
    """Whether it is a finite number; True and False are none."""
    return isinstance(given, int | float) and not isinstance(given, bool) and math.isfinite(given)


def bound(given: Any) -> bool:
    """Whether it is a finite number, or None for no bound."""
    return given is None or number(given)


def text(given: Any) -> bool:
    """Whether it is a text of reasonable length."""
    return isinstance(given, str) and 0 < len(given) <= LONGEST


def switch(given: Any) -> bool:
    """Whether it is True or False."""
    return isinstance(given, bool)


def place(given: Any) -> bool:
    """Whether it is a short list of whole numbers."""
    return (
        isinstance(given, list)
        and len(given) < 10
        and all(isinstance(i, int) and not isinstance(i, bool) for i in given)
    )


@dataclass(frozen=True)
class Kind:
    """One kind of request: what its fields must be, and what it does."""

    fields: Mapping[str, Callable[[Any], bool]]
    do: Callable[[Table, dict[str, Any]], Outcome]


KINDS: dict[str, Kind] = {}


def kind(
    name: str, **fields: Callable[[Any], bool]
) -> Callable[[Callable[[Table, dict[str, Any]], Outcome]], Any]:
    """Register what a kind of request does."""

    def register(do: Callable[[Table, dict[str, Any]], Outcome]) -> Any:
        KINDS[name] = Kind(fields, do)
        return do

    return register


def anything(_given: Any) -> bool:
    """True: the value is checked by its field."""
    return True


# -- parameters ------------------------------------------------------------------------------------


def _set_value(parameter: Parameter, element: int, value: Any) -> None:
    row = parameter.value
    if isinstance(row, tuple):
        parameter.value = parameter.clamp((*row[:element], value, *row[element + 1 :]))
    else:
        parameter.value = parameter.clamp(value)


def _set_trait(name: str) -> Callable[[Parameter, int, Any], None]:
    return lambda parameter, _element, value: setattr(parameter, name, value)


@dataclass(frozen=True)
class Field:
    """One field of a slot: what may come, in words too, and how it is written."""

    good: Callable[[Any], bool]
    wanted: str
    write: Callable[[Parameter, int, Any], None]


BOUND = "a finite number, or nothing for no bound,"
FIELDS = {
    "value": Field(number, "a finite number", _set_value),
    "free": Field(switch, "true or false", _set_trait("free")),
    "bmin": Field(bound, BOUND, _set_trait("bmin")),
    "bmax": Field(bound, BOUND, _set_trait("bmax")),
}


@kind("set", slot=text, field=text, value=anything)
def set_field(table: Table, message: dict[str, Any]) -> Outcome:
    """Set a value, a bound or the free toggle of one slot."""
    parameter, element = table.place(message["slot"])
    name, value = message["field"], message["value"]
    if name not in FIELDS:
        raise unknown_name(f"{parameter}", name, FIELDS)
    field = FIELDS[name]
    if not field.good(value):
        raise ParameterError(
            f"{parameter}.{name}: {value!r} came from the browser; "
            f"{field.wanted} is wanted; type it again"
        )
    field.write(parameter, element, value)
    return None


@kind("reset", slot=text)
def reset(table: Table, message: dict[str, Any]) -> Outcome:
    """Give a slot the value its parameter was declared with."""
    parameter, element = table.place(message["slot"])
    default = parameter.default
    _set_value(parameter, element, default[element] if isinstance(default, tuple) else default)
    return None


# -- components ------------------------------------------------------------------------------------


def _component(table: Table, name: str) -> Component:
    for component in table.components:
        if name_of(component) == name:
            return component
    raise ModelError(
        f"{table.thing!r}: a change of component {name!r} came, which is not here; it may have "
        "been removed meanwhile, so show the model again"
    )


@kind("active", component=text, value=switch)
def set_active(table: Table, message: dict[str, Any]) -> Outcome:
    """Switch a component on or off."""
    _component(table, message["component"]).active = message["value"]
    return None


@kind("name", component=text, value=text)
def set_name(table: Table, message: dict[str, Any]) -> Outcome:
    """Name a component."""
    _component(table, message["component"]).name = message["value"].strip()
    return None


# -- models ----------------------------------------------------------------------------------------


def _model(table: Table, what: str) -> Any:
    if not isinstance(table.thing, BaseModel):
        raise ModelError(f"{what}: {table.thing!r} came; a model is wanted, so use its gui()")
    return table.thing


@kind("pixel", indices=place)
def set_pixel(table: Table, message: dict[str, Any]) -> Outcome:
    """Go to a pixel."""
    _model(table, "pixel").axes_manager.indices = tuple(message["indices"])
    return None


@kind("map", choice=text)
def set_map(table: Table, message: dict[str, Any]) -> Outcome:
    """Let the map one navigates by show other numbers."""
    model = _model(table, "map")
    navigator_of(model).choose(model, message["choice"])
    return None


@kind("fit")
def fit(table: Table, _message: dict[str, Any]) -> Outcome:
    """Fit the current pixel."""
    model = _model(table, "fit")
    return work_of(model).start("fit", model.fit)


@kind("multifit")
def multifit(table: Table, _message: dict[str, Any]) -> Outcome:
    """Fit all pixels; the answer comes when the run has begun."""
    model = _model(table, "multifit")
    work = work_of(model)
    if work.busy:
        raise ModelError(f"multifit: a {work.busy} is running; wait for it, or cancel it first")
    model.multifit(block=False)
    return None


@kind("cancel")
def cancel(table: Table, _message: dict[str, Any]) -> Outcome:
    """End the fit of all pixels."""
    if isinstance(table.thing, Run):
        table.thing.cancel()
    else:
        work_of(_model(table, "cancel")).cancel()
    return None


@kind("store")
def store(table: Table, _message: dict[str, Any]) -> Outcome:
    """Write the working values of the current pixel into the maps."""
    _model(table, "store").store_working_values()
    return None


# -- every request has an answer -------------------------------------------------------------------


def check(content: Any) -> tuple[str, Kind, dict[str, Any]]:
    """The id, the kind and the fields of a message.

    Raises
    ------
    ModelError
        It is not of the form of its kind, or of none.
    """
    if not isinstance(content, dict) or not text(content.get("id")):
        raise ModelError(f"a message without an id came from a browser: {str(content)[:LONGEST]!r}")
    fields = {name: value for name, value in content.items() if name not in {"id", "kind"}}
    name = content.get("kind")
    if not isinstance(name, str) or name not in KINDS:
        raise unknown_name("the gui's table of requests", str(name)[:LONGEST], KINDS)
    wanted = KINDS[name].fields
    if fields.keys() != wanted.keys():
        raise ModelError(
            f"the request {name!r} came with {sorted(map(str, fields))}; {sorted(wanted)} are "
            "wanted; reload the page, it may be older than the kernel"
        )
    for field, good in wanted.items():
        if not good(fields[field]):
            raise ModelError(
                f"the request {name!r} came with {field}={str(fields[field])[:LONGEST]!r}, which "
                "is not of the right kind; reload the page, it may be older than the kernel"
            )
    return content["id"], KINDS[name], fields


def carry_out(table: Table, content: Any) -> Outcome:
    """Check a message and do what it asks, under the model's lock.

    Raises
    ------
    HSJupyterError, TraitError, TypeError, ValueError
        What the core says to it.
    """
    _, which, fields = check(content)
    with table.lock:
        return which.do(table, fields)


def explain(error: BaseException) -> str:
    """What a browser is told of an error; the log is told all of it."""
    if isinstance(error, HSJupyterError | t.TraitError | ValueError | TypeError):
        log.warning("a request of a browser was refused: %s", error)
        return str(error)
    log.error("a request of a browser failed", exc_info=error)
    return f"{type(error).__name__}: {error}; the kernel's log has the whole story"
