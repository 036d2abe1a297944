"""The model at every pixel, from the stored values."""

import numpy as np

from hsjupyter.core.component import Component
from hsjupyter.core.model import BaseModel
from hsjupyter.fitting.jobs import pixels_of
from hsjupyter.fitting.plan import Array, freeze


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
    maps, plan, pixels = model.maps, freeze(model), pixels_of(model)
    n_pixels = int(np.prod(maps.shape))
    rows = maps.values.reshape(n_pixels, -1)
    many = np.array([c.active_is_multidimensional for c in model], dtype=bool)
    active = np.where(many, maps.active.reshape(n_pixels, -1), plan.active)
    if components is not None:
        active &= np.array([c in components for c in model], dtype=bool)
    total = np.full((n_pixels, model.channel_switches.size), np.nan)
    for pixel in range(n_pixels):
        low_loss = pixels.at(pixel).low_loss
        total[pixel, plan.channels] = plan.value(rows[pixel], active[pixel], low_loss)
    return total.reshape(model.signal.data.shape)
