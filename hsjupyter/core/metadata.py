"""The metadata tree: ``metadata.Signal.Noise_properties.variance``."""

import weakref
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from html import escape
from typing import Any, NamedTuple

import numpy as np

_MISSING = object()


class Alias(NamedTuple):
    """A name in the tree whose value has its home elsewhere."""

    read: Callable[[], Any]
    write: Callable[[Any], None]


class Metadata:
    """A tree of named values, reached by dots.

    Setting a dictionary grows a branch; a name that is not there raises AttributeError, and
    `get_item` asks without raising.

    Parameters
    ----------
    tree : mapping, optional
        Nested dictionaries to begin with; copied.
    """

    # The names of the tree stay out of __dict__: one called "keys" must not hide the method.
    __slots__ = ("__weakref__", "_above", "_aliases", "_items", "_watchers")
    _items: dict[str, Any]
    _aliases: dict[str, Alias]
    _above: "weakref.ref[Metadata] | None"
    _watchers: list[weakref.WeakMethod[Callable[[], None]]]

    def __init__(self, tree: Mapping[str, Any] | None = None) -> None:
        object.__setattr__(self, "_items", {})
        object.__setattr__(self, "_aliases", {})
        object.__setattr__(self, "_above", None)
        object.__setattr__(self, "_watchers", [])
        for key, value in (tree or {}).items():
            setattr(self, str(key), deepcopy(value))

    def set_alias(self, path: str, read: Callable[[], Any], write: Callable[[Any], None]) -> None:
        """Let a dotted path show, and set, what has its home elsewhere.

        The tree itself does not hold it: it is not in `as_dictionary`, copies or files, and
        `has_item` does not see it.
        """
        name, _, rest = path.partition(".")
        if rest:
            self.add_node(name)
            self._items[name].set_alias(rest, read, write)
            return
        self._aliases[name] = Alias(read, write)
        if name in self._items:
            write(self._items.pop(name))

    def watch(self, call: Callable[[], None]) -> None:
        """Call a method whenever something in the tree was set or forgotten.

        Parameters
        ----------
        call : bound method
            Called without argument, as long as its object lives.
        """
        self._watchers.append(weakref.WeakMethod(call))

    def tell(self) -> None:
        """Tell who watches this branch, or one above it, that it changed."""
        for watcher in tuple(self._watchers):
            call = watcher()
            if call is None:
                self._watchers.remove(watcher)
            else:
                call()
        above = None if self._above is None else self._above()
        if above is not None:
            above.tell()

    def _put(self, name: str, value: Any) -> None:
        if isinstance(value, Metadata):
            object.__setattr__(value, "_above", weakref.ref(self))
        self._items[name] = value
        self.tell()

    # -- one name ------------------------------------------------------------------------------

    def __setattr__(self, name: str, value: Any) -> None:
        if name in self._aliases:
            self._aliases[name].write(value)
            return
        if isinstance(value, Metadata):
            value = value.as_dictionary()
        if isinstance(value, Mapping):
            branch = self._items.get(name)
            if not isinstance(branch, Metadata):
                branch = Metadata()
            branch.clear()  # what it shows of elsewhere stays
            for key, inside in value.items():
                setattr(branch, str(key), inside)
            value = branch
        self._put(name, value)

    def __getattr__(self, name: str) -> Any:
        # Only reached when the class has no such name.
        value = self._own(name)
        if value is _MISSING:
            known = [*self._items, *self._aliases]
            raise AttributeError(
                f"the metadata has no {name!r} here; it has {', '.join(known) or 'nothing'}; "
                f"metadata.set_item({name!r}, value) makes one"
            )
        return value

    def __delattr__(self, name: str) -> None:
        if name not in self._items:
            raise AttributeError(
                f"the metadata has no {name!r} here to forget; it has "
                f"{', '.join(self._items) or 'nothing'}"
            )
        del self._items[name]
        self.tell()

    def _own(self, name: str) -> Any:
        if name.startswith("__"):  # what copy and pickle ask for, before there are items
            return _MISSING
        if name in self._aliases:
            return self._aliases[name].read()
        return self._items.get(name, _MISSING)

    def clear(self) -> None:
        """Forget all values."""
        self._items.clear()
        self.tell()

    # -- dotted paths --------------------------------------------------------------------------

    def get_item(self, path: str, default: Any = None) -> Any:
        """The value at a dotted path, or ``default``."""
        name, _, rest = path.partition(".")
        value = self._own(name)
        if rest:
            return value.get_item(rest, default) if isinstance(value, Metadata) else default
        return default if value is _MISSING else value

    def set_item(self, path: str, value: Any) -> None:
        """Set the value at a dotted path, growing the branches it needs."""
        name, _, rest = path.partition(".")
        if rest:
            self.add_node(name)
            self._items[name].set_item(rest, value)
        else:
            setattr(self, name, value)

    def remove_item(self, path: str) -> None:
        """Forget the value at a dotted path, if there is one."""
        name, _, rest = path.partition(".")
        if not rest:
            self._items.pop(name, None)
            self.tell()
        elif isinstance(branch := self._items.get(name), Metadata):
            branch.remove_item(rest)

    def add_node(self, path: str) -> None:
        """Grow an empty branch, unless it is there."""
        name, _, rest = path.partition(".")
        if not isinstance(self._items.get(name), Metadata):
            self._put(name, Metadata())
        if rest:
            self._items[name].add_node(rest)

    def add_dictionary(self, tree: Mapping[str, Any]) -> None:
        """Merge nested dictionaries into the tree."""
        for key, value in tree.items():
            here = self._items.get(str(key))
            if isinstance(value, Mapping) and isinstance(here, Metadata):
                here.add_dictionary(value)
            else:
                setattr(self, str(key), deepcopy(value))

    def has_item(self, path: str) -> bool:
        """Whether the tree holds something at a dotted path."""
        name, _, rest = path.partition(".")
        value = self._items.get(name, _MISSING)
        if rest:
            return isinstance(value, Metadata) and value.has_item(rest)
        return value is not _MISSING

    # -- the whole -----------------------------------------------------------------------------

    def as_dictionary(self) -> dict[str, Any]:
        """Nested dictionaries; the values are not copied."""
        return {
            key: value.as_dictionary() if isinstance(value, Metadata) else value
            for key, value in self._items.items()
        }

    def copy(self) -> "Metadata":
        """An independent tree; the values are not copied."""
        twin = Metadata()
        for key, value in self._items.items():
            setattr(twin, key, value)
        return twin

    def deepcopy(self) -> "Metadata":
        """An independent tree of copied values."""
        return deepcopy(self)

    def __deepcopy__(self, memo: dict[int, Any]) -> "Metadata":
        twin = Metadata()
        for key, value in deepcopy(self.as_dictionary(), memo).items():
            setattr(twin, key, value)
        return twin

    def __reduce__(self) -> tuple[Any, ...]:
        return (Metadata, (self.as_dictionary(),))

    def keys(self) -> list[str]:
        """The names at this level."""
        return list(self._items)

    def __contains__(self, name: object) -> bool:
        return name in self._items

    def __iter__(self) -> Iterator[tuple[str, Any]]:
        return iter(self._items.items())

    def __len__(self) -> int:
        return len(self._items)

    def __bool__(self) -> bool:
        return True

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self._items, *self._aliases]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Metadata):
            return False
        return _same(self.as_dictionary(), other.as_dictionary())

    __hash__ = None  # type: ignore[assignment]

    # -- for people ----------------------------------------------------------------------------

    def _shown(self) -> dict[str, Any]:
        """Names in the order they are told, aliases included."""
        shown = {**self._items, **{name: alias.read() for name, alias in self._aliases.items()}}
        return {name: shown[name] for name in sorted(shown)}

    def lines(self, stem: str = "") -> Iterator[str]:
        """The tree as text, line by line."""
        shown = self._shown()
        for i, (key, value) in enumerate(shown.items(), 1):
            corner, beam = ("└── ", "    ") if i == len(shown) else ("├── ", "│   ")
            if isinstance(value, Metadata):
                yield f"{stem}{corner}{key}"
                yield from value.lines(stem + beam)
            else:
                yield f"{stem}{corner}{key} = {_short(value)}"

    def __repr__(self) -> str:
        return "\n".join(self.lines())

    def _repr_html_(self) -> str:
        parts = []
        for key, value in self._shown().items():
            if isinstance(value, Metadata):
                inside = value._repr_html_()
                parts.append(
                    f"<li><details><summary>{escape(key)}</summary>{inside}</details></li>"
                )
            else:
                parts.append(f"<li>{escape(key)} = {escape(_short(value))}</li>")
        return f"<ul>{''.join(parts)}</ul>"


def _same(one: Any, other: Any) -> bool:
    if one is other:
        return True
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    try:
        same = one == other
    except ValueError:  # of other shapes
        return False
    # Arrays and signals compare element by element.
    same = same if isinstance(same, bool) else getattr(same, "data", same)
    return bool(np.all(same))


def _short(value: Any) -> str:
    text = repr(value).replace("\n", " ")
    return text if len(text) < 80 else text[:77] + "..."
