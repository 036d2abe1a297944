"""Part of a model, and copies of it."""

from collections.abc import Iterable
from typing import Any, Self

import numpy as np

from hsjupyter.core.component import Component
from hsjupyter.core.model import BaseModel
from hsjupyter.core.part import copy_of, part_of
from hsjupyter.core.slicing import Index, Slicer
from hsjupyter.fitting.evaluate import chisq_of_map


class PartVerbs(BaseModel):
    """Slice and copy; what comes shares nothing with the model."""

    @property
    def inav(self) -> Slicer[Self]:
        """The model of part of the map, with its stored values."""
        axes = self.axes_manager.navigation_axes
        return Slicer(axes, lambda index: self.part(index, navigation=True), f"{self!r}.inav")

    @property
    def isig(self) -> Slicer[Self]:
        """The model of part of the spectra; chi squared is that of the part."""
        axes = self.axes_manager.signal_axes
        return Slicer(axes, lambda index: self.part(index, navigation=False), f"{self!r}.isig")

    def part(self, index: tuple[Index, ...], *, navigation: bool) -> Self:
        """What `inav` and `isig` give, by one int or slice an axis in natural order."""
        part = part_of(self, index, navigation=navigation)
        fitted = ~np.isnan(part.maps.chisq)
        if not navigation and fitted.any():
            part.maps.chisq[fitted] = chisq_of_map(part)[fitted]
        return part

    def copy(self) -> Self:
        """A model of the same signal, with components, maps and links of its own."""
        return copy_of(self, self.signal)

    def deepcopy(self) -> Self:
        """A model with a signal of its own as well."""
        return copy_of(self, self.signal.deepcopy())

    def __copy__(self) -> Self:
        return self.copy()

    def __deepcopy__(self, _memo: dict[int, Any]) -> Self:
        return self.deepcopy()

    def __add__(self, components: Component | Iterable[Component]) -> Self:
        """A copy of the model, with copies of further components, or of those of a model."""
        together = self.copy()
        more = [components] if isinstance(components, Component) else list(components)
        together.extend(c.copy() if isinstance(c, Component) else c for c in more)
        return together

    def __iadd__(self, components: Component | Iterable[Component]) -> Self:
        """The model with further components appended."""
        self.extend([components] if isinstance(components, Component) else components)
        return self
