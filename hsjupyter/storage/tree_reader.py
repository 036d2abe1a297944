"""Groups of an HDF5 file -> nested dictionaries; nothing is unpickled, followed or believed."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from hsjupyter.core.errors import FileFormatError
from hsjupyter.storage.file_array import FileArray
from hsjupyter.storage.layout import NONE, SEQUENCE, NestedRecord, looks_pickled, member_key
from hsjupyter.storage.limits import available_memory, check_dataset, check_depth
from hsjupyter.storage.old_headers import OldHeaders

SKIPPED = object()
"""Stands for a value of a kind that is not taken from files."""

LOST = object()
"""Stands for a value that could not be read."""


class TreeReader:
    """Reads groups of one open file; remembers what it has seen and what it left out.

    Parameters
    ----------
    path : Path
        The file; no attribute can be longer.
    read_signal : callable
        ``(reader, group, place, depth) -> dict``, for signals that stand inside of metadata.
    headers : OldHeaders
        The same file beside the HDF5 library.
    lazy : bool, optional
        Whether the data of signals stay in the file; where not given, those that are large.
    """

    def __init__(
        self,
        path: Path,
        read_signal: Callable[["TreeReader", Any, str, int], dict[str, Any]],
        headers: OldHeaders,
        *,
        lazy: bool | None = False,
    ) -> None:
        self._path, self._lazy = path, lazy
        self._headers = headers
        self.left_out: list[str] = []
        self._size = path.stat().st_size
        self._read_signal = read_signal
        self._seen: set[int] = set()
        self._addresses: dict[str, int] = {}

    def attempt(self, place: str, read: Callable[[], Any], otherwise: Any) -> Any:  # noqa: ARG002
        """What ``read`` gives; here, whatever it raises ends the reading.

        Parameters
        ----------
        place : str
            What is read, for a reader that goes on.
        read : callable
        otherwise : object
            What such a reader takes instead.
        """
        return read()

    def tolerate(self, what: str) -> None:
        """Something is missing that could be done without; here it is not tolerated.

        Raises
        ------
        FileFormatError
            Always.
        """
        raise FileFormatError(what)

    def members(self, group: Any, place: str) -> dict[str, Any]:
        """The groups and datasets of a group, by name; links elsewhere are left out.

        An object linked twice is given once: HDF5 allows groups that contain themselves.
        """
        names: list[str] = self.attempt(place, partial(list, group), [])
        found = {}
        for name in names:
            where = f"{place}/{name}"
            thing = self.attempt(where, partial(self._child, group, name, where), None)
            if thing is not None:
                found[name] = thing
        return found

    def _child(self, group: Any, name: str, place: str) -> Any:
        """One group or dataset; None for one that is left out."""
        import h5py

        if not isinstance(group.get(name, getlink=True), h5py.HardLink):
            self.left_out.append(f"{place} (a link)")
            return None
        thing = group[name]
        # Asked of the link: the HDF5 library walks through all of an object to describe it, and
        # may never come to an end of one that is damaged.
        address = group.id.links.get_info(name.encode(errors="surrogateescape")).u
        self._addresses[place] = address
        if address in self._seen or not isinstance(thing, h5py.Group | h5py.Dataset):
            self.left_out.append(f"{place} (seen before, or of no known kind)")
            return None
        self._seen.add(address)
        return thing

    def group(self, group: Any, place: str, depth: int = 0) -> dict[str, Any]:
        """A group as a nested dictionary.

        Raises
        ------
        FileFormatError
            It nests too deep, or a dataset asks for too much.
        """
        check_depth(depth, place)
        tree: dict[str, Any] = self.attempt(place, partial(self.attributes, group, place), {})
        for name, thing in self.members(group, place).items():
            where, nothing = f"{place}/{name}", (name, SKIPPED)
            read = partial(self._member, name, thing, where, depth + 1)
            key, value = self.attempt(where, read, nothing)
            if value is not SKIPPED:
                tree[key] = value
        return tree

    def attributes(self, thing: Any, place: str) -> dict[str, Any]:
        """The attributes of a group or dataset as plain values.

        Raises
        ------
        FileFormatError
            A text has another length than it says.
        """
        if not self._headers.hold_together(self._addresses[place]):
            raise FileFormatError(
                f"an attribute of {place or '/'} does not hold together; the file is damaged: take "
                "another copy"
            )
        tree: dict[str, Any] = {}
        for name in self.attempt(place, partial(list, thing.attrs), []):
            if name.startswith("_list_empty_"):
                tree[name.removeprefix("_list_empty_")] = []
                continue
            if name.startswith("_tuple_empty_"):
                tree[name.removeprefix("_tuple_empty_")] = ()
                continue
            where = f"{place}@{name}"
            value = self.attempt(where, partial(self._attribute, thing, name), LOST)
            if value is SKIPPED:
                self.left_out.append(f"{where} (a pickle, or of no known kind)")
            elif value is not LOST:
                tree[name.removeprefix("_bs_")] = value
        return tree

    def _attribute(self, thing: Any, name: str) -> Any:
        import h5py

        attribute = thing.attrs.get_id(name)
        length = attribute.get_space().get_simple_extent_npoints() * attribute.get_type().get_size()
        if name == "_bs__class_dump" or length > self._size:
            return SKIPPED
        value = thing.attrs[name]
        if isinstance(value, h5py.Empty):
            return "" if value.dtype.kind in "SO" else None
        if name.startswith("_bs_"):
            raw = to_bytes(value)
            return SKIPPED if looks_pickled(raw) else raw
        value = plain(value)
        return None if isinstance(value, str) and value == NONE else value

    def _member(self, name: str, thing: Any, place: str, depth: int) -> tuple[str, Any]:
        """Key and value of a group or dataset."""
        import h5py

        if isinstance(thing, h5py.Dataset):
            return self._array(name, thing, place)
        if name.startswith("_sig_"):
            check_depth(depth, place)
            nested = NestedRecord(self._read_signal(self, thing, place, depth))
            return member_key(name.removeprefix("_sig_")), nested
        sequence = SEQUENCE.fullmatch(name)
        inside = self.group(thing, place, depth)
        if sequence is None:
            return member_key(name), inside
        ordered = [inside[key] for key in sorted(inside, key=_place_in_list)]
        return member_key(sequence[3]), ordered if sequence[1] == "list" else tuple(ordered)

    def _array(self, name: str, dataset: Any, place: str) -> tuple[str, Any]:
        value = self.dataset(dataset, place)
        if value is SKIPPED:
            return name, value
        if name.startswith("_bs_"):
            return member_key(name.removeprefix("_bs_")), to_bytes(value)
        for prefix, kind in (("_list_", list), ("_tuple_", tuple)):
            if name.startswith(prefix) and value.ndim:
                return member_key(name.removeprefix(prefix)), kind(value.tolist())
        return member_key(name), value

    def numbers(self, dataset: Any, place: str) -> Any:
        """The data of a signal, in memory or left in the file.

        Raises
        ------
        FileFormatError
            As of `dataset`.
        """
        wanted = dataset.size * dataset.dtype.itemsize
        lazy = wanted > available_memory() // 2 if self._lazy is None else self._lazy
        check_dataset(dataset, place, read=not lazy)
        return FileArray(self._path, dataset.name) if lazy else read_array(dataset)

    def dataset(self, dataset: Any, place: str) -> Any:
        """Values of a dataset, or `SKIPPED` where they are of no kind that is taken.

        Raises
        ------
        FileFormatError
            It asks for more than it can hold, or for other files.
        """
        import h5py

        if dataset.shape is None:
            return SKIPPED
        check_dataset(dataset, place)
        if h5py.check_string_dtype(dataset.dtype) is not None:
            texts = dataset.asstr(errors="surrogateescape")[()]
            return np.asarray(texts, dtype=str)
        if dataset.dtype.hasobject:
            self.left_out.append(f"{place} (of no known kind)")
            return SKIPPED
        return read_array(dataset)


def read_array(dataset: Any) -> Any:
    """All values of a dataset in the byte order of this machine, without a second copy."""
    if dataset.dtype.isnative:
        return np.asarray(dataset[()])
    values = np.empty(dataset.shape, dtype=dataset.dtype.newbyteorder("="))
    if values.size:
        dataset.read_direct(values)
    return values


def plain(value: Any) -> Any:
    """An attribute's value as Python's own kinds, or `SKIPPED`."""
    if isinstance(value, bytes):
        return value.decode(errors="surrogateescape")
    if isinstance(value, str):
        return value
    if isinstance(value, np.generic) and value.dtype.kind in "biufc":
        return value.item()
    if isinstance(value, np.ndarray) and value.dtype.kind in "biufc":
        return value
    if isinstance(value, np.ndarray) and all(isinstance(v, str | bytes) for v in value.flat):
        return np.asarray([plain(v) for v in value.flat], dtype=str).reshape(value.shape)
    return SKIPPED


def to_bytes(value: Any) -> bytes:
    """The bytes of an opaque value."""
    return value if isinstance(value, bytes) else np.asarray(value).tobytes()


def _place_in_list(key: str) -> tuple[int, str]:
    # A number of digits that Python refuses to turn into an int is no place either.
    return (int(key), key) if key.isdecimal() and len(key) < 12 else (1 << 62, key)
