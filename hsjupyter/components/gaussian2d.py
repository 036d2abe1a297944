"""The Gaussian of two coordinates."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from hsjupyter.components.gaussian import FWHM_PER_SIGMA
from hsjupyter.components.refine import solve
from hsjupyter.core.component import Component
from hsjupyter.core.estimate import Interval, channels_inside, estimate
from hsjupyter.core.parameter import Par
from hsjupyter.core.shape import Array, Coords
from hsjupyter.core.signal import BaseSignal

_ROUNDS = 30


class Gaussian2D(Component):
    """A Gaussian of volume ``A``, turned by ``rotation_angle``.

    Parameters
    ----------
    *values : float
        Starting values, in declared order.
    add_rotation : bool
        True frees ``rotation_angle``.
    **named : float
        Starting values by parameter name.

    Source: Johnson & Kotz, Distributions in Statistics: Continuous Multivariate Distributions,
    ch. 36.
    """

    dimensions = 2
    formula = (
        "A / (2 * pi * sigma_x * sigma_y)"
        " * exp(-((u * cos(rotation_angle) - v * sin(rotation_angle)) / sigma_x)**2 / 2"
        " - ((u * sin(rotation_angle) + v * cos(rotation_angle)) / sigma_y)**2 / 2)"
        "; u = x - centre_x; v = y - centre_y"
    )
    A = Par(1.0, bmin=0.0, unit="y·x^2", doc="volume under the surface")
    sigma_x = Par(1.0, bmin=0.0, unit="x", doc="standard deviation along its first axis")
    sigma_y = Par(1.0, bmin=0.0, unit="x", doc="standard deviation along its second axis")
    centre_x = Par(0.0, unit="x", doc="x of the maximum")
    centre_y = Par(0.0, unit="x", doc="y of the maximum")
    rotation_angle = Par(
        0.0,
        free=False,
        unit="rad",
        doc="of its first axis from x, counter-clockwise in an image, whose y points down",
    )
    position = ("centre_x", "centre_y")

    def __init__(self, *values: Any, add_rotation: bool = False, **named: Any) -> None:
        super().__init__(*values, **named)
        if add_rotation:
            self.rotation_angle.free = True

    @property
    def fwhm_x(self) -> float:
        """Full width at half maximum along its first axis, in x; setting it sets ``sigma_x``."""
        return float(self.sigma_x.value) * FWHM_PER_SIGMA

    @fwhm_x.setter
    def fwhm_x(self, value: float) -> None:
        self.sigma_x.value = value / FWHM_PER_SIGMA

    @property
    def fwhm_y(self) -> float:
        """Full width at half maximum along its second axis, in x; setting it sets ``sigma_y``."""
        return float(self.sigma_y.value) * FWHM_PER_SIGMA

    @fwhm_y.setter
    def fwhm_y(self, value: float) -> None:
        self.sigma_y.value = value / FWHM_PER_SIGMA

    @property
    def height(self) -> float:
        """Height of the maximum; setting it sets ``A``."""
        return float(self.A.value) / self._spread

    @height.setter
    def height(self, value: float) -> None:
        self.A.value = value * self._spread

    @property
    def _spread(self) -> float:
        return 2 * math.pi * float(self.sigma_x.value) * float(self.sigma_y.value)

    @property
    def sigma_major(self) -> float:
        """The larger standard deviation."""
        return max(float(self.sigma_x.value), float(self.sigma_y.value))

    @property
    def sigma_minor(self) -> float:
        """The smaller standard deviation."""
        return min(float(self.sigma_x.value), float(self.sigma_y.value))

    @property
    def ellipticity(self) -> float:
        """The larger standard deviation over the smaller one."""
        return self.sigma_major / self.sigma_minor

    @property
    def rotation_angle_wrapped(self) -> float:
        """``rotation_angle`` without whole turns, in rad."""
        return math.fmod(float(self.rotation_angle.value), 2 * math.pi)

    @property
    def rotation_major_axis(self) -> float:
        """The angle of the longer axis, counted as ``rotation_angle``, in rad."""
        angle = self.rotation_angle_wrapped
        first = float(self.sigma_x.value) >= float(self.sigma_y.value)
        return angle if first else angle - math.pi / 2

    def estimate_parameters(
        self,
        signal: BaseSignal,
        x1: float | None = None,
        x2: float | None = None,
        only_current: bool = False,
        *,
        y1: float | None = None,
        y2: float | None = None,
        intervals: Sequence[Interval] | None = None,
    ) -> bool:
        """Set start values from what the data look like in a rectangle; see `Component`."""
        inside = channels_inside(signal, intervals or [(x1, x2)])
        inside &= channels_inside(signal, [(y1, y2)], coordinate=1)
        return estimate(self, signal, inside, only_current=only_current)

    def start_values(self, coords: Coords, data: Array) -> Mapping[str, Array]:
        """By moments under a Gaussian weight that takes the shape of what it finds.

        Source: Bernstein & Jarvis, Astron. J. 123 (2002) 583, §3.
        """
        factor, centre, spread = adaptive_moments(np.stack(coords), data)
        wide = np.linalg.eigh(spread)
        angle = np.full(len(data), float(self.rotation_angle.value))
        if self.rotation_angle.free:
            along = wide.eigenvectors[:, :, 1]
            # Counter-clockwise in an image: y points down. Half turns are all alike.
            angle = np.arctan(-along[:, 1] / np.where(along[:, 0] == 0, 1e-300, along[:, 0]))
        turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        own = np.einsum("aip,pij,bjp->pab", turn, spread, turn)
        sigma = np.sqrt(np.maximum(np.einsum("paa->pa", own), 0.0)).T
        volume = factor * 2 * np.pi * sigma[0] * sigma[1]
        found = (volume, *sigma, *centre.T, angle)
        names = ("A", "sigma_x", "sigma_y", "centre_x", "centre_y", "rotation_angle")
        good = np.isfinite(np.array(found)).all(axis=0) & (factor > 0)
        return {n: np.where(good, v, np.nan) for n, v in zip(names, found, strict=True)}


def adaptive_moments(places: Array, data: Array) -> tuple[Array, Array, Array]:
    """Height, centre and covariance of the hump on a flat ground.

    Parameters
    ----------
    places : ndarray, (2, channel)
        x and y of each channel.
    data : ndarray, (pixel, channel)

    Returns
    -------
    height, (pixel,); centre, (pixel, 2); covariance, (pixel, 2, 2)
    """
    above = np.maximum(data - np.median(data, axis=1, keepdims=True), 0.0) ** 2
    weight = above / np.maximum(above.sum(axis=1, keepdims=True), np.finfo(float).tiny)
    centre = weight @ places.T
    middle = places.mean(axis=1, keepdims=True)
    box = np.cov(places - middle) / 4
    spread = np.tile(box, (len(data), 1, 1))
    least = np.linalg.eigvalsh(box)[0] * 4 / places.shape[1]
    height = np.full(len(data), np.nan)
    for _ in range(_ROUNDS):
        u = places[None] - centre[:, :, None]
        form = np.einsum("pik,pij,pjk->pk", u, np.linalg.inv(spread), u)
        line = np.exp(-form / 2)
        rows = np.stack([line, np.ones(line.shape)], axis=1)
        height, ground = solve(rows, data).T
        mass = line * (data - ground[:, None])
        total = mass.sum(axis=1)
        with np.errstate(divide="ignore", invalid="ignore"):
            shift = np.einsum("pk,pik->pi", mass, u) / total[:, None]
            second = np.einsum("pk,pik,pjk->pij", mass, u, u) / total[:, None, None]
        second = second - shift[:, :, None] * shift[:, None, :]
        usable = np.isfinite(second).all(axis=(1, 2)) & (total > 0)
        usable &= np.linalg.eigvalsh(np.where(usable[:, None, None], second, box))[:, 0] > least
        # A Gaussian under a Gaussian weight of its own shape looks half as large.
        moved = np.where(usable[:, None], centre + 2 * shift, centre)
        centre = np.clip(moved, places.min(axis=1), places.max(axis=1))
        spread = np.where(usable[:, None, None], 2 * second, spread)
    return height, centre, spread
