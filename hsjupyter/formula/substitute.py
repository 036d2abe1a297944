"""``a / b ; b = ... ; c = ...``: in which order the parts of a text can be put in their places."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet

from hsjupyter.formula.errors import refusal


def order_parts(
    needs: Mapping[str, AbstractSet[str]], positions: Mapping[str, int], text: str
) -> list[str]:
    """Give the names of the parts, each after those it speaks of.

    Parameters
    ----------
    needs : dict of str to set of str
        The names that stand in each part; those that are no parts are of no account.
    positions : dict of str to int
        Where each part begins in the text.
    text : str
        The whole text.

    Raises
    ------
    FormulaError
        Where a part speaks of itself by way of others.
    """
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
                    positions[name],
                    f"the parts form a loop, {loop}",
                    "a part may speak only of others that come to an end",
                    f"take {name} out of one of them",
                )
            elif name not in done:
                chain.append(name)
                stack.append((name, True))
                stack.extend((other, False) for other in sorted(needs[name] & needs.keys()))
    return order
