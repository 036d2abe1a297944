"""How well a fitted line is known: the errors of its parameters, carried to the channels."""

from dataclasses import replace

import numpy as np

from hsjupyter.core.errors import DataError, ModelError
from hsjupyter.core.model import BaseModel
from hsjupyter.fitting.covariances import band
from hsjupyter.fitting.jobs import pixels_of
from hsjupyter.fitting.losses import LOSSES
from hsjupyter.fitting.objective import Objective, make_objective
from hsjupyter.fitting.plan import Array, Flags, make_plan
from hsjupyter.fitting.uncertainty import covariance, noise_scale


def band_here(model: BaseModel) -> Array | None:
    """One standard deviation of the model's line at the current pixel, where it is fitted.

    Parameters
    ----------
    model : BaseModel
        With the fit of the current pixel in its working values.

    Returns
    -------
    ndarray, (channel,), or None
        The root of the diagonal of J cov J^T, in units of the data; NaN outside the signal range.
        None where the working values are not those of a fit, or the data do not determine them.

    Source
    ------
    Bevington & Robinson, Data Reduction and Error Analysis, 3rd ed., §3.2 and §6.4.
    """
    here = model.axes_manager.map_index
    stored = np.where(model.maps.is_set[here], model.maps.values[here], np.nan)
    if not np.isfinite(model.maps.chisq[here]) or not np.array_equal(stored, model.row()):
        return None
    plan = make_plan(model)
    flat = int(np.ravel_multi_index(here, model.maps.shape))
    try:
        objective = make_objective(plan, pixels_of(model).at(flat), plan.start, plan.active)
    except (DataError, ModelError):
        return None
    slots = objective.slots
    p = objective.row[slots]
    on_bound = (p <= plan.lower[slots]) | (p >= plan.upper[slots])
    covar = _covariance_kept(objective, p, on_bound, model.maps.std[here][slots])
    rows = plan.jacobian(objective.filled(p), objective.active, objective.low_loss)
    width = band(rows, covar)
    if not np.isfinite(width).any():
        return None
    line = np.full(plan.channels.shape, np.nan)
    line[plan.channels] = width
    return line


def _covariance_kept(objective: Objective, p: Array, on_bound: Flags, kept: Array) -> Array:
    """The covariance of the free numbers whose errors are those that are kept, (free, free).

    Which loss a fit made small is not kept, but its errors are, and tell: of the losses the one
    is taken whose errors are nearest, and its correlations with them.
    """
    losses = {loss.name: loss for loss in (LOSSES[name] for name in LOSSES)}.values()
    known = np.isfinite(kept) & (kept > 0)
    found = [
        _covariance_of(replace(objective, loss=loss), p, on_bound)
        for loss in losses
        if not (loss.absolute and (objective.y < 0).any())
    ]
    if not known.any():
        return found[0]

    def ratios(covar: Array) -> Array:
        std = np.sqrt(np.diagonal(covar))
        return np.divide(kept, std, out=np.ones_like(kept), where=known & (std > 0))

    nearest = min(found, key=lambda covar: float(np.abs(np.log(ratios(covar))).max()))
    scale = ratios(nearest)
    return nearest * np.outer(scale, scale)


def _covariance_of(objective: Objective, p: Array, on_bound: Flags) -> Array:
    """The covariance as a fit with this loss tells it."""
    terms, loss = objective.terms(p), objective.loss
    absolute = objective.root_weights is not None or loss.absolute
    weights = None if objective.root_weights is None else objective.root_weights**2
    scale = loss.scatter if absolute else noise_scale(terms, weights, len(p))
    return covariance((objective.rows(p) * np.sqrt(terms.curvature / 2)).T, on_bound, scale)
