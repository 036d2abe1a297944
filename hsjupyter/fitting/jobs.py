"""What goes to an executor and what comes back: arrays only."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hsjupyter.core.signal import BaseSignal
from hsjupyter.fitting.plan import Array, Flags


@dataclass(frozen=True, eq=False)
class Pixels:
    """The data that are fitted, reached by flat pixel index.

    Attributes
    ----------
    data : array_like, (nav..., sig...)
    variance : array_like, (nav..., sig...) or (sig...), float or None
    map_shape : tuple of int
        The navigation shape in array order; ``(1,)`` for a single spectrum.
    """

    data: Any
    variance: Any
    map_shape: tuple[int, ...]

    def at(self, pixel: int) -> tuple[NDArray[Any], Any]:
        """Data, (sig...), and variance of one pixel."""
        single = self.data.ndim == 0 or self.map_shape == (1,)
        where = np.unravel_index(pixel, self.map_shape)
        y = self._one(self.data, where, single=single)
        if self.variance is None or np.isscalar(self.variance):
            return y, self.variance
        if self.variance.shape == self.data.shape:
            return y, self._one(self.variance, where, single=single)
        return y, np.asarray(self.variance)

    @staticmethod
    def _one(array: Any, where: Any, *, single: bool) -> NDArray[Any]:
        one: NDArray[Any] = np.asarray(array) if single and where == (0,) else array[where]
        return np.asarray(one)


def pixels_of(signal: BaseSignal) -> Pixels:
    """The data and variance of a signal."""
    variance = signal.get_noise_variance()
    if isinstance(variance, BaseSignal):
        variance = variance.data
    return Pixels(signal.data, variance, signal.axes_manager.map_shape)


@dataclass(frozen=True, eq=False)
class Job:
    """Pixels to fit, one after another.

    Attributes
    ----------
    pixels : ndarray of int, (pixel,)
        Flat indices.
    starts : ndarray, (pixel, slot)
        Start values; NaN in the first slot of a pixel that has none of its own.
    active : ndarray of bool, (pixel, component)
    optimizer : str
    options : dict
        For the optimizer.
    """

    pixels: NDArray[np.intp]
    starts: Array
    active: Flags
    optimizer: str
    options: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Failure:
    """A pixel that could not be fitted.

    Attributes
    ----------
    pixel : int
        Flat index.
    start : ndarray, (slot,)
    reason : str
        The message of what went wrong.
    """

    pixel: int
    start: Array
    reason: str


@dataclass(frozen=True, eq=False)
class Outcome:
    """What was found for the pixels of a job that could be fitted.

    Attributes
    ----------
    pixels : ndarray of int, (pixel,)
    values, std : ndarray, (pixel, slot)
        Standard deviations are NaN for what was not free or is not determined.
    chisq, dof : ndarray, (pixel,)
        Chi squared, and the number of free numbers.
    failures : tuple of Failure
        The other pixels.
    """

    pixels: NDArray[np.intp]
    values: Array
    std: Array
    chisq: Array
    dof: Array
    failures: tuple[Failure, ...]
