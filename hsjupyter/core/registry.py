"""Named things that register themselves: components, optimizers, losses, and who is handed out.

A lower room never imports a higher one to hand out its classes: it asks a registry here.
"""

from collections.abc import Iterator, Mapping
from typing import Generic, TypeVar

from hsjupyter.core.errors import ModelError, unknown_name

T = TypeVar("T")


class Registry(Mapping[str, T], Generic[T]):
    """A mapping from names to things, which grows by `add` and explains a wrong name.

    Parameters
    ----------
    what : str
        What it holds, in the singular: "component".
    """

    def __init__(self, what: str) -> None:
        self.what = what
        self._things: dict[str, T] = {}

    def add(self, name: str, thing: T) -> T:
        """Register ``thing`` under ``name``.

        Raises
        ------
        ModelError
            Another thing of another module has that name already.
        """
        old = self._things.get(name)
        if old is not None and getattr(old, "__module__", None) != getattr(
            thing, "__module__", None
        ):
            raise ModelError(
                f"the {self.what} name {name!r} is taken by {old!r}; {thing!r} needs another name"
            )
        self._things[name] = thing
        return thing

    def __getitem__(self, name: str) -> T:
        try:
            return self._things[name]
        except KeyError:
            raise unknown_name(f"the table of {self.what}s", name, self._things) from None

    def get(self, name: str, default: T | None = None) -> T | None:  # type: ignore[override]
        """The thing of that name, or ``default``."""
        return self._things.get(name, default)

    def __contains__(self, name: object) -> bool:
        return name in self._things

    def __iter__(self) -> Iterator[str]:
        return iter(self._things)

    def __len__(self) -> int:
        return len(self._things)


SIGNALS: dict[int, type] = {}
"""Signal dimension -> the signal class handed out; filled by ``signals.py``."""

MODELS: dict[int, type] = {}
"""Signal dimension -> the model class handed out; filled by ``model.py``."""

COMPONENTS: Registry[type] = Registry("component")
"""Component name -> class; filled when a component class is declared."""

SIGNAL_TYPES: dict[str, type] = {}
"""``metadata.Signal.signal_type`` -> the class of such spectra; filled by ``signals.py``."""

MODEL_TYPES: dict[str, type] = {}
"""``metadata.Signal.signal_type`` -> the class of their models; filled by ``model.py``."""


def signal_class(dimension: int, signal_type: object, other: type) -> type:
    """The signal class handed out for data of a dimension and a type; else ``other``."""
    special = SIGNAL_TYPES.get(str(signal_type)) if dimension == 1 else None
    return special or SIGNALS.get(dimension) or SIGNALS.get(0, other)


def model_class(dimension: int, signal_type: object) -> type:
    """The model class handed out for signals of a dimension and a type."""
    special = MODEL_TYPES.get(str(signal_type)) if dimension == 1 else None
    return special or MODELS[dimension]
