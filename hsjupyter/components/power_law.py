"""The power law, the background of electron energy loss spectra."""

from collections.abc import Mapping, Sequence

import numpy as np

from hsjupyter.components.areas import decay_of
from hsjupyter.core.component import Component
from hsjupyter.core.estimate import Interval, channels_inside, tell
from hsjupyter.core.parameter import Par
from hsjupyter.core.shape import Array, Coords
from hsjupyter.core.signal import BaseSignal


class PowerLaw(Component):
    """A decaying power law, zero up to ``left_cutoff`` and ``origin``.

    Source: Egerton, Electron Energy-Loss Spectroscopy in the Electron Microscope, 3rd ed., §4.4.1.
    """

    formula = "where(x > Max(left_cutoff, origin), A * (x - origin)**(-r), 0)"
    A = Par(1e6, bmin=0.0, unit="y·x^r", doc="value one unit above the origin")
    r = Par(3.0, bmin=1.0, bmax=5.0, doc="exponent of the decay")
    origin = Par(0.0, free=False, unit="x", doc="where the law would be infinite")
    left_cutoff = Par(0.0, free=False, unit="x", doc="the law is zero up to here")
    position = "origin"
    isbackground = True
    convolved = False

    def estimate_parameters(  # type: ignore[override]
        self,
        signal: BaseSignal,
        x1: float | None = None,
        x2: float | None = None,
        only_current: bool = False,
        out: bool = False,
        *,
        intervals: Sequence[Interval] | None = None,
    ) -> bool | tuple[Array, Array]:
        """As of `Component`; with ``out`` the values ``A`` and ``r`` are returned, and not set.

        Returns
        -------
        bool, or two ndarrays, (nav...)
        """
        if not out:
            return super().estimate_parameters(
                signal, x1, x2, only_current=only_current, intervals=intervals
            )
        inside = channels_inside(signal, intervals or [(x1, x2)])
        rows = [found for _, found in tell(self, signal, inside, whole=not only_current)]
        shape = () if only_current else signal.axes_manager.navigation_shape[::-1]
        A, r = (np.concatenate([row[name] for row in rows]).reshape(shape) for name in ("A", "r"))
        return A, r

    def start_values(self, coords: Coords, data: Array) -> Mapping[str, Array]:
        """By two areas, above the cutoff."""
        begin = max(float(self.left_cutoff.value), float(self.origin.value))
        inside = coords[0] > begin
        if np.count_nonzero(inside) < 2:
            return {name: np.full(len(data), np.nan) for name in ("A", "r")}
        u = coords[0][inside] - float(self.origin.value)
        # Around the geometric middle, so that neither end overflows.
        unit = np.exp(np.log(u).mean())
        exponents = np.linspace(-2.0, 20.0, 2201)
        r, at_unit = decay_of(data[:, inside], exponents, (u / unit) ** -exponents[:, None])
        return {"A": at_unit * unit**r, "r": r}
