"""A plan and one pixel's data: residual and its derivatives by the free numbers."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hsjupyter.core.errors import DataError, ModelError
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
    """Weighted least squares of one pixel.

    The loss is the sum over channels of ``(data - model)**2 * weight``; the residual carries the
    square root of the weight. Written here and nowhere else.

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
    """

    plan: Plan
    y: Array
    root_weights: Array | None
    row: Array
    active: Flags
    low_loss: Array | None = None

    @property
    def slots(self) -> NDArray[np.intp]:
        """The free slots, in the order of ``p``."""
        return self.plan.free_slots(self.active)

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
        r = self.plan.value(self.filled(p), self.active, self.low_loss) - self.y
        return r if self.root_weights is None else r * self.root_weights

    def jacobian(self, p: Array) -> Array:
        """Derivatives of the residual, (channel, free)."""
        rows = self.plan.jacobian(self.filled(p), self.active, self.low_loss)
        return (rows if self.root_weights is None else rows * self.root_weights).T

    def chisq(self, p: Array) -> float:
        """Weighted sum of squared residuals."""
        r = self.residual(p)
        return float(r @ r)


def make_objective(plan: Plan, pixel: PixelData, row: Array, active: Flags) -> Objective:
    """The objective of one pixel, its data checked.

    Parameters
    ----------
    plan : Plan
    pixel : PixelData
        The whole spectrum or image, its noise and its low loss.
    row : ndarray, (slot,)
        Start values; moved inside the bounds.
    active : ndarray of bool, (component,)

    Raises
    ------
    DataError
        NaN or infinite data, or a variance that is not positive, inside the signal range.
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
        plan, data, root_weights, np.clip(row, plan.lower, plan.upper), active, pixel.low_loss
    )
    if not objective.slots.size:
        raise ModelError(
            "no free parameter is left in the components that are active here; free one, or "
            "switch a component on"
        )
    return objective
