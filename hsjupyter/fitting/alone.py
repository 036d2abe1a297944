"""One pixel through the compiled driver, to rounding."""

import numpy as np

from hsjupyter.fitting import batch
from hsjupyter.fitting.data_rows import Data
from hsjupyter.fitting.kept import is_compiled, still_numbers, tables_of
from hsjupyter.fitting.losses import LOSSES
from hsjupyter.fitting.objective import Objective
from hsjupyter.fitting.plan import Array, Flags
from hsjupyter.fitting.result import FitResult
from hsjupyter.fitting.uncertainty import undetermined

EXACT = batch.Rule(batch.QUICK.tolerance, polish=12)
# Condition of the scaled Jacobian; beyond it the normal matrix, which is that of the square of it,
# loses digits that the Jacobian has.
_FIRM = 1e4
_STOP = np.zeros(1, np.int64)


def solve_alone(objective: Objective, optimizer: str) -> FitResult | None:
    """Fit one pixel by least squares, where the compiled driver can and its end is beyond doubt.

    Returns
    -------
    FitResult or None
        None where the model has no kernels, where no optimum was reached to all digits or less
        than half of the scatter of the data is described, and where numbers are so much alike
        that the normal matrix does not tell them apart: other ways have a better chance there.
    """
    plan = objective.plan
    if type(objective) is not Objective or not is_compiled(plan):
        return None
    p = objective.row[np.newaxis].copy()
    t = tables_of(plan, objective.active.tobytes(), LOSSES["ls"], still_numbers(plan, p))
    end = batch.run(t, _data(objective), p, np.ones(1, dtype=bool), _STOP, rule=EXACT)
    x, chisq = p[0, t.slots], float(end.chisq[0])
    if end.status[0] <= 0 or not end.steep[0] <= batch.LEVEL or not np.isfinite(x).all():
        return None
    on_bound, normal = (x <= t.lower) | (x >= t.upper), end.gram[0, :-1, :-1]
    held = on_bound | undetermined(normal.diagonal(), x, t.span, end.chisq[0])
    covar = _covariance(normal, held)
    if covar is None or not chisq < _scatter(objective) / 2:
        return None
    n, m = len(objective.y), len(x)
    red = chisq / (n - m) if n > m else np.nan
    absolute = objective.root_weights is not None
    covar *= 1.0 if absolute else red or np.nan  # a residual of nothing tells of no noise
    std = np.sqrt(covar.diagonal())
    near = np.minimum(x - t.lower, t.upper - x)
    if (~on_bound & ~(near > _NEAR * std)).any():  # whether it is on the bound is for others to say
        return None
    names = tuple(plan.names[s] for s in t.slots.tolist())
    return FitResult(
        optimizer=optimizer,
        loss_function="ls",
        success=True,
        message="the slope is nothing but rounding",
        names=names,
        x=x,
        std=std,
        covar=covar,
        fun=chisq,
        chisq=chisq,
        red_chisq=red,
        absolute=absolute,
        nfev=int(end.nfev[0]),
        on_bound=tuple(n for n, at in zip(names, on_bound.tolist(), strict=True) if at),
    )


_NEAR = 1e-4  # errors


def _data(objective: Objective) -> Data:
    y, roots, widths = objective.y, objective.root_weights, objective.plan.widths
    if widths is not None:  # the driver's model is a density
        y, roots = y / widths, widths if roots is None else roots * widths
    rows = np.array([y.ctypes.data], dtype=np.int64)
    weights = None if roots is None else np.ascontiguousarray(roots)[np.newaxis]
    return Data(rows, False, None, None, weights, np.zeros(1, dtype=bool), y)


def _covariance(normal: Array, on_bound: Flags) -> Array | None:
    """The inverse of a normal matrix, NaN on bounds; None where it is not certain.

    Parameters
    ----------
    normal : ndarray, (free, free)
        The upper triangle; 0 below.
    on_bound : ndarray of bool, (free,)
    """
    inside = None
    if on_bound.any():
        inside = (~on_bound).nonzero()[0]
        if not inside.size:
            return np.full(normal.shape, np.nan)
        normal = normal[np.ix_(inside, inside)]
    size = normal.diagonal()
    if not (size > 0).all():
        return None
    length = np.sqrt(size)
    scale = length[:, np.newaxis] * length
    unit = (normal + normal.T) / scale
    unit.flat[:: len(unit) + 1] = 1.0
    try:
        inverse = np.linalg.inv(unit)
    except np.linalg.LinAlgError:
        return None
    # The product of these norms is never below the condition of the matrix.
    if not np.vdot(unit, unit) * np.vdot(inverse, inverse) < _FIRM**4:
        return None
    inverse = (inverse + inverse.T) / (2.0 * scale)
    if inside is None:
        return inverse
    full = np.full((len(on_bound), len(on_bound)), np.nan)
    full[np.ix_(inside, inside)] = inverse
    return full


def _scatter(objective: Objective) -> float:
    off = objective.y - objective.y.sum() / objective.y.size
    if objective.root_weights is not None:
        off *= objective.root_weights
    return float(off @ off)
