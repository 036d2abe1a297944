"""How wide an X-ray line is in an energy-dispersive detector."""

from hsjupyter.core.errors import DataError

MN_KA = 5.8988
"""Where the resolution of a detector is told, in keV (NIST X-ray transition energies)."""

# eV² of squared width per eV of energy: 8 ln 2 times the Fano factor times 3.85 eV.
_PER_EV = 2.5


def width_at(energy: float, resolution: float) -> float:
    """Full width at half maximum of a line.

    Parameters
    ----------
    energy : float
        Of the line, in keV.
    resolution : float
        Full width at half maximum at Mn Ka, in eV.

    Returns
    -------
    float
        In keV.

    Raises
    ------
    DataError
        A detector of this resolution cannot see lines of this energy: the square is not positive.

    Source
    ------
    Fiori & Newbury, Scanning Electron Microscopy 1 (1978) 401.
    """
    squared = resolution**2 + _PER_EV * 1e3 * (energy - MN_KA)
    if not squared > 0:
        raise DataError(
            f"a line at {energy:g} keV and a resolution of {resolution:g} eV at Mn Ka came; with "
            f"these the width would vanish; a resolution above "
            f"{(_PER_EV * 1e3 * (MN_KA - energy)) ** 0.5:.0f} eV is wanted"
        )
    return 1e-3 * float(squared**0.5)
