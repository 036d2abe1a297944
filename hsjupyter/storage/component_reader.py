"""The branches of a component in a file -> its record and its part of the maps."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hsjupyter.core.component import Component
from hsjupyter.core.errors import FileFormatError
from hsjupyter.core.parameter import Parameter
from hsjupyter.core.registry import COMPONENTS
from hsjupyter.formula import parse, rename
from hsjupyter.storage.component_trees import EXPRESSION, OWN, PLAIN
from hsjupyter.storage.dialects import Ours, ours_of, vectors_of
from hsjupyter.storage.placeholder import Placeholder
from hsjupyter.storage.records import record_of_component
from hsjupyter.storage.signal_records import record_from_tree, tree_from

Tree = dict[str, Any]
Column = dict[str, Any]

UNBELIEVABLE = 10_000
"""Numbers in a vector parameter that no component has."""

# What a constructor raises on arguments that are not what it asks for.
REFUSALS = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, OSError)


@dataclass
class Found:
    """A component of a file.

    Attributes
    ----------
    record : dict
        As `records.component_from` takes it.
    columns : dict of str to dict
        For each parameter its part of the maps: ``values``, ``std``, ``is_set``, (nav..., n).
    active_array : ndarray of bool, (nav...), or None
    ids : dict of int to str
        The file's numbers of its parameters.
    followers : dict of str to list of int
        For each parameter the numbers of those that follow it.
    words : dict of str to (str, str)
        For each parameter its twin function and the way back.
    """

    record: Tree
    columns: dict[str, Column]
    active_array: NDArray[np.bool_] | None = None
    ids: dict[int, str] = field(default_factory=dict)
    followers: dict[str, list[int]] = field(default_factory=dict)
    words: dict[str, tuple[str, str]] = field(default_factory=dict)


def read_component(tree: Tree, shape: tuple[int, ...], dimensions: int, notes: list[str]) -> Found:
    """Take over a component; one that cannot be made becomes a `Placeholder`.

    Parameters
    ----------
    tree : dict
        The component as it stands in the file.
    shape : tuple of int
        Of the maps of the model.
    dimensions : int
        Number of coordinates of the model.
    notes : list of str
        What could not be taken over is added here.
    """
    whose = name_in(tree)
    trees = _parameter_trees(tree)
    ours, vectors = _kind_of(tree, trees)
    try:
        component = _make(ours, dimensions)
        wanted = [
            name
            for p in component.parameters
            for name in vectors.get(p.name, (ours.names.get(p.name, p.name),))
        ]
        if len(wanted) != len(component.parameters) + sum(
            p.size - 1 for p in component.parameters if p.name in vectors
        ):
            raise FileFormatError("it has vectors of another length in the file")
        strange = sorted(set(trees) - set(wanted))
        if strange:
            raise FileFormatError(f"it has a parameter {strange[0]!r} in the file")
    except REFUSALS as why:
        notes.append(f"{whose} keeps its values only, {_told(why)}")
        component, ours, vectors = _placeholder(tree, trees, dimensions), Ours(""), {}
    if ours.note:
        notes.append(f"{whose} {ours.note}")
    record = record_of_component(component)
    own = tree.get(OWN)
    for key in ("isbackground", "convolved"):
        if isinstance(own, dict) and isinstance(own.get(key), bool):
            record[key] = own[key]
    record["name"] = whose
    record["active"] = tree.get("active") is not False
    record["active_is_multidimensional"] = tree.get("active_is_multidimensional") is True
    found = Found(record, {}, _active_of(tree, shape))
    for p in component.parameters:
        parts = [trees.get(name) for name in vectors.get(p.name, (ours.names.get(p.name, p.name),))]
        if p.name in ours.values:
            record["parameters"][p.name]["value"] = ours.values[p.name]
        reading = _Reading(found, p, shape=shape, factor=ours.factors.get(p.name, 1.0), notes=notes)
        reading.take([part or {} for part in parts])
    return found


def name_in(tree: Tree) -> str:
    """The name of a component of a file; its kind where it has none."""
    name = tree.get("name")
    return name if isinstance(name, str) and name else str(tree.get("_id_name"))


def _told(why: BaseException) -> str:
    return f"{str(why) or type(why).__name__:.200}"


def _parameter_trees(tree: Tree) -> dict[str, Tree]:
    """What stands for each parameter, those that HyperSpy's component lacks included."""
    own = tree.get(OWN)
    places = (tree, own if isinstance(own, dict) else {})
    lists = [place.get("parameters") for place in places]
    found = [p for given in lists if isinstance(given, list | tuple) for p in given]
    return {str(p["_id_name"]): p for p in found if isinstance(p, dict) and "_id_name" in p}


