"""Minimisers of a single number, from scipy: for every loss."""

from typing import Any

import numpy as np

from hsjupyter.fitting.objective import Objective
from hsjupyter.fitting.optimizers.base import Ability, Solution, Solve, optimizer
from hsjupyter.fitting.plan import Array

# Tolerances to rounding, in numbers that are scaled to one: the default is for people, who want
# all the digits the data hold.
_OPTIONS: dict[str, dict[str, Any]] = {
    "Nelder-Mead": {"xatol": 1e-9, "fatol": 1e-12, "maxiter": 20_000, "maxfev": 40_000},
    "Powell": {"xtol": 1e-10, "ftol": 1e-14, "maxiter": 20_000},
    "CG": {"gtol": 1e-7, "maxiter": 20_000},
    "BFGS": {"gtol": 1e-7, "maxiter": 20_000},
    "Newton-CG": {"xtol": 1e-12, "maxiter": 20_000},
    "L-BFGS-B": {"ftol": 1e-15, "gtol": 1e-9, "maxiter": 20_000, "maxfun": 40_000},
    "TNC": {"ftol": 1e-15, "gtol": 1e-9, "xtol": 1e-12, "maxfun": 40_000},
    "SLSQP": {"ftol": 1e-14, "maxiter": 20_000},
    "COBYLA": {"tol": 1e-10, "maxiter": 40_000},
    "COBYQA": {"final_tr_radius": 1e-10, "maxiter": 20_000},
    "trust-constr": {"gtol": 1e-9, "xtol": 1e-12, "maxiter": 5_000},
    "trust-ncg": {"gtol": 1e-8, "maxiter": 20_000},
    "trust-krylov": {"gtol": 1e-8, "maxiter": 20_000},
    "trust-exact": {"gtol": 1e-8, "maxiter": 20_000},
    "dogleg": {"gtol": 1e-8, "maxiter": 20_000},
}
_BOUNDED = {"Nelder-Mead", "Powell", "L-BFGS-B", "TNC", "SLSQP", "COBYLA", "COBYQA", "trust-constr"}
_NO_SLOPE = {"Nelder-Mead", "Powell", "COBYLA", "COBYQA"}
_CURVED = {"Newton-CG", "trust-constr", "trust-ncg", "trust-krylov", "trust-exact", "dogleg"}


def _minimiser(method: str) -> Solve:
    def solve(
        objective: Objective, p0: Array, lower: Array, upper: Array, **options: Any
    ) -> Solution:
        from scipy.optimize import Bounds, minimize

        centre, size = p0, sizes(objective, p0, lower, upper)
        scale = max(objective.value(p0), 1e-300)

        def value(q: Array) -> float:
            found = objective.value(centre + size * q) / scale
            return found if np.isfinite(found) else 1e300

        def gradient(q: Array) -> Array:
            return objective.gradient(centre + size * q) * size / scale

        def curvature(q: Array) -> Array:
            return objective.curvature(centre + size * q) * np.outer(size, size) / scale

        chosen: dict[str, Any] = {"options": {**_OPTIONS[method], **options}}
        if method not in _NO_SLOPE:
            chosen["jac"] = gradient
        if method in _CURVED:
            chosen["hess"] = curvature
            chosen["jac"] = gradient
        if method in _BOUNDED and (np.isfinite(lower).any() or np.isfinite(upper).any()):
            chosen["bounds"] = Bounds((lower - centre) / size, (upper - centre) / size)
        found = minimize(value, np.zeros_like(p0), method=method, **chosen)
        x = np.clip(centre + size * found.x, lower, upper)
        # scipy reports lost precision as failure where rounding stops a search at its optimum.
        arrived = bool(found.success) or is_flat(objective, x, lower, upper)
        return Solution(x, arrived, str(found.message), int(found.nfev))

    solve.__doc__ = f"scipy's {method}, on numbers scaled by what the data determine of them."
    return solve


def sizes(objective: Objective, p: Array, lower: Array, upper: Array) -> Array:
    """A natural step of every free number: what changes the loss by about one part in itself."""
    curved = np.diag(objective.curvature(p))
    value = max(objective.value(p), 1e-300)
    width = np.where(np.isfinite(upper - lower), upper - lower, np.inf)
    with np.errstate(divide="ignore"):
        step = np.sqrt(value / curved)
    plain = np.where(p == 0, 1.0, np.abs(p))
    step = np.where(np.isfinite(step) & (step > 0), step, plain)
    least = np.where(width > 0, np.minimum(step, width), step)
    size: Array = np.minimum(least, np.maximum(plain, 1e-12) * 10)
    return size


def is_flat(objective: Objective, x: Array, lower: Array, upper: Array) -> bool:
    """Whether a further Newton step would gain nothing that shows: less than 1e-8 of the loss."""
    slope, curved = objective.gradient(x), objective.curvature(x)
    held = ((x <= lower) & (slope > 0)) | ((x >= upper) & (slope < 0))
    free = np.flatnonzero(~held & (np.diag(curved) > 0))
    if not free.size:
        return True
    part = curved[np.ix_(free, free)]
    gain = slope[free] @ np.linalg.lstsq(part, slope[free], rcond=None)[0] / 2
    return bool(gain <= 1e-8 * max(objective.value(x), 1e-300))


for _method, _standard in _OPTIONS.items():
    _able = Ability(bounds=_method in _BOUNDED, gradient=_method not in _NO_SLOPE)
    optimizer(_method, ability=_able, options=_standard)(_minimiser(_method))
