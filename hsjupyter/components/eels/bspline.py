"""The cubic B-splines that a fine structure is made of."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

DEGREE = 3


def bspline_basis(t: Array, n: int) -> Array:
    """Cubic B-splines over the interval 0 to 1, clamped at both ends.

    Of n evenly spaced places all are knots but the second and the last but one ("not a knot"), so
    that spline i stands around place i; coefficients of HyperSpy's edges mean the same.

    Parameters
    ----------
    t : ndarray, (channel,)
        Places from 0 to 1; outside of them all splines are zero.
    n : int
        How many, at least 4.

    Returns
    -------
    ndarray, (n, channel)
        Each between 0 and 1; their sum is 1 inside the interval.

    Source
    ------
    de Boor, A Practical Guide to Splines, ch. IX.
    """
    inner = np.delete(np.linspace(0.0, 1.0, n), [1, n - 2])
    knots = np.concatenate([np.zeros(DEGREE), inner, np.ones(DEGREE)])
    # The last interval is closed, so that 1 belongs to the spline.
    piece = np.clip(np.searchsorted(inner, t, side="right") - 1, 0, n - DEGREE - 1) + DEGREE
    rows = np.arange(len(knots) - 1)[:, None]
    basis = ((rows == piece) & (t >= 0) & (t <= 1)).astype(np.float64)
    for degree in range(1, DEGREE + 1):
        start, end = knots[: -degree - 1, None], knots[degree:-1, None]
        start2, end2 = knots[1:-degree, None], knots[degree + 1 :, None]
        basis = (
            _ratio(t - start, end - start) * basis[:-1]
            + _ratio(end2 - t, end2 - start2) * (basis[1:])
        )
    return np.asarray(basis)


def _ratio(above: Array, below: Array) -> Array:
    """The quotient, 0 where knots coincide: such a spline does not exist."""
    quotient: Array = np.divide(above, below, out=np.zeros_like(above), where=below > 0)
    return quotient
