"""The pixels that are asked for, in the order in which they are fitted."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hsjupyter.core.errors import AxisError, DataError, unknown_name
from hsjupyter.core.model import BaseModel
from hsjupyter.schedule.paths import path

ONLY = ("failed", "unset")


def pixels_in_order(model: BaseModel, mask: Any, only: Any, iterpath: Any) -> NDArray[np.intp]:
    """The pixels that are asked for, as flat indices in the order of a path.

    Parameters
    ----------
    model : BaseModel
    mask, only, iterpath
        As of `multifit`.

    Raises
    ------
    DataError
        A mask has another shape.
    UnknownNameError
        No such path, or no such choice.
    """
    named = iterpath is None or isinstance(iterpath, str)
    shape = model.maps.shape
    order = path(shape, iterpath or "serpentine") if named else _own_path(model, iterpath)
    wanted = model.maps.unmasked(mask) & _chosen(model, only)
    return order if wanted.all() else order[wanted.ravel()[order]]


def _chosen(model: BaseModel, only: Any) -> NDArray[np.bool_]:
    """The pixels that `only` means, (nav...)."""
    maps = model.maps
    if only is None:
        return np.ones(maps.shape, dtype=bool)
    if isinstance(only, str):
        if only not in ONLY:
            raise unknown_name(f"{model!r}.multifit: only", only, ONLY)
        if only == "unset":
            return np.isnan(maps.chisq)
        failed = np.zeros(int(np.prod(maps.shape)), dtype=bool)
        failed[[failure.pixel for failure in getattr(model.run, "failures", ())]] = True
        return failed.reshape(maps.shape)
    chosen = np.asarray(only, dtype=bool)
    if chosen.shape != maps.shape:
        raise DataError(
            f"{model!r}.multifit: only= of shape {chosen.shape} came; the navigation shape "
            f"{maps.shape} (as of arrays) is wanted, True for pixels to fit, or one of {ONLY}"
        )
    return chosen


def _own_path(model: BaseModel, iterpath: Iterable[Any]) -> NDArray[np.intp]:
    given = [tuple(np.ravel(each).tolist()) for each in iterpath]
    shape = model.axes_manager.navigation_shape or (1,)
    good = {i for i in given if len(i) == len(shape)}
    good = {i for i in good if all(0 <= k < n for k, n in zip(i, shape, strict=True))}
    for each in given:
        if each not in good:
            raise AxisError(
                f"{model!r}.multifit: iterpath holds {each}; indices inside of {shape} are "
                "wanted, the fastest axis first"
            )
    return np.array(
        [np.ravel_multi_index(each[::-1], model.maps.shape) for each in given], dtype=np.intp
    )
