"""Baselines: what changes slowly under the peaks of spectra, by the algorithms of pybaselines."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from hsjupyter.core.errors import AxisError, DataError, LibraryMissing, unknown_name
from hsjupyter.core.signal import BaseSignal


def baselines_of(signal: BaseSignal, method: str, options: dict[str, Any]) -> NDArray[np.float64]:
    """The baseline of every spectrum.

    Parameters
    ----------
    signal : BaseSignal
    method : str
        An algorithm of ``pybaselines.Baseline``.
    options : dict
        Its own words.

    Returns
    -------
    ndarray, (nav..., sig)
        NaN where a spectrum holds a number that is not finite.

    Raises
    ------
    LibraryMissing
        pybaselines is not installed.
    AxisError
        The signal holds no spectra.
    UnknownNameError
        No such algorithm.
    DataError
        The algorithm refuses its words, or no spectrum is finite.
    """
    if signal.axes_manager.signal_dimension != 1:
        raise AxisError(
            f"{signal!r}: baselines are of spectra along one axis; s.as_signal1D(axis) makes them"
        )
    try:
        from pybaselines import Baseline
    except ModuleNotFoundError as missing:
        raise LibraryMissing(
            "remove_baseline needs pybaselines; install it: pip install 'hsjupyter[baselines]'. A "
            "polynomial or power law that a model fits needs no library"
        ) from missing
    fitter = Baseline(x_data=signal.signal_coordinates()[0])
    # An algorithm gives the baseline and what it knows of it; tools for several spectra do not.
    known = [name for name in dir(Baseline) if name[0] != "_" and callable(getattr(Baseline, name))]
    if method not in known:
        raise unknown_name(f"{signal!r}.remove_baseline: method", str(method), known)
    data = np.asarray(signal.data, dtype=np.float64)
    found = np.full(data.shape, np.nan)
    for pixel in np.ndindex(*data.shape[:-1]):
        if np.isfinite(data[pixel]).all():
            found[pixel] = _one(signal, fitter, method, data[pixel], options)
    if not np.isfinite(found).any():
        raise DataError(
            f"{signal!r}.remove_baseline: no spectrum is finite throughout; mend the data, or "
            "crop the spectra with s.isig"
        )
    return found


def _one(
    signal: BaseSignal, fitter: Any, method: str, spectrum: NDArray[Any], options: dict[str, Any]
) -> Any:
    try:
        return getattr(fitter, method)(spectrum, **options)[0]
    except (TypeError, ValueError, np.linalg.LinAlgError) as wrong:
        raise DataError(
            f"{signal!r}.remove_baseline: {method!r} with {options} came to nothing: {wrong}; its "
            "words are in the documentation of pybaselines"
        ) from wrong
