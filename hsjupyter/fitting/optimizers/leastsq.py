"""Levenberg-Marquardt and the trust region, from scipy."""

from dataclasses import replace
from typing import Any

import numpy as np

from hsjupyter.fitting.objective import Objective
from hsjupyter.fitting.optimizers.base import LEAST_SQUARES, Ability, Solution, optimizer
from hsjupyter.fitting.plan import Array

# To rounding: the default is for people, who want all the digits the data hold.
_WORDS = ("ftol", "xtol", "gtol", "max_nfev", "x_scale", "diff_step")
# Where the model overflows: a trial step there is worse than any other, and is taken back.
_FAR = 1e150
# Condition of the scaled Jacobian; sums of exponentials that data still determine reach 1e6.
_DOUBTFUL = 1e10
_POLISH = 6  # steps
_SHORT = 20  # evaluations a number for a search that does not mind bounds
_TIGHT = {"ftol": 1e-15, "xtol": 1e-15, "gtol": 1e-15}


@optimizer(
    "lm", "mpfit", ability=Ability(gradient=True, bounds=True, losses=LEAST_SQUARES), options=_WORDS
)
def lm(objective: Objective, p0: Array, lower: Array, upper: Array, **options: Any) -> Solution:
    """Levenberg-Marquardt (MINPACK); where that leaves bounds, the trust region reflective one.

    Source
    ------
    Moré, in Numerical Analysis, Lecture Notes in Mathematics 630 (1978), doi:10.1007/BFb0067700.
    """
    words = {"method": "lm", "x_scale": _sizes(p0), **options}
    if not (np.isfinite(lower).any() or np.isfinite(upper).any()):
        return _least_squares(objective, p0, **words)
    # Most fits never meet their bounds, and this is several times as fast.
    if ((p0 > lower) & (p0 < upper)).all():
        found = _least_squares(objective, p0, **{"max_nfev": _SHORT * (len(p0) + 1), **words})
        if found.success and ((found.x > lower) & (found.x < upper)).all():
            return found
    return trf(objective, p0, lower, upper, **options)


@optimizer(
    "leastsq", ability=Ability(gradient=True, bounds=True, losses=LEAST_SQUARES), options=_WORDS
)
def leastsq(
    objective: Objective, p0: Array, lower: Array, upper: Array, **options: Any
) -> Solution:
    """As `lm`; where that ends in doubt, the search begins again in other ways.

    In doubt is an end where a number no longer matters, where less than half of the scatter of the
    data is described, or where no optimum was reached: a first step may have thrown a line off the
    data. Then the trust region is tried, and a start whose linear numbers are solved for; the
    deepest end counts. Tolerances that are given are taken at their word: then it is `lm` and
    nothing more.
    """
    found = lm(objective, p0, lower, upper, **options)
    if options:
        return found
    if _is_certain(objective, found):
        return _polished(objective, found, lower, upper)
    ends, nfev = [found], found.nfev
    for method, start in ((trf, p0), (lm, _linear_first(objective, p0, lower, upper))):
        ends.append(method(objective, start, lower, upper, **options))
        nfev += ends[-1].nfev
    best = min(ends, key=lambda end: _cost(objective, end.x))
    return _polished(objective, replace(best, nfev=nfev), lower, upper)


def _polished(objective: Objective, end: Solution, lower: Array, upper: Array) -> Solution:
    """The end after some Gauss-Newton steps, for the digits that the sum of squares cannot show.

    Near an optimum the sum changes by the square of a step, so that half of the digits are lost
    in it; the slope is known to all of them, and steps count while it shrinks. Where residuals
    are large each step leaves a fixed part of the way, which two of them tell.

    Source
    ------
    Anderson, J. ACM 12, 547 (1965), doi:10.1145/321296.321305.
    """
    x, nfev = end.x, end.nfev
    r, rows = objective.residual(x), objective.jacobian(x)
    steep = _steepness(rows, r)
    free = np.flatnonzero((x > lower) & (x < upper) & (steep > 0))
    if not end.success or not free.size or not np.isfinite(steep).all():
        return end
    length = np.linalg.norm(rows[:, free], axis=0)
    before: tuple[Array, Array] | None = None
    for _ in range(_POLISH):
        step = np.linalg.lstsq(rows[:, free] / length, -r, rcond=None)[0]
        ahead = step
        if before is not None:  # what the last step left tells how much this one will leave
            change = step - before[1]
            part = (step @ change) / (change @ change) if change.any() else 0.0
            ahead = step - part * (before[0] + change)
        trial = x.copy()
        trial[free] = np.clip(x[free] + ahead / length, lower[free], upper[free])
        moved, nfev = (trial[free] - x[free]) * length, nfev + 1
        r, rows = objective.residual(trial), objective.jacobian(trial)
        shallow = _steepness(rows, r)
        if not shallow[free].max() < steep[free].max():
            break
        x, steep, before = trial, shallow, (moved, step)
    return replace(end, x=x, nfev=nfev)


