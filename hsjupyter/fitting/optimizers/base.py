"""What an optimizer is, what it says of itself, and what it gives back."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from hsjupyter.core.registry import Registry
from hsjupyter.fitting.objective import Objective
from hsjupyter.fitting.plan import Array


@dataclass(frozen=True)
class Ability:
    """What an optimizer can do; `fit` checks it and its errors quote it.

    Attributes
    ----------
    bounds : bool
        Keeps bounds.
    errors : bool
        Its optimum is one of least squares, where the Jacobian gives standard deviations.
    """

    bounds: bool
    errors: bool


@dataclass(frozen=True, eq=False)
class Solution:
    """Where an optimizer ended.

    Attributes
    ----------
    x : ndarray, (free,)
    success : bool
    message : str
        Why it ended, in words.
    nfev : int
        Evaluations of the model.
    """

    x: Array
    success: bool
    message: str
    nfev: int


class Solve(Protocol):
    """The call of an optimizer."""

    def __call__(
        self, objective: Objective, p0: Array, lower: Array, upper: Array, **options: Any
    ) -> Solution:
        """Minimise from ``p0`` within the bounds, all (free,)."""


@dataclass(frozen=True)
class Optimizer:
    """A registered optimizer: its name, its abilities, its function."""

    name: str
    ability: Ability
    solve: Solve


OPTIMIZERS: Registry[Optimizer] = Registry("optimizer")


def optimizer(*names: str, ability: Ability) -> Callable[[Solve], Solve]:
    """Register a function as an optimizer, under one name or several."""

    def register(solve: Solve) -> Solve:
        for name in names:
            OPTIMIZERS.add(name, Optimizer(name, ability, solve))
        return solve

    return register
