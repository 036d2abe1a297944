"""Real data shipped with hsjupyter, and a map whose truth is known.

Licences and authors of the real data stand in ``sample_data/NOTICE.md`` and in
``metadata.General``.
"""

from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from hsjupyter.core.errors import DataError
from hsjupyter.core.signal import BaseSignal
from hsjupyter.signals import Signal1D
from hsjupyter.storage.hspy import read
from hsjupyter.storage.signals import signal_from

__all__ = ["abell478_map", "polystyrene_raman", "steel_xrf", "two_gaussians"]


def __dir__() -> list[str]:
    """What tab completion offers."""
    return __all__


def abell478_map() -> BaseSignal:
    """A map of emission lines over the central galaxy of the cluster Abell 478.

    22 x 22 pixels of 0.2 arcsec, 71 channels of 1.25 Å from 7087.4 to 7174.9 Å, float32, in
    1e-20 erg/s/cm²/Å; the variance of every value is set, so that weights and chi squared mean
    something. Three lines stand on a flat continuum: [N II] 6548 at 7110, H alpha at 7126 and
    [N II] 6583 at 7148 Å. They move by 4 Å over the map, as the gas does.

    Returns
    -------
    Signal1D, (22, 22|71)
        A model: an Offset (start at 30) and three Gaussians of A = 400, 1000, 1200, all with
        sigma = 2.5 and centre = 7110, 7126, 7148; bounds A >= 0, sigma 1 to 8, centre 10 to
        either side. The lines of [N II] come from one upper level: A of the first is a third
        of the other's, 1/3.05, and its centre 6548.05/6583.45 of it, as twins can say.

    Source
    ------
    MUSE at the ESO Very Large Telescope, programme 094.A-0859(A), from the package mpdaf 3.6,
    BSD-3-Clause. Ratio of the lines: Storey & Zeippen 2000, doi:10.1046/j.1365-8711.2000.03184.x;
    wavelengths in air: NIST Atomic Spectra Database.
    """
    return _shipped("abell478_map")


def polystyrene_raman() -> BaseSignal:
    """A Raman spectrum of polystyrene, 900 to 1700 cm⁻¹.

    874 channels about 0.9 cm⁻¹ apart on the instrument's own, slightly uneven axis; float32
    counts. The strongest line is the breathing of the ring at 998.9 cm⁻¹, its neighbour stands
    at 1029.0 (ASTM E1840: 1001.4 and 1031.8, the instrument was not yet calibrated).

    Returns
    -------
    Signal1D, ``(|874)``
        A model between 960 and 1070 cm⁻¹: a Polynomial of order 1 (start at 2000, 0) and two
        Lorentzians of A = 3e5 and 1e5, gamma = 3, centre = 1000 and 1030.

    Source
    ------
    CHARISMA project, Horiba microscope at 633 nm, from the package ramanchada2 1.5.0, MIT.
    """
    return _shipped("polystyrene_raman")


def steel_xrf() -> BaseSignal:
    """X-ray fluorescence of a stainless steel: counts, with Poisson noise.

    2048 channels of 11.93 eV from -0.006 to 24.4 keV, uint32. Lines at 5.41 (Cr K alpha), 5.92
    (Cr K beta with Mn K alpha), 6.40 (Fe K alpha), 7.06 (Fe K beta), 7.47 (Ni K alpha) and
    8.26 keV (Ni K beta).

    Returns
    -------
    Signal1D, ``(|2048)``
        A model between 5.1 and 8.6 keV: a Polynomial of order 1 (start at 500, 0) and six
        Gaussians at these lines of A = 12000, 3000, 35000, 6000, 5000, 1000 and sigma = 0.07.
        Real lines have tails: chi squared per degree of freedom stays near 25.

    Source
    ------
    European Synchrotron Radiation Facility, from the package PyMca5 5.9.7, MIT.
    """
    return _shipped("steel_xrf")


