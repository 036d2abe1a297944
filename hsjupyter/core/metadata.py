"""The metadata tree: ``metadata.Signal.Noise_properties.variance``."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any


class Metadata:
    """A tree of named values, reached by dots.

    Setting a dictionary grows a branch; a name that is not there raises AttributeError, and
    `get_item` asks without raising.

    Parameters
    ----------
    tree : mapping, optional
        Nested dictionaries to begin with; copied.
    """

    def __init__(self, tree: Mapping[str, Any] | None = None) -> None:
        for key, value in (tree or {}).items():
            setattr(self, str(key), deepcopy(value))

    def __setattr__(self, name: str, value: Any) -> None:
        if isinstance(value, Mapping):
            value = Metadata(value)
        self.__dict__[name] = value

    def __getattr__(self, name: str) -> Any:
        # Only reached when the name is not there.
        raise AttributeError(
            f"the metadata has no {name!r} here; it has {', '.join(self.__dict__) or 'nothing'}; "
            f"metadata.set_item({name!r}, value) makes one"
        )

    def get_item(self, path: str, default: Any = None) -> Any:
        """The value at a dotted path, or ``default``."""
        here: Any = self
        for name in path.split("."):
            if not isinstance(here, Metadata) or name not in here.__dict__:
                return default
            here = here.__dict__[name]
        return here

    def set_item(self, path: str, value: Any) -> None:
        """Set the value at a dotted path, growing the branches it needs."""
        *branches, leaf = path.split(".")
        here = self
        for name in branches:
            if not isinstance(here.__dict__.get(name), Metadata):
                here.__dict__[name] = Metadata()
            here = here.__dict__[name]
        setattr(here, leaf, value)

    def add_node(self, path: str) -> None:
        """Grow an empty branch, unless it is there."""
        if not isinstance(self.get_item(path), Metadata):
            self.set_item(path, Metadata())

    def add_dictionary(self, tree: Mapping[str, Any]) -> None:
        """Merge nested dictionaries into the tree."""
        for key, value in tree.items():
            here = self.__dict__.get(str(key))
            if isinstance(value, Mapping) and isinstance(here, Metadata):
                here.add_dictionary(value)
            else:
                setattr(self, str(key), deepcopy(value))

    def has_item(self, path: str) -> bool:
        """Whether there is something at a dotted path."""
        missing = object()
        return self.get_item(path, missing) is not missing

    def as_dictionary(self) -> dict[str, Any]:
        """Nested dictionaries; the values are not copied."""
        return {
            key: value.as_dictionary() if isinstance(value, Metadata) else value
            for key, value in self.__dict__.items()
        }

    def copy(self) -> "Metadata":
        """An independent tree of the same values."""
        return Metadata(self.as_dictionary())

    def __deepcopy__(self, memo: dict[int, Any]) -> "Metadata":
        return Metadata(deepcopy(self.as_dictionary(), memo))

    def keys(self) -> list[str]:
        """The names at this level."""
        return list(self.__dict__)

    def __contains__(self, name: object) -> bool:
        return name in self.__dict__

    def __iter__(self) -> Iterator[tuple[str, Any]]:
        return iter(self.__dict__.items())

    def __len__(self) -> int:
        return len(self.__dict__)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Metadata) and self.__dict__ == other.__dict__

    __hash__ = None  # type: ignore[assignment]

    def _lines(self, stem: str = "") -> Iterator[str]:
        last = len(self.__dict__) - 1
        for i, (key, value) in enumerate(self.__dict__.items()):
            corner, beam = ("└── ", "    ") if i == last else ("├── ", "│   ")
            if isinstance(value, Metadata):
                yield f"{stem}{corner}{key}"
                yield from Metadata._lines(value, stem + beam)
            else:
                text = repr(value).replace("\n", " ")
                yield f"{stem}{corner}{key} = {text if len(text) < 80 else text[:77] + '...'}"

    def __repr__(self) -> str:
        return "\n".join(self._lines())
