"""Pointers, and the few words that `hsjupyter.formula.plain_code` knows beside Python's own.

Here they are as Python runs them, one number at a time, so that a function can be tried out and
tested before it is translated.
"""

from __future__ import annotations

import ctypes
import math
from typing import Any, Protocol, cast


class Floats(Protocol):
    """Where float64 numbers stand."""

    def __getitem__(self, place: int, /) -> float:
        """The number at a place."""

    def __setitem__(self, place: int, value: float, /) -> None:
        """Write it."""


class Singles(Protocol):
    """Where float32 numbers stand; read, they are float64."""

    def __getitem__(self, place: int, /) -> float:
        """The number at a place."""


class Integers(Protocol):
    """Where int64 numbers stand."""

    def __getitem__(self, place: int, /) -> int:
        """The number at a place."""

    def __setitem__(self, place: int, value: int, /) -> None:
        """Write it."""


_SIZE = 8


def floats(address: int) -> Floats:
    """The float64 numbers at an address."""
    return cast("Floats", ctypes.cast(address, ctypes.POINTER(ctypes.c_double)))


def singles(address: int) -> Singles:
    """The float32 numbers at an address; read, they are float64."""
    return cast("Singles", ctypes.cast(address, ctypes.POINTER(ctypes.c_float)))


def integers(address: int) -> Integers:
    """The int64 numbers at an address."""
    return cast("Integers", ctypes.cast(address, ctypes.POINTER(ctypes.c_int64)))


def address_of(pointer: Floats | Integers) -> int:
    """Where numbers stand."""
    return ctypes.cast(cast("Any", pointer), ctypes.c_void_p).value or 0


def ahead(pointer: Floats, places: int) -> Floats:
    """The numbers some places further."""
    return floats(address_of(pointer) + _SIZE * places)


def ahead_whole(pointer: Integers, places: int) -> Integers:
    """The whole numbers some places further."""
    return integers(address_of(pointer) + _SIZE * places)


def root(x: float) -> float:
    """Square root; NaN below 0."""
    return math.sqrt(x) if x >= 0 else math.nan


def finite(x: float) -> bool:
    """Neither NaN nor infinite."""
    return math.isfinite(x)


def call(function: int, *arguments: Any) -> None:
    """Call machine code at an address with whole numbers and pointers."""
    kinds = [ctypes.c_int64 if isinstance(a, int) else ctypes.c_void_p for a in arguments]
    ctypes.CFUNCTYPE(None, *kinds)(function)(*arguments)
