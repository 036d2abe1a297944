"""Many narrow lines: blocks of channels that a line does not reach left out, and worked out.

    python -m benchmarks.many_lines [6 12 24] [--rounds 5]

Prints Markdown: microseconds of one evaluation, pixels a second of whole fits, both of process time
on one thread, of ours as it is and with every line worked out in every channel; medians of
interleaved rounds after one to warm up; and how far chi squared of any pixel is apart, as a part of
it. What tables cost to make is not counted: a fit of one pixel makes them before.
"""

import argparse
import dataclasses
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple
from unittest import mock

import numpy as np
from numpy.typing import NDArray

import hsjupyter.api as hs
from benchmarks.our_evaluation import make_evaluation, seconds_of
from benchmarks.workloads import Workload, many_lines
from hsjupyter.fitting import kept, layout, tables

REPORT = {
    "title": "Many narrow lines",
    "limit": "12 lines 5 times as fast as dense, chi squared equal to 1e-12",
    "full": ["6", "12", "24", "--rounds", "5"],
    "quick": ["12", "--rounds", "1"],
}

GOAL, OF_LINES = 5.0, 12  # times, and how many lines it is for
SAME = 1e-12
CALLS = 200  # evaluations at once

Chisq = NDArray[np.float64]


@contextmanager
def reaching(*, everywhere: bool) -> Iterator[None]:
    """Tables of their own for what follows, and whether lines reach all channels in them."""
    lean_of = tables.lean_of

    def dense_of(*words: Any) -> Any:
        lean = lean_of(*words)
        return None if lean is None else dataclasses.replace(lean, reach=None)

    kept.forget_tables()
    with mock.patch.object(tables, "lean_of", dense_of if everywhere else lean_of):
        yield
    kept.forget_tables()


class Measured(NamedTuple):
    """One round of one way.

    Attributes
    ----------
    evaluation : float
        Microseconds.
    rate : float
        Pixels a second.
    chisq : ndarray, (pixel,)
    """

    evaluation: float
    rate: float
    chisq: Chisq


def measure(workload: Workload, *, everywhere: bool) -> Measured:
    """One evaluation, and the fit of a whole map.

    Raises
    ------
    SystemExit
        Lines are left out where none should be, or none where they should.
    """
    with reaching(everywhere=everywhere):
        small = workload.model(hs, np.arange(1))
        small.multifit(workers=1, show_progressbar=False)
        evaluation = make_evaluation(small)
        if bool(evaluation.tables.table[layout.N_REACHES]) is everywhere:
            sys.exit(f"{workload.name}: lines are not left out where they should be, or are")
        seconds = seconds_of(evaluation.words(), CALLS)
        model = workload.model(hs)
        begun = time.process_time()
        model.multifit(workers=1, show_progressbar=False)
        spent = time.process_time() - begun
    return Measured(1e6 * seconds, model.maps.chisq.size / spent, model.maps.chisq.ravel().copy())


def row(lines: int, rounds: int) -> str:
    """One row of the table."""
    workload = many_lines(lines=lines)
    found: dict[bool, list[Measured]] = {False: [], True: []}
    for _ in range(rounds + 1):
        for everywhere, known in found.items():
            known.append(measure(workload, everywhere=everywhere))
    apart = float(np.max(np.abs(found[False][-1].chisq / found[True][-1].chisq - 1)))
    lean, dense = ([list(each) for each in zip(*f[1:], strict=True)] for f in found.values())
    cells = [workload.name]
    for k, power in ((0, -1), (1, 1)):  # of times less is better, of rates more
        here, there = statistics.median(lean[k]), statistics.median(dense[k])
        ratio = (here / there) ** power
        short = lines == OF_LINES and ratio < GOAL
        cells += [f"{here:.0f}", f"{there:.0f}", f"**{ratio:.1f}**" if short else f"{ratio:.1f}"]
    cells.append(f"{apart:.0e}" if apart <= SAME else f"**{apart:.0e}**")
    return f"| {' | '.join(cells)} |"


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lines", nargs="*", type=int, default=[6, 12, 24])
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    print("| model | evaluation, us | dense | ratio | fits/s | dense | ratio | chi squared apart |")
    print(f"|{' --- |' * 8}")
    for lines in asked.lines:
        print(row(lines, asked.rounds), flush=True)


if __name__ == "__main__":
    main()
