"""Kinds of requests a browser may make, and how they are checked: what is no kind is refused.

A message is ``{id, kind, ...}``; its other fields are exactly those of its kind.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

import traitlets as t

from hsjupyter.core.errors import HSJupyterError, ModelError, unknown_name
from hsjupyter.gui.checks import LONGEST, text
from hsjupyter.gui.table import Table

log = logging.getLogger(__name__)

Outcome = Future[Any] | str | None
"""What a request gives: something under way, a text for the browser, or nothing."""

Fields = dict[str, Any]


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
    whole: bool = False
    """Whether it changes what is stored at other pixels than the current one."""


KINDS: dict[str, Kind] = {}


def kind(
    name: str,
    /,
    note: Callable[[Table, Fields], Note] | None = None,
    *,
    whole: bool = False,
    **fields: Callable[[Any], bool],
) -> Callable[[Callable[[Table, Fields], Outcome]], Any]:
    """Register what a kind of request does; with a note it can be undone."""

    def register(do: Callable[[Table, Fields], Outcome]) -> Any:
        KINDS[name] = Kind(fields, do, note, whole)
        return do

    return register


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
