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
from hsjupyter.gui.extras import extras_of
from hsjupyter.gui.names import colour_of, set_colour

RANGE = "channel_switches"
KEPT = "stored_models"
PLAIN = ("value", "std", "free", "bmin", "bmax")


class Kept(dict[str, Any]):
    """The stored models of a signal by name; another where one of them is another record."""

    def __eq__(self, other: object) -> bool:
        """Whether the records are the very same."""
        return (
            isinstance(other, Kept)
            and list(self) == list(other)
            and all(record is other[name] for name, record in self.items())
        )

    __hash__ = None


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
        ``(parameter, array) -> view`` of the maps, from which a component that went comes back;
        copies, chi squared among them, of a whole snapshot.
    whole : bool
        Whether it keeps what is stored at all pixels.
    """

    pixel: tuple[int, ...]
    order: tuple[Component, ...]
    fields: dict[tuple[Any, str], Any]
    rows: dict[tuple[Any, str], Any]
    columns: dict[tuple[Any, str], Any]
    whole: bool = False


def take(model: BaseModel, *, whole: bool = False) -> Snapshot:
    """The state of a model now.

    Parameters
    ----------
    model : BaseModel
    whole : bool
        Keep a copy of all maps, for what changes more than the current pixel.
    """
    fields: dict[tuple[Any, str], Any] = {}
    columns: dict[tuple[Any, str], Any] = {}
    for component in model:
        fields[component, "name"] = component.name
        fields[component, "active"] = component.active
        fields[component, "active_is_multidimensional"] = component.active_is_multidimensional
        fields[component, "colour"] = colour_of(component)
        for trait in extras_of(component):
            fields[component, trait] = getattr(component, trait)
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
    fields[None, RANGE] = model.channel_switches
    fields[None, KEPT] = Kept(model.signal.stored_models)
    if whole:
        columns |= {(None, array): getattr(model.maps, array) for array in ("chisq", "dof")}
        columns = {key: np.array(column) for key, column in columns.items()}
    return Snapshot(tuple(model.axes_manager.indices), tuple(model), fields, rows, columns, whole)


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
        for left, right in _sides(a, b)
    )


def _sides(a: Snapshot, b: Snapshot) -> list[tuple[dict[Any, Any], dict[Any, Any]]]:
    stored = [(a.columns, b.columns)] if a.whole and b.whole else []
    return [(a.fields, b.fields), (a.rows, b.rows), *stored]


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
        switches = changed.pop((None, RANGE), None)
        if switches is not None:
            model.channel_switches = switches
        kept = changed.pop((None, KEPT), None)
        if kept is not None:
            model.signal.stored_models.clear()
            model.signal.stored_models.update(kept)
        _set_fields(changed)
        here = model.axes_manager.map_index
        # A script may have removed a component meanwhile, which has no maps any more.
        present = {None, *model, *model.parameters}
        for (thing, array), numbers in was.rows.items():
            if thing not in present:
                continue
            old = now.rows.get((thing, array))
            if old is None or not _same(numbers, old):
                _column(model.maps, thing, array)[here] = numbers
        for (thing, array), numbers in was.columns.items() if was.whole else ():
            if thing not in present:
                continue
            _column(model.maps, thing, array)[...] = numbers
        model.stored += 1


def _column(maps: ParameterMaps, thing: Any, array: str) -> Any:
    if thing is None:
        return getattr(maps, array)
    if isinstance(thing, Component):
        return maps.active_of(thing)
    return getattr(maps, array)[..., maps.slot(thing)]


def _arrange(
    model: BaseModel, order: tuple[Component, ...], kept: dict[tuple[Any, str], Any]
) -> dict[tuple[Any, str], Any]:
    """Make these the components, in order; the links that this cuts, to be set again."""
    links = {(p, "link"): _words(p) for p in model.parameters}
    columns = {**kept, **take(model).columns}
    if gone := [c for c in model if c not in order]:
        model.remove(gone)
    for component in order:
        if component not in model:
            model.append(component)
    if tuple(model) != order:
        model.arrange(order)
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
    for trait in ("active", "active_is_multidimensional", *extras_of(component)):
        if trait in new:
            setattr(component, trait, new[trait])
    if "colour" in new:
        set_colour(component, new["colour"])


def _set_parameter(parameter: Parameter, new: dict[str, Any]) -> None:
    if "bmin" in new or "bmax" in new:
        parameter.set_bounds(new.get("bmin", parameter.bmin), new.get("bmax", parameter.bmax))
    twin, function, *_ = new.get("link", (None, ""))
    # One that is about to follow is not free by that, and is again what it was when it ends.
    following = parameter.link is not None or twin is not None or bool(function)
    if "value" in new and not following:
        parameter.value = new["value"]
    if "free" in new and not following:
        parameter.free = new["free"]
    if "std" in new:
        parameter.std = new["std"]
