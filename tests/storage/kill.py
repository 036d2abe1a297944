"""Saves killed at random moments: the old file or the new one is there, whole.

    python -m tests.storage.kill 200

A process saves a signal, or a model in its signal, again and again, each time with another number
in it; after a random while it is killed, and the file is read.
"""

import argparse
import random
import select
import sys
from collections import Counter
from pathlib import Path
from subprocess import PIPE, Popen
from tempfile import TemporaryDirectory

import numpy as np

import hsjupyter.api as hs

LONGEST = 0.15
"""Seconds after which a process is killed at the latest; a save takes about a third of it."""

SHAPE = (40, 40, 64)


def made(kind: str, number: int) -> hs.signals.BaseSignal:
    """A signal that holds a number everywhere; where wanted, with a model that does."""
    s = hs.signals.Signal1D(np.full(SHAPE, float(number)))
    s.data[::3, ::5, ::7] = np.random.default_rng(number).normal(size=s.data[::3, ::5, ::7].shape)
    s.data[0, 0] = number
    if kind == "model":
        m = s.create_model()
        m.append(hs.model.components1D.Gaussian(A=number))
        m.store_working_values()
        m.store("fit")
    return s


def work(target: Path, kind: str) -> None:
    """Save for ever; tell after each save which it was."""
    number = 0
    while True:
        number += 1
        made(kind, number).save(target, overwrite=True)
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()


def number_in(target: Path, kind: str) -> int:
    """The number that a file holds, after it was found whole.

    Raises
    ------
    AssertionError
        It is not.
    """
    s = hs.load(target)
    number = int(s.data[0, 0, 0])
    expected = made(kind, number)
    assert np.array_equal(s.data, expected.data)
    if kind == "model":
        assert s.models.restore("fit")[0].A.value == number
    return number


def kill_once(target: Path, kind: str, seconds: float) -> str:
    """Let a process save, kill it, and tell what the file is: 'old' or 'new'.

    Raises
    ------
    AssertionError
        The file is neither, or more than one unfinished file is beside it.
    """
    command = [sys.executable, "-m", "tests.storage.kill", "--work", kind, str(target)]
    with Popen(command, stdout=PIPE, text=True) as process:
        assert process.stdout is not None
        last = int(process.stdout.readline())
        # Nothing is waited for: whatever is said meanwhile is read afterwards.
        select.select([], [], [], seconds)
        process.kill()
        told = [last, *map(int, process.stdout.read().split())]
    number = number_in(target, kind)
    left = [path for path in target.parent.iterdir() if path != target]
    assert len(left) <= 1, left
    # A save may be complete, and the process killed before it said so.
    assert number in {told[-1], told[-1] + 1}
    return "old" if number == told[-1] else "new"


def main() -> None:
    """Read the command line, kill, and print what came."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("times", nargs="?", type=int, default=200)
    options.add_argument("--work", nargs=2)
    given = options.parse_args()
    if given.work:
        work(Path(given.work[1]), given.work[0])
    draw, count = random.Random(0), Counter[str]()  # noqa: S311 - moments, not secrets
    with TemporaryDirectory() as folder:
        for turn in range(given.times):
            kind = ("signal", "model")[turn % 2]
            target = Path(folder) / kind / "fit.hspy"
            target.parent.mkdir(exist_ok=True)
            count[f"{kind} {kill_once(target, kind, draw.uniform(0, LONGEST))}"] += 1
            left = sum(path != target for path in target.parent.iterdir())
            count["killed while it wrote"] += left
    sys.stdout.write(f"{dict(count)}\n")


if __name__ == "__main__":
    main()
