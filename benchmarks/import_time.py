"""How long an import takes, in new processes: ours beside HyperSpy, lmfit and numpy alone.

    python -m benchmarks.import_time [--rounds 7]

Prints Markdown: processor time of a new interpreter that imports, less that of one which imports
nothing; medians of interleaved rounds.
"""

import argparse
import statistics
import subprocess
import sys
import time
from importlib.util import find_spec

REPORT = {
    "title": "Import",
    "limit": "at most ten times numpy alone",
    "full": ["--rounds", "15"],
    "quick": ["--rounds", "3"],
}
LIMIT = 10.0
WHAT = {"": "nothing", "numpy": "numpy", "hsjupyter.api": "hsjupyter.api"}
PEERS = {"lmfit": "lmfit", "hyperspy.api": "hyperspy.api"}


def seconds(module: str) -> float:
    """Processor time of a new interpreter that imports it."""
    code = f"import {module}, time; " if module else "import time; "
    asked = [sys.executable, "-c", code + "print(time.process_time())"]
    told = subprocess.run(asked, capture_output=True, text=True, check=True)
    return float(told.stdout)


def main() -> None:
    """Measure in alternation, and print a table."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--rounds", type=int, default=7)
    rounds = words.parse_args().rounds
    what = WHAT | {m: n for m, n in PEERS.items() if find_spec(m.split(".")[0])}
    spent: dict[str, list[float]] = {module: [] for module in what}
    began = time.monotonic()
    for turn in range(rounds + 1):
        for module in what:
            taken = seconds(module)
            if turn:  # the first reads the disk
                spent[module].append(taken)
    bare, *_ = median = [statistics.median(each) for each in spent.values()]
    plain = median[1] - bare
    print(f"| imported | s | x numpy | of {rounds} rounds in {time.monotonic() - began:.0f} s |")
    print("| --- | --- | --- | --- |")
    for module, taken in zip(list(what)[1:], median[1:], strict=True):
        ratio = (taken - bare) / plain
        slow = module == "hsjupyter.api" and ratio > LIMIT
        print(
            f"| {what[module]} | {taken - bare:.2f} | {ratio:.1f} | {'**slow**' if slow else ''} |"
        )


if __name__ == "__main__":
    main()
