"""The schedule of `multifit`: jobs of a fixed length along a path."""

import numpy as np
from numpy.typing import NDArray

from hsjupyter.core.maps import ParameterMaps
from hsjupyter.fitting.call import FitCall
from hsjupyter.fitting.jobs import Job
from hsjupyter.schedule.starts import Starts


class Multifit:
    """Cuts a path into jobs; the cutting does not depend on who works.

    Parameters
    ----------
    maps : ParameterMaps
        They say which components count.
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
    starts : callable
        Gives the start values of pixels.
    known : ndarray of bool, (all pixels,), optional
        Pixels that an earlier run has done. They are left out of the jobs that they were in, so
        that the others are fitted as they would have been.
    """

    def __init__(  # noqa: PLR0917 - the parts of a run
        self,
        maps: ParameterMaps,
        path: NDArray[np.intp],
        multidimensional: NDArray[np.bool_],
        active: NDArray[np.bool_],
        length: int,
        call: FitCall,
        starts: Starts,
        known: NDArray[np.bool_] | None = None,
    ) -> None:
        self._path, self._next, self._length = path, 0, length
        self._starts, self._known = starts, known
        self._active = active[np.newaxis]
        if multidimensional.any():
            own = maps.active.reshape(-1, len(active))
            self._active = np.where(multidimensional, own, self._active)
        self._call = call

    def next_job(self) -> Job | None:
        """The next pixels along the path; None at its end."""
        while self._next < len(self._path):
            pixels = self._path[self._next : self._next + self._length]
            self._next += self._length
            if self._known is not None:
                pixels = pixels[~self._known[pixels]]
            if len(pixels):
                call = self._call
                alike = len(self._active) == 1
                active = np.repeat(self._active, len(pixels), 0) if alike else self._active[pixels]
                return Job(
                    pixels, self._starts(pixels), active, call.optimizer, call.options, call.loss
                )
        return None
