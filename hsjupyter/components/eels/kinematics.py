"""Fast electrons: their speed, wave vectors and angles.

Energies are in eV, angles in rad, wave vectors in units of 1/a0, the inverse Bohr radius.
"""

import math

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

# CODATA 2018 (NIST).
REST_ENERGY = 510998.95000
RYDBERG = 13.605693122994
BOHR_RADIUS = 5.29177210903e-11


def half_mv2(beam_energy: float) -> float:
    """Half the rest mass times the squared speed, in eV: ``T`` of the books.

    Parameters
    ----------
    beam_energy : float
        Kinetic energy in eV.

    Source
    ------
    Egerton, Electron Energy-Loss Spectroscopy in the Electron Microscope, 3rd ed., eq. 5.2a.
    """
    gamma = 1 + beam_energy / REST_ENERGY
    return REST_ENERGY / 2 * (1 - 1 / gamma**2)


def wave_vector(kinetic: Array | float) -> Array:
    """The wave number of an electron in units of 1/a0.

    Parameters
    ----------
    kinetic : float or ndarray
        Kinetic energy in eV.
    """
    momentum2 = np.asarray(kinetic) * (np.asarray(kinetic) + 2 * REST_ENERGY)
    return np.asarray(np.sqrt(momentum2 / (2 * RYDBERG * REST_ENERGY)), dtype=np.float64)


def q_range(energy: Array, beam_energy: float, angle: float) -> tuple[Array, Array]:
    """The squared wave vector transfers from no deflection to ``angle``, in units of 1/a0².

    Conservation of energy and momentum of a relativistic electron, without approximation.

    Parameters
    ----------
    energy : ndarray, (channel,)
        Energy losses in eV.
    beam_energy : float
        In eV.
    angle : float
        Scattering angle in rad.

    Returns
    -------
    low, high : ndarray, (channel,)
    """
    before, after = wave_vector(beam_energy), wave_vector(beam_energy - energy)
    low = (before - after) ** 2
    return low, low + 4 * before * after * np.sin(angle / 2) ** 2


def characteristic_angle(energy: float, beam_energy: float) -> float:
    """Half width of the Lorentzian of inelastic scattering, in rad.

    The loss over momentum times speed of the incident electron.

    Source
    ------
    Egerton, 3rd ed., eq. 3.28.
    """
    return energy * (beam_energy + REST_ENERGY) / (beam_energy * (beam_energy + 2 * REST_ENERGY))


def effective_angle(
    beam_energy: float, energy: float, convergence: float, collection: float
) -> float:
    """The collection angle that a parallel beam would need for the same core-loss signal.

    The signal is taken relative to the electrons that enter the aperture without loss, so that
    with a convergence wider than the collection the result is the larger of both.

    Parameters
    ----------
    beam_energy, energy : float
        Of the beam and of the loss, in eV.
    convergence, collection : float
        Semi-angles in rad.

    Returns
    -------
    float
        In rad.

    Source
    ------
    Scheinfein & Isaacson, in Scanning Electron Microscopy (1984) 1681; Egerton, 3rd ed., §4.5.3.
    Here the Lorentzian has the half width of `characteristic_angle`.
    """
    if not convergence > 0:
        return collection
    a2, b2 = convergence**2, collection**2
    t2 = characteristic_angle(energy, beam_energy) ** 2
    root = math.sqrt((a2 + b2 + t2) ** 2 - 4 * a2 * b2)
    from_collection = 2 * b2 * math.log((root + a2 + t2 - b2) / (2 * t2))
    from_convergence = 2 * a2 * math.log((root + b2 + t2 - a2) / (2 * t2))
    seen = (root - a2 - b2 - t2 + from_collection + from_convergence) / (2 * min(a2, b2))
    return math.sqrt(t2 * math.expm1(seen))
