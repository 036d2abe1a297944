"""Jupyter kernels are killed at random moments of a run, which goes on in new ones.

``python -m benchmarks.killed_kernels --times 10 [--seed 1]``

A cell of a real kernel fits a map; the kernel is killed (SIGKILL), a new one is started, and a cell
there goes on from the journal. Of every run the table says how many pixels had been told of when
the kernel was killed, how many the journal kept, and how many were fitted afterwards; kept and
fitted afterwards make the map, each pixel once, and what was told of is kept.
"""

import argparse
import random
import signal
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
    "title": "Kernels that are killed, and runs that go on in new ones",
    "limit": "every pixel fitted once",
    "full": ["--times", "10"],
    "quick": ["--times", "2"],
    "default": False,
}

SHAPE = (512, 512)
WORKERS = 2
LATER = 0.05
"""Seconds at most between the pixel that is waited for and the kill: it falls anywhere."""

PATIENCE = 300.0
"""Seconds for a kernel to start, and for a cell."""


def a_model(data: Any) -> Any:
    """What is fitted."""
    m = data.create_model()
    c1 = hs.model.components1D
    m.extend([c1.Gaussian(A=300, sigma=8, centre=40), c1.Polynomial(order=1)])
    return m


# -- in kernels ------------------------------------------------------------------------------------


def begin(folder: str) -> None:
    """In the first: fit the map; write down how many pixels are done, each time there are more."""
    here = Path(folder)
    m, done = a_model(hs.load(here / "map.hspy")), [0]

    def follow(run: Any) -> None:
        plain, told = run.count, (here / "told").open("ab", buffering=0)

        def count(good: int, failures: Any = ()) -> None:
            plain(good, failures)
            done[0] += good + len(failures)
            told.write(b"%9d\n" % done[0])

        run.count = count

    m.observe(lambda change: follow(change["new"]), "run")
    m.multifit(autosave=here / "run.hsjrun", workers=WORKERS, show_progressbar=False)


def go_on(folder: str) -> None:
    """In the second: fit the rest, and write down what became of it."""
    here = Path(folder)
    with appended() as outcomes:
        run = hs.resume(here / "run.hsjrun", show_progressbar=False)
    maps = run.model.maps
    after = np.array(pixels_in(outcomes), dtype=int)
    np.savez(here / "found.npz", after=after, values=maps.values, chisq=maps.chisq, state=run.state)


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


# -- who kills -------------------------------------------------------------------------------------


@contextmanager
def kernel() -> Iterator[tuple[Any, Any]]:
    """A Jupyter kernel and a client of it; whatever is left of it is gone afterwards."""
    from jupyter_client.manager import start_new_kernel

    quiet = {"extra_arguments": ["--log-level=ERROR"]}
    manager, client = start_new_kernel(startup_timeout=int(PATIENCE), **quiet)
    try:
        yield manager, client
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def cell(what: str, folder: Path) -> str:
    """The text of a cell that calls a function of this file."""
    return f"from benchmarks import killed_kernels\nkilled_kernels.{what}({str(folder)!r})"


def kill(folder: Path, at: int, later: float) -> int:
    """Kill a kernel somewhat after so many pixels of a cell; how many it had told of."""
    told = folder / "told"
    told.write_bytes(b"")
    with kernel() as (manager, client):
        client.execute(cell("begin", folder))
        end = time.monotonic() + PATIENCE
        while _last(told) <= at:
            if time.monotonic() > end or not client.is_alive():
                raise RuntimeError("the cell did not come so far")
            time.sleep(0.001)
        time.sleep(later)
        manager.signal_kernel(signal.SIGKILL)
    return _last(told)


def _last(told: Path) -> int:
    """The last number of a file of lines of ten bytes."""
    raw = told.read_bytes()
    end = len(raw) // 10 * 10
    return int(raw[end - 10 : end] or 0)


def resumed(folder: Path) -> dict[str, Any]:
    """What became of a run that went on in a new kernel."""
    with kernel() as (_, client):
        answer = client.execute_interactive(
            cell("go_on", folder), timeout=PATIENCE, output_hook=lambda _message: None
        )
    if answer["content"]["status"] != "ok":
        raise RuntimeError("\n".join(answer["content"]["traceback"]))
    with np.load(folder / "found.npz") as found:
        return dict(found)


def kill_once(folder: Path, wanted: Any, at: int, later: float) -> tuple[bool, str]:
    """Kill a kernel, and go on in another; whether all is well, and a row of the table."""
    journal = folder / "run.hsjrun"
    told = kill(folder, at, later)
    kept = pixels_in(read_journal(journal).outcomes)
    found = resumed(folder)
    after, state = found["after"].tolist(), str(found["state"])
    same = np.allclose(found["values"], wanted.values, rtol=1e-8, atol=1e-11)
    once = sorted(kept + after) == list(range(wanted.chisq.size))
    good = once and same and len(kept) >= told and state == "done" and not journal.exists()
    row = f"{at:6} | {told:6} | {len(kept):6} | {len(after):6} | {state:5}"
    return good, f"{row} | {'yes' if once else 'NO':4} | {'yes' if same else 'NO'}"


def main() -> int:
    """Play it through; 1 where anything was lost or came twice."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--times", type=int, default=10)
    words.add_argument("--seed", type=int, default=1)
    asked = words.parse_args()
    dice, good = random.Random(asked.seed), 0  # noqa: S311 - no secret
    print("kill | after  | told   | kept   | later  | state | once | same")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        data = hs.data.two_gaussians(shape=SHAPE, seed=1)
        data.save(folder / "map.hspy")
        reference = a_model(data)
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
