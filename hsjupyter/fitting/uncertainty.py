"""From the Jacobian at the optimum to standard deviations."""

import numpy as np

from hsjupyter.fitting.losses import Terms
from hsjupyter.fitting.plan import Array, Flags

# How much of its own error a number may be off a bound that it stands on: optimizers that keep
# inside end a rounding before it.
_NEAR = 1e-6
_UNSEEN = 1e-12  # of the model: less than that is its rounding


def snap(
    x: Array, lower: Array, upper: Array, jacobian: Array, loss: float, *, start: Array
) -> tuple[Array, Flags]:
    """Numbers that ended next to a bound, moved onto it.

    Parameters
    ----------
    x, lower, upper, start : ndarray, (free,)
    jacobian : ndarray, (free, channel)
        Derivatives of the weighted residual.
    loss : float
        Its sum of squares, or another loss.

    Returns
    -------
    x, on_bound : ndarray, (free,)
        Nearer than a millionth of its error, as the data alone give it, is on the bound; where
        the data do not determine it, nearer than a millionth of its size.
    """
    length = np.linalg.norm(jacobian, axis=1)
    freedom = max(jacobian.shape[1] - len(x), 1)
    error = np.sqrt(abs(loss) / freedom) / np.where(length > 0, length, np.inf)
    size = np.maximum(np.abs(x), np.abs(start))
    near = np.maximum(_NEAR * np.minimum(error, size), 1e-9 * np.abs(x))
    low, high = x - lower <= near, upper - x <= near
    return np.where(low, lower, np.where(high, upper, x)), low | high


def undetermined(squares: Array, x: Array, span: float, loss: Array) -> Flags:
    """Numbers that the data say nothing of, such as the width of a peak of area 0.

    Parameters
    ----------
    squares : ndarray, (..., free)
        Of the derivatives of the weighted model, summed over channels.
    x : ndarray, (..., free)
    span : float
        How long the longest axis is.
    loss : ndarray, (...)
        Sum of squares of the weighted residual, or another loss.

    Returns
    -------
    ndarray of bool, (..., free)
        The model changes by less than its rounding where the number changes by all of itself, or
        by as much as the axis is long.
    """
    slopes = np.sqrt(squares)
    change = slopes * np.maximum(np.abs(x), span)
    model = np.hypot((slopes * np.abs(x)).max(axis=-1, initial=0.0), np.sqrt(np.abs(loss)))
    return np.asarray(change <= _UNSEEN * model[..., np.newaxis])


def covariance(jacobian: Array, on_bound: Flags, scale: float) -> Array:
    """Covariance of the free numbers.

    The inverse of the weighted normal matrix over the numbers that are not on a bound, after
    scaling its columns to unit length, so that numbers of very different size do not hide each
    other.

    Parameters
    ----------
    jacobian : ndarray, (channel, free)
        Derivatives of the weighted residual.
    on_bound : ndarray of bool, (free,)
        Numbers that ended on a bound: the data do not determine their error.
    scale : float
        1 where the noise variance is known; reduced chi squared where it is not.

    Returns
    -------
    ndarray, (free, free)
        NaN for what the data do not determine.

    Source
    ------
    Press et al., Numerical Recipes, 3rd ed., §15.4; Bevington & Robinson, 3rd ed., §6.4.
    """
    n = jacobian.shape[1]
    full = np.full((n, n), np.nan)
    inside = np.flatnonzero(~on_bound)
    length = np.linalg.norm(jacobian[:, inside], axis=0)
    inside, length = inside[length > 0], length[length > 0]
    if not inside.size or not np.isfinite(length).all():
        return full
    _, singular, v = np.linalg.svd(jacobian[:, inside] / length, full_matrices=False)
    if singular[-1] <= np.finfo(np.float64).eps * max(jacobian.shape) * singular[0]:
        return full
    part = (v.T / singular**2) @ v / np.outer(length, length)
    full[np.ix_(inside, inside)] = part * scale
    return full


def noise_scale(terms: Terms, weights: Array | None, n_free: int) -> float:
    """What the inverse of half the curvature is multiplied by, where the noise is not known.

    For least squares the reduced chi squared; for a robust loss the scatter of what is left of
    the residuals after large ones are held.

    Source
    ------
    Huber & Ronchetti, Robust Statistics, 2nd ed., §7.6.
    """
    w = np.ones_like(terms.slope) if weights is None else weights
    held = (terms.slope / 2) ** 2 / w
    inside = float(np.mean(terms.curvature / (2 * w)))
    freedom, total = len(w) - n_free, float(held.sum())
    # A residual of nothing tells of no noise.
    return total / freedom / inside if freedom > 0 and inside > 0 and total > 0 else np.nan


def covariance_of_normal(normal: Array, on_bound: Flags, scale: Array) -> Array:
    """Covariances of many pixels from their normal matrices; otherwise as `covariance`.

    Parameters
    ----------
    normal : ndarray, (pixel, free, free)
        J^T J of the weighted residual; only the upper triangle is read.
    on_bound : ndarray of bool, (pixel, free)
    scale : ndarray, (pixel,)

    Returns
    -------
    ndarray, (pixel, free, free)
        NaN for what the data do not determine.
    """
    n = normal.shape[-1]
    diagonal = np.diagonal(normal, axis1=1, axis2=2)
    counts = ~on_bound & (diagonal > 0)
    root = np.sqrt(np.where(counts, diagonal, 1.0))
    pairs = counts[:, :, np.newaxis] & counts[:, np.newaxis, :]
    unit = np.triu(normal) + np.swapaxes(np.triu(normal, 1), 1, 2)
    unit = np.where(pairs, unit / (root[:, :, np.newaxis] * root[:, np.newaxis, :]), np.eye(n))
    full = np.full(normal.shape, np.nan)
    sound = np.array(np.isfinite(unit).all(axis=(1, 2)))
    eigen, vectors = np.linalg.eigh(unit[sound])
    known = eigen[:, 0] > np.finfo(np.float64).eps * n * eigen[:, -1]
    sound[sound] = known
    eigen, vectors = eigen[known], vectors[known]
    part = (vectors / eigen[:, np.newaxis, :]) @ np.swapaxes(vectors, 1, 2)
    size = root[sound][:, :, np.newaxis] * root[sound][:, np.newaxis, :]
    full[sound] = np.where(pairs[sound], part / size, np.nan)
    return full * scale[:, np.newaxis, np.newaxis]
