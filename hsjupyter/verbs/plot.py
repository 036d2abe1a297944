"""See the model."""

from typing import Any

from hsjupyter.core.door import open_gui
from hsjupyter.core.model import BaseModel


class PlotVerbs(BaseModel):
    """Plot the model, and show its controls."""

    def plot(self, plot_components: bool = False, **options: Any) -> Any:
        """Show data and model at the current pixel, with a handle at every component's position.

        Parameters
        ----------
        plot_components : bool
            Also a line for every active component.
        """
        return open_gui(self, "plot", plot_components=plot_components, **options)

    def gui(self, **options: Any) -> Any:
        """Show sliders, free toggles, bounds and buttons of all components in the notebook."""
        return open_gui(self, "gui", **options)