def _active_of(tree: Tree, shape: tuple[int, ...]) -> NDArray[np.bool_] | None:
    given = tree.get("_active_array")
    if not isinstance(given, np.ndarray) or given.shape != shape or given.dtype.kind not in "biu":
        return None
    return given.astype(bool)


# -- the component ---------------------------------------------------------------------------------


def _kind_of(tree: Tree, trees: Mapping[str, Tree]) -> tuple[Ours, Mapping[str, tuple[str, ...]]]:
    """What a component is here, and its vectors that are single numbers in the file."""
    own, theirs = tree.get(OWN), ours_of(tree, trees)
    kind = own.get("type") if isinstance(own, dict) else None
    if not isinstance(own, dict) or not isinstance(kind, str) or kind not in COMPONENTS:
        vectors_here = vectors_of(theirs.kind, theirs.init, trees)
        return theirs, {name: v for name, v in vectors_here.items() if name not in trees}
    given = own.get("init")
    init = dict(tree_from(given)) if isinstance(given, dict) else {}
    if str(tree.get("_id_name")) == kind != EXPRESSION:
        ours = Ours(kind, {**theirs.init, **init}, theirs.names, theirs.values, theirs.factors)
    else:
        ours = Ours(kind, init)
    vectors = own.get("vectors")
    if not isinstance(vectors, dict):
        return ours, {}
    return ours, {
        name: tuple(map(str, names))
        for name, names in vectors.items()
        if isinstance(names, list | tuple)
    }


def _make(ours: Ours, dimensions: int) -> Component:
    """The component, from the table of components and nothing else.

    Raises
    ------
    UnknownNameError
        There is none of that name.
    FileFormatError
        It is of another dimension.
    """
    kind = COMPONENTS[ours.kind]
    init = dict(ours.init)
    if ours.kind == EXPRESSION:
        text = rename(str(init.get("expression", "")), init.pop("constants", {}))
        renamed = {str(a): str(b) for a, b in init.pop("renamed", {}).items()}
        init["expression"] = rename(text, renamed)
        parse(init["expression"])
    if "signal1D" in init:
        init["signal1D"] = record_from_tree(init["signal1D"], "its pattern")
    if isinstance(init.get("gos_file_path"), str):
        init["gos_file_path"] = _file_beside(init["gos_file_path"])
    _check_size(init)
    component: Component = kind(**init)
    if component.dimensions != dimensions:
        raise FileFormatError(
            f"it is a component of {component.dimensions} coordinates in a model of {dimensions}"
        )
    return component


def _file_beside(path: str) -> str:
    """A file of that name in the current folder: no file decides where we look."""
    name = re.split(r"[\\/]", path)[-1]
    if not name or not Path(name).is_file():
        raise FileFormatError(
            f"it was made with {name!r}; lay that file into {Path.cwd()} and restore it again"
        )
    return name


def _check_size(init: Mapping[str, Any]) -> None:
    width, scale = init.get("fine_structure_width", 1.0), init.get("energy_scale", 1.0)
    smoothing = init.get("fine_structure_smoothing", 1.0)
    if not 0 <= width * smoothing <= UNBELIEVABLE * scale:
        raise FileFormatError(f"its fine structure of width {width!r} has too many coefficients")


def _placeholder(tree: Tree, trees: Mapping[str, Tree], dimensions: int) -> Placeholder:
    kept = {key: value for key, value in tree.items() if key not in {*PLAIN[1:], "parameters"}}
    sizes = {
        name: len(value) if isinstance(value := _value_of(p), tuple) else 0
        for name, p in trees.items()
    }
    taken = {*dir(Placeholder), "kind", "kept", "model", "parameters", "formula_object", "grad"}
    names = {
        name: size
        for name, size in sizes.items()
        if name.isidentifier() and not name.startswith("_") and name not in taken
    }
    return Placeholder(str(tree.get("_id_name")), names, kept, dimensions)


