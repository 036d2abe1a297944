"""From generalised oscillator strengths to the cross-section that a spectrum shows."""

from functools import cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from hsjupyter.components.eels.kinematics import BOHR_RADIUS, RYDBERG, half_mv2, q_range

Array = NDArray[np.float64]

SQUARE_METRES_PER_BARN = 1e-28
# The strength is smooth in the logarithm of q: this many points leave 1e-9 at 100 mrad.
_POINTS = 24


class OscillatorStrength(Protocol):
    """How readily an atom takes up energy and momentum; hashable, and can travel."""

    def strength(self, energy: Array, onset: float, q2: Array) -> Array:
        """The strength per eV, (point, channel), as of `HydrogenicK.strength`."""

    def __hash__(self) -> int:
        """Lines are kept by it."""


@cache
def _nodes() -> tuple[Array, Array]:
    """Gauss-Legendre places and weights on 0 to 1, (point, 1)."""
    places, weights = np.polynomial.legendre.leggauss(_POINTS)
    return (places[:, None] + 1) / 2, weights[:, None] / 2


def cross_section(
    strength: OscillatorStrength, x: Array, onset: float, beam_energy: float, angle: float
) -> Array:
    """The cross-section of one atom per energy loss, zero below the onset.

    Parameters
    ----------
    strength : OscillatorStrength
    x : ndarray, (channel,)
        Energy losses in eV.
    onset, beam_energy : float
        In eV.
    angle : float
        Scattering angle up to which electrons are collected, in rad.

    Returns
    -------
    ndarray, (channel,)
        In barn/eV; 1 barn is 1e-28 m².

    Source
    ------
    Egerton, Electron Energy-Loss Spectroscopy in the Electron Microscope, 3rd ed., eq. 3.151.
    """
    total = np.zeros(x.shape)
    above = (x >= onset) & (x > 0) & (x < beam_energy)
    energy = x[above]
    low, high = q_range(energy, beam_energy, angle)
    places, weights = _nodes()
    span = np.log(high / low)
    q2 = low * np.exp(places * span)
    collected = (weights * strength.strength(energy, onset, q2)).sum(axis=0) * span
    front = 4 * np.pi * BOHR_RADIUS**2 * RYDBERG**2 / half_mv2(beam_energy)
    total[above] = front / SQUARE_METRES_PER_BARN / energy * collected
    return total
