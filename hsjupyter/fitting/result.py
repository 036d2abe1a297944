"""What one fit tells a person; reads like scipy's OptimizeResult."""

from dataclasses import dataclass
from html import escape

import numpy as np

from hsjupyter.fitting.plan import Array


@dataclass(frozen=True, eq=False)
class FitResult:
    """The outcome of `fit` at one pixel.

    Attributes
    ----------
    optimizer, loss_function : str
    success : bool
    message : str
        Why it ended.
    names : tuple of str, (free,)
    x, std : ndarray, (free,)
        Values, and standard deviations (NaN on a bound or where the data do not determine one).
    covar : ndarray, (free, free)
    fun : float
        The loss at the optimum: chi squared, or the deviance of a Poisson likelihood.
    chisq : float
        Weighted sum of squared residuals.
    red_chisq : float
    absolute : bool
        True where the noise variance was known, so that errors are absolute; False where they
        were scaled by the scatter of the residual.
    nfev : int
        Evaluations of the model.
    on_bound : tuple of str
        Numbers that ended on one of their bounds.
    """

    optimizer: str
    loss_function: str
    success: bool
    message: str
    names: tuple[str, ...]
    x: Array
    std: Array
    covar: Array
    fun: float
    chisq: float
    red_chisq: float
    absolute: bool
    nfev: int
    on_bound: tuple[str, ...]

    @property
    def errors(self) -> str:
        """How the standard deviations were found, in words."""
        if self.absolute:
            of = "the counts" if self.loss_function == "ML-poisson" else "the noise variance"
            return f"absolute, from {of}"
        return "scaled by the scatter of the residual: the noise variance is not known"

    @property
    def reasons(self) -> dict[str, str]:
        """Why a number has no standard deviation, for those that have none."""
        return {
            name: "on bound" if name in self.on_bound else "not determined by the data"
            for name, std in zip(self.names, self.std, strict=True)
            if np.isnan(std)
        }

    def _rows(self) -> list[tuple[str, str, str, str]]:
        return [
            (
                name,
                f"{value:.6g}",
                "" if np.isnan(std) else f"{std:.2g}",
                self.reasons.get(name, ""),
            )
            for name, value, std in zip(self.names, self.x, self.std, strict=True)
        ]

    def _facts(self) -> list[tuple[str, str]]:
        return [
            ("optimizer", self.optimizer),
            ("success", str(self.success)),
            ("message", self.message),
            ("loss", f"{self.fun:.6g} ({self.loss_function})"),
            ("chi squared", f"{self.chisq:.6g}"),
            ("reduced chi squared", f"{self.red_chisq:.4g}"),
            ("evaluations", str(self.nfev)),
            ("errors", self.errors),
        ]

    def __repr__(self) -> str:
        lines = [f"{name:>20}: {value}" for name, value in self._facts()]
        width = max([9, *(len(name) for name in self.names)])
        lines += [f"{'parameter':>{width}}  {'value':>12}  {'std':>9}"]
        lines += [f"{n:>{width}}  {v:>12}  {s:>9}  {b}".rstrip() for n, v, s, b in self._rows()]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        facts = "".join(
            f"<tr><th>{escape(name)}</th><td>{escape(value)}</td></tr>"
            for name, value in self._facts()
        )
        rows = "".join(
            "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>"
            for row in self._rows()
        )
        return (
            f"<table>{facts}</table><table><tr><th>parameter</th><th>value</th><th>std</th>"
            f"<th></th></tr>{rows}</table>"
        )
