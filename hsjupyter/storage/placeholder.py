"""What stands for a component of a file that is not known here."""

from collections.abc import Mapping
from typing import Any

from hsjupyter.core.component import Component
from hsjupyter.core.errors import ModelError
from hsjupyter.core.parameter import Par
from hsjupyter.core.shape import Array, Coords, Row


class Placeholder(Component, registered=False):
    """Keeps the values and the name of a component that cannot be computed here.

    Parameters
    ----------
    kind : str
        What the file calls the component.
    pars : dict of str to int
        The numbers that each parameter holds; 0 for one that is no vector.
    kept : dict
        What else the file says of it; written back as it stands.
    dimensions : int
        Number of coordinates of the model it is in.
    """

    def __init__(
        self, kind: str, pars: Mapping[str, int], kept: Mapping[str, Any], dimensions: int = 1
    ) -> None:
        self.kind, self.kept, self.dimensions = kind, dict(kept), dimensions
        self._pars = {name: Par((0.0,) * size if size else 0.0) for name, size in pars.items()}
        super().__init__()

    def _declare(self, _pars: Any, _formula: Any, values: Any, named: Any) -> None:
        super()._declare(self._pars, None, values, named)

    def _shape_of_profile(self, _kind: str) -> "NoShape":
        return NoShape(self.kind)

    def freeze(self) -> "NoShape":
        """A shape without a line, for a component that is switched off.

        Raises
        ------
        ModelError
            The component counts.
        """
        if self.active or self.active_is_multidimensional:
            raise _unknown_line(self.name, self.kind)
        return NoShape(self.kind)

    def init_arguments(self) -> dict[str, Any]:
        """What its constructor needs beside parameter values."""
        sizes = {p.name: p.size if isinstance(p.value, tuple) else 0 for p in self.parameters}
        return {
            "kind": self.kind,
            "pars": sizes,
            "kept": self.kept,
            "dimensions": self.dimensions,
        }

    def __repr__(self) -> str:
        return f"<{self.name} (unknown component {self.kind})>"


class NoShape:
    """The shape of a component that is not known; asking for its line is an error."""

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def value(self, coords: Coords, p: Row) -> Array:  # noqa: ARG002 - a shape's signature
        """None; an error."""
        raise _unknown_line(self.kind, self.kind)

    def derivatives(self, coords: Coords, p: Row) -> Array:  # noqa: ARG002 - a shape's signature
        """None; an error."""
        raise _unknown_line(self.kind, self.kind)


def _unknown_line(name: str, kind: str) -> ModelError:
    return ModelError(
        f"{name}: its line is that of the component {kind!r}, which is not known here; its values "
        "are kept. Define a component class of that name and restore the model again, switch it "
        "off with active = False, or remove it"
    )
