"""Levenberg-Marquardt and the trust region, from scipy."""

from typing import Any

import numpy as np

from hsjupyter.fitting.objective import Objective
from hsjupyter.fitting.optimizers.base import LEAST_SQUARES, Ability, Solution, optimizer
from hsjupyter.fitting.plan import Array

# To rounding: the default is for people, who want all the digits the data hold.
_WORDS = ("ftol", "xtol", "gtol", "max_nfev", "x_scale", "diff_step")
_TIGHT = {"ftol": 1e-15, "xtol": 1e-15, "gtol": 1e-15}


@optimizer(
    "leastsq", "lm", "mpfit", ability=Ability(bounds=True, losses=LEAST_SQUARES), options=_WORDS
)
def leastsq(
    objective: Objective, p0: Array, lower: Array, upper: Array, **options: Any
) -> Solution:
    """Levenberg-Marquardt (MINPACK); with bounds, the trust region reflective algorithm.

    Source
    ------
    Moré, in Numerical Analysis, Lecture Notes in Mathematics 630 (1978), doi:10.1007/BFb0067700.
    """
    if np.isfinite(lower).any() or np.isfinite(upper).any():
        return trf(objective, p0, lower, upper, **options)
    return _least_squares(objective, p0, method="lm", x_scale=_sizes(p0), **options)


@optimizer("trf", ability=Ability(bounds=True, losses=LEAST_SQUARES), options=_WORDS)
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


@optimizer("dogbox", ability=Ability(bounds=True, losses=LEAST_SQUARES), options=_WORDS)
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

    chosen = {"jac": objective.jacobian, "max_nfev": 200 * (len(p0) + 1), **_TIGHT, **options}
    found = least_squares(objective.residual, p0, **chosen)
    return Solution(found.x, bool(found.status > 0), str(found.message), int(found.nfev))


def _sizes(p0: Array) -> Array:
    return np.where(p0 == 0, 1.0, np.abs(p0))
