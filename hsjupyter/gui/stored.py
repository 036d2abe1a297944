"""Requests for the models that a signal keeps: store under a name, restore, compare, forget."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hsjupyter.core.model import BaseModel
from hsjupyter.gui.checks import text, words
from hsjupyter.gui.edits import model_of
from hsjupyter.gui.kinds import Fields, Note, Outcome, kind
from hsjupyter.gui.snapshot import KEPT, change, take
from hsjupyter.gui.table import Table
from hsjupyter.storage.models import ModelManager

SHOWN = ("value", "free", "bmin", "bmax", "twin_function_expr")


def _manager(table: Table) -> ModelManager:
    return ModelManager(model_of(table, "stored models").signal)


@kind("stored")
def list_stored(table: Table, _message: Fields) -> Outcome:
    """The names of the models that the signal keeps, one a line."""
    return "\n".join(_manager(table))


def _note_keep(table: Table, message: Fields) -> Note:
    before = set(_manager(table))
    wanted = message["name"].strip()

    def code() -> str:
        made = sorted(set(_manager(table)) - before)
        return f"m.store({(made[0] if made else wanted)!r})"

    return Note("storing", "", code)


@kind("keep", note=_note_keep, name=words)
def keep(table: Table, message: Fields) -> Outcome:
    """Keep a copy of the model as it is, under a name; under the next letter without one."""
    model = model_of(table, "keep")
    _manager(table).store(model, message["name"].strip() or None)
    return None


def _note_forget(_table: Table, message: Fields) -> Note:
    name = message["name"]
    return Note(f"forgetting {name}", "", lambda: f"m.signal.models.remove({name!r})")


@kind("forget", note=_note_forget, name=text)
def forget(table: Table, message: Fields) -> Outcome:
    """Forget a stored model."""
    _manager(table).remove(message["name"])
    return None


def _note_restore(_table: Table, message: Fields) -> Note:
    name = message["name"]
    return Note(f"restore {name}", "", lambda: f"m = m.signal.models.restore({name!r})")


@kind("restore", note=_note_restore, whole=True, name=text)
def restore(table: Table, message: Fields) -> Outcome:
    """Let the model be as the stored one, all its pixels too."""
    model = model_of(table, "restore")
    other = _manager(table).restore(message["name"])
    wanted, now = take(other, whole=True), take(model, whole=True)
    other.remove(list(other))
    # What the signal keeps stays; only the model is another.
    wanted.fields.pop((None, KEPT), None)
    change(model, wanted, now)
    return None


@kind("differences", name=text)
def differences(table: Table, message: Fields) -> Outcome:
    """How the model differs from a stored one here: lines of what, stored and now, by tabs."""
    model = model_of(table, "differences")
    return "\n".join(
        "\t".join(row) for row in compare(_manager(table).restore(message["name"]), model)
    )


def compare(stored: BaseModel, now: BaseModel) -> Iterator[tuple[str, str, str]]:
    """What differs at the current pixel: its name, and both values in words."""
    left, right = ({c.name: c for c in model} for model in (stored, now))
    for name in dict.fromkeys([*left, *right]):
        if name not in left or name not in right:
            was, is_ = ("there" if name in side else "not there" for side in (left, right))
            yield name, was, is_
            continue
        a, b = left[name], right[name]
        if a.active != b.active:
            yield f"{name} active", str(a.active), str(b.active)
        yield from _parameters(a, b)


def _parameters(a: Any, b: Any) -> Iterator[tuple[str, str, str]]:
    others = {p.name: p for p in b.parameters}
    for one in a.parameters:
        other = others.get(one.name)
        for field in SHOWN if other is not None else ():
            was, is_ = getattr(one, field), getattr(other, field)
            if was != is_:
                what = f"{a.name} {one.name}"
                yield (
                    (what if field == "value" else f"{what} {_WORDS[field]}"),
                    _say(was),
                    _say(is_),
                )


_WORDS = {"free": "free", "bmin": "bmin", "bmax": "bmax", "twin_function_expr": "link"}


def _say(value: Any) -> str:
    if isinstance(value, tuple):
        return ", ".join(_say(one) for one in value)
    if isinstance(value, float):
        return f"{value:.6g}"
    return "none" if value is None or value == "" else str(value)
