"""Reads many made-up texts and complains of the first that is not taken or refused as it should.

``python -m tests.formula.fuzz 100000`` makes texts of its own; ``python -m tests.formula.fuzz
guided`` lets atheris, where it is installed, look for texts that reach new branches.
"""

import sys
import time
from collections import Counter
from importlib import import_module
from random import Random

from tests.formula import texts

SEED = 20_240_917


def fuzz(count: int, seed: int = SEED) -> str:
    """Read so many texts and give the figures."""
    from tests.formula.watch import Watch

    watch = Watch()
    random = Random(seed)  # noqa: S311
    found: Counter[str] = Counter()
    slowest, slow_text = 0.0, ""
    start = time.perf_counter()
    for _ in range(count):
        text = texts.text(random)
        formula, seconds = watch.read(text)
        found["refused" if formula is None else "read"] += 1
        if seconds > slowest:
            slowest, slow_text = seconds, text
    took = time.perf_counter() - start
    return (
        f"{count} texts in {took:.0f} s: {found['read']} read, {found['refused']} refused; "
        f"the slowest took {slowest * 1e3:.1f} ms: {slow_text[:60]!r}..."
    )


def guided() -> None:
    """Let atheris choose the bytes."""
    atheris = import_module("atheris")
    # It sees the branches of what is imported here, so this is the first to import the package.
    with atheris.instrument_imports(include=["hsjupyter.formula"]):
        from tests.formula.watch import Watch
    watch = Watch()

    def one(data: bytes) -> None:
        watch.read(data.decode(errors="ignore"))

    atheris.Setup(sys.argv[:1] + sys.argv[2:], one)
    atheris.Fuzz()


if __name__ == "__main__":
    if sys.argv[1:2] == ["guided"]:
        guided()
    else:
        print(fuzz(int(sys.argv[1]) if sys.argv[1:] else 10_000))  # noqa: T201
