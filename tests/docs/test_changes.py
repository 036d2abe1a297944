"""What changed is gathered for a release: every file of it, and nothing that names no issue."""

import re
import subprocess
import sys
import tomllib

from tests.docs.pages import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
TYPES = {kind["directory"] for kind in PROJECT["tool"]["towncrier"]["type"]}
CHANGES = sorted((ROOT / "changes").glob("*.md"))


def test_every_file_has_a_type():
    assert {path.name.split(".")[1] for path in CHANGES} <= TYPES


def test_a_release_gathers_them_all_without_the_names_of_their_files():
    words = [sys.executable, "-m", "towncrier", "build", "--draft", "--version", "99.0"]
    told = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert "## 99.0 (" in told
    entries = re.findall(r"^- ", told, re.MULTILINE)
    assert len(entries) == len({path.read_text().strip() for path in CHANGES})
    assert not re.findall(r"\(#?[a-z-]+\)$", told, re.MULTILINE)
