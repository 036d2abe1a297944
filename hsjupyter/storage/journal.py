"""The journal of a run: what was found so far, so that nothing is lost when the process is.

A file is a line that names its kind, and records: one letter, length and checksum, then the bytes.
Nothing in it is run. A record is good or not there: after a bad one nothing is believed.
"""

import json
import os
import struct
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from errno import ENOSPC
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hsjupyter.core.errors import FileFormatError, MissingFileError, SaveError
from hsjupyter.fitting.jobs import Failure, Outcome
from hsjupyter.storage.limits import available_memory
from hsjupyter.storage.replace import replacing

SUFFIX = ".hsjrun"
KIND = b"hsjupyter run 1\n"
FRAME = struct.Struct("<cQI")
HEADER, ARRAYS, MODEL, OUTCOME = b"H", b"A", b"M", b"O"

SYNC = 1.0
"""Seconds between two syncs: a killed process loses nothing in between, a power cut that much."""


@dataclass(frozen=True, eq=False)
class Begun:
    """What a run began with.

    Attributes
    ----------
    model, data : str
        Fingerprints.
    words : dict or None
        Of the fit call; None where they are no plain texts and numbers.
    rule : str or None
        Of the starts.
    length : int
        Pixels of a job.
    source : str
        The file of the data, seen from the journal's folder; empty where there was none.
    shape : tuple of int
        The navigation shape in array order.
    order : ndarray of int, (pixel,)
    start : ndarray, (slot,)
        Working values.
    values : ndarray, (pixel, slot)
        What was stored at the pixels of the run; NaN where nothing was.
    record : bytes
        The model, as a .hspy file holds it.
    """

    model: str
    data: str
    words: dict[str, Any] | None
    rule: str | None
    length: int
    source: str
    shape: tuple[int, ...]
    order: NDArray[np.int64]
    start: NDArray[np.float64]
    values: NDArray[np.float64]
    record: bytes = b""


@dataclass(frozen=True, eq=False)
class Kept:
    """What a journal holds.

    Attributes
    ----------
    begun : Begun
    outcomes : list of Outcome
    size : int
        Bytes that are good; what follows was torn off in the middle.
    """

    begun: Begun
    outcomes: list[Outcome] = field(default_factory=list)
    size: int = 0


