"""Find a Chromium for the end-to-end tests, or install one; never go without.

As a script it prints the path, so that a gate can prepare the machine before pytest starts.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

CHOICE = "HSJUPYTER_CHROMIUM"
NAMES = ("chromium", "chromium-browser", "google-chrome")


class NoBrowserError(RuntimeError):
    """There is no browser here, and none could be installed."""


def chosen(environ: Mapping[str, str]) -> str | None:
    """Return the browser a person asked for by ``HSJUPYTER_CHROMIUM``, if they did.

    Raises
    ------
    NoBrowserError
        When it is not a program.
    """
    path = environ.get(CHOICE)
    if path and shutil.which(path) is None:
        message = f"{CHOICE}={path!r} is no program; set it to a Chromium, or unset it"
        raise NoBrowserError(message)
    return path or None


def installed(search: str | None = None) -> str | None:
    """Return the system's browser on the path ``search``, else playwright's own, else None."""
    for name in NAMES:
        path = shutil.which(name, path=search)
        if path is not None:
            return path
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).is_file() else None


def recipe(*, root: bool, debian: bool) -> list[list[str]]:
    """Return the commands that install a browser, for this kind of person and system."""
    if root and debian:
        return [["apt-get", "update", "-q"], ["apt-get", "install", "-q", "-y", "chromium"]]
    return [[sys.executable, "-m", "playwright", "install", "chromium"]]


def run_recipe(commands: list[list[str]]) -> None:
    """Run the commands that install a browser, one after another.

    Raises
    ------
    NoBrowserError
        With the end of what the failing command said.
    """
    for command in commands:
        done = subprocess.run(
            command,
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode:
            told = "\n".join(done.stdout.splitlines()[-15:])
            message = (
                f"no browser on this machine, and '{' '.join(command)}' failed; install Chromium, "
                f"or set {CHOICE} to one that is there\n{told}"
            )
            raise NoBrowserError(message)


def find_or_install() -> str:
    """Return the path of a Chromium, installing one when there is none.

    Raises
    ------
    NoBrowserError
        When neither worked; says what to do.
    """
    found = chosen(os.environ) or installed()
    if found is not None:
        return found
    run_recipe(recipe(root=os.geteuid() == 0, debian=shutil.which("apt-get") is not None))
    found = installed()
    if found is None:
        message = f"a browser was installed but is not found; set {CHOICE} to its path"
        raise NoBrowserError(message)
    return found


if __name__ == "__main__":
    sys.stdout.write(find_or_install() + "\n")
