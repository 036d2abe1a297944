"""One evaluation of a model at one pixel: model, Jacobian and their products at once.

Nothing is compiled for a new model: a model is a table of addresses (of kernels and tiles), slots
and rows. Functions of this file are translated by `hsjupyter.formula.plain_code`; the words of
their arguments are in `hsjupyter.fitting.layout`.
"""

from __future__ import annotations

from hsjupyter.fitting.layout import (
    BLOCK,
    BOUNDS,
    CODE,
    COUNTS,
    DELTA,
    DEVIANCE,
    EMPTY,
    FIRST_ROW,
    FIRST_SLOT,
    KERNEL_WORDS,
    KERNELS,
    LINE,
    LINKS,
    LIVE,
    LIVE_GRAM,
    LIVE_PLACES,
    N_CHANNELS,
    N_EMPTY,
    N_FREE,
    N_KERNELS,
    N_LINKS,
    N_REACHES,
    N_ROWS,
    N_SOURCES,
    ON_GRID,
    RANGES,
    REACH,
    ROOTS,
    ROW_OF,
    ROWS,
    SCRATCH,
    SIDE,
    SLOPES,
    SOURCES,
    STRIDE,
    TILES,
    VIEW_ACROSS,
    VIEW_LOSS,
    WEIGHTS,
    WORK,
    X,
    Y,
)
from hsjupyter.formula.memory import (
    Floats,
    Integers,
    ahead,
    ahead_whole,
    call,
    floats,
    integers,
)

LANES = 8  # rows are filled up to a multiple of this with zeros
# Exponents that far below the greatest of a component: its value, and its derivatives with their
# polynomials, are below the rounding of what it is at its height.
FAR = 50.0


def follow(t: Integers, s: Integers, p: Floats) -> None:
    """Fill in the slots that follow others; keep their slopes."""
    scratch, slopes = floats(s[SCRATCH]), floats(s[SLOPES])
    links, sources, most = integers(t[LINKS]), integers(t[SOURCES]), t[N_SOURCES]
    for link in range(t[N_LINKS]):
        n = 0
        for k in range(most):
            if sources[link * most + k] >= 0:
                scratch[n] = p[sources[link * most + k]]
                n += 1
        scratch[n] = 0.0
        value, rows = ahead(scratch, n), ahead(scratch, n + 1)
        call(links[3 * link], scratch, 0, 1, scratch, value, rows, 1)
        p[links[3 * link + 1]] = -scratch[n]
        for k in range(n):
            slopes[link * most + k] = scratch[n + 1 + k]


def fold(t: Integers, s: Integers, w: Floats, n: int) -> None:
    """Add the rows of followers to those of what they follow: the chain rule."""
    links, sources, most = integers(t[LINKS]), integers(t[SOURCES]), t[N_SOURCES]
    row_of, slopes = integers(t[ROW_OF]), floats(s[SLOPES])
    for back in range(t[N_LINKS]):
        link = t[N_LINKS] - 1 - back
        row, place = links[3 * link + 2], 0
        for k in range(most):
            source = sources[link * most + k]
            if source >= 0 and row >= 0:
                to = row_of[source]
                if to >= 0:
                    slope = slopes[link * most + place]
                    for i in range(n):
                        w[to + i] += slope * w[row + i]
                place += 1


def products(t: Integers, w: Floats, rows: Integers, m: int, n: int, gram: Floats) -> None:
    """Add the products of m rows of a block to the upper triangle of a Gram matrix, (m, m)."""
    tiles, side = integers(t[TILES]), t[SIDE]
    none = integers(0)
    # Equal parts: tiles of 5, 4 and 4 rows are faster than those of 6, 6 and 1.
    parts = 1 if m == side + 1 else (m + side - 1) // side
    size, larger = m // parts, m % parts
    i = 0
    for part in range(parts):
        a = size + 1 if part < larger else size
        left = ahead_whole(rows, i)
        call(tiles[a * (side + 2)], w, left, none, n, ahead(gram, i * m + i), m)
        j = i + a
        for other in range(part + 1, parts):
            b = size + 1 if other < larger else size
            right = ahead_whole(rows, j)
            call(tiles[a * (side + 2) + b], w, left, right, n, ahead(gram, i * m + j), m)
            j += b
        i += a


def weigh(
    t: Integers, s: Integers, y: Floats, roots: Floats, loss: int, given: bool, n: int
) -> None:
    """Multiply the rows of a block by the roots of the weights, which a loss may change."""
    w, rows, m = floats(s[WORK]), integers(t[ROWS]), t[N_FREE]
    counts, weights = floats(s[COUNTS]), floats(s[WEIGHTS])
    if given:
        for k in range(m + 1):
            row = ahead(w, rows[k])
            for i in range(n):
                row[i] *= roots[i]
    if loss != 0:
        for i in range(n):
            counts[i] = y[i]
        if given:
            for i in range(n):
                counts[i] *= roots[i]
        call(loss, counts, w, weights, n, floats(s[DEVIANCE]))
        for k in range(m):
            row = ahead(w, rows[k])
            for i in range(n):
                row[i] *= weights[i]


