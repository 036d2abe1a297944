"""What a person does with a signal."""

from pathlib import Path
from typing import Any

import numpy as np

from hsjupyter.core.registry import MODELS
from hsjupyter.core.signal import BaseSignal as SignalNoun
from hsjupyter.storage.models import ModelManager
from hsjupyter.storage.signals import save


class SignalVerbs(SignalNoun):
    """Model a signal, save it, say how noisy it is."""

    def create_model(self) -> Any:
        """An empty model of this signal: a Model1D of spectra, a Model2D of images."""
        return MODELS[self.axes_manager.signal_dimension](self)

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
