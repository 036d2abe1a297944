"""The plot: data, model, components and handles as bqplot marks, side by side with their host.

Python writes the data and the limits. The browser writes every line and handle: it evaluates the
formulas, and takes the lines of components without one from ``host.pushed``.
"""

from __future__ import annotations

import weakref
from typing import Any

import bqplot
import ipywidgets
import numpy as np
from numpy.typing import NDArray

from hsjupyter.core.component import Component
from hsjupyter.core.model import BaseModel
from hsjupyter.gui.frames import LINE, MAP, Frames
from hsjupyter.gui.handles import make_handle
from hsjupyter.gui.host import Host
from hsjupyter.gui.names import colour_of, name_of
from hsjupyter.gui.panels import (
    DATA,
    MARGIN,
    label_of,
    limits,
    quantity_of,
    rest_panel,
    round_end,
    spacer,
)
from hsjupyter.gui.pushes import Kept, as_bytes, push_lines, push_map
from hsjupyter.gui.records import CurvesRecord

MODEL = "#d1342f"
RESIDUAL = "#8d7ab8"
POINTS = 600
"""Up to so many channels are drawn as points; each is an element of the page."""

Array = NDArray[np.float64]


class Plot:
    """The figure of a model, with the host that evaluates its lines in the browser.

    Parameters
    ----------
    model : BaseModel
        Of a one-dimensional signal.
    """

    def __init__(self, model: BaseModel) -> None:
        self._model = weakref.ref(model)
        axis = model.axes_manager.signal_axes[0]
        self._x = np.array(axis.axis, dtype=np.float64)
        self.axes_drawn = (self._x,)
        self.scales = {
            "x": bqplot.LinearScale(min=axis.low_value, max=axis.high_value),
            "y": bqplot.LinearScale(min=0.0, max=1.0),
        }
        self.rest_scale = bqplot.LinearScale(min=-1.0, max=1.0)
        self.data = self._data_mark(opacity=0.9)
        self.outside = self._data_mark(opacity=0.2)
        self.model = self._line(MODEL, width=2.0)
        self.residual = self._line(RESIDUAL, width=1.0)
        self.residual.scales = {"x": self.scales["x"], "y": self.rest_scale}
        self.spacer = spacer(self._x, self.scales)
        self.lines: dict[str, Any] = {}
        self.handles: dict[str, Any] = {}
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
        self.figure = bqplot.Figure(
            axes=self.axes,
            fig_margin=MARGIN,
            animation_duration=0,
            display_toolbar=False,
            layout={"width": "100%", "min_width": "280px", "height": "380px"},
        )
        self.figure.add_class("hsj-figure")
        self.rest = rest_panel(self._x, self.residual)
        self._show_lines = self._show_rest = False
        self._handled: tuple[Component, ...] | None = None
        self._labels = True
        self._kept = Kept()
        self.host = Host(
            model,
            "plot",
            x=self._x.tobytes(),
            widths=as_bytes(model.signal.binned_widths),
        )
        self.box = ipywidgets.VBox([self.figure, self.host], layout={"width": "100%"})
        self._push = Frames(self._push_lines, LINE)
        self._map = Frames(self._push_map, MAP)
        self.host.sent = self._follow
        self._rebuild(model)
        self._show_pixel(model)
        self.rescale()
        self._push_map()
        self.host.keep(self)

    # -- marks -------------------------------------------------------------------------------------

    def _data_mark(self, opacity: float) -> Any:
        if self._x.size <= POINTS:
            return bqplot.Scatter(
                x=self._x[:0],
                y=self._x[:0],
                scales=self.scales,
                colors=[DATA],
                default_size=12,
                opacities=[opacity],
                enable_hover=False,
            )
        return bqplot.Lines(
            x=self._x,
            y=np.zeros_like(self._x),
            scales=self.scales,
            colors=[DATA],
            opacities=[opacity],
            stroke_width=1.0,
            interpolation="step-after",
            enable_hover=False,
        )

    def _line(self, colour: str, width: float = 1.5, *, visible: bool = True) -> Any:
        return bqplot.Lines(
            x=self._x,
            y=np.zeros_like(self._x),
            scales=self.scales,
            colors=[colour],
            stroke_width=width,
            visible=visible,
            # A line that moves must not move the limits under the mouse.
            preserve_domain={"x": True, "y": True},
            enable_hover=False,
        )

    def _rebuild(self, model: BaseModel) -> None:
        """Give every component its line and its handle; those of removed ones are closed."""
        old = [*self.lines.values(), *self.handles.values()]
        self.lines, self.handles = {}, {}
        for component in model:
            name = name_of(component)
            colour = colour_of(component)
            self.lines[name] = self._line(colour, visible=self._show_lines and component.active)
            handled = self._handled is None or component in self._handled
            if isinstance(component.position, str) and handled:
                self.handles[name] = make_handle(
                    component, colour, self.scales, labelled=self._labels
                )
        self.model.visible = len(model) > 0
        self.figure.marks = [
            self.outside,
            self.data,
            *self.lines.values(),
            self.model,
            self.spacer,
            *self.handles.values(),
        ]
        self._tell()
        for mark in old:
            mark.close()
        self._push.wake()

    def _tell(self) -> None:
        self.host.curves = CurvesRecord(
            figure=self.figure.model_id,
            panzoom=self.panzoom.model_id,
            model=self.model.model_id,
            residual=self.residual.model_id,
            lines={name: mark.model_id for name, mark in self.lines.items()},
            handles={name: mark.model_id for name, mark in self.handles.items()},
            show_lines=self._show_lines,
            show_residual=self._show_rest,
        )

    # -- what follows the model --------------------------------------------------------------------

    def _follow(self, columns: set[str]) -> None:
        """After columns were sent: follow structure, pixel and range."""
        model = self._model()
        if model is None:
            return
        if "spec" in columns:
            self._rebuild(model)
        if "pixel" in columns or "quality" in columns:
            self._show_pixel(model)
        if "pixel" in columns:
            self.rescale()
        if {"values", "active", "pixel"} & columns:
            self._push.wake()
        if {"spec", "pixel", "quality", "map", "run"} & columns:
            self._map.wake()

    def _show_pixel(self, model: BaseModel) -> None:
        """Draw the data of the current pixel; what no fit looks at is pale."""
        y = np.asarray(model.signal(), dtype=np.float64)
        inside = np.asarray(model.channel_switches, dtype=bool)
        self.host.data = y.tobytes()
        for mark, chosen in ((self.data, inside), (self.outside, ~inside)):
            if isinstance(mark, bqplot.Scatter):
                kept = chosen & np.isfinite(y)
                with mark.hold_sync():
                    mark.x, mark.y = self._x[kept], y[kept]
            else:
                # The pale line lies below the other, whole: bqplot stumbles over one of NaN only.
                mark.y = y if mark is self.outside else np.where(chosen, y, np.nan)

    def _push_lines(self) -> None:
        push_lines(self.host, self._model())

    def _push_map(self) -> None:
        push_map(self.host, self._model())

    def flush(self) -> None:
        """Send now what waits."""
        self.host.flush()
        self._push.flush()
        self._map.flush()

    def rescale(self) -> None:
        """Fit the limits to the data, and to the model as far as it is not absurd."""
        model = self._model()
        if model is None:
            return
        y = np.asarray(model.signal(), dtype=np.float64)
        line = np.asarray(model(), dtype=np.float64) if len(model) else y
        low, high = limits(y, line)
        end = round_end(y - line)
        with self.rest_scale.hold_sync():
            self.rest_scale.min, self.rest_scale.max = -1.1 * end, 1.1 * end
        self.rest.axes[1].tick_values = np.array([-end, 0.0, end])
        left, right = float(self._x.min()), float(self._x.max())
        self.host.limits = [left, right, low, high]
        for name, ends in (("x", (left, right)), ("y", (low, high))):
            with self.scales[name].hold_sync():
                self.scales[name].min, self.scales[name].max = ends

    def show(self, *, lines: bool, residual: bool) -> None:
        """Draw a line for every component, and the residual, or not."""
        self._show_rest = residual
        shown = (self.figure, self.rest) if residual else (self.figure,)
        self.box.children = (*shown, self.host)
        self.rescale()
        self.show_lines(lines=lines)

    def show_lines(self, *, lines: bool) -> None:
        """Draw a line for every component, or not."""
        self._show_lines = lines
        model = self._model()
        for component in () if model is None else model:
            self.lines[name_of(component)].visible = lines and component.active
        self._tell()

    def adjust(
        self, components: tuple[Component, ...] | None, *, fix: bool, labels: bool = True
    ) -> None:
        """Give these components a handle, all where None; fixed ones are freed again next time.

        Parameters
        ----------
        components : tuple of Component, optional
        fix : bool
            No fit moves the positions meanwhile.
        labels : bool
            Write the name beside each handle.
        """
        model = self._model()
        if model is None:
            return
        self._handled, self._labels = components, labels
        self._kept.fix((model if components is None else components) if fix else ())
        self._rebuild(model)

    def close(self) -> None:
        """Close every widget of the figure; the host calls it when it is closed."""
        self._push.close()
        self._map.close()
        for widget in (
            self.box,
            self.box.layout,
            self.figure,
            self.figure.layout,
            self.figure.scale_x,
            self.figure.scale_y,
            self.panzoom,
            self.rest,
            self.rest.layout,
            self.rest.scale_x,
            self.rest.scale_y,
            self.rest_scale,
            *self.rest.marks,
            *self.rest.axes,
            *self.figure.marks,
            *self.axes,
            *self.scales.values(),
        ):
            widget.close()
