"""The Gaussian line by height and width."""

import math
from collections.abc import Mapping

from hsjupyter.components.gaussian import FWHM_PER_SIGMA
from hsjupyter.components.peaks import find_peaks, units_of
from hsjupyter.core.component import Component
from hsjupyter.core.errors import ModelError
from hsjupyter.core.parameter import Par
from hsjupyter.core.shape import Array, Coords
from hsjupyter.core.signal import BaseSignal

_AREA = math.sqrt(math.pi / math.log(2)) / 2


class GaussianHF(Component):
    """A Gaussian by its height and its full width at half maximum.

    Source: Johnson, Kotz & Balakrishnan, Continuous Univariate Distributions, vol. 1, ch. 13.
    """

    formula = "height * exp(-4 * log(2) * (x - centre)**2 / fwhm**2)"
    height = Par(1.0, bmin=0.0, unit="y", doc="height of the maximum")
    fwhm = Par(1.0, bmin=0.0, unit="x", doc="full width at half maximum")
    centre = Par(0.0, unit="x", doc="position of the maximum")
    position = "centre"

    @property
    def sigma(self) -> float:
        """Standard deviation, in units of x; setting it sets ``fwhm``."""
        return float(self.fwhm.value) / FWHM_PER_SIGMA

    @sigma.setter
    def sigma(self, value: float) -> None:
        self.fwhm.value = value * FWHM_PER_SIGMA

    @property
    def A(self) -> float:
        """Area under the line, in units of y·x; setting it sets ``height``."""
        return float(self.height.value) * float(self.fwhm.value) * _AREA

    @A.setter
    def A(self, value: float) -> None:
        self.height.value = value / (float(self.fwhm.value) * _AREA)

    def integral_as_signal(self) -> BaseSignal:
        """The stored area of all pixels as a signal over the navigation axes, in units of y·x.

        Raises
        ------
        ModelError
            The component is in no model, so there is no map.
        """
        heights, widths = self.height.map, self.fwhm.map
        if self.model is None or heights is None or widths is None:
            raise ModelError(
                f"{self!r} is in no model, so it has no map; append it to one, or read .A"
            )
        area = self.model.signal.map_signal(heights["values"] * widths["values"] * _AREA)
        area.metadata.set_item("General.title", f"{self.name} integral")
        return area

    def start_values(self, coords: Coords, data: Array) -> Mapping[str, Array]:
        """The peak that stands out most."""
        found = find_peaks(coords[0], data, units_of(GaussianHF, (1.0, 1.0, 0.0)))
        return {"height": found.factor, "fwhm": found.scale, "centre": found.origin}
