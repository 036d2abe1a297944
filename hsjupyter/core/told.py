"""Traits that say in our words what is wrong with a value, and know numpy's numbers."""

from math import isfinite
from typing import Any

import numpy as np
import traitlets as t

from hsjupyter.core.errors import ParameterError


def _refuse(trait: Any, thing: Any, value: Any, wanted: str) -> ParameterError:
    # A message must not break over a thing that is only half made.
    whose = str(thing) if getattr(thing, "name", "") else type(thing).__name__
    return ParameterError(f"{whose}.{trait.name}: {value!r} came; {wanted} is wanted")


class Switch(t.Bool[bool, bool]):
    """True or False; numpy's as well."""

    def validate(self, obj: Any, value: Any) -> bool:
        """The value as Python's bool."""
        if not isinstance(value, bool | np.bool_):
            raise _refuse(self, obj, value, "True or False")
        return bool(value)


class Bound(t.TraitType[float | None, Any]):
    """A number, or None for no bound; numpy's numbers as well."""

    allow_none = True

    def validate(self, obj: Any, value: Any) -> float | None:
        """The value as Python's float."""
        if value is None:
            return None
        number = isinstance(value, int | float | np.integer | np.floating)
        if not number or isinstance(value, bool):
            raise _refuse(self, obj, value, "a number, or None for no bound,")
        return float(value)


class Numbers(t.TraitType[Any, Any]):
    """What its owner checks; never None, which `traitlets.Any` would let pass unseen."""


class Words(t.Unicode[str, str]):
    """A text."""

    def validate(self, obj: Any, value: Any) -> str:
        """The text."""
        if not isinstance(value, str):
            raise _refuse(self, obj, value, "a text")
        return str(value)


def as_numbers(
    whose: str, given: Any, elements: int = 0, *, finite: bool = True
) -> float | tuple[float, ...]:
    """A number, or a tuple of them, as Python's floats.

    Parameters
    ----------
    whose : str
        Begins the message.
    given : object
        What came.
    elements : int
        How many are wanted; 0 for a single number.
    finite : bool
        Whether NaN and infinity are refused.

    Raises
    ------
    ParameterError
        It is something else.
    """
    if type(given) is float and not elements and (isfinite(given) or not finite):
        return given
    wanted = f"a tuple of {elements} numbers" if elements else "a number"
    try:
        array = np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError):
        array = np.empty((0,))
    if isinstance(given, str | bytes) or array.shape != ((elements,) if elements else ()):
        raise ParameterError(f"{whose}: {given!r} came; {wanted} is wanted")
    if finite and not np.isfinite(array).all():
        raise ParameterError(
            f"{whose}: {given!r} came; {wanted} that is finite is wanted; use "
            "free=False and a plain value for a parameter that must not count"
        )
    return tuple(array.tolist()) if elements else float(array)
