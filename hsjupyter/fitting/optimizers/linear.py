"""One step to the optimum, where the model is linear in all free numbers."""

from dataclasses import replace
from typing import Any

import numpy as np

from hsjupyter.fitting.objective import Objective
from hsjupyter.fitting.optimizers.base import LEAST_SQUARES, Ability, Solution, optimizer
from hsjupyter.fitting.plan import Array

_LINEAR = Ability(losses=LEAST_SQUARES, linear=True)


def _problem(objective: Objective) -> tuple[Array, Array]:
    """Matrix and right side of the weighted problem, columns scaled to length one beside it."""
    zero = np.zeros(len(objective.slots))
    return objective.jacobian(zero), -objective.residual(zero)


@optimizer("lstsq", "ols", ability=_LINEAR)
def lstsq(objective: Objective, p0: Array, lower: Array, upper: Array, **options: Any) -> Solution:
    """Linear least squares by singular values, columns scaled to length one.

    Source
    ------
    Press et al., Numerical Recipes, 3rd ed., §15.4.2.
    """
    matrix, right = _problem(objective)
    length = np.linalg.norm(matrix, axis=0)
    length = np.where(length > 0, length, 1.0)
    x, _, rank, _ = np.linalg.lstsq(matrix / length, right, rcond=None)
    whole = rank == matrix.shape[1]
    message = "solved" if whole else f"only {rank} of {matrix.shape[1]} numbers are determined"
    return Solution(x / length, bool(whole), message, 2)


@optimizer("nnls", ability=_LINEAR)
def nnls(objective: Objective, p0: Array, lower: Array, upper: Array, **options: Any) -> Solution:
    """Linear least squares with numbers that are not negative.

    Source
    ------
    Lawson & Hanson, Solving Least Squares Problems (1974), ch. 23.
    """
    from scipy.optimize import nnls as solve

    matrix, right = _problem(objective)
    length = np.linalg.norm(matrix, axis=0)
    length = np.where(length > 0, length, 1.0)
    x, _ = solve(matrix / length, right)
    message = "solved, none below 0"
    return Solution(x / length, success=True, message=message, nfev=2, held=x == 0)


@optimizer("ridge", ability=replace(_LINEAR, errors="scatter of what it finds"), options=("alpha",))
def ridge(
    objective: Objective, p0: Array, lower: Array, upper: Array, alpha: float = 0.01, **options: Any
) -> Solution:
    """Linear least squares that keeps scaled numbers small.

    ``alpha`` times the sum of squares of the numbers, each scaled by the length of its column, is
    added to chi squared. Errors are those of the numbers so found; how far they are drawn towards
    zero is not in them.

    Source
    ------
    Hoerl & Kennard, Technometrics 12, 55 (1970), doi:10.1080/00401706.1970.10488634.
    """
    matrix, right = _problem(objective)
    length = np.linalg.norm(matrix, axis=0)
    length = np.where(length > 0, length, 1.0)
    unit = matrix / length
    inverse = np.linalg.inv(unit.T @ unit + alpha * np.eye(unit.shape[1]))
    x = inverse @ (unit.T @ right)
    covar = inverse @ (unit.T @ unit) @ inverse / np.outer(length, length)
    message = f"solved with alpha={alpha:g}"
    return Solution(x / length, success=True, message=message, nfev=2, covar=covar)
