"""How good a fit is: reduced chi squared."""

import numpy as np
from numpy.typing import NDArray


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
