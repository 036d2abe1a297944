"""The secondary electron emission."""

from collections.abc import Mapping

import numpy as np

from hsjupyter.components.peaks import find_peaks, units_of
from hsjupyter.core.component import Component
from hsjupyter.core.parameter import Par
from hsjupyter.core.shape import Array, Coords

# Of a Gaussian 8 sigma to both sides, this many points leave 1e-10.
_POINTS = 64
_REACH = 8.0


class SEE(Component):
    """Secondary electrons above a work function, broadened by a Gaussian.

    ``A * (x - Phi) / (x - Phi + B)**4`` above ``Phi``, zero below; the integral is
    ``A / (6 * B**2)``. With ``sigma`` above zero it is convolved with a Gaussian of that width.

    Source: Chung & Everhart, J. Appl. Phys. 45 (1974) 707.
    """

    A = Par(1.0, bmin=0.0, unit="y·x^3", doc="height")
    Phi = Par(1.0, unit="x", doc="work function, where the emission begins")
    B = Par(0.0, bmin=0.0, unit="x", doc="three times the distance of the maximum from Phi")
    sigma = Par(0.0, bmin=0.0, free=False, unit="x", doc="standard deviation of the broadening")
    position = "Phi"

    def start_values(self, coords: Coords, data: Array) -> Mapping[str, Array]:
        """The peak that stands out most, not broadened."""
        found = find_peaks(coords[0], data, units_of(SEE, (1.0, 0.0, 1.0, 0.0)))
        A = found.factor * found.scale**3
        return {"A": A, "Phi": found.origin, "B": found.scale}

    @staticmethod
    def profile(x: Array, A: float, Phi: float, B: float, sigma: float) -> Array:
        """The line, (channel,)."""
        if not sigma > 0:
            u = np.maximum(x - Phi, 0.0)
            return np.where(u > 0, A * u / np.where(u > 0, u + B, 1.0) ** 4, 0.0)
        u, weight, _ = _nodes(x - Phi, B, sigma)
        return np.asarray(A * (weight * u / (u + B) ** 4).sum(axis=0))

    @staticmethod
    def profile_derivatives(x: Array, A: float, Phi: float, B: float, sigma: float) -> Array:
        """Derivatives by A, Phi, B and sigma, (4, channel)."""
        if not sigma > 0:
            u = np.maximum(x - Phi, 0.0)
            base = np.where(u > 0, u + B, 1.0)
            rows = np.array([u / base**4, A * (3 * u - B) / base**5, -4 * A * u / base**5, 0 * u])
            return np.where(u > 0, rows, 0.0)
        u, weight, z = _nodes(x - Phi, B, sigma)
        line = weight * u / (u + B) ** 4
        by_B = -4 * A * weight * u / (u + B) ** 5
        terms = (line, A * line * z / sigma, by_B, A * line * (z**2 - 1) / sigma)
        return np.array([term.sum(axis=0) for term in terms])


def _nodes(distance: Array, B: float, sigma: float) -> tuple[Array, Array, Array]:
    """Where and how to sum a function of u > 0 against a Gaussian around each distance.

    The points are evenly strewn in the logarithm of u + B, which resolves the maximum also where
    it is much narrower than the Gaussian.

    Returns
    -------
    u, weight, z : ndarray, (point, channel)
        Places above the work function; step times Gaussian; places in units of sigma from the
        middle. Where the Gaussian does not reach above the work function the weights are zero.
    """
    places, steps = np.polynomial.legendre.leggauss(_POINTS)
    low = np.maximum(distance - _REACH * sigma, 0.0)
    high = np.maximum(distance + _REACH * sigma, low)
    # For B = 0 the sum is infinite: begin so near to zero that it is seen to be.
    least = 1e-9 * sigma
    start, end = np.log(np.maximum(low + B, least)), np.log(np.maximum(high + B, least))
    half = (end - start) / 2
    shifted = np.exp(start + half * (places[:, None] + 1))
    u = np.maximum(shifted - B, 0.0)
    z = (distance - u) / sigma
    weight = steps[:, None] * half * shifted * np.exp(-(z**2) / 2) / (sigma * np.sqrt(2 * np.pi))
    return u, weight, z
