"""The working numbers as columns, bound to the core: the core is right, the columns follow."""

from __future__ import annotations

import re
from collections.abc import Callable
from threading import RLock
from typing import Any
from weakref import WeakMethod

import traitlets as t

from hsjupyter.core.errors import ModelError
from hsjupyter.core.form import Form
from hsjupyter.core.model import BaseModel
from hsjupyter.core.parameter import Parameter
from hsjupyter.core.twins import attribute_name
from hsjupyter.formula import parse
from hsjupyter.gui.extras import extras_of
from hsjupyter.gui.names import slot_names, top_of
from hsjupyter.gui.navigator import navigator_of
from hsjupyter.gui.records import FormRecord, HistoryRecord, QuestionRecord, Spec
from hsjupyter.gui.samfire_panel import chosen_of
from hsjupyter.gui.spec import components_of, describe, known, parameters_of, quality_of
from hsjupyter.gui.work import history_of, record_of, work_of
from hsjupyter.samfire import Samfire
from hsjupyter.schedule.run import Run

OF_TRAIT = {
    "value": "values",
    "std": "std",
    "free": "free",
    "bmin": "bmin",
    "bmax": "bmax",
    "twin": "linked",
    "twin_function_expr": "linked",
    "active": "active",
    "active_is_multidimensional": "per_pixel",
    "indices": "pixel",
    "layout": "spec",
    "stored": "quality",
    "channel_switches": "quality",
    "structure": "spec",
    "low_loss": "spec",
    "name": "spec",
    "units": "spec",
    "busy": "busy",
    "run": "run",
    "state": "run",
    "done": "run",
    "total": "run",
    "note": "run",
    "choice": "map",
    "told": "samfire",
    "changed": "form",
    "undoable": "history",
    "redoable": "history",
}
"""Trait of the core -> column that a change of it makes stale."""

COUNTED = ("free", "linked", "active", "pixel")
"""Columns of which the quality counts the free numbers, at the pixel it is of."""

OF_PARAMETER = ["value", "std", "free", "bmin", "bmax", "twin", "twin_function_expr", "units"]
COLUMNS = (
    "values",
    "std",
    "free",
    "bmin",
    "bmax",
    "linked",
    "active",
    "per_pixel",
    "pixel",
    "quality",
    "busy",
    "run",
    "history",
    "form",
)


class Table:
    """The numbers of a parameter, a component or a model, one list a column.

    Parameters
    ----------
    thing : Parameter, Component or BaseModel
        What is shown.
    changed : callable
        Called with the name of a column as soon as the core makes it stale; ``"spec"`` for a
        change of structure. It must be quick, and may be called from any thread.
    """

    def __init__(self, thing: Any, changed: Callable[[str], None]) -> None:
        self.thing = thing
        self._changed = changed
        self._watched: list[tuple[t.HasTraits, list[str], Callable[[Any], None]]] = []
        self.attach()

    def attach(self) -> None:
        """Read the structure, and watch every trait that is shown."""
        thing = self.thing
        top = top_of(thing)
        self.lock = top.lock if isinstance(top, BaseModel) else RLock()
        self.components = components_of(thing)
        self.parameters = parameters_of(thing)
        self.places: dict[str, tuple[Parameter, int]] = {}
        self.elements: list[tuple[Parameter, int]] = []
        for parameter in self.parameters:
            for element, name in enumerate(slot_names(parameter.component, parameter)):
                self.places[name] = (parameter, element)
                self.elements.append((parameter, element))
        for parameter in self.parameters:
            self._watch(parameter, OF_PARAMETER)
        for component in self.components:
            own = ["active", "active_is_multidimensional", "model"]
            # Extras say what there is to draw: the formula may be another.
            names = [*own, *([] if component.model else ["name"]), *extras_of(component)]
            self._watch(component, names)
        if isinstance(top, BaseModel):
            own = (
                ["structure", "stored", "channel_switches", "low_loss"]
                if thing is top
                else ["structure"]
            )
            self._watch(top, own)
        if isinstance(thing, BaseModel):
            # These outlive the model: they must not keep this table, and by it the model, alive.
            self._watch(work_of(thing), ["busy", "run"], WeakMethod(self._tell))
            self._watch(history_of(thing), ["undoable", "redoable"], WeakMethod(self._tell))
            self._watch(navigator_of(thing), ["choice"], WeakMethod(self._tell))
            self._watch(thing.axes_manager, ["indices", "layout"], WeakMethod(self._tell))
        if isinstance(thing, Samfire):
            self._watch(thing, ["told"])
            self._watch(work_of(thing.model), ["busy", "run"], WeakMethod(self._tell))
            self._watch(chosen_of(thing), ["choice"])
            manager = thing.model.axes_manager
            self._watch(manager, ["indices", "layout"], WeakMethod(self._tell))
        if isinstance(thing, Run):
            self._watch(thing, ["state", "done", "total", "note"])
        if isinstance(thing, Form):
            self._watch(thing, ["changed"])

    def _watch(
        self, source: t.HasTraits, names: list[str], weak: WeakMethod[Any] | None = None
    ) -> None:
        tell = self._tell if weak is None else _forgetful(source, names, weak)
        source.observe(tell, names)
        self._watched.append((source, names, tell))

    def _tell(self, change: Any) -> None:
        column = OF_TRAIT.get(change["name"], "spec")
        self._changed(column)
        if column in COUNTED:
            self._changed("quality")

    def detach(self) -> None:
        """Watch nothing any more."""
        for source, names, tell in self._watched:
            source.unobserve(tell, names)
        self._watched.clear()

    def spec(self) -> Spec:
        """The structure."""
        return describe(self.thing)

    def column(self, name: str) -> Any:
        """The numbers of one column, as JSON knows them."""
        return _READERS[name](self)

    def place(self, slot: Any) -> tuple[Parameter, int]:
        """The parameter and element behind a slot's name.

        Raises
        ------
        ModelError
            It is not here, or not any more.
        """
        if not isinstance(slot, str) or slot not in self.places:
            raise ModelError(
                f"{self.thing!r}: a change of slot {slot!r} came, which is not here; its component "
                "may have been removed meanwhile, so show it again"
            )
        return self.places[slot]


