"""The fields of a slot that a browser may set: what may come, and how it is written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hsjupyter.core.errors import ParameterError, unknown_name
from hsjupyter.core.parameter import Parameter
from hsjupyter.gui.checks import bound, number, switch


def set_value(parameter: Parameter, element: int, value: Any) -> None:
    """Set one number of a parameter, moved inside its bounds."""
    row = parameter.value
    if isinstance(row, tuple):
        parameter.value = parameter.clamp((*row[:element], value, *row[element + 1 :]))
    else:
        parameter.value = parameter.clamp(value)


def _set_trait(name: str) -> Callable[[Parameter, int, Any], None]:
    return lambda parameter, _element, value: setattr(parameter, name, value)


@dataclass(frozen=True)
class Field:
    """One field of a slot: what may come, in words too, and how it is written."""

    good: Callable[[Any], bool]
    wanted: str
    write: Callable[[Parameter, int, Any], None]


BOUND = "a finite number, or nothing for no bound,"
FIELDS = {
    "value": Field(number, "a finite number", set_value),
    "free": Field(switch, "true or false", _set_trait("free")),
    "bmin": Field(bound, BOUND, _set_trait("bmin")),
    "bmax": Field(bound, BOUND, _set_trait("bmax")),
}


def write_field(parameter: Parameter, element: int, name: str, value: Any) -> None:
    """Set a field of one slot.

    Raises
    ------
    ParameterError
        The value is of another kind.
    UnknownNameError
        There is no such field.
    """
    if name not in FIELDS:
        raise unknown_name(f"{parameter}", name, FIELDS)
    field = FIELDS[name]
    if not field.good(value):
        raise ParameterError(
            f"{parameter}.{name}: {value!r} came from the browser; "
            f"{field.wanted} is wanted; type it again"
        )
    field.write(parameter, element, value)