def two_gaussians(
    shape: tuple[int, ...] = (32, 32),
    channels: int = 256,
    *,
    noise: Literal["gaussian", "poisson"] = "gaussian",
    level: float = 5.0,
    seed: int = 0,
) -> Signal1D:
    """A broad and a narrow Gaussian over a map, with noise and the truth beside it.

    Parameters
    ----------
    shape : tuple of int
        Pixels, slowest axis first, of three axes at most; ``()`` makes one spectrum.
    channels : int
        Channels between 0 and 100 eV.
    noise : {"gaussian", "poisson"}
        Normal noise of the same size everywhere, or counts.
    level : float
        Standard deviation of the normal noise, in units of the data; the lines are about 130 high.
    seed : int
        Of the noise: the same seed, the same map.

    Returns
    -------
    Signal1D, (nav...|channels)
        float64, with the noise variance set: a number for normal noise, the expected counts for
        Poisson. ``metadata.Truth`` holds ``Gaussian_0`` (the broad one) and ``Gaussian_1``, each
        with ``A``, ``sigma`` and ``centre`` as arrays of the shape asked for. A model starts well
        from A = 2500 and 900, sigma = 9 and 2.5, centre = 45 and 62.

    Raises
    ------
    DataError
        The noise is of another kind, its level not positive, or the shape of four axes or more.
    """
    if len(shape) > 3:
        raise DataError(f"two_gaussians: shape={shape} came; at most three axes are wanted")
    if noise not in {"gaussian", "poisson"} or not level > 0:
        raise DataError(
            f"two_gaussians: noise={noise!r} with level={level!r} came; 'gaussian' with a positive "
            "level, or 'poisson', is wanted"
        )
    truth = _truth(shape)
    x = np.linspace(0.0, 100.0, channels, endpoint=False)
    expected = np.zeros((*shape, channels))
    for line in truth.values():
        A, sigma, centre = (line[name][..., None] for name in ("A", "sigma", "centre"))
        height = A / (sigma * np.sqrt(2 * np.pi))
        expected += height * np.exp(-((x - centre) ** 2) / (2 * sigma**2))
    axes: list[dict[str, Any]] = [
        {"name": name, "size": size, "units": "px", "navigate": True}
        for name, size in zip(("z", "y", "x")[-len(shape) :], shape, strict=False)
    ]
    axes.append(
        {
            "name": "Energy",
            "size": channels,
            "scale": 100.0 / channels,
            "units": "eV",
            "navigate": False,
        }
    )
    draw = np.random.default_rng(seed)
    if noise == "poisson":
        data: NDArray[np.float64] = draw.poisson(expected).astype(np.float64)
    else:
        data = expected + draw.normal(0.0, level, expected.shape)
    signal = Signal1D(data, axes, metadata={"General": {"title": "Two Gaussians"}, "Truth": truth})
    # Zero counts expected would be an infinite weight.
    variance = Signal1D(np.maximum(expected, 0.1), axes) if noise == "poisson" else level**2
    signal.set_noise_variance(variance)
    return signal


def _truth(shape: tuple[int, ...]) -> dict[str, dict[str, NDArray[np.float64]]]:
    """Parameters of both lines at every pixel: slopes, and a disc in the middle."""
    ramps = np.meshgrid(*(np.linspace(-1.0, 1.0, n) for n in shape), indexing="ij")
    across = ramps[-1] if ramps else np.zeros(())
    along = ramps[0] if ramps else np.zeros(())
    disc = np.exp(-4 * sum((ramp**2 for ramp in ramps), np.zeros(shape)))
    return {
        "Gaussian_0": {
            "A": 2500 + 600 * across,
            "sigma": 9 + 1 * along,
            "centre": 45 + 3 * along,
        },
        "Gaussian_1": {
            "A": 700 + 500 * disc,
            "sigma": 2.5 + 0.3 * across,
            "centre": 62 + 2 * across,
        },
    }


def _shipped(name: str) -> BaseSignal:
    """The signal of a file in ``sample_data``."""
    (record,) = read(Path(__file__).parent / "sample_data" / f"{name}.hspy")
    return signal_from(record)
