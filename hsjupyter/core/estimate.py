"""Start values told from the data in a window, for one pixel or for all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from hsjupyter.core.errors import DataError

if TYPE_CHECKING:
    from hsjupyter.core.component import Component
    from hsjupyter.core.model import BaseModel
    from hsjupyter.core.parameter import Parameter
    from hsjupyter.core.signal import BaseSignal

Array = NDArray[np.float64]
Interval = tuple[float | None, float | None]

_FEWEST = 3


def channels_inside(
    signal: BaseSignal, intervals: Sequence[Interval], coordinate: int = 0
) -> NDArray[np.bool_]:
    """The channels that lie in one of several intervals, (sig...).

    Parameters
    ----------
    signal : BaseSignal
    intervals : sequence of (float, float)
        Calibrated positions, either one first; None for the end of the axis.
    coordinate : int
        0 for x, 1 for y.

    Raises
    ------
    DataError
        Fewer than three channels.
    """
    x = signal.signal_coordinates()[coordinate]
    inside = np.zeros(x.shape, dtype=bool)
    for left, right in intervals:
        ends = (x.min() if left is None else left, x.max() if right is None else right)
        inside |= (x >= min(ends)) & (x <= max(ends))
    if np.count_nonzero(inside) < _FEWEST:
        raise DataError(
            f"{signal!r}: the window {list(intervals)} holds {np.count_nonzero(inside)} channels; "
            f"at least {_FEWEST} are wanted, from {x.min():g} to {x.max():g}"
        )
    return inside


def estimate(
    component: Component, signal: BaseSignal, inside: NDArray[np.bool_], *, only_current: bool
) -> bool:
    """Let a component tell its start values, and set them; arguments as its method's.

    Returns
    -------
    bool
        Whether any pixel's data told something.
    """
    told = False
    model = None if only_current else component.model
    if model is not None and signal.axes_manager.map_shape != model.maps.shape:
        raise DataError(
            f"{component!r}: a signal of shape {signal.axes_manager.map_shape} came for the maps "
            f"of {model!r}, which have {model.maps.shape}; give the signal of the model, or "
            "only_current=True"
        )
    for where, found in tell(component, signal, inside, whole=model is not None):
        chosen = {p: found[p.name] for p in component.parameters if p.free and p.name in found}
        told |= set_working(chosen) if model is None else store(model, where, chosen)
    if model is not None and told:
        with model.lock:
            model.load()
            model.stored += 1
    return told


def tell(
    component: Component, signal: BaseSignal, inside: NDArray[np.bool_], *, whole: bool
) -> Iterator[tuple[Any, Mapping[str, Array]]]:
    """Start values of all pixels, or of the current one, without setting any.

    Yields
    ------
    where : tuple of int
        A row of the map, as an index.
    found : dict of str to ndarray, (pixel,), or (pixel, element)
        By parameter; NaN where the data do not tell.
    """
    coords = tuple(x[inside] for x in signal.signal_coordinates())
    widths = signal.binned_widths
    width = 1.0 if widths is None else widths[inside]
    for where, spectra in pixels_of(signal, whole=whole):
        yield where, component.start_values(coords, finite(spectra[:, inside] / width))


def pixels_of(signal: BaseSignal, *, whole: bool) -> Iterator[tuple[Any, Array]]:
    """Rows of the map, so that data of any size are read bit by bit: index, (pixel, sig...)."""
    manager = signal.axes_manager
    if not whole or not manager.navigation_dimension:
        here = manager.map_index if whole else None
        yield here, np.asarray(signal(), dtype=np.float64)[None]
        return
    for row in np.ndindex(*manager.map_shape[:-1]):
        yield row, np.asarray(signal.data[row], dtype=np.float64)


def finite(data: Array) -> Array:
    """Data with what is not finite filled in from its neighbours, (pixel, channel)."""
    good = np.isfinite(data)
    places = np.arange(data.shape[1])
    for pixel in np.flatnonzero(~good.all(axis=1)):
        known = good[pixel]
        if known.any():
            data[pixel] = np.interp(places, places[known], data[pixel, known])
        else:
            data[pixel] = 0.0
    return data


def _columns(numbers: Any) -> Array:
    array = np.asarray(numbers, dtype=np.float64)
    return array[:, None] if array.ndim == 1 else array


def _good(found: Mapping[Parameter, Any]) -> NDArray[np.bool_]:
    finite = [np.isfinite(_columns(numbers)).all(axis=1) for numbers in found.values()]
    good: NDArray[np.bool_] = np.logical_and.reduce(finite)
    return good


def set_working(found: Mapping[Parameter, Any]) -> bool:
    """Make numbers of one pixel the working values, inside of the bounds; whether they told."""
    if not found or not _good(found)[0]:
        return False
    for parameter, numbers in found.items():
        first = _columns(numbers)[0]
        vector = isinstance(parameter.value, tuple)
        parameter.value = parameter.clamp(tuple(first.tolist()) if vector else float(first[0]))
    return True


def store(model: BaseModel, where: Any, found: Mapping[Parameter, Any]) -> bool:
    """Store numbers of some pixels, inside of the bounds; whether any pixel's told something."""
    if not found:
        return False
    maps, good = model.maps, _good(found)
    with model.lock:
        for parameter, numbers in found.items():
            place = maps.slot(parameter)
            low = -np.inf if parameter.bmin is None else parameter.bmin
            high = np.inf if parameter.bmax is None else parameter.bmax
            kept = np.clip(_columns(numbers), low, high)[good]
            for field, value in (("values", kept), ("std", np.nan), ("is_set", True)):
                rows = getattr(maps, field)[where].reshape(len(good), -1)
                rows[good, place] = value
                getattr(maps, field)[where] = rows.reshape(getattr(maps, field)[where].shape)
    return bool(good.any())
