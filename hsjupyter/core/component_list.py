"""The components of a model by name, and the attribute names made of theirs."""

import re
from collections.abc import Iterable

from hsjupyter.core.component import Component


class ModelComponents:
    """The components of a model as attributes; prints as a table.

    Attribute names are the component names with everything but letters, digits and underscores
    replaced by underscores.
    """

    def __init__(self, components: Iterable[Component]) -> None:
        self._list = tuple(components)
        self.__dict__.update({attribute_name(c.name): c for c in self._list})

    def __repr__(self) -> str:
        head = ("#", "Attribute Name", "Component Name", "Component Type")
        rows = [
            (str(i), attribute_name(c.name), c.name, type(c).__name__)
            for i, c in enumerate(self._list)
        ]
        widths = [max(w, *(len(r[k]) for r in rows), 0) for k, w in enumerate((4, 19, 19, 19))]
        lines = [head, tuple("-" * w for w in widths), *rows]
        return "\n".join(
            " | ".join(cell.rjust(w) for cell, w in zip(line, widths, strict=True))
            for line in lines
        )


def attribute_name(name: str) -> str:
    """A component name as a Python attribute."""
    return re.sub(r"\W|^(?=\d)", "_", name)
