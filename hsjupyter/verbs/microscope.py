"""Ask a person for the numbers of the microscope: a form in a notebook."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from hsjupyter.core.door import open_gui
from hsjupyter.core.errors import GuiMissing
from hsjupyter.core.form import Form, Quantity
from hsjupyter.core.signal import BaseSignal
from hsjupyter.schedule.progress import in_notebook

TITLE = "Microscope parameters"


def tell_or_ask(
    signal: BaseSignal,
    given: dict[str, float | None],
    write: Callable[..., None],
    quantities: Sequence[Quantity],
    *,
    display: bool,
    toolkit: Any,
) -> Any:
    """Write what was given; where nothing was, ask in a notebook, and refuse elsewhere.

    Parameters
    ----------
    signal : BaseSignal
    given : dict
        By name; None is not given.
    write : callable
        ``write(signal, name=value, ...)``; refuses a call without any value.
    quantities : sequence of Quantity
        Those of the form.
    display : bool
        False: show nothing, return the widgets.
    toolkit : str or iterable of str, optional
        As of every gui.
    """
    told = any(value is not None for value in given.values())
    if told or not (in_notebook() or not display or toolkit is not None):
        return write(signal, **given)
    return ask(signal, write, quantities, display=display, toolkit=toolkit)


def ask(
    signal: BaseSignal,
    write: Callable[..., None],
    quantities: Sequence[Quantity],
    *,
    display: bool = True,
    toolkit: Any = None,
) -> Any:
    """Show the form; arguments as of `tell_or_ask`."""

    def put(name: str, value: float) -> None:
        write(signal, **{name: value})

    form = Form(signal, TITLE, quantities, put, "set_microscope_parameters")
    return open_gui(form, "form", display=display, toolkit=toolkit)


def asked(signal: BaseSignal, write: Callable[..., None], quantities: Sequence[Quantity]) -> bool:
    """Show the form where there is a notebook to show it in; whether it was shown."""
    if not in_notebook():
        return False
    try:
        ask(signal, write, quantities)
    except GuiMissing:
        return False
    return True
