"""A fitted map as one picture on paper: parameter maps, and three spectra with their fits."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from hsjupyter.core.model import BaseModel
from hsjupyter.core.units import units_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

N_SPECTRA = 3
WIDTH = 4  # maps in a row


def picture(model: BaseModel, path: Path) -> Path:
    """Draw the maps of the free parameters and three spectra with their fits.

    Parameters
    ----------
    model : BaseModel
        Fitted, of spectra.
    path : Path
        A ``.png`` file; replaced where it is there.

    Returns
    -------
    Path
        The file written.
    """
    from matplotlib.figure import Figure

    shown = [p for p in model.parameters if p.free and p.size == 1]
    rows = -(-(len(shown) + 1) // WIDTH)
    figure = Figure(figsize=(13, 3.2 * rows + 3.6), layout="constrained", dpi=110)
    title = model.signal.metadata.get_item("General.title", "")
    figure.suptitle(f"{title}: fitted parameters and three of the spectra", fontsize=13)
    halves: Any = figure.subfigures(2, 1, height_ratios=[3.2 * rows, 3.6])
    upper, lower = halves
    grid = upper.subplots(rows, WIDTH, squeeze=False).ravel()
    for axes, parameter in zip(grid, shown, strict=False):
        view = parameter.map
        if view is not None:
            _draw_map(axes, view["values"], (str(parameter), parameter.units), model)
    n_free = model.channel_switches.sum() - model.maps.dof
    quality = model.maps.chisq / n_free
    _draw_map(grid[len(shown)], quality, ("reduced chi squared", ""), model)
    for axes in grid[len(shown) + 1 :]:
        axes.set_axis_off()
    _draw_spectra(lower, model)
    figure.savefig(path)
    return path


def _draw_map(axes: "Axes", numbers: Any, label: tuple[str, str], model: BaseModel) -> None:
    axes.set_title(label[0], fontsize=10)
    manager = model.axes_manager
    names = [f"{a.name or 'axis'} / {a.units}".removesuffix(" / ") for a in manager.navigation_axes]
    flat = np.asarray(numbers, dtype=float)
    if flat.ndim == 1:
        axis = manager.navigation_axes[0].axis if names else np.arange(len(flat))
        axes.plot(axis, flat, ".-", color="#1b6ca8")
        axes.set_xlabel(names[0] if names else "")
        return
    flat = flat.reshape(-1, *flat.shape[-2:])[0]
    x, y = manager.navigation_axes[:2]
    low, high = np.nanpercentile(flat, [1, 99]) if np.isfinite(flat).any() else (0, 1)
    image = axes.imshow(
        flat,
        vmin=low,
        vmax=high,
        cmap="viridis",
        aspect="equal" if x.units == y.units else "auto",
        extent=_edges(x) + _edges(y)[::-1],
        interpolation="nearest",
    )
    axes.set_xlabel(names[0], fontsize=9)
    axes.set_ylabel(names[1], fontsize=9)
    figure: Any = axes.get_figure()
    figure.colorbar(image, ax=axes, shrink=0.85, label=label[1])


def _edges(axis: Any) -> tuple[float, float]:
    half = axis.widths[0] / 2
    return float(axis.axis[0]) - half, float(axis.axis[-1]) + half


def _draw_spectra(figure: "Figure | Any", model: BaseModel) -> None:
    manager = model.axes_manager
    before = manager.indices
    shape = manager.navigation_shape
    corners = [tuple(int(f * (n - 1)) for n in shape) for f in (0.1, 0.5, 0.9)]
    coords = model.signal.signal_coordinates()[0]
    axis = manager.signal_axes[0]
    for axes, place in zip(figure.subplots(1, N_SPECTRA), corners, strict=True):
        manager.indices = place
        axes.plot(coords, model.signal(), ".", color="0.45", markersize=3, label="data")
        for component in model:
            axes.plot(coords, component(), color="#7aa6c2", linewidth=0.9)
        axes.plot(coords, model(), color="#c0392b", linewidth=1.4, label="model")
        axes.set_title(f"pixel {place}", fontsize=10)
        axes.set_ylabel(units_of("y", model.signal), fontsize=9)
        axes.set_xlabel(f"{axis.name or 'channel'} / {axis.units}".removesuffix(" / "))
        axes.legend(fontsize=8, frameon=False)
    manager.indices = before
