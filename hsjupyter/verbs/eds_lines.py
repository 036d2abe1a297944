"""Lines of a model one by one: calibrated, and counted."""

from collections.abc import Callable
from typing import Any

import numpy as np

from hsjupyter.components.eds.lines import XrayLine
from hsjupyter.components.gaussian import Gaussian
from hsjupyter.core.errors import unknown_name
from hsjupyter.core.model import BaseModel
from hsjupyter.core.signal import BaseSignal
from hsjupyter.verbs.eds_fit import Names, fix_lines, fix_weights, free_lines, free_weights
from hsjupyter.verbs.eds_setup import lines_in


def calibrate_lines(
    model: BaseModel, what: str, names: Names, bound: float | None, fit: Callable[[], Any]
) -> None:
    """Fit energies, widths or weights of lines, each for itself, and fix them there.

    Raises
    ------
    UnknownNameError
        Something else is to be calibrated, or a line is not in the model.
    """
    parameters = {"energy": "centre", "width": "sigma", "sub_weight": "A"}
    if what not in parameters:
        raise unknown_name(f"{model!r}: calibrate", what, parameters)
    chosen = names if isinstance(names, str) else list(names)
    try:
        if what == "sub_weight":
            free_weights(model, chosen, bound)
        else:
            free_lines(model, chosen, parameters[what], bound)
        fit()
    finally:
        if what == "sub_weight":
            fix_weights(model, chosen)
        else:
            fix_lines(model, chosen, parameters[what])


def intensities(model: BaseModel, lines: dict[Gaussian, XrayLine]) -> list[BaseSignal]:
    """The counts of lines at every pixel, from the stored values; NaN where nothing is stored."""
    signal = model.signal
    # An area is a density times a width: where channels are no bins, a channel is the unit.
    counts = 1.0
    if signal.binned_widths is None:
        counts = 1 / float(np.median(signal.axes_manager.signal_axes[0].widths))
    signals = []
    for component, line in lines.items():
        parts = [component, *_second_part(model, line)]
        areas = sum(model.maps.values[..., model.maps.slot(part.A)][..., 0] for part in parts)
        made = signal.map_signal(np.asarray(areas) * counts)
        made.metadata.set_item("General.title", f"{line.name} at {line.energy:.2f} keV")
        made.metadata.set_item("Sample.elements", [line.element])
        made.metadata.set_item("Sample.xray_lines", [line.name])
        signals.append(made)
    return signals


def _second_part(model: BaseModel, line: XrayLine) -> list[Gaussian]:
    """``Ga_Ka2`` of ``Ga_Ka``: people count both as one line."""
    return [component for component in lines_in(model) if component.name == f"{line.name}2"]


def print_intensities(signals: list[BaseSignal]) -> None:
    """Print a line for each signal: its title and its mean."""
    for signal in signals:
        title = signal.metadata.get_item("General.title")
        print(f"{title}: {np.nanmean(signal.data):.6g}")  # noqa: T201 - what it is for
