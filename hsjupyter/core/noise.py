"""What a noise variance must be."""

from typing import Any

import numpy as np

from hsjupyter.core.errors import DataError


def check_variance(data: Any, shapes: set[tuple[int, ...]], whose: str) -> None:
    """Refuse an array that is no variance of data of certain shapes.

    Raises
    ------
    DataError
        Of another shape, or negative somewhere; data that are not in memory are not read for it.
    """
    shape = tuple(np.shape(data))
    if shape not in shapes:
        wanted = " or ".join(map(str, sorted(shapes, key=len, reverse=True)))
        raise DataError(
            f"{whose}: a variance of shape {shape} came; the shape of the data or of one spectrum, "
            f"{wanted}, is wanted"
        )
    if isinstance(data, np.ndarray) and (data < 0).any():
        raise DataError(
            f"{whose}: a variance that goes down to {np.nanmin(data):g} came; positive numbers are "
            "wanted"
        )
