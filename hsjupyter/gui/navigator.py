"""The map that one navigates by: a number for every pixel, and which numbers there are."""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import traitlets as t
from numpy.typing import NDArray

from hsjupyter.core.errors import unknown_name
from hsjupyter.core.model import BaseModel
from hsjupyter.core.reading import reduce_axes
from hsjupyter.fitting.quality import reduced_chisq
from hsjupyter.gui.names import slot_names
from hsjupyter.gui.records import ChoiceRecord, MapRecord

Array = NDArray[np.float64]

FIRST = "sum"
OF_ALL = {FIRST: "sum of the data", "chisq": "χ²", "red_chisq": "reduced χ²"}
OF_SLOT = {"values": "", "std": " error"}


class Navigator(t.HasTraits):
    """Which numbers the maps of a model show; every view of the model shows the same."""

    choice = t.Unicode(FIRST, help="the id of a choice")

    def choose(self, model: BaseModel, choice: str) -> None:
        """Show other numbers.

        Raises
        ------
        UnknownNameError
            There are none of that id.
        """
        known = [one["id"] for one in choices(model)]
        if choice not in known:
            raise unknown_name(f"the map of {model!r}", choice, known)
        self.choice = choice


_navigators: WeakKeyDictionary[BaseModel, Navigator] = WeakKeyDictionary()
_sums: WeakKeyDictionary[BaseModel, Array] = WeakKeyDictionary()


def navigator_of(model: BaseModel) -> Navigator:
    """What the maps of a model show."""
    if model not in _navigators:
        _navigators[model] = Navigator()
    return _navigators[model]


def choices(model: BaseModel) -> list[ChoiceRecord]:
    """All that a map of a model can show, in words."""
    found = [ChoiceRecord(id=name, name=words) for name, words in OF_ALL.items()]
    for component in model:
        for parameter in component.parameters:
            names = zip(slot_names(component, parameter), parameter.slot_names, strict=True)
            for slot, element in names:
                found += [
                    ChoiceRecord(id=f"{field} {slot}", name=f"{component.name} {element}{words}")
                    for field, words in OF_SLOT.items()
                ]
    return found


def map_of(model: BaseModel) -> tuple[MapRecord, Array]:
    """The chosen numbers over the two fastest navigation axes, at the others' current indices.

    Returns
    -------
    record : MapRecord
    numbers : ndarray, (y, x)
        NaN where there is none.
    """
    everything = choices(model)
    chosen = navigator_of(model).choice
    if chosen not in {one["id"] for one in everything}:
        chosen = FIRST
    numbers, units = _numbers(model, chosen)
    rest = model.axes_manager.map_index[:-2]
    layer = np.atleast_2d(numbers[rest])
    n_y, n_x = layer.shape
    record = MapRecord(
        choice=chosen,
        choices=everything,
        shape=[n_x, n_y],
        units=units,
        failed=_failed(model, rest, layer.size),
        ends=None,
    )
    return record, np.ascontiguousarray(layer, dtype=np.float64)


def _numbers(model: BaseModel, chosen: str) -> tuple[Array, str]:
    maps = model.maps
    if chosen == FIRST:
        return _sum(model), ""
    if chosen == "chisq":
        return maps.chisq, ""
    if chosen == "red_chisq":
        return reduced_chisq(maps.chisq, int(model.channel_switches.sum()), maps.dof), ""
    field, slot = chosen.split(" ", 1)
    for component in model:
        for parameter in component.parameters:
            for k, name in enumerate(slot_names(component, parameter)):
                if name == slot:
                    place = maps.slot(parameter).start + k
                    stored = np.where(maps.is_set[..., place], maps.values[..., place], np.nan)
                    return (stored if field == "values" else maps.std[..., place]), parameter.units
    raise unknown_name(f"the map of {model!r}", chosen, [one["id"] for one in choices(model)])


def _sum(model: BaseModel) -> Array:
    """The data added up over the signal axes, once, block by block: they may be large."""
    if model not in _sums:
        axes = tuple(range(-model.axes_manager.signal_dimension, 0))
        data = model.signal.data
        total = reduce_axes(np.nansum, data, tuple(len(data.shape) + axis for axis in axes))
        _sums[model] = np.reshape(np.asarray(total, np.float64), model.maps.shape)
    return _sums[model]


def _failed(model: BaseModel, rest: tuple[int, ...], size: int) -> list[int]:
    """The pixels of the layer that the last fit of many could not fit, counted row by row."""
    run: Any = getattr(model, "run", None)
    if run is None or not run.failures:
        return []
    flat = np.array([failure.pixel for failure in run.failures], dtype=np.int64)
    shape = model.maps.shape
    outer = int(np.ravel_multi_index(rest, shape[:-2])) if rest else 0
    return [int(i) - outer * size for i in flat if i // size == outer]
