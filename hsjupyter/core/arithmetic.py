"""Arithmetic of signals: numpy's functions, each space broadcast by itself."""

from collections.abc import Sequence
from numbers import Number
from typing import Any

import numpy as np

from hsjupyter.core.axes import Axis
from hsjupyter.core.axis import is_number
from hsjupyter.core.errors import DataError
from hsjupyter.core.reading import whole
from hsjupyter.core.signal import BaseSignal


def apply_ufunc(
    ufunc: np.ufunc, inputs: Sequence[Any], out: BaseSignal | None, options: dict[str, Any]
) -> Any:
    """What a function of numpy gives for signals, element by element.

    Navigation axes are broadcast against navigation axes, signal axes against signal axes: a
    spectrum is taken to every pixel, a map to every channel. An array, which has no axes, is
    broadcast against the data as numpy does.

    Parameters
    ----------
    ufunc : numpy.ufunc
    inputs : sequence of BaseSignal, array_like or number
        At least one signal, unless ``out`` is one.
    out : BaseSignal, optional
        Changed in place.
    options : dict
        For the function.

    Returns
    -------
    BaseSignal, or a tuple of them
        With the axes and metadata of the first signal that has them. Its noise variance is kept
        where a number is added or multiplied, and else not known any more.

    Raises
    ------
    DataError
        The shapes do not fit, or the result does not fit into ``out``.
    """
    signals = [each for each in (*inputs, out) if isinstance(each, BaseSignal)]
    axes = _common_axes(signals)
    n_nav = sum(axis.navigate for axis in axes)
    arrays = [
        _spread(each, n_nav, len(axes) - n_nav) if isinstance(each, BaseSignal) else each
        for each in inputs
    ]
    if "where" in options and isinstance(options["where"], BaseSignal):
        options["where"] = _spread(options["where"], n_nav, len(axes) - n_nav)
    if "where" in options and out is not None:
        options["out"] = np.array(out.data)  # what is left out stays as it is
    try:
        result = ufunc(*arrays, **options)
    except (TypeError, ValueError) as why:
        raise DataError(
            f"{ufunc.__name__} of {_told(inputs)}: {why}; numbers, or arrays that fit "
            f"the data's shape "
            f"{tuple(axis.size for axis in axes)} are wanted"
        ) from why
    if out is not None:
        return _put(ufunc, inputs, out, result)
    first = max(signals, key=lambda s: s.axes_manager.signal_dimension)
    variance = _variance_after(ufunc, inputs)
    if isinstance(result, tuple):
        return tuple(first.derive(each, axes) for each in result)
    if np.shape(result) != tuple(axis.size for axis in axes):
        raise DataError(
            f"{ufunc.__name__} of {_told(inputs)}: the result has shape {np.shape(result)}, the "
            f"axes {tuple(axis.size for axis in axes)}; an array of at most the data's shape is "
            "wanted"
        )
    return first.derive(result, axes, variance)


def _common_axes(signals: Sequence[BaseSignal]) -> list[Axis]:
    """Axes of the broadcast result, array order: the first signal's that is as long as wanted."""
    common: list[Axis] = []
    for navigate in (True, False):
        groups = [
            [axis for axis in s.axes_manager._axes if axis.navigate is navigate] for s in signals
        ]
        longest = max(map(len, groups))
        space: list[Axis] = []
        for back in range(1, longest + 1):
            here = [group[-back] for group in groups if len(group) >= back]
            wanted = next((axis for axis in here if axis.size > 1), here[0])
            if any(axis.size not in {1, wanted.size} for axis in here):
                raise DataError(
                    f"{_told(signals)} do not fit: axes of {[axis.size for axis in here]} channels "
                    "meet; equal numbers, or one, are wanted"
                )
            space.insert(0, wanted)
        common += space
    return common


def _spread(signal: BaseSignal, n_nav: int, n_sig: int) -> Any:
    """Data as (nav..., sig...), with dimensions of one channel where the signal has fewer axes."""
    manager = signal.axes_manager
    full = slice(None)
    key = [None] * (n_nav - manager.navigation_dimension) + [full] * manager.navigation_dimension
    key += [None] * (n_sig - manager.signal_dimension) + [full] * manager.signal_dimension
    return whole(signal.data)[tuple(key)]


def _put(ufunc: np.ufunc, inputs: Sequence[Any], out: BaseSignal, result: Any) -> BaseSignal:
    if np.shape(result) != tuple(out.data.shape):
        raise DataError(
            f"{out!r}: a result of shape {np.shape(result)} came, which does not fit in place; "
            "write s = s + other"
        )
    if not np.can_cast(result.dtype, out.data.dtype, casting="same_kind"):
        raise DataError(
            f"{out!r}: {ufunc.__name__} gives {result.dtype}, which does not fit into "
            f"{out.data.dtype}; write s = s + other, or s.change_dtype({str(result.dtype)!r}) first"
        )
    variance = _variance_after(ufunc, inputs) if out is inputs[0] else None
    out.forget_models(f"{ufunc.__name__} changed it")
    kept = result.astype(out.data.dtype)
    if isinstance(out.data, np.ndarray) and out.data.flags.writeable:
        out.data[...] = kept  # whoever looks at the same array sees it change
        kept = out.data
    out.become(f"{ufunc.__name__} changed it", out.derive(kept, variance=variance))
    return out


def _variance_after(ufunc: np.ufunc, inputs: Sequence[Any]) -> Any:
    """The noise variance of one signal with numbers; None where it is not known.

    Source
    ------
    Bevington & Robinson, Data Reduction and Error Analysis, 3rd ed., §3.3.
    """
    signals = [each for each in inputs if isinstance(each, BaseSignal)]
    numbers = [each for each in inputs if is_number(each)]
    if len(signals) != 1 or len(numbers) != len(inputs) - 1:
        return None
    signal, c = signals[0], float(numbers[0]) if numbers else 1.0
    turned = inputs[0] is not signal
    factor = {
        "add": 1.0,
        "subtract": 1.0,
        "negative": 1.0,
        "positive": 1.0,
        "multiply": c**2,
        "divide": None if turned or c == 0 else c**-2,
    }.get(ufunc.__name__)
    variance = signal.variance_array()
    return None if not factor or variance is None else variance * factor


def _told(things: Sequence[Any]) -> str:
    return " and ".join(
        repr(each) if isinstance(each, BaseSignal) else f"{each!r:.40}" for each in things
    )


def is_operand(thing: Any) -> bool:
    """Whether a signal can be reckoned with it: a number, an array, a list, another signal."""
    return isinstance(thing, BaseSignal | Number | np.generic | list | tuple) or (
        hasattr(thing, "dtype") and hasattr(thing, "shape")
    )


def plain(things: Any) -> Any:
    """The same things with the data of signals instead of signals, also inside of lists."""
    if isinstance(things, BaseSignal):
        return whole(things.data)
    if type(things) in {list, tuple}:
        return type(things)(plain(each) for each in things)
    if type(things) is dict:
        return {key: plain(each) for key, each in things.items()}
    return things
