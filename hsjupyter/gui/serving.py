"""Serve a dashboard by Voila: on loopback, a kernel a visitor, limits, nothing from elsewhere."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from hsjupyter.core.errors import FileFormatError, LibraryMissing, MissingFileError
from hsjupyter.gui.settings import VARIABLE, Settings, read_limits
from hsjupyter.storage.recipes import read_recipe

SHARE = Path(__file__).parent / "share"
LOOPBACK = "127.0.0.1"
CELL = "import hsjupyter.api\nfrom hsjupyter.gui.visit import show_recipe\n\nshow_recipe()\n"

# Everything comes from this server; scripts of widgets arrive as blobs, and formulas are compiled.
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self' ws: wss:; worker-src 'self' blob:; object-src 'none'; base-uri 'self'; "
    "form-action 'self'; frame-ancestors 'self'"
)
FAILED = "Tell whoever runs this page, and when it happened: the server's own words have it all."
"""What a visitor reads where a cell of a served notebook fails."""

NEEDED = [
    "@jupyter-widgets/jupyterlab-manager",
    "@voila-dashboards/widgets-manager8",
    "anywidget",
    "bqplot",
    "bqscales",
]
"""The extensions of a front-end that a recipe's page uses; a notebook may use any."""

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


def serve(
    target: Path,
    *,
    data: Path | None = None,
    limits: Path | None = None,
    port: int = 8866,
    ip: str = LOOPBACK,
    base_url: str = "/",
    theme: str = "light",
    browser: bool = True,
    log: Path | None = None,
) -> int:
    """Serve a recipe or a notebook until it is interrupted.

    Parameters
    ----------
    target : Path
        A recipe, .hspy, or a notebook that shows dashboards, .ipynb.
    data : Path, optional
        The folder of files that a visitor may choose from.
    limits : Path, optional
        A file of limits, in TOML.
    port, ip, base_url : int, str, str
        Where; other machines reach it only through an address other than that of loopback.
    theme : str
        "light" or "dark".
    browser : bool
        Open it here, too.
    log : Path, optional
        ``hsjupyter-dashboard.log`` in this folder where not given.

    Returns
    -------
    int
        Voila's exit status.

    Raises
    ------
    FileFormatError
        The target is neither, or holds no model.
    LibraryMissing
        Voila is not installed.
    MissingFileError
        Target or folder are not there.
    """
    if find_spec("voila") is None:
        raise LibraryMissing("a dashboard needs voila; install it: pip install 'hsjupyter[lab]'")
    if not target.exists():
        raise MissingFileError(f"{target} is not there; give a recipe (.hspy) or a notebook")
    if data is not None and not data.is_dir():
        raise MissingFileError(f"{data} is no folder; give one that holds the data to choose from")
    wanted = {} if limits is None else read_limits(limits)
    settings = Settings(
        data="" if data is None else str(data.resolve()),
        log=str((log or Path("hsjupyter-dashboard.log")).resolve()),
        **wanted,
    )
    with tempfile.TemporaryDirectory(prefix="hsjupyter-dashboard-") as folder:
        place = Path(folder)
        notebook, settings = _prepare(target, settings, place)
        settings.write(place / "settings.json")
        config = configuration(settings, port=port, ip=ip, base_url=base_url, theme=theme)
        (place / "voila.json").write_text(json.dumps(config), encoding="utf-8")
        shares = [str(SHARE), os.environ.get("JUPYTER_PATH", "")]
        environment = {
            **os.environ,
            VARIABLE: str(place / "settings.json"),
            "JUPYTER_CONFIG_PATH": str(place),
            "JUPYTER_PATH": os.pathsep.join(filter(None, shares)),
        }
        command = [sys.executable, "-m", "voila", str(notebook)]
        command += [] if browser else ["--no-browser"]
        sys.stdout.write(f"The log is {settings.log}; press Ctrl-C here to end.\n")
        sys.stdout.flush()
        return _call(command, environment)


def _call(command: list[str], environment: dict[str, str]) -> int:
    """Run the server; whoever ends this process ends the server with it."""
    with subprocess.Popen(command, env=environment) as server:  # noqa: S603 - our own python
        before = signal.signal(signal.SIGTERM, lambda *_: server.terminate())
        try:
            return server.wait()
        except KeyboardInterrupt:  # the terminal told the server, too
            return server.wait()
        finally:
            signal.signal(signal.SIGTERM, before)


def _prepare(target: Path, settings: Settings, folder: Path) -> tuple[Path, Settings]:
    """The notebook to serve, and the settings that know the recipe."""
    if target.suffix.lower() == ".ipynb":
        return target.resolve(), settings
    if target.suffix.lower() != ".hspy":
        raise FileFormatError(f"{target} came; a recipe (.hspy) or a notebook (.ipynb) is wanted")
    _, recipe = read_recipe(target)  # a bad one is told here, and not to the first visitor
    cell: dict[str, Any] = {
        "cell_type": "code",
        "id": "page",
        "metadata": {},
        "source": CELL,
        "outputs": [],
        "execution_count": None,
    }
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = {
        "cells": [cell],
        "metadata": {"kernelspec": kernel, "title": recipe.title, "hsjupyter": "recipe"},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    served = folder / "page" / "dashboard.ipynb"
    served.parent.mkdir()
    served.write_text(json.dumps(notebook), encoding="utf-8")
    return served, replace(settings, recipe=str(target.resolve()))


def _hashed(base_url: str) -> list[str]:
    """Where the files of those extensions lie: a hash in each one's name says what is in it."""
    root = f"/{base_url.strip('/')}/".replace("//", "/")
    return [f"{root}voila/labextensions/{name}/static/" for name in NEEDED]


def configuration(
    settings: Settings, *, port: int, ip: str = LOOPBACK, base_url: str = "/", theme: str = "light"
) -> dict[str, Any]:
    """What Voila is told.

    Parameters
    ----------
    settings : Settings
    port, ip, base_url, theme
        As of `serve`.
    """
    warm = settings.ready > 0
    return {
        "Voila": {
            "port": port,
            "ip": ip,
            "base_url": base_url,
            "tornado_settings": {"headers": HEADERS, "static_immutable_cache": _hashed(base_url)},
        },
        "VoilaConfiguration": {
            "template": "hsjupyter",
            "theme": theme,
            "allow_template_override": "NO",
            "allow_theme_override": "NO",
            "extension_allowlist": NEEDED if settings.recipe else [],
            "strip_sources": True,
            "show_tracebacks": False,
            "preheat_kernel": warm,
            "default_pool_size": max(1, settings.ready),
            "multi_kernel_manager_class": "hsjupyter.gui.visitors.VisitorKernels",
        },
        "VoilaExecutor": {"cell_error_instruction": FAILED, "cell_timeout_instruction": FAILED},
        "VisitorKernels": {"most": settings.visitors},
        # The visitor who just came needs the processor more than the one who may come next.
        "VoilaKernelManager": {"fill_delay": 5},
        "MappingKernelManager": {
            "cull_idle_timeout": int(60 * settings.idle_minutes),
            "cull_interval": max(1, int(10 * settings.idle_minutes)),
            "cull_connected": True,
        },
    }
