"""What the panels of a plot are made of: limits, labels, and the residual's panel below."""

from __future__ import annotations

from typing import Any

import bqplot
import numpy as np
from numpy.typing import NDArray

from hsjupyter.core.axes import Axis
from hsjupyter.core.model import BaseModel

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
        layout={"width": "100%", "min_width": "280px", "height": "130px"},
    )
    figure.add_class("hsj-figure")
    return figure


def label_of(axis: Axis) -> str:
    """Name and units of an axis, as written beside it."""
    name = axis.name or "x"
    return f"{name} ({axis.units})" if axis.units else name


def quantity_of(model: BaseModel) -> str:
    """What the data are, as written beside the vertical axis."""
    return str(model.signal.metadata.get_item("Signal.quantity", "")) or "Intensity"


def limits(data: Array, model: Array) -> tuple[float, float]:
    """Vertical limits that show the data, and the model unless it is far off.

    Parameters
    ----------
    data, model : ndarray, (channel,)
        NaN is left out.

    Returns
    -------
    low, high : float
        With a margin of 6 %; a model is followed to twice the span of the data.
    """
    good = data[np.isfinite(data)]
    if not good.size:
        return 0.0, 1.0
    low, high = float(good.min()), float(good.max())
    span = (high - low) or abs(high) or 1.0
    line = model[np.isfinite(model)]
    if line.size:
        low = min(low, max(float(line.min()), low - span))
        high = max(high, min(float(line.max()), high + span))
    margin = 0.06 * ((high - low) or span)
    return low - margin, high + margin


def round_end(numbers: Array) -> float:
    """The first of 1, 2, 5, 10, 20, … that no number is beyond, on either side of zero."""
    good = np.abs(numbers[np.isfinite(numbers)])
    largest = float(good.max()) if good.size else 0.0
    if largest == 0:
        return 1.0
    unit = 10.0 ** np.floor(np.log10(largest))
    return float(next(step * unit for step in (1, 2, 5, 10) if step * unit >= largest))
