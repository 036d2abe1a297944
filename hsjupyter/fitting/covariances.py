"""Covariances of the stored values of every pixel, and how sure the line is that they draw."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hsjupyter.core.errors import DataError, unknown_name
from hsjupyter.core.model import BaseModel
from hsjupyter.core.shape import FormulaShape
from hsjupyter.core.signal import BaseSignal
from hsjupyter.fitting.jobs import Pixels, pixels_of
from hsjupyter.fitting.losses import SMALLEST
from hsjupyter.fitting.plan import Array, Flags, Plan, freeze
from hsjupyter.fitting.quality import reduced_chisq
from hsjupyter.fitting.uncertainty import covariance_of_normal

# Pixels whose derivatives are held at once, as numbers: 16 MB of them.
_AT_ONCE = 2_000_000
LOSSES = ("ls", "ML-poisson")


@dataclass(frozen=True, eq=False)
class Covariances:
    """Covariances of the free numbers at every pixel.

    Attributes
    ----------
    names : tuple of str, (free,)
    data : ndarray, (nav..., free, free)
        NaN where there was no fit, on a bound, and where the data determine nothing.
    absolute : bool
        True where the noise variance was known; False where it was told by the residual.
    model : BaseModel
    """

    names: tuple[str, ...]
    data: Array
    absolute: bool
    model: BaseModel

    @property
    def correlation(self) -> Array:
        """Correlations, (nav..., free, free): from -1 to 1."""
        std = np.sqrt(np.diagonal(self.data, axis1=-2, axis2=-1))
        found: Array = self.data / (std[..., :, np.newaxis] * std[..., np.newaxis, :])
        return found

    def map(self, first: str, second: str, *, correlation: bool = False) -> BaseSignal:
        """The map of one covariance, or of one correlation.

        Parameters
        ----------
        first, second : str
            Such as ``"Gaussian.A"``.
        correlation : bool

        Raises
        ------
        UnknownNameError
            One of them was not free.
        """
        for name in (first, second):
            if name not in self.names:
                raise unknown_name("the covariances", name, self.names)
        chosen = self.correlation if correlation else self.data
        at = chosen[..., self.names.index(first), self.names.index(second)]
        return self.model.signal.map_signal(at)


def covariances_of_map(model: BaseModel, loss_function: str) -> Covariances:
    """Covariances of the stored values.

    Parameters
    ----------
    model : BaseModel
    loss_function : {'ls', 'ML-poisson'}
        What the fit made small.

    Raises
    ------
    UnknownNameError
        Another loss.
    """
    name = {"ml": "ML-poisson"}.get(loss_function, loss_function)
    if name not in LOSSES:
        raise unknown_name(f"covariances of {model!r}: loss_function", loss_function, LOSSES)
    plan, pixels = freeze(model), pixels_of(model)
    counted = name == "ML-poisson"
    absolute = pixels.absolute or counted
    maps = model.maps
    rows = maps.values.reshape(-1, len(plan.names))
    every = plan.free_slots(np.ones(len(plan.shapes), dtype=bool))
    found = np.full((len(rows), len(every), len(every)), np.nan)
    chisq, dof = maps.chisq.ravel(), maps.dof.ravel()
    for which, active in _alike(model, plan, rows, chisq):
        slots = plan.free_slots(active)
        normal = _normals(plan, pixels, which, rows[which], active, counted=counted)
        free = rows[which][:, slots]
        on_bound = (free <= plan.lower[slots]) | (free >= plan.upper[slots])
        red = reduced_chisq(chisq[which], len(plan.channels), dof[which])
        part = covariance_of_normal(normal, on_bound, np.ones_like(red) if absolute else red)
        place = np.searchsorted(every, slots)
        found[which[:, None, None], place[:, None], place] = part
    names = tuple(plan.names[s] for s in every)
    return Covariances(names, found.reshape(*maps.shape, *found.shape[1:]), absolute, model)


def _alike(
    model: BaseModel, plan: Plan, rows: Array, chisq: Array
) -> Iterator[tuple[NDArray[np.intp], Flags]]:
    """Blocks of fitted pixels in which the same components are active."""
    many = np.array([c.active_is_multidimensional for c in model], dtype=bool)
    stored = model.maps.active.reshape(len(rows), -1)
    active = np.where(many, stored, plan.active)
    fitted = np.isfinite(chisq)
    length = max(1, _AT_ONCE // max(1, rows.shape[1] * len(plan.channels)))
    for kind in np.unique(active[fitted], axis=0):
        which = np.flatnonzero(fitted & (active == kind).all(axis=1))
        for start in range(0, len(which), length):
            yield which[start : start + length], kind


def _normals(
    plan: Plan,
    pixels: Pixels,
    which: NDArray[np.intp],
    rows: Array,
    active: Flags,
    *,
    counted: bool,
) -> Array:
    """Half the expected second derivatives of the loss, (pixel, free, free)."""
    slopes = derivatives(plan, pixels, which, rows, active)
    if counted:
        lines = np.array(
            [
                plan.value(r, active, pixels.at(int(i)).low_loss)
                for i, r in zip(which, rows, strict=True)
            ]
        )
        roots = 1 / np.sqrt(np.maximum(lines, SMALLEST))
    else:
        _, known, _ = pixels.block(which, plan.channels, None)
        roots = np.ones((1, len(plan.channels))) if known is None else known
    weighted = slopes * roots[:, np.newaxis, :]
    normal: Array = weighted @ np.swapaxes(weighted, 1, 2)
    return normal


def derivatives(
    plan: Plan, pixels: Pixels, which: NDArray[np.intp], rows: Array, active: Flags
) -> Array:
    """Derivatives of the lines of many pixels by the free numbers, (pixel, free, channel)."""
    shapes = [plan.shapes[c] for c in np.flatnonzero(active)]
    if plan.convolution is not None or not all(isinstance(s, FormulaShape) for s in shapes):
        return np.array(
            [
                plan.jacobian(row, active, pixels.at(int(i)).low_loss)
                for i, row in zip(which, rows, strict=True)
            ]
        )
    slots = plan.free_slots(active)
    by_slot = np.zeros((len(rows), len(plan.names), plan.coords[0].size))
    for c in np.flatnonzero(active).tolist():
        mine = np.flatnonzero(plan.owners == c)
        columns: Any = [rows[:, s : s + 1] for s in mine]
        by_slot[:, mine] = np.swapaxes(plan.shapes[c].derivatives(plan.coords, columns), 0, 1)
    if plan.widths is not None:
        by_slot *= plan.widths
    if not plan.links:
        return by_slot[:, slots]
    chosen: Array = np.swapaxes(plan.spread(rows, slots), 1, 2) @ by_slot
    return chosen


def band(slopes: Array, covar: Array) -> Array:
    """Standard deviations of a line from those of its numbers.

    Parameters
    ----------
    slopes : ndarray, (..., free, channel)
    covar : ndarray, (..., free, free)
        Numbers whose variance is NaN do not count: they stand on a bound.

    Returns
    -------
    ndarray, (..., channel)

    Source
    ------
    Bevington & Robinson, Data Reduction and Error Analysis, 3rd ed., eq. 3.13.
    """
    known = np.where(np.isfinite(covar), covar, 0.0)
    variance = np.einsum("...fk,...fg,...gk->...k", slopes, known, slopes, optimize=True)
    finite: Any = np.isfinite(np.diagonal(covar, axis1=-2, axis2=-1))
    nothing = ~finite.any(axis=-1)
    return np.where(nothing[..., np.newaxis], np.nan, np.sqrt(np.maximum(variance, 0.0)))


def quantile(sigma: float, freedom: Array | None) -> Array:
    """By what a standard deviation is multiplied for a probability of so many sigma.

    Student's t where the noise variance is estimated from ``freedom`` degrees of freedom.

    Source
    ------
    Press et al., Numerical Recipes, 3rd ed., §6.14.3.
    """
    from scipy import stats

    if freedom is None:
        return np.array(sigma)
    found: Array = stats.t.ppf((1 + stats.chi2.cdf(sigma**2, 1)) / 2, freedom)
    return found


def check_fitted(model: BaseModel) -> None:
    """Refuse a map in which nothing was fitted.

    Raises
    ------
    DataError
    """
    if not np.isfinite(model.maps.chisq).any():
        raise DataError(f"{model!r}: no pixel was fitted yet; m.fit() or m.multifit() before")
