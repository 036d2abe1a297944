"""A function applied to the data of every pixel."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from hsjupyter.core.errors import DataError
from hsjupyter.core.signal import BaseSignal


def mapped(
    signal: BaseSignal, function: Callable[..., Any], arguments: Mapping[str, Any]
) -> BaseSignal:
    """A signal of what a function gives for every pixel.

    Parameters
    ----------
    signal : BaseSignal
    function : callable
        ``function(data, **arguments)`` -> a number or an array, of one shape at all pixels; data
        are a copy, (sig...).
    arguments : mapping
        A signal among them, of the same map, is taken pixel by pixel; one number a pixel is
        handed over as a number.

    Returns
    -------
    BaseSignal
        With the signal axes of ``signal`` where the shape is the same, no signal axes for numbers,
        and else axes counted from 0.

    Raises
    ------
    DataError
        The function failed, or gave something else than numbers of one shape.
    """
    if not callable(function):
        raise DataError(f"{signal!r}: map({function!r:.60}) came; a function is wanted")
    manager = signal.axes_manager
    _check_maps(signal, arguments)
    results: list[Any] = []
    for place in np.ndindex(manager.map_shape):
        here = {name: _at(value, place) for name, value in arguments.items()}
        try:
            result = np.asarray(function(np.array(signal.spectrum_at(place)), **here))
        except Exception as why:
            raise DataError(
                f"{signal!r}: map of {_name(function)} failed at the pixel {place[::-1]}: "
                f"{type(why).__name__}: {why}; nothing was changed"
            ) from why
        first = results[0] if results else result
        if result.shape != first.shape or result.dtype.kind not in "biufc":
            raise DataError(
                f"{signal!r}: {_name(function)} gave {result.dtype} of shape {result.shape} at the "
                f"pixel {place[::-1]}, and {first.shape} at the first one; numbers of one shape "
                "are wanted"
            )
        results.append(result)
    shape = results[0].shape
    navigation = [axis for axis in manager._axes if axis.navigate]
    fitted = [axis for axis in manager._axes if not axis.navigate]
    data = np.array(results).reshape((*manager.navigation_shape[::-1], *shape))
    if shape == tuple(axis.size for axis in fitted):
        axes: list[Any] = [*navigation, *fitted]
    else:
        axes = [*navigation, *({"size": n, "navigate": False} for n in shape)]
    made: BaseSignal = signal.derive(data, axes)
    return made


def _check_maps(signal: BaseSignal, arguments: Mapping[str, Any]) -> None:
    shape = signal.axes_manager.navigation_shape
    for name, value in arguments.items():
        if isinstance(value, BaseSignal):
            theirs = value.axes_manager.navigation_shape
            if theirs not in {(), shape}:
                raise DataError(
                    f"{signal!r}: map(..., {name}={value!r}) came; a signal of the map {shape}, or "
                    "of one pixel, is wanted"
                )


def _at(value: Any, place: tuple[int, ...]) -> Any:
    if not isinstance(value, BaseSignal):
        return value
    here = value.spectrum_at(place)
    return here.reshape(-1)[0] if here.size == 1 else here


def _name(function: Callable[..., Any]) -> str:
    return str(getattr(function, "__name__", function))
