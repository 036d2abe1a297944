"""The X-ray lines of the elements: energies, and weights within a family."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from hsjupyter.components.atoms import atomic_number, edge_energies, tables
from hsjupyter.core.errors import unknown_name

# Lines of one group that lie nearer than this are one line to any X-ray detector, in keV.
_MERGED = 0.025
# Lines weaker than this part of the family's main line are left out.
_FAINT = 0.002

# Family -> group -> transitions (the vacancy, where the electron comes from, the line's own name
# where it stands alone); the first group is the main line, and so is the first transition.
_Group = tuple[tuple[str, str, str], ...]
_GROUPS: dict[str, dict[str, _Group]] = {
    "K": {
        "Ka": (("K", "L3", "Ka"), ("K", "L2", "Ka2")),
        "Kb": (("K", "M3", "Kb"), ("K", "M2", "Kb3")),
        "Kb2": (("K", "N3", "Kb2"), ("K", "N2", "KN2")),
    },
    "L": {
        "La": (("L3", "M5", "La"), ("L3", "M4", "La2")),
        "Lb1": (("L2", "M4", "Lb1"),),
        "Lb2": (("L3", "N5", "Lb2"), ("L3", "N4", "Lb15")),
        "Lb3": (("L1", "M3", "Lb3"),),
        "Lb4": (("L1", "M2", "Lb4"),),
        "Lb6": (("L3", "N1", "Lb6"),),
        "Lg1": (("L2", "N4", "Lg1"),),
        "Lg3": (("L1", "N3", "Lg3"), ("L1", "N2", "Lg2")),
        "Ll": (("L3", "M1", "Ll"),),
        "Ln": (("L2", "M1", "Ln"),),
    },
    "M": {
        "Ma": (("M5", "N7", "Ma"), ("M5", "N6", "Ma2")),
        "Mb": (("M4", "N6", "Mb"),),
        "Mg": (("M3", "N5", "Mg"),),
        "Mz": (("M5", "N3", "Mz"), ("M4", "N2", "M2N4")),
    },
}
# Below it hardly anything that is emitted at depth leaves a bulk sample, in keV.
_SOFT = 2.0
MAIN_EDGE = {"K": "K", "L": "L3", "M": "M5"}
"""The subshell of the vacancy that a family's main line fills."""

_ELECTRONS = {"K": 2, "L1": 2, "L2": 2, "L3": 4, "M1": 2, "M2": 2, "M3": 4, "M4": 4, "M5": 6}
_SHELLS = {"K": ("K",), "L": ("L1", "L2", "L3"), "M": ("M1", "M2", "M3", "M4", "M5")}


@dataclass(frozen=True)
class XrayLine:
    """A line of an element, as an X-ray detector sees it.

    Attributes
    ----------
    element : str
    line : str
        ``Ka``, ``Lb1``.
    energy : float
        In keV; where lines lie too near for a detector, their mean by strength.
    weight : float
        Area relative to the main line of the family.
    """

    element: str
    line: str
    energy: float
    weight: float

    @property
    def name(self) -> str:
        """As people write it: ``Fe_Ka``."""
        return f"{self.element}_{self.line}"

    @property
    def family(self) -> str:
        """``K``, ``L`` or ``M``."""
        return self.line[0]


@cache
def families(element: str, *, bulk: bool = False) -> dict[str, tuple[XrayLine, ...]]:
    """The lines of an element by family, the main line first.

    Weights are those of a thin sample under a beam of electrons: a subshell loses electrons in
    proportion to their number over their energy, hands vacancies on by Coster-Kronig transitions,
    and fills them with light by its yield and the rates of its lines.

    Parameters
    ----------
    element : str
    bulk : bool
        Soft lines above the absorption edge of the main one reach the detector from as much less
        of the sample as they are absorbed more by the element itself.

    Raises
    ------
    UnknownNameError
        Not the symbol of an element.

    Source
    ------
    Energies, rates and yields: xraylib (Schoonjans et al., Spectrochim. Acta B 66 (2011) 776). The
    vacancies: Bethe's cross-section, Reimer, Scanning Electron Microscopy, 2nd ed., §5.1.2.
    """
    made = {family: _family(element, family, bulk=bulk) for family in _GROUPS}
    return {family: lines for family, lines in made.items() if lines}


def line_of(name: str) -> XrayLine:
    """The line of a name such as ``Fe_Ka``.

    Raises
    ------
    UnknownNameError
        No such element, or the element has no such line.
    """
    element, _, line = name.partition("_")
    known = {one.line: one for lines in families(element).values() for one in lines}
    if line not in known:
        raise unknown_name(f"{element} in the table of lines", line, known)
    return known[line]


def _family(element: str, family: str, *, bulk: bool) -> tuple[XrayLine, ...]:
    number = atomic_number(element)
    lit = _lit(element, number, family)
    lines = [
        (label, energy, strength)
        for group in _GROUPS[family].values()
        for label, energy, strength in _merged(number, group, lit)
    ]
    # Without its main line a family is no family: the electrons that make it are not there.
    if not lines or lines[0][0] != f"{family}a":
        return ()
    _, energy, main = lines[0]
    depth = _depths(element, MAIN_EDGE[family], energy) if bulk else lambda _energy: 1.0
    return tuple(
        XrayLine(element, label, energy, weight)
        for label, energy, strength in lines
        if (weight := strength / main * depth(energy)) > _FAINT
    )


def _depths(element: str, edge: str, main: float) -> Callable[[float], float]:
    """How deep one sees at an energy relative to the main line's, in the pure element."""
    library, number = tables(), atomic_number(element)
    above = 1e-3 * edge_energies(element)[edge]

    def depth(energy: float) -> float:
        if not above < energy < _SOFT:
            return 1.0
        return float(library.CS_Total(number, main) / library.CS_Total(number, energy))

    return depth


def _merged(number: int, group: _Group, lit: dict[str, float]) -> list[tuple[str, float, float]]:
    """The lines of a group: name, energy in keV, strength."""
    found: list[tuple[str, float, float]] = []
    for vacancy, filler, label in group:
        energy = _number("LineEnergy", number, f"{vacancy}{filler}_LINE")
        strength = lit[vacancy] * _number("RadRate", number, f"{vacancy}{filler}_LINE")
        if not (energy > 0 and strength > 0):
            continue
        if found and abs(energy - found[0][1]) < _MERGED:
            name, place, before = found[0]
            both = before + strength
            found[0] = (name, (place * before + energy * strength) / both, both)
        else:
            found.append((label, energy, strength))
    return found


def _lit(element: str, number: int, family: str) -> dict[str, float]:
    """How often a vacancy in each subshell of a family ends in light, in any unit."""
    energies = edge_energies(element)
    shells = _SHELLS[family]
    vacancies = {s: _ELECTRONS[s] / energies[s] if s in energies else 0.0 for s in shells}
    for place, inner in enumerate(shells):
        for outer in shells[place + 1 :]:
            moved = _number("CosKronTransProb", number, f"F{inner}{outer[1]}_TRANS")
            vacancies[outer] += moved * vacancies[inner]
    if family == "K":  # one subshell: its yield only counts against other families
        return vacancies
    return {s: vacancies[s] * _number("FluorYield", number, f"{s}_SHELL") for s in shells}


def _number(of: str, number: int, name: str) -> float:
    """A number of a table, 0 where it has none."""
    library = tables()
    if not hasattr(library, name):
        return 0.0
    try:
        return float(getattr(library, of)(number, getattr(library, name)))
    except ValueError:  # xraylib's way to say that the atom has no such line
        return 0.0
