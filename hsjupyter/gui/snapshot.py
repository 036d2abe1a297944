"""What an edit may change of a model, and the way from one such state to another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from hsjupyter.core.component import Component
from hsjupyter.core.maps import ParameterMaps
from hsjupyter.core.model import BaseModel
from hsjupyter.core.parameter import Parameter
from hsjupyter.core.twins import following_order, set_link_words
from hsjupyter.gui.names import colour_of, set_colour

PLAIN = ("value", "std", "free", "bmin", "bmax")


@dataclass(frozen=True)
class Snapshot:
    """The working state of a model, and what is stored at the current pixel.

    Attributes
    ----------
    pixel : tuple of int
    order : tuple of Component
    fields : dict
        ``(thing, field) -> value`` of all parameters and components.
    rows : dict
        ``(parameter, array) -> numbers`` stored at the pixel; ``(None, array)`` for chi squared.
    columns : dict
        ``(parameter, array) -> view`` of the maps, from which a component that went comes back.
    """

    pixel: tuple[int, ...]
    order: tuple[Component, ...]
    fields: dict[tuple[Any, str], Any]
    rows: dict[tuple[Any, str], Any]
    columns: dict[tuple[Any, str], Any]


def take(model: BaseModel) -> Snapshot:
    """The state of a model now."""
    fields: dict[tuple[Any, str], Any] = {(model, "channel_switches"): model.channel_switches}
    columns: dict[tuple[Any, str], Any] = {}
    for component in model:
        fields[component, "name"] = component.name
        fields[component, "active"] = component.active
        fields[component, "colour"] = colour_of(component)
        columns[component, "active"] = model.maps.active_of(component)
        for parameter in component.parameters:
            for name in PLAIN:
                fields[parameter, name] = getattr(parameter, name)
            fields[parameter, "link"] = _words(parameter)
            for array in ("values", "std", "is_set"):
                place = model.maps.slot(parameter)
                columns[parameter, array] = getattr(model.maps, array)[..., place]
    here = model.axes_manager.map_index
    rows: dict[tuple[Any, str], Any] = {
        key: np.array(column[here]) for key, column in columns.items()
    }
    for array in ("chisq", "dof"):
        rows[None, array] = float(getattr(model.maps, array)[here])
    return Snapshot(tuple(model.axes_manager.indices), tuple(model), fields, rows, columns)


def _words(parameter: Parameter) -> tuple[Any, ...]:
    return (
        parameter.twin,
        parameter.twin_function_expr,
        parameter.twin_inverse_function_expr,
        parameter.twin_callable,
        parameter.twin_inverse_callable,
    )


def _same(a: Any, b: Any) -> bool:
    if isinstance(a, np.ndarray | float) and isinstance(b, np.ndarray | float):
        return np.array_equal(np.asarray(a), np.asarray(b), equal_nan=True)
    return a is b or bool(a == b)


def differ(a: Snapshot, b: Snapshot) -> bool:
    """Whether anything but the pixel differs."""
    return a.order != b.order or any(
        left.keys() != right.keys() or any(not _same(left[key], right[key]) for key in left)
        for left, right in ((a.fields, b.fields), (a.rows, b.rows))
    )


def change(model: BaseModel, was: Snapshot, now: Snapshot) -> None:
    """Undo what changed from ``now`` back to ``was``; what neither touched stays as it is.

    Parameters
    ----------
    model : BaseModel
    was, now : Snapshot
        Before and after an edit; the other way round to do it again.
    """
    with model.lock:
        if tuple(model.axes_manager.indices) != was.pixel:
            model.axes_manager.indices = was.pixel
        changed = {
            key: value
            for key, value in was.fields.items()
            if key not in now.fields or not _same(value, now.fields[key])
        }
        if was.order != now.order:
            changed = {**_arrange(model, was.order, was.columns), **changed}
        switches = changed.pop((model, "channel_switches"), None)
        if switches is not None:
            model.channel_switches = switches
        _set_fields(changed)
        here = model.axes_manager.map_index
        for (thing, array), numbers in was.rows.items():
            old = now.rows.get((thing, array))
            if old is None or not _same(numbers, old):
                _column(model.maps, thing, array)[here] = numbers
        model.stored += 1


def _column(maps: ParameterMaps, thing: Any, array: str) -> Any:
    if thing is None:
        return getattr(maps, array)
    if isinstance(thing, Component):
        return maps.active_of(thing)
    return getattr(maps, array)[..., maps.slot(thing)]


def rearrange(model: BaseModel, order: tuple[Component, ...]) -> None:
    """Bring the components in another order; what is stored and linked stays so."""
    with model.lock:
        _set_fields(_arrange(model, order, {}))


def _arrange(
    model: BaseModel, order: tuple[Component, ...], kept: dict[tuple[Any, str], Any]
) -> dict[tuple[Any, str], Any]:
    """Make these the components, in order; the links that this cuts, to be set again."""
    links = {(p, "link"): _words(p) for p in model.parameters}
    columns = {**kept, **take(model).columns}
    model.remove([c for c in model if c not in order])
    if tuple(model) != tuple(c for c in order if c in model):
        model.remove(list(model))
    for place, component in enumerate(order):
        if component not in model:
            model.insert(place, component)
    for thing in (*model, *model.parameters):
        for array in ("active", "values", "std", "is_set"):
            if (thing, array) in columns:
                _column(model.maps, thing, array)[...] = columns[thing, array]
    return {key: words for key, words in links.items() if key[0] in set(model.parameters)}


def _set_fields(fields: dict[tuple[Any, str], Any]) -> None:
    linked = [thing for thing, field in fields if field == "link"]
    for thing in linked:
        if fields[thing, "link"] != _words(thing) and thing.link is not None:
            set_link_words(thing, twin=None, function="", inverse="")
    things = dict.fromkeys(thing for thing, _ in fields)
    for thing in things:
        new = {field: value for (whose, field), value in fields.items() if whose is thing}
        if isinstance(thing, Component):
            _set_component(thing, new)
        else:
            _set_parameter(thing, new)
    # Leaders have their numbers by now.
    for thing in linked:
        words = fields[thing, "link"]
        if words != _words(thing):
            twin, function, inverse, there, back = words
            set_link_words(
                thing, twin=twin, function=function, inverse=inverse, callables=(there, back)
            )
    for thing in following_order(linked):
        if (thing, "std") in fields:
            thing.std = fields[thing, "std"]


def _set_component(component: Component, new: dict[str, Any]) -> None:
    if "name" in new:
        component.name = new["name"]
    if "active" in new:
        component.active = new["active"]
    if "colour" in new:
        set_colour(component, new["colour"])


def _set_parameter(parameter: Parameter, new: dict[str, Any]) -> None:
    if "bmin" in new or "bmax" in new:
        parameter.set_bounds(new.get("bmin", parameter.bmin), new.get("bmax", parameter.bmax))
    following = parameter.link is not None
    if "value" in new and not following:
        parameter.value = new["value"]
    if "free" in new and not following:
        parameter.free = new["free"]
    if "std" in new:
        parameter.std = new["std"]
