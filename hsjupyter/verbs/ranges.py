"""Which channels a fit looks at."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from hsjupyter.core.door import open_gui
from hsjupyter.core.errors import AxisError
from hsjupyter.core.model import BaseModel
from hsjupyter.schedule.progress import in_notebook

ENDS = ("x1, x2", "x1, x2, y1, y2")
SHAPES = ("span", "rectangle")


class RangeVerbs(BaseModel):
    """Leave channels of a spectrum out of the fit, and take them in again."""

    @property
    def axis(self) -> Any:
        """The axis that is fitted."""
        return self.axes_manager.signal_axes[0]

    def set_signal_range(self, x1: Any = None, x2: float | None = None) -> None:
        """Fit only the channels from ``x1`` to ``x2``, both included.

        Parameters
        ----------
        x1, x2 : float, optional
            In the units of the signal axis; an end that is not given is the axis's own. ``x1``
            may be a pair, or a region with ``left`` and ``right``. Without any, a notebook
            shows a span to drag in the plot.

        Raises
        ------
        AxisError
            ``x1`` is not below ``x2``, or no channel lies between them; or nothing was given
            outside of a notebook.
        """
        if x1 is None and x2 is None:
            drag_range(self, "set_signal_range")
        else:
            self.channel_switches = between(self, x1, x2)

    def add_signal_range(self, x1: Any = None, x2: float | None = None) -> None:
        """Take the channels from ``x1`` to ``x2`` into the fit again; as `set_signal_range`."""
        if x1 is None and x2 is None:
            drag_range(self, "add_signal_range")
        else:
            self.channel_switches = self.channel_switches | between(self, x1, x2)

    def remove_signal_range(self, x1: Any = None, x2: float | None = None) -> None:
        """Leave the channels from ``x1`` to ``x2`` out of the fit; as `set_signal_range`."""
        if x1 is None and x2 is None:
            drag_range(self, "remove_signal_range")
        else:
            self.channel_switches = self.channel_switches & ~between(self, x1, x2)

    def reset_signal_range(self) -> None:
        """Fit all channels."""
        self.channel_switches = np.ones_like(self.channel_switches)

    def set_signal_range_from_mask(self, mask: Any) -> None:
        """Fit the channels where a mask is True.

        Parameters
        ----------
        mask : array_like of bool, (sig...)

        Raises
        ------
        DataError
            It has another shape, or leaves no channel.
        """
        self.channel_switches = np.asarray(mask)


class ImageRangeVerbs(BaseModel):
    """Leave parts of an image out of the fit, and take them in again."""

    def set_signal_range(
        self,
        x1: Any = None,
        x2: float | None = None,
        y1: float | None = None,
        y2: float | None = None,
    ) -> None:
        """Fit only a rectangle, its ends included.

        Parameters
        ----------
        x1, x2, y1, y2 : float, optional
            In the units of the signal axes; an end that is not given is the axis's own. ``x1``
            may be four numbers, or a region with ``left``, ``right``, ``top`` and ``bottom``.
            Without any, a notebook shows a rectangle to drag in the plot.

        Raises
        ------
        AxisError
            ``x1`` is not below ``x2``, or ``y1`` not below ``y2``, or nothing lies between them.
        """
        if x1 is x2 is y1 is y2 is None:
            drag_range(self, "set_signal_range")
        else:
            self.channel_switches = between(self, x1, x2, y1, y2)

    def add_signal_range(
        self,
        x1: Any = None,
        x2: float | None = None,
        y1: float | None = None,
        y2: float | None = None,
    ) -> None:
        """Take a rectangle into the fit again; arguments as `set_signal_range`."""
        if x1 is x2 is y1 is y2 is None:
            drag_range(self, "add_signal_range")
        else:
            self.channel_switches = self.channel_switches | between(self, x1, x2, y1, y2)

    def remove_signal_range(
        self,
        x1: Any = None,
        x2: float | None = None,
        y1: float | None = None,
        y2: float | None = None,
    ) -> None:
        """Leave a rectangle out of the fit; arguments as `set_signal_range`."""
        if x1 is x2 is y1 is y2 is None:
            drag_range(self, "remove_signal_range")
        else:
            self.channel_switches = self.channel_switches & ~between(self, x1, x2, y1, y2)

    def reset_signal_range(self) -> None:
        """Fit all of the image."""
        self.channel_switches = np.ones_like(self.channel_switches)

    def set_signal_range_from_mask(self, mask: Any) -> None:
        """Fit the part of the image where a mask is True.

        Parameters
        ----------
        mask : array_like of bool, (sig...)

        Raises
        ------
        DataError
            It has another shape, or leaves nothing.
        """
        self.channel_switches = np.asarray(mask)


def drag_range(model: BaseModel, name: str) -> Any:
    """Let a person drag the range of a method in the plot; arguments as of `drag`."""
    two = len(model.channel_switches.shape) > 1
    title = f"{name.replace('_', ' ').capitalize()}: drag the {SHAPES[two]}, or its ends"
    wish = {"then": getattr(model, name), "title": title, "button": "Apply"}
    return drag(model, f"m.{name}({ENDS[two]})", {**wish, "call": f"m.{name}({{}})"})


def drag(
    model: BaseModel,
    form: str,
    wish: dict[str, Any],
    *,
    display: bool = True,
    toolkit: Any = None,
) -> Any:
    """Show a span in the plot, and do something with its ends when a button is pressed.

    Parameters
    ----------
    model : BaseModel
    form : str
        The call that does without.
    wish : dict
        ``then``, called with the ends; ``title`` and ``button`` in words; ``call``, the Python
        that does it; ``undoable``.
    display, toolkit
        As of every gui.

    Raises
    ------
    AxisError
        There is no notebook to drag it in.
    """
    if display and toolkit is None and not in_notebook():
        raise AxisError(
            f"{model!r}: no range came, and one is dragged with the mouse in a notebook only; "
            f"give its ends in the units of the axis: {form}"
        )
    return open_gui(model, "select_range", wish=wish, display=display, toolkit=toolkit)


def ends_of(region: Any, *others: Any) -> tuple[Any, ...]:
    """The ends that were given: one after another, as a sequence, or as a region's attributes."""
    if isinstance(region, tuple | list) and not any(other is not None for other in others):
        return tuple(region)
    sides = ("left", "right") if len(others) == 1 else ("left", "right", "top", "bottom")
    if all(hasattr(region, side) for side in sides):
        return tuple(getattr(region, side) for side in sides)
    return (region, *others)


