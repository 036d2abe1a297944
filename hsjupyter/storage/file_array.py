"""Data that stay in their file: read where they are asked for, and nowhere else."""

from math import prod
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from hsjupyter.core.errors import FileFormatError

CACHE = 1 << 26
"""Bytes of unpacked pieces that are kept, since neighbours are most often in the same piece."""


class FileArray:
    """Numbers of a dataset of an HDF5 file, as an array that can be asked for its parts.

    It can be pickled: an engine opens the file again, where it has not been changed.

    Parameters
    ----------
    path : Path
        The file.
    name : str
        The dataset in it.

    Attributes
    ----------
    shape : tuple of int
    dtype : dtype
        In the byte order of this machine.
    ndim, size : int
    """

    def __init__(self, path: Path, name: str) -> None:
        self.path, self.name = Path(path).absolute(), name
        self._dataset = self._opened()
        self._stamp = _stamp(self.path)
        self.shape: tuple[int, ...] = tuple(self._dataset.shape)
        self.dtype: np.dtype[Any] = self._dataset.dtype.newbyteorder("=")
        self.ndim, self.size = len(self.shape), prod(self.shape)

    def _opened(self) -> Any:
        import h5py

        try:
            return h5py.File(self.path, "r", rdcc_nbytes=CACHE)[self.name]
        except (OSError, KeyError) as why:
            raise FileFormatError(
                f"{self.path}: its data cannot be read any more ({why}); load it from where it is"
            ) from why

    def reopened(self) -> Self:
        """It, with its file open.

        Raises
        ------
        FileFormatError
            The file is not there, or was changed.
        """
        if self._dataset is None:
            try:
                same = _stamp(self.path) == self._stamp
            except OSError as why:
                raise FileFormatError(
                    f"{self.path} cannot be seen any more ({why}); load it from where it is"
                ) from why
            if not same:
                raise FileFormatError(
                    f"{self.path} has been changed since it was loaded; load it again"
                )
            self._dataset = self._opened()
        return self

    def __getitem__(self, key: Any) -> NDArray[Any]:
        self.reopened()
        try:
            return np.asarray(self._dataset[key], dtype=self.dtype)
        except (OSError, RuntimeError) as why:
            raise FileFormatError(
                f"{self.path}: the part {key!r:.60} of its data cannot be read ({str(why)[:120]}); "
                "take another copy, or load what can be read with salvage=True"
            ) from why

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        if copy is False:
            message = f"{self!r}: it is in a file, and reading it makes a copy"
            raise ValueError(message)
        whole = self[()]
        return whole if dtype is None else whole.astype(dtype, copy=False)

    def __len__(self) -> int:
        return self.shape[0]

    def __deepcopy__(self, _memo: dict[int, Any]) -> Self:
        return self  # nobody can change it

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_dataset": None}

    def __repr__(self) -> str:
        return f"<{self.dtype} of shape {self.shape} in {self.path.name}>"


def _stamp(path: Path) -> tuple[int, int, int]:
    """What tells a file from another one of the same name."""
    found = path.stat()
    return found.st_size, found.st_mtime_ns, found.st_ino
