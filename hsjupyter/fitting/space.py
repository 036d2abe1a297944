"""What a thread of the compiled driver writes to, see `hsjupyter.fitting.layout`."""

from typing import NamedTuple

import numpy as np

from hsjupyter.fitting import layout as at
from hsjupyter.fitting.plan import Array
from hsjupyter.fitting.tables import LANES, Tables, Words, on_lines


def take_space(t: Tables) -> "Space":
    """What one thread may write to; it goes back to ``t.spaces``."""
    try:
        space: Space = t.spaces.pop()
    except IndexError:
        space = make_space(t)
    return space


class Space(NamedTuple):
    """What one thread writes to.

    Attributes
    ----------
    words : ndarray of int64
        As the driver reads it.
    fine, coarse : ndarray of int64
        Views of the channels, and of the sums with which a fit begins.
    held : ndarray
        What they point to.
    addresses : tuple of int
        Of the table it is for, of ``words``, ``fine`` and ``coarse``: to ask for one takes long,
        where a fit does not.
    """

    words: Words
    fine: Words
    coarse: Words
    held: Array
    addresses: tuple[int, int, int, int]


def make_space(t: Tables) -> Space:
    """Room for one thread."""
    coarse = t.coarse.shape[1]
    m, n_slots, sources = len(t.slots), len(t.plan.owners), t.n_sources
    blocks = -(-t.x.shape[1] // t.block) + 1
    floats = {
        at.WORK: t.n_rows * int(t.table[at.STRIDE]) + LANES,
        at.SCRATCH: 2 * sources + 4,
        at.SLOPES: (len(t.plan.links) + 1) * (sources + 1),
        at.COUNTS: t.block,
        at.WEIGHTS: t.block,
        at.DEVIANCE: 4,
        at.MATRIX: m * m,
        at.RIGHT: m,
        at.STEP: m,
        at.SCALE: m,
        at.HERE: n_slots,
        at.TRIAL: n_slots,
        at.GRAM_HERE: (m + 1) ** 2,
        at.GRAM_TRIAL: (m + 1) ** 2,
        at.CHANGE: m,
        at.STATE: at.STATE_WORDS,
        at.LIVE_GRAM: (m + 1) ** 2,
        at.BOUNDS: int(t.table[at.N_KERNELS]) * blocks,
        at.Y_COARSE: coarse,
        at.ROOTS_COARSE: coarse,
        at.Y_FINE: t.x.shape[1],
        at.BEND: m * m,
        at.WAY: m,
        at.RISE: m,
        at.AWAY: n_slots,
    }
    whole = {at.WHICH: m + 1, at.HELD: m, at.LIVE: m + 1, at.LIVE_PLACES: m + 1}
    # One piece of memory for all; numbers of both kinds are 64 bits long.
    lengths = {
        word: -(-(length + 1) // LANES) * LANES for word, length in {**floats, **whole}.items()
    }
    space, held = np.zeros(at.SPACE_WORDS, dtype=np.int64), on_lines(sum(lengths.values()))
    place = held.ctypes.data
    for word, length in lengths.items():
        space[word] = place
        place += 8 * length
    both = zip((t.lines, t.coarse), t.still, t.across, strict=True)
    fine, coarse_view = (_view(*each, int(t.table[at.LOSS])) for each in both)
    table, words, *views = (of.ctypes.data for of in (t.table, space, fine, coarse_view))
    return Space(space, fine, coarse_view, held, (table, words, views[0], views[1]))


def _view(lines: Array, ranges: Array, across: int, loss: int) -> Words:
    view = np.zeros(at.VIEW_WORDS, dtype=np.int64)
    view[at.X], view[at.N_CHANNELS] = lines.ctypes.data, lines.shape[1]
    view[at.RANGES], view[at.VIEW_LOSS], view[at.VIEW_ACROSS] = ranges.ctypes.data, loss, across
    return view
