"""Mean, spread and extremes of the maps of parameters, as a table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from hsjupyter.core.errors import ParameterError, unknown_name
from hsjupyter.core.maps import MapView
from hsjupyter.core.table import Table

if TYPE_CHECKING:
    from hsjupyter.core.parameter import Parameter

HEAD = ("Component", "Parameter", "Pixels", "Mean", "Std", "Min", "Max", "Units")
_PERCENT = re.compile(r"(\d+(?:\.\d+)?)\s*th")


def statistics_table(
    title: str, parameters: Iterable[Parameter], thresholds: Mapping[str, Mapping[str, Any]]
) -> Table:
    """Statistics of the stored values of some parameters.

    Parameters
    ----------
    title : str
        Stands above it.
    parameters : iterable of Parameter
        Of components that are in a model.
    thresholds : dict of str to dict
        By parameter name, ``min`` and ``max``: values beyond are left out. A number, or a text
        such as ``'5th'`` for the lowest, or of ``max`` the highest, five per cent.

    Raises
    ------
    UnknownNameError
        A threshold of no parameter, or another word than min and max.
    ParameterError
        A threshold that is no number and no such text.
    """
    listed = list(parameters)
    for name, ends in thresholds.items():
        if name not in {p.name for p in listed}:
            raise unknown_name("print_model_statistics: thresholds", name, {p.name for p in listed})
        for word, end in ends.items():
            if word not in {"min", "max"}:
                whose = f"print_model_statistics: thresholds[{name!r}]"
                raise unknown_name(whose, word, ["min", "max"])
            _parted(name, end)
    rows = [
        (_component(p), name, *_statistics(numbers, p.name, thresholds.get(p.name, {})), p.units)
        for p in listed
        for name, numbers in zip(p.slot_names, _columns(p), strict=True)
    ]
    return Table(HEAD, rows, title)


def _component(parameter: Parameter) -> str:
    return "" if parameter.component is None else parameter.component.name


def _columns(parameter: Parameter) -> NDArray[np.float64]:
    """The values that are known, (slot, pixel)."""
    view: MapView | None = parameter.map
    if view is None:
        return np.empty((parameter.size, 0))
    return np.asarray(view["values"]).reshape(-1, parameter.size).T


def _statistics(
    numbers: NDArray[np.float64], name: str, ends: Mapping[str, Any]
) -> tuple[str, ...]:
    known = numbers[np.isfinite(numbers)]
    if known.size:
        low = _threshold(known, name, ends.get("min"), upper=False)
        high = _threshold(known, name, ends.get("max"), upper=True)
        known = known[(known >= low) & (known <= high)]
    if not known.size:
        return ("0", "", "", "", "")
    found = (known.mean(), known.std(), known.min(), known.max())
    return (str(known.size), *(f"{number:.6g}" for number in found))


def _parted(name: str, end: Any) -> tuple[float, bool]:
    """A threshold, and whether it is a percentage."""
    if isinstance(end, int | float) and not isinstance(end, bool):
        return float(end), False
    percent = _PERCENT.fullmatch(end) if isinstance(end, str) else None
    if percent is None or float(percent[1]) > 100:
        raise ParameterError(
            f"print_model_statistics: the threshold {end!r} of {name} came; a number, or a text "
            "such as '5th' for five per cent is wanted"
        )
    return float(percent[1]), True


def _threshold(known: NDArray[np.float64], name: str, end: Any, *, upper: bool) -> float:
    if end is None:
        return np.inf if upper else -np.inf
    number, percent = _parted(name, end)
    if not percent:
        return number
    return float(np.percentile(known, 100 - number if upper else number))
