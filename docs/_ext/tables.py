"""Tables that are printed from the program, so that no page says what the code does not do."""

from collections.abc import Iterable
from typing import Any, ClassVar

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

import hsjupyter.api as hs
from hsjupyter.fitting import optimizers  # noqa: F401 - each registers itself
from hsjupyter.fitting.optimizers.base import OPTIMIZERS

# What a component needs to be made; the page shows no value of these.
EXAMPLES: dict[str, tuple[Any, ...]] = {
    "EELSCLEdge": ("O_K",),
    "Expression": ("a * x + b", "line"),
    "ScalableFixedPattern": (hs.signals.Signal1D([1.0, 2.0, 3.0]),),
}


def cells(rows: Iterable[Iterable[str]]) -> list[str]:
    """The rows of a Markdown table; the first is its head."""
    head, *others = ["| " + " | ".join(row) + " |" for row in rows]
    return [head, "|" + " --- |" * (head.count(" | ") + 1), *others]


def component_lines(kind: Any) -> list[str]:
    """One component: its formula, its parameters and where it comes from."""
    made = kind(*EXAMPLES.get(kind.__name__, ()))
    lines = [f"### {kind.__name__}", "", *(kind.__doc__ or "").splitlines()[:1], ""]
    if made.formula_object is not None:
        lines += ["$$", made.formula_object.latex(), "$$", ""]
    rows = [["parameter", "starts at", "bounds", "meaning"]]
    for parameter in made.parameters:
        low, high = ("" if b is None else f"{b:g}" for b in (parameter.bmin, parameter.bmax))
        free = "" if parameter.free else ", fixed"
        value = parameter.value
        start = f"{value:g}" if isinstance(value, int | float) else f"{len(value)} numbers"
        rows.append(
            [f"`{parameter.name}`", start + free, f"{low} … {high}" if low + high else "",
             parameter.doc.replace("|", "\\|")]
        )  # fmt: skip
    return [*lines, *cells(rows), ""]


class Page(SphinxDirective):
    """A directive whose content is made by the program."""

    lines: ClassVar[Any]

    def run(self) -> list[nodes.Node]:
        """Parse what the program printed."""
        return self.parse_text_to_nodes(
            "\n".join(StringList(type(self).lines(self))), allow_section_headings=True
        )


class Components(Page):
    """Every component of ``components1D`` or ``components2D``."""

    required_arguments = 1

    def lines(self) -> list[str]:
        """One section a component."""
        space = getattr(hs.model, f"components{self.arguments[0]}D")
        return [line for name in dir(space) for line in component_lines(getattr(space, name))]


class Optimizers(Page):
    """Every optimizer and what it is able for."""

    def lines(self) -> list[str]:
        """One row an optimizer."""
        table = OPTIMIZERS.table()
        rows = [list(table.head), *([f"`{name}`", *rest] for name, *rest in table.rows)]
        return cells(rows)


def setup(app: Any) -> dict[str, bool]:
    """Make the directives known to Sphinx."""
    app.add_directive("components", Components)
    app.add_directive("optimizers", Optimizers)
    return {"parallel_read_safe": True}
