"""Requests for one component: put where a person clicked, estimated, fitted by itself."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from hsjupyter.core.component import Component
from hsjupyter.core.errors import ModelError, unknown_name
from hsjupyter.core.model import BaseModel
from hsjupyter.core.registry import COMPONENTS
from hsjupyter.gui.checks import bound, number, text
from hsjupyter.gui.edits import component_named, model_of, python_of
from hsjupyter.gui.grips import height_of, width_of
from hsjupyter.gui.kinds import Fields, Note, Outcome, kind
from hsjupyter.gui.spec import addable, clickable
from hsjupyter.gui.table import Table
from hsjupyter.gui.work import work_of


def _note_peak(table: Table, message: Fields) -> Note:
    model, name = model_of(table, "peak"), message["component"]

    def code() -> str:
        made = model[len(model) - 1]
        words = ", ".join(f"{p.name}={p.value!r}" for p in made.parameters)
        return f"m.append(hs.model.components1D.{name}({words}))"

    return Note(f"add {name}", "", code)


@kind("peak", note=_note_peak, component=text, x=number, y=number, width=number)
def peak(table: Table, message: Fields) -> Outcome:
    """Add a peak with its top at a place of the plot."""
    model, name = model_of(table, "peak"), message["component"]
    if name not in clickable(tuple(addable(model))):
        raise unknown_name(
            "the peaks that a click can place", name, clickable(tuple(addable(model)))
        )
    made = COMPONENTS[name]()
    place_peak(model, made, message["x"], message["y"], abs(message["width"]))
    model.append(made)
    return None


def place_peak(model: BaseModel, peak: Component, x: float, y: float, width: float) -> None:
    """Give a component a position, a width where it has one, and a height.

    Parameters
    ----------
    model : BaseModel
        Whose channels turn a density into what is drawn.
    peak : Component
        In no model yet.
    x, y, width : float
        In units of the plot.
    """
    position = getattr(peak, str(peak.position))
    position.value = position.clamp(x)
    along, high = width_of(peak), height_of(peak)
    if along is not None and width > 0:
        along.value = along.clamp(width)
    if high is None:
        return
    here = np.array([float(position.value)])
    widths = model.signal.binned_widths
    channel = 1.0
    if widths is not None:
        axis = model.axes_manager.signal_axes[0]
        channel = float(
            np.ravel(widths)[axis.value2index(float(np.clip(x, axis.low_value, axis.high_value)))]
        )
    line = float(np.ravel(peak.function(here))[0]) * channel
    if np.isfinite(line) and line != 0:
        high.value = high.clamp(float(high.value) * y / line)


@kind("guess", note=lambda *_: Note("guess", "", lambda: "m.guess(only_current=True)"))
def guess(table: Table, _message: Fields) -> Outcome:
    """Let every active component begin where the data of this pixel say."""
    model = model_of(table, "guess")
    return work_of(model).start("guess", partial(model.guess, only_current=True))


def _note_estimate(table: Table, message: Fields) -> Note:
    component = component_named(table, message["component"])
    low, high = message["low"], message["high"]
    where = f"m.signal, {low!r}, {high!r}, only_current=True"
    code = f"{python_of(component)}.estimate_parameters({where})"
    return Note(f"estimate of {component.name}", "", lambda: code)


@kind("estimate", note=_note_estimate, component=text, low=bound, high=bound)
def estimate(table: Table, message: Fields) -> Outcome:
    """Let a component take start values from the data in a window."""
    model, component = _one(table, message)
    if not component.estimate_parameters(
        model.signal, message["low"], message["high"], only_current=True
    ):
        raise ModelError(
            f"{component.name}: the data of this window show nothing of its kind, or it cannot "
            "tell; set its numbers by hand"
        )
    return None


def _note_fit(table: Table, message: Fields) -> Note:
    component = component_named(table, message["component"])
    code = f"m.fit_component({component.name!r}, {_window(message)!r}, estimate_parameters=False)"
    return Note(f"fit of {component.name}", "", lambda: code)


@kind("fit_component", note=_note_fit, component=text, low=bound, high=bound)
def fit_component(table: Table, message: Fields) -> Outcome:
    """Fit one component in a window; the others stay as they are."""
    model, component = _one(table, message)
    job = partial(
        model.fit_component, component, _window(message), estimate_parameters=False, display=False
    )
    return work_of(model).start("fit", job)


def _window(message: Fields) -> tuple[float, float] | None:
    low, high = message["low"], message["high"]
    return None if low is None or high is None else (min(low, high), max(low, high))


def _one(table: Table, message: Fields) -> tuple[Any, Component]:
    component = component_named(table, message["component"])
    if component.model is None:
        raise ModelError(f"{component!r} is in no model, so there are no data; append it to one")
    return component.model, component
