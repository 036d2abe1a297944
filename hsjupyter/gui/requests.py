"""What a browser may ask of parameters and models, each kind with how it is noted for undo."""

from __future__ import annotations

from concurrent.futures import Future
from typing import Any

from hsjupyter.core.errors import ModelError
from hsjupyter.core.form import Form
from hsjupyter.core.model import BaseModel
from hsjupyter.gui import bulk, look, peaks, stored
from hsjupyter.gui.checks import anything, bound, place, switch, text
from hsjupyter.gui.edits import component_named, model_of, python_of
from hsjupyter.gui.fields import FIELDS, set_value, write_field
from hsjupyter.gui.history import History
from hsjupyter.gui.kinds import Fields, Note, Outcome, check, kind
from hsjupyter.gui.names import top_of
from hsjupyter.gui.navigator import navigator_of
from hsjupyter.gui.samfire_panel import chosen_of
from hsjupyter.gui.snapshot import Snapshot, take
from hsjupyter.gui.table import Table
from hsjupyter.gui.work import history_of, work_of
from hsjupyter.samfire import Samfire
from hsjupyter.schedule.run import Run

REGISTERED = (bulk, look, peaks, stored)
"""Files that bring requests of their own; to import them is to know these."""

# -- parameters ------------------------------------------------------------------------------------


def _note_slot(table: Table, message: Fields) -> Note:
    parameter, _ = table.place(message["slot"])
    name = message.get("field", "value")
    name = name if name in FIELDS else "value"
    return Note(
        label=f"{parameter} {name}".removesuffix(" value"),
        target=f"{message['slot']} {name}",
        code=lambda: f"{python_of(parameter)}.{name} = {getattr(parameter, name)!r}",
    )


@kind("set", note=_note_slot, slot=text, field=text, value=anything)
def set_field(table: Table, message: Fields) -> Outcome:
    """Set a value, a bound or the free toggle of one slot."""
    parameter, element = table.place(message["slot"])
    write_field(parameter, element, message["field"], message["value"])
    return None


@kind("reset", note=_note_slot, slot=text)
def reset(table: Table, message: Fields) -> Outcome:
    """Give a slot the value its parameter was declared with."""
    parameter, element = table.place(message["slot"])
    default = parameter.default
    set_value(parameter, element, default[element] if isinstance(default, tuple) else default)
    return None


# -- components ------------------------------------------------------------------------------------


def _note_active(table: Table, message: Fields) -> Note:
    component = component_named(table, message["component"])
    return Note(
        f"{component.name} active",
        "",
        lambda: f"{python_of(component)}.active = {component.active}",
    )


def _note_name(table: Table, message: Fields) -> Note:
    component = component_named(table, message["component"])
    before = python_of(component)
    return Note(f"name of {component.name}", "", lambda: f"{before}.name = {component.name!r}")


@kind("active", note=_note_active, component=text, value=switch)
def set_active(table: Table, message: Fields) -> Outcome:
    """Switch a component on or off."""
    component_named(table, message["component"]).active = message["value"]
    return None


@kind("name", note=_note_name, component=text, value=text)
def set_name(table: Table, message: Fields) -> Outcome:
    """Name a component."""
    component_named(table, message["component"]).name = message["value"].strip()
    return None


# -- forms -----------------------------------------------------------------------------------------


@kind("fill", field=text, value=bound)
def fill(table: Table, message: Fields) -> Outcome:
    """Write a number of a form, or forget it."""
    if not isinstance(table.thing, Form):
        raise ModelError(f"fill: {table.thing!r} came; a form is wanted")
    table.thing.fill(message["field"], message["value"])
    return None


# -- models ----------------------------------------------------------------------------------------


@kind("pixel", indices=place)
def set_pixel(table: Table, message: Fields) -> Outcome:
    """Go to a pixel."""
    model_of(table, "pixel").axes_manager.indices = tuple(message["indices"])
    return None


