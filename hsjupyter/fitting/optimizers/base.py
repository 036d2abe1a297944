"""What an optimizer is, what it says of itself, and what it gives back."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from hsjupyter.core.registry import Registry
from hsjupyter.core.table import Table
from hsjupyter.fitting.objective import Objective
from hsjupyter.fitting.plan import Array, Flags


@dataclass(frozen=True)
class Ability:
    """What an optimizer can do; `fit` checks it and its errors quote it.

    Attributes
    ----------
    bounds : bool
        Keeps bounds.
    losses : frozenset of str
        Loss functions it can make small; empty for any.
    needs_bounds : bool
        Every free number must have both bounds.
    linear : bool
        Only for models that are linear in all free numbers.
    is_global : bool
        Looks for the deepest of several minima.
    gradient : bool
        Asks for derivatives: exact, or as ``grad=`` says.
    errors : str
        What its standard deviations come from, in words.
    """

    bounds: bool = False
    losses: frozenset[str] = frozenset()
    needs_bounds: bool = False
    linear: bool = False
    is_global: bool = False
    gradient: bool = False
    errors: str = "curvature of the loss"

    def can(self, loss: str) -> bool:
        """Whether it can make a loss small."""
        return not self.losses or loss in self.losses


LEAST_SQUARES = frozenset({"ls"})


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
    covar : ndarray, (free, free), or None
        Covariance of the numbers for residuals of variance one, where it does not follow from the
        derivatives of the loss.
    variance : float or None
        Of the residuals, where the noise is not known and it is not that of the loss.
    held : ndarray of bool, (free,), or None
        Numbers that ended on a limit that is the optimizer's own.
    """

    x: Array
    success: bool
    message: str
    nfev: int
    covar: Array | None = None
    variance: float | None = None
    held: Flags | None = None


class Solve(Protocol):
    """The call of an optimizer."""

    def __call__(
        self, objective: Objective, p0: Array, lower: Array, upper: Array, **options: Any
    ) -> Solution:
        """Minimise from ``p0`` within the bounds, all (free,)."""


@dataclass(frozen=True)
class Optimizer:
    """A registered optimizer.

    Attributes
    ----------
    name : str
    ability : Ability
    solve : Solve
    options : frozenset of str
        Words of its own that a fit may hand to it.
    """

    name: str
    ability: Ability
    solve: Solve
    options: frozenset[str]


class Optimizers(Registry[Optimizer]):
    """The optimizers by name; prints as a table of what each is able for."""

    def table(self) -> Table:
        """One row an optimizer, in the order of the alphabet."""
        yes = {True: "yes", False: ""}
        rows = []
        for name, one in sorted(self.items(), key=lambda item: item[0].lower()):
            able = one.ability
            bounds = "needed" if able.needs_bounds else yes[able.bounds]
            losses = ", ".join(sorted(able.losses)) or "any"
            marks = [yes[able.gradient], yes[able.linear], yes[able.is_global]]
            rows.append([name, bounds, losses, *marks, able.errors])
        return Table(HEAD, rows)

    def __repr__(self) -> str:
        return str(self.table())

    def _repr_html_(self) -> str:
        return self.table()._repr_html_()


HEAD = ("optimizer", "bounds", "losses", "derivatives", "linear only", "global", "errors from")
OPTIMIZERS = Optimizers("optimizer")


def optimizer(
    *names: str, ability: Ability, options: Iterable[str] = ()
) -> Callable[[Solve], Solve]:
    """Register a function as an optimizer, under one name or several."""

    def register(solve: Solve) -> Solve:
        for name in names:
            OPTIMIZERS.add(name, Optimizer(name, ability, solve, frozenset(options)))
        return solve

    return register
