"""A plan as the compiled driver reads it: lists of 64-bit words, see `hsjupyter.fitting.layout`."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hsjupyter.core.shape import FormulaShape
from hsjupyter.fitting import layout as at
from hsjupyter.fitting.plan import Array, Flags, Plan
from hsjupyter.fitting.separate import separate
from hsjupyter.formula import Formula
from hsjupyter.formula.kernel_code import Kernel, LeanKernel, compile_kernel, compile_lean
from hsjupyter.formula.numpy_code import Evaluator

Words = NDArray[np.int64]

LANES = 8
# The first stage: how many channels it sums up, and how few sums there may be.
_FACTORS, _FEW = (8, 4, 2), 192
_LARGEST, _LEAST = 1024, 128  # channels of a block
_APART = 24  # numbers between rows
_CACHE = 3328  # numbers: what all rows of a block may hold, so that they stay in the first cache


@dataclass(frozen=True, eq=False)
class Tables:
    """A plan for one set of active components.

    Attributes
    ----------
    plan : Plan
    active : ndarray of bool, (component,)
    slots : ndarray of int, (free,)
    lower, upper : ndarray, (free,)
    table : ndarray of int64
        What the driver reads.
    x : ndarray, (coordinate, channel)
    lines, coarse : ndarray, (row, channel)
        What the kernels read: coordinates, and beside them what was worked out once; of the
        channels, and of the sums with which a fit begins.
    factor : int
        Channels of such a sum; 1 for none.
    block : int
        Channels at a time.
    n_rows : int
        Of numbers and residual, those of what is not free included.
    held : tuple
        What the table points to, so that it lives as long.
    """

    plan: Plan
    active: Flags
    slots: NDArray[np.int64]
    lower: Array
    upper: Array
    table: Words
    x: Array
    lines: Array
    coarse: Array
    factor: int
    block: int
    n_rows: int
    held: tuple[Any, ...]

    @property
    def n_sources(self) -> int:
        """Of the link that has most."""
        return int(self.table[at.N_SOURCES])

    def ranges(self, x: Array) -> Array:
        """The least and greatest coordinate of every block, (block, coordinate, 2)."""
        x = x[: len(self.x)]
        cuts = [x[:, k : k + self.block] for k in range(0, x.shape[1], self.block)]
        each = [[cut.min(axis=1), cut.max(axis=1)] for cut in cuts]
        return np.ascontiguousarray(np.moveaxis(np.array(each), 1, 2))


@lru_cache(maxsize=1024)
def kernel_of(formula: Formula | None, wanted: tuple[str, ...] | None) -> Kernel | None:
    """The kernel of a formula with the derivatives that are wanted."""
    return None if formula is None else compile_kernel(formula.derivative_tape(wanted))


def wanted_of(plan: Plan, component: int) -> tuple[str, ...]:
    """The parameters whose derivatives a kernel writes: those that move at all."""
    shape = plan.shapes[component]
    if not isinstance(shape, FormulaShape):
        return ()
    mine = np.flatnonzero(plan.owners == component)
    followers = {link.slot for link in plan.links}
    moving = [bool(plan.free[s]) or s in followers for s in mine]
    return tuple(n for n, moves in zip(shape.formula.order, moving, strict=True) if moves)


@lru_cache(maxsize=1024)
def lean_of(formula: Formula, wanted: tuple[str, ...]) -> LeanKernel | None:
    """The kernel of a formula without what can be worked out once."""
    return compile_lean(formula, wanted)


def make_tables(plan: Plan, active: Flags, loss: int = 0, fixed: Array | None = None) -> Tables:
    """The tables of a plan; every shape and link must have a kernel.

    Parameters
    ----------
    plan : Plan
    active : ndarray of bool, (component,)
    loss : int
        Address of its code; 0 for least squares.
    fixed : ndarray, (slot,), optional
        What does not move, where all pixels have the same: then what depends on nothing else is
        worked out once.
    """
    from hsjupyter.fitting import tiles

    lines = _Lines(len(plan.coords))
    kernels: list[Kernel] = []
    words: list[list[int]] = []
    row_of = np.full(len(plan.owners), -1, dtype=np.int64)
    next_row = 1  # row 0 is the residual
    for c in np.flatnonzero(active).tolist():
        shape, wanted = plan.shapes[c], wanted_of(plan, c)
        mine = np.flatnonzero(plan.owners == c)
        kernel, line = None, 0
        if isinstance(shape, FormulaShape) and fixed is not None:
            lean = lean_of(shape.formula, wanted)
            if lean is not None:
                kernel = lean.kernel
                if lean.once is not None:
                    line = lines.add(lean.once, fixed[mine])
        elif isinstance(shape, FormulaShape):
            kernel = kernel_of(shape.formula, wanted)
        if kernel is None or not isinstance(shape, FormulaShape):
            raise TypeError(f"{shape!r} has no kernel")
        for k, name in enumerate(wanted):
            row_of[mine[shape.formula.order.index(name)]] = next_row + k
        first_slot = int(mine[0]) if mine.size else 0
        words.append([kernel.address, first_slot, next_row, 0, line, len(wanted)])
        kernels.append(kernel)
        next_row += len(wanted)
    slots = np.asarray(plan.free_slots(active), dtype=np.int64)
    empty = [int(s) for s in slots if row_of[s] < 0]
    for s in empty:  # what only followers depend on
        row_of[s] = next_row
        next_row += 1
    block = _block(len(plan.coords[0]), next_row)
    stride = block + _APART
    row_of = np.where(row_of < 0, -1, row_of * stride)
    links, sources = [], np.full((len(plan.links), _most_sources(plan)), -1, dtype=np.int64)
    for i, link in enumerate(plan.links):
        law = kernel_of(link.link.formula, None)
        if law is None:
            raise TypeError(f"{link!r} has no kernel")
        kernels.append(law)
        links.append([law.address, link.slot, int(row_of[link.slot])])
        sources[i, : len(link.sources)] = link.sources
    separation = separate(plan, active, slots) if loss == 0 else None
    linear = [] if separation is None else separation.linear
    kernel_words = _words(words).reshape(-1, at.KERNEL_WORDS)
    kernel_words[:, at.FIRST_ROW] *= stride
    tile_table, lower, upper = tiles.addresses(), plan.lower[slots], plan.upper[slots]
    lists: dict[int, Any] = {
        at.KERNELS: kernel_words,
        at.ROWS: _words([*row_of[slots], 0]),
        at.SLOTS: slots,
        at.LINKS: _words(links),
        at.SOURCES: sources,
        at.ROW_OF: row_of,
        at.EMPTY: _words([row_of[s] for s in empty]),
        at.TILES: _words(tile_table),
        at.LOWER: np.ascontiguousarray(lower),
        at.UPPER: np.ascontiguousarray(upper),
        at.LINEAR: _words(linear),
        at.OWNER: _words([-1] * len(slots) if separation is None else separation.owner),
    }
    table = np.zeros(at.TABLE_WORDS, dtype=np.int64)
    for word, numbers in lists.items():
        table[word] = numbers.ctypes.data
    table[at.N_KERNELS], table[at.N_FREE] = len(words), len(slots)
    table[at.N_SLOTS], table[at.N_LINKS] = len(plan.owners), len(links)
    table[at.N_SOURCES], table[at.N_EMPTY] = sources.shape[1], len(empty)
    table[at.SIDE], table[at.LOSS], table[at.BLOCK] = tiles.side(), loss, block
    table[at.N_LINEAR], table[at.STRIDE] = len(linear), stride
    x = np.ascontiguousarray(np.stack(plan.coords), dtype=np.float64)
    factor = _factor(x, len(slots))
    coarse = x.shape[1] // factor
    sums = x[:, : coarse * factor].reshape(len(x), coarse, factor).mean(axis=2)
    held = (tuple(kernels), lists)
    return Tables(
        plan,
        active.copy(),
        slots,
        lower,
        upper,
        table,
        x,
        lines.of(x),
        lines.of(sums),
        factor,
        block,
        next_row,
        held,
    )


class _Lines:
    """Rows beside the coordinates, as they are asked for."""

    def __init__(self, coordinates: int) -> None:
        self._coordinates, self._rows = coordinates, coordinates
        self._made: list[tuple[Evaluator, Array]] = []

    def add(self, once: Evaluator, numbers: Array) -> int:
        """Take in what a kernel reads; the row at which it begins, with its coordinates."""
        self._made.append((once, numbers))
        begin = self._rows
        self._rows += self._coordinates + len(once.tape.outputs)
        return begin

    def of(self, x: Array) -> Array:
        """All rows, (row, channel), of coordinates, (coordinate, channel)."""
        rows = [x]
        for once, numbers in self._made:
            made = once(tuple(x), numbers)
            rows += [x, made.reshape(-1, x.shape[1])]
        return np.ascontiguousarray(np.concatenate(rows))


def _factor(x: Array, n_free: int) -> int:
    """Channels that the first stage sums up; neighbours in an image are not neighbours here."""
    if len(x) > 1:
        return 1
    least = max(_FEW, 8 * n_free)
    return next((f for f in _FACTORS if x.shape[1] // f >= least), 1)


def _words(numbers: Any) -> Words:
    return np.array(numbers, dtype=np.int64)


def _most_sources(plan: Plan) -> int:
    return max([1, *(len(link.sources) for link in plan.links)])


def _block(channels: int, n_rows: int) -> int:
    """Channels at a time, in blocks of about equal length."""
    most = max(min(_CACHE // n_rows, _LARGEST), _LEAST)
    blocks = -(-channels // most)
    return -(-channels // blocks // LANES) * LANES


def make_space(t: Tables) -> tuple[Words, list[Any]]:
    """What one thread writes to, and the arrays that it points to.

    Parameters
    ----------
    t : Tables
    """
    coarse = t.coarse.shape[1]
    m, n_slots, sources = len(t.slots), len(t.plan.owners), t.n_sources
    blocks = -(-t.x.shape[1] // t.block) + 1
    floats = {
        at.WORK: t.n_rows * (t.block + _APART) + LANES,
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
    }
    whole = {at.WHICH: m + 1, at.HELD: m, at.LIVE: m + 1, at.LIVE_PLACES: m + 1}
    space, held = np.zeros(at.SPACE_WORDS, dtype=np.int64), []
    for lengths, kind in ((floats, np.float64), (whole, np.int64)):
        for word, length in lengths.items():
            held.append(np.zeros(length + 1, dtype=kind))
            space[word] = held[-1].ctypes.data
    return space, held