@kind("map", choice=text)
def set_map(table: Table, message: Fields) -> Outcome:
    """Let the map one navigates by show other numbers."""
    if isinstance(table.thing, Samfire):
        chosen_of(table.thing).choose(table.thing, message["choice"])
        return None
    model = model_of(table, "map")
    navigator_of(model).choose(model, message["choice"])
    return None


@kind("fit", note=lambda *_: Note("fit", "", lambda: "m.fit()"))
def fit(table: Table, _message: Fields) -> Outcome:
    """Fit the current pixel."""
    model = model_of(table, "fit")
    return work_of(model).start("fit", model.fit)


@kind("multifit")
def multifit(table: Table, _message: Fields) -> Outcome:
    """Fit all pixels; the answer comes when the run has begun."""
    model = model_of(table, "multifit")
    work = work_of(model)
    if work.busy:
        raise ModelError(f"multifit: a {work.busy} is running; wait for it, or cancel it first")
    before = take(model, whole=True) if work.history.can_keep(model) else None
    run = model.multifit(block=False, **work.options)
    if before is None:
        work.history.close_off("m.multifit()")
    else:
        work.when_over(run, lambda: _note_run(work.history, before))
    return None


def _note_run(history: History, before: Snapshot) -> None:
    history.record(before, "fit all", "", lambda: "m.multifit()")


@kind("pause")
def pause(table: Table, _message: Fields) -> Outcome:
    """Hold the fit of all pixels."""
    work_of(model_of(table, "pause")).pause()
    return None


@kind("resume")
def resume(table: Table, _message: Fields) -> Outcome:
    """Let it go on."""
    work_of(model_of(table, "resume")).resume()
    return None


@kind("cancel")
def cancel(table: Table, _message: Fields) -> Outcome:
    """End the fit of all pixels."""
    if isinstance(table.thing, Run):
        table.thing.cancel()
    elif isinstance(table.thing, Samfire):
        table.thing.stop()
    else:
        work_of(model_of(table, "cancel")).cancel()
    return None


@kind("store", note=lambda *_: Note("store", "", lambda: "m.store_working_values()"))
def store(table: Table, _message: Fields) -> Outcome:
    """Write the working values of the current pixel into the maps."""
    model_of(table, "store").store_working_values()
    return None


@kind("undo")
def undo(table: Table, _message: Fields) -> Outcome:
    """Take the last edit back."""
    _history(table).undo()
    return None


@kind("redo")
def redo(table: Table, _message: Fields) -> Outcome:
    """Do again what was undone."""
    _history(table).redo()
    return None


@kind("script")
def script(table: Table, _message: Fields) -> Outcome:
    """The edits as Python."""
    return _history(table).script()


def _history(table: Table) -> History:
    model = top_of(table.thing)
    if not isinstance(model, BaseModel):
        raise ModelError(
            f"undo: {table.thing!r} is in no model; append it to one to have a history"
        )
    work = work_of(model)
    if work.busy:
        raise ModelError(f"undo: a {work.busy} is running; wait for it, or cancel it first")
    return work.history


def carry_out(table: Table, content: Any) -> Outcome:
    """Check a message and do what it asks, under the model's lock.

    Raises
    ------
    HSJupyterError, TraitError, TypeError, ValueError
        What the core says to it.
    """
    _, which, fields = check(content)
    with table.lock:
        model = top_of(table.thing)
        if isinstance(model, BaseModel):
            model.fidelity.check(model)
        if which.note is None or not isinstance(model, BaseModel):
            return which.do(table, fields)
        note, before = which.note(table, fields), take(model, whole=which.whole)
        outcome = which.do(table, fields)

        def record() -> None:
            history_of(model).record(before, note.label, note.target, note.code)

        if isinstance(outcome, Future):
            outcome.add_done_callback(lambda done: None if done.exception() else record())
        else:
            record()
        return outcome
