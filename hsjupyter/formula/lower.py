"""Checked tree to tape."""

from __future__ import annotations

from hsjupyter.formula.derive import Calculus
from hsjupyter.formula.graph import Graph
from hsjupyter.formula.tape import Tape
from hsjupyter.formula.tree import Node, walk


def make_tape(
    tree: Node,
    variables: tuple[str, ...],
    order: tuple[str, ...],
    wanted: tuple[str, ...] | None = None,
) -> Tape:
    """Give the tape of a value, alone or with derivatives.

    The value is the text's own operations in the text's own order, so that it has the digits the
    person may expect; what derivatives need is put beside it.

    Parameters
    ----------
    tree : Node
        What was read.
    variables, order : tuple of str
        Names of the coordinates and of the parameters, as their values will be handed in.
    wanted : tuple of str, optional
        Parameters whose derivatives follow the value; without it there is the value only.
    """
    graph = Graph(jets=wanted is not None)
    coordinates = {name: graph.leaf("coordinate", k) for k, name in enumerate(variables)}
    leaves = {name: graph.leaf("parameter", s) for s, name in enumerate(order)} | coordinates
    value = _place(tree, graph, leaves)
    outputs = [value]
    if wanted is not None:
        calculus = Calculus(graph)
        outputs += [calculus.derivative(value, order.index(name)) for name in wanted]
    return graph.tape(outputs, len(variables), len(order))


def _place(tree: Node, graph: Graph, leaves: dict[str, int]) -> int:
    places: dict[int, int] = {}
    for node in walk(tree):
        if node.op == "name":
            place = leaves[node.name]
        elif node.value is not None:
            place = graph.constant(node.value)
        elif node.op in {"nan", "true", "false"}:
            place = graph.leaf(node.op)
        else:
            place = graph.make(node.op, *(places[id(arg)] for arg in node.args))
        places[id(node)] = place
    return places[id(tree)]
