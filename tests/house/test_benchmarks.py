"""One command makes every table: whoever measures takes part, and what fails is told."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.machine import described
from benchmarks.one_evaluation import find_compiler
from benchmarks.taking_part import FOLDER, Report, reports
from tests.house.sources import ROOT

KEPT = {"__main__"}  # the command itself


def test_whatever_can_be_run_takes_part():
    commands = {
        p.stem for p in FOLDER.glob("*.py") if 'if __name__ == "__main__":' in p.read_text()
    }
    assert {r.name for r in reports()} == commands - KEPT


def test_the_machine_is_described():
    told = described()
    assert sys.version.split()[0] in told
    assert "GiB" in told
    assert "numpy" in told


def test_a_table_comes_with_its_limit_and_its_command():
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--quick", "--only", "storage"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    (report,) = (r for r in reports() if r.name == "storage")
    assert f"## {report.title}" in done.stdout
    assert f"Limit: {report.limit}." in done.stdout
    assert "h5py" in done.stdout


def test_every_figure_of_the_readme_names_the_table_that_prints_it():
    told = (ROOT / "README.md").read_text().partition("--only NAME`:")[2].partition(" says what")[0]
    named = set(re.findall(r"`(\w+)`", told))
    assert named == {"multifit", "single_fit", "samfire", "accuracy", "drag_to_screen"}
    assert named <= {r.name for r in reports()}


def test_a_wrong_word_is_told_with_its_file(tmp_path: Path):
    (tmp_path / "odd.py").write_text('REPORT = {"title": "Odd", "speed": 1}')
    with pytest.raises(TypeError, match=r"odd.py: REPORT: .*'speed'"):
        reports(tmp_path)


def test_a_plain_one_is_read_without_being_imported(tmp_path: Path):
    (tmp_path / "plain.py").write_text('import not_there\nREPORT = {"title": "A", "limit": "b"}')
    assert reports(tmp_path) == [Report("plain", "A", "b")]


def test_a_limit_in_c_says_that_it_wants_a_compiler(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(SystemExit, match="no cc, gcc or clang here: install one"):
        find_compiler()
