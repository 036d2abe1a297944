"""The components of a model by name, and what may become one of them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from itertools import count
from typing import TYPE_CHECKING, Any

from hsjupyter.core.component import Component
from hsjupyter.core.errors import ModelError, unknown_name
from hsjupyter.core.table import Table
from hsjupyter.core.twins import attribute_name

if TYPE_CHECKING:
    from hsjupyter.core.model import BaseModel

HEAD = ("#", "Attribute Name", "Component Name", "Component Type")
WIDTHS = (4, 19, 19, 19)


class ModelComponents:
    """The components of a model as attributes; prints as a table.

    Attribute names are the component names with everything but letters, digits and underscores
    replaced by underscores.
    """

    def __init__(self, components: Iterable[Component]) -> None:
        listed = tuple(components)
        self.__dict__.update({attribute_name(c.name): c for c in listed})
        self.__dict__["_list"] = listed

    def __getattr__(self, name: str) -> Any:
        # Only reached for what is not there; what Python asks for itself is none of ours.
        if name.startswith("_"):
            raise AttributeError(name)
        known = [attribute_name(component.name) for component in self.__dict__["_list"]]
        raise AttributeError(str(unknown_name("m.components", name, known)))

    def _rows(self) -> list[tuple[str, ...]]:
        return [
            (str(i), attribute_name(c.name), c.name, type(c).__name__)
            for i, c in enumerate(self.__dict__["_list"])
        ]

    def __repr__(self) -> str:
        rows = self._rows()
        widths = [max(w, *(len(row[k]) for row in rows), 0) for k, w in enumerate(WIDTHS)]
        lines = [HEAD, tuple("-" * w for w in widths), *rows]
        return "\n".join(
            " | ".join(cell.rjust(w) for cell, w in zip(line, widths, strict=True))
            for line in lines
        )

    def _repr_html_(self) -> str:
        return Table(HEAD, self._rows())._repr_html_()


def unique_name(name: str, taken: Collection[str]) -> str:
    """A name whose attribute none of those taken has: itself, or numbered.

    Parameters
    ----------
    name : str
        What is wished for.
    taken : collection of str
        Names of the other components.
    """
    attributes = {attribute_name(each) for each in taken}
    if attribute_name(name) not in attributes:
        return name
    stem = re.sub(r"_\d+$", "", name)
    return next(new for i in count() if attribute_name(new := f"{stem}_{i}") not in attributes)


def check_component(model: BaseModel, thing: Any) -> None:
    """Refuse what cannot be appended to a model.

    Raises
    ------
    ModelError
        It is no component, is in a model already, or has another number of dimensions.
    """
    dimensions = model.axes_manager.signal_dimension
    if not isinstance(thing, Component):
        raise ModelError(
            f"{model!r}: {thing!r} came; a component is wanted, e.g. "
            f"hs.model.components{dimensions}D.Gaussian{'2D' if dimensions > 1 else ''}()"
        )
    if thing.model is not None:
        whose = "this" if thing.model is model else "another"
        raise ModelError(f"{thing!r} is in {whose} model already; append thing.copy() instead")
    if thing.dimensions != dimensions:
        raise ModelError(
            f"{model!r}: {thing!r} has {thing.dimensions} dimension(s), the signal has "
            f"{dimensions}; take it from hs.model.components{dimensions}D"
        )
