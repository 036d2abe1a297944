"""A span, or a rectangle, that a person drags in a plot, and what is done with its ends."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from hsjupyter.core.errors import ModelError
from hsjupyter.core.model import BaseModel
from hsjupyter.gui.checks import number
from hsjupyter.gui.edits import model_of
from hsjupyter.gui.host import OPEN
from hsjupyter.gui.kinds import Fields, Outcome, kind
from hsjupyter.gui.names import name_of
from hsjupyter.gui.records import SpanRecord
from hsjupyter.gui.snapshot import take
from hsjupyter.gui.table import Table
from hsjupyter.gui.work import history_of, work_of


@dataclass(frozen=True)
class Wish:
    """What a span is asked for.

    Parameters
    ----------
    then : callable
        Called with the two ends, or four of a rectangle, when the button is pressed.
    title, button : str
        In words, and what the button says.
    call : str
        The Python that does it, with ``{}`` for the ends.
    undoable : bool
        It touches the current pixel only.
    """

    then: Callable[..., Any]
    title: str
    button: str
    call: str
    undoable: bool = True


_wishes: WeakKeyDictionary[BaseModel, Wish] = WeakKeyDictionary()


def ends(given: Any) -> bool:
    """Whether it is a list of two or four finite numbers."""
    return isinstance(given, list) and len(given) in {2, 4} and all(map(number, given))


def ask_span(model: BaseModel, wish: Wish) -> None:
    """Show a span in every plot of a model; the one asked for before is forgotten."""
    _wishes[model] = wish
    _tell(model, SpanRecord(title=wish.title, button=wish.button, ends=_first_ends(model)))


def _first_ends(model: BaseModel) -> list[float]:
    """The ends of the range that is set; the middle half of an axis where all of it is."""
    found: list[float] = []
    for coords in model.signal.signal_coordinates():
        chosen = coords[model.channel_switches]
        low, high = float(chosen.min()), float(chosen.max())
        if (low, high) == (float(coords.min()), float(coords.max())) or low == high:
            low, high = float(coords.min()), float(coords.max())
            low, high = low + (high - low) / 4, high - (high - low) / 4
        found += [low, high]
    return found


def _tell(model: BaseModel, record: SpanRecord | None) -> None:
    for host in tuple(OPEN):
        if host.key == name_of(model) and host.kind in {"plot", "image"}:
            host.span = record


@kind("span", ends=ends)
def take_span(table: Table, message: Fields) -> Outcome:
    """Do what the span was asked for, in a thread of its own: it may be a fit."""
    model = model_of(table, "span")
    wish, chosen = _wishes.get(model), message["ends"]
    if wish is None or len(chosen) != 2 * model.axes_manager.signal_dimension:
        raise ModelError(
            f"{model!r}: a span came that nobody asks for any more; call the method again"
        )
    before = take(model)

    def do() -> None:
        wish.then(*chosen)
        code = wish.call.format(", ".join(f"{end:.9g}" for end in chosen))
        history = history_of(model)
        if wish.undoable:
            history.record(before, wish.title, "", lambda: code)
        else:
            history.close_off(code)
        # It stays for another try where something was wrong with it.
        if _wishes.get(model) is wish:
            _forget(model)

    done: Future[Any] = work_of(model).start(wish.button.lower(), do)
    return done


@kind("nospan")
def leave_span(table: Table, _message: Fields) -> Outcome:
    """Take the span away, and do nothing."""
    _forget(model_of(table, "span"))
    return None


def _forget(model: BaseModel) -> None:
    _wishes.pop(model, None)
    _tell(model, None)
