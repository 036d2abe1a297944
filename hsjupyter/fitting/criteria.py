"""Criteria that compare models, for the current pixel and for the map."""

from collections.abc import Callable

import numpy as np

from hsjupyter.core.errors import DataError, unknown_name
from hsjupyter.core.model import BaseModel
from hsjupyter.core.part import part_of
from hsjupyter.core.signal import BaseSignal
from hsjupyter.fitting.evaluate import loss_of_map, squares
from hsjupyter.fitting.plan import Array, freeze
from hsjupyter.fitting.quality import gaussian_deviance

Criterion = Callable[[Array, int, Array], Array]

LOSSES = {"ls": "ls", "ml": "ML-poisson", "ML-poisson": "ML-poisson"}
"""The losses whose likelihood is known, by HyperSpy's names."""


def compare(
    model: BaseModel, criterion: Criterion, loss_function: str, *, only_current: bool
) -> Array:
    """A criterion of a model.

    Parameters
    ----------
    model : BaseModel
    criterion : callable
        One of `hsjupyter.fitting.quality`.
    loss_function : {'ls', 'ML-poisson'}
        What the fit made small: the noise is normal, or the data are counts.
    only_current : bool
        The working values of the current pixel; else the stored values of all.

    Returns
    -------
    ndarray, (nav...); (1,) for the current pixel

    Raises
    ------
    UnknownNameError
        A loss without a likelihood.
    DataError
        At the current pixel, NaN, infinity, or a variance that is not positive.
    """
    if loss_function not in LOSSES:
        raise unknown_name(f"criteria of {model!r}: loss_function", loss_function, LOSSES)
    n_channels = int(model.channel_switches.sum())
    poisson = LOSSES[loss_function] == "ML-poisson"
    if only_current:
        one = _here(model)
        plan = freeze(one)
        n_free = np.array([float(plan.free_slots(plan.active).size)])
    else:
        one, n_free = model, model.maps.dof
    if poisson:
        deviance = loss_of_map(one, poisson_deviance)
    else:
        log_norm = _log_norm(one)
        deviance = gaussian_deviance(loss_of_map(one, squares), n_channels, log_norm)
        n_free = n_free + (log_norm is None)
    found = criterion(deviance, n_channels, n_free)
    if only_current and np.isnan(deviance).any():
        raise DataError(
            f"{model!r}: the data of the current pixel hold NaN or infinity, or a variance that is "
            "not positive, so nothing can be compared; leave those channels out"
        )
    return found


def _here(model: BaseModel) -> BaseModel:
    """A model of the current pixel alone, whose stored values are the working ones."""
    one = part_of(model, model.axes_manager.indices, navigation=True)
    one.maps.values[...] = model.row()
    return one


def poisson_deviance(lines: Array, y: Array, _roots: Array | None) -> Array:
    """Minus twice the logarithm of the likelihood of counts, (pixel, channel).

    Source
    ------
    Cash, Astrophys. J. 228 (1979) 939, doi:10.1086/156922.
    """
    from scipy.special import gammaln, xlogy

    with np.errstate(invalid="ignore"):
        deviance = 2 * (lines - xlogy(y, lines) + gammaln(y + 1))
    impossible = (lines < 0) | ((lines == 0) & (y > 0))
    found: Array = np.where(impossible, np.inf, np.where(y < 0, np.nan, deviance))
    return found


def _log_norm(model: BaseModel) -> Array | None:
    """Sum over the channels of ``log(2 pi variance)``, (nav...); None where it is not known."""
    variance = model.signal.get_noise_variance()
    if variance is None:
        return None
    inside, map_shape = model.channel_switches, model.maps.shape
    if not isinstance(variance, BaseSignal):
        return np.full(map_shape, inside.sum() * np.log(2 * np.pi * float(variance)))
    data = np.asarray(variance.data, dtype=np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        sums = np.log(2 * np.pi * data[..., inside]).sum(axis=-1)
    return np.broadcast_to(sums, map_shape)
