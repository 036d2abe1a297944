"""What is known of an atom: its number and the energies of its edges, from the xraylib tables."""

from functools import cache
from types import ModuleType

from hsjupyter.core.errors import unknown_name

SUBSHELLS = tuple(
    ["K"]
    + [f"L{i}" for i in (1, 2, 3)]
    + [f"M{i}" for i in (1, 2, 3, 4, 5)]
    + [f"N{i}" for i in (1, 2, 3, 4, 5, 6, 7)]
)
"""The subshells by their X-ray names, from the innermost."""

HEAVIEST = 98


def tables() -> ModuleType:
    """The xraylib library, loaded when first asked (0.2 s)."""
    import xraylib

    module: ModuleType = xraylib
    return module


@cache
def elements() -> tuple[str, ...]:
    """The symbols of the elements, by atomic number from 1."""
    return tuple(tables().AtomicNumberToSymbol(number) for number in range(1, HEAVIEST + 1))


def atomic_number(element: str) -> int:
    """The atomic number of an element.

    Raises
    ------
    UnknownNameError
        Not the symbol of an element.
    """
    if element not in elements():
        raise unknown_name("the table of elements", element, elements())
    return elements().index(element) + 1


@cache
def edge_energies(element: str) -> dict[str, float]:
    """The energies of the edges of an element by subshell, in eV; where the table has them.

    Raises
    ------
    UnknownNameError
        Not the symbol of an element.

    Source
    ------
    xraylib (Schoonjans et al., Spectrochim. Acta B 66 (2011) 776); those of N, O and F are of
    solids.
    """
    number, library = atomic_number(element), tables()
    energies = {}
    for subshell in SUBSHELLS:
        try:
            energy = library.EdgeEnergy(number, getattr(library, f"{subshell}_SHELL"))
        except ValueError:  # xraylib's way to say that the atom has no such subshell
            continue
        energies[subshell] = 1e3 * float(energy)
    return energies
