"""Reading data that need not be in memory: parts of them, or block after block.

Data are numpy arrays, or anything with ``shape``, ``ndim``, ``dtype`` and ``[...]``: a memory
map, an h5py dataset, a dask array. Whoever brings ``__array_function__`` (dask) is computed by
numpy's own functions, and stays as lazy as it is; all others are read part by part.
"""

import mmap
from collections.abc import Callable
from copy import deepcopy
from math import prod
from typing import Any

import numpy as np

from hsjupyter.core.errors import DataError

BLOCK_BYTES = 64 * 2**20
"""What is read at once of data that are not in memory."""

WASTE = 4
"""How many times more than what is wanted may be read at once."""


def is_lazy(data: Any) -> bool:
    """Whether numpy's functions leave it uncomputed, as dask arrays do."""
    return not isinstance(data, np.ndarray) and hasattr(data, "__array_function__")


def read_part(data: Any, key: tuple[int | slice, ...]) -> Any:
    """The part of data that a key selects; nothing else is read.

    Parameters
    ----------
    data : array_like, (n, m, ...)
    key : tuple of int or slice
        One for each dimension; negative steps too, which h5py does not know.

    Returns
    -------
    array_like
        A view of a numpy array, a lazy part of a lazy one, what was read of all others.
    """
    if isinstance(data, np.ndarray) or is_lazy(data):
        return data[key]
    forward: list[int | slice] = []
    turned: list[slice] = []
    for one, n in zip(key, data.shape, strict=True):
        if not isinstance(one, slice):
            forward.append(one)
            continue
        chosen = range(n)[one]
        if chosen.step < 0:
            chosen = chosen[::-1]
            turned.append(slice(None, None, -1))
        else:
            turned.append(slice(None))
        forward.append(slice(chosen.start, chosen.stop, chosen.step))
    return np.asarray(data[tuple(forward)])[tuple(turned)]


def read_pixels(data: Any, map_shape: tuple[int, ...], which: Any) -> Any:
    """Some pixels of data over a map, (pixel, sig...).

    Parameters
    ----------
    data : array_like, (nav..., sig...)
    map_shape : tuple of int
        The navigation shape in array order; ``(1,)`` for a single spectrum.
    which : ndarray of int, (pixel,)
        Flat pixel indices.
    """
    n = len(map_shape)
    places = np.unravel_index(which, map_shape)
    if isinstance(data, np.ndarray):
        taken = data[places]
        _let_go(data)
        return taken
    low, high = [int(p.min()) for p in places], [int(p.max()) + 1 for p in places]
    box = prod(b - a for a, b in zip(low, high, strict=True))
    rest = (slice(None),) * (len(data.shape) - n)
    if box <= WASTE * len(which):
        part = np.asarray(data[(*map(slice, low, high), *rest)])
        return part[tuple(p - a for p, a in zip(places, low, strict=True))]
    # Pixels far apart: what lies between them is not read.
    each = [np.asarray(data[(*map(int, place), *rest)]) for place in zip(*places, strict=True)]
    return np.stack(each)


def rows_of(data: Any, map_shape: tuple[int, ...], which: Any) -> Any:
    """As `read_pixels`, without a copy where pixels are in one piece in memory.

    Parameters
    ----------
    data, map_shape : array_like, tuple of int
    which : ndarray of int, (pixel,)
        Ascending.
    """
    together = len(which) > 0 and which[-1] - which[0] == len(which) - 1
    if not together or not isinstance(data, np.ndarray) or not data.flags.c_contiguous:
        return read_pixels(data, map_shape, which)
    rows = data.reshape(-1, *data.shape[len(map_shape) :])
    return rows[which[0] : which[-1] + 1]


def _let_go(data: Any) -> None:
    """Let the system forget pages of a file that were read: a map may be larger than memory."""
    if isinstance(data, np.memmap) and data.mode in {"r", "r+"} and data.nbytes > BLOCK_BYTES:
        pages: Any = data
        while isinstance(pages, np.ndarray):
            pages = pages.base
        if isinstance(pages, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
            pages.madvise(mmap.MADV_DONTNEED)


def whole(data: Any) -> Any:
    """Numpy or lazy arrays as they are, all others read as a whole."""
    return data if isinstance(data, np.ndarray) or is_lazy(data) else np.asarray(data)


def reduce_axes(function: Callable[..., Any], data: Any, axes: tuple[int, ...]) -> Any:
    """A numpy function such as ``np.sum`` or ``np.argmax`` along axes of the data.

    Data that are neither in memory nor lazy are read in blocks along the longest axis that is
    kept.

    Parameters
    ----------
    function : callable
        ``function(array, axis=...)``.
    data : array_like, (n, m, ...)
    axes : tuple of int
        Those that vanish; not empty.
    """
    along: Any = axes if len(axes) > 1 else axes[0]
    kept = [axis for axis in range(len(data.shape)) if axis not in axes]
    if isinstance(data, np.ndarray) or is_lazy(data) or not kept:
        return function(whole(data), axis=along)
    longest = max(kept, key=lambda axis: int(data.shape[axis]))
    n = data.shape[longest]
    rows = max(1, BLOCK_BYTES * n // max(1, prod(data.shape) * data.dtype.itemsize))
    full = [slice(None)] * len(data.shape)
    parts = []
    for start in range(0, n, rows):
        full[longest] = slice(start, min(start + rows, n))
        parts.append(function(read_part(data, tuple(full)), axis=along))
    return np.concatenate(parts, axis=kept.index(longest))


def checked_data(data: Any, whose: str, dimension: int) -> Any:
    """What a signal can hold, as it is or as a numpy array.

    Parameters
    ----------
    data : array_like
    whose : str
        For messages.
    dimension : int
        How many dimensions it must have at least.

    Raises
    ------
    DataError
        No numbers, none at all, or too few dimensions.
    """
    array = data
    known = hasattr(data, "dtype") and hasattr(data, "shape")
    if not known or (hasattr(data, "__array_ufunc__") and not hasattr(data, "__array_function__")):
        try:
            array = np.asarray(data)
        except ValueError as why:
            raise DataError(
                f"{whose}: data that make no array came ({why}); rows of one length are wanted"
            ) from why
    if getattr(array.dtype, "kind", "O") not in "biufc":
        raise DataError(f"{whose}: data of type {array.dtype} came; numbers are wanted")
    if len(array.shape) < dimension:
        raise DataError(
            f"{whose}: data of shape {tuple(array.shape)} came; at least {dimension} dimensions "
            "are wanted, the last ones are the signal's"
        )
    if 0 in array.shape:
        raise DataError(f"{whose}: data of shape {tuple(array.shape)} hold no number; give some")
    return array.reshape((1,)) if not array.shape else array


def copied(data: Any) -> Any:
    """An independent copy; a lazy one of lazy data, and what can never change as it is."""
    if is_lazy(data):
        return data.copy()
    return deepcopy(data) if hasattr(data, "__deepcopy__") else np.array(data)
