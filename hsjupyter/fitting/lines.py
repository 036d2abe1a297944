"""The model and its derivatives at one place, by the compiled kernels."""

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from hsjupyter.fitting import layout as at
from hsjupyter.fitting.driver_code import LINES, driver
from hsjupyter.fitting.kept import tables_of
from hsjupyter.fitting.plan import Array, Flags, Plan
from hsjupyter.fitting.space import take_space


class Lines(NamedTuple):
    """What was found at one place; not to be written to.

    Attributes
    ----------
    value : ndarray, (channel,)
        The model, in units of the data.
    rows : ndarray, (free, channel)
        Its derivatives by the free numbers.
    """

    value: Array
    rows: Array


@lru_cache(maxsize=1)
def _write() -> Any:
    import ctypes

    return ctypes.CFUNCTYPE(None, *[ctypes.c_void_p] * 5)(driver().addresses[LINES])


def lines_at(plan: Plan, active: Flags, row: Array) -> Lines:
    """The model of a plan for which `is_compiled` holds; arguments as of `Plan.value`."""
    t = tables_of(plan, active.tobytes())
    n, m = t.x.shape[1], len(t.slots)
    numbers, out, nothing = row.copy(), np.empty((m + 1, n)), _zeros(n)
    view = np.zeros(at.VIEW_WORDS, dtype=np.int64)
    view[at.X], view[at.N_CHANNELS], view[at.Y] = t.lines.ctypes.data, n, nothing.ctypes.data
    view[at.VIEW_ACROSS] = t.across[0]
    space = take_space(t)
    words = (t.table, view, space.words, numbers, out)
    _write()(*(array.ctypes.data for array in words))
    t.spaces.append(space)
    if plan.widths is not None:
        out *= plan.widths
    out.flags.writeable = False  # kept until the next place, and handed out more than once
    return Lines(out[m], out[:m])


@lru_cache(maxsize=4)
def _zeros(n: int) -> Array:
    return np.zeros(n)
