"""The file that HDF5 writes into, where a full disk is an error and not the end of the process."""

from typing import BinaryIO


class Sink:
    """Hands on what HDF5 writes; keeps the first failure to itself until it is asked.

    The HDF5 library crashes when it closes a file that it could not write to the end. So it is
    told that all went well, and `check` says what happened.

    Parameters
    ----------
    file : binary file
        Open for reading and writing, unbuffered, and empty.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._failure: OSError | None = None

    def check(self) -> None:
        """Raise what went wrong since the beginning.

        Raises
        ------
        OSError
            The first failure: most often, a full disk.
        """
        self.flush()
        if self._failure is not None:
            raise self._failure

    def write(self, data: bytes | memoryview) -> int:
        """Write at the current place."""
        if self._failure is None:
            left = memoryview(data).cast("B")
            try:
                while left:
                    left = left[self._file.write(left) :]
            except OSError as why:
                self._failure = why
        return memoryview(data).nbytes

    def flush(self) -> None:
        """Hand everything to the system."""
        if self._failure is None:
            try:
                self._file.flush()
            except OSError as why:
                self._failure = why

    def truncate(self, size: int | None = None) -> int:
        """Set the length of the file."""
        if self._failure is None:
            try:
                return self._file.truncate(size)
            except OSError as why:
                self._failure = why
        return size or 0

    def read(self, size: int) -> bytes:
        """Read back from the current place; zeros where a failure kept bytes from being written."""
        found = self._file.read(size) if self._failure is None else b""
        return found.ljust(size, b"\0")

    def readinto(self, buffer: memoryview) -> int:
        """Read back into a buffer."""
        view = memoryview(buffer).cast("B")
        view[:] = self.read(view.nbytes)
        return view.nbytes

    def seek(self, offset: int, whence: int = 0) -> int:
        """Go to a place."""
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """The current place."""
        return self._file.tell()
