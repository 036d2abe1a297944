"""Small symmetric matrices of many pixels at once, in numpy.

The same pivots decide what is singular as in the compiled driver,
`hsjupyter.fitting.linear_part.decompose`.

Source
------
Golub & Van Loan, Matrix Computations, 4th ed., §4.2.
"""

import numpy as np

from hsjupyter.fitting.linear_part import SINGULAR_PIVOT
from hsjupyter.fitting.plan import Array, Flags


def decompose(a: Array) -> tuple[Array, Flags]:
    """Cholesky's triangles, with the inverse of its root on the diagonal.

    Parameters
    ----------
    a : ndarray, (pixel, n, n)
        Overwritten.

    Returns
    -------
    lower : ndarray, (pixel, n, n)
        Its upper triangle is not to be read; numbers without meaning where it is singular.
    sound : ndarray of bool, (pixel,)
    """
    sound = np.ones(len(a), dtype=bool)
    limits = SINGULAR_PIVOT * np.diagonal(a, axis1=1, axis2=2)
    for j in range(a.shape[1]):
        good = a[:, j, j] > limits[:, j]
        sound &= good
        root = 1.0 / np.sqrt(np.where(good, a[:, j, j], 1.0))
        column = a[:, j + 1 :, j] * root[:, np.newaxis]
        a[:, j + 1 :, j + 1 :] -= column[:, :, np.newaxis] * column[:, np.newaxis, :]
        a[:, j + 1 :, j] = column
        a[:, j, j] = root
    return a, sound


def substitute(lower: Array, b: Array) -> Array:
    """Solve with what `decompose` left.

    Parameters
    ----------
    lower : ndarray, (pixel, n, n)
    b : ndarray, (pixel, n)

    Returns
    -------
    ndarray, (pixel, n)
    """
    x, n = b.copy(), b.shape[1]
    for i in range(n):
        x[:, i] *= lower[:, i, i]
        x[:, i + 1 :] -= lower[:, i + 1 :, i] * x[:, i, np.newaxis]
    for i in reversed(range(n)):
        x[:, i] *= lower[:, i, i]
        x[:, :i] -= lower[:, i, :i] * x[:, i, np.newaxis]
    return x


def diagonal_of_inverse(lower: Array) -> Array:
    """The diagonal of the inverse of what was decomposed, (pixel, n)."""
    n = lower.shape[1]
    columns = np.zeros(lower.shape)  # of the inverse of the triangle
    for i in range(n):
        row = -(lower[:, i, np.newaxis, :i] @ columns[:, :i, :])[:, 0]
        row[:, i] += 1.0
        columns[:, i] = row * lower[:, i, i, np.newaxis]
    diagonal: Array = (columns**2).sum(axis=1)
    return diagonal


def quadratic(a: Array, x: Array) -> Array:
    """``x a x`` of every pixel, (pixel,)."""
    form: Array = ((a @ x[:, :, np.newaxis])[:, :, 0] * x).sum(axis=1)
    return form
