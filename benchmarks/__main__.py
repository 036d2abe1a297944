"""Every table of the benchmarks in one command, as Markdown, with the machine they were made on.

    python -m benchmarks                    all that take minutes
    python -m benchmarks --quick            the same, smaller: a look whether all is well
    python -m benchmarks --only storage     one or some of them
    python -m benchmarks --all              those too that want a browser, engines or an hour
    python -m benchmarks --list             what there is

A module of this folder takes part by the constant ``REPORT``, see README.md beside this file.
"""

import argparse
import subprocess
import sys
import time
from collections.abc import Iterator

from benchmarks.machine import described
from benchmarks.taking_part import Report, reports


def section(report: Report, *, quick: bool) -> Iterator[str]:
    """One report: what it is, its limit, its command and its table; from a process of its own."""
    words = report.quick if quick else report.full
    yield f"\n## {report.title}\n"
    yield f"Limit: {report.limit}.\n"
    yield f"`python -m benchmarks.{report.name}{''.join(' ' + w for w in words)}`\n"
    began = time.monotonic()
    with subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", f"benchmarks.{report.name}", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        told, wrong = process.communicate()
    yield told.strip()
    if process.returncode:
        last = (wrong.strip().splitlines() or ["no word"])[-1]
        yield f"\n**Ended with {process.returncode}: {last}**"
    yield f"\n({time.monotonic() - began:.0f} s)"


def main() -> int:
    """Run what the command line asks for; the number of reports that failed."""
    asks = argparse.ArgumentParser("python -m benchmarks", description="All tables, in Markdown.")
    asks.add_argument("--only", nargs="+", metavar="NAME", default=[])
    asks.add_argument("--quick", action="store_true", help="smaller maps, fewer rounds")
    asks.add_argument("--all", action="store_true", help="also what is not run by default")
    asks.add_argument("--list", action="store_true", help="name them and end")
    asked = asks.parse_args()
    known = reports()
    if unknown := set(asked.only) - {r.name for r in known}:
        asks.error(f"{', '.join(sorted(unknown))}: there are {', '.join(r.name for r in known)}")
    chosen = [r for r in known if (r.name in asked.only if asked.only else asked.all or r.default)]
    if asked.list:
        for report in known:
            print(f"{report.name:16}{'' if report.default else '(--all) '}{report.title}")
        return 0
    print("# Benchmarks\n")
    print(described())
    failed = 0
    for report in chosen:
        for text in section(report, quick=asked.quick):
            print(text, flush=True)
            failed += text.startswith("\n**Ended")
    return failed


if __name__ == "__main__":
    sys.exit(main())
