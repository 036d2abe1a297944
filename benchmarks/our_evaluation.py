"""Our own evaluation of a model at one pixel, as the compiled driver calls it, to be timed."""

from __future__ import annotations  # arguments are annotated as they are translated

import ctypes
import time
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hsjupyter.fitting import layout
from hsjupyter.fitting.driver_code import driver
from hsjupyter.fitting.kept import still_numbers, tables_of
from hsjupyter.fitting.plan import Plan, make_plan
from hsjupyter.fitting.space import make_space
from hsjupyter.fitting.tables import Tables, on_lines
from hsjupyter.formula.machine_code import MachineCode, compile_text
from hsjupyter.formula.memory import call

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Evaluation:
    """What an evaluation reads, and where it writes.

    Attributes
    ----------
    plan : Plan
    tables : Tables
    view : ndarray of int
    space : Space
    row : ndarray, (slot,)
    gram : ndarray, (free + 1, free + 1)
        The upper triangle of the products of all rows, the residual's last.
    y : ndarray, (channel,)
    """

    plan: Plan
    tables: Tables
    view: NDArray[np.int64]
    space: Any
    row: Array
    gram: Array
    y: Array

    def words(self) -> list[int]:
        """The address of the code, and of what it takes."""
        read = (self.tables.table, self.view, self.space.words, self.row, self.gram)
        return [driver().addresses["evaluate"], *(array.ctypes.data for array in read)]


def seconds_of(words: list[int], calls: int) -> float:
    """Process time of one call of some code with five words, of so many in a row."""
    loop = ctypes.CFUNCTYPE(None, *[ctypes.c_int64] * 7)(_code().addresses[repeat.__name__])
    begun = time.process_time()
    loop(*words, calls)
    return (time.process_time() - begun) / calls


def repeat(  # noqa: PLR0917 - the words of a call
    code: int, first: int, second: int, third: int, fourth: int, fifth: int, calls: int
) -> None:
    """Call some code again and again; translated, so that no call from Python is counted."""
    for _ in range(calls):
        call(code, first, second, third, fourth, fifth)


@lru_cache(maxsize=1)
def _code() -> MachineCode:
    from hsjupyter.formula.plain_code import print_functions

    return compile_text(print_functions((repeat,), (repeat.__name__,)), (repeat.__name__,))


def make_evaluation(model: Any) -> Evaluation:
    """That of the first pixel of a model, at its working values."""
    plan = make_plan(model)
    row, y = plan.start.copy(), on_lines(len(plan.coords[0]))
    y[:] = model.signal.data.reshape(-1, y.size)[0]
    fixed = still_numbers(plan, row[np.newaxis])
    tables = tables_of(plan, plan.active.tobytes(), fixed=fixed)
    space, free = make_space(tables), len(tables.slots)
    view = space.fine.copy()
    view[layout.Y] = y.ctypes.data
    return Evaluation(plan, tables, view, space, row, np.zeros((free + 1, free + 1)), y)
