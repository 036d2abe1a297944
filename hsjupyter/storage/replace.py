"""Writing beside a file and then taking its place, so that a failed save harms nothing."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkstemp

from hsjupyter.core.errors import SaveError, TargetExistsError


@contextmanager
def replacing(path: str | os.PathLike[str], *, overwrite: bool = False) -> Iterator[Path]:
    """Give a new file beside the target; when the block ends well it becomes the target.

    The new file is synced before it is renamed: whenever the process or the machine stops, the
    target is the old file, whole, or the new one, whole.

    Parameters
    ----------
    path : path-like
        The target. A link is followed: what it points to is replaced.
    overwrite : bool
        Whether a target that is there may be replaced.

    Yields
    ------
    Path
        An empty file in the folder of the target.

    Raises
    ------
    TargetExistsError
        There is such a file, and ``overwrite`` was not said.
    SaveError
        The folder is not there, or nothing can be written into it.
    """
    target = Path(os.path.realpath(path))
    if target.is_dir():
        raise SaveError(f"{path} is a folder; a file name is wanted, for example {path}/fit.hspy")
    if target.exists() and not overwrite:
        raise TargetExistsError(
            f"{path} is there already and is kept; save with overwrite=True, or under another name"
        )
    beside = _new_file(target, path)
    done = False
    try:
        yield beside
        _settle(beside, target)
        done = True
    except (OSError, RuntimeError) as why:
        # RuntimeError is what h5py makes of a full disk.
        raise SaveError(
            f"{path} cannot be written ({why}); see whether the disk is full, or save elsewhere: "
            "what was there is unharmed"
        ) from why
    finally:
        if not done:
            beside.unlink(missing_ok=True)


def _new_file(target: Path, path: str | os.PathLike[str]) -> Path:
    try:
        handle, name = mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
    except OSError as why:
        raise SaveError(
            f"{path} cannot be written: {why.strerror}; choose a folder that exists and is yours"
        ) from why
    os.close(handle)
    return Path(name)


def _settle(beside: Path, target: Path) -> None:
    """Sync the new file, give it the rights of the old one, and its place."""
    if target.exists():
        mode = target.stat().st_mode & 0o777
    else:
        umask = os.umask(0)
        os.umask(umask)
        mode = 0o666 & ~umask
    beside.chmod(mode)
    _sync(beside)
    beside.replace(target)
    if os.name == "posix":
        # The rename itself lives in the folder.
        _sync(target.parent)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
