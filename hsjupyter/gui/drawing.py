"""What every plot of a model has, of spectra or of images: its host, its map, and its handles."""

from __future__ import annotations

import weakref
from abc import ABC, abstractmethod
from collections.abc import Callable

import numpy as np

from hsjupyter.core.component import Component
from hsjupyter.core.model import BaseModel
from hsjupyter.core.parameter import Parameter
from hsjupyter.gui.frames import LINE, Frames
from hsjupyter.gui.host import Host
from hsjupyter.gui.live_map import LiveMap
from hsjupyter.gui.pushes import Kept, push_lines


class Drawing(ABC):
    """A plot of a model: the host that draws it in the browser, and what follows the model.

    Parameters
    ----------
    model : BaseModel

    Attributes
    ----------
    may_move : callable
        Whether the handles of a component move this parameter of it.
    """

    def __init__(self, model: BaseModel) -> None:
        self._model = weakref.ref(model)
        self._handled: tuple[Component, ...] | None = None
        self._labels = True
        self.may_move: Callable[[Parameter], bool] = lambda _parameter: True
        self._kept = Kept()
        self._push = Frames(self._push_lines, LINE)
        self.axes_drawn = tuple(
            np.array(a.axis, dtype=np.float64) for a in model.axes_manager.signal_axes
        )

    def _follow_with(self, host: Host, model: BaseModel) -> None:
        """Let a host show the model, until it is closed."""
        self.host = host
        self._map = LiveMap(host, model)
        host.sent = self._follow
        host.keep(self)

    @abstractmethod
    def _follow(self, columns: set[str]) -> None:
        """After columns were sent: follow structure, pixel and range."""

    @abstractmethod
    def _show_handles(self, model: BaseModel) -> None:
        """Draw the handles of `_handled`, with or without names."""

    def _push_lines(self) -> None:
        """Send the lines that the browser cannot evaluate."""
        push_lines(self.host, self._model())

    def flush(self) -> None:
        """Send now what waits."""
        self.host.flush()
        # Not only what waits: what another thread began to send may not be sent yet.
        self._push_lines()
        self._map.flush()

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
        self._show_handles(model)

    def close(self) -> None:
        """Send nothing any more; the host calls it when it is closed."""
        self._push.close()
        self._map.close()
