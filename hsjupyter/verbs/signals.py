"""What a person does with a signal."""

import warnings
from importlib import import_module
from pathlib import Path
from typing import Any

from hsjupyter.core.door import open_gui
from hsjupyter.core.errors import DataError, HSJupyterWarning, ModelError
from hsjupyter.core.registry import MODELS, SIGNAL_TYPES, model_class, signal_class
from hsjupyter.core.signal import BaseSignal as SignalNoun
from hsjupyter.storage.hyperspy_signals import to_hyperspy
from hsjupyter.storage.models import ModelManager
from hsjupyter.storage.records import fill_model
from hsjupyter.storage.signals import save


class SignalVerbs(SignalNoun):
    """Model a signal, show it, keep it, and hand it over."""

    def create_model(self, dictionary: Any = None) -> Any:
        """An empty model of this signal: a Model1D of spectra, a Model2D of images.

        Parameters
        ----------
        dictionary : mapping, optional
            What ``m.as_dictionary()`` gave: the model is made again from it.

        Raises
        ------
        ModelError
            The signal has no signal axis, or more than two.
        """
        dimension = self.axes_manager.signal_dimension
        if dimension not in MODELS:
            raise ModelError(
                f"{self!r} has {dimension} signal axes; a model is of spectra or images: take "
                "s.as_signal1D(axis), s.as_signal2D(axes) or s.T first"
            )
        kind = self.metadata.get_item("Signal.signal_type", "")
        model = model_class(dimension, kind)(self)
        return model if dictionary is None else fill_model(model, dictionary)

    def set_signal_type(self, signal_type: str = "") -> None:
        """Say what kind of spectra these are; this changes the class of the signal.

        Parameters
        ----------
        signal_type : str
            ``EELS``, ``EDS_TEM``, ``EDS_SEM``; nothing for plain spectra. Of any other type it is
            kept in the metadata only.
        """
        if signal_type and signal_type not in SIGNAL_TYPES:
            warnings.warn(
                f"{self!r}: signals of type {signal_type!r} are treated as plain ones; those with "
                f"words of their own are {', '.join(SIGNAL_TYPES)}",
                HSJupyterWarning,
                stacklevel=2,
            )
        self.metadata.set_item("Signal.signal_type", signal_type)
        self.__class__ = signal_class(self.axes_manager.signal_dimension, signal_type, type(self))
        for axis in self.axes_manager.signal_axes:
            axis.is_binned = axis.is_binned or signal_type in SIGNAL_TYPES

    @property
    def models(self) -> ModelManager:
        """The models stored in this signal."""
        return ModelManager(self)

    def save(
        self, filename: str | Path, overwrite: bool = False, extension: str | None = None
    ) -> Path:
        """Write the signal to a file.

        Parameters
        ----------
        filename : str or Path
            Its suffix is the format: ``.hspy``, which is added where there is none, ``.npz``,
            ``.msa``, ``.csv``, or what ``hsjupyter[formats]`` brings.
        overwrite : bool
            Replace a file of that name.
        extension : str, optional
            Takes the place of the suffix.

        Returns
        -------
        Path
            The file written.
        """
        return save(self, filename, overwrite=overwrite, extension=extension)

    def plot(
        self,
        navigator: Any = "auto",
        axes_manager: Any = None,
        plot_markers: bool = True,
        **options: Any,
    ) -> Any:
        """Show the data of the current pixel, and the map to move on.

        Parameters
        ----------
        navigator, axes_manager, plot_markers
            Accepted so that scripts run: the map is there where there is one, and shows what is
            chosen in it.
        **options
            ``display=False`` returns the widgets instead of showing them.
        """
        del navigator, axes_manager, plot_markers
        return open_gui(self, "plot_signal", **options)

    def to_hyperspy(self) -> Any:
        """The same signal as one of HyperSpy's, which must be installed; data are not copied."""
        return to_hyperspy(self)

    def as_lazy(self, chunks: Any = "auto") -> Any:
        """The same signal with its data as a dask array, which must be installed.

        Parameters
        ----------
        chunks : str, int or tuple
            As of ``dask.array.from_array``.
        """
        try:
            dask = import_module("dask.array")
        except ModuleNotFoundError as missing:
            raise DataError(
                f"{self!r}: as_lazy() needs dask, and there is no module {missing.name!r}; install "
                "it with: pip install 'dask[array]'"
            ) from missing
        lazy = dask.from_array(self.data, chunks=chunks)
        return self.derive(lazy, variance=self.variance_array())
