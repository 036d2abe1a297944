"""Kinds of requests a browser may make, and how they are checked: what is no kind is refused.

A message is ``{id, kind, ...}``; its other fields are exactly those of its kind.
"""

from __future__ import annotations

import logging
import math
import re
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

import traitlets as t

from hsjupyter.core.errors import HSJupyterError, ModelError, unknown_name
from hsjupyter.gui.table import Table

log = logging.getLogger(__name__)

Outcome = Future[Any] | str | None
"""What a request gives: something under way, a text for the browser, or nothing."""

Fields = dict[str, Any]
COLOUR = re.compile(r"#[0-9a-f]{6}")
LONGEST = 200
"""Characters of the longest text a browser may send."""


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


@dataclass(frozen=True)
class Note:
    """How the history tells of an edit: in words, what it set, and the Python that does it."""

    label: str
    target: str
    code: Callable[[], str]


@dataclass(frozen=True)
class Kind:
    """One kind of request: what its fields must be, what it does, and how it is noted."""

    fields: Mapping[str, Callable[[Any], bool]]
    do: Callable[[Table, Fields], Outcome]
    note: Callable[[Table, Fields], Note] | None


KINDS: dict[str, Kind] = {}


def kind(
    name: str,
    note: Callable[[Table, Fields], Note] | None = None,
    **fields: Callable[[Any], bool],
) -> Callable[[Callable[[Table, Fields], Outcome]], Any]:
    """Register what a kind of request does; with a note it can be undone."""

    def register(do: Callable[[Table, Fields], Outcome]) -> Any:
        KINDS[name] = Kind(fields, do, note)
        return do

    return register


def words(given: Any) -> bool:
    """Whether it is a text of reasonable length, or an empty one."""
    return isinstance(given, str) and len(given) <= LONGEST


def colour(given: Any) -> bool:
    """Whether it is a colour, written as a browser's chooser does."""
    return isinstance(given, str) and COLOUR.fullmatch(given) is not None


def anything(_given: Any) -> bool:
    """True: the value is checked by its field."""
    return True


def check(content: Any) -> tuple[str, Kind, dict[str, Any]]:
    """The id, the kind and the fields of a message.

    Raises
    ------
    ModelError
        It is not of the form of its kind, or of none.
    """
    if not isinstance(content, dict) or not text(content.get("id")):
        raise ModelError(f"a message without an id came from a browser: {str(content)[:LONGEST]!r}")
    fields = {name: value for name, value in content.items() if name not in {"id", "kind"}}
    name = content.get("kind")
    if not isinstance(name, str) or name not in KINDS:
        raise unknown_name("the gui's table of requests", str(name)[:LONGEST], KINDS)
    wanted = KINDS[name].fields
    if fields.keys() != wanted.keys():
        raise ModelError(
            f"the request {name!r} came with {sorted(map(str, fields))}; {sorted(wanted)} are "
            "wanted; reload the page, it may be older than the kernel"
        )
    for field, good in wanted.items():
        if not good(fields[field]):
            raise ModelError(
                f"the request {name!r} came with {field}={str(fields[field])[:LONGEST]!r}, which "
                "is not of the right kind; reload the page, it may be older than the kernel"
            )
    return content["id"], KINDS[name], fields


def explain(error: BaseException) -> str:
    """What a browser is told of an error; the log is told all of it."""
    if isinstance(error, HSJupyterError | t.TraitError | ValueError | TypeError):
        log.warning("a request of a browser was refused: %s", error)
        return str(error)
    log.error("a request of a browser failed", exc_info=error)
    return f"{type(error).__name__}: {error}; the kernel's log has the whole story"
