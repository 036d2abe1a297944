"""ODRPACK: least squares; orthogonal distances where positions are uncertain as well."""

from dataclasses import replace
from typing import Any

import numpy as np

from hsjupyter.core.errors import FitError
from hsjupyter.fitting.objective import Objective
from hsjupyter.fitting.optimizers.base import LEAST_SQUARES, Ability, Solution, optimizer
from hsjupyter.fitting.plan import Array


@optimizer(
    "odr",
    ability=Ability(
        bounds=True, losses=LEAST_SQUARES, errors="distances in x and y, with weight_x"
    ),
    options=("weight_x", "task", "maxit", "sstol", "partol", "diff_scheme"),
)
def odr(objective: Objective, p0: Array, lower: Array, upper: Array, **options: Any) -> Solution:
    """ODRPACK95; ``weight_x``, one over their variance, says how sure the positions are.

    Where it is not given, the positions are exact, and it is least squares: a distance between
    channels and counts depends on the units of the axis.

    Source
    ------
    Boggs, Byrd, Rogers & Schnabel, NISTIR 92-4834 (1992); Zwolak, Boggs & Watson, ACM Trans. Math.
    Softw. 33, 27 (2007), doi:10.1145/1268776.1268782.
    """
    from odrpack import odr_fit

    plan = objective.plan
    if len(plan.coords) != 1 or plan.convolution is not None:
        raise FitError(
            "'odr' was asked of an image or of a convolved model; it moves the channels of one "
            "plain axis: use 'leastsq'"
        )

    def model(x: Array, p: Array) -> Array:
        moved = replace(plan, coords=(np.ascontiguousarray(x),))
        return moved.value(objective.filled(p), objective.active)

    weights = None if objective.root_weights is None else objective.root_weights**2
    task = "explicit-ODR" if "weight_x" in options else "OLS"
    found = odr_fit(
        model,
        plan.coords[0],
        objective.y,
        np.clip(p0, lower, upper),
        weight_y=weights,
        bounds=(lower, upper),
        **{"maxit": 1000, "diff_scheme": "central", "task": task, **options},
    )
    return Solution(
        np.asarray(found.beta),
        bool(found.success),
        str(found.stopreason),
        int(found.nfev),
        covar=np.asarray(found.cov_beta),
        variance=float(found.res_var),
    )
