"""What may stand in the fields of a request: checks of one value each."""

from __future__ import annotations

import math
import re
from typing import Any

COLOUR = re.compile(r"#[0-9a-f]{6}")
LONGEST = 200
"""Characters of the longest text a browser may send."""
MOST = 10_000
"""Slots that one request may name."""


def number(given: Any) -> bool:
    """Whether it is a finite number; True and False are none."""
    return isinstance(given, int | float) and not isinstance(given, bool) and math.isfinite(given)


def bound(given: Any) -> bool:
    """Whether it is a finite number, or None for no bound."""
    return given is None or number(given)


def text(given: Any) -> bool:
    """Whether it is a text of reasonable length."""
    return isinstance(given, str) and 0 < len(given) <= LONGEST


def switch(given: Any) -> bool:
    """Whether it is True or False."""
    return isinstance(given, bool)


def place(given: Any) -> bool:
    """Whether it is a short list of whole numbers."""
    return (
        isinstance(given, list)
        and len(given) < 10
        and all(isinstance(i, int) and not isinstance(i, bool) for i in given)
    )


def words(given: Any) -> bool:
    """Whether it is a text of reasonable length, or an empty one."""
    return isinstance(given, str) and len(given) <= LONGEST


def colour(given: Any) -> bool:
    """Whether it is a colour, written as a browser's chooser does."""
    return isinstance(given, str) and COLOUR.fullmatch(given) is not None


def texts(given: Any) -> bool:
    """Whether it is a list of texts, and not an empty one."""
    return isinstance(given, list) and 0 < len(given) <= MOST and all(text(one) for one in given)


def anything(_given: Any) -> bool:
    """True: the value is checked by its field."""
    return True
