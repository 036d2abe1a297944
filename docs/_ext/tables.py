"""Tables that are printed from the program, so that no page says what the code does not do."""

import inspect
import re
from collections.abc import Iterable
from typing import Any, ClassVar

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

import hsjupyter.api as hs
from hsjupyter.fitting import optimizers  # noqa: F401 - each registers itself
from hsjupyter.fitting.optimizers.base import OPTIMIZERS
from hsjupyter.formula import parse

# What a component needs to be made; the page shows no value of these.
EXAMPLES: dict[str, tuple[Any, ...]] = {
    "EELSCLEdge": ("O_K",),
    "Expression": ("a * x + b", "line"),
    "ScalableFixedPattern": (hs.signals.Signal1D([1.0, 2.0, 3.0]),),
}


BRACED = r"\{((?:[^{}]|\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\})*)\}"
FRACTION = re.compile(rf"\\frac{BRACED}{BRACED}")
ROOM = 60
"""Letters of a formula that stand beside each other on a page."""
SIZES = {"": ROOM, r"\small": 75, r"\scriptsize": 10_000}
""".. and as many in smaller ones."""


def cells(rows: Iterable[Iterable[str]]) -> list[str]:
    """The rows of a Markdown table; the first is its head."""
    head, *others = ["| " + " | ".join(row) + " |" for row in rows]
    return [head, "|" + " --- |" * (head.count(" | ") + 1), *others]


def sections(doc: str) -> dict[str, list[str]]:
    """The paragraphs of a docstring by the section they are in; ``""`` has what comes first.

    A paragraph that begins with ``Source:`` is a section of one line.
    """
    found: dict[str, list[str]] = {"": []}
    name = ""
    lines = inspect.cleandoc(doc).splitlines()
    for line, below in zip(lines, [*lines[1:], ""], strict=True):
        if below and set(below) == {"-"}:
            name = line
        elif line.startswith("Source: "):
            name = "Source"
            found[name] = [line.removeprefix("Source: ")]
        elif not line or set(line) != {"-"}:
            found.setdefault(name, []).append(line)
    return found


def argument_lines(section: list[str]) -> list[str]:
    """The arguments of a docstring as a list of definitions."""
    lines: list[str] = []
    for line in section:
        if line.startswith("    "):
            lines.append((": " if lines[-1].startswith("`") else "  ") + line.strip())
        elif line:
            name, _, what = line.partition(" : ")
            lines += ["", f"`{name}`" + (f" ({what})" if what else "")]
    return [*lines, ""]


def parameter_rows(made: Any) -> list[list[str]]:
    """The table of a component's parameters."""
    rows = [["parameter", "unit", "starts at", "bounds", "meaning"]]
    for parameter in made.parameters:
        low, high = ("" if b is None else f"{b:g}" for b in (parameter.bmin, parameter.bmax))
        declared = type(made).pars.get(parameter.name)
        value = parameter.value
        start = f"{value:g}" if isinstance(value, int | float) else f"{len(value)} numbers"
        rows.append(
            [
                f"`{parameter.name}`",
                (declared.unit if declared else "") or "1",
                start + ("" if parameter.free else ", fixed"),
                f"{low} … {high}" if low + high else "",
                parameter.doc.replace("|", "\\|"),
            ]
        )
    return rows


def width(latex: str) -> int:
    """About how many letters stand beside each other: of a fraction the longer part counts."""
    while found := FRACTION.search(latex):
        longer = max(found.groups(), key=width)
        latex = latex[: found.start()] + longer + latex[found.end() :]
    return len(re.sub(r"\\[a-zA-Z]+|[\\{}^_&, ]", "", latex))


def broken(latex: str) -> list[str]:
    """A long sum in lines, each of which begins with its sign; also one in brackets is broken."""
    rows, began, nested, brackets, opened = [], 0, 0, 0, ""
    for mark in re.finditer(r"[{}]|\\begin\b|\\end\b|\\left\b|\\right\b| [+-] ", latex):
        word, start = mark.group(), mark.start()
        nested += {"{": 1, "\\begin": 1, "}": -1, "\\end": -1}.get(word, 0)
        brackets += {"\\left": 1, "\\right": -1}.get(word, 0)
        if word.startswith(" ") and not nested and brackets <= 1:
            rows.append(opened + latex[began:start] + r"\right." * brackets)
            began, opened = start, r"\left." * brackets
    return [*rows, opened + latex[began:]]


def formula_lines(formula: Any) -> list[str]:
    """The formula as it is written in books, with its parts below; long ones in smaller letters."""
    whole, *parts = (part.strip() for part in formula.text.split(";"))
    latex = parse(whole, formula.variables).latex()
    rows = broken(latex) if width(latex) > ROOM else [latex]
    for part in parts:
        name, _, text = part.partition("=")
        sides = (parse(side.strip(), formula.variables).latex() for side in (name, text))
        rows.append(" = ".join(sides))
    widest = max(width(row) for row in rows)
    size = next(size for size, room in SIZES.items() if widest <= room)
    inside = " \\\\[1ex] ".join(rows)
    return ["$$", f"{size} \\begin{{gathered}} {inside} \\end{{gathered}}", "$$", ""]


def component_lines(kind: Any) -> list[str]:
    """One component: what it is, its formula, its parameters and where it comes from."""
    made = kind(*EXAMPLES.get(kind.__name__, ()))
    told = sections(kind.__doc__ or "")
    lines = [f"### {kind.__name__}", "", *told[""], ""]
    if made.formula_object is not None:
        lines += formula_lines(made.formula_object)
    if made.parameters:
        lines += [*cells(parameter_rows(made)), ""]
    if "Parameters" in told:
        lines += ["Arguments:", *argument_lines(told["Parameters"])]
    if "Source" in told:
        lines += [f"*Source:* {' '.join(told['Source']).strip()}", ""]
    return lines


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
