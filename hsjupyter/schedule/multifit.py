"""The schedule of `multifit`: jobs of a fixed length along a path."""

import numpy as np
from numpy.typing import NDArray

from hsjupyter.core.maps import ParameterMaps
from hsjupyter.fitting.call import FitCall
from hsjupyter.fitting.jobs import Job


class Multifit:
    """Cuts a path into jobs; the cutting does not depend on who works.

    Parameters
    ----------
    maps : ParameterMaps
        Stored values are the starts of their pixels.
    path : ndarray of int, (pixel,)
        The pixels to fit, in order.
    multidimensional : ndarray of bool, (component,)
        Components whose `active` is kept for every pixel.
    active : ndarray of bool, (component,)
        What counts for the others.
    length : int
        Pixels of a job.
    call : FitCall
        Optimizer, loss and options.
    taken : ndarray of bool, (slot,), optional
        The slots whose stored values are starts; all where not given.
    """

    def __init__(
        self,
        maps: ParameterMaps,
        path: NDArray[np.intp],
        multidimensional: NDArray[np.bool_],
        active: NDArray[np.bool_],
        *,
        length: int,
        call: FitCall,
        taken: NDArray[np.bool_] | None = None,
    ) -> None:
        self._path, self._next, self._length = path, 0, length
        slots = maps.values.shape[-1]
        self._taken = np.ones(slots, dtype=bool) if taken is None else taken
        self._values = maps.values.reshape(-1, slots)
        self._is_set = maps.is_set.reshape(-1, slots)
        self._active = np.where(
            multidimensional, maps.active.reshape(-1, len(active)), active[np.newaxis]
        )
        self._call = call

    def next_job(self) -> Job | None:
        """The next pixels along the path; None at its end."""
        if self._next >= len(self._path):
            return None
        pixels = self._path[self._next : self._next + self._length]
        self._next += self._length
        starts = np.where(self._is_set[pixels] & self._taken, self._values[pixels], np.nan)
        call = self._call
        return Job(pixels, starts, self._active[pixels], call.optimizer, call.options, call.loss)
