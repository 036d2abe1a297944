"""A draggable handle for the position of a component."""

from __future__ import annotations

from typing import Any

import bqplot
import numpy as np

from hsjupyter.core.component import Component


def make_handle(
    component: Component, colour: str, scales: dict[str, Any], *, labelled: bool = True
) -> Any:
    """A point that moves along the axis; the browser puts it on the model's line.

    Parameters
    ----------
    component : Component
        With a position.
    colour : str
        That of its line.
    scales : dict
        Of the figure, ``x`` and ``y``.
    labelled : bool
        Write the component's name beside it.

    Returns
    -------
    bqplot.Scatter
        One point, named as the component. Its numbers are float64: bqplot keeps whole numbers
        whole, and the handle would jump from channel to channel.
    """
    position = float(getattr(component, str(component.position)).flat()[0])
    return bqplot.Scatter(
        x=np.array([position], dtype=np.float64),
        # Not zero, which has no place on a logarithmic axis.
        y=np.array([1.0], dtype=np.float64),
        names=np.array([component.name]),
        display_names=labelled,
        names_unique=False,
        scales=scales,
        colors=[colour],
        stroke="#ffffff",
        stroke_width=1.5,
        default_size=170,
        marker="circle",
        # The browser's half moves it: bqplot would send every step to the kernel twice.
        enable_move=False,
        # Every mark of its own, so that hovering one does not touch the others.
        enable_hover=False,
        preserve_domain={"x": True, "y": True},
        label_display_vertical_offset=14,
    )
