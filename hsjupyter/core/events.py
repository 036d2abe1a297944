"""HyperSpy's ``events.<name>.connect(f)``, a thin face of traitlets' ``observe``."""

from __future__ import annotations

import inspect
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

import traitlets as t

from hsjupyter.core.errors import ModelError, unknown_name

How = str | Sequence[str] | Mapping[str, str]


@dataclass(frozen=True)
class _Kind:
    """What sets an event off, and which attributes of the thing its functions get beside it."""

    trait: str
    attributes: tuple[str, ...] = ()


KINDS = {
    "value_changed": _Kind("value", ("value",)),
    "active_changed": _Kind("active", ("active",)),
    "fitted": _Kind("fit_output"),
    "indices_changed": _Kind("indices"),
}


class Event:
    """Something that happens to a thing; functions are connected to it.

    Parameters
    ----------
    thing : HasTraits
        Whose event it is.
    name : str
        One of `KINDS`.
    """

    def __init__(self, thing: t.HasTraits, name: str) -> None:
        self._thing, self._name, self._kind = weakref.ref(thing), name, KINDS[name]
        self._handlers: dict[Callable[..., Any], Callable[[Any], None]] = {}
        self._silent = 0
        self._silenced: set[Callable[..., Any]] = set()

    @property
    def arguments(self) -> tuple[str, ...]:
        """The arguments that functions get."""
        return ("obj", *self._kind.attributes)

    @property
    def connected(self) -> list[Callable[..., Any]]:
        """The functions that are called."""
        return list(self._handlers)

    def connect(self, function: Callable[..., Any], kwargs: How = "all") -> None:
        """Call a function whenever this happens.

        Parameters
        ----------
        function : callable
        kwargs : {'all', 'auto'}, or a sequence or mapping of str
            The arguments it gets, by name: all; those it names; these; or these under other
            names. With 'all', a function that has other names gets them by place, and one that
            takes fewer gets the first.

        Raises
        ------
        ModelError
            It cannot be called, or is connected already.
        UnknownNameError
            There is no such argument.
        """
        thing = self._thing()
        if not callable(function):
            raise ModelError(f"{self!r}: {function!r} came; a function is wanted")
        if function in self._handlers:
            raise ModelError(f"{self!r}: {function!r} is connected already; disconnect it first")
        call = _caller(self, function, kwargs)

        def tell(_change: Any) -> None:
            if not self._silent and function not in self._silenced:
                call(self._values())

        if thing is not None:
            thing.observe(tell, self._kind.trait)
            self._handlers[function] = tell

    def disconnect(self, function: Callable[..., Any]) -> None:
        """Call a function no longer.

        Raises
        ------
        ModelError
            It is not connected.
        """
        if function not in self._handlers:
            raise ModelError(f"{self!r}: {function!r} is not connected; see .connected")
        thing, tell = self._thing(), self._handlers.pop(function)
        if thing is not None:
            thing.unobserve(tell, self._kind.trait)

    def trigger(self, **values: Any) -> None:
        """Tell all connected functions as if it had happened.

        Parameters
        ----------
        **values
            Arguments in place of what the thing has now.
        """
        for name in values:
            if name not in self.arguments:
                raise unknown_name(repr(self), name, self.arguments)
        for function, tell in tuple(self._handlers.items()):
            if not self._silent and function not in self._silenced:
                if values:
                    _caller(self, function, "all")({**self._values(), **values})
                else:
                    tell(None)

    @contextmanager
    def suppress(self) -> Iterator[None]:
        """Tell nobody inside a ``with`` block."""
        self._silent += 1
        try:
            yield
        finally:
            self._silent -= 1

    @contextmanager
    def suppress_callback(self, function: Callable[..., Any]) -> Iterator[None]:
        """Do not tell one function inside a ``with`` block."""
        self._silenced.add(function)
        try:
            yield
        finally:
            self._silenced.discard(function)

    def _values(self) -> dict[str, Any]:
        thing = self._thing()
        return {"obj": thing, **{name: getattr(thing, name) for name in self._kind.attributes}}

    def __repr__(self) -> str:
        return f"<event {self._name} of {self._thing()!r}: {len(self._handlers)} connected>"


def _caller(
    event: Event, function: Callable[..., Any], how: How
) -> Callable[[Mapping[str, Any]], Any]:
    """What calls a function with the arguments it wants."""
    names = event.arguments
    if isinstance(how, str):
        if how not in {"all", "auto"}:
            raise unknown_name(f"{event!r}.connect: kwargs", how, ["all", "auto"])
        return _by_signature(function, names, auto=how == "auto")
    renamed = how if isinstance(how, Mapping) else {name: name for name in how}
    for name in renamed:
        if name not in names:
            raise unknown_name(repr(event), name, names)
    return lambda values: function(**{new: values[old] for old, new in renamed.items()})


def _by_signature(
    function: Callable[..., Any], names: tuple[str, ...], *, auto: bool
) -> Callable[[Mapping[str, Any]], Any]:
    try:
        taken = inspect.signature(function).parameters.values()
    except ValueError:  # a function of C that does not tell
        return lambda values: function(*values.values())
    by_name = [p.name for p in taken if p.kind not in {p.POSITIONAL_ONLY, p.VAR_POSITIONAL}]
    if any(p.kind is p.VAR_KEYWORD for p in taken) or set(names) <= set(by_name):
        return lambda values: function(**values)
    wanted = [name for name in names if name in by_name]
    if auto or wanted:
        return lambda values: function(**{name: values[name] for name in wanted})
    places = [p for p in taken if p.kind in {p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD}]
    every = any(p.kind is p.VAR_POSITIONAL for p in taken)
    count = len(names) if every else len(places)
    return lambda values: function(*list(values.values())[:count])


class Events:
    """The events of a thing, by name, with tab completion.

    Parameters
    ----------
    thing : HasTraits
    """

    def __init__(self, thing: t.HasTraits) -> None:
        self.__dict__.update(
            {
                name: Event(thing, name)
                for name, kind in KINDS.items()
                if thing.has_trait(kind.trait)
            }
        )

    @contextmanager
    def suppress(self) -> Iterator[None]:
        """Tell nobody of anything inside a ``with`` block."""
        with ExitStack() as stack:
            for event in vars(self).values():
                stack.enter_context(event.suppress())
            yield

    def __repr__(self) -> str:
        return f"<events: {', '.join(vars(self))}>"


_MADE: weakref.WeakKeyDictionary[t.HasTraits, Events] = weakref.WeakKeyDictionary()


def events_of(thing: t.HasTraits) -> Any:
    """The events of a thing; the same each time it is asked."""
    made = _MADE.get(thing)
    if made is None:
        made = _MADE[thing] = Events(thing)
    return made
