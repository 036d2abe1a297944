"""Generalised oscillator strengths of K and L shells of a hydrogen-like atom."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from hsjupyter.components.atoms import edge_energies
from hsjupyter.components.eels.edges import Edge
from hsjupyter.components.eels.kinematics import RYDBERG
from hsjupyter.core.errors import ModelError

Array = NDArray[np.float64]

# Exponents of the screening correction of L shells, Al to Kr: fitted to photoabsorption data.
# Egerton, Electron Energy-Loss Spectroscopy in the Electron Microscope, 3rd ed., app. B.
_FIRST_L = 13
_L_EXPONENTS = (
    *(0.52, 0.42, 0.30, 0.29, 0.22, 0.30, 0.22, 0.16, 0.12, 0.13, 0.13, 0.14),
    *(0.16, 0.18, 0.19, 0.22, 0.14, 0.11, 0.12, 0.12, 0.12, 0.10, 0.10, 0.10),
)
_HEAVIER_EXPONENT = 0.10


@dataclass(frozen=True)
class HydrogenicK:
    """The two K electrons of an atom, in the field of the nucleus screened by the other.

    Parameters
    ----------
    number : int
        Atomic number.

    Source
    ------
    Egerton, 3rd ed., eqs. 3.125-3.130, after Bethe (1930).
    """

    number: int

    def strength(self, energy: Array, onset: float, q2: Array) -> Array:  # noqa: ARG002
        """The strength per eV, (point, channel).

        Parameters
        ----------
        energy : ndarray, (channel,)
            Losses in eV.
        onset : float
            Not used: hydrogen's own threshold governs the shape.
        q2 : ndarray, (point, channel)
            Squared wave vector transfers in 1/a0².
        """
        electrons = min(self.number, 2)
        charge = self.number - 0.5 * (electrons - 1)
        unit = RYDBERG * charge**2
        q = q2 / charge**2
        k = energy / unit - 1
        decay = _coulomb_factor(2 * _root(k), q - k + 1, k)
        shape = (q + k / 3 + 1 / 3) / ((q - k + 1) ** 2 + 4 * k) ** 3
        return np.asarray(128 * electrons * energy / unit**2 * shape * decay)


@dataclass(frozen=True)
class HydrogenicL:
    """The whole L shell: six 2p electrons from the onset, and two 2s electrons from L1's.

    Parameters
    ----------
    number : int
        Atomic number.
    step : float
        From the onset of L3 to that of L1, in eV.
    exponent : float
        Of the screening correction.

    Source
    ------
    Egerton, 3rd ed., §3.6.1 and app. B; the strengths are those of Choi, Merzbacher &
    Khandelwal, Atomic Data 5 (1973) 291.
    """

    number: int
    step: float
    exponent: float

    def strength(self, energy: Array, onset: float, q2: Array) -> Array:
        """The strength per eV, (point, channel).

        Parameters
        ----------
        energy : ndarray, (channel,)
            Losses in eV, not below the onset.
        onset : float
            Of L3, in eV.
        q2 : ndarray, (point, channel)
            Squared wave vector transfers in 1/a0².
        """
        charge = self.number - 1.7 - 0.35 * 7
        unit = RYDBERG * charge**2
        q = q2 / charge**2
        k = energy / unit - 0.25
        distance = (q - k + 0.25) ** 2 + k
        decay = _coulomb_factor(_root(k), q - k + 0.25, k)
        whole = energy >= onset + self.step
        shape = np.where(whole, _all_2(q, k) * distance, _only_2p(q, k)) / distance**5
        # A tenth of an eV keeps the first channel finite, as in the program of the book.
        above = (energy - onset + 0.1) / (1.8 * self.number**2)
        return np.asarray(32 * energy / unit**2 * shape * decay * above**self.exponent)


def _root(k: Array) -> Array:
    """The square root of the size of k, kept off zero, where the expressions have a limit."""
    return np.sqrt(np.maximum(np.abs(k), 1e-12))


def _coulomb_factor(step: Array, across: Array, k: Array) -> Array:
    """What the attraction of the ion makes of the outgoing wave, above and below k = 0.

    ``step`` is the root of k times the principal quantum number's 2 or 1, so that both shells
    share the expression ``exp(-2/kappa * arctan(step / across))`` and its continuation.
    """
    kappa = _root(k)
    with np.errstate(all="ignore"):  # each branch is only used where it is defined
        free = np.exp(-2 / kappa * np.arctan2(step, across)) / -np.expm1(-2 * np.pi / kappa)
        bound = np.exp(-np.log((across + step) / (across - step)) / kappa)
    return np.where(k > 0, free, bound)


def _only_2p(q: Array, k: Array) -> Array:
    return np.asarray(
        9 / 4 * q**4
        - (3 / 4 + 3 * k) * q**3
        + (19 / 32 - 3 / 4 * k - k**2 / 2) * q**2
        + (107 / 960 + 41 / 48 * k + 113 / 60 * k**2 + k**3) * q
        + (11 / 3072 + 3 / 64 * k + 7 / 32 * k**2 + 5 / 12 * k**3 + k**4 / 4)
    )


def _all_2(q: Array, k: Array) -> Array:
    return np.asarray(
        q**3
        - (11 / 12 + 5 / 3 * k) * q**2
        + (65 / 48 + 3 / 2 * k + k**2 / 3) * q
        + (5 / 64 + 23 / 48 * k + 3 / 4 * k**2 + k**3 / 3)
    )


def has_hydrogenic(edge: Edge) -> bool:
    """Whether there is a hydrogenic cross-section of an edge."""
    return edge.first == "K" or (edge.first == "L3" and edge.number >= _FIRST_L)


@cache
def hydrogenic_of(edge: Edge) -> HydrogenicK | HydrogenicL:
    """The hydrogen-like strength of an edge.

    Raises
    ------
    ModelError
        The edge is neither a K edge nor the L3 edge of an element from Al on.
    """
    if not has_hydrogenic(edge):
        raise ModelError(
            f"{edge.name}: a hydrogenic cross-section was asked for; there are those of K edges, "
            "and of the whole L shell from Al on, under the name of its first edge, as 'Cr_L3'; "
            "for other edges give gos_file_path='....gosh', a table of oscillator strengths"
        )
    if edge.first == "K":
        return HydrogenicK(edge.number)
    place = edge.number - _FIRST_L
    exponent = _L_EXPONENTS[place] if place < len(_L_EXPONENTS) else _HEAVIER_EXPONENT
    energies = edge_energies(edge.element)
    return HydrogenicL(edge.number, energies["L1"] - energies["L3"], exponent)
