"""Every optimizer on every problem that it is able for: the optimum is the one that scipy finds."""

from functools import cache

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import optimize

from hsjupyter.fitting.optimizers.base import OPTIMIZERS
from tests.fitting.problems import LINEAR, PROBLEMS

# Those that see no slope, and the interior point, end a little before the optimum.
NEAR = {"Nelder-Mead", "Powell", "COBYLA", "COBYQA", "trust-constr", "odr"}


def value(problem, p):
    f, y = problem.line(p), problem.data
    if problem.loss == "ML-poisson":
        f = np.maximum(f, 1e-10)
        return 2 * float(np.sum(f - y + np.where(y > 0, y * np.log(np.maximum(y, 1) / f), 0)))
    r = (f - y) * problem.roots
    if problem.loss == "huber":
        return float(np.where(np.abs(r) <= 1, r * r, 2 * np.abs(r) - 1).sum())
    return float(r @ r)


@cache
def least(name):
    """Minimum and its place, from plain numpy by scipy's own Nelder-Mead, begun again twice."""
    problem = PROBLEMS[name]()
    at = np.array(problem.start, dtype=float)
    for _ in range(3):
        options = {"xatol": 1e-11, "fatol": 1e-13, "maxiter": 20_000, "maxfev": 20_000}
        found = optimize.minimize(
            lambda p: value(problem, p), at, method="Nelder-Mead", options=options
        )
        at = found.x
    return found.fun, found.x


def able(optimizer, problem):
    ability = OPTIMIZERS[optimizer].ability
    loss = PROBLEMS[problem]().loss
    if optimizer == "nnls":
        return problem in LINEAR  # its optimum is inside
    return ability.can(loss) and (not ability.linear or problem in LINEAR)


PAIRS = [
    pytest.param(o, p, id=f"{o}-{p}")
    for o in sorted(OPTIMIZERS)
    for p in PROBLEMS
    if able(o, p) and not (o == "odr" and p == "image")
]


@pytest.mark.parametrize(("optimizer", "name"), PAIRS)
def test_every_optimizer_finds_the_optimum_that_scipy_finds(optimizer, name):
    problem, (wanted, place) = PROBLEMS[name](), least(name)
    words = {"ridge": {"alpha": 1e-13}}.get(optimizer, {})
    result = problem.model.fit(optimizer, problem.loss, **words)
    assert result.success, result.message
    assert_allclose(result.fun, wanted, rtol=1e-7 if optimizer in NEAR else 1e-9)
    assert_allclose(result.x, place, rtol=1e-3 if optimizer in NEAR else 2e-5)
    assert_allclose(value(problem, result.x), result.fun, rtol=1e-9)
    assert np.isfinite(result.std).all()
