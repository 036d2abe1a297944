"""Pages of the gallery, made from the notebooks: ``{story} NAME`` is the notebook of that name.

With ``-D gallery_play=1`` each notebook is run while the site is built, and its page shows what it
printed and drew; without, a page has the words and the code.
"""

import base64
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import nbformat
from docutils import nodes
from sphinx.util.docutils import SphinxDirective

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
LIVE = "*Here the notebook has a live view: what is moved in it moves the model.*"
BARS = "application/vnd.jupyter.widget-view+json"


def played(story: Path) -> Any:
    """The notebook after a run in an empty folder."""
    from nbclient import NotebookClient

    notebook = nbformat.read(story, as_version=4)
    with TemporaryDirectory() as folder:
        where = {"metadata": {"path": folder}}
        NotebookClient(notebook, timeout=600, kernel_name="python3", resources=where).execute()
    return notebook


def output_lines(cell: Any, picture: Path) -> list[str]:
    """What a cell printed and drew, as Markdown; a picture is written beside the page's others."""
    lines: list[str] = []
    for output in cell.outputs:
        data = output.get("data", {})
        if "image/png" in data:
            picture.parent.mkdir(parents=True, exist_ok=True)
            picture.write_bytes(base64.b64decode(data["image/png"]))
            lines += [f"![What the cell above draws](/{picture.parent.name}/{picture.name})", ""]
        elif BARS in data:
            # The bar of a fit that went through has nothing to tell any more.
            view = any(word in cell.source for word in ("plot(", "gui(", "dashboard("))
            lines += [LIVE, ""] if view and LIVE not in lines else []
        elif text := data.get("text/plain") or (output.get("name") == "stdout" and output.text):
            lines += ["```text", text.rstrip(), "```", ""]
    return lines


class Story(SphinxDirective):
    """The page of one notebook."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Words, code, and what came of it."""
        name = self.arguments[0]
        story = NOTEBOOKS / f"{name}.ipynb"
        self.env.note_dependency(str(story))
        play = bool(int(self.config.gallery_play))
        notebook = played(story) if play else nbformat.read(story, as_version=4)
        folder = Path(self.env.srcdir) / "_played"
        lines: list[str] = []
        for k, cell in enumerate(notebook.cells):
            if cell.cell_type == "markdown":
                lines += [cell.source, ""]
            else:
                lines += ["```python", cell.source, "```", ""]
                lines += output_lines(cell, folder / f"{name}-{k}.png")
        return self.parse_text_to_nodes("\n".join(lines), allow_section_headings=True)


def setup(app: Any) -> dict[str, bool]:
    """Make the directive known to Sphinx."""
    app.add_config_value("gallery_play", "0", "env")
    app.add_directive("story", Story)
    return {"parallel_read_safe": True}
