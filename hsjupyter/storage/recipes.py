"""Recipes: a saved model with what a visitor of its dashboard may touch, and its texts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import reduce
from pathlib import Path
from typing import Any

import numpy as np

from hsjupyter.core.errors import DataError, FileFormatError, ModelError, unknown_name
from hsjupyter.core.model import BaseModel
from hsjupyter.core.parameter import Parameter
from hsjupyter.core.registry import model_class
from hsjupyter.core.signal import BaseSignal
from hsjupyter.core.twins import set_link_words
from hsjupyter.storage.models import ModelManager
from hsjupyter.storage.records import component_from, parameter_at, record_of_model
from hsjupyter.storage.signals import load, save

TOUCHES = ("locked", "slider", "free")
"""May be looked at; moved; moved, and kept from a fit or given to it."""

PLACE = "Dashboard.recipe"
"""Where a signal's metadata keep a recipe: as JSON, which is data and nothing else."""

NAME = "recipe"
LONGEST = 4000
"""Characters of the longest text of a recipe."""

FEWEST = 8
"""Channels that data must share with the recipe's axis."""


@dataclass(frozen=True)
class Recipe:
    """What a dashboard says and allows.

    Attributes
    ----------
    title, text : str
        Above everything; ``text`` in paragraphs.
    touch : mapping of str to str
        ``"component.parameter"`` -> one of `TOUCHES`; what is not named is locked.
    labels : mapping of str to str
        ``"component.parameter"`` -> what it is called on the page.
    units : mapping of str to str
        The same for units.
    model : str
        The name of the stored model.
    place : tuple of int
        The pixel that is shown first; empty for the first one.
    """

    title: str = ""
    text: str = ""
    touch: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    model: str = NAME
    place: tuple[int, ...] = ()


def make_recipe(
    model: BaseModel,
    *,
    title: str = "",
    text: str = "",
    touch: Mapping[str, str] | None = None,
    labels: Mapping[str, str] | None = None,
    units: Mapping[str, str] | None = None,
) -> Recipe:
    """A recipe of a model.

    Parameters
    ----------
    model : BaseModel
    title, text : str
        The title of the data where not given.
    touch : mapping of str to str, optional
        Names of components, or ``"component.parameter"``, to one of `TOUCHES`. What is not named
        may be moved where a fit may change it, and is locked else.
    labels, units : mapping of str to str, optional
        ``"component.parameter"`` to words.

    Raises
    ------
    UnknownNameError
        The model has no such component or parameter, or that is no way to touch one.
    """
    parameters = {str(p): p for p in model.parameters}
    chosen = {name: _usual(p) for name, p in parameters.items()}
    names = [c.name for c in model]
    for name, how in (touch or {}).items():
        if how not in TOUCHES:
            raise unknown_name(f"what a visitor may do with {name}", how, TOUCHES)
        if name in names:
            chosen.update({str(p): how for p in model[name].parameters})
        elif name in parameters:
            chosen[name] = how
        else:
            raise unknown_name(f"the recipe of {model!r}", name, [*names, *parameters])
    for words in (labels or {}, units or {}):
        for name in words:
            if name not in parameters:
                raise unknown_name(f"the recipe of {model!r}", name, parameters)
    return Recipe(
        title=title or str(model.signal.metadata.get_item("General.title", "")) or "Model",
        text=text,
        touch={
            # A follower has no value of its own.
            name: "locked" if parameters[name].link is not None else how
            for name, how in chosen.items()
        },
        labels=dict(labels or {}),
        units=dict(units or {}),
        place=tuple(model.axes_manager.indices),
    )


def _usual(parameter: Parameter) -> str:
    return "slider" if parameter.free else "locked"


def write_recipe(
    model: BaseModel, recipe: Recipe, filename: str | Path, *, overwrite: bool = False
) -> Path:
    """Write a model with its data and its recipe to a .hspy file.

    Parameters
    ----------
    model : BaseModel
        Its data are what the dashboard shows before anything else is chosen.
    recipe : Recipe
    filename : str or Path
    overwrite : bool
        Whether a file that is there may be replaced.

    Returns
    -------
    Path
        The file written.
    """
    signal = model.signal
    before, models = signal.metadata.get_item(PLACE), dict(signal.stored_models)
    try:
        signal.metadata.set_item(PLACE, json.dumps(vars(recipe) | {"model": NAME}))
        ModelManager(signal).store(model, NAME)
        return save(signal, filename, overwrite=overwrite)
    finally:
        # The person's signal is as it was.
        signal.stored_models.clear()
        signal.stored_models.update(models)
        if before is None:
            del signal.metadata.Dashboard
        else:
            signal.metadata.set_item(PLACE, before)


def read_recipe(filename: str | Path) -> tuple[Any, Recipe]:
    """The model and the recipe of a file; a stored model without recipe has the usual one.

    Raises
    ------
    FileFormatError
        There is no stored model in it, or its recipe is none.
    MissingFileError
        No such file.
    """
    loaded = load(filename)
    signals = loaded if isinstance(loaded, list) else [loaded]
    signal = next((s for s in signals if s.stored_models), None)
    if signal is None:
        raise FileFormatError(
            f"{filename} holds no stored model; make a recipe with m.save_recipe({str(filename)!r})"
        )
    text = signal.metadata.get_item(PLACE)
    kept = None if text is None else _parse(str(text), str(filename))
    names = list(ModelManager(signal))
    name = names[0] if kept is None else kept.model
    model = ModelManager(signal).restore(name)
    if kept is None:
        return model, make_recipe(model)
    sizes = model.axes_manager.navigation_shape
    if len(kept.place) == len(sizes) and all(
        0 <= i < n for i, n in zip(kept.place, sizes, strict=True)
    ):
        model.axes_manager.indices = kept.place
    return model, kept