# -- its parameters --------------------------------------------------------------------------------


def _value_of(tree: Tree) -> Any:
    value = tree.get("value")
    return tuple(value) if isinstance(value, list | np.ndarray) and np.ndim(value) == 1 else value


class _Reading:
    """One parameter on its way from the file."""

    def __init__(
        self,
        found: Found,
        parameter: Parameter,
        *,
        shape: tuple[int, ...],
        factor: float,
        notes: list[str],
    ) -> None:
        self.found, self.parameter, self.shape = found, parameter, shape
        self.factor, self.notes = factor, notes
        self.whose = f"{found.record['name']}.{parameter.name}"
        self.record = found.record["parameters"][parameter.name]

    def take(self, parts: list[Tree]) -> None:
        """Take it over from its branches: one, or one for each element of a vector."""
        name, first = self.parameter.name, parts[0]
        for key in ("value", "std"):
            self._number(key, [_value_of(p) if key == "value" else p.get(key) for p in parts])
        if "free" in first:
            self.record["free"] = first["free"] is not False
        if isinstance(first.get("units"), str):
            self.record["units"] = first["units"]
        self._bounds(first)
        self.found.columns[name] = self._column(parts)
        for part in parts:
            if isinstance(part.get("self"), int):
                self.found.ids[part["self"]] = name
        twins = first.get("_twins")
        if isinstance(twins, list | tuple):
            self.found.followers[name] = [n for n in twins if isinstance(n, int)]
        words = (first.get("twin_function_expr"), first.get("twin_inverse_function_expr"))
        self.found.words[name] = tuple(w if isinstance(w, str) else "" for w in words)  # type: ignore[assignment]

    def _number(self, key: str, given: list[Any]) -> None:
        """A value or an error: what the file says, if it is the numbers that are wanted."""
        flat = given if len(given) > 1 else given[0]
        vector = isinstance(self.parameter.value, tuple)
        if vector and len(given) == 1 and not isinstance(flat, tuple | list | np.ndarray):
            flat = given
        if flat is None or all(v is None for v in given):
            return
        try:
            array = np.asarray(flat, dtype=np.float64) / self.factor
        except (TypeError, ValueError):
            array = np.empty((0, 0))
        wanted = (self.parameter.size,) if vector else ()
        if array.shape != wanted:
            self.notes.append(f"the {key} of {self.whose}, {flat!r:.60}")
        elif key == "std":
            known = None if np.isnan(array).all() else array.tolist()
            self.record[key] = tuple(known) if isinstance(known, list) else known
        elif np.isfinite(array).all():
            self.record[key] = tuple(array.tolist()) if vector else float(array)

    def _bounds(self, first: Tree) -> None:
        given = first.get("_bounds")
        if isinstance(given, tuple | list) and given and isinstance(given[0], tuple | list):
            given = given[0]  # one pair for each element
        if given is None:
            return
        try:
            bmin, bmax = (None if b is None else float(b) / self.factor for b in given)
            self.parameter.set_bounds(bmin, bmax)
        except (TypeError, ValueError):
            self.notes.append(f"the bounds of {self.whose}, {given!r:.60}")
            return
        self.record["bmin"], self.record["bmax"] = self.parameter.bmin, self.parameter.bmax

    def _column(self, parts: list[Tree]) -> Column:
        n = self.parameter.size
        column = {
            "values": np.full((*self.shape, n), np.nan),
            "std": np.full((*self.shape, n), np.nan),
            "is_set": np.zeros((*self.shape, n), dtype=bool),
        }
        for i, part in enumerate(parts):
            stored = part.get("map")
            if stored is None:
                continue
            which = slice(i, i + 1) if len(parts) > 1 else slice(0, n)
            try:
                is_set = stored["is_set"].astype(bool).reshape((*self.shape, 1))
                for key in ("values", "std"):
                    numbers = np.asarray(stored[key], dtype=np.float64) / self.factor
                    size = (*self.shape, which.stop - which.start)
                    column[key][..., which] = np.where(is_set, numbers.reshape(size), np.nan)
                column["is_set"][..., which] = is_set
            except (TypeError, ValueError, LookupError, AttributeError):
                self.notes.append(f"the map of {self.whose}, which is not one of {self.shape}")
        return column
