"""Records of components -> the branches that HyperSpy's layout has for them."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from hsjupyter.core.component import Component
from hsjupyter.formula import Formula
from hsjupyter.storage.dialects import NATIVE, Native, vectors_of
from hsjupyter.storage.placeholder import Placeholder
from hsjupyter.storage.signal_records import signal_tree, tree_of
from hsjupyter.storage.sympy_text import sympy_text

Tree = dict[str, Any]
Column = dict[str, Any]
"""A parameter's record, and under ``map`` its ``values``, ``std`` and ``is_set``, (nav..., n)."""

OWN = "hsjupyter"
"""Where stands what HyperSpy has no words for; it passes over names it does not know."""

EXPRESSION = "Expression"
_NO_WORDS = "a component that it does not know, without which it restores nothing of the model"

PLAIN = ("_id_name", "name", "active", "active_is_multidimensional", "_active_array")
ATTRIBUTES = (
    "_id_name",
    "name",
    "value",
    "std",
    "free",
    "units",
    "_bounds",
    "map",
    "twin_function_expr",
    "twin_inverse_function_expr",
)


def component_tree(
    component: Component, record: Tree, columns: Mapping[str, Column], active: Any
) -> tuple[Tree, str]:
    """The branch of a component, without its place among the links.

    Parameters
    ----------
    component : Component
        Made from the record.
    record : dict
        As `records.record_of_component` gives it.
    columns : dict of str to dict
        Its parameters.
    active : ndarray of bool, (nav...)

    Returns
    -------
    tree : dict
        ``parameters`` stands in it as a dictionary: of each of ours the list of theirs.
    note : str
        What of it HyperSpy cannot restore; empty where it can.
    """
    kind = record["type"]
    native = NATIVE.get(kind)
    note = ""
    vectors: dict[str, tuple[str, ...]] = {}
    factors: Mapping[str, float] = {}
    lacks: tuple[str, ...] = ()
    if isinstance(component, Placeholder):
        tree = dict(component.kept)
        note = f"{record['name']}, {_NO_WORDS}" if OWN in tree else ""
    elif native is not None and native.fits(record["init"], columns):
        tree = _native_tree(kind, native, record["init"])
        different = native.note(record["init"])
        note = f"{record['name']} with {different}" if different else ""
        vectors, factors, lacks = vectors_of(kind, record["init"]), native.factors, native.lacks
    elif component.formula_object is not None:
        tree = _expression_tree(component, component.formula_object)
        vectors = {p.name: p.slot_names for p in component.parameters if isinstance(p.value, tuple)}
    else:
        tree = {"_id_name": kind, "package": OWN, "_whitelist": {}}
        note = f"{record['name']}, {_NO_WORDS}"
    parameters = {
        name: _parameter_trees(name, column, vectors.get(name), factors.get(name, 1.0))
        for name, column in columns.items()
    }
    if not isinstance(component, Placeholder):
        tree[OWN] = _own_tree(record, vectors, () if native is None else tuple(native.arguments))
        tree[OWN]["parameters"] = [p for name in lacks for p in parameters.pop(name)]
    multidimensional = record["active_is_multidimensional"]
    tree |= {
        "name": record["name"],
        "active": record["active"],
        "active_is_multidimensional": multidimensional,
        "_active_array": active if multidimensional else None,
        "parameters": parameters,
    }
    tree["_whitelist"] = {**dict.fromkeys(PLAIN, ""), **tree.get("_whitelist", {})}
    return tree, note


def _native_tree(kind: str, native: Native, init: Mapping[str, Any]) -> Tree:
    given = {theirs: init[ours] for ours, theirs in native.arguments.items()}
    if native.module is not None:
        module = native.module
        given["module"] = module if isinstance(module, str) else list(module)
    flags = dict.fromkeys(given, "init")
    if "signal1D" in given:
        pattern = given["signal1D"]
        given["signal1D"] = signal_tree({**pattern, "metadata": {}, "original_metadata": {}})
        flags["signal1D"] = "init,sig"
    states = {theirs: init[ours] for ours, theirs in native.states.items()}
    states |= native.constants
    return {
        "_id_name": kind,
        "package": native.package,
        "package_version": "",
        **given,
        **states,
        "_whitelist": {**flags, **dict.fromkeys(states, "")},
    }


def _expression_tree(component: Component, formula: Formula) -> Tree:
    printed = sympy_text(formula)
    position = component.position if isinstance(component.position, str) else None
    given = {
        "expression": printed.text,
        "name": component.name,
        "position": position if position in component.slot_names else None,
        "module": ["numpy", "scipy"] if printed.needs_scipy else "numpy",
        "compute_gradients": printed.has_gradients,
        "rename_pars": printed.renamed,
        "linear_parameter_list": [],
    }
    return {
        "_id_name": EXPRESSION,
        "package": "hyperspy",
        "package_version": "",
        **given,
        "_whitelist": dict.fromkeys(given, "init"),
    }


def _own_tree(record: Tree, vectors: Mapping[str, tuple[str, ...]], known: tuple[str, ...]) -> Tree:
    return {
        "type": record["type"],
        "init": {key: tree_of(v) for key, v in record["init"].items() if key not in known},
        "vectors": {name: list(names) for name, names in vectors.items()},
        "isbackground": record["isbackground"],
        "convolved": record["convolved"],
    }


def _parameter_trees(
    name: str, column: Column, elements: tuple[str, ...] | None, factor: float
) -> list[Tree]:
    """A parameter as HyperSpy has it: one branch, or one for each element of a vector."""
    if elements is None:
        return [_parameter_tree(name, column, ..., factor)]
    return [_parameter_tree(element, column, i, factor) for i, element in enumerate(elements)]


def _parameter_tree(name: str, column: Column, element: Any, factor: float) -> Tree:
    """One branch; ``element`` is a place in a vector, or ``...`` for all there is."""
    vector = isinstance(column["value"], tuple) and element is ...
    bounds = tuple(None if b is None else b * factor for b in (column["bmin"], column["bmax"]))
    std = column["std"]
    tree: Tree = {
        "_id_name": name,
        "name": name,
        "value": _part(column["value"], element, factor),
        "std": None if std is None else _part(std, element, factor),
        "free": column["free"],
        "units": column["units"],
        "_bounds": (bounds,) * len(column["value"]) if vector else bounds,
        "twin_function_expr": "",
        "twin_inverse_function_expr": "",
        "map": _map_of(column, element, factor, vector=vector),
        "_twins": [],
    }
    tree["_whitelist"] = {**dict.fromkeys(ATTRIBUTES, ""), "self": "id"}
    return tree


def _part(value: Any, element: Any, factor: float) -> Any:
    if not isinstance(value, tuple):
        return value * factor
    chosen = value if element is ... else value[element]
    return tuple(v * factor for v in chosen) if isinstance(chosen, tuple) else chosen * factor


def _map_of(column: Column, element: Any, factor: float, *, vector: bool) -> Any:
    """The map as an array of triples, (nav...)."""
    stored = column["map"]
    *shape, n = stored["values"].shape
    sub: tuple[int, ...] = (n,) if vector else ()
    made = np.zeros(shape, [("values", "<f8", sub), ("std", "<f8", sub), ("is_set", "?")])
    which = slice(None) if vector else 0 if element is ... else element
    made["values"] = stored["values"][..., which] * factor
    made["std"] = stored["std"][..., which] * factor
    made["is_set"] = stored["is_set"].all(axis=-1) if vector else stored["is_set"][..., which]
    # HyperSpy's sign for a pixel without a value is the flag; its number is zero there.
    made["values"][~made["is_set"]] = 0.0
    return made
