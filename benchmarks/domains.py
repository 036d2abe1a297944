"""Maps that a raster order fits badly: domains, crossing peaks, misleading starts. All seeded."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
ROOT = float(np.sqrt(2 * np.pi))


@dataclass(frozen=True, eq=False)
class Truth:
    """A map and what it was made of.

    Attributes
    ----------
    x : ndarray, (channel,)
    data : ndarray, (y, x, channel)
    variance : float
        Of the noise.
    centres : ndarray, (component, y, x)
        Where the peaks stand.
    active : ndarray of bool, (component, y, x)
        Where they are.
    """

    x: Array
    data: Array
    variance: float
    centres: Array
    active: NDArray[np.bool_]

    def signal(self, hs: Any, *, known_noise: bool = True) -> Any:
        """The data, of hsjupyter or of HyperSpy."""
        s = hs.signals.Signal1D(self.data.copy())
        axis = s.axes_manager[-1]
        axis.scale, axis.offset = float(self.x[1] - self.x[0]), float(self.x[0])
        if known_noise:
            s.set_noise_variance(self.variance)
        return s


def _peak(x: Array, height: Any, centre: Any, sigma: Any) -> Array:
    h, c, g = (np.asarray(v)[..., np.newaxis] for v in (height, centre, sigma))
    peak: Array = h * np.exp(-((x - c) ** 2) / (2 * g**2))
    return peak


def _places(n: int) -> tuple[Array, Array]:
    u, v = np.meshgrid(np.linspace(0, 1, n), np.linspace(0, 1, n))
    return u, v


def two_peaks(n: int = 64, seed: int = 11) -> Truth:
    """Two Gaussians that wander, and an offset; 256 channels."""
    u, v = _places(n)
    x = np.arange(256.0)
    centres = np.stack([80 + 30 * u + 6 * np.sin(6 * v), 170 - 25 * v + 5 * np.cos(5 * u)])
    y = 20 + _peak(x, 200 * (1 + 0.3 * v), centres[0], 8 + 2 * u)
    y = y + _peak(x, 120 * (1 - 0.3 * u), centres[1], 10 + 4 * v)
    noise = np.random.default_rng(seed).normal(0, 5, y.shape)
    return Truth(x, y + noise, 25.0, centres, np.ones((2, n, n), dtype=bool))


def three_domains(n: int = 64, seed: int = 12) -> Truth:
    """An offset everywhere; one peak, another, or both, in domains of odd shapes."""
    u, v = _places(n)
    x = np.arange(200.0)
    first = (u - 0.3) ** 2 + (v - 0.4) ** 2 < 0.09
    second = np.abs(v - 0.55 - 0.2 * np.sin(5 * u)) < 0.18
    active = np.stack([first | (u > 0.8), second | (u > 0.8)])
    centres = np.stack([60 + 8 * v, 130 + 10 * u])
    y = (
        15
        + _peak(x, 60 * active[0], centres[0], 7 + 2 * u)
        + _peak(x, 50 * active[1], centres[1], 9)
    )
    noise = np.random.default_rng(seed).normal(0, 3, y.shape)
    return Truth(x, y + noise, 9.0, centres, active)


def crossing_peaks(n: int = 48, seed: int = 13) -> Truth:
    """A narrow and a wide peak that change sides along the map; 200 channels."""
    u, v = _places(n)
    x = np.arange(200.0)
    centres = np.stack([60 + 80 * u + 4 * v, 140 - 80 * u])
    y = 10 + _peak(x, 100 + 20 * v, centres[0], 4.0 + 0 * u) + _peak(x, 60, centres[1], 11 + 0 * u)
    noise = np.random.default_rng(seed).normal(0, 2, y.shape)
    return Truth(x, y + noise, 4.0, centres, np.ones((2, n, n), dtype=bool))


def misleading(n: int = 64, seed: int = 14) -> Truth:
    """A peak that wanders far from any one start, beside a weaker one that draws fits to it."""
    u, v = _places(n)
    x = np.arange(256.0)
    centres = np.stack(
        [70 + 110 * (0.5 + 0.5 * np.sin(4.5 * u + 2 * v)), 35 + 190 * (0.5 + 0.5 * np.cos(3 * v))]
    )
    # Kept apart, so that there is one right answer.
    near = np.abs(centres[1] - centres[0]) < 30
    centres[1] = np.where(
        near, centres[0] + np.where(centres[1] >= centres[0], 30, -30), centres[1]
    )
    y = 12 + _peak(x, 90, centres[0], 5 + u) + _peak(x, 40, centres[1], 9 + 2 * v)
    noise = np.random.default_rng(seed).normal(0, 2, y.shape)
    return Truth(x, y + noise, 4.0, centres, np.ones((2, n, n), dtype=bool))
