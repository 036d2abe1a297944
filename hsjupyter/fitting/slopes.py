"""Derivatives of a person's own, or differences, in place of the exact ones."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from hsjupyter.core.errors import FitError
from hsjupyter.core.shape import central_differences
from hsjupyter.fitting.objective import Objective
from hsjupyter.fitting.plan import Array


@dataclass(frozen=True, eq=False)
class OwnSlopes(Objective):
    """An objective whose derivatives are asked elsewhere.

    Attributes
    ----------
    by : 'fd' or callable
        Central differences; or ``by(p)`` with the free numbers, (free,), which gives the
        derivatives of the weighted residual, (channel, free), or of the loss, (free,).
    """

    by: Any = "fd"

    def jacobian(self, p: Array) -> Array:
        """Derivatives of the residual, (channel, free)."""
        if self.by == "fd":
            return self._differences(p)
        rows = self._asked(p)
        if rows.ndim != 2:
            raise FitError(
                f"fit: grad={self.by!r} gave numbers of shape {rows.shape}, the derivatives of the "
                f"loss; this optimizer wants those of the residual, {(len(self.y), len(p))}: give "
                "another function, or choose an optimizer such as 'BFGS'"
            )
        return rows

    def gradient(self, p: Array) -> Array:
        """Derivatives of the loss, (free,)."""
        rows = self._differences(p) if self.by == "fd" else self._asked(p)
        return rows if rows.ndim == 1 else self._rows(rows) @ self.terms(p).slope

    def curvature(self, p: Array) -> Array:
        """Second derivatives that a step may trust, (free, free)."""
        rows = self._differences(p) if self.by == "fd" else self._asked(p)
        if rows.ndim == 1:
            return super().curvature(p)
        by_free, terms = self._rows(rows), self.terms(p)
        return (by_free * (terms.curvature if terms.hold is None else terms.hold)) @ by_free.T

    def _rows(self, jacobian: Array) -> Array:
        """Derivatives of the model, (free, channel)."""
        return (jacobian.T if self.root_weights is None else jacobian.T / self.root_weights).copy()

    def _differences(self, p: Array) -> Array:
        def residual(_: Any, q: Any) -> Array:
            return self.residual(np.asarray(q, dtype=np.float64))

        return central_differences(residual, self.plan.coords, p).T

    def _asked(self, p: Array) -> Array:
        found = np.asarray(self.by(p.copy()), dtype=np.float64)
        if found.shape not in {(len(p),), (len(self.y), len(p))}:
            raise FitError(
                f"fit: grad={self.by!r} gave numbers of shape {found.shape}; (free,) for the loss "
                f"or (channel, free) for the residual is wanted, {(len(p),)} or "
                f"{(len(self.y), len(p))}"
            )
        return found


def with_slopes(objective: Objective, by: str | Callable[[Array], Any]) -> OwnSlopes:
    """The same objective with other derivatives."""
    same = {field.name: getattr(objective, field.name) for field in fields(Objective)}
    return OwnSlopes(**same, by=by)
