"""Which executor ``workers=`` means."""

import os

import numpy as np
from numpy.typing import NDArray

from hsjupyter.engines.serial import SerialExecutor
from hsjupyter.engines.threads import ThreadExecutor
from hsjupyter.fitting.batch import can_batch, warm_up
from hsjupyter.fitting.jobs import Pixels
from hsjupyter.fitting.plan import Plan

Executor = SerialExecutor | ThreadExecutor


def executor_for(
    plan: Plan, pixels: Pixels, stop: NDArray[np.int64], workers: int | None
) -> Executor:
    """The executor for a number of workers.

    Parameters
    ----------
    plan : Plan
    pixels : Pixels
    stop : ndarray of int64, (1,)
        Not 0: no further pixel begins.
    workers : int or None
        0 is here and now, more are threads. None is a thread for every processor where the
        compiled driver serves, which lets the interpreter go, and one thread elsewhere.
    """
    if workers is None:
        workers = (os.cpu_count() or 1) if can_batch(plan) else 1
    warm_up(plan)
    if workers > 0:
        return ThreadExecutor(plan, pixels, stop, workers)
    return SerialExecutor(plan, pixels, stop)
