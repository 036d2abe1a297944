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
    if iterpath == "flyback":
        return np.arange(int(np.prod(shape)), dtype=np.intp)
    found = np.zeros(1, dtype=np.intp)
    for size in reversed(shape):
        # The path of the axes within, once for every place of this one, every second backwards.
        passes = found + len(found) * np.arange(size)[:, np.newaxis]
        passes[1::2] = passes[1::2, ::-1]
        found = passes.ravel()
    return found
