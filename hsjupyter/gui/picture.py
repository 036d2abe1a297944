"""A fitted map as one picture on paper: parameter maps, and three places with their fits."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from hsjupyter.core.model import BaseModel
from hsjupyter.core.units import units_of
from hsjupyter.gui.drawn import is_of_images

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

N_PLACES = 3
WIDTH = 4  # maps in a row


def picture(model: BaseModel, path: Path, labels: Mapping[str, str] | None = None) -> Path:
    """Draw the maps of the free parameters, and three spectra or images with their fits.

    Parameters
    ----------
    model : BaseModel
        Fitted, of spectra or images.
    path : Path
        A ``.png`` file; replaced where it is there.
    labels : mapping of str to str, optional
        ``"component.parameter"`` to words.

    Returns
    -------
    Path
        The file written.
    """
    from matplotlib.figure import Figure

    active = [component for component in model if component.active]
    shown = [p for c in active for p in c.parameters if p.free and p.size == 1]
    places = _draw_images if is_of_images(model) else _draw_spectra
    below = 5.6 if is_of_images(model) else 3.6
    rows = -(-(len(shown) + 1) // WIDTH)
    figure = Figure(figsize=(13, 3.2 * rows + below), layout="constrained", dpi=110)
    title = model.signal.metadata.get_item("General.title", "")
    what = "images" if is_of_images(model) else "spectra"
    words = f"fitted parameters and three of the {what}"
    figure.suptitle(f"{title}: {words}" if title else words.capitalize(), fontsize=13)
    halves: Any = figure.subfigures(2, 1, height_ratios=[3.2 * rows, below])
    upper, lower = halves
    grid = upper.subplots(rows, WIDTH, squeeze=False).ravel()
    for axes, parameter in zip(grid, shown, strict=False):
        view = parameter.map
        if view is not None:
            called = (labels or {}).get(str(parameter), str(parameter))
            _draw_map(axes, view["values"], (called, parameter.units), model)
    n_free = model.channel_switches.sum() - model.maps.dof
    quality = model.maps.chisq / n_free
    _draw_map(grid[len(shown)], quality, ("reduced chi squared", ""), model)
    for axes in grid[len(shown) + 1 :]:
        axes.set_axis_off()
    places(lower, model)
    figure.savefig(path)
    return path


def _draw_map(axes: "Axes", numbers: Any, label: tuple[str, str], model: BaseModel) -> None:
    axes.set_title(label[0], fontsize=10)
    manager = model.axes_manager
    flat = np.asarray(numbers, dtype=float)
    if flat.ndim == 1:
        along = manager.navigation_axes
        axes.plot(along[0].axis if along else np.arange(len(flat)), flat, ".-", color="#1b6ca8")
        axes.set_xlabel(_called(along[0]) if along else "")
        return
    flat = flat.reshape(-1, *flat.shape[-2:])[0]
    low, high = np.nanpercentile(flat, [1, 99]) if np.isfinite(flat).any() else (0, 1)
    image = draw_image(axes, flat, manager.navigation_axes[:2], (low, high, "viridis"))
    draw_bar(axes, image, label[1])


def draw_bar(axes: "Axes", image: Any, label: str) -> None:
    """Draw a scale of colours as high as the image that it belongs to."""
    figure: Any = axes.get_figure()
    figure.colorbar(image, cax=axes.inset_axes((1.04, 0.0, 0.06, 1.0)), label=label)


def draw_image(axes: "Axes", numbers: Any, along: Any, colours: tuple[float, float, str]) -> Any:
    """Draw numbers over two calibrated axes.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
    numbers : array
        Rows of numbers, the first at the top.
    along : sequence of Axis
        From left to right, and from the top down.
    colours : tuple of float, float and str
        The numbers of the first and of the last colour, and the name of the colours.
    """
    x, y = along
    low, high, palette = colours
    image = axes.imshow(
        numbers,
        vmin=low,
        vmax=high,
        cmap=palette,
        aspect="equal" if x.units == y.units else "auto",
        extent=_edges(x) + _edges(y)[::-1],
        interpolation="nearest",
    )
    axes.set_xlabel(_called(x), fontsize=9)
    axes.set_ylabel(_called(y), fontsize=9)
    return image


def _called(axis: Any) -> str:
    return f"{axis.name or 'axis'} / {axis.units}".removesuffix(" / ")


def _edges(axis: Any) -> tuple[float, float]:
    half = axis.widths[0] / 2
    return float(axis.axis[0]) - half, float(axis.axis[-1]) + half


def _visit(model: BaseModel) -> Iterator[tuple[int, ...]]:
    """Go to places near two corners and in the middle, and back to where the model was."""
    manager = model.axes_manager
    before = manager.indices
    try:
        for share in (0.1, 0.5, 0.9):
            place = tuple(round(share * (n - 1)) for n in manager.navigation_shape)
            manager.indices = place
            yield place
    finally:
        manager.indices = before


def _in_words(place: tuple[int, ...]) -> str:
    return ", ".join(map(str, place))


def _draw_images(figure: "Figure | Any", model: BaseModel) -> None:
    grid = figure.subplots(2, N_PLACES)
    for (upper, lower), place in zip(grid.T, _visit(model), strict=True):
        data = np.asarray(model.signal(), dtype=float)
        ends = (float(np.nanmin(data)), float(np.nanmax(data)), "viridis")
        for axes, numbers in ((upper, data), (lower, np.asarray(model()))):
            draw_image(axes, numbers, model.axes_manager.signal_axes, ends)
        upper.set_title(f"pixel {_in_words(place)}: data", fontsize=10)
        lower.set_title("model", fontsize=10)


def _draw_spectra(figure: "Figure | Any", model: BaseModel) -> None:
    manager = model.axes_manager
    coords = model.signal.signal_coordinates()[0]
    axis = manager.signal_axes[0]
    for axes, place in zip(figure.subplots(1, N_PLACES), _visit(model), strict=True):
        axes.plot(coords, model.signal(), ".", color="0.45", markersize=3, label="data")
        for component in filter(lambda one: one.active, model):
            axes.plot(coords, component(), color="#7aa6c2", linewidth=0.9)
        axes.plot(coords, model(), color="#c0392b", linewidth=1.4, label="model")
        axes.set_title(f"pixel {_in_words(place)}", fontsize=10)
        axes.set_ylabel(units_of("y", model.signal), fontsize=9)
        axes.set_xlabel(f"{axis.name or 'channel'} / {axis.units}".removesuffix(" / "))
        axes.legend(fontsize=8, frameon=False)
