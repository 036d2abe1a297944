"""Check the heaps of an HDF5 file, where a wrong size makes the HDF5 library turn for ever.

Texts live in global heaps, the one part of a file that carries no checksum.
"""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from hsjupyter.core.errors import FileFormatError

SIGNATURE = b"GCOL\x01\0\0\0"
HEADER = 16  # bytes before the first object of a heap, and before the data of each object
SMALLEST = 4096
BLOCK = 1 << 24

Pieces = Sequence[tuple[int, int]]


def check_heaps(path: str | os.PathLike[str], data: Pieces = ()) -> None:
    """Refuse a file with a heap whose objects do not follow each other to its end.

    Parameters
    ----------
    path : path-like
        Any file; it is read once, in blocks.
    data : sequence of (int, int)
        Begin and end of pieces that are not looked at, sorted: numbers, where no heap is.

    Raises
    ------
    FileFormatError
        An object of a heap has no length, or reaches beyond the heap.
    """
    for place in broken_heaps(path, data):
        raise FileFormatError(
            f"the heap at byte {place} does not hold together; the file is damaged or made to "
            "harm: take another copy"
        )


def broken_heaps(path: str | os.PathLike[str], data: Pieces = ()) -> Iterator[int]:
    """The places of heaps that do not hold together.

    Parameters
    ----------
    path, data
        As of `check_heaps`.

    Source
    ------
    HDF5 File Format Specification 3.0, III.E, "Global Heap", with lengths of 8 bytes.
    """
    whole = Path(path).stat().st_size
    with Path(path).open("rb") as file:
        for place in [p for begin, end in _gaps(data, whole) for p in _heaps(file, begin, end)]:
            file.seek(place)
            size = int.from_bytes(file.read(HEADER)[8:], "little")
            # Of other sizes is no heap, but the same letters by chance, or one that HDF5 refuses.
            if SMALLEST <= size <= whole - place:
                body = file.read(min(size, BLOCK))
                if not _objects_fill(body, size):
                    yield place


def _gaps(data: Pieces, whole: int) -> Iterator[tuple[int, int]]:
    """What lies between pieces."""
    at = 0
    for begin, end in data:
        if begin > at:
            yield at, begin
        at = max(at, end)
    if at < whole:
        yield at, whole


def _heaps(file: BinaryIO, begin: int, end: int) -> Iterator[int]:
    """The place of every heap in a part of a file, by its signature."""
    start, tail = begin, b""
    file.seek(begin)
    while start < end and (block := file.read(min(BLOCK, end - start))):
        window = tail + block
        at = window.find(SIGNATURE)
        while at >= 0:
            yield start - len(tail) + at
            at = window.find(SIGNATURE, at + 1)
        start += len(block)
        tail = window[-(len(SIGNATURE) - 1) :]


def _objects_fill(body: bytes, size: int) -> bool:
    """Whether the objects after a heap's header follow each other up to ``size``.

    HDF5 keeps texts in heaps of 4096 bytes, and a longer text in a heap of its own: where the heap
    is longer than what is looked at, its first object is.
    """
    at, end = 0, size - HEADER
    while at + HEADER <= min(end, len(body)):
        index = int.from_bytes(body[at : at + 2], "little")
        length = int.from_bytes(body[at + 8 : at + HEADER], "little")
        step = HEADER + -(-length // 8) * 8 if index else length
        if step < HEADER or at + step > end:
            return False
        at += step
    return True
