"""Data with axes, metadata and noise: what a model is fitted to."""

import warnings
from collections.abc import Callable, Iterable, Mapping
from html import escape
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from hsjupyter.core.axes import Axis
from hsjupyter.core.axes_manager import AxesManager, make_axes_manager
from hsjupyter.core.axis import is_number
from hsjupyter.core.axis_list import make_axes
from hsjupyter.core.binning import bind_binned, widths_of
from hsjupyter.core.errors import DataError, HSJupyterWarning
from hsjupyter.core.metadata import Metadata
from hsjupyter.core.noise import check_variance
from hsjupyter.core.reading import checked_data, copied, read_part, whole
from hsjupyter.core.registry import SIGNALS, signal_class
from hsjupyter.core.slicing import Index, Slicer

VARIANCE = "Signal.Noise_properties.variance"

Axes = Iterable[Axis | Mapping[str, Any]]


class BaseSignal:
    """Data with axes, metadata and noise.

    Parameters
    ----------
    data : array_like, (nav..., sig...)
        Navigation axes first, signal axes last. Kept as it is, not copied: a memory map, an h5py
        dataset or a dask array is read where it is needed.
    axes : list of dict or Axis, optional
        One description an axis in the order of the data: ``size``, ``scale``, ``offset``,
        ``name``, ``units``, ``navigate``, ``is_binned``; ``axis`` with the positions; or
        ``expression`` with ``x`` and the values of its parameters.
    metadata, original_metadata : mapping, optional
        Nested dictionaries. ``Signal.binned`` is the older name of ``is_binned`` of the signal
        axes: setting either is seen by the other.

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
        axes: Axes | None = None,
        metadata: Mapping[str, Any] | None = None,
        original_metadata: Mapping[str, Any] | None = None,
    ) -> None:
        dimension = self._signal_dimension
        self._data = checked_data(data, type(self).__name__, dimension)
        self.axes_manager: AxesManager = make_axes_manager(
            tuple(self._data.shape), axes, dimension or len(self._data.shape)
        )
        self.metadata = Metadata({"General": {"title": ""}, "Signal": {"signal_type": ""}})
        bind_binned(self.metadata, self.axes_manager)
        self.metadata.add_dictionary(metadata or {})
        self.original_metadata = Metadata(original_metadata)
        self.kept: dict[str, Any] = {}  # of a file, beside these; written back by save
        self.source = ""  # the file it was loaded from
        self.stored_models: dict[str, Any] = {}

    @property
    def data(self) -> Any:
        """The numbers, (nav..., sig...); may be set to others of the same shape."""
        return self._data

    @data.setter
    def data(self, data: Any) -> None:
        new = checked_data(data, repr(self), 0)
        shape = self.axes_manager.shape_in_array
        if tuple(new.shape) != shape:
            raise DataError(
                f"{self!r}: data of shape {tuple(new.shape)} came; the shape {shape} of its axes "
                "is wanted: s.isig, s.crop(), s.rebin() and s.map() change both together"
            )
        self.forget_models("other data were set")
        self._data = new

    # -- parts -------------------------------------------------------------------------------

    @property
    def inav(self) -> Slicer[Self]:
        """Part of the map: ``s.inav[2, 0.5:]``; ints are indices, floats calibrated values."""
        return self._slicer(self.axes_manager.navigation_axes, navigation=True)

    @property
    def isig(self) -> Slicer[Self]:
        """Part of the spectra: ``s.isig[100:200]``, ``s.isig[520.0:]``."""
        return self._slicer(self.axes_manager.signal_axes, navigation=False)

    def _slicer(self, axes: tuple[Axis, ...], *, navigation: bool) -> Slicer[Any]:
        def take(index: tuple[Index, ...]) -> Any:
            return self.part(index, navigation=navigation, drop=True)

        def put(index: tuple[Index, ...], value: Any) -> None:
            if not isinstance(self._data, np.ndarray) or not self._data.flags.writeable:
                raise DataError(
                    f"{self!r}: its data cannot be written to; s.data = np.array(s.data) reads a "
                    "copy into memory that can"
                )
            value = value.data if isinstance(value, BaseSignal) else value
            self.forget_models("part of it was set")
            self._data[self._key(index, navigation=navigation)] = value

        return Slicer(axes, take, f"{self!r}.{'inav' if navigation else 'isig'}", put)

    def _key(self, index: tuple[Index, ...], *, navigation: bool) -> tuple[Index, ...]:
        """One int or slice for each dimension of the data."""
        manager, full = self.axes_manager, (slice(None),)
        n_nav, n_sig = manager.navigation_dimension, manager.signal_dimension
        return index[::-1] + full * n_sig if navigation else full * n_nav + index[::-1]

    def part(self, index: tuple[Index, ...], *, navigation: bool, drop: bool = False) -> Self:
        """What `inav` and `isig` give, by one int or slice an axis in natural order.

        Parameters
        ----------
        index : tuple of int or slice
        navigation : bool
            Of the navigation axes, else of the signal axes.
        drop : bool
            Let a signal axis vanish where one channel is asked for by its index; else it stays an
            axis of one channel, which a model can be made of.
        """
        manager = self.axes_manager
        key = tuple(
            slice(k, k + 1) if isinstance(k, int) and not axis.navigate and not drop else k
            for k, axis in zip(self._key(index, navigation=navigation), manager._axes, strict=True)
        )
        axes = [
            axis.sliced(k)
            for axis, k in zip(manager._axes, key, strict=True)
            if isinstance(k, slice)
        ]
        if any(
            axis.is_binned and isinstance(k, slice) and abs(k.step or 1) > 1
            for axis, k in zip(manager._axes, key, strict=True)
        ):
            warnings.warn(
                f"{self!r}: every other channel of binned data was asked for; what a channel "
                "counted will be taken for the counts of a wider one: s.rebin() adds them up",
                HSJupyterWarning,
                stacklevel=4,
            )
        variance = self.get_noise_variance()
        if isinstance(variance, BaseSignal):
            n = len(variance.data.shape)
            variance = read_part(variance.data, key[len(key) - n :])
        part: Self = self.derive(read_part(self._data, key), axes, variance)
        return part

    def spectrum_at(self, map_index: tuple[int, ...]) -> NDArray[Any]:
        """The data of one pixel, (sig...), by its place in an array of the map's shape."""
        if not self.axes_manager.navigation_dimension:
            return np.asarray(self._data)
        return np.asarray(self._data[map_index])

    def __call__(self) -> NDArray[Any]:
        """The data at the current place, (sig...)."""
        return self.spectrum_at(self.axes_manager.map_index)

    # -- other signals of the same ---------------------------------------------------------------

    def derive(self, data: Any, axes: Axes | None = None, variance: Any = None) -> Any:
        """A signal with this one's metadata.

        Parameters
        ----------
        data : array_like
            A single number becomes one channel.
        axes : iterable of Axis or dict, optional
            Array order; those of this signal where not given.
        variance : float, array_like or None
            Of its noise; that of this signal is not taken over by itself.

        Returns
        -------
        BaseSignal
            Of this class, or of the one that its number of signal axes asks for.
        """
        made = self.axes_manager.as_dictionaries() if axes is None else list(axes)
        if not np.shape(data):
            data, made = whole(data).reshape((1,)), [{"navigate": False}]
        known = make_axes(tuple(data.shape), made, 0)
        tree = self.metadata.as_dictionary()
        tree.get("Signal", {}).get("Noise_properties", {}).pop("variance", None)
        kind = self._class_of(known)
        described = [axis.as_dictionary() for axis in known]
        signal = kind(data, described, tree, self.original_metadata.as_dictionary())
        signal.set_noise_variance(variance)
        return signal

    def _class_of(self, axes: list[Axis]) -> type:
        n_signal = sum(not axis.navigate for axis in axes)
        if n_signal == self.axes_manager.signal_dimension:
            return type(self)
        kind = self.metadata.get_item("Signal.signal_type", "")
        return signal_class(n_signal, kind, type(self))

    def become(self, what: str, other: "BaseSignal") -> None:
        """Take data, axes and noise of another signal, in place.

        Parameters
        ----------
        what : str
            What is done to the signal, for the warning about its stored models.
        other : BaseSignal
            As `derive` makes it from this one; not to be used any more.
        """
        self.forget_models(what)
        variance = other.get_noise_variance()
        self._data = other.data
        self.axes_manager.arrange(axis.copy() for axis in other.axes_manager._axes)
        self.__class__ = type(other)
        self.metadata.remove_item(VARIANCE)
        if variance is not None:
            self.metadata.set_item(VARIANCE, variance)

    def forget_models(self, what: str) -> None:
        """Forget the stored models, and warn: they do not describe the signal any more."""
        if not self.stored_models:
            return
        names = ", ".join(self.stored_models)
        warnings.warn(
            f"{self!r}: {what}, so that its stored models {names} describe what is no "
            "more: they are forgotten; change s.deepcopy() instead to keep them",
            HSJupyterWarning,
            stacklevel=4,
        )
        self.stored_models.clear()

    def copy(self) -> Self:
        """The same data (not copied) with axes and metadata of its own."""
        return self._twin(lambda data: data)

    def deepcopy(self) -> Self:
        """An independent copy, data included."""
        return self._twin(copied)

    def _twin(self, taken: Callable[[Any], Any]) -> Self:
        variance = self.get_noise_variance()
        variance = taken(variance.data) if isinstance(variance, BaseSignal) else variance
        twin: Self = self.derive(taken(self._data), variance=variance)
        twin.kept, twin.stored_models = dict(self.kept), dict(self.stored_models)
        return twin

    def __copy__(self) -> Self:
        return self.copy()

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        bind_binned(self.metadata, self.axes_manager)

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        twin = memo[id(self)] = self.deepcopy()
        return twin

    def compute(self) -> None:
        """Read data that are not in memory, in place: of a file, a memory map, a dask array."""
        self._data = np.array(self._data)
        variance = self.get_noise_variance()
        if isinstance(variance, BaseSignal):
            variance.compute()

    # -- noise -------------------------------------------------------------------------------

    def get_noise_variance(self) -> Any:
        """The noise variance: a number, a signal of the same shape, or None where not known.

        Raises
        ------
        DataError
            Something else was put into the metadata.
        """
        variance = self.metadata.get_item(VARIANCE)
        if variance is None or isinstance(variance, BaseSignal) or is_number(variance):
            return variance
        raise DataError(
            f"{self!r}: metadata.{VARIANCE} is {variance!r:.60}; a number, a signal or None is "
            "wanted: set it with s.set_noise_variance()"
        )

    def set_noise_variance(self, variance: Any) -> None:
        """Say how large the noise is.

        Parameters
        ----------
        variance : float, BaseSignal, array_like or None
            In squared units of the data; a signal or array has the shape of this one, or of one
            spectrum.

        Raises
        ------
        DataError
            Not a positive number, or of another shape.
        """
        if variance is None:
            self.metadata.remove_item(VARIANCE)
        elif isinstance(variance, BaseSignal) or np.ndim(variance):
            self.metadata.set_item(VARIANCE, self._variance_signal(variance))
        elif not is_number(variance) or variance <= 0:
            raise DataError(
                f"{self!r}: the variance {variance!r} came; a positive number or a signal is wanted"
            )
        else:
            self.metadata.set_item(VARIANCE, float(variance))

    def _variance_signal(self, given: Any) -> "BaseSignal":
        """A variance over the axes of the data, or of one spectrum."""
        data = given.data if isinstance(given, BaseSignal) else given
        shape = tuple(np.shape(data))
        axes = [axis for axis in self.axes_manager._axes if not axis.navigate]
        spectrum = tuple(axis.size for axis in axes)
        check_variance(data, {tuple(self._data.shape), spectrum}, repr(self))
        ours = axes if shape == spectrum else list(self.axes_manager._axes)
        if isinstance(given, BaseSignal):
            theirs = given.axes_manager._axes
            if [axis.navigate for axis in theirs] == [axis.navigate for axis in ours]:
                return given
        title = self.metadata.get_item("General.title", "")
        tree = {"General": {"title": f"Variance of {title}".strip()}}
        kind = SIGNALS.get(len(axes)) or type(self)
        signal: BaseSignal = kind(whole(data), ours, tree)
        return signal

    def variance_array(self) -> Any:
        """The noise variance as an array of the shape of the data, a number, or None."""
        variance = self.get_noise_variance()
        if not isinstance(variance, BaseSignal):
            return variance
        return np.broadcast_to(whole(variance.data), self._data.shape)

    def variance_at(self, map_index: tuple[int, ...]) -> NDArray[np.float64] | float | None:
        """The noise variance of one pixel: (sig...), a number, or None where not known."""
        variance = self.get_noise_variance()
        if not isinstance(variance, BaseSignal):
            return None if variance is None else float(variance)
        whose = variance.data
        if tuple(whose.shape) == tuple(self._data.shape) and self.axes_manager.navigation_dimension:
            whose = whose[map_index]
        return np.asarray(whose, dtype=np.float64)

    # -- what it is ----------------------------------------------------------------------------

    @property
    def binned_widths(self) -> NDArray[np.float64] | None:
        """Widths of the channels, (sig...), where the data are binned; None where they are not."""
        axes = [axis for axis in self.axes_manager._axes if not axis.navigate]
        return widths_of(axes)

    def signal_coordinates(self) -> tuple[NDArray[np.float64], ...]:
        """The calibrated position of every channel, one (sig...) array for x, y, ... ."""
        axes = [axis.axis for axis in self.axes_manager._axes if not axis.navigate]
        if len(axes) == 1:
            return (axes[0],)
        return tuple(np.meshgrid(*axes, indexing="ij")[::-1])

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

    def _repr_html_(self) -> str:
        return f"<div>{escape(repr(self))}</div>{self.axes_manager._repr_html_()}"
