"""Several signals made one."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from hsjupyter.core.axes import Axis, DataAxis, UniformDataAxis
from hsjupyter.core.axis import is_number
from hsjupyter.core.errors import AxisError, DataError
from hsjupyter.core.reading import whole
from hsjupyter.core.signal import BaseSignal


def stack(
    signal_list: Iterable[BaseSignal],
    axis: int | str | Axis | None = None,
    new_axis_name: str = "stack_element",
) -> Any:
    """One signal of several.

    Parameters
    ----------
    signal_list : iterable of BaseSignal
        Of one shape; along ``axis`` their sizes may differ.
    axis : int, str or Axis, optional
        Which axis they continue; a new navigation axis, the slowest, where not given.
    new_axis_name : str
        Of that new axis.

    Returns
    -------
    BaseSignal
        With axes and metadata of the first. Its noise variance is known where all of theirs are.

    Raises
    ------
    DataError
        No signals, or shapes that do not fit.

    Examples
    --------
    >>> import hsjupyter.api as hs
    >>> s = hs.signals.Signal1D([1, 2, 3])
    >>> hs.stack([s, 2 * s])
    <Signal1D, title: Stack of, dimensions: (2|3)>
    """
    signals = list(signal_list) if isinstance(signal_list, Iterable) else [signal_list]
    if not signals or not all(isinstance(each, BaseSignal) for each in signals):
        raise DataError(f"stack({signals!r:.80}) came; a list of signals is wanted")
    first = signals[0]
    along = None if axis is None else _along(first, axis)
    _check_shapes(signals, along)
    arrays = [whole(each.data) for each in signals]
    if along is None:
        data = np.stack(arrays)
        new = UniformDataAxis(len(signals), name=new_axis_name, navigate=True)
        axes: list[Axis] = [new, *first.axes_manager._axes]
    else:
        data = np.concatenate(arrays, axis=along)
        parts = [each.axes_manager._axes[along] for each in signals]
        axes = list(first.axes_manager._axes)
        axes[along] = _continued(parts)
    made = first.derive(data, axes, _variance(signals, along))
    title = str(first.metadata.get_item("General.title", ""))
    made.metadata.set_item("General.title", f"Stack of {title}".rstrip())
    return made


def _along(signal: BaseSignal, axis: Any) -> int:
    chosen = signal.axes_manager.chosen(axis)
    if len(chosen) != 1:
        raise AxisError(f"stack(axis={axis!r}) came; one axis of {signal!r} is wanted")
    return chosen[0].index_in_array


def _check_shapes(signals: Sequence[BaseSignal], along: int | None) -> None:
    def fixed(signal: BaseSignal) -> tuple[Any, ...]:
        sizes = list(signal.data.shape)
        if along is not None and along < len(sizes):
            sizes[along] = 0
        return (*sizes, signal.axes_manager.navigation_dimension)

    for each in signals[1:]:
        if fixed(each) != fixed(signals[0]):
            raise DataError(
                f"stack: {each!r} does not fit {signals[0]!r}; equal shapes are wanted, but for "
                "the axis that is continued"
            )


def _continued(parts: Sequence[Axis]) -> Axis:
    """The axis of several put end to end."""
    first = parts[0]
    if isinstance(first, UniformDataAxis):
        labels = {**first.labels(), "scale": first.scale, "offset": first.offset}
        return UniformDataAxis(sum(part.size for part in parts), **labels)
    return DataAxis(np.concatenate([part.axis for part in parts]), **first.labels())


def _variance(signals: Sequence[BaseSignal], along: int | None) -> Any:
    known = [each.variance_array() for each in signals]
    if any(variance is None for variance in known):
        return None
    if all(is_number(variance) and variance == known[0] for variance in known):
        return known[0]
    arrays = [np.broadcast_to(v, each.data.shape) for v, each in zip(known, signals, strict=True)]
    return np.stack(arrays) if along is None else np.concatenate(arrays, axis=along)
