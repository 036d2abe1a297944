"""Read what can be read of a damaged .hspy file, and say what cannot."""

import os
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hsjupyter.core.errors import FileFormatError
from hsjupyter.storage.hspy import Record, read_experiments, read_signal
from hsjupyter.storage.limits import check_dataset
from hsjupyter.storage.opening import DAMAGE, opened_damaged
from hsjupyter.storage.tree_reader import TreeReader

Key = tuple[slice, ...]

SHOWN = 8
"""Lost places that a message names."""

FEWEST, PIECE = 10_000, 32
"""Pieces that any file may have, and bytes that an entry of a piece takes at least."""


def salvage(path: str | os.PathLike[str], *, data: bool = True) -> tuple[list[Record], list[str]]:
    """The records of a damaged file, as far as it goes.

    Parameters
    ----------
    path : path-like
    data : bool
        Read the data; else only find out how much of them is there, and hold NaN in their place.

    Returns
    -------
    records : list of dict
        As `hspy.read` gives them; empty where nothing can be read. Numbers that are lost are NaN,
        and whole numbers with lost ones among them floats.
    lost : list of str
        What could not be read.
    """
    reader: _Salvager | None = None
    try:
        with opened_damaged(path) as (file, headers):
            reader = _Salvager(Path(path), read_signal, headers)
            reader.reads_data = data
            return read_experiments(reader, file), reader.lost
    except (*DAMAGE, FileFormatError, RecursionError) as why:
        return [], [*(reader.lost if reader else ()), str(why)[:200]]


def what_remains(path: str | os.PathLike[str]) -> str:
    """What `salvage` could read, as the end of a sentence; empty for nothing."""
    records, lost = salvage(path, data=False)
    if not records:
        return ""
    signals = []
    for record in records:
        general = record.get("metadata", {}).get("General", {})
        title = str(general.get("title", ""))[:40] if isinstance(general, dict) else ""
        models = ", ".join(record.get("models", {}))
        signals.append(
            f"the signal {title!r} of shape {record['data'].shape}"
            + (f" and its models {models}" if models else "")
        )
    many = f", and {len(signals) - SHOWN} signals more" if len(signals) > SHOWN else ""
    but = f"but not {told_places(lost)}" if lost else "and misses nothing"
    return f"hs.load(..., salvage=True) can read {'; '.join(signals[:SHOWN])}{many}, {but}"


def told_places(lost: list[str]) -> str:
    """The first places of a list, and how many more there are."""
    many = len(lost) - SHOWN
    more = f", and {many} places more" if many > 0 else ""
    return ", ".join(lost[:SHOWN]) + more


class _Salvager(TreeReader):
    """A reader that goes on after what it cannot read."""

    reads_data = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lost: list[str] = []

    def attempt(self, place: str, read: Callable[[], Any], otherwise: Any) -> Any:
        """What ``read`` gives, or ``otherwise``."""
        try:
            return read()
        except (*DAMAGE, FileFormatError):
            self.lost.append(place)
            return otherwise

    def tolerate(self, what: str) -> None:
        """Note it and go on."""
        self.lost.append(what)

    def numbers(self, dataset: Any, place: str) -> Any:
        """The data of a signal, NaN where they are lost."""
        check_dataset(dataset, place, read=self.reads_data)
        if dataset.chunks is None:
            found, n_read = self._in_one(dataset)
        else:
            found, n_read = self._in_pieces(dataset)
        if n_read == dataset.size and self.reads_data:
            return found.astype(dataset.dtype.newbyteorder("="), copy=False)
        if n_read == dataset.size:
            return found
        self.lost.append(f"{dataset.size - n_read} of {dataset.size} values of {place}")
        if not n_read:
            raise FileFormatError(f"{place} is lost")
        return found

    def _empty(self, dataset: Any) -> NDArray[Any]:
        kind = np.promote_types(dataset.dtype.newbyteorder("="), np.float32)
        if self.reads_data:
            return np.full(dataset.shape, np.nan, kind)
        return np.broadcast_to(np.array(np.nan, kind), dataset.shape)

    def _in_one(self, dataset: Any) -> tuple[NDArray[Any], int]:
        """Data that are not cut into pieces, and how many of them lie in the file."""
        begin = dataset.id.get_offset()
        left = dataset.size if begin is None else (self._size - begin) // dataset.dtype.itemsize
        n_read = max(0, min(int(left), dataset.size))
        found = self._empty(dataset)
        if self.reads_data:
            found[...] = dataset[()]
            found.reshape(-1)[n_read:] = np.nan
        return found, n_read

    def _in_pieces(self, dataset: Any) -> tuple[NDArray[Any], int]:
        """Data that are cut into pieces, and how many of them could be read."""
        found, n_read = self._empty(dataset), 0
        for piece in self._pieces(dataset):
            try:
                stored = dataset.id.get_chunk_info_by_coord(tuple(s.start for s in piece))
                place = stored.byte_offset
                if place is None or place + stored.size > self._size:
                    continue
                if self.reads_data:
                    found[piece] = dataset[piece]
            except DAMAGE:
                continue
            n_read += int(np.prod([s.stop - s.start for s in piece], dtype=object))
        return found, n_read

    def _pieces(self, dataset: Any) -> Iterator[Key]:
        """The pieces in which data are stored.

        Raises
        ------
        FileFormatError
            There are more than the file can hold.
        """
        steps = [range(0, n, c) for n, c in zip(dataset.shape, dataset.chunks, strict=True)]
        count = int(np.prod([len(step) for step in steps], dtype=object))
        if count > max(FEWEST, self._size // PIECE):
            raise FileFormatError(f"{dataset.name} is cut into {count} pieces")
        for start in product(*steps):
            yield tuple(
                slice(a, min(a + step.step, n))
                for a, step, n in zip(start, steps, dataset.shape, strict=True)
            )
