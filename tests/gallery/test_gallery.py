"""Every notebook of the gallery runs from top to bottom elsewhere, and comes to what it tells."""

import textwrap
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from tests.gallery.stories import OUTCOMES

FOLDER = Path(__file__).parents[2] / "notebooks"
STORIES = sorted(FOLDER.glob("*.ipynb"))


def play(story: Path, place: Path) -> None:
    """Run a notebook in an empty folder, and after it what its story came to."""
    place.mkdir()
    notebook = nbformat.read(story, as_version=4)
    check = "import numpy as np\n" + textwrap.dedent(OUTCOMES[story.stem])
    notebook.cells.append(nbformat.v4.new_code_cell(check))
    where = {"metadata": {"path": str(place)}}
    NotebookClient(notebook, timeout=500, kernel_name="python3", resources=where).execute()


@pytest.fixture(scope="module")
def played(tmp_path_factory) -> Iterator[dict[str, Future[None]]]:
    """All notebooks, two at a time: most of their time is the start of a kernel."""
    folder = tmp_path_factory.mktemp("gallery")
    with pytest.MonkeyPatch.context() as patch, ThreadPoolExecutor(2) as pool:
        # An empty profile: what a person keeps in theirs must not matter.
        patch.setenv("IPYTHONDIR", str(folder / "ipython"))
        yield {s.stem: pool.submit(play, s, folder / s.stem) for s in STORIES}


def test_every_notebook_has_an_outcome():
    assert {story.stem for story in STORIES} == set(OUTCOMES)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.stem)
def test_it_is_kept_without_what_it_printed(story):
    notebook = nbformat.read(story, as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert not any(cell.outputs or cell.execution_count for cell in code)
    assert notebook.cells[0].source.startswith("# ")
    assert story.stat().st_size < 20_000


@pytest.mark.timeout(600)
@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.stem)
def test_it_comes_to_what_it_tells(story, played):
    played[story.stem].result()
