"""Add noise, and say how large it is."""

from typing import Any

import numpy as np

from hsjupyter.core.axis import is_number
from hsjupyter.core.errors import DataError
from hsjupyter.core.signal import BaseSignal as SignalNoun

LINEAR_MODEL = "Signal.Noise_properties.Variance_linear_model"
USUAL = {"gain_factor": 1.0, "gain_offset": 0.0, "correlation_factor": 1.0}


class NoiseVerbs(SignalNoun):
    """Draw noise, and estimate its variance."""

    def add_gaussian_noise(self, std: float, random_state: Any = None) -> None:
        """Add normal noise to the data, in place.

        Parameters
        ----------
        std : float
            Its standard deviation, in units of the data.
        random_state : int or numpy.random.Generator, optional
            numpy's global generator where not given.

        Raises
        ------
        DataError
            ``std`` is negative or no number.
        """
        if not is_number(std) or std < 0:
            raise DataError(f"{self!r}: std={std!r} came; a number of at least 0 is wanted")
        noise = generator(self, random_state).normal(0.0, std, self.data.shape)
        # Whole numbers cannot hold noise; floats keep their precision.
        kept = self.data.dtype if self.data.dtype.kind in "fc" else noise.dtype
        self.data = (self.data + noise).astype(kept)

    def add_poissonian_noise(self, keep_dtype: bool = True, random_state: Any = None) -> None:
        """Replace the data by counts drawn around them, in place.

        Parameters
        ----------
        keep_dtype : bool
            False leaves whole numbers.
        random_state : int or numpy.random.Generator, optional
            numpy's global generator where not given.

        Raises
        ------
        DataError
            The data are negative or NaN somewhere, or too large to be counts.
        """
        draw = generator(self, random_state)
        try:
            counts = draw.poisson(self.data)
        except (TypeError, ValueError) as why:
            raise DataError(
                f"{self!r}: data that are no expected counts came ({why}); numbers of at least 0 "
                "are wanted"
            ) from why
        self.data = counts.astype(self.data.dtype) if keep_dtype else counts

    def estimate_poissonian_noise_variance(
        self,
        expected_value: SignalNoun | None = None,
        gain_factor: float | None = None,
        gain_offset: float | None = None,
        correlation_factor: float | None = None,
    ) -> None:
        """Set the noise variance as of Poisson noise: (gain x expected value + offset) x factor.

        Parameters
        ----------
        expected_value : BaseSignal, optional
            The data without noise; the data themselves where not given.
        gain_factor, gain_offset, correlation_factor : float, optional
            Those in ``metadata.Signal.Noise_properties.Variance_linear_model`` where not given,
            which is 1, 0 and 1 where nothing is known; they are noted there.

        Raises
        ------
        DataError
            A factor is not positive, or the expected value has another shape.

        Notes
        -----
        The variance is at least that of one tenth of a count, so that empty channels keep a
        finite weight.
        """
        expected = self if expected_value is None else expected_value
        counts = np.asarray(_data_of(self, expected), dtype=np.float64)
        given = [gain_factor, gain_offset, correlation_factor]
        gain, offset, factor = _noted(self, dict(zip(USUAL, given, strict=True)))
        least = 0.1 * gain * factor
        self.set_noise_variance(np.maximum((counts * gain + offset) * factor, least))


def generator(signal: SignalNoun, random_state: Any) -> Any:
    """Who draws: numpy's global generator, or one of its own.

    Raises
    ------
    DataError
        ``random_state`` is no seed and no generator.
    """
    if random_state is None:
        return np.random
    if isinstance(random_state, np.random.RandomState):
        return random_state
    try:
        return np.random.default_rng(random_state)
    except (TypeError, ValueError) as why:
        raise DataError(
            f"{signal!r}: random_state={random_state!r} came ({why}); a whole number or a "
            "numpy.random.Generator is wanted"
        ) from why


def _noted(signal: SignalNoun, given: dict[str, float | None]) -> tuple[float, float, float]:
    """Gain, offset and factor: as given, as noted before, or as usual; noted from now on."""
    found = []
    for name, value in given.items():
        path = f"{LINEAR_MODEL}.{name}"
        number = signal.metadata.get_item(path, USUAL[name]) if value is None else value
        least = -np.inf if name == "gain_offset" else 0.0
        if not is_number(number) or number <= least:
            raise DataError(f"{signal!r}: {name}={number!r} came; a positive number is wanted")
        found.append((path, float(number)))
    for path, number in found:
        signal.metadata.set_item(path, number)
    return found[0][1], found[1][1], found[2][1]


def _data_of(signal: SignalNoun, expected: Any) -> Any:
    spectrum = signal.axes_manager.signal_shape[::-1]
    shapes = {tuple(signal.data.shape), spectrum}
    if not isinstance(expected, SignalNoun) or tuple(expected.data.shape) not in shapes:
        raise DataError(
            f"{signal!r}: expected_value={expected!r:.60} came; a signal of the shape "
            f"{tuple(signal.data.shape)} is wanted"
        )
    return expected.data
