"""A strategy that groups pixels by the shape of their spectra."""

import numpy as np
from numpy.typing import NDArray

from hsjupyter.core.errors import FitError
from hsjupyter.samfire.board import Board, Database, Wave
from hsjupyter.samfire.marker import Array, Places

__all__ = ["SegmentationStrategy"]

FEATURES = 64  # numbers that a spectrum is summed up to
STARTS = 8  # done pixels that a segment may start from
_BLOCK = 4096


class SegmentationStrategy:
    """Pixels are grouped by the shape of their spectra; a segment is fitted from its centre out.

    Of every segment the pixel nearest to its centre is fitted first, from done pixels of any
    segment and from the working values; the others then start from what was found in the segment.

    Parameters
    ----------
    segments : int
        How many groups are looked for.
    """

    name = "Segmentation strategy"
    refits = False

    def __init__(self, segments: int = 8) -> None:
        if not int(segments) >= 1:
            raise FitError(f"{self.name}: segments={segments!r} came; at least 1 is wanted")
        self.segments = int(segments)
        self._labels: NDArray[np.intp] | None = None

    def refresh(self, board: Board) -> None:
        """Group the pixels anew."""
        marker = board.marker
        which = np.flatnonzero(marker.left | marker.done)
        shapes = features(board, which)
        # A generator of its own: grouping twice gives the same groups.
        labels, far = k_means(shapes, self.segments, np.random.default_rng(0))
        self._labels = np.full(len(marker.state), -1, dtype=np.intp)
        self._far = np.full(len(marker.state), np.inf)
        self._labels[which], self._far[which] = labels, far
        self._tried = np.full(len(marker.state), -1, dtype=np.int64)

    def propose(self, board: Board) -> Wave | None:
        """The centres of segments where nothing is done; else what is left of the others."""
        if self._labels is None:
            self.refresh(board)
        labels, marker = self._labels, board.marker
        if labels is None:
            return None
        pixels: list[int] = []
        rows: list[Array] = []
        origins: list[NDArray[np.int64]] = []
        everywhere = self._spread(np.flatnonzero(marker.done))
        for segment in range(self.segments):
            inside = labels == segment
            done = np.flatnonzero(marker.done & inside)
            known = self._spread(done)
            # What is known beside a pixel changes when more is done: worth another try.
            fresh = np.flatnonzero(marker.left & inside & (self._tried < len(known)))
            if not fresh.size:
                continue
            if not len(known):  # one pixel first: the whole segment from everywhere is dear
                fresh = fresh[[np.argmin(self._far[fresh])]]
            starts, where = self._starts(board, known if len(known) else everywhere)
            self._tried[fresh] = len(known)
            pixels += fresh.tolist()
            rows += [starts] * len(fresh)
            origins += [where] * len(fresh)
        if not pixels:
            return None
        which = np.array(pixels, dtype=np.intp)
        starts = board.own_fixed(which, np.stack(rows))
        words = ("middle of the segment", *["a pixel of the segment"] * (STARTS - 1), "working")
        return Wave(which, starts, np.stack(origins), words, screened=3)

    def _spread(self, done: Places) -> Places:
        """A few of the done pixels, from the middle of their segment outwards."""
        order = done[np.argsort(self._far[done], kind="stable")]
        if len(order) <= STARTS:
            return order
        return order[np.linspace(0, len(order) - 1, STARTS).astype(np.intp)]

    @staticmethod
    def _starts(board: Board, known: Places) -> tuple[Array, NDArray[np.int64]]:
        slots = len(board.task.plan.start)
        starts = np.full((STARTS + 1, slots), np.nan)
        origins = np.full(STARTS + 1, -1, dtype=np.int64)
        starts[: len(known)], origins[: len(known)] = board.rows(known), known
        starts[STARTS] = board.task.plan.start
        return starts, origins

    def learn(self, board: Board, done: Places) -> None:
        """Nothing is kept beside the groups."""

    def database(self, board: Board) -> Database:
        """The segment of every pixel, counted from 0; NaN where it is left out."""
        if self._labels is None:
            self.refresh(board)
        labels = np.full(len(board.marker.state), -1) if self._labels is None else self._labels
        shown = np.where(labels >= 0, labels.astype(float), np.nan)
        return Database("map", map=shown.reshape(board.marker.shape))

    def __repr__(self) -> str:
        return self.name

    _far: Array
    _tried: NDArray[np.int64]


def features(board: Board, which: Places) -> Array:
    """The shapes of spectra, (pixel, feature): sums of channels, of unit length, mean 0."""
    pixels, channels = board.task.pixels, board.task.plan.channels
    edges = np.linspace(0, len(channels), min(FEATURES, len(channels)) + 1).astype(np.intp)[:-1]
    found = np.empty((len(which), len(edges)))
    for start in range(0, len(which), _BLOCK):
        part = slice(start, start + _BLOCK)
        y = np.nan_to_num(pixels.block(which[part], channels, None)[0])
        found[part] = np.add.reduceat(y, edges, axis=1)
    found -= found.mean(axis=1, keepdims=True)
    length = np.sqrt((found**2).sum(axis=1, keepdims=True))
    return found / np.where(length > 0, length, 1.0)


def k_means(
    points: Array, k: int, random: np.random.Generator, rounds: int = 50
) -> tuple[NDArray[np.intp], Array]:
    """Group points about centres.

    Parameters
    ----------
    points : ndarray, (point, feature)
    k : int
    random : numpy.random.Generator
    rounds : int
        No more than this many.

    Returns
    -------
    labels : ndarray of int, (point,)
    distance : ndarray, (point,)
        To the centre of the group.

    Source
    ------
    Lloyd, IEEE Trans. Inf. Theory 28 (1982) 129, doi:10.1109/TIT.1982.1056489; the first centres:
    Arthur & Vassilvitskii, Proc. 18th ACM-SIAM Symp. Discrete Algorithms (2007) 1027.
    """
    k = max(1, min(k, len(points)))
    centres = points[random.integers(len(points))][np.newaxis]
    near = ((points - centres) ** 2).sum(axis=1)
    while len(centres) < k and near.sum() > 0:
        one = points[random.choice(len(points), p=near / near.sum())]
        centres = np.vstack([centres, one])
        near = np.minimum(near, ((points - one) ** 2).sum(axis=1))
    labels = np.full(len(points), -1, dtype=np.intp)
    square = (points**2).sum(axis=1)[:, np.newaxis]
    for _ in range(rounds):
        apart = square - 2 * points @ centres.T + (centres**2).sum(axis=1)
        now = apart.argmin(axis=1)
        if (now == labels).all():
            break
        labels = now
        for c in np.unique(labels):
            centres[c] = points[labels == c].mean(axis=0)
    distance: Array = np.sqrt(((points - centres[labels]) ** 2).sum(axis=1))
    return labels, distance
