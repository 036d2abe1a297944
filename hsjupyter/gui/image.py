"""The plot of images: data, model and residual side by side; the browser draws all of it."""

from __future__ import annotations

import numpy as np

from hsjupyter.core.model import BaseModel
from hsjupyter.gui.drawing import Drawing
from hsjupyter.gui.extents import quantity_of
from hsjupyter.gui.grips import spot_of
from hsjupyter.gui.host import Host
from hsjupyter.gui.names import name_of
from hsjupyter.gui.pushes import as_bytes
from hsjupyter.gui.records import ImageRecord
from hsjupyter.gui.spec import describe_axis


class ImagePlot(Drawing):
    """The panels of a model of images, with the host that draws them in the browser.

    Parameters
    ----------
    model : BaseModel
        Of two signal dimensions.
    """

    def __init__(self, model: BaseModel) -> None:
        super().__init__(model)
        self._show_lines = False
        self.box = self.figure = Host(
            model,
            "image",
            x=as_bytes(self.axes_drawn[0]),
            y=as_bytes(self.axes_drawn[1]),
            widths=as_bytes(model.signal.binned_widths),
        )
        self._follow_with(self.box, model)
        self._tell(model)
        self._show_pixel(model)
        self._push_lines()

    def _show_handles(self, model: BaseModel) -> None:
        self._tell(model)

    def _tell(self, model: BaseModel) -> None:
        """Send what is drawn of which component."""
        x, y = model.axes_manager.signal_axes
        slots = {slot: place for place, slot in enumerate(self.host.spec["slots"])}
        handles = {}
        for component in model if self._handled is None else self._handled:
            moved = filter(self.may_move, component.parameters)
            names = {p.name: f"{name_of(component)}.{p.name}" for p in moved}
            shown = {name: slots[slot] for name, slot in names.items() if slot in slots}
            spot = spot_of(component, shown)
            if spot is not None:
                handles[name_of(component)] = spot
        self.host.image = ImageRecord(
            x=describe_axis(x),
            y=describe_axis(y),
            quantity=quantity_of(model),
            square=x.units == y.units,
            handles=handles,
            labels=self._labels,
            outlines=self._show_lines,
        )

    def _follow(self, columns: set[str]) -> None:
        model = self._model()
        if model is None:
            return
        if "spec" in columns:
            self._tell(model)
        if {"spec", "pixel", "quality"} & columns:
            self._show_pixel(model)
        if {"spec", "values", "active", "pixel"} & columns:
            self._push.wake()
        self._map.follow(columns)

    def _show_pixel(self, model: BaseModel) -> None:
        """Send the image of the current pixel, and where a fit looks."""
        inside = np.ascontiguousarray(model.channel_switches, dtype=np.uint8)
        with self.host.hold_sync():
            self.host.data = as_bytes(model.signal())
            self.host.inside = b"" if inside.all() else inside.tobytes()

    def show(self, *, lines: bool, residual: bool) -> None:
        """Draw an outline of every component, or not; the residual is always there."""
        del residual
        self.show_lines(lines=lines)

    def show_lines(self, *, lines: bool) -> None:
        """Draw an outline of every component at half of its height, or not."""
        self._show_lines = lines
        model = self._model()
        if model is not None:
            self._tell(model)
