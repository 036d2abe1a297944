"""A plan as the compiled driver reads it: lists of 64-bit words, see `hsjupyter.fitting.layout`."""

from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hsjupyter.core.shape import FormulaShape
from hsjupyter.fitting import layout as at
from hsjupyter.fitting.first_stage import Sums, find_sums, row_length
from hsjupyter.fitting.plan import Array, Flags, Plan
from hsjupyter.fitting.separate import separate
from hsjupyter.formula import Formula
from hsjupyter.formula.grid import MOST
from hsjupyter.formula.kernel_code import (
    Kernel,
    LeanKernel,
    can_compile,
    compile_kernel,
    compile_lean,
)
from hsjupyter.formula.numpy_code import Evaluator

Words = NDArray[np.int64]

LANES = 8
_LARGEST, _LEAST = 1024, 128  # channels of a block
_NARROW = 256  # and where lines are left out of blocks that they do not reach
APART = 24  # numbers between rows
_CACHE = 3328  # numbers: what all rows of a block may hold, so that they stay in the first cache
_CACHE_OF_ROWS = 3900  # and of an image, where what a kernel reads is small


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
    sums : Sums
        How channels are summed up.
    across : tuple of int
        Channels in a row of an image, and sums in one, where kernels work by rows; else 0.
    block : int
        Channels at a time.
    n_rows : int
        Of numbers and residual, those of what is not free included.
    held : tuple
        What the table points to, so that it lives as long.
    spaces : list
        Room that no thread writes to at the moment, see `hsjupyter.fitting.space`.
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
    sums: Sums
    across: tuple[int, int]
    block: int
    n_rows: int
    held: tuple[Any, ...]
    spaces: list[Any] = field(default_factory=list)

    @property
    def n_sources(self) -> int:
        """Of the link that has most."""
        return int(self.table[at.N_SOURCES])

    @cached_property
    def span(self) -> float:
        """How long the longest axis is."""
        return float(np.ptp(self.x, axis=1).max())

    @cached_property
    def still(self) -> tuple[Array, Array]:
        """The ranges of both views."""
        return self.ranges(self.lines), self.ranges(self.coarse)

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


@lru_cache(maxsize=1024)
def has_kernel(formula: Formula | None, wanted: tuple[str, ...] | None) -> bool:
    """Whether a formula has a kernel; it is not compiled yet."""
    return formula is not None and can_compile(formula.derivative_tape(wanted))


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
def lean_of(
    formula: Formula, wanted: tuple[str, ...], zeros: tuple[str, ...] = ()
) -> LeanKernel | None:
    """The kernel of a formula without what can be worked out once."""
    return compile_lean(formula, wanted, zeros)


class LossCode(NamedTuple):
    """The code of a loss.

    Attributes
    ----------
    here : int
        Address of what is called at every evaluation; 0 for least squares.
    end : int
        Of what tells of errors; 0 for nothing.
    slopes : int
        Of one with the same slopes that costs less; 0 for none.
    delta : float
        A number of the loss.
    """

    here: int = 0
    end: int = 0
    slopes: int = 0
    delta: float = 0.0


LEAST_SQUARES = LossCode()


