# ruff: noqa: INP001, S603, T201 - a script beside the package, which starts programs and tells
"""Installs the wheel where nothing else is, and tries it: the demo, then the headless tests.

``python -m scripts.try_wheel`` takes the Python it runs on, ``--python python3.13`` another one,
and ``--lowest`` the oldest version of each dependency that ``pyproject.toml`` allows. The tests run
on the installed wheel, from a copy that has no package beside it. Exit status 0 when all went well.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
ROOMS = ("core", "components", "fitting", "formula", "storage", "verbs")
NOT_FOR_PERSONS = {"docs", "peers", "test"}
"""Extras for those who develop; what is in no other one is no dependency of the program."""
THEIRS = {"hyperspy", "exspy"}
"""They want newer versions than the lowest of ours; with ``--lowest`` their tests are left out."""
OF_THEIR_FILES = ("tests/storage/test_hyperspy.py", "tests/storage/test_old_models.py")
"""Tests that list files of theirs before any test is chosen."""


def project() -> dict[str, object]:
    """The table ``project`` of ``pyproject.toml``."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def lowest() -> list[str]:
    """A pin for each dependency, and each of an extra for persons: the lowest allowed.

    Raises
    ------
    ValueError
        A requirement has no lower bound.
    """
    table = project()
    extras = table["optional-dependencies"]
    wanted = [*table["dependencies"]]
    for extra, requirements in extras.items():
        wanted += [] if extra in NOT_FOR_PERSONS else requirements
    pins = []
    for requirement in wanted:
        name, bound, version = requirement.partition(";")[0].partition(">=")
        if not bound:
            raise ValueError(f"{requirement!r} in pyproject.toml has no lower bound; give it one")
        pins.append(f"{name.partition('[')[0].strip()}=={version.partition(',')[0].strip()}")
    return pins


def tools(*, oldest: bool) -> list[str]:
    """What the tests need beside the package."""
    test = [r for r in project()["optional-dependencies"]["test"] if not r.startswith("hsjupyter")]
    return [r for r in test if not (oldest and r.partition(">=")[0] in THEIRS)]


def run(step: str, *command: str | Path, cwd: Path, **env: str) -> None:
    """Run a program, and tell how long it took; its failure is the script's."""
    print(f"== {step}", flush=True)
    began = time.monotonic()
    done = subprocess.run(command, cwd=cwd, env={**os.environ, **env}, check=False)
    print(f"-- {step}: {time.monotonic() - began:.0f} s", flush=True)
    if done.returncode:
        sys.exit(f"{step} failed with exit status {done.returncode}")


def built(place: Path) -> Path:
    """The wheel of this checkout."""
    run(
        "wheel",
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "-q",
        "--no-deps",
        "-w",
        place,
        ROOT,
        cwd=place,
    )
    return max(place.glob("*.whl"), key=lambda wheel: wheel.stat().st_mtime)


def try_wheel(wheel: Path, python: str, place: Path, *, oldest: bool) -> None:
    """Install it for a Python, and try it."""
    run("environment", python, "-m", "venv", place / "venv", cwd=place)
    own = place / "venv" / "bin" / "python"
    pins = place / "pins.txt"
    pins.write_text("\n".join(lowest() if oldest else []))
    extras = [e for e in project()["optional-dependencies"] if e not in NOT_FOR_PERSONS]
    what = f"hsjupyter[{','.join(extras)}] @ {wheel.as_uri()}"
    install = (own, "-m", "pip", "install", "-q", "--only-binary", ":all:", "-c", pins)
    run("installation", *install, what, *tools(oldest=oldest), cwd=place)
    run("demo", own.with_name("hsjupyter"), "demo", "--no-lab", cwd=place, PATH=str(place / "none"))
    tests = place / "checkout"
    shutil.rmtree(tests, ignore_errors=True)
    tests.mkdir()
    for name in ("tests", "benchmarks", "js/src"):
        shutil.copytree(ROOT / name, tests / name)
    shutil.copy(ROOT / "pyproject.toml", tests)
    rooms = [f"tests/{room}" for room in ROOMS]
    left_out = ("-m", "not hyperspy", *(f"--ignore={f}" for f in OF_THEIR_FILES)) if oldest else ()
    run("tests", own, "-m", "pytest", "-q", *left_out, *rooms, cwd=tests, PYTHONPATH=str(tests))


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--python", default=sys.executable, help="the Python to install it for")
    parser.add_argument("--lowest", action="store_true", help="the oldest dependencies allowed")
    parser.add_argument("--folder", type=Path, help="keep the environment there, and use it again")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        place = chosen.folder.absolute() if chosen.folder else Path(name)
        place.mkdir(parents=True, exist_ok=True)
        try_wheel(built(place), chosen.python, place, oldest=chosen.lowest)


if __name__ == "__main__":
    main()
