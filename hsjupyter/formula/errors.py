"""What the formula room raises, and how its messages are put together."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

_SHOWN = 60


class FormulaError(ValueError):
    """A text that is not a formula, or a formula asked for what it has not.

    Parameters
    ----------
    message : str
        Whose text, what came, what was wanted, what to do.
    text : str
        The whole text that was refused.
    column : int
        Where in ``text``, counted from 1; 0 where no place can be named.
    """

    def __init__(self, message: str, text: str = "", column: int = 0) -> None:
        super().__init__(message)
        self.text = text
        self.column = column

    def __reduce__(self) -> tuple[type[FormulaError], tuple[str, str, int]]:
        """Travel between processes with text and column."""
        return FormulaError, (str(self), self.text, self.column)


def refusal(text: str, position: int, came: str, wanted: str, advice: str) -> FormulaError:
    """Give the error for one place of a text, ready to be raised.

    Parameters
    ----------
    text : str
        The whole text.
    position : int
        Index into ``text``, counted from 0.
    came, wanted, advice : str
        The last three of a message's four parts; the first is made from ``text``.
    """
    column = position + 1
    whose = f"formula {_window(text, position)!r}, column {column}"
    return FormulaError(f"{whose}: {came}; {wanted}; {advice}", text, column)


def nearest(name: str, known: Iterable[str], shown: Iterable[str] | None = None) -> str:
    """List the known names, those that look like ``name`` first.

    Parameters
    ----------
    name : str
        What was not found.
    known : iterable of str
        What would have been found.
    shown : iterable of str, optional
        What to list of it.
    """
    names = sorted(set(known))
    near = get_close_matches(name[:_SHOWN], names, n=3, cutoff=0.6)
    everything = ", ".join(names if shown is None else shown) or "none"
    return f"{' or '.join(near)}? known are {everything}" if near else f"known are {everything}"


def _window(text: str, position: int) -> str:
    """Give a long text's surroundings of one place, so that a message stays one line."""
    if len(text) <= _SHOWN:
        return text
    start = max(0, min(position - _SHOWN // 2, len(text) - _SHOWN))
    stop = start + _SHOWN
    return f"{'...' if start else ''}{text[start:stop]}{'...' if stop < len(text) else ''}"
