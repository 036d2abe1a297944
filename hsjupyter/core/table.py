"""The working values of components as a table, for people."""

from collections.abc import Iterable, Iterator
from html import escape

from hsjupyter.core.component import Component

HEAD = ("Component", "Parameter", "Free", "Value", "Std", "Min", "Max", "Units")


class ParameterTable:
    """Values, errors, bounds and units of the parameters of some components.

    Prints as text; a notebook shows it as HTML.

    Parameters
    ----------
    components : iterable of Component
    only_free : bool
        Leave out what a fit may not change.
    """

    def __init__(self, components: Iterable[Component], *, only_free: bool = False) -> None:
        self._components, self._only_free = list(components), only_free

    def rows(self) -> Iterator[tuple[str, ...]]:
        """One row a number, as text."""
        for component in self._components:
            for p in component.parameters:
                if self._only_free and not p.free:
                    continue
                spread = p.std if isinstance(p.std, tuple) else (p.std,) * p.size
                for name, value, std in zip(p.slot_names, p.flat(), spread, strict=True):
                    at_bound = "  at bound" if value in (p.bmin, p.bmax) else ""
                    yield (
                        component.name + ("" if component.active else " (not active)"),
                        name,
                        "yes" if p.free else "no" if p.link is None else "follows",
                        f"{value:.6g}{at_bound}",
                        "" if std is None or std != std else f"{std:.2g}",  # noqa: PLR0124 - NaN
                        "" if p.bmin is None else f"{p.bmin:.4g}",
                        "" if p.bmax is None else f"{p.bmax:.4g}",
                        p.units,
                    )

    def __str__(self) -> str:
        rows = [HEAD, *self.rows()]
        widths = [max(len(row[k]) for row in rows) for k in range(len(HEAD))]
        lines = ["  ".join(c.ljust(w) for c, w in zip(r, widths, strict=True)) for r in rows]
        lines.insert(1, "  ".join("-" * w for w in widths))
        return "\n".join(line.rstrip() for line in lines)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{name}</th>" for name in HEAD)
        body = "".join(
            "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>"
            for row in self.rows()
        )
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
