"""Watches what Python does while a text is read: nothing may be imported, opened or run."""

import gc
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from hsjupyter.formula import Formula, FormulaError, parse

# `ast.parse` compiles to a tree and no further; code that ran would be seen as `exec`.
HARMLESS = frozenset({"compile", "builtins.id"})
LIMIT = 0.05


class Watch:
    """An audit hook that can be told when to look; Python has no way to remove one."""

    def __init__(self) -> None:
        self.looking = False
        self.seen: list[str] = []
        sys.addaudithook(self._hook)

    def _hook(self, event: str, args: tuple[Any, ...]) -> None:
        if self.looking and event not in HARMLESS:
            self.seen.append(f"{event} {args!r}"[:200])

    @contextmanager
    def looks(self) -> Iterator[list[str]]:
        """Give the list that fills with what happens inside."""
        self.seen = []
        gc.disable()  # other tests' garbage is not this text's time
        self.looking = True
        try:
            yield self.seen
        finally:
            self.looking = False
            gc.enable()

    def read(self, text: str) -> tuple[Formula | None, float]:
        """Read a text as the package does, print what was read, and complain of anything amiss.

        Returns
        -------
        formula : Formula or None
            None where it was refused.
        seconds : float
            Of the processor; a busy machine does not count.
        """
        formula = None
        with self.looks() as seen:
            start = time.thread_time()
            try:
                formula = parse(text, ("x", "y"))
            except FormulaError as error:
                assert_helps(error, text)
            seconds = time.thread_time() - start
            if formula is not None:
                printed = formula.javascript(), formula.latex(), formula.linear
                assert all(part is not None for part in printed), text
        assert not seen, (text, seen)
        assert seconds < LIMIT, (text, seconds)
        return formula, seconds


def assert_helps(error: FormulaError, text: str) -> None:
    """Complain of a message that does not say whose, what came, what was wanted, what to do."""
    message = str(error)
    assert message.startswith(("formula '", 'formula "')), message
    assert message.count("; ") >= 2, message
    assert "\n" not in message, message
    assert len(message) < 800, message
    assert 1 <= error.column <= len(text) + 1, (message, error.column)
    assert f"column {error.column}:" in message, message
    assert error.text == text
