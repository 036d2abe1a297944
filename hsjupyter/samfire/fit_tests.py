"""Goodness tests: they say from which fits others may start."""

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from hsjupyter.core.errors import FitError
from hsjupyter.core.model import BaseModel
from hsjupyter.fitting.quality import aic, aicc, bic, gaussian_deviance, reduced_chisq

Array = NDArray[np.float64]

__all__ = ["AIC_test", "AICc_test", "BIC_test", "FitTest", "red_chisq_test"]


class FitTest(Protocol):
    """What SAMFire asks of a goodness test."""

    name: str
    measure: str
    expected: float | None
    tolerance: float

    def limits(self, level: float, scatter: Array | None, n_channels: int) -> Array:
        """What the measure must lie between, (2, pixel or 1).

        Parameters
        ----------
        level : float
            The shifted measure that is usual among good pixels; NaN where none is known.
        scatter : ndarray, (pixel,), or None
            The noise variance of the pixels, estimated; None where the noise is known.
        n_channels : int
            Channels inside the signal range.
        """

    def shifted(self, measures: Array, scatter: Array | None, n_channels: int) -> Array:
        """Measures without what the scatter of their pixels does to them, (pixel,)."""

    def map(self, model: Any, mask: Any = None) -> NDArray[np.bool_]:
        """Whether the stored fit of every pixel is good, (nav...)."""


class red_chisq_test:  # noqa: N801 - HyperSpy's word
    """Reduced chi squared lies within ``expected`` ± ``tolerance``.

    Where the noise variance is not known, it is the reduced chi squared over the scatter of the
    pixel's own data, relative to what is usual among good pixels, that may be higher by the
    tolerance; lower is not refused.

    Parameters
    ----------
    tolerance : float
    """

    name = "Reduced chi-squared test"
    measure = "red_chisq"

    def __init__(self, tolerance: float) -> None:
        self.expected: float | None = 1.0
        self.tolerance = tolerance

    @property
    def tolerance(self) -> float:
        """How far from ``expected`` is still good."""
        return self._tolerance

    @tolerance.setter
    def tolerance(self, value: float) -> None:
        self._tolerance = _not_negative(self, value)

    def limits(self, level: float, scatter: Array | None, n_channels: int) -> Array:  # noqa: ARG002
        """As of `FitTest`."""
        expected = 1.0 if self.expected is None else self.expected
        if scatter is None:
            return np.array([[expected - self.tolerance], [expected + self.tolerance]])
        usual = (level if np.isfinite(level) else 1.0) * scatter
        return np.stack([np.full_like(usual, -np.inf), usual * (expected + self.tolerance)])

    def shifted(self, measures: Array, scatter: Array | None, n_channels: int) -> Array:  # noqa: ARG002
        """As of `FitTest`."""
        return measures if scatter is None else measures / scatter

    def test(self, model: Any, ind: tuple[int, ...]) -> bool:
        """Whether the stored fit of one pixel, by its place in the arrays, is good."""
        return bool(self.map(model)[ind])

    def map(self, model: BaseModel, mask: Any = None) -> NDArray[np.bool_]:
        """As of `FitTest`; with weights of one where the noise is not known."""
        n = int(model.channel_switches.sum())
        measured = reduced_chisq(model.maps.chisq, n, model.maps.dof)
        low, high = self.limits(np.nan, None, n)
        return _asked((measured >= low) & (measured <= high), mask)

    def __repr__(self) -> str:
        return f"{self.name}: {self.expected:g} ± {self.tolerance:g}"


class _CriterionTest:
    """A criterion is at most ``tolerance`` above what is expected.

    Parameters
    ----------
    tolerance : float

    Attributes
    ----------
    expected : float or None
        None for what is usual among good pixels.
    """

    name = measure = ""
    criterion: Any = None

    def __init__(self, tolerance: float) -> None:
        self.expected: float | None = None
        self.tolerance = tolerance

    @property
    def tolerance(self) -> float:
        """How far above what is expected is still good."""
        return self._tolerance

    @tolerance.setter
    def tolerance(self, value: float) -> None:
        self._tolerance = _not_negative(self, value)

    def limits(self, level: float, scatter: Array | None, n_channels: int) -> Array:
        """As of `FitTest`."""
        usual = level if self.expected is None else self.expected
        top = usual + self.tolerance if np.isfinite(usual) else np.inf
        # An unknown noise variance is fitted as well: its logarithm is part of the criterion.
        moved = np.zeros(1) if scatter is None else n_channels * np.log(scatter)
        return np.stack([np.full_like(moved, -np.inf), top + moved])

    def shifted(self, measures: Array, scatter: Array | None, n_channels: int) -> Array:
        """As of `FitTest`."""
        return measures if scatter is None else measures - n_channels * np.log(scatter)

    def test(self, model: Any, ind: tuple[int, ...]) -> bool:
        """Whether the stored fit of one pixel, by its place in the arrays, is good."""
        return bool(self.map(model)[ind])

    def map(self, model: BaseModel, mask: Any = None) -> NDArray[np.bool_]:
        """As of `FitTest`."""
        n, maps = int(model.channel_switches.sum()), model.maps
        known = None if model.signal.get_noise_variance() is None else np.zeros(())
        deviance = gaussian_deviance(maps.chisq, n, known)
        measured = type(self).criterion(deviance, n, maps.dof + (known is None))
        good = measured[np.isfinite(measured)]
        low, high = self.limits(float(np.median(good)) if good.size else np.nan, None, n)
        return _asked((measured >= low) & (measured <= high), mask)

    def __repr__(self) -> str:
        usual = "what is usual" if self.expected is None else f"{self.expected:g}"
        return f"{self.name}: at most {self.tolerance:g} above {usual}"


class AIC_test(_CriterionTest):  # noqa: N801 - HyperSpy's word
    """Akaike's criterion is at most ``tolerance`` above what is expected."""

    name, measure, criterion = "Akaike information criterion test", "AIC", staticmethod(aic)


class AICc_test(_CriterionTest):  # noqa: N801 - HyperSpy's word
    """Akaike's criterion for few data is at most ``tolerance`` above what is expected."""

    name, measure = "Akaike information criterion (corrected) test", "AICc"
    criterion = staticmethod(aicc)


class BIC_test(_CriterionTest):  # noqa: N801 - HyperSpy's word
    """Schwarz's criterion is at most ``tolerance`` above what is expected."""

    name, measure, criterion = "Bayesian information criterion test", "BIC", staticmethod(bic)


def _not_negative(test: Any, value: Any) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = np.nan
    if not number >= 0:
        raise FitError(f"{test.name}: tolerance={value!r} came; a number of at least 0 is wanted")
    return number


def _asked(good: NDArray[np.bool_], mask: Any) -> NDArray[np.bool_]:
    return good if mask is None else good & np.asarray(mask, dtype=bool)