def between(model: BaseModel, *given: Any) -> NDArray[np.bool_]:
    """The channels in a range, (sig...); arguments as of `set_signal_range`.

    Raises
    ------
    AxisError
        An end that is not below the other, or nothing between them.
    """
    model.fidelity.check(model)
    coords, ends = model.signal.signal_coordinates(), ends_of(*given)
    if len(ends) != 2 * len(coords):
        raise AxisError(
            f"{model!r}: the range {ends} came; {2 * len(coords)} ends are wanted, two for each "
            "signal axis"
        )
    chosen = np.ones(coords[0].shape, dtype=bool)
    for number, axis in enumerate(coords):
        chosen &= _on_axis(model, axis, ends[2 * number], ends[2 * number + 1])
    return chosen


def _on_axis(model: BaseModel, axis: NDArray[np.float64], x1: Any, x2: Any) -> NDArray[np.bool_]:
    try:
        low = -np.inf if x1 is None else float(x1)
        high = np.inf if x2 is None else float(x2)
    except (TypeError, ValueError):
        low = high = np.nan
    chosen: NDArray[np.bool_] = (axis >= low) & (axis <= high)
    if not low < high or not chosen.any():
        raise AxisError(
            f"{model!r}: the range {x1} to {x2} came; the axis goes from {axis.min():g} to "
            f"{axis.max():g}; give two values inside, the smaller one first"
        )
    return chosen
