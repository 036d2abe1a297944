"""The only code an engine runs."""

import sys
import time
from dataclasses import dataclass, replace
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hsjupyter import __version__
from hsjupyter.engines.lending import Sign, borrowed, can_read
from hsjupyter.fitting import optimizers
from hsjupyter.fitting.batch import warm_up
from hsjupyter.fitting.contest import Contest, solve_contest
from hsjupyter.fitting.jobs import Job, Outcome, Pixels
from hsjupyter.fitting.plan import Plan
from hsjupyter.fitting.solve import Tell, solve_job

__all__ = [
    "Bundle",
    "PlanUnknownError",
    "Report",
    "keep",
    "look",
    "optimizers",
    "work",
    "work_bundle",
]

KEPT: dict[str, Plan] = {}
"""Plans by key: each is sent once."""

MOST = 4
"""Plans that an engine keeps: the oldest goes."""


class PlanUnknownError(Exception):
    """An engine does not keep the plan: it came not through, or others have pushed it out."""


@dataclass(frozen=True, eq=False)
class Bundle:
    """Jobs that travel together.

    Attributes
    ----------
    key : str
        Of the plan.
    jobs : list of Job
    pixels : Pixels
        Their data, sent or lent.
    engine : str
        The name of who does them.
    """

    key: str
    jobs: list[Job]
    pixels: Pixels
    engine: str


@dataclass(frozen=True, eq=False)
class Report:
    """What a bundle of jobs gave, in their order, and the seconds that they took."""

    outcomes: tuple[Outcome, ...]
    seconds: float


@dataclass(frozen=True)
class Facts:
    """What an engine is: versions that must agree, and modules that it has not."""

    version: str
    python: tuple[int, int]
    missing: tuple[str, ...]
    process: int
    near: bool = False
    """Whether it reads what is lent on the machine of who asks."""


def look(modules: tuple[str, ...], shown: Sign | None = None) -> Facts:
    """Whether this engine can do what needs these modules, and reads what is lent."""
    import os

    missing = tuple(name for name in modules if find_spec(name.partition(".")[0]) is None)
    python = (sys.version_info[0], sys.version_info[1])
    return Facts(__version__, python, missing, os.getpid(), can_read(shown))


def keep(key: str, plan: Plan) -> None:
    """Keep a plan under a key, and compile what it needs."""
    while len(KEPT) >= MOST:
        KEPT.pop(next(iter(KEPT)))
    KEPT[key] = plan
    warm_up(plan)


def work(
    plan: Plan,
    pixels: Pixels,
    job: Job,
    stop: NDArray[np.int64] | None = None,
    tell: Tell | None = None,
) -> Outcome:
    """Fit the pixels of a job; a module function, so that it can be sent by name."""
    if isinstance(job, Contest):
        return solve_contest(plan, pixels, job, stop)
    return solve_job(plan, pixels, job, stop, tell)


def work_bundle(bundle: Bundle, stop: NDArray[np.int64] | None = None) -> Report:
    """Fit the pixels of several jobs by a plan that was kept."""
    began = time.perf_counter()
    if bundle.key not in KEPT:
        words = f"{bundle.engine} does not keep this model, only {len(KEPT)} others"
        raise PlanUnknownError(words)
    plan, pixels = KEPT[bundle.key], borrowed(bundle.pixels)
    outcomes = [_named(work(plan, pixels, job, stop), bundle.engine) for job in bundle.jobs]
    return Report(tuple(outcomes), time.perf_counter() - began)


def _named(outcome: Outcome, engine: str) -> Outcome:
    """With the engine's name in its failures."""
    if not outcome.failures:
        return outcome
    failures: Any = tuple(replace(failure, engine=engine) for failure in outcome.failures)
    return replace(outcome, failures=failures)
