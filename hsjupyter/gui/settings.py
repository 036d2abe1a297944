"""What a dashboard may use: one small file of limits, handed to every visitor's kernel."""

from __future__ import annotations

import json
import logging
import os
import tomllib
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from hsjupyter.core.errors import FileFormatError, unknown_name

VARIABLE = "HSJUPYTER_DASHBOARD"
"""The environment variable that names the file with the settings of a served dashboard."""

WARM = "VOILA_PREHEAT"
"""Voila's own variable: "True" in a kernel that waits for its visitor."""


@dataclass(frozen=True)
class Settings:
    """Limits of a dashboard.

    Attributes
    ----------
    recipe, data, log : str
        Paths: the recipe, the folder of data to choose from, the log; empty for none.
    upload_mb, memory_mb : float
        Of one upload, and of one visitor's kernel, in MiB; 0 memory for no limit.
    run_seconds : float
        How long a fit of a map may take.
    workers : int
        Threads that one visitor's fit of a map may use.
    ready : int
        Kernels that wait, warm, for the next visitor.
    visitors : int
        Kernels that may live at once, those that wait included.
    idle_minutes : float
        After so long without a sign, a visitor's kernel is ended.
    """

    recipe: str = ""
    data: str = ""
    log: str = ""
    upload_mb: float = 64.0
    memory_mb: float = 2048.0
    run_seconds: float = 300.0
    workers: int = 1
    ready: int = 1
    visitors: int = 20
    idle_minutes: float = 20.0

    def write(self, path: Path) -> None:
        """Write them for the kernels."""
        path.write_text(json.dumps(asdict(self)), encoding="utf-8")


PATHS = {"recipe", "data", "log"}


def read_limits(path: Path) -> dict[str, Any]:
    """The limits of a file that a person wrote, in TOML.

    Raises
    ------
    FileFormatError
        It is no TOML, or a number is not a positive one.
    UnknownNameError
        It names a limit that there is not.
    """
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as why:
        raise FileFormatError(
            f"{path} cannot be read as TOML ({why}); lines such as 'upload_mb = 64' are wanted"
        ) from why
    kinds = {one.name: type(getattr(Settings(), one.name)) for one in fields(Settings)}
    known = [name for name in kinds if name not in PATHS]
    for name, number in given.items():
        if name not in known:
            raise unknown_name(f"{path}", name, known)
        good = isinstance(number, int | float) and not isinstance(number, bool) and number >= 0
        if not good:
            raise FileFormatError(f"{path}: {name} = {number!r} came; a number from 0 is wanted")
    return {name: kinds[name](number) for name, number in given.items()}


def is_served() -> bool:
    """Whether this kernel is a visitor's on a served dashboard, and no notebook's."""
    return bool(os.environ.get(VARIABLE))


def settings_here() -> Settings:
    """The settings of the dashboard that this kernel serves; the usual ones in a notebook."""
    if not is_served():
        return Settings()
    return Settings(**json.loads(Path(os.environ[VARIABLE]).read_text(encoding="utf-8")))


def keep_log(settings: Settings) -> None:
    """Send the log of this process to the server's file, once."""
    ours = logging.getLogger("hsjupyter")
    if not settings.log or any(isinstance(h, logging.FileHandler) for h in ours.handlers):
        return
    handler = logging.FileHandler(settings.log, encoding="utf-8")
    form = f"%(asctime)s %(levelname)s kernel {os.getpid()} %(message)s"
    handler.setFormatter(logging.Formatter(form))
    ours.addHandler(handler)


def limit_memory(settings: Settings) -> None:
    """Hold this process to its limit of memory."""
    if settings.memory_mb and os.name == "posix":
        import resource

        wanted = int(settings.memory_mb * 2**20)
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (wanted, hard))
