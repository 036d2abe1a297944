"""A file as HDF5 shall see it: longer than it is, or with some bytes replaced; never changed."""

import os
from pathlib import Path
from types import TracebackType
from typing import Self


class Overlay:
    """A file open for reading, zeros after its end.

    Parameters
    ----------
    path : path-like
        The file.
    size : int
        The length that it shall have, at least its own.
    patches : dict of int to bytes
        What shall stand at some places.
    """

    def __init__(self, path: str | os.PathLike[str], size: int, patches: dict[int, bytes]) -> None:
        self._file = Path(path).open("rb", buffering=0)  # noqa: SIM115 - closed by __exit__
        self._size = max(size, Path(path).stat().st_size)
        self._patches = patches
        self._place = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _why: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to a place."""
        self._place = offset + {os.SEEK_SET: 0, os.SEEK_CUR: self._place}.get(whence, self._size)
        return self._place

    def tell(self) -> int:
        """The current place."""
        return self._place

    def read(self, size: int = -1) -> bytes:
        """Bytes from the current place on."""
        left = max(0, self._size - self._place)
        size = left if size < 0 else min(size, left)
        self._file.seek(self._place)
        found = bytearray(self._file.read(size) or b"")
        found.extend(bytes(size - len(found)))
        for place, new in self._patches.items():
            for at, byte in enumerate(new, place - self._place):
                if 0 <= at < size:
                    found[at] = byte
        self._place += size
        return bytes(found)

    def readinto(self, buffer: memoryview) -> int:
        """Fill a buffer from the current place on."""
        view = memoryview(buffer).cast("B")
        found = self.read(view.nbytes)
        view[: len(found)] = found
        return len(found)

    def write(self, _data: object) -> int:
        """Nothing is ever written."""
        message = "a file that is read is not written to"
        raise OSError(message)

    def flush(self) -> None:
        """Nothing was written."""

    def truncate(self, _size: int | None = None) -> int:
        """Nothing is cut."""
        return self._size
