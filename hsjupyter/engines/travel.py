"""Whether a plan can travel: what its functions are made of, and who has it."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from hsjupyter import __version__
from hsjupyter.core.errors import FitError, LibraryMissing
from hsjupyter.engines.worker import Facts
from hsjupyter.fitting.plan import Plan

OURS = ("hsjupyter", "numpy", "builtins")


def strangers(plan: Plan, extra: Iterable[Any] = ()) -> tuple[list[str], list[str]]:
    """What a plan is made of beside our own code.

    Parameters
    ----------
    plan : Plan
    extra : iterable
        Further things that travel.

    Returns
    -------
    modules : list of str
        Those that an engine must have.
    homeless : list of str
        Classes and functions that no engine can import, with the places they were written in.
    """
    modules: dict[str, None] = {}
    homeless: dict[str, None] = {}
    for thing in (*plan.shapes, *(link.link for link in plan.links), *extra):
        for code in _code_of(thing):
            module, name = code.__module__ or "", code.__qualname__
            if module.partition(".")[0] in OURS:
                continue
            if module == "__main__" or "<" in name or not _is_there(code, module, name):
                homeless[f"{name} ({module})"] = None
            else:
                modules[module] = None
    return list(modules), list(homeless)


def _code_of(thing: Any) -> Iterator[Any]:
    """The classes and functions that something is made of."""
    if isinstance(thing, type) or (callable(thing) and hasattr(thing, "__qualname__")):
        yield thing
        return
    yield type(thing)
    if is_dataclass(thing):
        for field in fields(thing):
            part = getattr(thing, field.name)
            if callable(part):
                yield from _code_of(part)


def _is_there(code: Any, module: str, name: str) -> bool:
    found: Any = sys.modules.get(module)
    for part in name.split("."):
        found = getattr(found, part, None)
    return found is code or getattr(found, "__func__", None) is code


def refuse_homeless(homeless: list[str], where: str) -> None:
    """Refuse what cannot travel.

    Raises
    ------
    FitError
        There is something.
    """
    if homeless:
        raise FitError(
            f"multifit: {', '.join(homeless)} is written in this session, and {where} can import "
            "it from nowhere; put it into a file, import it from there, and make the model again, "
            "or fit here: executor='threads'"
        )


def refuse_facts(facts: Facts, engine: str) -> None:
    """Refuse an engine that has not what is needed.

    Raises
    ------
    LibraryMissing
        A module is missing there.
    FitError
        Its versions differ from those here.
    """
    if facts.missing:
        raise LibraryMissing(
            f"multifit: {engine} has no module {', '.join(facts.missing)}, which the model needs; "
            "install it there, or fit here: without client="
        )
    here = (__version__, (sys.version_info[0], sys.version_info[1]))
    if (facts.version, facts.python) != here:
        raise FitError(
            f"multifit: {engine} has hsjupyter {facts.version} on Python "
            f"{'.'.join(map(str, facts.python))}, here are {here[0]} and "
            f"{'.'.join(map(str, here[1]))}; install the same on both, or fit here: without client="
        )