class Journal:
    """Appends outcomes to a file.

    Parameters
    ----------
    path : Path
        A journal whose tail is good: of `begin_journal`, or `read_journal`.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = path.open("ab", buffering=0)
        self._synced = time.monotonic()

    def append(self, outcome: Outcome) -> None:
        """Write an outcome down.

        Raises
        ------
        OSError
            It cannot be written.
        """
        for part in _framed(OUTCOME, *_parts_of(outcome)):
            if self._file.write(part) != len(part):  # there was room for a part of it
                raise OSError(ENOSPC, os.strerror(ENOSPC))
        if time.monotonic() - self._synced >= SYNC:
            self.sync()

    def sync(self) -> None:
        """What was written is on the disk when this returns."""
        os.fsync(self._file.fileno())
        self._synced = time.monotonic()

    def close(self) -> None:
        """Write nothing more."""
        self._file.close()


def begin_journal(path: Path, begun: Begun) -> Journal:
    """A new journal.

    Raises
    ------
    SaveError
        It cannot be written there.
    """
    header = {
        "model": begun.model,
        "data": begun.data,
        "words": begun.words,
        "rule": begun.rule,
        "length": begun.length,
        "source": begun.source,
        "shape": list(begun.shape),
        "slots": len(begun.start),
    }
    # Neighbours along a path differ by one: differences shrink to next to nothing.
    steps = np.diff(begun.order, prepend=0).astype("<i8")
    stored = np.ascontiguousarray(begun.values, "<f8")
    arrays = (steps.tobytes(), begun.start.astype("<f8").tobytes(), stored.tobytes())
    with replacing(path) as beside, beside.open("r+b") as file:
        file.write(KIND)
        file.writelines(_framed(HEADER, json.dumps(header).encode()))
        for each in arrays:
            file.writelines(_framed(ARRAYS, zlib.compress(each, 1)))
        file.writelines(_framed(MODEL, zlib.compress(begun.record, 6)))
    return Journal(path)


def read_journal(path: str | os.PathLike[str]) -> Kept:
    """What a journal holds; a record that was torn off, and what follows it, is dropped.

    Raises
    ------
    MissingFileError
        It is not there.
    FileFormatError
        It is no journal, or damaged at its beginning.
    """
    file = Path(path)
    if not file.is_file():
        raise MissingFileError(f"{path} is not there; check the name, and the folder it is in")
    if file.stat().st_size > available_memory():
        raise FileFormatError(f"{path} is larger than free memory; close other programs")
    raw = file.read_bytes()
    if not raw.startswith(KIND):
        raise FileFormatError(
            f"{path} is no journal of a run; give the {SUFFIX} file that a run left behind"
        )
    records = _records(raw)
    try:
        begun = _begun([next(records) for _ in range(5)])
        kept, size = Kept(begun), len(KIND)
        outcomes, pixels = kept.outcomes, int(np.prod(begun.shape))
        for kind, body, end in records:
            outcome = _outcome(body, len(begun.start), pixels) if kind == OUTCOME else None
            if outcome is None:
                break
            outcomes.append(outcome)
            size = end
    except (StopIteration, KeyError, TypeError, ValueError, zlib.error, struct.error) as why:
        raise FileFormatError(
            f"{path} is damaged at its beginning ({type(why).__name__}), so that nothing in it can "
            "be believed; begin the fit again"
        ) from why
    first = sum(FRAME.size + len(body) for _, body, _ in list(_records(raw))[:5]) + len(KIND)
    return Kept(begun, outcomes, max(size, first))


def go_on(path: Path, kept: Kept) -> Journal:
    """A journal that is written on, after its last good record.

    Raises
    ------
    SaveError
        It cannot be written.
    """
    try:
        os.truncate(path, kept.size)
        return Journal(path)
    except OSError as why:
        raise SaveError(
            f"{path} cannot be written on ({why.strerror}); copy it to a folder that is yours"
        ) from why


def _framed(kind: bytes, *parts: bytes | memoryview) -> list[bytes | memoryview]:
    """A record in pieces; those of arrays are not copied."""
    checksum = zlib.crc32(kind)
    for part in parts:
        checksum = zlib.crc32(part, checksum)
    return [FRAME.pack(kind, sum(map(len, parts)), checksum), *parts]


def _records(raw: bytes) -> Iterator[tuple[bytes, bytes, int]]:
    """Letter, bytes and end of every good record, up to the first that is not."""
    at = len(KIND)
    while at + FRAME.size <= len(raw):
        kind, length, checksum = FRAME.unpack_from(raw, at)
        body = raw[at + FRAME.size : at + FRAME.size + length]
        if len(body) < length or zlib.crc32(kind + body) != checksum:
            return
        at += FRAME.size + length
        yield kind, body, at


def _begun(records: list[tuple[bytes, bytes, int]]) -> Begun:
    (_, header, _), *arrays, (_, record, _) = records
    told = json.loads(header)
    shape, slots = tuple(int(n) for n in told["shape"]), int(told["slots"])
    steps, start, values = (_expanded(body) for _, body, _ in arrays)
    order = np.cumsum(np.frombuffer(steps, "<i8"))
    if order.size and not (order.min() >= 0 and order.max() < np.prod(shape)):
        raise ValueError(shape)
    return Begun(
        model=str(told["model"]),
        data=str(told["data"]),
        words=told["words"],
        rule=told["rule"],
        length=max(1, int(told["length"])),
        source=str(told["source"]),
        shape=shape,
        order=order,
        start=np.frombuffer(start, "<f8", count=slots).copy(),
        values=np.frombuffer(values, "<f8").reshape(-1, slots).copy(),
        record=_expanded(record),
    )


def _expanded(body: bytes) -> bytes:
    """Compressed bytes, unless they say that they are more than there is room for."""
    most = available_memory() // 2
    unpack = zlib.decompressobj()
    found = unpack.decompress(body, most)
    if unpack.unconsumed_tail:
        raise ValueError(most)
    return found


def _parts_of(outcome: Outcome) -> list[bytes | memoryview]:
    told = [[int(f.pixel), f.reason, f.engine, f.start.tolist()] for f in outcome.failures]
    failures = json.dumps(told).encode()
    arrays: list[NDArray[Any]] = [np.asarray(outcome.pixels, "<i8")]
    numbers = (outcome.values, outcome.std, outcome.chisq, outcome.dof)
    arrays += [np.ascontiguousarray(array, "<f8") for array in numbers]
    return [
        struct.pack("<QQ", len(outcome.pixels), len(failures)),
        *(array.reshape(-1).view(np.uint8).data for array in arrays),
        failures,
    ]


def _outcome(body: bytes, slots: int, pixels: int) -> Outcome | None:
    """An outcome; None where it cannot be one of this run."""
    n, told = struct.unpack_from("<QQ", body)
    if len(body) != 16 + 8 * n * (3 + 2 * slots) + told:
        return None
    which = np.frombuffer(body, "<i8", n, 16).astype(np.intp)
    numbers = np.frombuffer(body, "<f8", n * (2 + 2 * slots), 16 + 8 * n)
    rows, rest = numbers[: 2 * n * slots].reshape(2, n, slots), numbers[2 * n * slots :]
    failures = tuple(
        Failure(int(pixel), np.array(start, float), str(reason), str(engine))
        for pixel, reason, engine, start in json.loads(body[len(body) - told :])
    )
    every = [*which.tolist(), *(failure.pixel for failure in failures)]
    if any(not 0 <= pixel < pixels for pixel in every):
        return None
    return Outcome(
        which, rows[0].copy(), rows[1].copy(), rest[:n].copy(), rest[n:].copy(), failures
    )
