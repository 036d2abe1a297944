"""Model, Jacobian and their products at many pixels at once, in numpy.

What `hsjupyter.fitting.gram` does at one pixel in machine code, for where there is no compiler.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hsjupyter.core.shape import FormulaShape
from hsjupyter.fitting.first_stage import Sums, find_sums
from hsjupyter.fitting.losses import poisson_parts
from hsjupyter.fitting.plan import Array, Flags, Plan
from hsjupyter.fitting.separate import separate
from hsjupyter.fitting.tables import wanted_of
from hsjupyter.formula.hoist import hoist
from hsjupyter.formula.numpy_code import Evaluator

Places = NDArray[np.intp]

_CACHE = 1 << 14  # numbers of one row of all pixels of a block, so that rows stay in a cache
_FEW = 5  # rows, for which a product of matrices is slower than one row after another


class Line(NamedTuple):
    """A component of a sheet.

    Attributes
    ----------
    shape : Evaluator
        Of its value and the derivatives that are wanted.
    once : Evaluator or None
        Makes rows that the other reads beside the coordinates.
    slots : list of int
    numbers : list of float or None
        Of its slots, where all pixels have the same; None for what moves.
    rows : list of int
        Where its derivatives stand.
    """

    shape: Evaluator
    once: Evaluator | None
    slots: list[int]
    numbers: list[float | None]
    rows: list[int]


@dataclass(frozen=True, eq=False)
class Sheet:
    """A plan for one set of active components, as many pixels at once need it.

    Rows are those of the free numbers, then the residual, then those of followers.

    Attributes
    ----------
    plan : Plan
    active : ndarray of bool, (component,)
    slots : ndarray of int, (free,)
    lower, upper : ndarray, (free,)
    counted : bool
        The loss is the deviance of counts.
    linear : ndarray of int, (linear,)
        Places among the free numbers of those that are solved for at once.
    owner : ndarray of int, (free,)
        As of `hsjupyter.fitting.separate.Separation`.
    row_of : ndarray of int, (slot,)
        -1 for none.
    n_rows : int
    lines : tuple of Line
    x, coarse : ndarray, (coordinate, channel)
        Of the channels, and of the sums with which a fit begins.
    sums : Sums
        How channels are summed up.
    """

    plan: Plan
    active: Flags
    slots: Places
    lower: Array
    upper: Array
    counted: bool
    linear: Places
    owner: Places
    row_of: Places
    n_rows: int
    lines: tuple[Line, ...]
    x: Array
    coarse: Array
    sums: Sums

    @cached_property
    def span(self) -> float:
        """How long the longest axis is."""
        return float(np.ptp(self.x, axis=1).max())


def make_sheet(plan: Plan, active: Flags, *, counted: bool, fixed: Array | None) -> Sheet:
    """The sheet of a plan; every shape and link must be a formula.

    Parameters
    ----------
    plan : Plan
    active : ndarray of bool, (component,)
    counted : bool
    fixed : ndarray, (slot,), or None
        What does not move, where all pixels have the same.
    """
    slots = plan.free_slots(active)
    row_of = np.full(len(plan.owners), -1, dtype=np.intp)
    row_of[slots] = np.arange(len(slots))
    followers = np.array([link.slot for link in plan.links], dtype=np.intp)
    row_of[followers] = len(slots) + 1 + np.arange(len(followers))
    lines = tuple(_line(plan, c, row_of, fixed) for c in np.flatnonzero(active).tolist())
    parts = None if counted else separate(plan, active, slots)
    x = np.stack(plan.coords).astype(np.float64)
    sums = find_sums(x, len(slots))
    return Sheet(
        plan=plan,
        active=active.copy(),
        slots=slots,
        lower=plan.lower[slots],
        upper=plan.upper[slots],
        counted=counted,
        linear=np.array(() if parts is None else parts.linear, dtype=np.intp),
        owner=np.array([-1] * len(slots) if parts is None else parts.owner, dtype=np.intp),
        row_of=row_of,
        n_rows=len(slots) + 1 + len(followers),
        lines=lines,
        x=x,
        coarse=sums.group(x).mean(axis=2),
        sums=sums,
    )


def _line(plan: Plan, c: int, row_of: Places, fixed: Array | None) -> Line:
    shape, wanted = plan.shapes[c], wanted_of(plan, c)
    if not isinstance(shape, FormulaShape):
        raise TypeError(f"{shape!r} is not a formula")
    order = shape.formula.order
    mine = np.flatnonzero(plan.owners == c).tolist()
    tape, once = shape.formula.derivative_tape(wanted), None
    numbers: list[float | None] = [None] * len(mine)
    if fixed is not None:
        parts = hoist(tape, frozenset(order.index(name) for name in wanted))
        if parts is not None:
            tape, once = parts.rest, Evaluator(parts.once)
        still = zip(order, fixed[mine].tolist(), strict=True)
        numbers = [None if name in wanted else number for name, number in still]
    rows = [int(row_of[mine[order.index(name)]]) for name in wanted]
    return Line(Evaluator(tape), once, mine, numbers, rows)


class Rows:
    """Evaluates a sheet on its channels, or on sums of them; for one thread.

    Parameters
    ----------
    sheet : Sheet
    x : ndarray, (coordinate, channel)
    """

    def __init__(self, sheet: Sheet, x: Array) -> None:
        self.sheet, self.width = sheet, x.shape[1]
        self._coords = [_with_once(line, tuple(x)) for line in sheet.lines]
        self._length = max(1, _CACHE // self.width)
        # One row more than there are: the value of a component.
        self._space = np.zeros((sheet.n_rows + 1, self._length, self.width))

    def follow(self, p: Array) -> list[Array]:
        """Fill in the slots that follow others, (pixel, slot), in place; by link their slopes."""
        slopes = []
        for link in self.sheet.plan.links:
            law: Any = link.link.formula
            value, slope = law.evaluate_all((), [p[:, s] for s in link.sources])
            p[:, link.slot] = value
            slopes.append(np.broadcast_to(slope, (len(link.sources), len(p))))
        return slopes

    def evaluate(self, p: Array, y: Array, roots: Array | None) -> tuple[Array, Array, Array]:
        """Products of Jacobian and residual.

        Parameters
        ----------
        p : ndarray, (pixel, slot)
            Slots that follow others are filled in.
        y : ndarray, (pixel, channel)
        roots : ndarray, (pixel or 1, channel), or None

        Returns
        -------
        gram : ndarray, (pixel, free + 1, free + 1)
            The residual is the last row.
        cost, squares : ndarray, (pixel,)
            Chi squared or the loss; the squares of data less model.
        """
        m1 = len(self.sheet.slots) + 1
        gram, slopes = np.empty((len(p), m1, m1)), self.follow(p)
        squares = np.empty(len(p))
        for begin in range(0, len(p), self._length):
            part = slice(begin, begin + self._length)
            weights = roots if roots is None or len(roots) == 1 else roots[part]
            w = self._space[:, : len(p[part])]
            self._fill(w, p[part], y[part], [slope[:, part] for slope in slopes])
            deviance = self._weigh(w[:m1], y[part], weights)
            _products(w[:m1], gram[part])
            squares[part] = gram[part, -1, -1] if deviance is None else deviance[1]
            if deviance is not None:
                gram[part, -1, -1] = deviance[0]
        return gram, gram[:, -1, -1].copy(), squares

    def _fill(self, w: Array, p: Array, y: Array, slopes: list[Array]) -> None:
        """Write residual and derivatives, (row, pixel, channel)."""
        sheet, residual = self.sheet, len(self.sheet.slots)
        if sheet.plan.links:
            w[:] = 0.0
        w[residual] = y
        for line, coords in zip(sheet.lines, self._coords, strict=True):
            still = zip(line.slots, line.numbers, strict=True)
            numbers = [p[:, s : s + 1] if number is None else number for s, number in still]
            if any(number is None for number in line.numbers):
                line.shape(coords, numbers, [w[-1], *(w[row] for row in line.rows)])
                w[residual] -= w[-1]
            else:
                w[residual] -= line.shape(coords, numbers)[0]
        for link, slope in zip(reversed(sheet.plan.links), reversed(slopes), strict=True):
            for source, by in zip(link.sources, slope, strict=True):
                if sheet.row_of[source] >= 0:
                    w[sheet.row_of[source]] += by[:, np.newaxis] * w[sheet.row_of[link.slot]]

    def _weigh(self, w: Array, y: Array, roots: Array | None) -> tuple[Array, Array] | None:
        """Multiply rows by the roots of the weights; of counts the deviance and the squares."""
        if roots is not None:
            w *= roots
        if not self.sheet.counted:
            return None
        counts = y if roots is None else y * roots
        residual = w[-1].copy()
        half, weight, left = poisson_parts(counts - residual, counts)
        root = np.sqrt(weight)
        w[:-1] *= root
        np.multiply(left, root, out=w[-1])
        return 2 * half.sum(axis=1), (residual**2).sum(axis=1)


def _products(w: Array, gram: Array) -> None:
    """Products of all rows with all, (pixel, row, row), of rows, (row, pixel, channel)."""
    if len(w) > _FEW:
        np.matmul(w.transpose(1, 0, 2), w.transpose(1, 2, 0), out=gram)
        return
    for k in range(len(w)):
        gram[:, k, k:] = gram[:, k:, k] = np.einsum("pc,rpc->pr", w[k], w[k:])


def _with_once(line: Line, x: tuple[Array, ...]) -> tuple[Array, ...]:
    """Coordinates of a component, and what is worked out once."""
    if line.once is None:
        return x
    numbers = [np.nan if number is None else number for number in line.numbers]
    return (*x, *line.once(x, numbers))
