"""Between the working values of the current pixel and the stored ones of all."""

from hsjupyter.core.component import Component
from hsjupyter.core.model import BaseModel
from hsjupyter.core.signal import BaseSignal
from hsjupyter.fitting.evaluate import evaluate_map


class MapVerbs(BaseModel):
    """Store, fetch, and turn maps into signals."""

    def store_current_values(self) -> None:
        """Write the working values of the current pixel into the maps."""
        self.store_working_values()

    def fetch_stored_values(self) -> None:
        """Take the stored values of the current pixel as working values."""
        self.load()

    def as_signal(self, component_list: list[Component | str | int] | None = None) -> BaseSignal:
        """The fitted model of all pixels as a signal.

        Parameters
        ----------
        component_list : list of Component, str or int, optional
            Only these components.

        Returns
        -------
        BaseSignal
            Of the axes of the data; NaN outside of the signal range and where nothing is stored.
        """
        chosen = None if component_list is None else [self[c] for c in component_list]
        signal = type(self.signal)(evaluate_map(self, chosen), self.axes_manager.as_dictionaries())
        title = self.signal.metadata.get_item("General.title", "")
        signal.metadata.set_item("General.title", f"{title} - model".removeprefix(" - "))
        return signal
