"""The marks, scales and axes of a plot, made together: other scales want other marks."""

from __future__ import annotations

from typing import Any

import bqplot
import numpy as np
from numpy.typing import NDArray

from hsjupyter.core.model import BaseModel
from hsjupyter.gui.extents import label_of, limits, quantity_of, round_end
from hsjupyter.gui.look import Look
from hsjupyter.gui.panels import DATA, rest_panel, spacer

MODEL = "#d1342f"
RESIDUAL = "#8d7ab8"
POINTS = 600
"""Up to so many channels are drawn as points; each is an element of the page."""

DECADES = 1e-6
"""Of the largest number, what a logarithmic axis shows at least."""

Array = NDArray[np.float64]


class Parts:
    """What is drawn on one pair of scales.

    Parameters
    ----------
    model : BaseModel
        Of a one-dimensional signal.
    x : ndarray, (channel,)
    look : Look
        Which axes are logarithmic.
    """

    def __init__(self, model: BaseModel, x: Array, look: Look) -> None:
        axis = model.axes_manager.signal_axes[0]
        self.x, self.log = x, (look.log_x, look.log_y)
        self.scales = {
            "x": _scale(*self.ends(), log=look.log_x),
            "y": _scale(1.0, 10.0, log=look.log_y),
        }
        self.rest_scale = bqplot.LinearScale(min=-1.0, max=1.0)
        self.outside = self._data(opacity=0.2)
        self.data = self._data(opacity=0.9)
        self.noise = self._band(DATA, 0.22)
        self.band = self._band(MODEL, 0.2)
        self.model = self.line(MODEL, width=2.0)
        self.residual = self.line(RESIDUAL, width=1.0)
        self.residual.scales = {"x": self.scales["x"], "y": self.rest_scale}
        self.spacer = spacer(x, self.scales)
        self.axes = [
            bqplot.Axis(
                scale=self.scales["x"],
                label=label_of(axis),
                grid_lines="none",
                label_offset="36px",
                tick_format=".6~g",
            ),
            bqplot.Axis(
                scale=self.scales["y"],
                label=quantity_of(model),
                side="left",
                grid_lines="none",
                label_offset="54px",
                tick_format=".4~g",
            ),
        ]
        self.panzoom = bqplot.PanZoom(
            scales={"x": [self.scales["x"]], "y": [self.scales["y"]]}, allow_pan=True
        )
        self.rest = rest_panel(x, self.residual)

    def ends(self) -> tuple[float, float]:
        """Where the axis begins and ends; on a logarithmic one, what is above zero."""
        shown = self.x[self.x > 0] if self.log[0] else self.x
        return float(shown.min()), float(shown.max())

    def line(self, colour: str, width: float = 1.5, *, visible: bool = True) -> Any:
        """A line that the browser writes."""
        return bqplot.Lines(
            x=self.x,
            y=np.ones_like(self.x),
            scales=self.scales,
            colors=[colour],
            stroke_width=width,
            visible=visible,
            # A line that moves must not move the limits under the mouse.
            preserve_domain={"x": True, "y": True},
            enable_hover=False,
        )

    def _band(self, colour: str, opacity: float) -> Any:
        return bqplot.Lines(
            x=self.x,
            y=np.ones((2, self.x.size)),
            scales=self.scales,
            colors=[colour, colour],
            fill="between",
            fill_colors=[colour],
            fill_opacities=[opacity],
            stroke_width=0.0,
            opacities=[0.0, 0.0],
            visible=False,
            preserve_domain={"x": True, "y": True},
            enable_hover=False,
        )

    def _data(self, opacity: float) -> Any:
        if self.x.size <= POINTS:
            return bqplot.Scatter(
                x=self.x[:0],
                y=self.x[:0],
                scales=self.scales,
                colors=[DATA],
                default_size=12,
                opacities=[opacity],
                enable_hover=False,
            )
        return bqplot.Lines(
            x=self.x,
            y=np.zeros_like(self.x),
            scales=self.scales,
            colors=[DATA],
            opacities=[opacity],
            stroke_width=1.0,
            interpolation="step-after",
            enable_hover=False,
        )

    def show_data(self, y: Array, inside: NDArray[np.bool_]) -> None:
        """Draw the data of a pixel; what no fit looks at is pale.

        Parameters
        ----------
        y : ndarray, (channel,)
        inside : ndarray of bool, (channel,)
        """
        # A logarithm has no place for the others, and bqplot would write NaN into the page.
        good = np.isfinite(y) & ((y > 0) | (not self.log[1])) & ((self.x > 0) | (not self.log[0]))
        for mark, chosen in ((self.data, inside), (self.outside, ~inside)):
            if isinstance(mark, bqplot.Scatter):
                kept = chosen & good
                with mark.hold_sync():
                    mark.x, mark.y = self.x[kept], y[kept]
            else:
                # The pale line lies below the other, whole: bqplot stumbles over one of NaN only.
                shown = y if mark is self.outside else np.where(chosen, y, np.nan)
                mark.y = np.where(good, shown, np.nan) if any(self.log) else shown

    def show_noise(self, y: Array, variance: Array | None) -> None:
        """Draw a band of one standard deviation of the noise about the data; none where unknown."""
        self.noise.visible = variance is not None
        if variance is not None:
            std = np.sqrt(np.broadcast_to(variance, y.shape))
            ends = np.stack([y - std, y + std])
            self.noise.y = np.maximum(ends, self.floor(y)) if self.log[1] else ends

    @staticmethod
    def floor(y: Array) -> float:
        """The lowest number that a logarithmic axis shows beside these."""
        good = y[np.isfinite(y) & (y > 0)]
        return max(float(good.min()) / 2, DECADES * float(good.max())) if good.size else DECADES

    def rescale(self, y: Array, line: Array, *, ground: bool) -> list[float]:
        """Fit the limits to the data, and to the model as far as it is not absurd.

        Parameters
        ----------
        y, line : ndarray, (channel,)
            Data and model.
        ground : bool
            Show zero, too, where it is not far: components stand on it.

        Returns
        -------
        list of float
            Left, right, low and high.
        """
        self.rescale_rest(y - line)
        low, high = limits(y, np.append(line, 0.0) if ground else line)
        if self.log[1]:
            low = self.floor(y)
            high = max(high, 10 * low)
        left, right = self.ends()
        for name, (first, last) in (("x", (left, right)), ("y", (low, high))):
            with self.scales[name].hold_sync():
                self.scales[name].min, self.scales[name].max = first, last
        return [left, right, low, high]

    def rescale_rest(self, residual: Array) -> None:
        """Fit the limits of the panel below to what is left."""
        end = round_end(residual)
        with self.rest_scale.hold_sync():
            self.rest_scale.min, self.rest_scale.max = -1.1 * end, 1.1 * end
        self.rest.axes[1].tick_values = np.array([-end, 0.0, end])

    def close(self) -> None:
        """Close every widget made here."""
        for widget in (
            self.outside,
            self.data,
            self.noise,
            self.band,
            self.model,
            self.spacer,
            *self.axes,
            self.panzoom,
            self.rest,
            self.rest.layout,
            self.rest.scale_x,
            self.rest.scale_y,
            *self.rest.marks,
            *self.rest.axes,
            self.rest_scale,
            *self.scales.values(),
        ):
            widget.close()


def _scale(low: float, high: float, *, log: bool) -> Any:
    kind = bqplot.LogScale if log else bqplot.LinearScale
    return kind(min=low, max=high)
