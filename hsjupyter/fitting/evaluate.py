"""The model at every pixel, from the stored values."""

import numpy as np

from hsjupyter.core.component import Component
from hsjupyter.core.model import BaseModel
from hsjupyter.fitting.plan import Array


def evaluate_map(model: BaseModel, components: list[Component] | None) -> Array:
    """The model from the stored values of every pixel.

    Parameters
    ----------
    model : BaseModel
    components : list of Component or None
        Only these; None for all that are active at the pixel.

    Returns
    -------
    ndarray, (nav..., sig...)
        NaN outside of the signal range, and at pixels where a value it needs is not stored.
    """
    maps, switches, signal = model.maps, model.channel_switches, model.signal
    n_pixels = int(np.prod(maps.shape))
    coords = tuple(x[switches] for x in signal.signal_coordinates())
    rows = maps.values.reshape(n_pixels, -1)
    total = np.full((n_pixels, switches.size), np.nan)
    total[:, switches.ravel()] = 0.0
    for component in model if components is None else components:
        slots = [s for p in component.parameters for s in _range(maps.slot(p))]
        active = maps.active_of(component).ravel()
        if not component.active_is_multidimensional:
            active = np.full(n_pixels, component.active)
        for pixel in np.flatnonzero(active):
            line = component.shape.value(coords, rows[pixel, slots])
            total[pixel, switches.ravel()] += line
    widths = signal.binned_widths
    if widths is not None:
        total *= widths.ravel()
    return total.reshape(signal.data.shape)


def _range(place: slice) -> range:
    return range(place.start, place.stop)
