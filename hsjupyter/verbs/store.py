"""Keep models in their signal."""

from hsjupyter.core.model import BaseModel
from hsjupyter.storage.models import ModelManager


class StoreVerbs(BaseModel):
    """Keep a frozen copy of the model."""

    def store(self, name: str | None = None) -> None:
        """Keep a frozen copy in ``signal.models``.

        Parameters
        ----------
        name : str, optional
            The next of a, b, ..., z, aa, ab, ... where not given.
        """
        ModelManager(self.signal).store(self, name)
