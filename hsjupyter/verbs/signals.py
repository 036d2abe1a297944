"""What a person does with a signal."""

import warnings
from pathlib import Path
from typing import Any

import numpy as np

from hsjupyter.core.errors import HSJupyterWarning
from hsjupyter.core.registry import SIGNAL_TYPES, model_class, signal_class
from hsjupyter.core.signal import BaseSignal as SignalNoun
from hsjupyter.storage.models import ModelManager
from hsjupyter.storage.signals import save


class SignalVerbs(SignalNoun):
    """Model a signal, save it, say how noisy it is."""

    def create_model(self) -> Any:
        """An empty model of this signal: a Model1D of spectra, a Model2D of images."""
        kind = self.metadata.get_item("Signal.signal_type", "")
        return model_class(self.axes_manager.signal_dimension, kind)(self)

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

    def save(self, filename: str | Path, *, overwrite: bool = False) -> Path:
        """Write the signal to a ``.hspy`` file.

        Parameters
        ----------
        filename : str or Path
            ``.hspy`` is added where there is no suffix.
        overwrite : bool
            Replace a file of that name.

        Returns
        -------
        Path
            The file written.
        """
        return save(self, filename, overwrite=overwrite)

    def add_gaussian_noise(self, std: float, random_state: Any = None) -> None:
        """Add normal noise to the data, in place.

        Parameters
        ----------
        std : float
            Its standard deviation, in units of the data.
        random_state : int or numpy.random.Generator, optional
            numpy's global generator where not given.
        """
        draw = np.random if random_state is None else np.random.default_rng(random_state)
        self.data = self.data + draw.normal(0.0, std, self.data.shape)

    def add_poissonian_noise(
        self,
        keep_dtype: bool = True,
        random_state: Any = None,
    ) -> None:
        """Replace the data by counts drawn around them, in place.

        Parameters
        ----------
        keep_dtype : bool
            False leaves whole numbers.
        random_state : int or numpy.random.Generator, optional
            numpy's global generator where not given.
        """
        draw = np.random if random_state is None else np.random.default_rng(random_state)
        counts = draw.poisson(self.data)
        self.data = counts.astype(self.data.dtype) if keep_dtype else counts

    def estimate_poissonian_noise_variance(
        self,
        expected_value: SignalNoun | None = None,
        gain_factor: float | None = None,
        gain_offset: float | None = None,
        correlation_factor: float | None = None,
    ) -> None:
        """Set the noise variance as of Poisson noise: gain x expected value + offset.

        Parameters
        ----------
        expected_value : BaseSignal, optional
            The data without noise; the data themselves where not given.
        gain_factor, gain_offset, correlation_factor : float, optional
            1, 0 and 1 where not given.

        Notes
        -----
        The variance is at least that of one tenth of a count, so that empty channels keep a
        finite weight.
        """
        gain = 1.0 if gain_factor is None else gain_factor
        offset = 0.0 if gain_offset is None else gain_offset
        factor = 1.0 if correlation_factor is None else correlation_factor
        expected = self if expected_value is None else expected_value
        variance = (np.asarray(expected.data, dtype=np.float64) * gain + offset) * factor
        least = 0.1 * gain * factor
        self.set_noise_variance(type(self)(np.maximum(variance, least)))
