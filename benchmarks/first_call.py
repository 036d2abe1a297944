"""The first fit of a process, with kernels on the disk and on a machine that has none.

    python -m benchmarks.first_call [--times 5]

Prints Markdown: seconds of process time of the imports, of the first ``m.fit()`` or
``m.multifit()`` of W2, and of the second; medians of fresh processes, each with the cache of
kernels that the row says.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile

REPORT = {
    "title": "The first fit of a process",
    "limit": "0.3 s beyond the imports with kernels on the disk, 6 s where there are none",
    "quick": ["--times", "1"],
}

CHILD = """
import time
begun = time.process_time()
import hsjupyter.api as hs
from benchmarks.workloads import three_gaussians
imported = time.process_time()
told = [imported - begun]
model = three_gaussians(4).model(hs)
for _ in range(2):
    before = time.process_time()
    model.{call}
    told.append(time.process_time() - before)
print(*told)
"""
CALLS = ("fit()", "multifit(show_progressbar=False)")


def seconds(call: str, folder: str) -> list[float]:
    """Of the imports, the first and the second call in a fresh process."""
    done = subprocess.run(
        [sys.executable, "-c", CHILD.format(call=call)],
        env={**os.environ, "HSJUPYTER_CACHE": folder},
        capture_output=True,
        text=True,
        check=True,
    )
    return [float(word) for word in done.stdout.split()]


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=5)
    times = parser.parse_args().times
    print("| call | cache | imports, s | first call, s | second call, s |")
    print("| --- | --- | --- | --- | --- |")
    for call in CALLS:
        rows: dict[str, list[list[float]]] = {"empty": [], "full": []}
        for _ in range(times):
            with tempfile.TemporaryDirectory() as folder:
                for measured in rows.values():
                    measured.append(seconds(call, folder))
        for cache, measured in rows.items():
            middle = [statistics.median(column) for column in zip(*measured, strict=True)]
            numbers = " | ".join(f"{number:.4f}" for number in middle)
            print(f"| `m.{call.partition('(')[0]}()` | {cache} | {numbers} |", flush=True)


if __name__ == "__main__":
    main()
