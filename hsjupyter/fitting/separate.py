"""Which free numbers of a plan are linear and can be solved for at once.

For variable projection as `hsjupyter.fitting.linear_part` does it, the row of every other number
must be a multiple of one of them at most, as a width's is of its line's area.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from hsjupyter.core.shape import FormulaShape
from hsjupyter.fitting.plan import Flags, Plan
from hsjupyter.formula import Formula
from hsjupyter.formula.linear import Speech, multiples

_NOTHING = Speech(nothing=True)


@dataclass(frozen=True)
class Separation:
    """Places among the free numbers.

    Attributes
    ----------
    linear : tuple of int
        Those solved for at once.
    owner : tuple of int, (free,)
        For each the linear one that its row is a multiple of; -1 for none, -2 for the linear ones.
    """

    linear: tuple[int, ...]
    owner: tuple[int, ...]


def separate(plan: Plan, active: Flags, slots: NDArray[np.intp]) -> Separation:
    """Find the linear numbers among the free ones; judged by structure alone."""
    rows = _rows(plan, active, slots)
    chosen = sum(1 << k for k, row in enumerate(rows) if not row.of >> k & 1)
    for k in range(len(slots)):  # linear one by one is not linear together
        if chosen >> k & 1 and rows[k].of & chosen:
            chosen &= ~(1 << k)
    while True:
        spoilt = 0
        for k, row in enumerate(rows):
            met = row.of & chosen
            if not chosen >> k & 1 and (met & ~row.once or met & (met - 1)):
                spoilt |= met
        if not spoilt:
            break
        chosen &= ~spoilt
    linear = tuple(k for k in range(len(slots)) if chosen >> k & 1)
    owner = [(row.of & chosen).bit_length() - 1 for row in rows]
    return Separation(linear, tuple(-2 if chosen >> k & 1 else o for k, o in enumerate(owner)))


@lru_cache(maxsize=1024)
def _multiples(formula: Formula, numbers: tuple[Speech, ...]) -> tuple[Speech, ...]:
    """What value and derivatives of a formula are multiples of."""
    return multiples(formula.derivative_tape(None), numbers)


def _rows(plan: Plan, active: Flags, slots: NDArray[np.intp]) -> list[Speech]:
    """What the derivative by every free number depends on, in bits of the free numbers."""
    place = {int(slot): k for k, slot in enumerate(slots)}
    numbers = [
        Speech(1 << place[s], 1 << place[s]) if s in place else Speech()
        for s in range(len(plan.owners))
    ]
    slopes = []
    for link in plan.links:
        law, sources = link.link.formula, tuple(numbers[s] for s in link.sources)
        if law is None:
            everything = (1 << len(slots)) - 1
            numbers[link.slot] = Speech(everything)
            slopes.append([Speech(everything)] * len(link.sources))
            continue
        value, *each = _multiples(law, sources)
        numbers[link.slot] = value
        slopes.append(each)
    rows = [_NOTHING] * len(plan.owners)
    for c in np.flatnonzero(active).tolist():
        shape, mine = plan.shapes[c], np.flatnonzero(plan.owners == c).tolist()
        if isinstance(shape, FormulaShape):
            found = _multiples(shape.formula, tuple(numbers[s] for s in mine))[1:]
        else:
            found = (Speech((1 << len(slots)) - 1),) * len(mine)
        for slot, speech in zip(mine, found, strict=True):
            rows[slot] = rows[slot] + speech
    for link, slope in zip(reversed(plan.links), reversed(slopes), strict=True):
        for source, by in zip(link.sources, slope, strict=True):
            rows[source] = rows[source] + by * rows[link.slot]
    return [rows[int(s)] for s in slots]
