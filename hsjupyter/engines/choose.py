"""Which executor is meant by ``workers=``, ``client=`` and ``executor=``."""

import os
import sys
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hsjupyter.core.errors import FitError, unknown_name
from hsjupyter.engines.crew import TIMEOUT
from hsjupyter.engines.crew_executor import CrewExecutor
from hsjupyter.engines.ipp import ipp_executor
from hsjupyter.engines.processes import process_executor
from hsjupyter.engines.serial import SerialExecutor
from hsjupyter.engines.threads import ThreadExecutor
from hsjupyter.engines.travel import strangers
from hsjupyter.fitting.batch import warm_up
from hsjupyter.fitting.jobs import Pixels
from hsjupyter.fitting.kept import can_batch
from hsjupyter.fitting.plan import Plan
from hsjupyter.fitting.solve import Tell

Executor = SerialExecutor | ThreadExecutor | CrewExecutor

THREADS = sys.platform not in {"emscripten", "wasi"}  # a browser's Python has none
NAMES = ("serial", "threads", "processes")


def executor_for(
    plan: Plan,
    pixels: Pixels,
    stop: NDArray[np.int64],
    *,
    workers: int | None = None,
    client: Any = None,
    executor: str | None = None,
    timeout: float = TIMEOUT,
    tell: Tell | None = None,
) -> Executor:
    """The executor that is meant.

    Parameters
    ----------
    plan : Plan
    pixels : Pixels
    stop : ndarray of int64, (1,)
        Not 0: no further pixel begins.
    workers : int, optional
        0 is one after another. None is one for every processor where a driver of many pixels
        serves, which lets the interpreter go, and one elsewhere; 0 where there are no threads.
    client : ipyparallel.Client, Cluster or str, optional
    executor : {'serial', 'threads', 'processes'}, optional
        Where not given: threads for those drivers and for one worker, else processes where
        the plan can travel.
    timeout : float
        Seconds after which an engine that does not answer is given up.
    tell : callable, optional
        Gets what is done of jobs that take long, where they are done in this process.

    Raises
    ------
    FitError
        Two things are asked for that exclude each other.
    UnknownNameError
        No such executor.
    """
    if executor not in {None, *NAMES}:
        raise unknown_name("multifit: executor", executor, NAMES)
    if client is not None:
        if workers is not None or executor is not None:
            raise FitError(
                "multifit: client= came together with workers= or executor=; the engines of the "
                "client are the workers, so give it alone"
            )
        return ipp_executor(plan, pixels, stop, client, timeout)
    if isinstance(workers, bool) or not (workers is None or workers >= 0):
        raise FitError(f"multifit: workers={workers!r} came; a number from 0 on is wanted")
    batches = can_batch(plan)
    if workers is None:
        workers = _usual(executor, many=batches or executor == "processes")
    if executor is None:
        executor = "serial" if workers == 0 else "threads"
        if workers > 1 and not batches and not strangers(plan)[1]:
            executor = "processes"
    if executor == "processes":
        return process_executor(plan, pixels, stop, max(workers, 1))
    warm_up(plan)
    if executor == "threads":
        return ThreadExecutor(plan, pixels, stop, max(workers, 1), tell)
    return SerialExecutor(plan, pixels, stop, tell)


def _usual(executor: str | None, *, many: bool) -> int:
    """How many workers where nobody says."""
    if executor is None and not THREADS:
        return 0
    return (os.cpu_count() or 1) if many and executor != "serial" else 1