def find_reaches(t: Integers, v: Integers, s: Integers, p: Floats, n_blocks: int) -> None:
    """Work out where components are next to nothing: exponents below their greatest, by block."""
    kernels, bounds, ranges = integers(t[KERNELS]), floats(s[BOUNDS]), floats(v[RANGES])
    for c in range(t[N_KERNELS]):
        kernel = ahead_whole(kernels, c * KERNEL_WORDS)
        greatest = -1e300
        for b in range(n_blocks):
            place = ahead(bounds, c * n_blocks + b)
            place[0] = 0.0
            if kernel[REACH] != 0:
                call(kernel[REACH], ahead(ranges, 2 * b), ahead(p, kernel[FIRST_SLOT]), place)
            greatest = max(greatest, place[0])
        for b in range(n_blocks):
            bounds[c * n_blocks + b] -= greatest


def evaluate_block(
    t: Integers, v: Integers, s: Integers, p: Floats, begin: int, n: int, live: bool
) -> int:
    """Rows of one block of channels; how many of them count, listed in LIVE."""
    w, kernels = floats(s[WORK]), integers(t[KERNELS])
    x, width = floats(v[X]), v[N_CHANNELS]
    block, stride, n_blocks = t[BLOCK], t[STRIDE], (width + t[BLOCK] - 1) // t[BLOCK]
    bounds = floats(s[BOUNDS])
    listed, places = integers(s[LIVE]), integers(s[LIVE_PLACES])
    y = floats(v[Y] + 8 * begin)
    for i in range(n):
        w[i] = y[i]
    empty = integers(t[EMPTY])
    for k in range(t[N_EMPTY]):
        row = ahead(w, empty[k])
        for i in range(n):
            row[i] = 0.0
    m, row_list = t[N_FREE], integers(t[ROWS])
    for k in range(m):
        places[k] = 1
    for c in range(t[N_KERNELS]):
        kernel = ahead_whole(kernels, c * KERNEL_WORDS)
        far = live and bounds[c * n_blocks + begin // block] < -FAR
        first = kernel[FIRST_ROW]
        if far:
            # Rows that followers add to must be there; they are nothing, not left out.
            for i in range(kernel[N_ROWS] * stride if t[N_LINKS] != 0 else 0):
                w[first + i] = 0.0
            for k in range(m if t[N_LINKS] == 0 else 0):
                if row_list[k] >= first and row_list[k] < first + kernel[N_ROWS] * stride:
                    places[k] = 0
        else:
            at = ahead(x, begin + kernel[LINE] * width)
            numbers, to = ahead(p, kernel[FIRST_SLOT]), ahead(w, first)
            if kernel[ON_GRID] != 0:
                call(kernel[CODE], at, width, n, numbers, w, to, stride, v[VIEW_ACROSS])
            else:
                call(kernel[CODE], at, width, n, numbers, w, to, stride)
    n_live = 0
    for k in range(m):
        if places[k] != 0:
            places[n_live] = k
            listed[n_live] = row_list[k]
            n_live += 1
    places[n_live] = m
    listed[n_live] = row_list[m]
    return n_live + 1


def evaluate(t: Integers, v: Integers, s: Integers, p: Floats, gram: Floats) -> float:
    """Gram matrix of Jacobian and residual, the upper triangle, the residual last.

    Returns
    -------
    float
        Chi squared, or the loss.
    """
    w, rows, m1 = floats(s[WORK]), integers(t[ROWS]), t[N_FREE] + 1
    roots, given = v[ROOTS], v[ROOTS] != 0
    deviance, few = floats(s[DEVIANCE]), floats(s[LIVE_GRAM])
    places = integers(s[LIVE_PLACES])
    for k in range(m1 * m1):
        gram[k] = 0.0
    deviance[0], deviance[1], deviance[2] = 0.0, 0.0, 0.0
    loss = v[VIEW_LOSS]
    if t[DELTA] != 0:
        deviance[3] = floats(t[DELTA])[0]
    follow(t, s, p)
    width, block = v[N_CHANNELS], t[BLOCK]
    live = t[N_REACHES] != 0
    if live:
        find_reaches(t, v, s, p, (width + block - 1) // block)
    begin = 0
    while begin < width:
        n = min(block, width - begin)
        full = (n + LANES - 1) // LANES * LANES
        n_live = evaluate_block(t, v, s, p, begin, n, live)
        if t[N_LINKS] != 0:
            fold(t, s, w, n)
        if given or loss != 0:
            weigh(t, s, floats(v[Y] + 8 * begin), floats(roots + 8 * begin), loss, given, n)
        if full != n:
            for k in range(m1):
                for i in range(n, full):
                    w[rows[k] + i] = 0.0
        if n_live == m1:
            products(t, w, rows, m1, full, gram)
        else:
            for k in range(n_live * n_live):
                few[k] = 0.0
            products(t, w, integers(s[LIVE]), n_live, full, few)
            for i in range(n_live):
                for j in range(i, n_live):
                    gram[places[i] * m1 + places[j]] += few[i * n_live + j]
        begin += block
    if loss != 0:
        gram[m1 * m1 - 1] = deviance[0]
    return gram[m1 * m1 - 1]
