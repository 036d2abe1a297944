"""What the panels of a plot share, and the residual's panel below."""

from __future__ import annotations

from typing import Any

import bqplot
import numpy as np
from numpy.typing import NDArray

DATA = "#7f7f7f"
MARGIN = {"top": 14, "bottom": 52, "left": 70, "right": 26}

Array = NDArray[np.float64]


def spacer(x: Array, scales: dict[str, Any]) -> Any:
    """A point that is not seen: bqplot leaves room for the largest point of a figure.

    Of the same size in both panels, so that a channel stands at the same place in both.
    """
    return bqplot.Scatter(
        x=x[:1],
        y=np.ones(1),
        scales=scales,
        default_size=170,
        opacities=[0.0],
        enable_hover=False,
        preserve_domain={"x": True, "y": True},
    )


def rest_panel(x: Array, residual: Any) -> Any:
    """The panel of data minus model, below the figure and along the same axis.

    Parameters
    ----------
    x : ndarray, (channel,)
    residual : bqplot.Lines
        Its line.

    Returns
    -------
    bqplot.Figure
    """
    along, level = residual.scales["x"], residual.scales["y"]
    axes = [
        bqplot.Axis(scale=along, grid_lines="none", tick_format=".6~g"),
        bqplot.Axis(
            scale=level,
            label="data − model",
            side="left",
            grid_lines="none",
            label_offset="54px",
            tick_format=".4~g",
        ),
    ]
    zero = bqplot.Lines(
        x=x[[0, -1]],
        y=np.zeros(2),
        scales={"x": along, "y": level},
        colors=[DATA],
        stroke_width=1.0,
        line_style="dotted",
        preserve_domain={"x": True, "y": True},
    )
    figure = bqplot.Figure(
        axes=axes,
        marks=[zero, residual, spacer(x, residual.scales)],
        fig_margin={**MARGIN, "top": 4, "bottom": 28},
        animation_duration=0,
        display_toolbar=False,
        layout={"width": "100%", "min_width": "280px", "height": "130px", "margin": "0"},
    )
    figure.add_class("hsj-figure")
    return figure