def problem_of(table: Table) -> str:
    """Why nothing can be shown any more, in words; empty where all is well."""
    top = top_of(table.thing)
    try:
        if isinstance(top, BaseModel):
            top.fidelity.check(top)
    except ModelError as why:
        return str(why)
    return ""


def _forgetful(
    source: t.HasTraits, names: list[str], method: WeakMethod[Any]
) -> Callable[[Any], None]:
    """A handler that goes when its table is gone."""

    def tell(change: Any) -> None:
        call = method()
        if call is None:
            source.unobserve(tell, names)
        else:
            call(change)

    return tell


def _numbers(table: Table, field: str) -> list[float | None]:
    read: list[float | None] = []
    for parameter in table.parameters:
        got = getattr(parameter, field)
        row = got if isinstance(got, tuple) else (got,) * parameter.size
        read += [known(number) for number in row]
    return read


def _linked(table: Table) -> list[str | None]:
    return [_follows(parameter) for parameter, _ in table.elements]


def _follows(parameter: Parameter) -> str | None:
    """The expression that a parameter follows, as it may be typed; None for one by itself."""
    if parameter.link is None:
        return None
    law, leader = parameter.twin_function_expr, parameter.twin
    if leader is None:
        return law
    whose = "" if leader.component is None else f"{attribute_name(leader.component.name)}."
    name = f"{whose}{leader.name}"
    if not law:
        return name if parameter.twin_callable is None else f"a function of {name}"
    variable = parse(law, variables=()).parameters[0]
    return name if law == variable else re.sub(rf"\b{re.escape(variable)}\b", f"({name})", law)


def _pixel(table: Table) -> list[int]:
    thing = top_of(table.thing) if isinstance(table.thing, Samfire) else table.thing
    return list(thing.axes_manager.indices) if isinstance(thing, BaseModel) else []


def _of_work(table: Table, name: str) -> Any:
    thing = table.thing
    if isinstance(thing, Run):
        return record_of(thing) if name == "run" else None
    thing = top_of(thing) if isinstance(thing, Samfire) else thing
    return getattr(work_of(thing), name) if isinstance(thing, BaseModel) else None


def _history(table: Table) -> HistoryRecord | None:
    if not isinstance(table.thing, BaseModel):
        return None
    history = history_of(table.thing)
    return HistoryRecord(undo=history.undoable, redo=history.redoable)


def _form(table: Table) -> FormRecord | None:
    form = table.thing
    if not isinstance(form, Form):
        return None
    questions = [
        QuestionRecord(
            name=q.name,
            label=q.label,
            units=q.units,
            doc=q.doc,
            needed=q.needed,
            value=known(form.value(q)),
        )
        for q in form.quantities
    ]
    return FormRecord(questions=questions, call=form.call)


_READERS: dict[str, Callable[[Table], Any]] = {
    "values": lambda table: _numbers(table, "value"),
    "std": lambda table: _numbers(table, "std"),
    "free": lambda table: [parameter.free for parameter, _ in table.elements],
    "bmin": lambda table: _numbers(table, "bmin"),
    "bmax": lambda table: _numbers(table, "bmax"),
    "linked": _linked,
    "active": lambda table: [component.active for component in table.components],
    "per_pixel": lambda table: [c.active_is_multidimensional for c in table.components],
    "pixel": _pixel,
    "quality": lambda table: quality_of(table.thing),
    "busy": lambda table: _of_work(table, "busy") or "",
    "run": lambda table: _of_work(table, "run"),
    "history": _history,
    "form": _form,
}
