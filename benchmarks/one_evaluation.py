"""One evaluation of a model here, and the least that it can cost, side by side in one process.

    python -m benchmarks.one_evaluation [W1 W2 W3 W4] [--rounds 101]

The least is hand-written C, `limit.c` beside this file, compiled on the spot by the C compiler at
hand: model, Jacobian and all their products with each other and with the residual, in float64, in
the widest vectors that the processor has. Both get the same data and numbers and must find the same
products to 1e-10. They take turns, many calls each, in a compiled loop that calls either by its
address: nothing of Python is counted. Images go by rows and columns in both.

Prints Markdown: microseconds of process time, medians of rounds, and the median of the ratios
within a round.
"""

import argparse
import ctypes
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import hsjupyter.api as hs
from benchmarks.our_evaluation import make_evaluation, seconds_of
from benchmarks.workloads import WORKLOADS
from hsjupyter.fitting.plan import Plan
from hsjupyter.fitting.tables import on_lines

REPORT = {
    "title": "One evaluation, and the least that it can cost",
    "limit": "the C code takes at least 0.8 of our time, products equal to 1e-10",
    "full": ["--rounds", "101"],
    "quick": ["W1", "W3", "--rounds", "11"],
}

SOURCE = Path(__file__).with_name("limit.c")
GOAL, SAME = 0.8, 1e-10
CALLS = 200  # of either, in a round

Array = NDArray[np.float64]


def find_compiler() -> str:
    """The C compiler at hand.

    Raises
    ------
    SystemExit
        There is none.
    """
    for name in ("cc", "gcc", "clang"):
        if found := shutil.which(name):
            return found
    sys.exit("The limit is written in C, and there is no cc, gcc or clang here: install one.")


def compile_limits(folder: Path) -> ctypes.CDLL:
    """All limits, as a library in a folder; says what they were compiled by."""
    compiler, library = find_compiler(), folder / "limit.so"
    words = ("-O3", "-march=native", "-shared", "-fPIC")
    subprocess.run([compiler, *words, "-o", str(library), str(SOURCE)], check=True)
    told = subprocess.run([compiler, "--version"], capture_output=True, text=True, check=True)
    limits = ctypes.CDLL(str(library))
    lanes = ctypes.c_int.in_dll(limits, "lanes").value
    command = " ".join([Path(compiler).name, *words])
    print(f"`{command}` of {told.stdout.splitlines()[0]}: {lanes} numbers a vector.")
    return limits


def coordinates(plan: Plan, name: str) -> Array:
    """What a limit reads: the coordinates, and what ours works out once as well."""
    rows = [*plan.coords, np.log(plan.coords[0])] if name == "W2" else list(plan.coords)
    x = on_lines(np.size(rows)).reshape(len(rows), -1)
    x[:] = rows
    return x


def furthest(one: Array, other: Array) -> float:
    """How far two upper triangles of products are apart, as parts of the rows' lengths."""
    length = np.sqrt(np.diag(one))
    return float(np.max(np.abs(np.triu(one - other)) / np.outer(length, length)))


def compare(limits: ctypes.CDLL, name: str, rounds: int) -> str:
    """One row of the table.

    Raises
    ------
    SystemExit
        Both do not find the same.
    """
    workload = WORKLOADS[name](4)
    ours = make_evaluation(workload.model(hs, np.arange(1)))
    x, p, gram = coordinates(ours.plan, name), ours.row[ours.tables.slots], np.zeros_like(ours.gram)
    code = ctypes.cast(getattr(limits, name.lower()), ctypes.c_void_p).value or 0
    words = [code, x.ctypes.data, ours.y.size, *(a.ctypes.data for a in (ours.y, p, gram))]
    seconds = [[seconds_of(w, CALLS) for w in (words, ours.words())] for _ in range(rounds + 1)]
    apart = furthest(ours.gram, gram)
    if not apart <= SAME:
        sys.exit(f"{name}: limit.c and ours are {apart:.0e} apart, more than {SAME:.0e}")
    limit, here = np.array(seconds[1:]).T
    ratio = float(np.median(limit / here))
    marked = f"{ratio:.2f}" if ratio >= GOAL else f"**{ratio:.2f}**"
    both = f"{1e6 * np.median(limit):.2f} | {1e6 * np.median(here):.2f}"
    return f"| {workload.name} | {both} | {marked} | {apart:.0e} |"


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", default=["W1", "W2", "W3", "W4"])
    parser.add_argument("--rounds", type=int, default=101)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        limits = compile_limits(Path(folder))
        print("\n| model | limit, us | ours, us | limit / ours | products apart |")
        print("| --- | --- | --- | --- | --- |")
        for name in asked.names:
            print(compare(limits, name, asked.rounds), flush=True)


if __name__ == "__main__":
    main()
