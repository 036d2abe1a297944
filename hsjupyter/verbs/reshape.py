"""Other axes, other sizes, other types of numbers."""

from collections.abc import Sequence
from typing import Any, Self

import numpy as np

from hsjupyter.core.dimensions import parts_of, squeezed, swapped, transposed
from hsjupyter.core.errors import DataError
from hsjupyter.core.reading import whole
from hsjupyter.core.rebinning import rebinned
from hsjupyter.core.reducing import one_axis, put_into
from hsjupyter.core.resampling import resampled
from hsjupyter.core.signal import BaseSignal as SignalNoun
from hsjupyter.core.slicing import index_on


class ReshapeVerbs(SignalNoun):
    """Transpose, crop, rebin and cut.

    ``axis`` is an index or a name as in ``s.axes_manager[axis]``, or one of its axes.
    """

    @property
    def T(self) -> Any:
        """The signal with navigation and signal axes exchanged; a view."""
        return transposed(self, None, None)

    def transpose(
        self, signal_axes: Any = None, navigation_axes: Any = None, optimize: bool = False
    ) -> Any:
        """The signal with other axes navigated and fitted; a view.

        Parameters
        ----------
        signal_axes, navigation_axes : None, int, or iterable of int, str or Axis
            How many, or which ones in natural order; None for those that the other leaves. Both
            None exchange the two.
        optimize : bool
            Copy the data, so that spectra lie together in memory.
        """
        made: Any = transposed(self, signal_axes, navigation_axes)
        return made.deepcopy() if optimize else made

    def as_signal1D(self, spectral_axis: Any, out: Any = None, optimize: bool = True) -> Any:
        """Spectra along one axis; all other axes are navigated."""
        made = self.transpose(signal_axes=[spectral_axis], optimize=optimize)
        return put_into(out, made)

    def as_signal2D(self, image_axes: Any, out: Any = None, optimize: bool = True) -> Any:
        """Images over two axes, natural order; all other axes are navigated."""
        if not isinstance(image_axes, Sequence) or len(image_axes) != 2:
            raise DataError(f"{self!r}: image_axes={image_axes!r} came; two axes are wanted")
        made = self.transpose(signal_axes=image_axes, optimize=optimize)
        return put_into(out, made)

    def swap_axes(self, axis1: Any, axis2: Any, optimize: bool = False) -> Any:
        """The signal with two axes exchanged, each in the space of the other."""
        made: Any = swapped(self, axis1, axis2)
        return made.deepcopy() if optimize else made

    def squeeze(self) -> Any:
        """The signal without the axes of one channel; one axis stays."""
        return squeezed(self)

    def crop(
        self, axis: Any, start: Any = None, end: Any = None, convert_units: bool = False
    ) -> None:
        """Keep a part along an axis, in place.

        Parameters
        ----------
        axis : int, str or Axis
        start, end : int or float, optional
            Indices, or values in the units of the axis; ``end`` is not part of it.
        convert_units : bool
            Accepted so that scripts run; units stay as they are.
        """
        del convert_units
        (along,) = one_axis(self, axis)
        navigation = along.navigate
        space = self.axes_manager.navigation_axes if navigation else self.axes_manager.signal_axes
        index = index_on(along, slice(start, end))
        key = tuple(index if each is along else slice(None) for each in space)
        self.become("crop changed it", self.part(key, navigation=navigation))

    def rebin(
        self,
        new_shape: Sequence[int] | None = None,
        scale: Sequence[float] | None = None,
        crop: bool = True,
        dtype: Any = None,
        out: Any = None,
    ) -> Any:
        """The signal with channels put together; a new channel holds the counts of its old ones.

        Parameters
        ----------
        new_shape : sequence of int, optional
            Channels along every axis, natural order.
        scale : sequence of float, optional
            How many old channels make a new one, for every axis, natural order.
        crop : bool
            Leave out what does not fill a last channel; else it is there, less full.
        dtype : dtype or "same", optional
            Of the result; what the sums are where not given.
        out : BaseSignal, optional
            Takes the result, in place.

        Returns
        -------
        BaseSignal, or None where ``out`` is given
            With the noise variance of sums of independent channels.
        """
        made: Any = rebinned(self, new_shape, scale, crop=crop)
        if dtype is not None:
            same = isinstance(dtype, str) and dtype == "same"
            made.change_dtype(self.data.dtype if same else dtype)
        return put_into(out, made)

    def interpolate_on_axis(
        self, new_axis: Any, axis: Any = 0, inplace: bool = False, degree: int = 1
    ) -> Any:
        """The signal with its data interpolated at the positions of another axis.

        Parameters
        ----------
        new_axis : Axis or dict
            Inside of the old one.
        axis : int, str or Axis
            Which one it replaces.
        inplace : bool
            Change this signal, and return nothing.
        degree : int
            Of the spline; 1 is linear.
        """
        made = resampled(self, new_axis, axis, degree)
        return self.become("interpolate_on_axis changed it", made) if inplace else made

    def change_dtype(self, dtype: Any, rechunk: bool = False) -> None:
        """Hold the data as numbers of another type, in place; what they are stays the same."""
        del rechunk
        try:
            kind = np.dtype(dtype)
        except TypeError as why:
            raise DataError(f"{self!r}: dtype={dtype!r} came ({why}); 'float32' is one") from why
        held = self.derive(whole(self.data).astype(kind), variance=self.variance_array())
        self.become("change_dtype changed it", held)

    def split(
        self, axis: Any = "auto", number_of_parts: Any = "auto", step_sizes: Any = "auto"
    ) -> list[Self]:
        """Parts along an axis: what `hs.stack` has put together.

        Parameters
        ----------
        axis : int, str or Axis
            The slowest navigation axis where not given.
        number_of_parts : int
            Of equal size; as many as channels where not given. Parts of one index lose the axis.
        step_sizes : int or list of int
            How many channels each part has, instead of how many parts.
        """
        parts: list[Self] = parts_of(self, axis, number_of_parts, step_sizes)
        return parts

    def get_current_signal(
        self, auto_title: bool = True, auto_filename: bool = True, as_numpy: bool = False
    ) -> Any:
        """The signal of the current pixel.

        Parameters
        ----------
        auto_title : bool
            Add the pixel to the title.
        auto_filename, as_numpy : bool
            Accepted so that scripts run.
        """
        del auto_filename, as_numpy
        place = self.axes_manager.indices
        made: Any = self.part(place, navigation=True) if place else self.deepcopy()
        if auto_title and place:
            title = f"{self.metadata.get_item('General.title', '')} {place}"
            made.metadata.set_item("General.title", title)
        return made
