"""Whether a model still fits the axes of its signal, which may be changed in place."""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, Any

from hsjupyter.core.errors import ModelError

if TYPE_CHECKING:
    from hsjupyter.core.axes_manager import AxesManager
    from hsjupyter.core.model import BaseModel


class Fidelity:
    """The sizes that a model was made for, held against those that its signal has now.

    Parameters
    ----------
    manager : AxesManager
        Of the signal, as the model is made. Positions and units of the axes may change later, the
        model follows them; sizes may not: its maps and its signal range would be of another shape.
    """

    def __init__(self, manager: AxesManager) -> None:
        self._manager = manager
        self._shapes = (manager.navigation_shape, manager.signal_shape)
        self._was = manager.dimensions
        self._seen = manager.layout

    @property
    def kept(self) -> bool:
        """Whether the sizes are the same."""
        manager = self._manager
        if manager.layout == self._seen:
            return True
        if (manager.navigation_shape, manager.signal_shape) != self._shapes:
            return False
        self._seen = manager.layout
        return True

    def check(self, model: object) -> None:
        """Refuse to go on with a model of another signal than there is.

        Raises
        ------
        ModelError
            The signal was cropped, rebinned or the like.
        """
        if not self.kept:
            raise ModelError(
                f"{model!r}: its signal was changed in place and has the dimensions "
                f"{self._manager.dimensions} now; those that the model was made for, {self._was}, "
                "are wanted: make a new model with signal.create_model(), or take the part with "
                "m.inav and m.isig before the signal is changed"
            )


def follow_indices(model: BaseModel) -> None:
    """Let a model load what it stored of a pixel whenever its signal moves there."""
    me, manager = weakref.ref(model), model.signal.axes_manager

    # The signal outlives its models: its axes must not keep them alive.
    def follow(_change: Any) -> None:
        model = me()
        if model is None:
            manager.unobserve(follow, "indices")
        elif model.fidelity.kept:  # a signal that was changed is navigated all the same
            model.load()

    manager.observe(follow, "indices")
