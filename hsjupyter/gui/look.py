"""How the plot of a model looks: log axes, bands, and what is hidden; all its views share it."""

from __future__ import annotations

from weakref import WeakKeyDictionary

import traitlets as t

from hsjupyter.core.errors import DataError, unknown_name
from hsjupyter.core.model import BaseModel
from hsjupyter.gui.checks import switch, text
from hsjupyter.gui.edits import model_of
from hsjupyter.gui.kinds import Fields, Outcome, kind
from hsjupyter.gui.names import name_of
from hsjupyter.gui.table import Table

SWITCHES = ("log_x", "log_y", "uncertainty", "weights", "lines", "residual")


class Look(t.HasTraits):
    """What a person chose to see in a plot."""

    log_x = t.Bool(False, help="the signal axis is logarithmic")
    log_y = t.Bool(False, help="the vertical axis is logarithmic")
    uncertainty = t.Bool(False, help="a band of one standard deviation about the model")
    weights = t.Bool(False, help="a band of one standard deviation of the noise about the data")
    lines = t.Bool(False, help="a line for every active component")
    residual = t.Bool(False, help="data minus model, in a panel of its own")
    hidden = t.Any(frozenset(), help="what is not drawn: 'data', 'model', names of components")


_looks: WeakKeyDictionary[BaseModel, Look] = WeakKeyDictionary()


def look_of(model: BaseModel) -> Look:
    """How the plot of a model looks."""
    if model not in _looks:
        _looks[model] = Look()
    return _looks[model]


@kind("look", what=text, on=switch)
def set_look(table: Table, message: Fields) -> Outcome:
    """Switch an axis to logarithmic, a band or a line on or off."""
    model = model_of(table, "look")
    what, on = message["what"], message["on"]
    if what not in SWITCHES:
        raise unknown_name("the looks of a plot", what, SWITCHES)
    if what == "log_x" and on and model.axes_manager.signal_axes[0].high_value <= 0:
        raise DataError("log x: no value of the axis is above zero; a logarithm needs one")
    setattr(look_of(model), what, on)
    return None


@kind("hide", what=text, on=switch)
def hide(table: Table, message: Fields) -> Outcome:
    """Draw a line, the data or the model no more, or again."""
    model = model_of(table, "hide")
    known = {"data", "model", *(name_of(component) for component in model)}
    what = message["what"]
    if what not in known:
        raise unknown_name("what the plot draws", what, known)
    look = look_of(model)
    look.hidden = look.hidden | {what} if message["on"] else look.hidden - {what}
    return None
