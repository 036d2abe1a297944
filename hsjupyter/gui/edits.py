"""Edits of a model's structure: components that come, go and move, links and colours."""

from __future__ import annotations

from typing import Any

from hsjupyter.core.component import Component
from hsjupyter.core.errors import ModelError
from hsjupyter.core.model import BaseModel
from hsjupyter.core.parameter import Parameter
from hsjupyter.core.registry import COMPONENTS
from hsjupyter.core.twins import attribute_name, set_link_words
from hsjupyter.formula import parse
from hsjupyter.gui.checks import colour, place, text, words
from hsjupyter.gui.kinds import Fields, Note, Outcome, kind
from hsjupyter.gui.names import name_of, set_colour
from hsjupyter.gui.table import Table
from hsjupyter.samfire import Samfire


def component_named(table: Table, name: str) -> Component:
    """The component behind the wire's name.

    Raises
    ------
    ModelError
        It is not here, or not any more.
    """
    for component in table.components:
        if name_of(component) == name:
            return component
    raise ModelError(
        f"{table.thing!r}: a change of component {name!r} came, which is not here; it may have "
        "been removed meanwhile, so show the model again"
    )


def model_of(table: Table, what: str) -> Any:
    """The model that is shown.

    Raises
    ------
    ModelError
        It is another thing.
    """
    if isinstance(table.thing, Samfire):
        return table.thing.model
    if not isinstance(table.thing, BaseModel):
        raise ModelError(f"{what}: {table.thing!r} came; a model is wanted, so use its gui()")
    return table.thing


def python_of(thing: Component | Parameter) -> str:
    """How Python writes a component or a parameter of the model ``m``."""
    if isinstance(thing, Parameter):
        whose = "" if thing.component is None else python_of(thing.component)
        return f"{whose}.{thing.name}"
    return f"m[{thing.name!r}]"


def _note_add(table: Table, message: Fields) -> Note:
    family = f"components{model_of(table, 'add').axes_manager.signal_dimension}D"
    name, formula = message["component"], message["formula"]
    made = f"Expression({formula!r}, name={name!r})" if formula else f"{name}()"
    return Note(
        f"add {name}",
        "",
        lambda: f"m.append(hs.model.{family}.{made})",
    )


@kind("add", note=_note_add, component=text, formula=words)
def add(table: Table, message: Fields) -> Outcome:
    """Add a component by the name of its type, or one of a formula by both."""
    model = model_of(table, "add")
    name, formula = message["component"], message["formula"]
    if formula:
        model.append(COMPONENTS["Expression"](formula, name=name))
    else:
        model.append(COMPONENTS[name]())
    return None


@kind("check", formula=text)
def check_formula(_table: Table, message: Fields) -> Outcome:
    """What parameters a formula would have; the error says where it is wrong."""
    parameters = parse(message["formula"]).parameters
    return f"parameters: {', '.join(parameters)}" if parameters else "no parameter to fit"


def _note_remove(table: Table, message: Fields) -> Note:
    component = component_named(table, message["component"])
    name = component.name
    return Note(f"remove {name}", "", lambda: f"m.remove({name!r})")


@kind("remove", note=_note_remove, component=text)
def remove(table: Table, message: Fields) -> Outcome:
    """Remove a component."""
    model_of(table, "remove").remove(component_named(table, message["component"]))
    return None


def _note_move(table: Table, message: Fields) -> Note:
    model = model_of(table, "move")
    name = component_named(table, message["component"]).name
    return Note(f"order of {name}", "", lambda: f"m.arrange({[c.name for c in model]!r})")


@kind(
    "move",
    note=_note_move,
    component=text,
    to=place,
)
def move(table: Table, message: Fields) -> Outcome:
    """Give a component another place in the order."""
    model = model_of(table, "move")
    component = component_named(table, message["component"])
    order = [one for one in model if one is not component]
    (to,) = message["to"]
    order.insert(max(0, min(len(order), to)), component)
    model.arrange(order)
    return None


@kind(
    "colour",
    note=lambda table, message: Note(
        f"colour of {component_named(table, message['component']).name}", "", lambda: ""
    ),
    component=text,
    value=colour,
)
def recolour(table: Table, message: Fields) -> Outcome:
    """Draw a component in another colour."""
    set_colour(component_named(table, message["component"]), message["value"])
    return None


def _note_link(table: Table, message: Fields) -> Note:
    parameter, _ = table.place(message["slot"])
    wanted = message["expression"].strip()
    whose = python_of(parameter)
    code = f"{whose}.twin = None\n{whose}.twin_function_expr = {wanted!r}"
    return Note(f"{parameter} link", "", lambda: code)


@kind("link", note=_note_link, slot=text, expression=words)
def link(table: Table, message: Fields) -> Outcome:
    """Let a parameter follow others by an expression that names them; by none it is free."""
    parameter, _ = table.place(message["slot"])
    link_to(parameter, message["expression"])
    return None


def link_to(parameter: Parameter, expression: str) -> None:
    """Let a parameter follow others by an expression that names them; by none it is free.

    Raises
    ------
    ValueError
        It names none, or cannot be followed; the parameter stays as it was.
    """
    before = (parameter.twin, parameter.twin_function_expr, parameter.twin_inverse_function_expr)
    wanted = expression.strip()
    set_link_words(parameter, twin=None, function="", inverse="")
    try:
        parameter.twin_function_expr = wanted
        if wanted and parameter.link is None:
            raise ModelError(
                f"{parameter}: {wanted!r} names no other parameter; write it with its component, "
                f"such as {expression_example(parameter)}, or nothing to end the link"
            )
    except ValueError:
        twin, function, inverse = before
        set_link_words(parameter, twin=twin, function=function, inverse=inverse)
        raise


def expression_example(parameter: Parameter) -> str:
    """An expression that this parameter could follow."""
    model = None if parameter.component is None else parameter.component.model
    for other in () if model is None else model.parameters:
        if other is not parameter and other.component is not None:
            return f"'2 * {attribute_name(other.component.name)}.{other.name}'"
    return "'2 * Gaussian_0.sigma'"
