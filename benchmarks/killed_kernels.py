"""Processes are killed at random moments of a run, which goes on from its journal elsewhere.

``python -m benchmarks.killed_kernels --times 10 [--seed 1]``

Of every run the table says how many pixels the process had told of when it was killed, how many
the journal kept, and how many were fitted afterwards; kept and fitted afterwards make the map, each
pixel once, and what was told of is kept.
"""

import argparse
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

import hsjupyter.api as hs
from hsjupyter.fitting.jobs import Outcome
from hsjupyter.storage.journal import Journal, read_journal

REPORT = {
    "title": "Processes that are killed, and runs that go on elsewhere",
    "limit": "every pixel fitted once",
    "full": ["--times", "10"],
    "quick": ["--times", "2"],
    "default": False,
}

SHAPE = (512, 512)
WORKERS = 2
LATER = 0.05
"""Seconds at most between the pixel that is waited for and the kill: it falls anywhere."""


def a_model(signal: Any) -> Any:
    """What is fitted."""
    m = signal.create_model()
    c1 = hs.model.components1D
    m.extend([c1.Gaussian(A=300, sigma=8, centre=40), c1.Polynomial(order=1)])
    return m


def work(data: str, journal: str) -> None:
    """Fit the map of a file; tell how many pixels are done, each time that there are more."""
    m = a_model(hs.load(data))

    def follow(run: Any) -> None:
        plain, done = run.count, [0]

        def count(good: int, failures: Any = ()) -> None:
            plain(good, failures)
            done[0] += good + len(failures)
            sys.stdout.write(f"{done[0]}\n")
            sys.stdout.flush()

        run.count = count

    m.observe(lambda change: follow(change["new"]), "run")
    m.multifit(autosave=journal, workers=WORKERS, show_progressbar=False)


def pixels_in(outcomes: Any) -> list[int]:
    """The pixels that came back, in order."""
    return [int(i) for o in outcomes for i in (*o.pixels, *(f.pixel for f in o.failures))]


@contextmanager
def appended() -> Iterator[list[Outcome]]:
    """What is written down meanwhile."""
    found: list[Outcome] = []
    plain = Journal.append

    def append(journal: Journal, outcome: Outcome) -> None:
        found.append(outcome)
        plain(journal, outcome)

    Journal.append = append  # type: ignore[method-assign]
    try:
        yield found
    finally:
        Journal.append = plain  # type: ignore[method-assign]


def kill_once(folder: Path, wanted: Any, at: int, later: float) -> tuple[bool, str]:
    """Kill a run somewhat after so many pixels, and go on; whether all is well, and a row."""
    journal = folder / "run.hsjrun"
    command = [sys.executable, "-m", "benchmarks.killed_kernels", "--work"]
    command += [str(folder / "map.hspy"), str(journal)]
    told = 0
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, text=True) as process:
        if process.stdout is None:
            raise RuntimeError("a process without output")
        for line in process.stdout:
            told = int(line)
            if told > at:
                time.sleep(later)
                process.kill()
                break
        told = max([told, *(int(line) for line in process.stdout if line.endswith("\n"))])
    kept = pixels_in(read_journal(journal).outcomes)
    with appended() as outcomes:
        run = hs.resume(journal, show_progressbar=False)
    after = pixels_in(outcomes)
    once = sorted(kept + after) == list(range(wanted.chisq.size))
    same = np.allclose(run.model.maps.values, wanted.values, rtol=1e-8, atol=1e-11)
    good = once and same and len(kept) >= told and run.state == "done" and not journal.exists()
    row = f"{at:6} | {told:6} | {len(kept):6} | {len(after):6} | {run.state:5}"
    return good, f"{row} | {'yes' if once else 'NO':4} | {'yes' if same else 'NO'}"


def main() -> int:
    """Play it through; 1 where anything was lost or came twice."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--times", type=int, default=10)
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--work", nargs=2, help=argparse.SUPPRESS)
    asked = words.parse_args()
    if asked.work:
        work(*asked.work)
        return 0
    dice, good = random.Random(asked.seed), 0  # noqa: S311 - no secret
    print("kill | after  | told   | kept   | later  | state | once | same")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        signal = hs.data.two_gaussians(shape=SHAPE, seed=1)
        signal.save(folder / "map.hspy")
        reference = a_model(signal)
        reference.multifit(show_progressbar=False, autosave=False)
        for n in range(asked.times):
            at, later = dice.randrange(int(0.9 * np.prod(SHAPE))), dice.uniform(0.0, LATER)
            well, row = kill_once(folder, reference.maps, at, later)
            good += well
            print(f"{n + 1:4} | {row}{'' if well else ' BAD'}", flush=True)
    print(f"{good} of {asked.times} runs with every pixel once, as in one piece")
    return int(good < asked.times)


if __name__ == "__main__":
    sys.exit(main())
