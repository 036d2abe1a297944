"""How well a fitted line is known: the errors of its parameters, carried to the channels."""

import numpy as np

from hsjupyter.core.errors import DataError, ModelError
from hsjupyter.core.model import BaseModel
from hsjupyter.fitting.covariances import band
from hsjupyter.fitting.jobs import pixels_of
from hsjupyter.fitting.objective import make_objective
from hsjupyter.fitting.plan import Array, make_plan
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
    absolute = objective.root_weights is not None
    weights = None if objective.root_weights is None else objective.root_weights**2
    scale = 1.0 if absolute else noise_scale(objective.terms(p), weights, len(p))
    covar = covariance(objective.jacobian(p), on_bound, scale)
    rows = plan.jacobian(objective.filled(p), objective.active, objective.low_loss)
    width = band(rows, covar)
    if not np.isfinite(width).any():
        return None
    line = np.full(plan.channels.shape, np.nan)
    line[plan.channels] = width
    return line
