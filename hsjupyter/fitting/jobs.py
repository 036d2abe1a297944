"""What goes to an executor and what comes back: arrays only."""

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hsjupyter.core.model import BaseModel
from hsjupyter.core.reading import read_pixels, rows_of
from hsjupyter.core.signal import BaseSignal
from hsjupyter.fitting.losses import LOSSES, Loss
from hsjupyter.fitting.objective import PixelData
from hsjupyter.fitting.plan import Array, Flags


@dataclass(frozen=True, eq=False)
class Pixels:
    """The data that are fitted, reached by flat pixel index.

    Attributes
    ----------
    data : array_like, (nav..., sig...)
    variance : array_like, (nav..., sig...) or (sig...), float or None
    low_loss : array_like, (nav..., low) or (low,), or None
    map_shape : tuple of int
        The navigation shape in array order; ``(1,)`` for a single spectrum.
    signal_dimension : int
        1 for spectra, 2 for images.
    which : ndarray of int, (pixel,), or None
        Of a part of a map: the flat indices, ascending, of the pixels that it holds.
    """

    data: Any
    variance: Any
    low_loss: Any
    map_shape: tuple[int, ...]
    signal_dimension: int
    which: NDArray[np.intp] | None = None

    def at(self, pixel: int) -> PixelData:
        """What was measured at one pixel."""
        where = np.unravel_index(int(self.places(np.array(pixel))), self.map_shape)
        n_signal = self.signal_dimension
        return PixelData(
            self._one(self.data, where, n_signal),
            self._one(self.variance, where, n_signal),
            None
            if self.low_loss is None
            else np.asarray(self._one(self.low_loss, where, 1), float),
        )

    def part(self, which: NDArray[np.intp]) -> "Pixels":
        """Some pixels alone, in memory, under the same indices: what travels to an engine."""
        which = np.unique(which)
        places, varying = self.places(which), self.varying
        found = {"data": self.data, "variance": self.variance, "low_loss": self.low_loss}
        for name, array in found.items():
            if name in varying:
                found[name] = np.ascontiguousarray(rows_of(array, self.map_shape, places))
            elif array is not None and not np.isscalar(array):
                found[name] = np.asarray(array)
        return replace(self, **found, map_shape=(len(which),), which=which)

    @property
    def varying(self) -> dict[str, Any]:
        """The arrays that hold something for every pixel, by name; the others are one for all."""
        n = {"data": self.signal_dimension, "variance": self.signal_dimension, "low_loss": 1}
        known = {name: getattr(self, name) for name in n}
        return {
            name: array
            for name, array in known.items()
            if array is not None
            and not np.isscalar(array)
            and array.ndim > n[name]
            and tuple(array.shape[: array.ndim - n[name]]) == self.map_shape
        }

    @property
    def absolute(self) -> bool:
        """Whether the noise variance is known."""
        return self.variance is not None

    def block(
        self,
        which: NDArray[np.intp],
        channels: NDArray[np.intp],
        widths: Array | None,
        *,
        counts: bool = False,
    ) -> tuple[Array, Array | None, NDArray[np.str_]]:
        """Data, roots of the weights, and what is wrong, of several pixels.

        Parameters
        ----------
        which : ndarray of int, (pixel,)
        channels : ndarray of int, (channel,)
            The signal range.
        widths : ndarray, (channel,), or None
            Where the data are binned: data are divided and weights multiplied by them, so that
            the model is a density.
        counts : bool
            The noise is that of counts: no weights but the widths, and nothing below 0.

        Returns
        -------
        y : ndarray, (pixel, channel)
        roots : ndarray, (pixel or 1, channel), or None
        wrong : ndarray of str, (pixel,)
            Empty where nothing is.
        """
        y = self._rows(self.data, which, channels)
        wrong = np.where(np.isfinite(y).all(axis=1), "", "DataError: the data hold NaN or infinity")
        roots = None
        if counts:
            negative = (y < 0).any(axis=1) & (wrong == "")
            wrong = np.where(negative, "DataError: counts are negative", wrong)
        elif self.variance is not None:
            roots, bad = self.roots(which, channels, None)
            wrong = np.where(bad & (wrong == ""), "DataError: a variance is not positive", wrong)
        if widths is not None:
            y = y / widths
            roots = widths[np.newaxis].copy() if roots is None else roots * widths
        return np.require(y, requirements=["C", "W"]), roots, wrong

    def roots(
        self, which: NDArray[np.intp], channels: NDArray[np.intp], widths: Array | None
    ) -> tuple[Array | None, Flags | None]:
        """Roots of the weights as `block` has them, and the pixels where they are wrong."""
        if self.variance is None:
            return None if widths is None else widths[np.newaxis].copy(), None
        known = self._rows(self.variance, which, channels)
        bad: Flags = ~np.array((np.isfinite(known) & (known > 0)).all(axis=1))
        with np.errstate(invalid="ignore", divide="ignore"):
            roots = 1 / np.sqrt(known)
        if widths is not None:
            roots = roots * widths
        return np.require(roots, requirements=["C", "W"]), bad

    @property
    def plain(self) -> bool:
        """Whether the data are numbers of the processor in one piece, to be read where they are.

        A memory map is not: what was read of it stays in memory until the system is told.
        """
        data = self.data
        return (
            isinstance(data, np.ndarray)
            and not isinstance(data, np.memmap)
            and data.dtype in {np.dtype(np.float64), np.dtype(np.float32)}
            and data.flags.c_contiguous
            and data.flags.aligned
        )

    def _rows(
        self, array: Any, which: NDArray[np.intp], channels: NDArray[np.intp]
    ) -> NDArray[np.float64]:
        """Several pixels, (pixel, channel), of an array that may hold one for all."""
        if np.isscalar(array):
            return np.full((1, len(channels)), array, dtype=np.float64)
        spectrum = array.shape[array.ndim - self.signal_dimension :]
        n = int(np.prod(spectrum))
        if array.ndim == self.signal_dimension:
            rows = np.asarray(array, dtype=np.float64).reshape(1, n)
        else:
            rows = self.rows(array, which).reshape(len(which), n)
        return rows if len(channels) == n else rows[:, channels]

    def rows(self, array: Any, which: NDArray[np.intp]) -> Array:
        """Several pixels, (pixel, sig...), of an array over all of them."""
        there = read_pixels(array, self.map_shape, self.places(which))
        return np.asarray(there, dtype=np.float64)

    def places(self, which: NDArray[np.intp]) -> NDArray[np.intp]:
        """Where pixels of these flat indices lie in the arrays."""
        return which if self.which is None else np.searchsorted(self.which, which)

    @staticmethod
    def _one(array: Any, where: Any, n_signal: int) -> Any:
        if array is None or np.isscalar(array):
            return array
        return np.asarray(array if array.ndim == n_signal else array[where])


