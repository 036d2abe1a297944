"""``components1D`` and ``components2D``: the registered components as attributes."""

from typing import Any

from hsjupyter.core.errors import UnknownNameError
from hsjupyter.core.plugins import load_plugins
from hsjupyter.core.registry import COMPONENTS


class Namespace:
    """The components of a number of coordinates by name, with tab completion.

    A view: components that are declared later, or come from other packages, are found as well.

    Parameters
    ----------
    dimensions : int
        1 for spectra, 2 for images.
    """

    def __init__(self, dimensions: int) -> None:
        self._dimensions = dimensions

    # As the metadata tree: a copy of the table would miss what is registered later, and filling it
    # up now would import every package that brings components.
    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        try:
            kind = COMPONENTS[name]
        except UnknownNameError as why:
            raise AttributeError(str(why)) from None
        if not self._holds(kind):
            other = 3 - self._dimensions
            raise AttributeError(
                f"{name} is a component of {other}D; take it from components{other}D"
            )
        return kind

    def __dir__(self) -> list[str]:
        load_plugins()
        return sorted(name for name, kind in COMPONENTS.items() if self._holds(kind))

    def _holds(self, kind: Any) -> bool:
        return bool(kind.any_dimension or kind.dimensions == self._dimensions)

    def __repr__(self) -> str:
        return f"<components{self._dimensions}D: {', '.join(dir(self))}>"
