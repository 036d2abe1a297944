"""Loads the gui room by name, when asked: the only import of a higher room."""

from importlib import import_module
from typing import Any

from hsjupyter.core.errors import GuiMissing


def open_gui(thing: Any, what: str, **options: Any) -> Any:
    """Show ``thing``; the gui room is loaded here and nowhere else.

    Parameters
    ----------
    thing : Parameter, Component, Model or Run
        What is shown.
    what : str
        The function of ``hsjupyter.gui.show`` that shows it: "gui", "plot".

    Raises
    ------
    GuiMissing
        A package the gui room needs is not installed.
    """
    try:
        show = import_module("hsjupyter.gui.show")
    except ModuleNotFoundError as missing:
        raise GuiMissing(
            f"{what} of {thing!r} needs the notebook parts, and there is no module "
            f"{missing.name!r}; install them with: pip install 'hsjupyter[lab]'"
        ) from missing
    return getattr(show, what)(thing, **options)
