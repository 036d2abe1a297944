"""The state of every pixel of a SAMFire fit, and who is near whom."""

from itertools import product

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Places = NDArray[np.intp]

# States of a pixel.
TO_DO, RUNNING, DONE, REJECTED, LEFT_OUT = 0, 1, 2, 3, 4
STATES = ("to do", "running", "done", "rejected", "left out")


class Marker:
    """What is known of every pixel; all arrays are flat, (pixel,).

    Parameters
    ----------
    shape : tuple of int
        The navigation shape in array order.
    left_out : ndarray of bool, (pixel,)
        Pixels that are not to be fitted.

    Attributes
    ----------
    state : ndarray of int8
    quality : ndarray
        The measure of done pixels over what is expected of them: 1 for a perfect fit.
    order : ndarray of int
        When it was done, counted from 1; 0 for seeds, -1 where it is not done.
    origin : ndarray of int
        The pixel that its start came from; -1 where there is no single one.
    strategy : ndarray of int
        The strategy that did it, counted as the list; -1 for seeds.
    """

    def __init__(self, shape: tuple[int, ...], left_out: NDArray[np.bool_]) -> None:
        n = int(np.prod(shape))
        self.shape = shape
        self.state = np.where(left_out, LEFT_OUT, TO_DO).astype(np.int8)
        self.quality = np.full(n, np.nan)
        self.order = np.full(n, -1, dtype=np.int64)
        self.origin = np.full(n, -1, dtype=np.int64)
        self.strategy = np.full(n, -1, dtype=np.int64)
        self.finished = 0

    @property
    def done(self) -> NDArray[np.bool_]:
        """Pixels with a good fit."""
        done: NDArray[np.bool_] = self.state == DONE
        return done

    @property
    def left(self) -> NDArray[np.bool_]:
        """Pixels that still want one."""
        left: NDArray[np.bool_] = (self.state != DONE) & (self.state != LEFT_OUT)
        return left

    def finish(self, pixels: Places, quality: Array, origin: Places, strategy: int) -> None:
        """Say that pixels have a good fit; those that had one keep their place in the order."""
        new = pixels[self.order[pixels] < 0]
        self.order[new] = self.finished + 1 + np.arange(len(new))
        self.finished += len(new)
        self.state[pixels], self.quality[pixels] = DONE, quality
        self.origin[pixels], self.strategy[pixels] = origin, strategy

    def seed(self, pixels: Places, quality: Array) -> None:
        """Say that pixels had a good fit before."""
        self.state[pixels], self.quality[pixels] = DONE, quality
        new = pixels[self.order[pixels] < 0]
        self.order[new], self.origin[new], self.strategy[new] = 0, new, -1

    def forget(self, pixels: Places) -> None:
        """Say that pixels have no good fit after all."""
        self.state[pixels], self.quality[pixels] = TO_DO, np.nan
        self.order[pixels] = self.origin[pixels] = self.strategy[pixels] = -1


class Neighbourhood:
    """The pixels within a distance of each other.

    Parameters
    ----------
    shape : tuple of int
        The navigation shape in array order.
    radii : tuple of float
        The distance along each axis, in pixels.

    Attributes
    ----------
    offsets : ndarray of int, (neighbour, axis)
        The nearest first.
    distance : ndarray, (neighbour,)
        In pixels.
    """

    def __init__(self, shape: tuple[int, ...], radii: tuple[float, ...]) -> None:
        self.shape, self.radii = shape, radii
        reach = [range(-int(r), int(r) + 1) for r in radii]
        grid = np.array([o for o in product(*reach) if any(o)], dtype=np.intp)
        grid = grid.reshape(-1, len(shape))
        inside = ((grid / np.maximum(radii, 1e-9)) ** 2).sum(axis=1) <= 1 + 1e-9
        far = np.sqrt((grid.astype(float) ** 2).sum(axis=1))
        order = np.argsort(far[inside], kind="stable")
        self.offsets, self.distance = grid[inside][order], far[inside][order]
        self.adjacent = np.abs(self.offsets).max(axis=1, initial=0) <= 1

    def of(self, pixels: Places) -> Places:
        """The neighbours of pixels, (pixel, neighbour); -1 outside of the map."""
        where = np.stack(np.unravel_index(pixels, self.shape), axis=-1)
        near = where[:, np.newaxis] + self.offsets
        good = ((near >= 0) & (near < self.shape)).all(axis=-1)
        flat: Places = np.ravel_multi_index(
            tuple(np.moveaxis(np.where(good[..., np.newaxis], near, 0), -1, 0)), self.shape
        )
        return np.where(good, flat, -1)
