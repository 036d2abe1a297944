"""One command makes every table: whoever measures takes part, and what fails is told."""

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.machine import described
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


def test_a_wrong_word_is_told_with_its_file(tmp_path: Path):
    (tmp_path / "odd.py").write_text('REPORT = {"title": "Odd", "speed": 1}')
    with pytest.raises(TypeError, match=r"odd.py: REPORT: .*'speed'"):
        reports(tmp_path)


def test_a_plain_one_is_read_without_being_imported(tmp_path: Path):
    (tmp_path / "plain.py").write_text('import not_there\nREPORT = {"title": "A", "limit": "b"}')
    assert reports(tmp_path) == [Report("plain", "A", "b")]
