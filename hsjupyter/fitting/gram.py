"""One evaluation of a model at one pixel, compiled: model, Jacobian and their products at once.

Nothing is compiled for a new model: a model is a table of addresses (of kernels and tiles), slots
and rows. No Python object is touched inside, so that threads run side by side.
"""

from typing import Any, NamedTuple

from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

BLOCK = 256  # channels at a time: all rows of a block stay in the first cache
LANES = 8  # rows are filled up to a multiple of this with zeros
SIDE = 4  # of a tile, see tiles.py

# Kept on disk by numba; the interpreter is let go; 1/0 is infinite, as in numpy.
compiled: Any = njit(nogil=True, cache=True, error_model="numpy")


class Tables(NamedTuple):
    """A model as the driver reads it; all int64 but for the bounds.

    Attributes
    ----------
    kernels : ndarray, (component, 3)
        Address, first slot, first row (in numbers).
    rows : ndarray, (free + 1,)
        Where the rows of the free numbers begin, then that of the residual.
    slots : ndarray, (free,)
    links : ndarray, (link, 3)
        Address, slot, row; each after all that it follows.
    sources : ndarray, (link, source)
        Slots, -1 for none.
    row_of : ndarray, (slot,)
        Row of each slot, -1 for none.
    empty : ndarray, (k,)
        Rows that no kernel writes.
    tiles : ndarray, (25,)
    poisson : ndarray, (1,)
        Address of the Poisson deviance; 0 for least squares.
    lower, upper : ndarray of float64, (free,)
    """

    kernels: Any
    rows: Any
    slots: Any
    links: Any
    sources: Any
    row_of: Any
    empty: Any
    tiles: Any
    poisson: Any
    lower: Any
    upper: Any


class Work(NamedTuple):
    """What an evaluation writes to; one for a thread.

    Attributes
    ----------
    rows : ndarray
        One block of every row, the residual's first.
    scratch : ndarray
        Arguments and results of a link.
    slopes : ndarray, (link, source)
        Derivatives of the links.
    counts, roots : ndarray
        One block of data, and of roots of weights, for a Poisson likelihood.
    deviance : ndarray, (1,)
    """

    rows: Any
    scratch: Any
    slopes: Any
    counts: Any
    roots: Any
    deviance: Any


def _caller(n_arguments: int) -> Any:
    """A call of machine code by its address, with a tuple of int64."""

    @intrinsic
    def call(_typing: Any, address: Any, arguments: Any) -> Any:  # noqa: ARG001 - numba's names
        def generate(_context: Any, builder: Any, _signature: Any, args: Any) -> Any:
            word = ir.IntType(64)
            kind = ir.FunctionType(ir.VoidType(), [word] * n_arguments)
            function = builder.inttoptr(args[0], kind.as_pointer())
            builder.call(function, [builder.extract_value(args[1], k) for k in range(n_arguments)])
            return _context.get_dummy_value()

        words: Any = types.UniTuple(types.int64, n_arguments)  # type: ignore[no-untyped-call]
        return types.void(types.int64, words), generate

    return call


_call_kernel = _caller(7)
_call_tile = _caller(6)
_call_poisson = _caller(5)


@compiled
def follow(t: Any, p: Any, work: Any) -> None:
    """Fill in the slots that follow others; keep their slopes."""
    scratch = work.scratch
    at = scratch.ctypes.data
    for link in range(t.links.shape[0]):
        n = 0
        for k in range(t.sources.shape[1]):
            if t.sources[link, k] >= 0:
                scratch[n] = p[t.sources[link, k]]
                n += 1
        scratch[n] = 0.0
        _call_kernel(t.links[link, 0], (at, 0, 1, at, at + 8 * n, at + 8 * (n + 1), 1))
        p[t.links[link, 1]] = -scratch[n]
        for k in range(n):
            work.slopes[link, k] = scratch[n + 1 + k]


@compiled
def _fold(t: Any, w: Any, slopes: Any, n: int) -> None:
    """Add the rows of followers to those of what they follow: the chain rule."""
    for back in range(t.links.shape[0]):
        link = t.links.shape[0] - 1 - back
        row = t.links[link, 2]
        for k in range(t.sources.shape[1]):
            if t.sources[link, k] >= 0 and row >= 0:
                to = t.row_of[t.sources[link, k]]
                if to >= 0:
                    slope = slopes[link, k]
                    for i in range(n):
                        w[to + i] += slope * w[row + i]