def pixels_of(model: BaseModel) -> Pixels:
    """The data that a model is fitted to."""
    signal, low_loss = model.signal, model.spread_by
    variance = signal.get_noise_variance()
    if isinstance(variance, BaseSignal):
        variance = variance.data
    n_signal = signal.axes_manager.signal_dimension
    return Pixels(
        signal.data,
        variance,
        None if low_loss is None else low_loss.data,
        signal.axes_manager.map_shape,
        n_signal,
    )


@dataclass(frozen=True, eq=False)
class Job:
    """Pixels to fit, one after another.

    Attributes
    ----------
    pixels : ndarray of int, (pixel,)
        Flat indices.
    starts : ndarray, (pixel, slot)
        Start values; NaN where a pixel has none of its own.
    active : ndarray of bool, (pixel, component)
    optimizer : str
    options : dict
        For the optimizer.
    loss : Loss
    """

    pixels: NDArray[np.intp]
    starts: Array
    active: Flags
    optimizer: str
    options: dict[str, Any] = field(default_factory=dict)
    loss: Loss = LOSSES["ls"]


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
    engine : str
        Where it was tried; empty for here.
    traceback : str
        Where in the code it went wrong, if an error was raised.
    """

    pixel: int
    start: Array
    reason: str
    engine: str = ""
    traceback: str = ""


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
