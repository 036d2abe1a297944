"""Tables for people: text in a terminal, HTML in a notebook."""

from __future__ import annotations

import builtins
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from hsjupyter.core.parameter import Parameter
    from hsjupyter.core.parameter_set import ParameterSet

PARAMETERS = ("Component", "Parameter", "Free", "Value", "Std", "Min", "Max", "Units")


class Table:
    """Rows of text under a head.

    Parameters
    ----------
    head : sequence of str
    rows : iterable of sequence of str
    title : str
        Stands above it.
    """

    def __init__(self, head: Sequence[str], rows: Iterable[Sequence[str]], title: str = "") -> None:
        self.head, self.rows, self.title = tuple(head), [tuple(row) for row in rows], title

    def __str__(self) -> str:
        rows = [self.head, *self.rows]
        widths = [max(len(row[k]) for row in rows) for k in range(len(self.head))]
        lines = ["  ".join(c.ljust(w) for c, w in zip(r, widths, strict=True)) for r in rows]
        lines.insert(1, "  ".join("-" * w for w in widths))
        titled = [self.title] if self.title else []
        return "\n".join([*titled, *(line.rstrip() for line in lines)])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        caption = f"<caption>{escape(self.title)}</caption>" if self.title else ""
        head = "".join(f"<th>{escape(name)}</th>" for name in self.head)
        body = "".join(
            "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>"
            for row in self.rows
        )
        return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def show(thing: Any) -> None:
    """Show in a notebook as HTML, print elsewhere."""
    # IPython puts `display` among the builtins, so there is nothing to import.
    getattr(builtins, "display", print)(thing)


def parameter_table(
    components: Iterable[ParameterSet],
    *,
    only_free: bool = False,
    skip_multi: bool = False,
    title: str = "",
) -> Table:
    """Values, errors, bounds and units of the parameters of some components.

    Parameters
    ----------
    components : iterable of Component
    only_free : bool
        Leave out what a fit may not change.
    skip_multi : bool
        Leave out parameters of several numbers.
    title : str
        Stands above it.
    """
    parameters = [
        p
        for c in components
        for p in c.parameters
        if (p.free or not only_free) and not (skip_multi and isinstance(p.value, tuple))
    ]
    return Table(PARAMETERS, _parameter_rows(parameters), title)


def _parameter_rows(parameters: Iterable[Parameter]) -> Iterator[tuple[str, ...]]:
    for p in parameters:
        component = p.component
        whose = "" if component is None else component.name
        off = "" if component is None or component.active else " (not active)"
        for name, value, std in zip(p.slot_names, p.flat(), p.flat_std(), strict=True):
            at_bound = "  at bound" if value in (p.bmin, p.bmax) else ""
            yield (
                whose + off,
                name,
                _freedom(p),
                f"{value:.6g}{at_bound}",
                "" if np.isnan(std) else f"{std:.2g}",
                "" if p.bmin is None else f"{p.bmin:.4g}",
                "" if p.bmax is None else f"{p.bmax:.4g}",
                p.units,
            )


def _freedom(parameter: Parameter) -> str:
    if parameter.link is None:
        return "yes" if parameter.free else "no"
    text = parameter.twin_function_expr
    if parameter.twin is None:
        return f"= {text}"
    function = f"{text} of " if text else "f of " if parameter.twin_callable else ""
    return f"= {function}{parameter.twin}"
