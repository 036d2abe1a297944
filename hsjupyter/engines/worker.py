"""The only code an engine runs."""

import numpy as np
from numpy.typing import NDArray

from hsjupyter.fitting import optimizers
from hsjupyter.fitting.jobs import Job, Outcome, Pixels
from hsjupyter.fitting.plan import Plan
from hsjupyter.fitting.solve import solve_job

__all__ = ["optimizers", "work"]


def work(plan: Plan, pixels: Pixels, job: Job, stop: NDArray[np.int64] | None = None) -> Outcome:
    """Fit the pixels of a job; a module function, so that it can be sent by name."""
    return solve_job(plan, pixels, job, stop)
