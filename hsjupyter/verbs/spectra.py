"""Bring spectra of a map together."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from hsjupyter.core.alignment import estimated_shifts
from hsjupyter.core.baseline import baselines_of
from hsjupyter.core.shifting import shifted
from hsjupyter.core.signal import BaseSignal as SignalNoun


class SpectrumVerbs(SignalNoun):
    """What is done to spectra only."""

    def estimate_shift1D(  # noqa: PLR0917 - HyperSpy's signature
        self,
        start: Any = None,
        end: Any = None,
        reference_indices: Any = None,
        max_shift: Any = None,
        interpolate: bool = True,
        number_of_interpolation_points: int = 5,
        mask: Any = None,
        show_progressbar: bool | None = None,
        num_workers: int | None = None,
    ) -> Any:
        """By how much each spectrum must be moved to lie on that of one pixel.

        The maximum of the cross-correlation of their slopes.

        Parameters
        ----------
        start, end : int or float, optional
            Where to look: indices, or values in the units of the axis.
        reference_indices : tuple of int, optional
            The pixel on which the others should lie; the current one where not given.
        max_shift : int or float, optional
            The largest shift: a whole number of channels, or in the units of the axis.
        interpolate : bool
            Also fractions of channels.
        number_of_interpolation_points : int
            Into how many points a channel is divided before a parabola finds the maximum.
        mask : array_like or BaseSignal, optional
            True where a pixel is left alone.
        show_progressbar, num_workers
            Accepted so that scripts run.

        Returns
        -------
        ndarray, (nav...)
            In the units of the axis, for `shift1D`; 0 where a spectrum is flat or not finite.
        """
        del show_progressbar, num_workers
        return estimated_shifts(
            self,
            (start, end),
            reference_indices,
            max_shift,
            finer=int(number_of_interpolation_points) if interpolate else 0,
            mask=mask,
        )

    def shift1D(  # noqa: PLR0917 - HyperSpy's signature
        self,
        shift_array: Any,
        interpolation_method: str = "linear",
        crop: bool = True,
        expand: bool = False,
        fill_value: float = float("nan"),
        show_progressbar: bool | None = None,
        num_workers: int | None = None,
    ) -> None:
        """Move each spectrum to the right by its own shift, in place.

        Parameters
        ----------
        shift_array : array_like, (nav...)
            In the units of the axis.
        interpolation_method : {"linear", "nearest", "quadratic", "cubic"}
        crop : bool
            Leave out the channels that some spectrum does not reach.
        expand : bool
            Add channels so that no spectrum loses any.
        fill_value : float
            What stands where a spectrum does not reach.
        show_progressbar, num_workers
            Accepted so that scripts run.
        """
        del show_progressbar, num_workers
        moved = shifted(
            self,
            shift_array,
            method=interpolation_method,
            crop=crop,
            expand=expand,
            fill_value=fill_value,
        )
        self.become("shift1D changed it", moved)

    def align1D(  # noqa: PLR0917 - HyperSpy's signature
        self,
        start: Any = None,
        end: Any = None,
        reference_indices: Any = None,
        max_shift: Any = None,
        interpolate: bool = True,
        number_of_interpolation_points: int = 5,
        interpolation_method: str = "linear",
        crop: bool = True,
        expand: bool = False,
        fill_value: float = float("nan"),
        also_align: Iterable[Any] | None = None,
        mask: Any = None,
        show_progressbar: bool | None = None,
        iterpath: str = "serpentine",
    ) -> None:
        """Move each spectrum so that it lies on that of one pixel, in place.

        Parameters
        ----------
        start, end, reference_indices, max_shift, interpolate, number_of_interpolation_points, mask
            As of `estimate_shift1D`.
        interpolation_method, crop, expand, fill_value
            As of `shift1D`.
        also_align : iterable of Signal1D, optional
            Moved by the same shifts.
        show_progressbar, iterpath
            Accepted so that scripts run.
        """
        del show_progressbar, iterpath
        finer = int(number_of_interpolation_points) if interpolate else 0
        window = (start, end)
        shifts = estimated_shifts(
            self, window, reference_indices, max_shift, finer=finer, mask=mask
        )
        how = {"method": interpolation_method, "crop": crop, "expand": expand}
        all_of_them = [self, *(also_align or ())]
        moved = [shifted(s, shifts, fill_value=fill_value, **how) for s in all_of_them]  # type: ignore[arg-type]
        for signal, new in zip(all_of_them, moved, strict=True):
            signal.become("align1D changed it", new)

    def remove_baseline(
        self,
        method: str | None = None,
        inplace: bool = True,
        show_progressbar: bool | None = None,
        num_workers: int | None = None,
        **words: Any,
    ) -> Any:
        """Take what changes slowly under the peaks off every spectrum.

        Parameters
        ----------
        method : str, optional
            An algorithm of pybaselines; where not given ``"arpls"``, penalised least squares that
            weigh peaks away by themselves (Baek et al., Analyst 140, 250 (2015),
            doi:10.1039/C4AN01061B).
        inplace : bool
            False gives another signal, and leaves this one as it is.
        show_progressbar, num_workers
            Accepted so that scripts run.
        **words
            Of the algorithm, such as ``lam=1e5``: the larger, the stiffer.

        Returns
        -------
        Signal1D, or None
            NaN where a spectrum held a number that is not finite.

        Raises
        ------
        LibraryMissing
            pybaselines is not installed.
        UnknownNameError, DataError
            No such algorithm, or words that it does not know.
        """
        del show_progressbar, num_workers
        found = baselines_of(self, method or "arpls", words)
        other = self.deepcopy()
        other.data = np.asarray(self.data, dtype=np.float64) - found
        if not inplace:
            return other
        self.become("remove_baseline changed it", other)
        return None

    def crop_signal(self, left_value: Any = None, right_value: Any = None) -> None:
        """Keep a part of the spectra, in place: indices, or values in the units of the axis."""
        self.become("crop_signal changed it", self.isig[left_value:right_value])
