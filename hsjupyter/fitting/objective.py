"""A plan and one pixel's data: residual and its derivatives by the free numbers."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hsjupyter.core.errors import DataError, ModelError
from hsjupyter.fitting.kept import is_compiled
from hsjupyter.fitting.lines import Lines, lines_at
from hsjupyter.fitting.losses import LOSSES, Loss, Terms
from hsjupyter.fitting.plan import Array, Flags, Plan


@dataclass(frozen=True, eq=False)
class PixelData:
    """What was measured at one pixel.

    Attributes
    ----------
    y : ndarray, (sig...)
    variance : ndarray, (sig...), float or None
        Of the noise; None where not known.
    low_loss : ndarray, (low,), or None
    """

    y: NDArray[Any]
    variance: Any
    low_loss: Array | None


@dataclass(frozen=True, eq=False)
class Objective:
    """The loss of one pixel as a function of its free numbers.

    For least squares the residual carries the square root of the weight; written here and nowhere
    else.

    Attributes
    ----------
    plan : Plan
    y : ndarray, (channel,)
        Data inside the signal range.
    root_weights : ndarray, (channel,), or None
        Square roots of 1/variance; None for weights of one.
    row : ndarray, (slot,)
        Start values; numbers that are not free stay as they are here.
    active : ndarray of bool, (component,)
    low_loss : ndarray, (low,), or None
        The pixel's, where the plan has a convolution.
    loss : Loss
    """

    plan: Plan
    y: Array
    root_weights: Array | None
    row: Array
    active: Flags
    low_loss: Array | None = None
    loss: Loss = LOSSES["ls"]

    @cached_property
    def slots(self) -> NDArray[np.intp]:
        """The free slots, in the order of ``p``."""
        return self.plan.free_slots(self.active)

    @cached_property
    def _compiled(self) -> bool:
        return is_compiled(self.plan)

    @cached_property
    def _last(self) -> list[tuple[bytes, Lines]]:
        """Where the kernels were asked last: optimizers ask for value and slope apart."""
        return []

    def _lines(self, p: Array) -> Lines:
        """Model and derivatives, by the kernels."""
        key = p.tobytes()
        last = self._last
        if last and last[0][0] == key:
            return last[0][1]
        row = self.row.copy()
        row[self.slots] = p
        found = lines_at(self.plan, self.active, row)
        last[:] = [(key, found)]
        return found

    def model(self, p: Array) -> Array:
        """The model, (channel,), in units of the data."""
        if self._compiled:
            return self._lines(p).value
        return self.plan.value(self.filled(p), self.active, self.low_loss)

    def rows(self, p: Array) -> Array:
        """Derivatives of the model, (free, channel)."""
        if self._compiled:
            return self._lines(p).rows
        return self.plan.jacobian(self.filled(p), self.active, self.low_loss)

    def filled(self, p: Array) -> Array:
        """The whole row, (slot,), for free numbers ``p``."""
        row = self.row.copy()
        row[self.slots] = p
        return self.plan.follow(row)

    def spread_errors(self, p: Array, covar: Array) -> Array:
        """Standard deviations of all slots, (slot,), from the covariance of the free ones."""
        return self.plan.deviations(self.filled(p), self.slots, covar)

    def residual(self, p: Array) -> Array:
        """``(model - data) * sqrt(weight)``, (channel,)."""
        r = self.model(p) - self.y
        return r if self.root_weights is None else r * self.root_weights

    def jacobian(self, p: Array) -> Array:
        """Derivatives of the residual, (channel, free)."""
        rows = self.rows(p)
        return (rows if self.root_weights is None else rows * self.root_weights).T

    def chisq(self, p: Array) -> float:
        """Weighted sum of squared residuals, whatever the loss."""
        r = self.residual(p)
        return float(r @ r)

    def terms(self, p: Array) -> Terms:
        """The loss, by channel."""
        weights = None if self.root_weights is None else self.root_weights**2
        return self.loss.terms(self.model(p), self.y, weights)

    def value(self, p: Array) -> float:
        """The loss."""
        return self.terms(p).value

    def gradient(self, p: Array) -> Array:
        """Derivatives of the loss by the free numbers, (free,)."""
        return self.rows(p) @ self.terms(p).slope

    def curvature(self, p: Array) -> Array:
        """Second derivatives that a step may trust, (free, free); not negative definite."""
        rows, terms = self.rows(p), self.terms(p)
        return (rows * (terms.curvature if terms.hold is None else terms.hold)) @ rows.T


def make_objective(
    plan: Plan, pixel: PixelData, row: Array, active: Flags, loss: Loss = LOSSES["ls"]
) -> Objective:
    """The objective of one pixel, its data checked.

    Parameters
    ----------
    plan : Plan
    pixel : PixelData
        The whole spectrum or image, its noise and its low loss.
    row : ndarray, (slot,)
        Start values; moved inside the bounds.
    active : ndarray of bool, (component,)
    loss : Loss

    Raises
    ------
    DataError
        NaN or infinite data, a variance that is not positive, or negative counts for a Poisson
        likelihood, inside the signal range.
    ModelError
        No free number is left at this pixel.
    """
    data = np.asarray(pixel.y, dtype=np.float64).ravel()[plan.channels]
    bad = ~np.isfinite(data)
    if bad.any():
        where = plan.coords[0][bad]
        raise DataError(
            f"{bad.sum()} of {bad.size} channels hold NaN or infinity, the first at "
            f"{where[0]:g}; fits need finite data: leave the channels out with "
            "m.remove_signal_range() or mend the data"
        )
    if loss.name == "ML-poisson" and (data < 0).any():
        raise DataError(
            f"{(data < 0).sum()} of {data.size} channels hold negative counts, down to "
            f"{data.min():g}; a Poisson likelihood needs counts: fit with loss_function='ls', or "
            "take off no background before"
        )
    root_weights = None
    if pixel.variance is not None:
        known = np.asarray(pixel.variance, dtype=np.float64)
        known = known.ravel()[plan.channels] if known.ndim else np.full(data.shape, known)
        if not (np.isfinite(known) & (known > 0)).all():
            raise DataError(
                f"the noise variance goes down to {np.nanmin(known):g} inside the signal range; "
                "it must be positive and finite: s.set_noise_variance() or "
                "s.estimate_poissonian_noise_variance() sets it"
            )
        root_weights = 1 / np.sqrt(known)
    objective = Objective(
        plan,
        data,
        root_weights,
        np.clip(row, plan.lower, plan.upper),
        active,
        pixel.low_loss,
        loss,
    )
    if not objective.slots.size:
        raise ModelError(
            "no free parameter is left in the components that are active here; free one, or "
            "switch a component on"
        )
    return objective
