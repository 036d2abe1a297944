"""Units of parameters, from those of the signal."""

import re

from hsjupyter.core.signal import BaseSignal


def units_of(declared: str, signal: BaseSignal) -> str:
    """A declared unit in the units of a signal.

    Parameters
    ----------
    declared : str
        In words of the data: ``x``, ``y``, ``y·x``, ``1/x``.
    signal : BaseSignal
        ``x`` is its first signal axis; ``y`` the unit in brackets of ``metadata.Signal.quantity``.

    Returns
    -------
    str
        Empty where a unit it needs is not known, or the declared one has another form.
    """
    quantity = str(signal.metadata.get_item("Signal.quantity", ""))
    in_brackets = re.search(r"\(([^()]+)\)\s*$", quantity)
    x = signal.axes_manager.signal_axes[0].units
    y = in_brackets[1] if in_brackets else ""
    forms = {
        "x": x,
        "1/x": f"1/{x}" if x else "",
        "y": y,
        "y·x": f"{y}·{x}" if x and y else "",
    }
    return forms.get(declared, "")
