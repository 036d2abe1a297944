"""What a file may ask for: memory, depth, and no reaching outside of itself."""

import os
from pathlib import Path
from typing import Any

from hsjupyter.core.errors import FileFormatError

DEPTH = 50
"""How deep branches may nest; HyperSpy's own files stay below 15."""

DEPTH_WRITTEN = 40
"""How deep branches are written: a signal inside of metadata, and its own, must fit below."""

SMALL = 1 << 24
"""Bytes that are read without asking further."""

DENSEST = 1100
"""Bytes that one stored byte may become: deflate ends at 1032."""

TEXT_LENGTH = 60_000
"""Bytes of an attribute of fixed length; HDF5 ends at 64 kB with its header."""


def available_memory() -> int:
    """Bytes that can be taken now; where the system does not tell, all that is built in."""
    try:
        with Path("/proc/meminfo").open() as lines:
            for line in lines:
                if line.startswith("MemAvailable:"):
                    return int(line.split()[1]) * 1024
    except OSError:
        pass
    if hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return 1 << 32


def check_dataset(dataset: Any, place: str, *, read: bool = True) -> None:
    """Refuse a dataset before it is read, where reading it would harm.

    Parameters
    ----------
    dataset : h5py.Dataset
        Not yet read.
    place : str
        Its path in the file, for the message.
    read : bool
        Whether all of it will be in memory.

    Raises
    ------
    FileFormatError
        Its values lie in other files, or it declares more than its bytes or the memory can hold.
    """
    if dataset.external is not None or dataset.is_virtual:
        raise FileFormatError(
            f"{place} takes its values from other files; a file that holds its own data is wanted: "
            "ask its author for one"
        )
    wanted = dataset.size * dataset.dtype.itemsize
    if wanted > SMALL and wanted > DENSEST * dataset.id.get_storage_size():
        raise FileFormatError(
            f"{place} declares {dataset.shape} values of {dataset.dtype}, but stores "
            f"{dataset.id.get_storage_size()} bytes, which cannot hold them; the file is damaged "
            "or made to harm: do not use it"
        )
    if read and wanted > SMALL and wanted > available_memory():
        raise FileFormatError(
            f"{place} needs {wanted / 2**30:.1f} GiB, and {available_memory() / 2**30:.1f} GiB of "
            "memory are free; load it with lazy=True, or close other programs"
        )
    chunk = dataset.dtype.itemsize
    for n in dataset.chunks or ():
        chunk *= n
    if chunk > max(SMALL, wanted):
        raise FileFormatError(
            f"{place} is cut into pieces of {chunk} bytes for {wanted} bytes of data; the file is "
            "damaged or made to harm: do not use it"
        )


def check_depth(depth: int, place: str) -> None:
    """Refuse branches that nest too deep to be metadata.

    Raises
    ------
    FileFormatError
        Deeper than `DEPTH`.
    """
    if depth > DEPTH:
        raise FileFormatError(
            f"{place[:200]} nests deeper than {DEPTH} branches; metadata do not: the file is "
            "damaged or made to harm, do not use it"
        )
