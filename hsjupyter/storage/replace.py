"""Writing beside a file and then taking its place, so that a failed save harms nothing."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from tempfile import mkstemp
from typing import Any

from hsjupyter.core.errors import SaveError, TargetExistsError

WRITABLE = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH
SUFFIX = ".part"
LONG = 200


@contextmanager
def replacing(path: str | os.PathLike[str], *, overwrite: bool = False) -> Iterator[Path]:
    """Give a new file beside the target; when the block ends well it becomes the target.

    The new file is synced before it is renamed: whenever the process or the machine stops, the
    target is the old file, whole, or the new one, whole. What a process that was killed left
    beside the target goes away with the next writing; that of one that still writes stays.

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
        The target is read-only, or its folder is not there, or nothing can be written into it.
    """
    target = Path(os.path.realpath(path))
    mode = _mode(target, path)
    if mode is not None and stat.S_ISDIR(mode):
        raise SaveError(f"{path} is a folder; a file name is wanted, for example {path}/fit.hspy")
    if mode is not None and not overwrite:
        raise TargetExistsError(
            f"{path} is there already and is kept; save with overwrite=True, or under another name"
        )
    if mode is not None and not mode & WRITABLE:
        raise SaveError(
            f"{path} is read-only and is kept; save under another name, or let it be written to"
        )
    _remove_stale(target)
    beside, handle = _new_file(target, path)
    done = False
    try:
        yield beside
        _settle(beside, target, overwrite=overwrite)
        done = True
    except TargetExistsError:
        raise
    except (OSError, RuntimeError) as why:
        # RuntimeError is what h5py makes of a full disk.
        raise SaveError(
            f"{path} cannot be written ({why}); see whether the disk is full, or save elsewhere: "
            "what was there is unharmed"
        ) from why
    finally:
        if not done:
            beside.unlink(missing_ok=True)
        if handle is not None:
            os.close(handle)


def _mode(target: Path, path: str | os.PathLike[str]) -> int | None:
    """What a file is, and who may do what to it; None where there is none.

    Raises
    ------
    SaveError
        There can be no file of such a name.
    """
    try:
        return target.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as why:
        raise SaveError(
            f"{path} cannot be written: {why.strerror}; give a shorter name, in a folder that is "
            "yours"
        ) from why


def _lock(handle: int) -> bool:
    """Lock a file for as long as it stays open; False where there are no locks.

    Raises
    ------
    BlockingIOError
        Somebody else has locked it.
    """
    try:
        locks: Any = import_module("fcntl")  # of POSIX alone
    except ImportError:
        return False
    try:
        locks.flock(handle, locks.LOCK_EX | locks.LOCK_NB)
    except BlockingIOError:
        raise
    except OSError:
        return False
    return True


def _remove_stale(target: Path) -> None:
    """Remove what killed writers of a target left: new files that nobody holds locked."""
    begin = _beginning(target)
    try:
        names = [entry.name for entry in target.parent.iterdir()]
    except OSError:
        return  # a folder that is not there, or may not be looked into: `_new_file` tells
    for name in names:
        middle = name.removeprefix(begin).removesuffix(SUFFIX)
        if len(middle) != len(name) - len(begin) - len(SUFFIX) or "." in middle:
            continue
        path = target.parent / name
        with suppress(OSError):
            handle = os.open(path, os.O_RDWR)
            try:
                if _lock(handle):
                    path.unlink(missing_ok=True)
            finally:
                os.close(handle)


def _beginning(target: Path) -> str:
    """How the names of new files of a target begin; no name may have more than 255 bytes."""
    raw = os.fsencode(target.name)
    name = target.name if len(raw) <= LONG else sha256(raw).hexdigest()[:16]
    return f".{name}."


def _new_file(target: Path, path: str | os.PathLike[str]) -> tuple[Path, int | None]:
    """A new file, and the handle that keeps it locked until it is closed."""
    while True:
        try:
            handle, name = mkstemp(prefix=_beginning(target), suffix=SUFFIX, dir=target.parent)
        except OSError as why:
            raise SaveError(
                f"{path} cannot be written: {why.strerror}; choose a folder that exists and is "
                "yours, and a shorter name where it is too long"
            ) from why
        try:
            locked = _lock(handle)
        except BlockingIOError:
            os.close(handle)  # another writer takes it for a stale one
            continue
        if locked and not os.fstat(handle).st_nlink:
            os.close(handle)  # another writer took it for a stale one
            continue
        if locked:
            return Path(name), handle
        os.close(handle)
        return Path(name), None


def _settle(beside: Path, target: Path, *, overwrite: bool) -> None:
    """Sync the new file, give it the rights of the old one, and its place."""
    if target.exists():
        mode = target.stat().st_mode & 0o777
    else:
        umask = os.umask(0)
        os.umask(umask)
        mode = 0o666 & ~umask
    beside.chmod(mode)
    _sync(beside)
    _take_place(beside, target, overwrite=overwrite)
    if os.name == "posix":
        # The rename itself lives in the folder.
        _sync(target.parent)


def _take_place(beside: Path, target: Path, *, overwrite: bool) -> None:
    if overwrite:
        beside.replace(target)
        return
    try:
        target.hardlink_to(beside)  # refuses, where another writer was faster
    except FileExistsError as why:
        raise TargetExistsError(
            f"{target} is there already, written meanwhile, and is kept; save with overwrite=True, "
            "or under another name"
        ) from why
    except (OSError, NotImplementedError):
        beside.replace(target)  # a file system without such links
    else:
        beside.unlink()


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
