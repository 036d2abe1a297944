"""Data with axes, metadata and noise: what a model is fitted to."""

from collections.abc import Mapping
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from hsjupyter.core.axes_manager import AxesManager, make_axes_manager
from hsjupyter.core.errors import DataError
from hsjupyter.core.metadata import Metadata
from hsjupyter.core.registry import SIGNALS
from hsjupyter.core.slicing import Index, Slicer

VARIANCE = "Signal.Noise_properties.variance"


class BaseSignal:
    """Data with axes, metadata and noise.

    Parameters
    ----------
    data : array_like, (nav..., sig...)
        Navigation axes first, signal axes last. Kept as it is, not copied.
    axes : list of dict, optional
        One description an axis in the order of the data: ``size``, ``scale``, ``offset``,
        ``name``, ``units``, ``navigate``; or ``axis`` with the positions.
    metadata, original_metadata : mapping, optional
        Nested dictionaries.

    Raises
    ------
    DataError
        The data are not numbers, or have too few dimensions.
    AxisError
        The axes do not fit the data.
    """

    _signal_dimension = 0

    def __init__(
        self,
        data: Any,
        axes: list[dict[str, Any]] | None = None,
        metadata: Mapping[str, Any] | None = None,
        original_metadata: Mapping[str, Any] | None = None,
    ) -> None:
        self.data: Any = data if hasattr(data, "dtype") else np.asarray(data)
        if self.data.dtype.kind not in "biufc":
            raise DataError(
                f"{type(self).__name__}: data of type {self.data.dtype} came; numbers are wanted"
            )
        dimension = self._signal_dimension
        if self.data.ndim < max(dimension, 1):
            raise DataError(
                f"{type(self).__name__}: data of shape {self.data.shape} came; at least "
                f"{max(dimension, 1)} dimensions are wanted, the last ones are the signal's"
            )
        self.axes_manager: AxesManager = make_axes_manager(
            tuple(self.data.shape), axes, dimension or self.data.ndim
        )
        self.metadata = Metadata({"General": {"title": ""}, "Signal": {"signal_type": ""}})
        self.metadata.add_dictionary(metadata or {})
        self.original_metadata = Metadata(original_metadata)
        # What a file held beside these, such as stored models; written back by save.
        self.kept: dict[str, Any] = {}
        self.stored_models: dict[str, Any] = {}

    # -- parts -------------------------------------------------------------------------------

    @property
    def inav(self) -> Slicer[Self]:
        """Part of the map: ``s.inav[2, 0.5:]``; ints are indices, floats calibrated values."""
        axes = self.axes_manager.navigation_axes
        return Slicer(axes, lambda index: self.part(index, navigation=True), f"{self!r}.inav")

    @property
    def isig(self) -> Slicer[Self]:
        """Part of the spectra: ``s.isig[100:200]``, ``s.isig[520.0:]``."""
        axes = self.axes_manager.signal_axes
        return Slicer(axes, lambda index: self.part(index, navigation=False), f"{self!r}.isig")

    def part(self, index: tuple[Index, ...], *, navigation: bool) -> Self:
        """What `inav` and `isig` give, by one int or slice an axis in natural order."""
        full = (slice(None),)
        manager = self.axes_manager
        n_nav, n_sig = manager.navigation_dimension, manager.signal_dimension
        key = index[::-1] + full * n_sig if navigation else full * n_nav + index[::-1]
        # A signal axis cut to one channel stays an axis: a spectrum of one channel.
        key = tuple(
            slice(k, k + 1) if isinstance(k, int) and not axis.navigate else k
            for k, axis in zip(key, manager._axes, strict=True)
        )
        axes = [
            axis.sliced(k).as_dictionary()
            for axis, k in zip(manager._axes, key, strict=True)
            if isinstance(k, slice)
        ]
        tree = self.metadata.as_dictionary()
        variance = tree["Signal"].get("Noise_properties", {}).pop("variance", None)
        part = type(self)(self.data[key], axes, tree, self.original_metadata.as_dictionary())
        if isinstance(variance, BaseSignal):
            same = variance.axes_manager.dimensions == manager.dimensions
            variance = variance.part(index, navigation=navigation) if same else variance
        if variance is not None:
            part.metadata.set_item(VARIANCE, variance)
        return part

    def spectrum_at(self, map_index: tuple[int, ...]) -> NDArray[Any]:
        """The data of one pixel, (sig...), by its place in an array of the map's shape."""
        if not self.axes_manager.navigation_dimension:
            return np.asarray(self.data)
        return np.asarray(self.data[map_index])

    def __call__(self) -> NDArray[Any]:
        """The data at the current place, (sig...)."""
        return self.spectrum_at(self.axes_manager.map_index)

    # -- noise -------------------------------------------------------------------------------

    def get_noise_variance(self) -> Any:
        """The noise variance: a number, a signal of the same shape, or None where not known."""
        return self.metadata.get_item(VARIANCE)

    def set_noise_variance(self, variance: Any) -> None:
        """Say how large the noise is.

        Parameters
        ----------
        variance : float, BaseSignal or None
            In squared units of the data; a signal has the shape of this one, or of one spectrum.

        Raises
        ------
        DataError
            Not a positive number, or of another shape.
        """
        if variance is None:
            if self.metadata.has_item(VARIANCE):
                del self.metadata.Signal.Noise_properties.__dict__["variance"]
            return
        if isinstance(variance, BaseSignal):
            spectrum = self.axes_manager.signal_shape[::-1]
            if tuple(variance.data.shape) not in {tuple(self.data.shape), spectrum}:
                raise DataError(
                    f"{self!r}: a variance of shape {variance.data.shape} came; the data's shape "
                    f"{self.data.shape} or a spectrum's {spectrum} is wanted"
                )
        elif not (np.isscalar(variance) and np.isfinite(variance) and float(variance) > 0):  # type: ignore[arg-type]
            raise DataError(
                f"{self!r}: the variance {variance!r} came; a positive number or a signal is wanted"
            )
        self.metadata.set_item(VARIANCE, variance)

    def variance_at(self, map_index: tuple[int, ...]) -> NDArray[np.float64] | float | None:
        """The noise variance of one pixel: (sig...), a number, or None where not known."""
        variance = self.get_noise_variance()
        if not isinstance(variance, BaseSignal):
            return None if variance is None else float(variance)
        if variance.data.shape == self.data.shape:
            return np.asarray(variance.spectrum_at(map_index), dtype=np.float64)
        return np.asarray(variance.data, dtype=np.float64)

    # -- what it is ----------------------------------------------------------------------------

    @property
    def binned_widths(self) -> NDArray[np.float64] | None:
        """Widths of the channels, (sig...), where the data are binned; None where they are not."""
        manager = self.axes_manager
        axes = [axis for axis in manager._axes if not axis.navigate]
        older = bool(self.metadata.get_item("Signal.binned", default=False))
        if not older and not any(axis.is_binned for axis in axes):
            return None
        widths = np.ones([axis.size for axis in axes])
        for place, axis in enumerate(axes):
            if older or axis.is_binned:
                shape = [1] * len(axes)
                shape[place] = axis.size
                widths = widths * axis.widths.reshape(shape)
        return widths

    def signal_coordinates(self) -> tuple[NDArray[np.float64], ...]:
        """The calibrated position of every channel, one (sig...) array for x, y, ... ."""
        axes = [axis.axis for axis in self.axes_manager._axes if not axis.navigate]
        grids = np.meshgrid(*axes, indexing="ij")
        return tuple(grids[::-1])

    def copy(self) -> Self:
        """The same data (not copied) with axes and metadata of its own."""
        return type(self)(
            self.data,
            self.axes_manager.as_dictionaries(),
            self.metadata.as_dictionary(),
            self.original_metadata.as_dictionary(),
        )

    def deepcopy(self) -> Self:
        """An independent copy, data included."""
        twin = self.copy()
        twin.data = np.array(self.data)
        return twin

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        twin = self.deepcopy()
        memo[id(self)] = twin
        return twin

    def map_signal(self, numbers: NDArray[Any]) -> "BaseSignal":
        """One number a pixel as a signal whose signal axes are the navigation axes of this one.

        Parameters
        ----------
        numbers : ndarray, (nav...), or (nav..., element)
            A vector parameter's elements become the last axis.

        Returns
        -------
        BaseSignal
            Beyond two navigation axes the slower ones stay navigation axes.
        """
        axes = [axis.as_dictionary() for axis in self.axes_manager._axes if axis.navigate]
        if not axes:
            axes = [{"size": 1}]
        if numbers.ndim > len(axes):
            axes.append({"size": numbers.shape[-1], "name": "element"})
        for place, axis in enumerate(axes):
            axis["navigate"] = place < len(axes) - 2
        made: BaseSignal = SIGNALS[min(len(axes), 2)](np.array(numbers), axes)
        return made

    def __repr__(self) -> str:
        title = self.metadata.get_item("General.title", "")
        return (
            f"<{type(self).__name__}, title: {title}, dimensions: {self.axes_manager.dimensions}>"
        )
