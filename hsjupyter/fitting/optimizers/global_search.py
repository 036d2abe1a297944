"""Searches for the deepest minimum between bounds, from scipy; a local search ends each."""

from typing import Any

import numpy as np

from hsjupyter.fitting.objective import Objective
from hsjupyter.fitting.optimizers.base import OPTIMIZERS, Ability, Solution, Solve, optimizer
from hsjupyter.fitting.plan import Array

_EVERYWHERE = Ability(bounds=True, needs_bounds=True, is_global=True)


def _search(name: str, **standard: Any) -> Solve:
    def solve(
        objective: Objective, p0: Array, lower: Array, upper: Array, **options: Any
    ) -> Solution:
        from scipy import optimize

        def value(p: Array) -> float:
            found = objective.value(np.clip(p, lower, upper))
            return found if np.isfinite(found) else 1e300

        bounds = list(zip(lower, upper, strict=True))
        chosen = {**standard, **options}
        if name == "differential_evolution":
            chosen.setdefault("x0", np.clip(p0, lower, upper))
        found = getattr(optimize, name)(value, bounds, **chosen)
        start = np.asarray(found.x) if value(found.x) <= value(p0) else p0
        local = "trf" if objective.loss.name == "ls" else "L-BFGS-B"
        end = OPTIMIZERS[local].solve(objective, start, lower, upper)
        x = end.x if objective.value(end.x) <= value(start) else start
        arrived = bool(found.success) or end.success
        return Solution(
            x, arrived, f"{found.message}; then: {end.message}", int(found.nfev) + end.nfev
        )

    solve.__doc__ = f"scipy's {name}, then a local search."
    return solve


# Seeded, so that a fit gives the same answer twice; rng=None asks for another each time.
optimizer(
    "Differential Evolution",
    "differential_evolution",
    ability=_EVERYWHERE,
    options=("rng", "seed", "tol", "atol", "popsize", "maxiter", "mutation", "recombination"),
)(_search("differential_evolution", rng=0, tol=1e-8, polish=False))
optimizer(
    "Dual Annealing",
    "dual_annealing",
    ability=_EVERYWHERE,
    options=("rng", "maxiter", "initial_temp", "visit", "accept", "maxfun"),
)(_search("dual_annealing", rng=0, no_local_search=True))
optimizer("SHGO", "shgo", ability=_EVERYWHERE, options=("n", "iters", "sampling_method"))(
    _search("shgo", sampling_method="sobol", n=128)
)
