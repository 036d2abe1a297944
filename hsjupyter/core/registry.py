"""Named things that register themselves: components, optimizers, losses, and who is handed out.

A lower room never imports a higher one to hand out its classes: it asks a registry here.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Generic, TypeVar

from hsjupyter.core.errors import ModelError, unknown_name
from hsjupyter.core.plugins import load_plugins

T = TypeVar("T")


class Registry(Mapping[str, T], Generic[T]):
    """A mapping from names to things, which grows by `add` and explains a wrong name.

    Parameters
    ----------
    what : str
        What it holds, in the singular: "component".
    more : callable, optional
        Called when a name is not found; it may register more.
    """

    def __init__(self, what: str, more: Callable[[], None] | None = None) -> None:
        self.what, self._more = what, more
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
        if name not in self._things and self._more is not None:
            self._more()
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

COMPONENTS: Registry[type] = Registry("component", more=load_plugins)
"""Component name -> class; filled when a component class is declared, here or in a plugin."""

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
