"""Errors without assumptions on the shape of the loss: data drawn again, and fitted again."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from hsjupyter.core.errors import DataError, FitError, unknown_name
from hsjupyter.fitting.intervals import ConfidenceIntervals, probability_of
from hsjupyter.fitting.jobs import Job, Pixels
from hsjupyter.fitting.objective import Objective
from hsjupyter.fitting.plan import Array
from hsjupyter.fitting.result import FitResult
from hsjupyter.fitting.solve import solve_job

KINDS = ("residuals", "parametric")
_FEWEST = 10


@dataclass(frozen=True, eq=False)
class Bootstrap:
    """Values that a fit finds in data that were drawn again.

    Attributes
    ----------
    names : tuple of str, (free,)
    best : ndarray, (free,)
        Of the data themselves.
    values : ndarray, (draw, free)
    failures : int
        Draws in which the fit reached no optimum; they are not in ``values``.
    absolute : bool
        True where the noise was known.
    """

    names: tuple[str, ...]
    best: Array
    values: Array
    failures: int
    absolute: bool

    @property
    def std(self) -> Array:
        """Scatter of the values, (free,)."""
        scatter: Array = self.values.std(axis=0, ddof=1)
        return scatter

    @property
    def covar(self) -> Array:
        """Their covariance, (free, free)."""
        return np.atleast_2d(np.cov(self.values, rowvar=False))

    @property
    def bias(self) -> Array:
        """How far their mean is from the fit of the data themselves, (free,)."""
        off: Array = self.values.mean(axis=0) - self.best
        return off

    def intervals(self, sigmas: tuple[float, ...] = (1.0, 2.0)) -> ConfidenceIntervals:
        """Between the quantiles of the values.

        Source
        ------
        Efron & Tibshirani, An Introduction to the Bootstrap (1993), §13.3.
        """
        sure = np.array([probability_of(sigma) for sigma in sigmas])
        low, high = (np.quantile(self.values, (1 + s * sure) / 2, axis=0).T for s in (-1, 1))
        return ConfidenceIntervals(self.names, self.best, sigmas, low, high, self.absolute)

    def __repr__(self) -> str:
        told = f"{len(self.values)} draws, {self.failures} without an optimum"
        rows = zip(self.names, self.best, self.std, strict=True)
        return "\n".join([told, *(f"{n}: {x:.6g} +- {s:.2g}" for n, x, s in rows)])


def bootstrap(
    objective: Objective,
    result: FitResult,
    options: dict[str, Any],
    *,
    n: int,
    kind: str,
    rng: np.random.Generator,
) -> Bootstrap:
    """Fit ``n`` sets of data like those of an objective.

    Parameters
    ----------
    objective : Objective
    result : FitResult
        Its fit.
    options : dict
        Of the optimizer.
    n : int
    kind : {'residuals', 'parametric'}
        The residuals are drawn again, channel by channel, from those of the fit; or the noise from
        its distribution: Poisson for its likelihood, else normal.
    rng : Generator

    Raises
    ------
    FitError
        Fewer than ten draws, or hardly any of the fits arrived.
    DataError
        Residuals of counts are no counts.

    Source
    ------
    Efron & Tibshirani, An Introduction to the Bootstrap (1993), §9.4 and §6.5.
    """
    if kind not in KINDS:
        raise unknown_name("bootstrap: kind", kind, KINDS)
    if n < _FEWEST:
        raise FitError(f"bootstrap: n={n} came; at least {_FEWEST} draws are wanted, say 500")
    plan = objective.plan
    drawn = np.zeros((n, int(plan.channels.max()) + 1))
    drawn[:, plan.channels] = _draw(objective, result, n, kind, rng)
    variance = None
    if objective.root_weights is not None:
        variance = np.ones(drawn.shape[1])
        variance[plan.channels] = objective.root_weights**-2.0
    pixels = Pixels(drawn, variance, objective.low_loss, (n,), 1)
    row = objective.filled(result.x)
    job = Job(
        np.arange(n),
        np.tile(row, (n, 1)),
        np.tile(objective.active, (n, 1)),
        result.optimizer,
        options,
        objective.loss,
    )
    found = solve_job(plan, pixels, job)
    if len(found.values) < max(n // 2, 2):
        raise FitError(
            f"bootstrap: only {len(found.values)} of {n} fits reached an optimum; the first of the "
            f"others said: {found.failures[0].reason}"
        )
    values = found.values[:, objective.slots]
    return Bootstrap(result.names, result.x, values, len(found.failures), result.absolute)


def _draw(
    objective: Objective, result: FitResult, n: int, kind: str, rng: np.random.Generator
) -> Array:
    """Data like those of the objective, (draw, channel)."""
    line = objective.residual(result.x)
    roots = np.ones_like(objective.y) if objective.root_weights is None else objective.root_weights
    model, shape = objective.y + line / roots, (n, len(objective.y))
    counts = objective.loss.name == "ML-poisson"
    if kind == "residuals":
        if counts:
            raise DataError(
                "bootstrap: residuals of counts, drawn again, are no counts; use kind='parametric'"
            )
        freedom = max(len(line) - len(result.x), 1)
        # A fit takes up part of the scatter: what is left is smaller than the noise was.
        fair = (line - line.mean()) * np.sqrt(len(line) / freedom)
        return model + rng.choice(fair, shape) / roots
    if counts:
        return rng.poisson(np.maximum(model, 0.0), shape).astype(np.float64)
    noise = 1.0 if objective.root_weights is not None else np.sqrt(result.red_chisq)
    drawn: Array = model + rng.normal(0.0, noise, shape) / roots
    return drawn
