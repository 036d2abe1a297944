"""Peers that fit one spectrum by a script: scipy's leastsq and curve_fit, and lmfit.

All get our model and its exact derivatives, as numpy works them out, and the same start. None of
them keeps bounds, as HyperSpy's default does not; all stop by their own rules.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

import hsjupyter.api as hs
from benchmarks.workloads import Workload
from hsjupyter.fitting.plan import make_plan

Array = NDArray[np.float64]
Fit = Callable[[Array], Array]  # data, (channel,), to the numbers found, (free,)


class Problem(NamedTuple):
    """What a script knows of a model.

    Attributes
    ----------
    value : callable
        Numbers, (free,), to the model, (channel,).
    slopes : callable
        And to its derivatives, (free, channel).
    start : ndarray, (free,)
    """

    value: Callable[[Any], Array]
    slopes: Callable[[Any], Array]
    start: Array

    def chisq(self, p: Array, y: Array) -> float:
        """The sum of squared residuals."""
        return float(((self.value(p) - y) ** 2).sum())


def problem_of(workload: Workload) -> Problem:
    """The model of a workload."""
    plan = make_plan(workload.model(hs, np.arange(1)))
    slots, active, row = plan.free_slots(plan.active), plan.active, plan.start.copy()

    def value(p: Any) -> Array:
        row[slots] = p
        return plan.value(row, active)

    def slopes(p: Any) -> Array:
        row[slots] = p
        return plan.jacobian(row, active)

    return Problem(value, slopes, plan.start[slots])


def by_leastsq(problem: Problem) -> Fit:
    """MINPACK as scipy wraps it, with its covariance."""
    from scipy.optimize import leastsq

    value, slopes, start = problem

    def fit(y: Array) -> Array:
        words: dict[str, Any] = {"full_output": True, "col_deriv": True}
        x, *_ = leastsq(lambda p: value(p) - y, start, Dfun=slopes, **words)
        found: Array = x
        return found

    return fit


def by_curve_fit(problem: Problem) -> Fit:
    """The same behind scipy's own front."""
    from scipy.optimize import curve_fit

    value, slopes, start = problem
    words: dict[str, Any] = {"p0": start, "method": "lm", "check_finite": False}

    def fit(y: Array) -> Array:
        found, _ = curve_fit(
            lambda _x, *p: value(p), None, y, jac=lambda _x, *p: slopes(p).T, **words
        )
        best: Array = found
        return best

    return fit


def by_lmfit(problem: Problem) -> Fit:
    """The same behind lmfit's, by its `Minimizer`, which is faster than its `Model`."""
    import lmfit

    value, slopes, start = problem

    def numbers(p: Any) -> list[float]:
        return [one.value for one in p.values()]

    def fit(y: Array) -> Array:
        begin = lmfit.Parameters()
        for k, number in enumerate(start):
            begin.add(f"p{k}", value=float(number))
        search = lmfit.Minimizer(lambda p: value(numbers(p)) - y, begin)
        done = search.leastsq(Dfun=lambda p: slopes(numbers(p)), col_deriv=True)
        return np.array(numbers(done.params))

    return fit


SCRIPTS: dict[str, Callable[[Problem], Fit]] = {
    "scipy leastsq, exact derivatives": by_leastsq,
    "scipy curve_fit, exact derivatives": by_curve_fit,
    "lmfit, exact derivatives": by_lmfit,
}
