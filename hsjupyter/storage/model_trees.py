"""Records of models -> the branches that HyperSpy's layout has for them."""

from collections.abc import Iterator
from itertools import count

import numpy as np

from hsjupyter.core.component import Component
from hsjupyter.formula import Formula
from hsjupyter.storage.component_trees import OWN, Tree, component_tree
from hsjupyter.storage.dialects import NATIVE, WITH_LOW_LOSS
from hsjupyter.storage.records import Place, component_from
from hsjupyter.storage.signal_records import record_of, signal_tree
from hsjupyter.storage.sympy_text import sympy_text

VERSION = 1
"""Of what stands under `OWN`."""


def tree_of_model(kept: Tree, signal_type: str) -> tuple[Tree, list[str]]:
    """A stored model as it is written.

    Parameters
    ----------
    kept : dict
        As `storage.models.ModelManager` keeps it: ``date``, ``dimensions`` and ``model``, or
        ``tree`` where it came from a file.
    signal_type : str
        Of its signal: HyperSpy's models of some types have a low loss.

    Returns
    -------
    tree : dict
    notes : list of str
        What of it HyperSpy cannot restore.
    """
    if "tree" in kept:
        return kept["tree"], []
    record = kept["model"]
    components = [component_from(c) for c in record["components"]]
    branches, notes = _component_branches(record, components)
    notes += _couple(record, branches)
    has_low_loss = record["low_loss"] is not None
    if has_low_loss and signal_type not in WITH_LOW_LOSS:
        notes.append("the low loss, which its models of such signals do not have")
    tree: Tree = {
        "_channel_switches": record["channel_switches"],
        "chisq.data": record["maps"]["chisq"],
        "dof.data": np.nan_to_num(record["maps"]["dof"]).astype(np.int64),
        "free_parameters_boundaries": None,
        "components": [
            {**branch, "parameters": [p for ps in branch["parameters"].values() for p in ps]}
            for branch in branches
        ],
    }
    flags = {key: "" for key in tree if key != "components"}
    if has_low_loss:
        tree |= {"_convolved": True, "low_loss": signal_tree(record_of(record["low_loss"]))}
        if signal_type in WITH_LOW_LOSS:
            flags |= {"_convolved": "", "low_loss": "sig"}
    tree["_whitelist"] = flags
    tree[OWN] = {"version": VERSION, "links": [_own_link(link) for link in record["links"]]}
    return {
        "date": kept["date"],
        "dimensions": kept["dimensions"],
        "components": {c["name"]: {} for c in record["components"]},
        "_dict": tree,
    }, notes


def _component_branches(record: Tree, components: list[Component]) -> tuple[list[Tree], list[str]]:
    maps, branches, notes, start = record["maps"], [], [], 0
    for place, (component, kept) in enumerate(zip(components, record["components"], strict=True)):
        columns = {}
        for p in component.parameters:
            slots = slice(start, start + p.size)
            start += p.size
            parts = {key: maps[key][..., slots] for key in ("values", "std", "is_set")}
            columns[p.name] = {**kept["parameters"][p.name], "map": parts}
        tree, note = component_tree(component, kept, columns, maps["active"][..., place])
        branches.append(tree)
        notes += [note] if note else []
    return branches, notes


# -- links -----------------------------------------------------------------------------------------


def _couple(record: Tree, branches: list[Tree]) -> list[str]:
    """Number all parameters, and tell those that are followed by whom; changes the branches."""
    numbers = count(1)
    for branch in branches:
        for parameter in _parameters(branch):
            parameter["self"] = next(numbers)
    notes = []
    for link in record["links"]:
        couple = _coupled(record, branches, link)
        if couple is None:
            place, name = link["parameter"]
            notes.append(f"what {record['components'][place]['name']}.{name} follows")
            continue
        follower, leader, function, inverse = couple
        for mine, other in zip(follower, leader, strict=True):
            other["_twins"].append(mine["self"])
            mine["twin_function_expr"], mine["twin_inverse_function_expr"] = function, inverse
    return notes


def _parameters(branch: Tree) -> Iterator[Tree]:
    for parameters in branch["parameters"].values():
        yield from parameters


def _coupled(
    record: Tree, branches: list[Tree], link: Tree
) -> tuple[list[Tree], list[Tree], str, str] | None:
    """Follower, what it follows, and the texts of a link; None for one HyperSpy cannot have."""
    if len(link["sources"]) != 1:
        return None
    ends = (link["parameter"], link["sources"][0])
    if any(_factor(record, branches, end) != 1.0 for end in ends):
        return None
    trees = [branches[place]["parameters"].get(name) for place, name in ends]
    if trees[0] is None or trees[1] is None or len(trees[0]) != len(trees[1]):
        return None
    function = "" if link["twin"] and not link["function"] else _of_x(link["law"])
    inverse = _of_x(link["inverse_law"]) if link["inverse_law"] is not None else ""
    return trees[0], trees[1], function, inverse


def _factor(record: Tree, branches: list[Tree], place: Place) -> float:
    kind = record["components"][place[0]]["type"]
    if kind not in NATIVE or branches[place[0]]["_id_name"] != kind:
        return 1.0
    return NATIVE[kind].factors.get(place[1], 1.0)


def _of_x(law: Formula) -> str:
    """A law as an expression of one variable, x."""
    return sympy_text(law, {law.parameters[0]: "x"}).text


def _own_link(link: Tree) -> Tree:
    twin = link["twin"]
    return {
        "component": link["parameter"][0],
        "parameter": link["parameter"][1],
        "twin_component": None if twin is None else twin[0],
        "twin_parameter": None if twin is None else twin[1],
        "function": link["function"],
        "inverse": link["inverse"],
    }
