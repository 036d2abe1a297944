"""What the door opens: ``gui()`` and ``plot()``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from hsjupyter.core.component import Component
from hsjupyter.core.errors import ModelError, unknown_name
from hsjupyter.core.form import Form
from hsjupyter.core.model import BaseModel
from hsjupyter.core.parameter import Parameter
from hsjupyter.core.registry import MODELS, model_class
from hsjupyter.core.signal import BaseSignal
from hsjupyter.gui.drawn import draw
from hsjupyter.gui.host import Host
from hsjupyter.gui.live_map import LiveMap
from hsjupyter.gui.names import top_of
from hsjupyter.gui.picture import picture
from hsjupyter.gui.samfire_panel import follow
from hsjupyter.gui.serving import serve
from hsjupyter.gui.span import Wish, ask_span
from hsjupyter.gui.visit import make_page
from hsjupyter.gui.work import AWAITED, work_of
from hsjupyter.samfire import Samfire
from hsjupyter.schedule.run import Run
from hsjupyter.storage.recipes import make_recipe

__all__ = [
    "adjust_position",
    "dashboard",
    "form",
    "gui",
    "picture",
    "plot",
    "plot_components",
    "plot_samfire",
    "plot_signal",
    "progress",
    "select_range",
    "serve",
]

TOOLKIT = "ipywidgets"

_hosts: WeakKeyDictionary[Any, Host] = WeakKeyDictionary()
_plots: WeakKeyDictionary[BaseModel, Any] = WeakKeyDictionary()


def gui(
    thing: Any, display: bool = True, toolkit: str | Iterable[str] | None = None
) -> dict[str, dict[str, Any]] | None:
    """Show sliders, free toggles and bounds of a parameter, a component or a model.

    Parameters
    ----------
    thing : Parameter, Component, BaseModel or Run
        What is shown; of a run its progress.
    display : bool
        False: show nothing, return the widgets.
    toolkit : str or iterable of str, optional
        There is one: ``"ipywidgets"``.

    Returns
    -------
    dict or None
        ``{"ipywidgets": {"widget": widget, "wdict": {...}}}``, where ``display`` is False.

    Raises
    ------
    ModelError
        It has no gui.
    UnknownNameError
        There is no such toolkit.
    """
    _check_toolkit(toolkit)
    kinds: tuple[tuple[type, str], ...] = (
        (Parameter, "parameter"),
        (Component, "component"),
        (BaseModel, "model"),
        (Run, "run"),
    )
    kind = next((kind for cls, kind in kinds if isinstance(thing, cls)), None)
    if kind is None:
        raise ModelError(
            f"gui: {thing!r} came; a parameter, a component, a model or a run is wanted"
        )
    top = top_of(thing)
    if isinstance(top, BaseModel):
        top.fidelity.check(top)
    host = _hosts.get(thing)
    if host is None or host.comm is None:
        # One host of a thing: shown twice, it has two views of the same state.
        host = _hosts[thing] = _host_of_run(thing) if kind == "run" else Host(thing, kind)
    return _show(host, {"host": host}, display=display)


def _host_of_run(run: Run) -> Host:
    """A run is seen through its model: by it one goes to a pixel, and knows the maps."""
    if run.model is None or run.model.run is not run:
        return Host(run, "run")
    work = work_of(run.model)
    if work.run is None:  # it was over before anybody looked
        work.follow(run)
    host = Host(run.model, "run")
    live = LiveMap(host, run.model)
    host.sent = live.follow
    host.keep(live)
    return host


def plot(
    model: BaseModel,
    plot_components: bool = False,
    plot_residual: bool = False,
    display: bool = True,
    toolkit: str | Iterable[str] | None = None,
) -> dict[str, dict[str, Any]] | None:
    """Show the data, the model and a handle for every position.

    Parameters
    ----------
    model : BaseModel
        Of spectra or images.
    plot_components : bool
        Draw a line for every active component, too; in images, an outline at half its height.
    plot_residual : bool
        Draw data minus model below; images always have it beside them.
    display : bool
        False: show nothing, return the widgets.
    toolkit : str or iterable of str, optional
        There is one: ``"ipywidgets"``.

    Returns
    -------
    dict or None
        As `gui`; ``wdict`` has ``figure`` and ``host``.

    """
    _check_toolkit(toolkit)
    made = _plot_of(model)
    made.show(lines=plot_components, residual=plot_residual)
    return _show(made.box, {"figure": made.figure, "host": made.host}, display=display)


def _plot_of(model: BaseModel) -> Any:
    signal_axes = model.axes_manager.signal_axes
    made = _plots.get(model)
    if made is not None and made.host.comm is not None:
        if all(map(np.array_equal, made.axes_drawn, (axis.axis for axis in signal_axes))):
            return made
        made.host.close()
    made = _plots[model] = draw(model)
    return made


def plot_signal(
    signal: BaseSignal, display: bool = True, toolkit: str | Iterable[str] | None = None
) -> dict[str, dict[str, Any]] | None:
    """Show spectra or images, with the map to navigate by.

    Parameters
    ----------
    signal : BaseSignal
        Spectra or images.
    display : bool
        False: show nothing, return the widgets as `plot` does.
    toolkit : str or iterable of str, optional
        There is one: ``"ipywidgets"``.

    Raises
    ------
    ModelError
        It has more than two signal axes, or no axis at all.
    """
    manager = signal.axes_manager
    if not manager.signal_dimension and manager.navigation_dimension in MODELS:
        signal = signal.map_signal(np.asarray(signal.data))  # a number a pixel: a line or a picture
    if signal.axes_manager.signal_dimension not in MODELS:
        raise ModelError(
            f"plot: {signal!r} has {manager.signal_dimension} signal axes; spectra or images are "
            "shown: take s.as_signal1D(axis) or s.as_signal2D(axes) first"
        )
    kind = signal.metadata.get_item("Signal.signal_type", "")
    empty = model_class(signal.axes_manager.signal_dimension, kind)(signal)
    return plot(empty, display=display, toolkit=toolkit)


def dashboard(
    model: BaseModel,
    display: bool = True,
    *,
    title: str = "",
    text: str = "",
    touch: Mapping[str, str] | None = None,
    labels: Mapping[str, str] | None = None,
    units: Mapping[str, str] | None = None,
) -> dict[str, dict[str, Any]] | None:
    """Show the page that a visitor of a dashboard sees.

    Parameters
    ----------
    model : BaseModel
        Of spectra or images.
    display : bool
        False: show nothing, return the widgets as `gui` does; ``wdict`` has ``dashboard``.
    title, text, touch, labels, units
        As of `hsjupyter.storage.recipes.make_recipe`.
    """
    recipe = make_recipe(model, title=title, text=text, touch=touch, labels=labels, units=units)
    made = make_page(model, recipe)
    return _show(made.box, {"dashboard": made}, display=display)


def plot_components(model: BaseModel, on: bool) -> None:
    """Draw a line for every active component in the plot that is shown or will be, or none."""
    _plot_of(model).show_lines(lines=on)


def adjust_position(
    model: BaseModel,
    components: Iterable[Component] | None = None,
    fix_them: bool = True,
    show_label: bool = True,
) -> None:
    """Give components a handle in the plot, and no others.

    Parameters
    ----------
    model : BaseModel
    components : iterable of Component, optional
        All that have a position where not given; none where empty.
    fix_them : bool
        No fit moves the positions until this is called again.
    show_label : bool
        Write the name beside each handle.
    """
    chosen = None if components is None else tuple(components)
    _plot_of(model).adjust(chosen, fix=fix_them, labels=show_label)


def progress(run: Run, display: bool = True) -> dict[str, dict[str, Any]] | None:
    """Show a run that a cell waits for: how far, how fast, time left, and Cancel.

    The kernel hears no request meanwhile, so that Cancel interrupts the cell.

    Parameters
    ----------
    run : Run
        Not begun.
    display : bool
        False: show nothing, return the widgets as `gui` does.
    """
    AWAITED.add(run)
    return gui(run, display=display)


def select_range(
    model: BaseModel,
    *,
    wish: dict[str, Any],
    display: bool = True,
    toolkit: str | Iterable[str] | None = None,
) -> dict[str, dict[str, Any]] | None:
    """Show a span in the plot of a model, a rectangle in images, that a person drags.

    Parameters
    ----------
    model : BaseModel
    wish : dict
        What it is asked for, by the names of `span.Wish`.
    display : bool
        False: show nothing, return the widgets as `plot` does.
    toolkit : str or iterable of str, optional
        There is one: ``"ipywidgets"``.
    """
    _check_toolkit(toolkit)
    made = _plot_of(model)
    ask_span(model, Wish(**wish))
    return _show(made.box, {"figure": made.figure, "host": made.host}, display=display)


def form(
    thing: Form, display: bool = True, toolkit: str | Iterable[str] | None = None
) -> dict[str, dict[str, Any]] | None:
    """Ask for numbers of a signal's metadata, and follow them.

    Parameters
    ----------
    thing : Form
    display : bool
        False: show nothing, return the widgets as `gui` does.
    toolkit : str or iterable of str, optional
        There is one: ``"ipywidgets"``.
    """
    _check_toolkit(toolkit)
    host = Host(thing, "form")
    return _show(host, {"host": host}, display=display)


def plot_samfire(
    samfire: Samfire, display: bool = True, toolkit: str | Iterable[str] | None = None
) -> dict[str, dict[str, Any]] | None:
    """Show the map of a SAMFire fit, its strategies, and the history of the current pixel.

    Parameters
    ----------
    samfire : Samfire
    display : bool
        False: show nothing, return the widgets as `gui` does.
    toolkit : str or iterable of str, optional
        There is one: ``"ipywidgets"``.
    """
    _check_toolkit(toolkit)
    host = _hosts.get(samfire)
    if host is None or host.comm is None:
        host = _hosts[samfire] = Host(samfire, "samfire")
        follow(host, samfire)
    return _show(host, {"host": host}, display=display)


def _check_toolkit(toolkit: str | Iterable[str] | None) -> None:
    wanted = [TOOLKIT] if toolkit is None else [toolkit] if isinstance(toolkit, str) else toolkit
    for name in wanted:
        if name != TOOLKIT:
            raise unknown_name("the list of toolkits", name, [TOOLKIT])


def _show(widget: Any, parts: dict[str, Any], *, display: bool) -> dict[str, dict[str, Any]] | None:
    if not display:
        return {TOOLKIT: {"widget": widget, "wdict": parts}}
    from IPython.display import display as show

    show(widget)
    return None
