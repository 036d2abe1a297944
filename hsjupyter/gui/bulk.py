"""Requests that set many numbers at once, and those of a component beside its parameters."""

from __future__ import annotations

from typing import Any

from hsjupyter.core.model import BaseModel
from hsjupyter.gui.checks import anything, switch, text, texts
from hsjupyter.gui.edits import component_named, link_to, python_of
from hsjupyter.gui.extras import set_extra
from hsjupyter.gui.fields import write_field
from hsjupyter.gui.kinds import Fields, Note, Outcome, kind
from hsjupyter.gui.names import top_of
from hsjupyter.gui.snapshot import change, take
from hsjupyter.gui.table import Table

LINK = "link"


def _note_many(table: Table, message: Fields) -> Note:
    field, slots = message["field"], message["slots"]
    parameters = dict.fromkeys(table.place(slot)[0] for slot in slots)

    def code() -> str:
        lines = []
        for parameter in parameters:
            whose = python_of(parameter)
            if field == LINK:
                wanted = parameter.twin_function_expr
                lines.append(f"{whose}.twin = None\n{whose}.twin_function_expr = {wanted!r}")
            else:
                lines.append(f"{whose}.{field} = {getattr(parameter, field)!r}")
        return "\n".join(lines)

    many = f"{len(slots)} numbers" if len(slots) > 1 else str(next(iter(parameters)))
    return Note(f"{field} of {many}", "", code)


@kind("set_many", note=_note_many, slots=texts, field=text, value=anything)
def set_many(table: Table, message: Fields) -> Outcome:
    """Set one field of many slots; where one of them refuses, none is changed."""
    places = [table.place(slot) for slot in message["slots"]]
    top = top_of(table.thing)
    before = take(top) if isinstance(top, BaseModel) else None
    try:
        for parameter, element in places:
            if message["field"] == LINK:
                link_to(parameter, str(message["value"] or ""))
            else:
                write_field(parameter, element, message["field"], message["value"])
    except ValueError:
        if before is not None:
            change(top, before, take(top))
        raise
    return None


def _note_extra(table: Table, message: Fields) -> Note:
    component, name = component_named(table, message["component"]), message["name"]

    def code() -> str:
        return f"{python_of(component)}.{name} = {getattr(component, name)!r}"

    return Note(f"{component.name} {name}", "", code)


@kind("extra", note=_note_extra, component=text, name=text, value=anything)
def extra(table: Table, message: Fields) -> Outcome:
    """Set a switch or a number that a component has beside its parameters."""
    set_extra(component_named(table, message["component"]), message["name"], message["value"])
    return None


def _note_per_pixel(table: Table, message: Fields) -> Note:
    component = component_named(table, message["component"])

    def code() -> str:
        wanted: Any = component.active_is_multidimensional
        return f"{python_of(component)}.active_is_multidimensional = {wanted}"

    return Note(f"{component.name} active per pixel", "", code)


@kind("per_pixel", note=_note_per_pixel, whole=True, component=text, value=switch)
def per_pixel(table: Table, message: Fields) -> Outcome:
    """Let a component be switched at every pixel by itself, or at all together."""
    component = component_named(table, message["component"])
    component.active_is_multidimensional = message["value"]
    return None
