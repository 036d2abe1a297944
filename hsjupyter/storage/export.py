"""Parameter maps as a table that any program opens."""

import csv
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hsjupyter.core.axes import make_axis
from hsjupyter.core.errors import DataError
from hsjupyter.core.model import BaseModel
from hsjupyter.storage.replace import replacing


@dataclass(frozen=True)
class MapColumn:
    """One parameter over all pixels.

    Parameters
    ----------
    name : str
        As a person knows it: ``Gaussian_0.sigma``.
    values : ndarray, (nav...) or (nav..., element)
        NaN where not known.
    std : ndarray, same shape, optional
        Standard deviations.
    units : str
        Units of values and standard deviations; empty where there are none.
    """

    name: str
    values: NDArray[np.float64]
    std: NDArray[np.float64] | None = None
    units: str = ""


def write_parameters(
    path: str | os.PathLike[str],
    axes: Sequence[Mapping[str, Any]],
    columns: Sequence[MapColumn],
    *,
    overwrite: bool = False,
) -> Path:
    """Write parameter maps as CSV: one row a pixel, the fastest axis running fastest.

    Each row holds the index and the calibrated place on every navigation axis, fastest first, and
    then value and standard deviation of every column. What is not known is left empty.

    Parameters
    ----------
    path : path-like
        The suffix .csv is added where there is none.
    axes : sequence of dict
        The navigation axes in array order, as `Axis.as_dictionary` gives them; none for a single
        spectrum, which makes one row.
    columns : sequence of MapColumn
        Chi squared may be one of them.
    overwrite : bool
        Whether a file that is there may be replaced.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    DataError
        A map does not have the shape of the axes.
    TargetExistsError
        There is such a file, and ``overwrite`` was not said.
    SaveError
        The file cannot be written there.
    """
    target = Path(path)
    if not target.suffix:
        target = target.with_name(target.name + ".csv")
    positions = [make_axis(axis).axis for axis in axes]
    shape = tuple(len(p) for p in positions)
    flat = [part for column in columns for part in _flat(column, shape)]
    with (
        replacing(target, overwrite=overwrite) as beside,
        beside.open("w", encoding="utf-8", newline="") as file,
    ):
        table = csv.writer(file)
        table.writerow([*_headings(axes), *(heading for heading, _ in flat)])
        for row, place in enumerate(_places(positions)):
            table.writerow([*place, *(_cell(values[row]) for _, values in flat)])
    return target


def save_parameters(
    model: BaseModel, path: str | os.PathLike[str], *, overwrite: bool = True
) -> Path:
    """Write the stored values of all parameters of a model, and chi squared, as CSV.

    Parameters
    ----------
    model : BaseModel
    path : path-like
        The suffix .csv is added where there is none.
    overwrite : bool
        Whether a file that is there may be replaced.

    Returns
    -------
    Path
        The file written.
    """
    maps = model.maps
    columns = [
        MapColumn(str(p), view["values"], view["std"], p.units)
        for p in model.parameters
        if (view := maps.view(p)) is not None
    ]
    columns.append(MapColumn("chisq", maps.chisq))
    columns.append(MapColumn("dof", maps.dof))
    axes = [d for d in model.axes_manager.as_dictionaries() if d["navigate"]]
    return write_parameters(path, axes, columns, overwrite=overwrite)


def _headings(axes: Sequence[Mapping[str, Any]]) -> list[str]:
    """Headings of the places: all indices, then all calibrated values, fastest first."""
    names = [
        (str(axis.get("name") or f"axis {number}"), str(axis.get("units") or ""))
        for number, axis in enumerate(reversed(axes))
    ]
    return [f"{name} index" for name, _ in names] + [_with(name, unit) for name, unit in names]


def _with(name: str, unit: str) -> str:
    return f"{name} [{unit}]" if unit else name


def _places(positions: Sequence[NDArray[np.float64]]) -> Iterator[list[Any]]:
    """Indices and calibrated place of every pixel, in the order of a C array."""
    for index in product(*(range(len(p)) for p in positions)):
        at = [repr(float(p[i])) for p, i in zip(positions, index, strict=True)]
        yield [*index[::-1], *at[::-1]]


def _flat(column: MapColumn, shape: tuple[int, ...]) -> Iterator[tuple[str, NDArray[np.float64]]]:
    """Heading and one value a pixel, for each element of a column and its std."""
    wanted = shape or (1,)
    values = np.asarray(column.values, dtype=np.float64)
    if not shape and not values.ndim:
        values = values.reshape(1)
    elements = values.shape[len(wanted) :]
    if values.shape[: len(wanted)] != wanted or len(elements) > 1:
        raise DataError(
            f"the map of {column.name} has shape {np.shape(column.values)}, and the navigation "
            f"axes have {shape}; one value, or one row of values, a pixel is wanted"
        )
    parts = {"": values}
    if column.std is not None:
        std = np.asarray(column.std, dtype=np.float64).reshape(values.shape)
        parts[" std"] = std
    n_pixels = int(np.prod(wanted))
    for element in range(elements[0] if elements else 1):
        suffix = f"[{element}]" if elements else ""
        for what, part in parts.items():
            yield (
                _with(f"{column.name}{suffix}{what}", column.units),
                part.reshape(n_pixels, -1)[:, element],
            )


def _cell(value: float) -> str:
    return "" if np.isnan(value) else repr(float(value))
