"""Cut images."""

from typing import Any

from hsjupyter.core.signal import BaseSignal as SignalNoun


class ImageVerbs(SignalNoun):
    """What is done to images only."""

    def crop_signal(
        self,
        top: Any = None,
        bottom: Any = None,
        left: Any = None,
        right: Any = None,
        convert_units: bool = False,
    ) -> None:
        """Keep a part of the images, in place.

        Parameters
        ----------
        top, bottom, left, right : int or float, optional
            Indices, or values in the units of the axes; ``bottom`` and ``right`` are not part.
        convert_units : bool
            Accepted so that scripts run; units stay as they are.
        """
        del convert_units
        self.become("crop_signal changed it", self.isig[left:right, top:bottom])
