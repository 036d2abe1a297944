"""A fit as one page of HTML that needs no other file: numbers, quality and pictures."""

from __future__ import annotations

import base64
import math
from datetime import UTC, datetime
from html import escape
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from hsjupyter import __version__
from hsjupyter.core.model import BaseModel
from hsjupyter.core.parameter import Parameter
from hsjupyter.core.units import units_of
from hsjupyter.gui.drawn import is_of_images
from hsjupyter.gui.picture import draw_bar, draw_image, picture
from hsjupyter.gui.plain import label_of, verdicts_of
from hsjupyter.storage.recipes import Recipe

STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem;
  color: #1f1f1f; background: #fff; }
table { border-collapse: collapse; } th, td { padding: .25rem .9rem; text-align: left;
  border-bottom: 1px solid #d5d5d5; font-variant-numeric: tabular-nums; }
td.number { text-align: right; } img { max-width: 100%; } .quiet { color: #5f5f5f; }
"""


def report(model: BaseModel, recipe: Recipe, data: str) -> str:
    """The page.

    Parameters
    ----------
    model : BaseModel
        Of spectra or images, fitted or not.
    recipe : Recipe
        Its titles and labels.
    data : str
        What the data are called.
    """
    mapped = model.maps.chisq.size > 1
    fitted = bool(np.isfinite(model.maps.chisq).any())
    pictures = [_images(model) if is_of_images(model) else _spectrum(model)]
    if mapped and fitted:
        pictures.append(_maps(model, recipe))
    where = f", at {_place_of(model)}" if mapped else ""
    rows = "".join(_row(p, recipe) for p in model.parameters)
    verdicts = "".join(
        f"<li>{escape(one['text'])}</li>" for one in verdicts_of(model, recipe.labels)
    )
    texts = "".join(f"<p>{escape(one)}</p>" for one in recipe.text.split("\n\n") if one)
    shown = "".join(f'<p><img alt="{escape(alt)}" src="{src}"></p>' for alt, src in pictures)
    today = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{escape(recipe.title)}</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:;
 style-src 'unsafe-inline'"><style>{STYLE}</style></head><body>
<h1>{escape(recipe.title)}</h1>{texts}
<p class="quiet">Data: {escape(data)} · {today} · hsjupyter {escape(__version__)}</p>
<h2>How good it is</h2><ul>{verdicts}</ul>
<h2>Values{escape(where)}</h2>
<table><thead><tr><th>Quantity</th><th>Value</th><th>±</th><th>Unit</th></tr></thead>
<tbody>{rows}</tbody></table>
<h2>Pictures</h2>{shown}
</body></html>
"""


def _place_of(model: BaseModel) -> str:
    """The place that is shown, along calibrated axes."""
    axes = model.axes_manager.navigation_axes
    return ", ".join(
        f"{a.name or f'axis {k}'} {a.value:.6g} {a.units}".strip() for k, a in enumerate(axes)
    )


def _row(parameter: Parameter, recipe: Recipe) -> str:
    label = label_of(parameter, recipe.labels)
    units = recipe.units.get(str(parameter), parameter.units)
    std: Any = parameter.std
    errors = std if isinstance(std, tuple) else (std,) * parameter.size
    rows = zip(parameter.slot_names, parameter.flat(), errors, strict=True)
    return "".join(
        f"<tr><td>{escape(f'{label} {name}' if parameter.size > 1 else label)}</td>"
        f'<td class="number">{number:.6g}</td><td class="number">{_error(error)}</td>'
        f"<td>{escape(units)}</td></tr>"
        for name, number, error in rows
    )


def _error(error: float | None) -> str:
    return "" if error is None or not math.isfinite(error) else f"{error:.2g}"


def _spectrum(model: BaseModel) -> tuple[str, str]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 4.2), layout="constrained", dpi=110)
    axes = figure.subplots()
    x = model.signal.signal_coordinates()[0]
    axes.plot(x, model.signal(), ".", color="0.45", markersize=3, label="data")
    for component in model:
        if component.active:
            axes.plot(x, model([component]), color="#7aa6c2", linewidth=0.9)
    axes.plot(x, model(), color="#c0392b", linewidth=1.4, label="fit")
    axis = model.axes_manager.signal_axes[0]
    axes.set_xlabel(f"{axis.name or 'channel'} / {axis.units}".removesuffix(" / "))
    axes.set_ylabel(units_of("y", model.signal))
    axes.legend(frameon=False)
    kept = BytesIO()
    figure.savefig(kept, format="png")
    return "the data with the fitted line", _inline(kept.getvalue())


def _images(model: BaseModel) -> tuple[str, str]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(12, 4.2), layout="constrained", dpi=110)
    data, fitted = np.asarray(model.signal(), dtype=float), np.asarray(model())
    low, high = float(np.nanmin(data)), float(np.nanmax(data))
    most = float(np.nanmax(np.abs(data - fitted))) or 1.0
    quantity = units_of("y", model.signal)
    shown = zip(
        figure.subplots(1, 3),
        (data, fitted, data - fitted),
        ("data", "fit", "data − fit"),
        ((low, high, "viridis"), (low, high, "viridis"), (-most, most, "RdBu_r")),
        strict=True,
    )
    for axes, numbers, title, colours in shown:
        image = draw_image(axes, numbers, model.axes_manager.signal_axes, colours)
        axes.set_title(title)
        draw_bar(axes, image, quantity)
    kept = BytesIO()
    figure.savefig(kept, format="png")
    return "the data, the fit, and what is left over", _inline(kept.getvalue())


def _maps(model: BaseModel, recipe: Recipe) -> tuple[str, str]:
    with TemporaryDirectory(prefix="hsjupyter-report-") as folder:
        drawn = picture(model, Path(folder) / "maps.png", recipe.labels).read_bytes()
    what = "images" if is_of_images(model) else "spectra"
    return f"maps of the fitted values, and three {what} with their fits", _inline(drawn)


def _inline(png: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(png).decode()}"
