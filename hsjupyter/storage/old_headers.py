"""Look at the attributes of an old HDF5 header before the HDF5 library reads them.

Headers of HDF5 before 1.8, which HyperSpy writes to this day, carry no checksum. Each text of an
attribute lies in a heap; where the attribute says another length than the heap, the library writes
beyond its buffer and the process dies.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple, Self

HEADER_VERSION = 1
CONTINUATION, ATTRIBUTE = 0x10, 0x0C
VARIABLE_LENGTH = 9
ELEMENT = 16  # bytes of a text in an attribute: its length, the address and the place in a heap
HEAP = b"GCOL\x01\0\0\0"
LARGEST = 1 << 24
MOST_BLOCKS = 10_000


class _Attribute(NamedTuple):
    kind: bytes
    data: bytes


class OldHeaders:
    """Reads headers of an open file beside the HDF5 library.

    Parameters
    ----------
    path : path-like
        The file.

    Source
    ------
    HDF5 File Format Specification 3.0, III.E (global heap), IV.A.1.a (header of version 1),
    IV.A.2.d (datatype), IV.A.2.m (attribute), IV.A.2.q (continuation); addresses of 8 bytes.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._file: BinaryIO = Path(path).open("rb")  # noqa: SIM115 - closed by __exit__
        self._heaps: dict[int, dict[int, int]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_what: object) -> None:
        self._file.close()

    def hold_together(self, address: int) -> bool:
        """Whether all texts of the attributes of an object have the length their heap says.

        Parameters
        ----------
        address : int
            Of the header; one of a newer kind, with a checksum, is not looked at.
        """
        head = self._bytes(address, 16)
        if head[:1] != bytes([HEADER_VERSION]):
            return True
        blocks = [(address + 16, _number(head[8:12]))]
        for start, length in blocks:  # grows while it is walked
            for kind, body in _messages(self._bytes(start, length)):
                if kind == CONTINUATION and len(blocks) < MOST_BLOCKS:
                    blocks.append((_number(body[:8]), _number(body[8:16])))
                elif kind == ATTRIBUTE:
                    attribute = _attribute(body)
                    if attribute is None or not self._texts_fit(attribute):
                        return False
        return True

    def _bytes(self, start: int, length: int) -> bytes:
        if not 0 <= start < 1 << 62 or not 0 <= length <= LARGEST:
            return b""
        self._file.seek(start)
        return self._file.read(length)

    def _texts_fit(self, attribute: _Attribute) -> bool:
        kind, data = attribute
        if len(kind) < 16:
            return len(kind) >= 8
        if kind[0] & 0x0F != VARIABLE_LENGTH:
            return True
        each = _number(kind[12:16])  # of what the elements consist of
        known = kind[1] in {0x00, 0x01, 0x11, 0x21} and kind[2] <= 1 and kind[3] == 0
        if not known or _number(kind[4:8]) != ELEMENT or (kind[1] & 1 and each != 1):
            return False
        for at in range(0, len(data) - ELEMENT + 1, ELEMENT):
            count, place = _number(data[at : at + 4]), _number(data[at + 12 : at + 16])
            address = _number(data[at + 4 : at + 12])
            if address == 0 and place == 0:
                continue  # empty
            if self._heap(address).get(place) != count * each:
                return False
        return True

    def _heap(self, address: int) -> dict[int, int]:
        """The lengths of the objects of a heap, by their places in it."""
        if address not in self._heaps:
            head = self._bytes(address, 16)
            size = _number(head[8:16]) if head.startswith(HEAP) else 0
            self._heaps[address] = dict(_objects(self._bytes(address + 16, size - 16)))
        return self._heaps[address]


def _number(raw: bytes) -> int:
    return int.from_bytes(raw, "little")


def _padded(length: int) -> int:
    return -(-length // 8) * 8


def _messages(block: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 8 <= len(block):
        kind, size = _number(block[at : at + 2]), _number(block[at + 2 : at + 4])
        yield kind, block[at + 8 : at + 8 + size]
        at += 8 + size


def _attribute(body: bytes) -> _Attribute | None:
    """Datatype and data of an attribute; None for one that does not hold together."""
    version = body[0] if body else 0
    if version not in {1, 2, 3}:
        return None
    sizes = [_number(body[at : at + 2]) for at in (2, 4, 6)]
    at = 9 if version == 3 else 8
    starts = []
    for size in sizes:
        starts.append(at)
        at += _padded(size) if version == 1 else size
    if at > len(body):
        return None
    kind = body[starts[1] : starts[1] + sizes[1]]
    return _Attribute(kind, body[at:])


def _objects(body: bytes) -> Iterator[tuple[int, int]]:
    at = 0
    while at + 16 <= len(body):
        place, size = _number(body[at : at + 2]), _number(body[at + 8 : at + 16])
        if place == 0:
            return
        yield place, size
        at += 16 + _padded(size)
