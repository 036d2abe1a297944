"""The plot: data, model and components as bqplot marks, side by side with their host.

Python writes the data and the limits. The browser writes every line and handle: it evaluates the
formulas, and takes the lines of components without one from ``host.pushed``.
"""

from __future__ import annotations

from typing import Any

import bqplot
import ipywidgets
import numpy as np
from numpy.typing import NDArray

from hsjupyter.core.component import Component
from hsjupyter.core.model import BaseModel
from hsjupyter.fitting.band import band_here
from hsjupyter.fitting.jobs import pixels_of
from hsjupyter.gui.drawing import Drawing
from hsjupyter.gui.host import Host
from hsjupyter.gui.look import look_of
from hsjupyter.gui.names import colour_of, name_of, slot_names
from hsjupyter.gui.panels import MARGIN
from hsjupyter.gui.parts import POINTS, Parts
from hsjupyter.gui.pushes import as_bytes
from hsjupyter.gui.records import CurvesRecord

__all__ = ["POINTS", "Plot"]

Array = NDArray[np.float64]


class Plot(Drawing):
    """The figure of a model, with the host that evaluates its lines in the browser.

    Parameters
    ----------
    model : BaseModel
        Of a one-dimensional signal.
    """

    def __init__(self, model: BaseModel) -> None:
        super().__init__(model)
        (self._x,) = self.axes_drawn
        self.look = look_of(model)
        self.parts = Parts(model, self._x, self.look)
        self.lines: dict[str, Any] = {}
        self.figure = bqplot.Figure(
            fig_margin=MARGIN,
            animation_duration=0,
            display_toolbar=False,
            layout={"width": "100%", "min_width": "280px", "height": "380px", "margin": "0"},
        )
        self.figure.add_class("hsj-figure")
        host = Host(
            model,
            "plot",
            x=self._x.tobytes(),
            widths=as_bytes(model.signal.binned_widths),
        )
        self._follow_with(host, model)
        self.box = ipywidgets.VBox([self.figure, host], layout={"width": "100%"})
        self._draw_all(model)
        self.look.observe(self._look_changed)

    # -- marks -------------------------------------------------------------------------------------

    def _look_changed(self, change: Any) -> None:
        model = self._model()
        if model is None:
            return
        with self.host.hold_sync():
            if change["name"] in {"log_x", "log_y"}:
                self._remake(model)
            elif change["name"] == "residual":
                self._stack()
                self._rescale_rest(model)
            if change["name"] in {"weights", "hidden"}:
                self._show_pixel(model)
            if change["name"] == "uncertainty":
                self._push.wake()
            self._show_marks(model)
            self._tell(model)

    def _remake(self, model: BaseModel) -> None:
        """Other scales want other marks."""
        old = self.parts
        self.figure.interaction = None
        self.parts = Parts(model, self._x, self.look)
        self._draw_all(model)
        old.close()

    def _draw_all(self, model: BaseModel) -> None:
        self.figure.axes = self.parts.axes
        self._rebuild(model)
        self._show_pixel(model)
        self._stack()
        self.rescale()

    def _stack(self) -> None:
        """One panel, or two."""
        shown = (self.figure, self.parts.rest) if self.look.residual else (self.figure,)
        self.box.children = (*shown, self.host)

    def _show_marks(self, model: BaseModel) -> None:
        hidden = self.look.hidden
        for component in model:
            name = name_of(component)
            on = self.look.lines and component.active and name not in hidden
            self.lines[name].visible = on
        self.parts.model.visible = len(model) > 0 and "model" not in hidden
        for mark in (self.parts.data, self.parts.outside):
            mark.visible = "data" not in hidden

    def _rebuild(self, model: BaseModel) -> None:
        """Give every component its line; those of removed ones are closed."""
        old = list(self.lines.values())
        self.lines = {}
        for component in model:
            self.lines[name_of(component)] = self.parts.line(colour_of(component))
        parts = self.parts
        self._show_marks(model)
        self.figure.marks = [
            parts.outside,
            parts.data,
            parts.noise,
            parts.band,
            *self.lines.values(),
            parts.model,
            parts.spacer,
        ]
        self._tell(model)
        for mark in old:
            mark.close()
        self._push.wake()

    def _tell(self, model: BaseModel) -> None:
        parts, look = self.parts, self.look
        self.host.curves = CurvesRecord(
            figure=self.figure.model_id,
            panzoom=parts.panzoom.model_id,
            model=parts.model.model_id,
            residual=parts.residual.model_id,
            band=parts.band.model_id,
            axes=[axis.model_id for axis in (*parts.axes, *parts.rest.axes)],
            rest=parts.rest.model_id,
            lines={name: mark.model_id for name, mark in self.lines.items()},
            handles=[name_of(component) for component in model if self._has_handle(component)],
            still=self._still(model),
            labels=self._labels,
            show_lines=look.lines,
            show_residual=look.residual,
            log_x=look.log_x,
            log_y=look.log_y,
            uncertainty=look.uncertainty,
            weights=look.weights,
            hidden=sorted(look.hidden),
        )

    def _still(self, model: BaseModel) -> list[int]:
        still = {
            slot
            for parameter in model.parameters
            if not self.may_move(parameter)
            for slot in slot_names(parameter.component, parameter)
        }
        return [place for place, slot in enumerate(self.host.spec["slots"]) if slot in still]

    def _has_handle(self, component: Component) -> bool:
        handled = self._handled is None or component in self._handled
        return handled and isinstance(component.position, str)

    # -- what follows the model --------------------------------------------------------------------

    def _follow(self, columns: set[str]) -> None:
        model = self._model()
        if model is None:
            return
        if "spec" in columns:
            self._rebuild(model)
        if "pixel" in columns or "quality" in columns:
            self._show_pixel(model)
        if "pixel" in columns:
            self.rescale()
        elif "quality" in columns and self.look.residual:
            self._rescale_rest(model)
        if {"values", "active", "pixel"} & columns:
            self._push.wake()
        self._map.follow(columns)

    def _show_pixel(self, model: BaseModel) -> None:
        """Draw the data of the current pixel; what no fit looks at is pale."""
        y = np.asarray(model.signal(), dtype=np.float64)
        self.host.data = y.tobytes()
        self.parts.show_data(y, np.asarray(model.channel_switches, dtype=bool))
        wanted = self.look.weights and "data" not in self.look.hidden
        self.parts.show_noise(y, _variance(model) if wanted else None)

    def _push_lines(self) -> None:
        """Send what the browser cannot evaluate, and how sure the model is where that is shown."""
        super()._push_lines()
        model = self._model()
        if model is None or self.host.comm is None or not model.fidelity.kept:
            return
        with model.lock:
            # Told under the lock, too: of two threads the one that looked last is the last to tell.
            band = band_here(model) if self.look.uncertainty else None
            self.host.uncertainty = as_bytes(band)

    def rescale(self) -> None:
        """Fit the limits to the data, and to the model as far as it is not absurd."""
        model = self._model()
        if model is None:
            return
        y = np.asarray(model.signal(), dtype=np.float64)
        line = np.asarray(model(), dtype=np.float64) if len(model) else y
        self.host.limits = self.parts.rescale(y, line, ground=self.look.lines and len(model) > 1)

    def _rescale_rest(self, model: BaseModel) -> None:
        y = np.asarray(model.signal(), dtype=np.float64)
        self.parts.rescale_rest(y - np.asarray(model(), dtype=np.float64) if len(model) else 0 * y)

    def show(self, *, lines: bool, residual: bool) -> None:
        """Draw a line for every component, and the residual, or not."""
        self.look.residual = residual
        self.look.lines = lines
        self.rescale()

    def show_lines(self, *, lines: bool) -> None:
        """Draw a line for every component, or not."""
        self.look.lines = lines

    def _show_handles(self, model: BaseModel) -> None:
        self._tell(model)

    def close(self) -> None:
        """Close every widget of the figure; the host calls it when it is closed."""
        super().close()
        self.look.unobserve(self._look_changed)
        self.parts.close()
        for widget in (
            self.box,
            self.box.layout,
            *self.lines.values(),
            self.figure,
            self.figure.layout,
            self.figure.scale_x,
            self.figure.scale_y,
        ):
            widget.close()


def _variance(model: BaseModel) -> Array | None:
    """The noise variance of the current spectrum, or None where it is not known."""
    here = int(np.ravel_multi_index(model.axes_manager.map_index, model.maps.shape))
    known = pixels_of(model).at(here).variance
    return None if known is None else np.asarray(known, dtype=np.float64)