def _parse(text: str, filename: str) -> Recipe:
    """A recipe out of its JSON; what is not of its form is refused.

    Raises
    ------
    FileFormatError
        It is not.
    """
    try:
        given = json.loads(text)
    except (ValueError, RecursionError):
        given = None
    wanted = {"title": str, "text": str, "model": str, "touch": dict, "labels": dict, "units": dict}
    good = isinstance(given, dict) and all(
        isinstance(given.get(name), kind) for name, kind in wanted.items()
    )
    tables = [given[name] for name in ("touch", "labels", "units")] if good else []
    words = [word for table in tables for pair in table.items() for word in pair]
    words += [given[name] for name in ("title", "text", "model")] if good else []
    if not good or not all(isinstance(word, str) and len(word) <= LONGEST for word in words):
        raise FileFormatError(
            f"{filename}: its recipe is damaged; make it again with m.save_recipe()"
        )
    place = given.get("place", [])
    whole = isinstance(place, list) and all(type(i) is int for i in place[:10])
    return Recipe(
        **{name: given[name] for name in wanted}, place=tuple(place[:10]) if whole else ()
    )


def model_for(model: BaseModel, signal: BaseSignal) -> Any:
    """The same model of other data: its components, working values, links and range.

    Parameters
    ----------
    model : BaseModel
        That of a recipe.
    signal : BaseSignal
        Other data, along the same kind of axis.

    Returns
    -------
    BaseModel

    Raises
    ------
    DataError
        The data do not suit: other dimensions, other units, or another range.
    ModelError
        The recipe's model is spread by a low loss, which other data do not have.
    """
    check_data(model, signal)
    record = record_of_model(model)
    if record["low_loss"] is not None:
        raise ModelError(
            f"{model!r} is spread by a low loss of its own data; a model without one is wanted"
        )
    kind = signal.metadata.get_item("Signal.signal_type", "")
    made = model_class(signal.axes_manager.signal_dimension, kind)(signal)
    made.extend(component_from(kept) for kept in record["components"])
    for kept in record["links"]:
        follower = parameter_at(made, kept["parameter"])
        set_link_words(
            follower,
            twin=None if kept["twin"] is None else parameter_at(made, kept["twin"]),
            function=kept["function"],
            inverse=kept["inverse"],
        )
    for parameter in made.parameters:
        parameter.std = None
    switches = np.asarray(model.channel_switches)
    if not switches.all():
        made.channel_switches = _same_range(model, signal, switches)
    return made


def check_data(model: BaseModel, signal: BaseSignal) -> None:
    """Refuse data that a recipe's model cannot describe.

    Raises
    ------
    DataError
        In words for people who know neither axes nor models.
    """
    mine, theirs = model.axes_manager, signal.axes_manager
    if mine.signal_dimension != theirs.signal_dimension:
        what = {1: "spectra", 2: "images"}
        raise DataError(
            f"these data are {what.get(theirs.signal_dimension, 'neither spectra nor images')}, "
            f"and this page is made for {what.get(mine.signal_dimension, 'others')}; "
            "choose another file"
        )
    for one, other in zip(mine.signal_axes, theirs.signal_axes, strict=True):
        if one.units and other.units and one.units != other.units:
            raise DataError(
                f"the axis of these data is in {other.units!r}, and this page is made for "
                f"{one.units!r}; choose data in {one.units!r}, or convert them first"
            )
        low, high = one.low_value, one.high_value
        shared = int(((other.axis >= low) & (other.axis <= high)).sum())
        if shared < min(FEWEST, other.size, one.size):
            raise DataError(
                f"these data run from {other.low_value:g} to {other.high_value:g} {other.units}, "
                f"and this page looks at {low:g} to {high:g} {one.units}; choose data of that range"
            )
    data = np.asarray(signal.data)
    if not np.issubdtype(data.dtype, np.number) or np.iscomplexobj(data):
        raise DataError("these data are not real numbers; choose another file")
    if not np.isfinite(data).any():
        raise DataError("these data hold no number that could be fitted; choose another file")


def _same_range(model: BaseModel, signal: BaseSignal, switches: Any) -> Any:
    """The channels, or the pixels of images, that lie where the recipe's model looks."""
    nearest, insides = [], []
    axes = zip(model.axes_manager.signal_axes, signal.axes_manager.signal_axes, strict=True)
    for axis, other in axes:
        order = np.argsort(axis.axis)
        place = np.interp(other.axis, axis.axis[order], np.arange(axis.size))
        nearest.append(order[np.rint(place).astype(int)])
        insides.append((other.axis >= axis.low_value) & (other.axis <= axis.high_value))
    # Arrays have the first axis last.
    inside = reduce(np.logical_and.outer, insides[::-1])
    wanted = inside & switches[np.ix_(*nearest[::-1])]
    return wanted if wanted.any() else inside
