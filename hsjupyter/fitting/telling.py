"""An objective that tells of the best numbers that a search has found so far."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, fields

from hsjupyter.fitting.losses import Terms
from hsjupyter.fitting.objective import Objective
from hsjupyter.fitting.plan import Array

TELLING = 0.1
"""Seconds between two of them at least: eyes follow no faster."""


class Best:
    """The least that was found, told when it is less than before.

    Parameters
    ----------
    tell : callable
        Gets whole rows, (slot,).
    """

    def __init__(self, tell: Callable[[Array], None]) -> None:
        self._tell, self._told = tell, 0.0
        self._least = {"residual": float("inf"), "terms": float("inf")}
        self._waiting: Callable[[], Array] | None = None

    def hear(self, what: str, cost: float, row: Callable[[], Array]) -> None:
        """A search asked for this.

        Parameters
        ----------
        what : {'residual', 'terms'}
            What was asked for: the two are measured differently.
        cost : float
        row : callable
            Gives the row, (slot,).
        """
        if cost < self._least[what]:
            self._least[what], self._waiting = cost, row
        if self._waiting is not None and time.monotonic() - self._told >= TELLING:
            self._told, now, self._waiting = time.monotonic(), self._waiting, None
            self._tell(now())


def _silent() -> Best:
    return Best(lambda _row: None)


@dataclass(frozen=True, eq=False)
class Telling(Objective):
    """An objective whose best numbers so far are told.

    Attributes
    ----------
    best : Best
    """

    best: Best = field(default_factory=_silent)

    def residual(self, p: Array) -> Array:
        """``(model - data) * sqrt(weight)``, (channel,)."""
        found, asked = super().residual(p), p.copy()
        self.best.hear("residual", float(found @ found), lambda: self.filled(asked))
        return found

    def terms(self, p: Array) -> Terms:
        """The loss, by channel."""
        found, asked = super().terms(p), p.copy()
        self.best.hear("terms", found.value, lambda: self.filled(asked))
        return found


def telling(objective: Objective, tell: Callable[[Array], None]) -> Telling:
    """The same objective, which tells."""
    same = {field.name: getattr(objective, field.name) for field in fields(Objective)}
    return Telling(**same, best=Best(tell))