@compiled
def _products(t: Any, w: Any, n: int, gram: Any) -> None:
    """Add the products of all rows of a block to the upper triangle of the Gram matrix."""
    m = t.rows.shape[0]
    at, rows, g = w.ctypes.data, t.rows.ctypes.data, gram.ctypes.data
    i = 0
    while i < m:
        a = min(SIDE, m - i)
        _call_tile(t.tiles[a * (SIDE + 1)], (at, rows + 8 * i, 0, n, g + 8 * (i * m + i), m))
        j = i + SIDE
        while j < m:
            b = min(SIDE, m - j)
            place = g + 8 * (i * m + j)
            tile = t.tiles[a * (SIDE + 1) + b]
            _call_tile(tile, (at, rows + 8 * i, rows + 8 * j, n, place, m))
            j += SIDE
        i += SIDE


@compiled
def _fill_up(t: Any, w: Any, n: Any, full: Any) -> None:
    """Zeros behind the last channel, up to a whole vector."""
    for k in range(t.rows.shape[0]):
        for i in range(n, full):
            w[t.rows[k] + i] = 0.0


@compiled
def _weigh(t: Any, s: Any, weighted: Any, n: Any, work: Any) -> None:
    """Multiply the rows of a block by the roots of the weights."""
    w = work.rows
    for k in range(t.rows.shape[0]):
        row = t.rows[k]
        if weighted:
            for i in range(n):
                w[row + i] *= s[i]


@compiled
def _weigh_counts(t: Any, y: Any, n: Any, work: Any) -> None:
    """The same for counts, whose weights are those of the model itself."""
    w, roots = work.rows, work.roots
    at = w.ctypes.data
    _call_poisson(
        t.poisson[0], (y.ctypes.data, at, roots.ctypes.data, n, work.deviance.ctypes.data)
    )
    for k in range(t.rows.shape[0] - 1):
        row = t.rows[k]
        for i in range(n):
            w[row + i] *= roots[i]


@compiled
def evaluate(t: Any, pixel: Any, p: Any, work: Any, gram: Any) -> Any:
    """Gram matrix of Jacobian and residual.

    Parameters
    ----------
    t : Tables
    pixel : tuple
        ``x`` (coordinate, channel), ``y`` (channel,), what rows are multiplied by (channel,):
        roots of the weights, or channel widths for counts; and whether that is to be read.
    p : ndarray, (slot,)
        Followers are filled in.
    work : Work
    gram : ndarray, (free + 1, free + 1)
        The upper triangle is written; the residual is the last row.

    Returns
    -------
    float
        Chi squared, or the Poisson deviance.
    """
    x, y, s, weighted = pixel
    w = work.rows
    m = t.rows.shape[0]
    gram[:, :] = 0.0
    work.deviance[0] = 0.0
    follow(t, p, work)
    n = y.shape[0]
    begin = 0
    while begin < n:
        nb = min(BLOCK, n - begin)
        full = (nb + LANES - 1) // LANES * LANES
        for i in range(nb):
            w[i] = y[begin + i]
        for k in range(t.empty.shape[0]):
            for i in range(nb):
                w[t.empty[k] + i] = 0.0
        for c in range(t.kernels.shape[0]):
            _call_kernel(
                t.kernels[c, 0],
                (
                    x.ctypes.data + 8 * begin,
                    x.shape[1],
                    nb,
                    p.ctypes.data + 8 * t.kernels[c, 1],
                    w.ctypes.data,
                    w.ctypes.data + 8 * t.kernels[c, 2],
                    BLOCK,
                ),
            )
        _fold(t, w, work.slopes, nb)
        _weigh(t, s[begin:], weighted, nb, work)
        if t.poisson[0] != 0:
            for i in range(nb):
                work.counts[i] = y[begin + i] * s[begin + i]
            _weigh_counts(t, work.counts, nb, work)
        _fill_up(t, w, nb, full)
        _products(t, w, full, gram)
        begin += BLOCK
    if t.poisson[0] != 0:
        gram[m - 1, m - 1] = work.deviance[0]
    return gram[m - 1, m - 1]
