"""The Voigt profile of area 1 and its derivatives, over arrays.

With zeta = x + i gamma and z = zeta / (sigma sqrt 2) the profile is
V = Re w(z) / (sigma sqrt(2 pi)), where w is the Faddeeva function. V depends on sigma through its
square, and dV/dsigma = sigma d2V/dx2, since the Gaussian acts on the Lorentzian as diffusion.

Source
------
NIST Digital Library of Mathematical Functions, 7.10.2 (derivatives of w), 7.12.1 (asymptotic
series), 7.19 (Voigt functions).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

# Beyond |z|**2 = 64 the derivatives come from the series: there 2 i / sqrt(pi) - 2 z w cancels.
_FAR = 128.0
_TERMS = 18
_ODD = [math.prod(range(1, 2 * k, 2)) for k in range(_TERMS)]
_FIRST = [(2 * k + 1) * odd for k, odd in enumerate(_ODD)]
_SECOND = [(2 * k + 2) * odd for k, odd in enumerate(_FIRST)]
_ON_AXIS = 1e-6

Array = NDArray[np.float64]
Complex = NDArray[np.complex128]


def profile(x: Any, sigma: Any, gamma: Any, out: Array | None = None) -> Any:
    """Voigt profile of area 1.

    Parameters
    ----------
    x : float or ndarray
        Distance from the centre, in x.
    sigma : float or ndarray
        Standard deviation of the Gaussian, in x; its sign is of no account.
    gamma : float or ndarray
        Half width at half maximum of the Lorentzian, in x; below 0 the function is continued.
    out : ndarray, optional
        Where to write.

    Returns
    -------
    float or ndarray
        In 1/x, of the arguments' common shape.
    """
    from scipy import special

    return special.voigt_profile(x, np.abs(sigma), gamma, out)


def jet(x: Any, sigma: Any, gamma: Any) -> Array:
    """Voigt profile with its derivatives.

    Parameters
    ----------
    x, sigma, gamma : float or ndarray
        As of `profile`.

    Returns
    -------
    ndarray, (4, shape of the arguments)
        The value in 1/x and its derivatives by x, sigma and gamma in 1/x**2.
    """
    full: list[Array] = [np.asarray(a, dtype=np.float64) for a in (x, sigma, gamma)]
    x, sigma, gamma = (np.atleast_1d(a) for a in np.broadcast_arrays(*full))
    shape = np.broadcast_shapes(*(a.shape for a in full))
    result = np.empty((4, *x.shape))
    result[0] = profile(x, sigma, gamma)
    far = x * x + gamma * gamma > _FAR * sigma * sigma
    for part, derivatives in ((far, _far), (~far, _near)):
        if part.any():
            result[1:, part] = derivatives(x[part] + 1j * gamma[part], sigma[part])
    return result.reshape(4, *shape)


def _near(zeta: Complex, sigma: Array) -> Array:
    from scipy import special

    z = zeta / (np.abs(sigma) * math.sqrt(2.0))
    w = special.wofz(z)
    first = 2j / math.sqrt(math.pi) - 2.0 * z * w
    second = -2.0 * (w + z * first)
    scale = 2.0 * math.sqrt(math.pi) * sigma * sigma
    by_sigma = np.sign(sigma) * second.real / (math.sqrt(2.0) * scale)
    return np.stack([first.real / scale, by_sigma, -first.imag / scale])


def _far(zeta: Complex, sigma: Array) -> Array:
    ratio = (sigma / zeta) ** 2
    line = 1j / (math.pi * zeta)
    first = -line / zeta * _series(_FIRST, ratio)
    second = line / zeta**2 * _series(_SECOND, ratio)
    # Below the real axis the continued function has the Gaussian twice more, on the axis once.
    times = np.where(zeta.imag > _ON_AXIS * np.abs(sigma), 0.0, 1.0)
    times[zeta.imag < -_ON_AXIS * np.abs(sigma)] = 2.0
    if times.any():
        bell = times * np.exp(-0.5 / ratio) / (np.abs(sigma) * math.sqrt(2.0 * math.pi))
        first = first + np.where(times, -bell / (ratio * zeta), 0.0)
        second = second + np.where(times, bell * (1.0 / ratio - 1.0) / sigma**2, 0.0)
    return np.stack([first.real, sigma * second.real, -first.imag])


def _series(coefficients: list[int], ratio: Complex) -> Complex:
    total = np.full_like(ratio, coefficients[-1])
    for coefficient in reversed(coefficients[:-1]):
        total *= ratio
        total += coefficient
    return total
