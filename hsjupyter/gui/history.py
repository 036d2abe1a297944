"""What was edited by hand: undone, done again, and written as Python that does the same."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from weakref import ref

import traitlets as t

from hsjupyter.core.errors import ModelError
from hsjupyter.core.model import BaseModel
from hsjupyter.gui.snapshot import Snapshot, change, differ, take

LONGEST = 200
"""Edits that can be undone."""

WHOLE = 3
"""… of which so many keep all maps."""

HEAVY = 100_000_000
"""Bytes of maps up to which they are kept for undo."""

TOGETHER = 1.0
"""Seconds within which changes of the same number are one edit: a drag is not sixty."""


@dataclass
class Edit:
    """One edit: the states around it, and the Python that does it."""

    label: str
    target: str
    code: str
    before: Snapshot
    after: Snapshot
    when: float


class History(t.HasTraits):
    """The edits of a model by hand, newest last; all its views share it.

    Parameters
    ----------
    model : BaseModel
    """

    undoable = t.Unicode("", help="what undo would undo, in words; empty for nothing")
    redoable = t.Unicode("", help="what redo would do again")

    def __init__(self, model: BaseModel) -> None:
        super().__init__()
        self._model = ref(model)
        self._done: list[Edit] = []
        self._undone: list[Edit] = []
        self._written: list[tuple[tuple[int, ...], str]] = []

    def record(self, before: Snapshot, label: str, target: str, code: Callable[[], str]) -> None:
        """Note an edit that was just made.

        Parameters
        ----------
        before : Snapshot
            The state before it.
        label : str
            In words: "Gaussian_0 sigma".
        target : str
            What it set; edits of one target that follow each other closely are one.
        code : callable
            The Python that does it, told after it was done.
        """
        model = self._here()
        after = take(model, whole=before.whole)
        if not differ(before, after):
            return
        edit = Edit(label, target, code(), before, after, time.monotonic())
        last = self._done[-1] if self._done else None
        if last is not None and not self._undone and _one(last, edit):
            edit.before = last.before
            self._done.pop()
        self._done.append(edit)
        while len(self._done) > LONGEST or sum(one.before.whole for one in self._done) > WHOLE:
            oldest = self._done.pop(0)
            self._written.append((oldest.before.pixel, oldest.code))
        self._undone.clear()
        self._tell()

    def can_keep(self, model: BaseModel) -> bool:
        """Whether the maps are small enough to be kept for undo."""
        maps = model.maps
        return sum(a.nbytes for a in (maps.values, maps.std, maps.is_set)) <= HEAVY

    def close_off(self, code: str) -> None:
        """Note what cannot be undone: a fit of all pixels; nothing before it can be either."""
        self._written += [(edit.before.pixel, edit.code) for edit in self._done]
        self._written.append((tuple(self._here().axes_manager.indices), code))
        self._done.clear()
        self._undone.clear()
        self._tell()

    def undo(self) -> None:
        """Take the last edit back.

        Raises
        ------
        ModelError
            There is none.
        """
        if not self._done:
            raise ModelError("undo: no edit made by hand is left to undo")
        edit = self._done.pop()
        change(self._here(), edit.before, edit.after)
        self._undone.append(edit)
        self._tell()

    def redo(self) -> None:
        """Do the edit again that was undone last.

        Raises
        ------
        ModelError
            There is none.
        """
        if not self._undone:
            raise ModelError("redo: no edit was undone since the last one made by hand")
        edit = self._undone.pop()
        model = self._here()
        if tuple(model.axes_manager.indices) != edit.before.pixel:
            model.axes_manager.indices = edit.before.pixel
        change(model, edit.after, edit.before)
        self._done.append(edit)
        self._tell()

    def script(self) -> str:
        """The edits as Python; replayed on the model as it was, it comes to the same state.

        It begins by going to the pixel of the first edit, wherever the replayed model is.
        """
        lines: list[str] = []
        pixel: tuple[int, ...] = ()
        steps = [*self._written, *((edit.before.pixel, edit.code) for edit in self._done)]
        here = tuple(self._here().axes_manager.indices)
        for place, code in [*steps, *([(here, "")] if steps else [])]:
            if place != pixel:
                lines.append(f"m.axes_manager.indices = {place}")
                pixel = place
            if code:
                lines.append(code)
        return "\n".join(lines)

    def _here(self) -> BaseModel:
        model = self._model()
        if model is None:
            raise ModelError("the model of this history is gone; make a new one")
        return model

    def _tell(self) -> None:
        self.undoable = self._done[-1].label if self._done else ""
        self.redoable = self._undone[-1].label if self._undone else ""


def _one(last: Edit, edit: Edit) -> bool:
    """Whether two edits are steps of one: of one target, at one pixel, one soon after the other."""
    return (
        edit.target != ""
        and last.target == edit.target
        and edit.when - last.when < TOGETHER
        and last.before.pixel == edit.after.pixel
    )
