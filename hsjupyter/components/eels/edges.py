"""The names of core-loss edges, as ``Cr_L3``, and where they begin."""

from dataclasses import dataclass

from hsjupyter.components.atoms import SUBSHELLS, atomic_number, edge_energies
from hsjupyter.core.errors import unknown_name

# Two subshells that a spectrum hardly tells apart, and the one whose energy comes first.
GROUPS = {"L23": "L3", "M23": "M3", "M45": "M5", "N23": "N3", "N45": "N5", "N67": "N7"}


@dataclass(frozen=True)
class Edge:
    """A core-loss edge.

    Attributes
    ----------
    element : str
    subshell : str
        ``K``, ``L3``; or a group, ``L23``.
    number : int
        Atomic number.
    onset : float
        Where it begins, in eV.
    """

    element: str
    subshell: str
    number: int
    onset: float

    @property
    def name(self) -> str:
        """As people write it: ``Cr_L3``."""
        return f"{self.element}_{self.subshell}"

    @property
    def first(self) -> str:
        """The subshell that begins first: of ``L23`` it is ``L3``."""
        return GROUPS.get(self.subshell, self.subshell)


def edge_of(name: str) -> Edge:
    """The edge of a name such as ``Cr_L3``.

    Raises
    ------
    UnknownNameError
        The name has no underscore, or names an element or a subshell that is not there.
    """
    element, _, subshell = name.partition("_")
    if not subshell:
        raise unknown_name(f"edge {name!r}: the part after the underscore", "", SUBSHELLS)
    number, energies = atomic_number(element), edge_energies(element)
    first = GROUPS.get(subshell, subshell)
    if first not in energies:
        known = [*energies, *(group for group, one in GROUPS.items() if one in energies)]
        raise unknown_name(f"{element} in the table of edges", subshell, known)
    return Edge(element, subshell, number, energies[first])


def edges_between(elements: list[str], low: float, high: float) -> list[Edge]:
    """All edges of some elements that begin between two energies, rising.

    Parameters
    ----------
    elements : list of str
    low, high : float
        In eV, both included.

    Raises
    ------
    UnknownNameError
        One of them is not an element.
    """
    found = [
        Edge(element, subshell, atomic_number(element), onset)
        for element in elements
        for subshell, onset in edge_energies(element).items()
        if low <= onset <= high
    ]
    return sorted(found, key=lambda edge: edge.onset)
