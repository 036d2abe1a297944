"""Data that processes of this machine read where they lie, so that nothing is sent.

What is in memory is laid into memory that has no name (``memfd_create`` of Linux) and that other
processes of the same person reach through ``/proc``: it is gone with the last who holds it,
whatever they die of. What is in a file is opened there. Elsewhere data are sent.
"""

from __future__ import annotations

import mmap
import os
import weakref
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

from hsjupyter.core.errors import FileFormatError
from hsjupyter.core.reading import rows_of
from hsjupyter.fitting.jobs import Pixels

SPARE = 1 << 27
"""Bytes of memory that are kept for what is lent next: new memory takes three times as long."""

LINE = 64
"""Bytes between which arrays begin: lines of the processor's cache."""


class OutOfReachError(Exception):
    """A process cannot open what was lent to it: it is on another machine, or of another person."""


@dataclass(frozen=True)
class Lent:
    """Where numbers lie.

    Attributes
    ----------
    path : str
        Of what is to be opened.
    offset : int
        Bytes before the first number.
    shape : tuple of int
    dtype : str
    inode : tuple of int
        Device and number of the file.
    memory : bool
        Whether it is memory, and no file on a disk.
    """

    path: str
    offset: int
    shape: tuple[int, ...]
    dtype: str
    inode: tuple[int, int]
    memory: bool

    def open(self) -> NDArray[Any]:
        """The numbers; nothing is read yet.

        Raises
        ------
        OutOfReachError
            They cannot be opened here.
        """
        try:
            with Path(self.path).open("rb") as file:
                if _inode(os.fstat(file.fileno())) != self.inode:
                    raise OutOfReachError(self.path)
                mapped = np.memmap(file, self.dtype, "r", self.offset, self.shape)
        except (OSError, ValueError) as why:
            raise OutOfReachError(f"{self.path} ({why})") from why
        # The system is told to forget what was read of a file on a disk; of memory that is no help.
        return mapped.view(np.ndarray) if self.memory else mapped


class Memory:
    """Memory that processes of this machine can read, as long as this object lives."""

    def __init__(self) -> None:
        self._fd = os.memfd_create("hsjupyter", os.MFD_CLOEXEC)
        weakref.finalize(self, os.close, self._fd)
        self._path, self._inode = f"/proc/{os.getpid()}/fd/{self._fd}", _inode(os.fstat(self._fd))
        self._used = self.size = 0

    def clear(self) -> None:
        """Forget what is in it; what comes is written over it."""
        self._used = 0

    def put(self, array: NDArray[Any]) -> Lent:
        """Write an array into it, after what is there."""
        begin = self._used
        array = np.ascontiguousarray(array)
        left = array.reshape(-1).view(np.uint8).data
        while left:
            left = left[os.pwrite(self._fd, left, begin + array.nbytes - len(left)) :]
        self._used = begin + -(-array.nbytes // LINE) * LINE
        self.size = max(self.size, self._used)
        return Lent(self._path, begin, array.shape, array.dtype.str, self._inode, memory=True)


def _inode(found: os.stat_result) -> tuple[int, int]:
    return found.st_dev, found.st_ino


# -- who lends -------------------------------------------------------------------------------------


class Lender:
    """Lends the data of a run, part by part.

    Parameters
    ----------
    pixels : Pixels
    """

    def __init__(self, pixels: Pixels) -> None:
        self._pixels = pixels
        self._whole = _in_files(pixels)

    def lend(self, which: NDArray[np.intp]) -> tuple[Pixels, Memory | None]:
        """The data of some pixels, with `Lent` in place of arrays, and the memory they are in."""
        if self._whole is not None:
            return self._whole, None
        memory = _taken()
        pixels, which = self._pixels, np.unique(which)
        found: dict[str, Any] = {
            name: memory.put(rows_of(array, pixels.map_shape, pixels.places(which)))
            for name, array in pixels.varying.items()
        }
        return replace(pixels, **found, map_shape=(len(which),), which=which), memory


_spare: list[Memory] = []
_door = Lock()


def _taken() -> Memory:
    """Memory that is written from its beginning."""
    with _door:
        memory = _spare.pop() if _spare else Memory()
    memory.clear()
    return memory


def take_back(memory: Memory | None) -> None:
    """Memory that nobody reads any more is used again; what is too much of it goes."""
    with _door:
        if memory is not None and memory.size + sum(each.size for each in _spare) <= SPARE:
            _spare.append(memory)


def _in_files(pixels: Pixels) -> Pixels | None:
    """The same with everything where it lies in files; None where something is in memory."""
    found: dict[str, Any] = {}
    for name, array in pixels.varying.items():
        lent = array if hasattr(array, "reopened") else _in_file(array)
        if lent is None:
            return None
        found[name] = lent
    return replace(pixels, **found) if found else None


def _in_file(array: Any) -> Lent | None:
    """Where a memory map, or a part of one, lies in its file; None for anything else."""
    if not isinstance(array, np.memmap) or array.mode not in {"r", "r+"}:
        return None
    root: Any = array
    while isinstance(root.base, np.memmap):
        root = root.base
    if not isinstance(root.base, mmap.mmap) or not array.flags.c_contiguous or not array.filename:
        return None
    begin = array.ctypes.data
    inode = _mapped_at(begin)
    try:
        if inode is None or _inode(Path(array.filename).stat()) != inode:
            return None  # another file has taken its name
    except OSError:
        return None
    offset = int(root.offset) + begin - root.ctypes.data
    return Lent(str(array.filename), offset, array.shape, array.dtype.str, inode, memory=False)


def _mapped_at(address: int) -> tuple[int, int] | None:
    """Device and number of the file that is mapped to an address, as Linux tells."""
    try:
        lines = Path("/proc/self/maps").read_text(errors="replace").splitlines()
    except OSError:
        return None
    for line in lines:
        span, _, _, device, inode, *_ = line.split(maxsplit=5)
        low, high = (int(word, 16) for word in span.split("-"))
        if low <= address < high:
            major, minor = (int(word, 16) for word in device.split(":"))
            return os.makedev(major, minor), int(inode)
    return None


# -- who borrows -----------------------------------------------------------------------------------


def borrowed(pixels: Pixels) -> Pixels:
    """Pixels with their numbers, wherever those lie.

    Raises
    ------
    OutOfReachError
        They cannot be opened here.
    """
    found: dict[str, Any] = {}
    try:
        for name in ("data", "variance", "low_loss"):
            array = getattr(pixels, name)
            if isinstance(array, Lent):
                found[name] = array.open()
            elif hasattr(array, "reopened"):
                found[name] = array.reopened()
    except FileFormatError as why:
        raise OutOfReachError(str(why)) from why
    return replace(pixels, **found) if found else pixels


# -- whether it can be -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Sign:
    """Something that only processes of this machine can read."""

    where: Lent
    token: bytes


@lru_cache(maxsize=1)
def _sign_of(_process: int) -> tuple[Sign, Memory] | None:
    if not hasattr(os, "memfd_create"):
        return None
    token, memory = uuid4().bytes, Memory()
    return Sign(memory.put(np.frombuffer(token, np.uint8)), token), memory


def sign() -> Sign | None:
    """The sign of this process; None where there is no such memory."""
    made = _sign_of(os.getpid())
    return None if made is None else made[0]


def can_read(shown: Sign | None) -> bool:
    """Whether this process can read what another lends."""
    try:
        return shown is not None and shown.where.open().tobytes() == shown.token
    except OutOfReachError:
        return False
