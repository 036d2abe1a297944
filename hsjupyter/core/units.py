"""Units of parameters, from those of the signal."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hsjupyter.core.signal import BaseSignal

if TYPE_CHECKING:
    from hsjupyter.core.component import Component
    from hsjupyter.core.parameter import Parameter

WORD = re.compile(r"\b[xy]\b")
ALONE = re.compile(r"[^\s/·*^]*")
"""A unit that others may follow; of several it needs brackets."""
POWER_OF_A_NAME = re.compile(r"\^[^0-9]")


def units_of(declared: str, signal: BaseSignal, axis: int = 0) -> str:
    """A declared unit in the units of a signal.

    Parameters
    ----------
    declared : str
        In words of the data: ``x``, ``y``, ``y·x``, ``1/x``, ``y·x^2``; others stay as they are.
    signal : BaseSignal
        ``x`` is a signal axis; ``y`` the unit in brackets of ``metadata.Signal.quantity``.
    axis : int
        Which of the signal axes.

    Returns
    -------
    str
        Empty where a unit it needs is not known, or to the power of a parameter.
    """
    quantity = str(signal.metadata.get_item("Signal.quantity", ""))
    in_brackets = re.search(r"\(([^()]+)\)\s*$", quantity)
    known = {
        "x": signal.axes_manager.signal_axes[axis].units,
        "y": in_brackets[1] if in_brackets else "",
    }
    if POWER_OF_A_NAME.search(declared) or not all(known[w] for w in WORD.findall(declared)):
        return ""
    if declared in known:
        return known[declared]
    return WORD.sub(lambda word: _bracketed(known[word[0]]), declared)


def _bracketed(units: str) -> str:
    return units if ALONE.fullmatch(units) else f"({units})"


def units_at(parameter: Parameter, component: Component, signal: BaseSignal) -> str:
    """The units of a parameter of a component.

    In an image a position has those of its axis. Where the axes have different units, a length has
    none: which axis it lies along depends on how the component is turned.
    """
    axes = signal.axes_manager.signal_axes[: component.dimensions]
    places = component.position if isinstance(component.position, tuple) else ()
    if parameter.name in places:
        return units_of(parameter.par.unit, signal, places.index(parameter.name))
    if len({axis.units for axis in axes}) > 1 and "x" in WORD.findall(parameter.par.unit):
        return ""
    return units_of(parameter.par.unit, signal)
