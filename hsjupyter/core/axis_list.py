"""The axes of data: descriptions held against the shape."""

from collections.abc import Iterable, Mapping
from typing import Any

from hsjupyter.core.axes import Axis, make_axis
from hsjupyter.core.errors import AxisError


def make_axes(
    shape: tuple[int, ...],
    axes: Iterable[Axis | Mapping[str, Any]] | None,
    signal_dimension: int,
) -> list[Axis]:
    """The axes of data of ``shape``.

    Parameters
    ----------
    shape : tuple of int
        Shape of the data, array order.
    axes : iterable of dict or Axis, or None
        One description an axis, array order; None for channels counted from 0.
    signal_dimension : int
        How many of the last axes are fitted, where the descriptions do not say.

    Returns
    -------
    list of Axis
        New ones, array order.

    Raises
    ------
    AxisError
        The descriptions do not fit the shape.
    """
    told = [{} for _ in shape] if axes is None else [_described(axis) for axis in axes]
    if len(told) != len(shape):
        raise AxisError(
            f"{len(told)} axes came for data of shape {shape}; {len(shape)} are wanted, in the "
            "order of the shape"
        )
    made = []
    for place, (description, n) in enumerate(zip(told, shape, strict=True)):
        navigate = place < len(shape) - signal_dimension
        axis = make_axis({"size": n, "navigate": navigate, **description})
        if axis.size != n:
            raise AxisError(
                f"{axis} has {axis.size} channels, but the data {n} along dimension {place}; "
                "give the size of the data"
            )
        made.append(axis)
    return made


def _described(axis: Axis | Mapping[str, Any]) -> Mapping[str, Any]:
    if isinstance(axis, Axis):
        return axis.as_dictionary()
    if not isinstance(axis, Mapping):
        raise AxisError(
            f"an axis {axis!r:.60} came; a dictionary with 'size', 'scale', 'offset', 'name' and "
            "'units', or an axis, is wanted"
        )
    return {key: value for key, value in axis.items() if value is not None}
