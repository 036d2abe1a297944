"""Intervals and regions from the shape of the loss itself: one number held, all others fitted."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from hsjupyter.core.errors import FitError
from hsjupyter.fitting.objective import Objective
from hsjupyter.fitting.optimizers.base import OPTIMIZERS
from hsjupyter.fitting.plan import Array
from hsjupyter.fitting.result import FitResult
from hsjupyter.fitting.uncertainty import noise_scale

# How far a search for an end of an interval goes: 2**_DOUBLINGS first steps.
_DOUBLINGS = 20
# A loss that is deeper by this much of a standard deviation's worth is another optimum.
_DEEPER = 1e-3


@dataclass(frozen=True, eq=False)
class Profile:
    """An optimum, and how the loss rises around it.

    Attributes
    ----------
    objective : Objective
    x, std : ndarray, (free,)
        The optimum and its errors from the covariance.
    least : float
        The loss there.
    scale : float
        By how much the loss rises where a number moves by its error: the `scatter` of the loss
        where the noise is known, else the variance that the residual tells.
    freedom : int or None
        Degrees of freedom that this variance comes from; None where the noise is known.
    """

    objective: Objective
    x: Array
    std: Array
    least: float
    scale: float
    freedom: int | None

    def rise(self, fixed: dict[int, float], start: Array) -> tuple[float, Array]:
        """How much the loss rises where some free numbers are held and the others fitted.

        Parameters
        ----------
        fixed : dict of int to float
            By place among the free numbers.
        start : ndarray, (free,)
            Where the others begin.

        Returns
        -------
        float
            In units of ``scale``: 1 at one standard deviation of a linear model.
        ndarray, (free,)
            Where the others went.

        Raises
        ------
        FitError
            It fell: the optimum was not one.
        """
        held = self._held(fixed, start)
        slots, plan = held.slots, held.plan
        x = start.copy()
        x[list(fixed)] = list(fixed.values())
        others = np.array([k for k in range(len(x)) if k not in fixed], dtype=np.intp)
        if others.size:
            name = "lm" if held.loss.name == "ls" else "fisher"
            lower, upper = plan.lower[slots], plan.upper[slots]
            found = OPTIMIZERS[name].solve(held, held.row[slots], lower, upper)
            x[others] = np.clip(found.x, lower, upper)
        rise = (held.value(x[others]) - self.least) / self.scale
        if rise < -_DEEPER:
            names = [plan.names[s] for s in self.objective.slots]
            at = ", ".join(f"{n} = {v:g}" for n, v in zip(names, x, strict=True))
            raise FitError(
                f"conf_interval: the loss {self.least:g} of the fit is not the least: it is "
                f"{self.least + rise * self.scale:g} at {at}; set these values and fit again"
            )
        return max(rise, 0.0), x

    def _held(self, fixed: dict[int, float], start: Array) -> Objective:
        plan, slots = self.objective.plan, self.objective.slots
        places = slots[list(fixed)]
        free = plan.free.copy()
        free[places] = False
        row = self.objective.filled(start)
        row[places] = list(fixed.values())
        return replace(self.objective, plan=replace(plan, free=free), row=plan.follow(row))

    def threshold(self, probability: float, n_held: int) -> float:
        """How much the loss may rise, in units of ``scale``.

        The chi squared distribution where the noise is known; else F, as its variance is
        estimated as well.

        Parameters
        ----------
        probability : float
            That the region holds the truth.
        n_held : int
            How many numbers the region is of.

        Source
        ------
        Press et al., Numerical Recipes, 3rd ed., §15.6.5; Bates & Watts, Nonlinear Regression
        Analysis (1988), §6.1.
        """
        from scipy import stats

        if self.freedom is None:
            return float(stats.chi2.ppf(probability, n_held))
        return float(n_held * stats.f.ppf(probability, n_held, self.freedom))

    def probability(self, rise: Array, n_held: int) -> Array:
        """The inverse of `threshold`, for rises of any shape."""
        from scipy import stats

        if self.freedom is None:
            known: Array = stats.chi2.cdf(rise, n_held)
            return known
        found: Array = stats.f.cdf(rise / n_held, n_held, self.freedom)
        return found


def profile_of(objective: Objective, result: FitResult) -> Profile:
    """How the loss rises around the optimum of a fit.

    Raises
    ------
    FitError
        The fit did not arrive, or no channel is left over to tell the noise.
    """
    if not result.success:
        raise FitError(
            f"conf_interval: the fit reached no optimum ({result.message}), so nothing is known "
            "around it; try other start values, and fit before"
        )
    terms = objective.terms(result.x)
    weights = None if objective.root_weights is None else objective.root_weights**2
    freedom = None if result.absolute else len(objective.y) - len(result.x)
    scale = (
        objective.loss.scatter if result.absolute else noise_scale(terms, weights, len(result.x))
    )
    if not scale > 0:
        raise FitError(
            "conf_interval: the residual tells no noise: it is zero, or there are as many free "
            "numbers as channels; set the noise with s.set_noise_variance()"
        )
    return Profile(objective, result.x, result.std, terms.value, scale, freedom)


def interval(profile: Profile, k: int, rise: float) -> tuple[float, float]:
    """Where the loss has risen by so much, below and above the optimum.

    Parameters
    ----------
    profile : Profile
    k : int
        Which free number.
    rise : float
        In units of its scale.

    Returns
    -------
    low, high : float
        A bound where the loss does not rise so much before it; infinite where it does nowhere.
    """
    return _end(profile, k, rise, -1.0), _end(profile, k, rise, 1.0)


def _end(profile: Profile, k: int, wanted: float, side: float) -> float:
    from scipy.optimize import brentq

    plan, slot = profile.objective.plan, profile.objective.slots[k]
    limit = plan.lower[slot] if side < 0 else plan.upper[slot]
    best, std = profile.x[k], profile.std[k]
    step = np.sqrt(wanted) * (std if np.isfinite(std) and std > 0 else max(abs(best), 1.0) / 10)
    room = abs(limit - best)
    above = _follow(profile, k, side)
    inside, outside = 0.0, min(step, room)
    for _ in range(_DOUBLINGS):
        if outside <= 0 or above(outside) >= wanted:
            break
        if outside == room:
            return float(limit)
        inside, outside = outside, min(2 * outside, room)
    else:
        return side * np.inf
    if outside <= 0:
        return float(limit)
    end = brentq(lambda far: above(far) - wanted, inside, outside, xtol=1e-10 * step, rtol=1e-8)
    return float(best + side * end)


def _follow(profile: Profile, k: int, side: float) -> Callable[[float], float]:
    """The rise at a distance from the optimum; every fit begins where the nearest one ended."""
    ends: dict[float, Array] = {0.0: profile.x}
    known: dict[float, float] = {0.0: 0.0}

    def above(distance: float) -> float:
        if distance not in known:
            near = min(ends, key=lambda each: abs(each - distance))
            value = float(profile.x[k] + side * distance)
            known[distance], ends[distance] = profile.rise({k: value}, ends[near])
        return known[distance]

    return above


def region(profile: Profile, k: int, j: int, x: Array, y: Array) -> Array:
    """The rise of the loss where two numbers are held on a grid.

    Parameters
    ----------
    profile : Profile
    k, j : int
        Which free numbers.
    x, y : ndarray, (column,), (row,)
        Their values.

    Returns
    -------
    ndarray, (row, column)
        In units of the scale.
    """
    rises = np.empty((len(y), len(x)))
    # From the optimum outwards, so that every fit begins where one beside it ended.
    rows = np.argsort(np.abs(y - profile.x[j]), kind="stable")
    columns = np.argsort(np.abs(x - profile.x[k]), kind="stable")
    ends: dict[tuple[int, int], Array] = {}
    for row in rows.tolist():
        for column in columns.tolist():
            beside = [(row, column + s) for s in (-1, 1)] + [(row + s, column) for s in (-1, 1)]
            start = next((ends[at] for at in beside if at in ends), profile.x)
            held = {k: float(x[column]), j: float(y[row])}
            rises[row, column], ends[row, column] = profile.rise(held, start)
    return rises
