"""The order in which the pixels of a map are visited."""

import numpy as np
from numpy.typing import NDArray

from hsjupyter.core.errors import unknown_name

PATHS = ("serpentine", "flyback")


def path(shape: tuple[int, ...], iterpath: str) -> NDArray[np.intp]:
    """All pixels as flat indices, in order.

    Parameters
    ----------
    shape : tuple of int
        The navigation shape in array order.
    iterpath : {'serpentine', 'flyback'}
        Every second row backwards, so that successive pixels are neighbours; or every row from
        its beginning.

    Raises
    ------
    UnknownNameError
        Another name.
    """
    if iterpath not in PATHS:
        raise unknown_name("iterpath", iterpath, PATHS)
    n = np.arange(int(np.prod(shape)), dtype=np.intp)
    if iterpath == "flyback":
        return n
    places, after = [], 1
    for size in reversed(shape):
        step = n // after
        back = (step // size) % 2 == 1  # every second pass of this axis runs backwards
        places.append(np.where(back, size - 1 - step % size, step % size))
        after *= size
    flat: NDArray[np.intp] = np.ravel_multi_index(tuple(places[::-1]), shape)
    return flat
