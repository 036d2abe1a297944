"""How good a fit is: reduced chi squared, and criteria that weigh it against its freedom."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def reduced_chisq(
    chisq: NDArray[np.float64], n_channels: int, n_free: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Chi squared per degree of freedom.

    Parameters
    ----------
    chisq : ndarray, (nav...)
        Weighted sum of squared residuals; dimensionless when weights are 1/variance.
    n_channels : int
        Channels inside the signal range.
    n_free : ndarray, (nav...)
        Free numbers at each pixel.

    Returns
    -------
    ndarray, (nav...)
        NaN where there are no degrees of freedom left, or no fit.

    Source
    ------
    Bevington & Robinson, Data Reduction and Error Analysis, 3rd ed., §4.4.
    """
    freedom = np.asarray(n_channels - np.asarray(n_free), dtype=np.float64)
    return np.asarray(chisq) / np.where(freedom > 0, freedom, np.nan)


def gaussian_deviance(chisq: Array, n_channels: int, log_norm: Array | None) -> Array:
    """Minus twice the logarithm of the likelihood, for normal noise.

    Parameters
    ----------
    chisq : ndarray, (nav...)
        Weighted sum of squared residuals; not weighted where the variance is not known.
    n_channels : int
        Channels inside the signal range.
    log_norm : ndarray, (nav...), or None
        Sum over the channels of ``log(2 pi variance)``; None where the variance is not known:
        then it is the one of highest likelihood, the mean squared residual, and it is one more
        number that was fitted.

    Returns
    -------
    ndarray, (nav...)

    Source
    ------
    Burnham & Anderson, Model Selection and Multimodel Inference, 2nd ed., §2.2.
    """
    if log_norm is not None:
        return chisq + log_norm
    return n_channels * (np.log(2 * np.pi * chisq / n_channels) + 1)


def aic(deviance: Array, n_channels: int, n_free: Array) -> Array:  # noqa: ARG001 - as the others
    """Akaike's criterion, (nav...).

    Parameters
    ----------
    deviance : ndarray, (nav...)
        Minus twice the logarithm of the likelihood.
    n_channels : int
    n_free : ndarray, (nav...)
        How many numbers were fitted.

    Source
    ------
    Akaike, IEEE Trans. Autom. Control 19 (1974) 716, doi:10.1109/TAC.1974.1100705.
    """
    return deviance + 2 * n_free


def aicc(deviance: Array, n_channels: int, n_free: Array) -> Array:
    """Akaike's criterion for few data, (nav...); arguments as of `aic`.

    Returns
    -------
    ndarray, (nav...)
        NaN where there are not two channels more than numbers.

    Source
    ------
    Hurvich & Tsai, Biometrika 76 (1989) 297, doi:10.1093/biomet/76.2.297.
    """
    left = n_channels - n_free - 1
    penalty = 2 * n_free * (n_free + 1) / np.where(left > 0, left, np.nan)
    criterion: Array = np.add(aic(deviance, n_channels, n_free), penalty)
    return criterion


def bic(deviance: Array, n_channels: int, n_free: Array) -> Array:
    """Schwarz's criterion, (nav...); arguments as of `aic`.

    Source
    ------
    Schwarz, Ann. Statist. 6 (1978) 461, doi:10.1214/aos/1176344136.
    """
    criterion: Array = np.add(deviance, n_free * np.log(n_channels))
    return criterion
