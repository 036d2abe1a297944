"""``a / b ; b = ... ; c = ...``: names that stand for a part of the formula."""

from __future__ import annotations

from hsjupyter.formula.errors import refusal
from hsjupyter.formula.tree import Grower, Node, names_in, walk


def substitute(root: Node, parts: dict[str, Node], grower: Grower) -> Node:
    """Replace names by the parts they stand for, until none is left.

    The order in which the parts are written does not matter.

    Parameters
    ----------
    root : Node
        The formula itself.
    parts : dict of str to Node
        What each name stands for; a part may speak of others.
    grower : Grower
        Makes the new nodes and keeps their limits, so that parts that double each other end soon.

    Raises
    ------
    FormulaError
        Where a name stands for itself by way of others, or the whole becomes too large.
    """
    whole: dict[str, Node] = {}
    for name in _in_order(parts, grower.text):
        whole[name] = _replace(parts[name], whole, grower)
    return _replace(root, whole, grower)


def _replace(root: Node, whole: dict[str, Node], grower: Grower) -> Node:
    made: dict[int, Node] = {}
    for node in walk(root):
        if node.op == "name":
            made[id(node)] = whole.get(node.name, node)
        elif all(made[id(arg)] is arg for arg in node.args):
            made[id(node)] = node
        else:
            args = tuple(made[id(arg)] for arg in node.args)
            made[id(node)] = grower.make(node.op, args, node.position)
    return made[id(root)]


def _in_order(parts: dict[str, Node], text: str) -> list[str]:
    """Give the parts' names, each after those it speaks of."""
    needs = {name: sorted(names_in(part) & parts.keys()) for name, part in parts.items()}
    order: list[str] = []
    done: set[str] = set()
    for start in needs:
        chain: list[str] = []
        stack = [(start, False)]
        while stack:
            name, ready = stack.pop()
            if ready:
                chain.pop()
                done.add(name)
                order.append(name)
            elif name in chain:
                loop = " -> ".join([*chain[chain.index(name) :], name])
                raise refusal(
                    text,
                    parts[name].position,
                    f"the parts form a loop, {loop}",
                    "a part may speak only of others that come to an end",
                    f"take {name} out of one of them",
                )
            elif name not in done:
                chain.append(name)
                stack.append((name, True))
                stack.extend((other, False) for other in needs[name])
    return order
