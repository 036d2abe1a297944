"""Axes in a file <-> axes as plain dictionaries, of every kind that HyperSpy writes."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from hsjupyter.core.axes import make_axis
from hsjupyter.core.errors import AxisError, FileFormatError
from hsjupyter.formula import FormulaError, parse

Tree = dict[str, Any]


def axis_from(tree: Tree, size: int, place: str) -> Tree:
    """The description of an axis, as `core.axes.make_axis` takes it.

    Parameters
    ----------
    tree : dict
        The axis as it stands in the file.
    size : int
        Channels of the data along it; what counts, whatever the file says beside it.
    place : str
        Where it stands, for messages.

    Returns
    -------
    dict
        ``name``, ``units``, ``is_binned``, ``navigate`` where the file says it, and ``axis``,
        or ``expression`` with ``x`` and the values of its names, or ``size``, ``scale``,
        ``offset``.

    Raises
    ------
    FileFormatError
        It has no positions, or as many as do not fit, or a formula that cannot be computed.
    """
    kind = tree.get("_type", "UniformDataAxis")
    found: Tree = {
        "name": _text(tree.get("name")),
        "units": _text(tree.get("units")),
        "is_binned": bool(tree.get("is_binned", False)),
    }
    if "navigate" in tree:
        found["navigate"] = bool(tree["navigate"])
    if kind == "FunctionalDataAxis":
        return {"_type": kind, **_formula_of(tree, size, place), **found}
    if kind == "DataAxis" or "axis" in tree:
        return {"_type": "DataAxis", "axis": _positions(tree, size, place), **found}
    scale = _number(tree.get("scale", 1.0), "scale", place)
    offset = _number(tree.get("offset", 0.0), "offset", place)
    return {"_type": "UniformDataAxis", "size": size, "scale": scale, "offset": offset, **found}


def axis_tree(axis: Mapping[str, Any]) -> Tree:
    """A description of an axis as it is written."""
    kinds = {"expression": "FunctionalDataAxis", "axis": "DataAxis"}
    tree: Tree = {
        "_type": next((kind for key, kind in kinds.items() if key in axis), "UniformDataAxis"),
        # HyperSpy's own sign for a name or unit that is not known.
        "name": axis.get("name") or None,
        "units": axis.get("units") or None,
        "navigate": bool(axis["navigate"]),
        "is_binned": bool(axis.get("is_binned", False)),
    }
    if "expression" in axis:
        values = {key: value for key, value in axis.items() if key not in tree}
        return {**tree, **values, "x": axis_tree(axis["x"])}
    if "axis" in axis:
        return {**tree, "axis": np.asarray(axis["axis"], dtype=np.float64)}
    return {
        **tree,
        "size": int(axis["size"]),
        "scale": float(axis.get("scale", 1.0)),
        "offset": float(axis.get("offset", 0.0)),
    }


def _text(value: Any) -> str:
    return value if isinstance(value, str) and value != "<undefined>" else ""


def _number(value: Any, key: str, place: str) -> float:
    if isinstance(value, bool | int | float) and np.isfinite(value):
        return float(value)
    raise FileFormatError(
        f"{place} has {key}={value!r:.60}; a finite number is wanted: correct it in the program "
        "that wrote the file"
    )


def _positions(tree: Tree, size: int, place: str) -> Any:
    positions = tree.get("axis")
    if not isinstance(positions, np.ndarray) or positions.shape != (size,):
        shape = getattr(positions, "shape", None)
        raise FileFormatError(
            f"{place} has positions of shape {shape}, and the data {size} channels along it; as "
            "many positions are wanted: correct it in the program that wrote the file"
        )
    return positions


def _formula_of(tree: Tree, size: int, place: str) -> Tree:
    """An axis given by a formula, which is read by our own parser only, and can be computed."""
    text, inner = tree.get("expression"), tree.get("x")
    if not isinstance(text, str) or not isinstance(inner, dict):
        raise FileFormatError(
            f"{place} is given by a formula, but holds none, or no values to compute it from; "
            "correct it in the program that wrote the file"
        )
    x = {**axis_from(inner, size, f"{place}/x"), "navigate": False}
    try:
        formula = parse(text, variables=("x",))
        values = {name: _number(tree.get(name), name, place) for name in formula.parameters}
        formula.value((make_axis(x).axis,), [values[name] for name in formula.order])
    except (AxisError, FormulaError) as why:
        raise FileFormatError(
            f"{place} is given by a formula that cannot be computed: {why}; store its positions "
            "instead, as a DataAxis"
        ) from why
    return {"expression": text, "x": x, **values}
