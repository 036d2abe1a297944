"""Open a .hspy file for reading; whatever is wrong with it is said about this file."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hsjupyter.core.errors import FileFormatError, MissingFileError
from hsjupyter.storage.heaps import broken_heaps, check_heaps
from hsjupyter.storage.old_headers import OldHeaders
from hsjupyter.storage.overlay import Overlay

LARGE = 1 << 26
"""Bytes of a file from which on the pieces of its data are not looked through for heaps."""

LIKELY_LARGE = ("data", "metadata/Signal/Noise_properties/_sig_variance/data")

# What h5py raises on bytes that are not what they should be.
DAMAGE = (
    OSError,
    RuntimeError,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    OverflowError,
    MemoryError,
)


def is_hspy(path: str | os.PathLike[str]) -> bool:
    """Whether a file says of itself that it holds HyperSpy's layout."""
    import h5py

    if not Path(path).is_file() or not h5py.is_hdf5(path):
        return False
    try:
        with h5py.File(path, "r") as file:
            return "Experiments" in file
    except DAMAGE:
        # It began well: let `read` say what is wrong with it.
        return True


@contextmanager
def opened(path: str | os.PathLike[str]) -> Iterator[tuple[Any, OldHeaders]]:
    """The file, opened twice; what goes wrong inside the block is a `FileFormatError`.

    Raises
    ------
    MissingFileError
        No such file.
    FileFormatError
        Not HDF5, of another program, or damaged.
    """
    import h5py

    check_is_hdf5(path)
    try:
        large = Path(path).stat().st_size >= LARGE
        if not large:
            check_heaps(path)
        with h5py.File(path, "r") as file, OldHeaders(path) as headers:
            if large:
                check_heaps(path, data_pieces(file))
            _check_signature(file, headers)
            yield file, headers
    except FileFormatError as why:
        raise FileFormatError(f"{path}: {why}") from why
    except MemoryError:
        # The file may be whole, and this process too small: what it declares was looked at before.
        raise
    except DAMAGE as why:
        raise FileFormatError(
            f"{path} is damaged ({type(why).__name__}: {str(why)[:200]}); a whole file is wanted: "
            "take another copy, or save it again where it came from"
        ) from why


@contextmanager
def opened_damaged(path: str | os.PathLike[str]) -> Iterator[tuple[Any, OldHeaders]]:
    """The file as far as it goes: what is missing at its end are zeros, broken heaps are none."""
    import h5py

    check_is_hdf5(path)
    hidden = dict.fromkeys(broken_heaps(path), b"\x00\x00\x00\x00")
    with (
        Overlay(path, _declared_size(path), hidden) as whole,
        h5py.File(whole, "r") as file,
        OldHeaders(path) as headers,
    ):
        yield file, headers


def check_is_hdf5(path: str | os.PathLike[str]) -> None:
    """Refuse what is no HDF5 file at all.

    Raises
    ------
    MissingFileError
        No such file.
    FileFormatError
        A folder, empty, or of another format.
    """
    import h5py

    if not Path(path).exists():
        raise MissingFileError(f"{path} is not there; check the name, and the folder it is in")
    if Path(path).is_dir():
        raise FileFormatError(f"{path} is a folder; the name of a .hspy file is wanted")
    if not Path(path).stat().st_size:
        raise FileFormatError(f"{path} is empty; take a copy from where it was written")
    if not h5py.is_hdf5(path):
        raise FileFormatError(
            f"{path} is no HDF5 file, which a .hspy file is; give the file that HyperSpy or "
            "hsjupyter saved, or take another copy of it"
        )


def _check_signature(file: Any, headers: OldHeaders) -> None:
    import h5py

    low, high = h5py.h5g.get_objinfo(
        file.id
    ).objno  # an address, in two halves where longs are short
    if not headers.hold_together(low + (high << 32)):
        raise FileFormatError("its first attributes do not hold together; take another copy")
    made_by = file.attrs.get("file_format")
    made_by = made_by.decode(errors="replace") if isinstance(made_by, bytes) else made_by
    if not isinstance(made_by, str) or made_by.lower() != "hyperspy":
        author = repr(made_by)[:40] if isinstance(made_by, str) else "another program"
        raise FileFormatError(
            f"an HDF5 file, but of {author}, and HyperSpy's layout is wanted; convert it, or "
            "install hsjupyter[formats] and give the file its own suffix"
        )


def _declared_size(path: str | os.PathLike[str]) -> int:
    """The length that a file says it has.

    Source
    ------
    HDF5 File Format Specification 3.0, II.A, "Superblock", with addresses of 8 bytes.
    """
    with Path(path).open("rb") as file:
        head = file.read(64)
    at = {b"\0": 40, b"\1": 44}.get(head[8:9], 28)
    size = int.from_bytes(head[at : at + 8], "little")
    # A size beyond belief is damage itself.
    return size if size < 1 << 48 else 0


def data_pieces(file: Any) -> list[tuple[int, int]]:
    """Begin and end, in bytes, of the pieces of all data of signals; sorted."""
    import h5py

    pieces: list[tuple[int, int]] = []
    experiments = file.get("Experiments")
    for name in experiments if isinstance(experiments, h5py.Group) else ():
        group = experiments[name] if _is_here(experiments, name) else None
        for inside in LIKELY_LARGE:
            dataset = group.get(inside) if isinstance(group, h5py.Group) else None
            if isinstance(dataset, h5py.Dataset) and dataset.dtype.kind in "biufc":
                pieces += _pieces_of(dataset)
    return sorted(pieces)


def _is_here(group: Any, name: str) -> bool:
    import h5py

    return isinstance(group.get(name, getlink=True), h5py.HardLink)


def _pieces_of(dataset: Any) -> list[tuple[int, int]]:
    if dataset.chunks is None:
        begin = dataset.id.get_offset()
        return [] if begin is None else [(begin, begin + dataset.id.get_storage_size())]
    found: list[tuple[int, int]] = []
    dataset.id.chunk_iter(lambda one: found.append((one.byte_offset, one.byte_offset + one.size)))
    return found
