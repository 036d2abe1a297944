"""Sum up: over axes, into histograms, and find extremes."""

from typing import Any

import numpy as np

from hsjupyter.core.calculus import derived, differences, integrated
from hsjupyter.core.histogram import histogram_of
from hsjupyter.core.reducing import located, one_axis, put_into, reduced
from hsjupyter.core.signal import BaseSignal as SignalNoun


class ReduceVerbs(SignalNoun):
    """One number for many.

    ``axis`` is an index or a name as in ``s.axes_manager[axis]``, one of its axes, or several;
    all navigation axes where it is not given. ``out`` is a signal that takes the result, and
    ``rechunk`` is accepted so that scripts run.
    """

    def sum(self, axis: Any = None, out: Any = None, rechunk: bool = False) -> Any:
        """The sum over axes; its noise variance is the sum of variances."""
        del rechunk
        return reduced(self, np.sum, axis, out)

    def mean(self, axis: Any = None, out: Any = None, rechunk: bool = False) -> Any:
        """The mean over axes, with the noise variance of a mean."""
        del rechunk
        return reduced(self, np.mean, axis, out)

    def max(self, axis: Any = None, out: Any = None, rechunk: bool = False) -> Any:
        """The largest number over axes."""
        del rechunk
        return reduced(self, np.max, axis, out)

    def min(self, axis: Any = None, out: Any = None, rechunk: bool = False) -> Any:
        """The smallest number over axes."""
        del rechunk
        return reduced(self, np.min, axis, out)

    def std(self, axis: Any = None, out: Any = None, rechunk: bool = False) -> Any:
        """The standard deviation over axes, of the population."""
        del rechunk
        return reduced(self, np.std, axis, out)

    def var(self, axis: Any = None, out: Any = None, rechunk: bool = False) -> Any:
        """The variance over axes, of the population."""
        del rechunk
        return reduced(self, np.var, axis, out)

    def nansum(self, axis: Any = None, out: Any = None, rechunk: bool = False) -> Any:
        """The sum over axes, NaN left out."""
        del rechunk
        return reduced(self, np.nansum, axis, out)

    def nanmean(self, axis: Any = None, out: Any = None, rechunk: bool = False) -> Any:
        """The mean over axes, NaN left out."""
        del rechunk
        return reduced(self, np.nanmean, axis, out)

    def nanmax(self, axis: Any = None, out: Any = None, rechunk: bool = False) -> Any:
        """The largest number over axes, NaN left out."""
        del rechunk
        return reduced(self, np.nanmax, axis, out)

    def nanmin(self, axis: Any = None, out: Any = None, rechunk: bool = False) -> Any:
        """The smallest number over axes, NaN left out."""
        del rechunk
        return reduced(self, np.nanmin, axis, out)

    def nanstd(self, axis: Any = None, out: Any = None, rechunk: bool = False) -> Any:
        """The standard deviation over axes, NaN left out."""
        del rechunk
        return reduced(self, np.nanstd, axis, out)

    def nanvar(self, axis: Any = None, out: Any = None, rechunk: bool = False) -> Any:
        """The variance over axes, NaN left out."""
        del rechunk
        return reduced(self, np.nanvar, axis, out)

    def indexmax(self, axis: Any, out: Any = None, rechunk: bool = False) -> Any:
        """The index of the largest number along one axis."""
        del rechunk
        return located(self, np.argmax, axis, out, values=False)

    def indexmin(self, axis: Any, out: Any = None, rechunk: bool = False) -> Any:
        """The index of the smallest number along one axis."""
        del rechunk
        return located(self, np.argmin, axis, out, values=False)

    def argmax(self, axis: Any, out: Any = None) -> Any:
        """The index of the largest number along one axis, as `indexmax`: numpy's word."""
        return located(self, np.argmax, axis, out, values=False)

    def argmin(self, axis: Any, out: Any = None) -> Any:
        """The index of the smallest number along one axis, as `indexmin`: numpy's word."""
        return located(self, np.argmin, axis, out, values=False)

    def valuemax(self, axis: Any, out: Any = None, rechunk: bool = False) -> Any:
        """Where along one axis the largest number stands, in the units of the axis."""
        del rechunk
        return located(self, np.argmax, axis, out, values=True)

    def valuemin(self, axis: Any, out: Any = None, rechunk: bool = False) -> Any:
        """Where along one axis the smallest number stands, in the units of the axis."""
        del rechunk
        return located(self, np.argmin, axis, out, values=True)

    def integrate1D(self, axis: Any, out: Any = None, rechunk: bool = False) -> Any:
        """The area along one axis: a sum where its channels are binned, else Simpson's rule.

        Returns
        -------
        BaseSignal
            In units of the data times those of the axis, or of the data where they are binned.
        """
        del rechunk
        (along,) = one_axis(self, axis)
        return integrated(self, axis, out, simpson=not along.is_binned)

    def integrate_simpson(self, axis: Any, out: Any = None, rechunk: bool = False) -> Any:
        """The area along one axis by Simpson's rule, in units of the data times of the axis."""
        del rechunk
        return integrated(self, axis, out, simpson=True)

    def derivative(self, axis: Any, order: int = 1, out: Any = None) -> Any:
        """The slope along one axis, at the same channels, by central differences."""
        return derived(self, axis, order, out)

    def diff(self, axis: Any, order: int = 1, out: Any = None, rechunk: bool = False) -> Any:
        """What each channel has more than the one before it, half-way between the two."""
        del rechunk
        return differences(self, axis, order, out)

    def get_histogram(
        self,
        bins: Any = "fd",
        range_bins: tuple[float, float] | None = None,
        max_num_bins: int = 250,
        out: Any = None,
    ) -> Any:
        """How many of the data lie in each of some bins.

        Parameters
        ----------
        bins : str, int or array_like
            How many, their edges, or the rule that finds how many: ``"fd"`` or ``"freedman"``,
            ``"scott"``, ``"sturges"``, ``"rice"``, ``"sqrt"``, ``"auto"``.
        range_bins : (float, float), optional
            Between which values; from the smallest to the largest where not given.
        max_num_bins : int
            A rule gives no more.
        out : BaseSignal, optional
            Takes the result, in place.

        Returns
        -------
        Signal1D, ``(|bin)``
            Counts; its axis is binned and stands in the middle of the bins.
        """
        return put_into(out, histogram_of(self, bins, range_bins, max_num_bins))