def make_tables(
    plan: Plan, active: Flags, loss: LossCode = LEAST_SQUARES, fixed: Array | None = None
) -> Tables:
    """The tables of a plan; every shape and link must have a kernel.

    Parameters
    ----------
    plan : Plan
    active : ndarray of bool, (component,)
    loss : LossCode
        Least squares where not given.
    fixed : ndarray, (slot,), optional
        What does not move, where all pixels have the same: then what depends on nothing else is
        worked out once.
    """
    from hsjupyter.fitting import tiles

    slots = np.asarray(plan.free_slots(active), dtype=np.int64)
    x = np.ascontiguousarray(np.stack(plan.coords), dtype=np.float64)
    sums = find_sums(x, len(slots), whole=loss.end != 0)
    parts, block, across = _parted(plan, active, slots, fixed, x, sums)
    stride = -(-block // LANES) * LANES + APART
    row_of = np.where(parts.row_of < 0, -1, parts.row_of * stride)
    links, sources = parts.links(row_of)
    separation = separate(plan, active, slots) if loss.here == 0 else None
    linear = () if separation is None else separation.linear
    kernels = _words(parts.words).reshape(-1, at.KERNEL_WORDS)
    kernels[:, at.FIRST_ROW] *= stride
    lower, upper = (np.ascontiguousarray(bound[slots]) for bound in (plan.lower, plan.upper))
    lists: dict[int, Any] = {
        at.KERNELS: kernels,
        at.ROWS: _words([*row_of[slots], 0]),
        at.SLOTS: slots,
        at.LINKS: links,
        at.SOURCES: sources,
        at.ROW_OF: row_of,
        at.EMPTY: row_of[parts.empty],
        at.TILES: _words(tiles.addresses()),
        at.LOWER: lower,
        at.UPPER: upper,
        at.LINEAR: _words(linear),
        at.DELTA: np.array([loss.delta]),
        at.OWNER: _words([-1] * len(slots) if separation is None else separation.owner),
    }
    table = np.zeros(at.TABLE_WORDS, dtype=np.int64)
    for word, numbers in lists.items():
        table[word] = numbers.ctypes.data
    table[at.N_KERNELS], table[at.N_FREE] = len(kernels), len(slots)
    table[at.N_SLOTS], table[at.N_LINKS] = len(plan.owners), len(links)
    table[at.N_SOURCES], table[at.N_EMPTY] = sources.shape[1], len(parts.empty)
    table[at.SIDE], table[at.LOSS], table[at.BLOCK] = tiles.side(), loss.here, block
    table[at.LOSS_END], table[at.LOSS_SLOPES] = loss.end, loss.slopes
    table[at.N_LINEAR], table[at.STRIDE] = len(linear), stride
    table[at.N_REACHES] = parts.n_reaches
    return Tables(
        plan=plan,
        active=active.copy(),
        slots=slots,
        lower=lower,
        upper=upper,
        table=table,
        x=x,
        lines=parts.lines.of(x),
        coarse=parts.lines.of(sums.group(x).mean(axis=2)),
        sums=sums,
        across=across,
        block=block,
        n_rows=parts.n_rows,
        held=(parts.held, lists),
    )


class _Parts:
    """The components of a table as they are taken in: kernels, and the rows that they write."""

    def __init__(
        self,
        plan: Plan,
        active: Flags,
        slots: NDArray[np.int64],
        fixed: Array | None,
        *,
        by_rows: bool,
    ) -> None:
        self._plan, self._fixed, self._by_rows = plan, fixed, by_rows
        self.lines = _Lines(len(plan.coords))
        self.held: list[Any] = []
        self.words: list[list[int]] = []
        self.row_of = np.full(len(plan.owners), -1, dtype=np.int64)
        self.n_rows, self.n_reaches, self.n_grids = 1, 0, 0  # row 0 is the residual
        for c in np.flatnonzero(active).tolist():
            self._add(c)
        # What only followers depend on has a row of its own, too.
        self.empty = slots[self.row_of[slots] < 0]
        self.row_of[self.empty] = self.n_rows + np.arange(len(self.empty))
        self.n_rows += len(self.empty)

    def _add(self, c: int) -> None:
        shape, wanted = self._plan.shapes[c], wanted_of(self._plan, c)
        if not isinstance(shape, FormulaShape):
            raise TypeError(f"{shape!r} has no kernel")
        mine = np.flatnonzero(self._plan.owners == c)
        address, reach, line, on_grid = self._kernel(shape.formula, wanted, mine)
        for k, name in enumerate(wanted):
            self.row_of[mine[shape.formula.order.index(name)]] = self.n_rows + k
        first_slot = int(mine[0]) if mine.size else 0
        self.words.append([address, first_slot, self.n_rows, reach, line, len(wanted), on_grid])
        self.n_rows += len(wanted)

    def _kernel(
        self, formula: Formula, wanted: tuple[str, ...], mine: NDArray[np.intp]
    ) -> tuple[int, int, int, int]:
        """Addresses of a kernel and of its reach, the row it reads from, and if it goes by rows."""
        if self._fixed is None:
            whole = kernel_of(formula, wanted)
            self.held.append(whole)
            return (0 if whole is None else whole.address), 0, 0, 0
        still = zip(formula.order, self._fixed[mine], strict=True)
        zeros = tuple(name for name, number in still if number == 0 and name not in wanted)
        lean = lean_of(formula, wanted, zeros if self._by_rows else ())
        if lean is None:
            raise TypeError(f"{formula!r} has no kernel")
        self.held.append(lean)
        if self._by_rows and lean.grid is not None:
            self.n_grids += 1
            (address,) = lean.grid.addresses.values()
            return address, 0, 0, 1
        reach = 0
        if lean.reach is not None:
            (reach,) = lean.reach.addresses.values()
            self.n_reaches += 1
        line = 0 if lean.once is None else self.lines.add(lean.once, self._fixed[mine])
        return lean.kernel.address, reach, line, 0

    def links(self, row_of: Words) -> tuple[Words, Words]:
        """The words of the links, and their sources."""
        links = self._plan.links
        sources = np.full((len(links), _most_sources(self._plan)), -1, dtype=np.int64)
        words = []
        for i, link in enumerate(links):
            law = kernel_of(link.link.formula, None)
            if law is None:
                raise TypeError(f"{link!r} has no kernel")
            self.held.append(law)
            words.append([law.address, link.slot, int(row_of[link.slot])])
            sources[i, : len(link.sources)] = link.sources
        return _words(words).reshape(-1, 3), sources


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
        whole = np.concatenate(rows)
        kept = on_lines(whole.size).reshape(whole.shape)
        kept[:] = whole
        return kept


def _words(numbers: Any) -> Words:
    return np.array(numbers, dtype=np.int64)


def _most_sources(plan: Plan) -> int:
    return max([1, *(len(link.sources) for link in plan.links)])


def _block(channels: int, n_rows: int, largest: int) -> int:
    """Channels at a time, in blocks of about equal length."""
    most = max(min(_CACHE // n_rows, largest), _LEAST)
    blocks = -(-channels // most)
    return -(-channels // blocks // LANES) * LANES


def _parted(  # noqa: PLR0917 - what tables are made of
    plan: Plan,
    active: Flags,
    slots: NDArray[np.int64],
    fixed: Array | None,
    x: Array,
    sums: Sums,
) -> tuple[_Parts, int, tuple[int, int]]:
    """The components, channels at a time, and channels and sums in a row where it goes by rows."""
    across = row_length(x) if len(x) == 2 else 0
    if 0 < across <= MOST and fixed is not None:
        parts = _Parts(plan, active, slots, fixed, by_rows=True)
        block = _block_of_rows(x.shape[1], parts.n_rows, across)
        few = across // round(sums.factor**0.5)
        if parts.n_grids and (sums.count <= block or block % few == 0):
            return parts, block, (across, few)
    parts = _Parts(plan, active, slots, fixed, by_rows=False)
    block = _block(x.shape[1], parts.n_rows, _NARROW if parts.n_reaches else _LARGEST)
    return parts, block, (0, 0)


def _block_of_rows(channels: int, n_rows: int, across: int) -> int:
    """The same for whole rows of an image."""
    most, rows = max(min(_CACHE_OF_ROWS // n_rows, MOST) // across, 1), channels // across
    return -(-rows // -(-rows // most)) * across


def on_lines(n: int) -> Array:
    """That many zeros, which begin where a line of the cache does."""
    numbers = np.zeros(n + LANES)
    skipped = -numbers.ctypes.data % (8 * LANES) // 8
    return numbers[skipped : skipped + n]
