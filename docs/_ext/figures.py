"""Figures that the program draws: ``{drawing} NAME`` is what that function of `drawings` draws.

Each is drawn twice, for light and for dark pages, while the site is built.
"""

from pathlib import Path
from typing import Any

import drawings
from docutils import nodes
from docutils.parsers.rst import directives
from matplotlib import style
from matplotlib.figure import Figure
from sphinx.util.docutils import SphinxDirective

LINES = {
    "axes.spines.right": False,
    "axes.spines.top": False,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "font.size": 10,
    "legend.frameon": False,
    "savefig.facecolor": "none",
    "svg.hashsalt": "hsjupyter",  # the same drawing, the same file
}
STYLES: dict[str, list[Any]] = {"light": ["default", LINES], "dark": ["dark_background", LINES]}
WIDTH = 7.6  # inches; a column of text


def draw(name: str, folder: Path) -> dict[str, Path]:
    """Draw one figure for each kind of page.

    Parameters
    ----------
    name : str
        Of a function of `drawings`, which gets an empty figure.
    folder : Path
        Where the files go.

    Returns
    -------
    dict of str to Path
        The file for ``light`` and the one for ``dark`` pages.
    """
    folder.mkdir(exist_ok=True)
    made = {}
    for kind, sheets in STYLES.items():
        with style.context(sheets):
            figure = Figure(figsize=(WIDTH, 3.0), layout="constrained")
            getattr(drawings, name)(figure)
            made[kind] = folder / f"{name}-{kind}.svg"
            figure.savefig(made[kind], metadata={"Date": None})
    return made


class Drawing(SphinxDirective):
    """A figure that is drawn while the site is built; its content is the caption."""

    required_arguments = 1
    has_content = True
    option_spec = {"alt": directives.unchanged_required}  # noqa: RUF012 - docutils' own way

    def run(self) -> list[nodes.Node]:
        """Draw it, and show the one that suits the page."""
        name = self.arguments[0]
        self.env.note_dependency(drawings.__file__)
        lines: list[str] = []
        for kind, path in draw(name, Path(self.env.srcdir) / "_drawn").items():
            lines += [
                f":::{{figure}} /_drawn/{path.name}",
                f":figclass: only-{kind}",
                f":alt: {self.options['alt']}",
                "",
                *self.content,
                ":::",
                "",
            ]
        return self.parse_text_to_nodes("\n".join(lines))


def setup(app: Any) -> dict[str, bool]:
    """Make the directive known to Sphinx."""
    app.add_directive("drawing", Drawing)
    return {"parallel_read_safe": True}
