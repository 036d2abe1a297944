"""Files of text that hold numbers: their letters, and the numbers of a line."""

import re
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hsjupyter.core.errors import FileFormatError
from hsjupyter.storage.limits import SMALL, available_memory

GROWTH = 40
"""Bytes of memory that a byte of text may need while it is read: one digit makes a number."""

SEPARATORS = re.compile(r"[,;\s]+")


def check_text_size(path: Path) -> None:
    """Refuse a text that needs more memory than there is.

    Raises
    ------
    FileFormatError
        It does.
    """
    size = path.stat().st_size
    if size > SMALL and size * GROWTH > available_memory():
        raise FileFormatError(
            f"{path} has {size / 2**20:.0f} MiB of text, more than the free memory can take; cut "
            "it into parts"
        )


def decoded(path: Path) -> str:
    """The letters of a file: UTF-8 with or without its mark, else those of Western Europe.

    Raises
    ------
    FileFormatError
        It holds zeros, which no text does.
    """
    raw = path.read_bytes()
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", errors="replace")
    if b"\0" in raw:
        raise FileFormatError(
            f"{path} is no text, though its suffix says so; give it the suffix of its format"
        )
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def numbers_of(rows: Iterable[str], path: Path) -> list[NDArray[np.float64]]:
    """The numbers of each row, between commas, semicolons and blanks.

    Raises
    ------
    FileFormatError
        Something is no number.
    """
    found = []
    for row in rows:
        words = [word for word in SEPARATORS.split(row) if word]
        try:
            found.append(np.array(words, dtype=np.float64))
        except ValueError as why:
            raise FileFormatError(
                f"{path}: the row {row[:60]!r} is not numbers alone ({why}); correct it, or take "
                "another copy"
            ) from why
    return found or [np.empty(0)]
