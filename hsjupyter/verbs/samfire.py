"""SAMFire of a model."""

from typing import Any

from hsjupyter.core.model import BaseModel
from hsjupyter.samfire import Samfire


class SamfireVerbs(BaseModel):
    """Fit a map in the order that the data suggest."""

    def create_samfire(
        self, workers: int | None = None, setup: bool = True, **kwargs: Any
    ) -> Samfire:
        """Make what fits the map from its good pixels outwards.

        Parameters
        ----------
        workers : int, optional
            As of `multifit`.
        setup : bool
            Look at once which pixels have a good fit.
        **kwargs
            ``random_state``, and where to fit: ``client`` and ``executor``, as of `multifit`;
            ``ipyparallel=True`` means a cluster that runs, ``ipyparallel=False`` this machine.

        Returns
        -------
        Samfire
            ``samf.start()`` fits.

        Raises
        ------
        ModelError
            The signal has one pixel, or nothing is free.
        """
        return Samfire(self, workers=workers, setup=setup, **kwargs)