def _steepness(rows: Array, r: Array) -> Array:
    """Cosines of the angles between the residual and the derivatives, (free,); 0 at an optimum."""
    size = np.linalg.norm(rows, axis=0) * np.linalg.norm(r)
    return np.abs(rows.T @ r) / np.where(size > 0, size, np.inf)


def _cost(objective: Objective, x: Array) -> float:
    cost = objective.chisq(x)
    return cost if np.isfinite(cost) else np.inf


def _is_certain(objective: Objective, end: Solution) -> bool:
    """Whether an optimum was reached at which every number matters by itself."""
    if not end.success:
        return False
    rows = objective.jacobian(end.x)
    length = np.linalg.norm(rows, axis=0)
    if not np.isfinite(length).all() or not (length > 0).all():
        return False
    if np.linalg.cond(rows / length) >= _DOUBTFUL:
        return False
    scatter = objective.y - objective.y.mean()
    if objective.root_weights is not None:
        scatter = scatter * objective.root_weights
    return bool(objective.chisq(end.x) < scatter @ scatter / 2)


def _linear_first(objective: Objective, p0: Array, lower: Array, upper: Array) -> Array:
    """The start, with the numbers that enter linearly solved for."""
    plan, slots = objective.plan, objective.slots
    bent = set(plan.bent(objective.active))
    linear = [k for k, s in enumerate(slots) if plan.names[s] not in bent]
    rows, r = objective.jacobian(p0)[:, linear], objective.residual(p0)
    start = p0.copy()
    if linear and np.isfinite(rows).all() and np.isfinite(r).all():
        start[linear] -= np.linalg.lstsq(rows, r, rcond=None)[0]
    return np.clip(start, lower, upper)


@optimizer("trf", ability=Ability(gradient=True, bounds=True, losses=LEAST_SQUARES), options=_WORDS)
def trf(objective: Objective, p0: Array, lower: Array, upper: Array, **options: Any) -> Solution:
    """Trust region reflective algorithm.

    Source
    ------
    Branch, Coleman & Li, SIAM J. Sci. Comput. 21, 1 (1999), doi:10.1137/S1064827595289108.
    """
    # A start on a bound gives the reflective method no room: scipy moves it inside by itself.
    fixed = lower == upper
    if fixed.any():
        upper = np.where(fixed, np.nextafter(upper, np.inf), upper)
    return _least_squares(
        objective,
        np.clip(p0, lower, upper),
        method="trf",
        bounds=(lower, upper),
        x_scale="jac",
        **options,
    )


@optimizer(
    "dogbox", ability=Ability(gradient=True, bounds=True, losses=LEAST_SQUARES), options=_WORDS
)
def dogbox(objective: Objective, p0: Array, lower: Array, upper: Array, **options: Any) -> Solution:
    """Dogleg in a rectangular trust region.

    Source
    ------
    Voglis & Lagaris, WSEAS International Conference on Applied Mathematics (2004).
    """
    return _least_squares(
        objective,
        np.clip(p0, lower, upper),
        method="dogbox",
        bounds=(lower, upper),
        x_scale="jac",
        **options,
    )


def _least_squares(objective: Objective, p0: Array, **options: Any) -> Solution:
    from scipy.optimize import least_squares

    def residual(p: Array) -> Array:
        r = objective.residual(p)
        return r if np.isfinite(r).all() else np.full_like(r, _FAR)

    def slopes(p: Array) -> Array:
        rows = objective.jacobian(p)
        return rows if np.isfinite(rows).all() else np.where(np.isfinite(rows), rows, 0.0)

    chosen = {"jac": slopes, "max_nfev": 200 * (len(p0) + 1), **_TIGHT, **options}
    found = least_squares(residual, p0, **chosen)
    return Solution(found.x, bool(found.status > 0), str(found.message), int(found.nfev))


def _sizes(p0: Array) -> Array:
    return np.where(p0 == 0, 1.0, np.abs(p0))
