"""Which plot a model has: that of spectra or that of images."""

from typing import Any

from hsjupyter.core.model import BaseModel
from hsjupyter.gui.image import ImagePlot

IMAGE = 2
"""Signal axes of images."""


def is_of_images(model: BaseModel) -> bool:
    """Whether a model describes images, and not spectra."""
    return model.axes_manager.signal_dimension == IMAGE


def draw(model: BaseModel) -> Any:
    """A new plot of a model; what draws lines is loaded only for spectra."""
    if is_of_images(model):
        return ImagePlot(model)
    from hsjupyter.gui.figure import Plot

    return Plot(model)
