"""Loads the gui room by name, when asked: the only import of a higher room."""

from importlib import import_module
from inspect import signature
from typing import Any

from hsjupyter.core.errors import GuiMissing, unknown_name


def open_gui(thing: Any, what: str, **options: Any) -> Any:
    """Show ``thing``; the gui room is loaded here and nowhere else.

    Parameters
    ----------
    thing : Parameter, Component, Model or Run
        What is shown.
    what : str
        The function of ``hsjupyter.gui.show`` that shows it: "gui", "plot"; "plot_components"
        with ``on``; "adjust_position" with ``components``, ``fix_them`` and ``show_label``;
        "select_range" with ``wish``, what is done with the ends that were chosen; "form".

    Raises
    ------
    GuiMissing
        A package the gui room needs is not installed, or no view does that.
    UnknownNameError
        The view has no such option.
    """
    try:
        show = import_module("hsjupyter.gui.show")
    except ModuleNotFoundError as missing:
        raise GuiMissing(
            f"{what} of {thing!r} needs the notebook parts, and there is no module "
            f"{missing.name!r}; install them with: pip install 'hsjupyter[lab]'"
        ) from missing
    if not hasattr(show, what):
        raise GuiMissing(
            f"{what} of {thing!r} was asked for, which no view can do yet; give the numbers as "
            "arguments instead, such as x1 and x2 of a range"
        )
    view = getattr(show, what)
    known = list(signature(view).parameters)[1:]
    for name in options:
        if name not in known:
            raise unknown_name(f"{what} of {thing!r}", name, known)
    return view(thing, **options)
