"""What a person is told of intervals and regions."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hsjupyter.core.errors import FitError, unknown_name
from hsjupyter.core.table import Table
from hsjupyter.fitting.plan import Array


def probability_of(sigma: float) -> float:
    """How often a normal deviate is within so many standard deviations."""
    from math import erf, sqrt

    return erf(sigma / sqrt(2))


@dataclass(frozen=True, eq=False)
class ConfidenceIntervals:
    """Intervals of several numbers; ``intervals["Gaussian.A"][1]`` gives one.

    Attributes
    ----------
    names : tuple of str, (number,)
    best : ndarray, (number,)
    sigmas : tuple of float, (level,)
        In standard deviations of a normal distribution: 1 for 68.3 %.
    low, high : ndarray, (number, level)
        A bound where an interval is cut off by it; infinite where the data set no end.
    absolute : bool
        True where the noise variance was known.
    """

    names: tuple[str, ...]
    best: Array
    sigmas: tuple[float, ...]
    low: Array
    high: Array
    absolute: bool

    def __getitem__(self, name: str) -> dict[float, tuple[float, float]]:
        if name not in self.names:
            raise unknown_name("the intervals", name, self.names)
        k = self.names.index(name)
        pairs = zip(self.sigmas, self.low[k].tolist(), self.high[k].tolist(), strict=True)
        return {sigma: (low, high) for sigma, low, high in pairs}

    @property
    def probabilities(self) -> tuple[float, ...]:
        """How sure each level is."""
        return tuple(probability_of(sigma) for sigma in self.sigmas)

    def table(self) -> Table:
        """Distances of the ends from the optimum, as text."""
        sure = [f"{100 * p:.2f} %" for p in self.probabilities]
        head = ["parameter", *sure[::-1], "value", *sure]
        rows = []
        for k, name in enumerate(self.names):
            low, high = self.low[k] - self.best[k], self.high[k] - self.best[k]
            cells = [f"{each:+.4g}" for each in (*low[::-1], *high)]
            middle = len(self.sigmas)
            rows.append([name, *cells[:middle], f"{self.best[k]:.6g}", *cells[middle:]])
        how = "the noise is known" if self.absolute else "the noise is told by the residual"
        return Table(head, rows, f"profile likelihood; {how}")

    def __repr__(self) -> str:
        return str(self.table())

    def _repr_html_(self) -> str:
        return self.table()._repr_html_()


@dataclass(frozen=True, eq=False)
class ConfidenceRegion:
    """How sure it is that two numbers together are inside of a line.

    Attributes
    ----------
    names : (str, str)
        Along x and y.
    x, y : ndarray, (column,), (row,)
    probability : ndarray, (row, column)
        Lines of equal probability bound the regions.
    best : ndarray, (2,)
    """

    names: tuple[str, str]
    x: Array
    y: Array
    probability: Array
    best: Array

    @property
    def sigma(self) -> Array:
        """The probability in standard deviations of a normal distribution, (row, column)."""
        from scipy.special import erfinv

        found: Array = np.sqrt(2) * erfinv(self.probability)
        return found


def sigmas_of(levels: Sequence[float]) -> tuple[float, ...]:
    """Levels as standard deviations; those below 1 are probabilities, as lmfit reads them.

    Raises
    ------
    FitError
        One is not positive.
    """
    from scipy.special import erfinv

    given = [float(each) for each in levels]
    if not given or any(not each > 0 for each in given):
        raise FitError(
            f"conf_interval: the levels {given} came; positive numbers are wanted, standard "
            "deviations from 1 on and probabilities below, e.g. (1, 2, 3) or (0.68, 0.95)"
        )
    return tuple(each if each >= 1 else float(np.sqrt(2) * erfinv(each)) for each in given)
