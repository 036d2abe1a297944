"""The stories of the browser on what a person installs: a wheel, in an environment far from here.

``python -m tests.e2e.from_wheel`` builds the wheel, installs it with ``[lab]`` into a new virtual
environment in a temporary folder, and runs ``tests/e2e`` against the Jupyter of that environment.
Words that follow are pytest's: ``python -m tests.e2e.from_wheel tests/e2e/test_sidebar.py -x``.
"""

import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

from tests.e2e.servers import CHOICE, package_of

ROOT = Path(__file__).parents[2]
STORIES = "tests/e2e"


def build_wheel(folder: Path) -> Path:
    """Build the wheel of this checkout; return its path."""
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        str(ROOT),
        "--no-deps",
        "-q",
        "-w",
        str(folder),
    ]
    subprocess.run(command, check=True)
    (wheel,) = folder.glob("hsjupyter-*.whl")
    return wheel


def install(wheel: Path, folder: Path) -> str:
    """Make a virtual environment with a wheel and what a notebook needs; return its Python."""
    venv.create(folder, with_pip=True)
    python = str(folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))
    subprocess.run([python, "-m", "pip", "install", "-q", f"{wheel}[lab]"], check=True)
    return python


def main(words: list[str]) -> int:
    """Build, install, run; pytest's exit status."""
    with tempfile.TemporaryDirectory(prefix="hsjupyter-wheel-") as name:
        folder = Path(name).resolve()
        python = install(build_wheel(folder), folder / "venv")
        package = package_of(python)
        if folder not in package.parents:
            raise RuntimeError(f"{package} would be looked at, and not what the wheel holds")
        sys.stdout.write(f"under test: {package}\n")
        sys.stdout.flush()
        command = [sys.executable, "-m", "pytest", *(words or [STORIES])]
        return subprocess.run(
            command, cwd=ROOT, env={**os.environ, CHOICE: python}, check=False
        ).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
