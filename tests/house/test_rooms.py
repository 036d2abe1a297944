"""The rooms depend one way only, and a wrong import in any direction is told by its name."""

import os
import shutil
import subprocess
import sys

import pytest

from tests.house.sources import PACKAGE, ROOT, files

LINT = "from importlinter.cli import lint_imports_command; lint_imports_command(['--no-cache'])"
WRONG = {
    "upward": ("core", "import hsjupyter.verbs", "hsjupyter.core.wrong -> hsjupyter.verbs"),
    "upward-inside-a-function": (
        "formula",
        "def f():\n    from hsjupyter import core\n",
        "hsjupyter.formula.wrong -> hsjupyter.core",
    ),
    "sideways": (
        "storage",
        "import hsjupyter.schedule",
        "hsjupyter.storage.wrong -> hsjupyter.schedule",
    ),
    "widget": ("core", "import ipywidgets", "hsjupyter.core.wrong -> ipywidgets"),
    "plot": ("fitting", "from matplotlib import pyplot", "hsjupyter.fitting.wrong -> matplotlib"),
    "shell": ("schedule", "import IPython", "hsjupyter.schedule.wrong -> IPython"),
    "unknown-room": ("misc", "", "hsjupyter.misc"),
}


def lint(root):
    """Run import-linter on the package in ``root``; return its exit code and what it says."""
    done = subprocess.run(
        [sys.executable, "-c", LINT],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root), "COLUMNS": "200"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


@pytest.fixture(scope="module")
def copied(tmp_path_factory):
    """Give a copy of the package in which every room exists."""
    root = tmp_path_factory.mktemp("rooms")
    shutil.copy(ROOT / "pyproject.toml", root)
    for path in files(ROOT, [PACKAGE], ".py"):
        target = root / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    for room in ("formula", "core", "fitting", "schedule", "storage", "verbs"):
        marker = root / PACKAGE / room / "__init__.py"
        marker.parent.mkdir(exist_ok=True)
        marker.touch()
    return root


def test_the_rooms_keep_their_contracts():
    code, said = lint(ROOT)
    assert code == 0, said
    assert "Contracts: 2 kept, 0 broken." in said


def test_a_copy_of_the_rooms_keeps_its_contracts(copied):
    code, said = lint(copied)
    assert code == 0, said


@pytest.mark.parametrize("kind", WRONG)
def test_a_wrong_import_breaks_a_contract(kind, copied):
    room, text, says = WRONG[kind]
    folder = copied / PACKAGE / room
    before = folder.exists()
    folder.mkdir(exist_ok=True)
    wrong = folder / "wrong.py"
    wrong.write_text(text)
    marker = folder / "__init__.py"
    marker.touch()
    try:
        code, said = lint(copied)
    finally:
        wrong.unlink()
        if not before:
            shutil.rmtree(folder)
    assert code == 1, said
    assert says in said
