"""Where a fit may begin: start values from the data, and peaks found in them."""

import warnings
from typing import Any

from hsjupyter.core.component import Component
from hsjupyter.core.errors import HSJupyterWarning, ModelError
from hsjupyter.core.model import BaseModel
from hsjupyter.fitting.guess import find_peaks, guess, line_class, lines_for, spectrum_of


class GuessVerbs(BaseModel):
    """Start values of all components at once."""

    def guess(self, only_current: bool = False) -> None:
        """Set start values of all active components from the data in the signal range.

        Backgrounds are told from what lies between the peaks, and taken off; lines take the most
        prominent peaks in their order, or stay with the ones nearest to them where each was
        placed by hand. What is fixed stays, and everything stays inside of its bounds.

        Parameters
        ----------
        only_current : bool
            The current pixel, as working values; else every pixel of the map, as stored values,
            where peaks are looked for in its mean.

        Raises
        ------
        ModelError
            No component is active.
        DataError
            Nothing is finite.

        Warns
        -----
        HSJupyterWarning
            Some components cannot tell, or there are fewer peaks than lines.
        """
        if not any(c.active for c in self):
            raise ModelError(f"{self!r}.guess: no component is active; append one before")
        silent = guess(self, only_current=only_current)
        if silent:
            warnings.warn(
                f"{self!r}.guess: {', '.join(c.name for c in silent)} stay as they are: their "
                "shapes cannot tell start values, all is fixed, or no peak is left for them; set "
                "their values by hand",
                HSJupyterWarning,
                stacklevel=2,
            )

    def add_peaks(
        self,
        component: type[Component] | str = "Gaussian",
        prominence: float | None = None,
        *,
        width: float | None = None,
        distance: float | None = None,
        max_peaks: int | None = None,
        only_current: bool = False,
    ) -> list[Component]:
        """Append a component for every peak that is found, with start values.

        Parameters
        ----------
        component : type or str
            A class whose shape has a position, such as ``Gaussian``.
        prominence : float, optional
            How far a peak must stand out of what is around it, in the units of the data; where not
            given, six times the noise, and 2 % of the height of the spectrum.
        width, distance : float, optional
            The least width at half height, and the least distance of two peaks, in the units of
            the axis.
        max_peaks : int, optional
            Only the most prominent ones.
        only_current : bool
            Look at the current pixel; else at the mean of the map.

        Returns
        -------
        list of Component
            In the order of their places; their values are those of the spectrum looked at. `guess`
            tells those of every pixel.

        Raises
        ------
        ModelError
            The shape has no position, or no peak was found.
        UnknownNameError
            No such component.
        """
        kind = line_class(component)
        x, y = spectrum_of(self, mean=not only_current)
        words: dict[str, Any] = {"width": width, "distance": distance, "max_peaks": max_peaks}
        peaks = find_peaks(x, y, prominence=prominence, **words)
        made = lines_for(kind, peaks, x, y)
        self.extend(made)
        return made
