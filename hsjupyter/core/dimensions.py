"""Which axes are navigated and which are fitted: transposing."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from hsjupyter.core.axes import Axis
from hsjupyter.core.axis import is_number
from hsjupyter.core.errors import AxisError
from hsjupyter.core.reading import whole
from hsjupyter.core.reducing import one_axis
from hsjupyter.core.signal import BaseSignal


def transposed(signal: BaseSignal, signal_axes: Any, navigation_axes: Any) -> BaseSignal:
    """A view of a signal with other axes navigated and fitted.

    Parameters
    ----------
    signal : BaseSignal
    signal_axes, navigation_axes : None, int, or iterable of int, str or Axis
        How many, or which ones in natural order; None for those that the other leaves. Both None
        exchange the two spaces.

    Raises
    ------
    AxisError
        An axis is asked for twice, or not at all.
    """
    manager = signal.axes_manager
    if signal_axes is None and navigation_axes is None:
        navigation, fitted = manager.signal_axes, manager.navigation_axes
    else:
        navigation, fitted = _spaces(signal, signal_axes, navigation_axes)
    order = (*navigation, *fitted)
    if len(order) != len(manager) or len({id(axis) for axis in order}) != len(order):
        raise AxisError(
            f"{signal!r}: signal_axes={signal_axes!r}, navigation_axes={navigation_axes!r} came; "
            f"each of the {len(manager)} axes is wanted once, in one of the two"
        )
    array = [*navigation[::-1], *fitted[::-1]]
    key = [axis.index_in_array for axis in array]
    axes = [{**a.as_dictionary(), "navigate": i < len(navigation)} for i, a in enumerate(array)]
    variance = signal.variance_array()
    if variance is not None and not is_number(variance):
        variance = np.transpose(variance, key)
    moved: BaseSignal = signal.derive(np.transpose(whole(signal.data), key), axes, variance)
    return moved


def _spaces(
    signal: BaseSignal, signal_axes: Any, navigation_axes: Any
) -> tuple[tuple[Axis, ...], tuple[Axis, ...]]:
    """The axes of both spaces, natural order."""
    natural = signal.axes_manager.natural
    fitted = _named(signal, signal_axes, "signal_axes")
    navigation = _named(signal, navigation_axes, "navigation_axes")
    ordered = _fastest_first(natural)
    if isinstance(fitted, int):
        fitted = ordered[:fitted]
    if isinstance(navigation, int):
        navigation = ordered[len(ordered) - navigation :]
    if fitted is None:
        fitted = _without(ordered, navigation or ())
    if navigation is None:
        navigation = _without(ordered, fitted)
    return navigation, fitted


def _fastest_first(axes: Iterable[Axis]) -> tuple[Axis, ...]:
    return tuple(sorted(axes, key=lambda axis: -axis.index_in_array))


def _without(axes: Iterable[Axis], taken: Iterable[Axis]) -> tuple[Axis, ...]:
    gone = {id(axis) for axis in taken}
    return tuple(axis for axis in axes if id(axis) not in gone)


def _named(signal: BaseSignal, which: Any, word: str) -> tuple[Axis, ...] | int | None:
    if which is None:
        return None
    manager = signal.axes_manager
    if isinstance(which, int | np.integer) and not isinstance(which, bool):
        if not 0 <= which <= len(manager):
            raise AxisError(
                f"{signal!r}: {word}={which} came; a number of axes from 0 to {len(manager)}, or a "
                "list of axes, is wanted"
            )
        return int(which)
    if isinstance(which, str | Axis) or not isinstance(which, Iterable):
        which = (which,)
    found = [manager[one] for one in which]
    return tuple(axis for one in found for axis in ((one,) if isinstance(one, Axis) else one))


def swapped(signal: BaseSignal, axis1: Any, axis2: Any) -> BaseSignal:
    """A view of a signal with two axes exchanged, each in the space of the other."""
    (one,), (other,) = one_axis(signal, axis1), one_axis(signal, axis2)
    exchanged = {id(one): other, id(other): one}
    manager = signal.axes_manager
    spaces = [
        [exchanged.get(id(axis), axis) for axis in space]
        for space in (manager.signal_axes, manager.navigation_axes)
    ]
    return transposed(signal, spaces[0], spaces[1])


def squeezed(signal: BaseSignal) -> BaseSignal:
    """A signal without its axes of one channel; one axis stays where all have one."""
    axes = signal.axes_manager._axes
    kept = [axis for axis in axes if axis.size > 1]
    shape = tuple(axis.size for axis in kept)
    variance = signal.variance_array()
    if variance is not None and not is_number(variance):
        variance = np.reshape(variance, shape or (1,))
    thin: BaseSignal = signal.derive(np.reshape(whole(signal.data), shape), kept, variance)
    return thin


def parts_of(
    signal: BaseSignal, axis: Any, number_of_parts: Any, step_sizes: Any = "auto"
) -> list[Any]:
    """Parts along an axis; those of one index lose it.

    Parameters
    ----------
    signal : BaseSignal
    axis : int, str, Axis or "auto"
        The slowest one for "auto".
    number_of_parts : int or "auto"
        Of equal size; as many as channels for "auto".
    step_sizes : int, sequence of int or "auto"
        Channels of each part.

    Raises
    ------
    AxisError
        The axis cannot be cut so.
    """
    manager = signal.axes_manager
    auto = isinstance(axis, str) and axis == "auto"
    (along,) = (manager._axes[0],) if auto else one_axis(signal, axis)
    space = manager.navigation_axes if along.navigate else manager.signal_axes
    cuts: list[int | slice] = []
    start = 0
    for step in _steps(signal, along, number_of_parts, step_sizes):
        cuts.append(start if step == 1 else slice(start, start + step))
        start += step
    return [
        signal.part(
            tuple(cut if axis is along else slice(None) for axis in space),
            navigation=along.navigate,
            drop=True,
        )
        for cut in cuts
    ]


def _steps(signal: BaseSignal, along: Axis, number_of_parts: Any, step_sizes: Any) -> list[int]:
    if isinstance(step_sizes, str):
        n = along.size if isinstance(number_of_parts, str) else number_of_parts
        if not is_number(n) or n < 1 or along.size % n:
            raise AxisError(
                f"{signal!r}: number_of_parts={number_of_parts!r} came; a number that divides the "
                f"{along.size} channels of {along} is wanted"
            )
        return [along.size // int(n)] * int(n)
    sizes = list(step_sizes) if isinstance(step_sizes, Iterable) else [step_sizes]
    sound = all(is_number(n) and n == int(n) and n >= 1 for n in sizes)
    if sound and not isinstance(step_sizes, Iterable):
        sizes *= along.size // int(sizes[0])
    if not sound or sum(sizes) > along.size or not sizes:
        raise AxisError(
            f"{signal!r}: step_sizes={step_sizes!r} came; whole numbers that together are at most "
            f"the {along.size} channels of {along} are wanted"
        )
    return [int(n) for n in sizes]
