"""Damped Fisher scoring between bounds: Levenberg-Marquardt for every loss."""

from typing import Any

import numpy as np

from hsjupyter.fitting.objective import Objective
from hsjupyter.fitting.optimizers.base import Ability, Solution, optimizer
from hsjupyter.fitting.plan import Array


@optimizer("fisher", ability=Ability(gradient=True, bounds=True), options=("ftol", "max_nfev"))
def fisher(objective: Objective, p0: Array, lower: Array, upper: Array, **options: Any) -> Solution:
    """Newton's method with the expected second derivatives, damped where it would overshoot.

    Where a model has kernels and the loss is least squares, the Poisson likelihood or Huber's,
    `multifit` does the same in the compiled driver.

    Source
    ------
    Laurence & Chromy, Nature Methods 7, 338 (2010), doi:10.1038/nmeth0510-338.
    """
    ftol, max_nfev = float(options.get("ftol", 1e-14)), int(options.get("max_nfev", 500))
    p, cost, damping, nfev = p0, objective.value(p0), 1e-3, 1
    slope, curved = objective.gradient(p), objective.curvature(p)
    message = f"no optimum within {max_nfev} evaluations"
    arrived = False
    while nfev < max_nfev:
        held = ((p <= lower) & (slope > 0)) | ((p >= upper) & (slope < 0))
        free = np.flatnonzero(~held & (np.diag(curved) > 0))
        if not free.size:
            arrived, message = True, "all numbers are on bounds or do not matter"
            break
        part = curved[np.ix_(free, free)]
        size = np.sqrt(np.diag(part))
        damped = part / np.outer(size, size) + damping * np.eye(len(free))
        step = np.zeros_like(p)
        step[free] = np.linalg.lstsq(damped, -slope[free] / size, rcond=None)[0] / size
        trial = np.clip(p + step, lower, upper)
        moved = trial - p
        predicted = -(slope @ moved + moved @ curved @ moved / 2)
        new = objective.value(trial)
        nfev += 1
        if np.isfinite(new) and new <= cost:
            gain, p, cost = cost - new, trial, new
            slope, curved = objective.gradient(p), objective.curvature(p)
            damping = max(damping / 10, 1e-15)
            if max(float(gain), float(predicted)) <= ftol * max(cost, 1e-300):
                arrived, message = True, "the loss no longer falls"
                break
            continue
        damping *= 10
        if damping > 1e12 or predicted <= 0:
            arrived = bool(predicted <= 1e-10 * max(cost, 1e-300))
            message = "rounding hides what would still be gained" if arrived else "no step helps"
            break
    return Solution(p, arrived, message, nfev)
