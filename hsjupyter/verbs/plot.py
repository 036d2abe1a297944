"""See the model."""

from collections.abc import Iterable
from typing import Any

from hsjupyter.core.component import Component
from hsjupyter.core.door import open_gui
from hsjupyter.core.model import BaseModel
from hsjupyter.core.suspension import Suspension


class PlotVerbs(BaseModel):
    """Plot the model, and show its controls."""

    def plot(
        self, plot_components: bool = False, plot_residual: bool = False, **options: Any
    ) -> Any:
        """Show data and model at the current pixel, with a handle at every component's position.

        Parameters
        ----------
        plot_components : bool
            Also a line for every active component.
        plot_residual : bool
            Also data minus model.
        **options
            ``display=False`` returns the widgets instead of showing them; ``navigator`` is accepted
            so that scripts run.
        """
        options.pop("navigator", None)
        shown = {"plot_components": plot_components, "plot_residual": plot_residual}
        return open_gui(self, "plot", **shown, **options)

    def enable_plot_components(self) -> None:
        """Draw a line for every active component in the plot."""
        open_gui(self, "plot_components", on=True)

    def disable_plot_components(self) -> None:
        """Draw the line of the model only."""
        open_gui(self, "plot_components", on=False)

    def enable_adjust_position(
        self,
        components: Iterable[Component | str | int] | None = None,
        fix_them: bool = True,
        show_label: bool = True,
    ) -> None:
        """Show handles in the plot that drag components to their positions.

        Parameters
        ----------
        components : iterable of Component, str or int, optional
            All active ones that have a position where not given.
        fix_them : bool
            Keep a fit from changing the positions.
        show_label : bool
            Write the name of the component beside its handle.
        """
        chosen = list(self) if components is None else [self[c] for c in components]
        open_gui(
            self, "adjust_position", components=chosen, fix_them=fix_them, show_label=show_label
        )

    def disable_adjust_position(self) -> None:
        """Show no handles in the plot."""
        open_gui(self, "adjust_position", components=[], fix_them=False, show_label=False)

    def suspend_update(self, update_on_resume: bool = True) -> Suspension:
        """Let views not follow the model, until `resume_update` or the end of a ``with`` block.

        Parameters
        ----------
        update_on_resume : bool
            Views show what is new when they follow again.
        """
        return Suspension(self, update_on_resume)

    def resume_update(self, update: bool = True) -> None:
        """Let views follow the model again, after `suspend_update`.

        Parameters
        ----------
        update : bool
            Show what is new at once.
        """
        self.suspended = max(self.suspended - 1, 0)
        if update and not self.suspended:
            self.update_plot()

    def update_plot(
        self, render_figure: bool = False, update_ylimits: bool = False, **options: Any
    ) -> None:
        """Ask views to draw what the model is now; arguments are accepted so that scripts run."""
        del render_figure, update_ylimits, options
        self.redraw += 1

    def gui(self, display: bool = True, toolkit: Any = None, **options: Any) -> Any:
        """Show sliders, free toggles, bounds and buttons of all components in the notebook.

        Parameters
        ----------
        display : bool
            False: return the widgets instead of showing them.
        toolkit : str or iterable of str, optional
            There is one: ``"ipywidgets"``.
        """
        return open_gui(self, "gui", display=display, toolkit=toolkit, **options)

    def dashboard(self, display: bool = True, **options: Any) -> Any:
        """Show the page that a visitor of a dashboard sees: plot, sliders, fit and downloads.

        Parameters
        ----------
        display : bool
            False: return the widgets instead of showing them.
        **options
            ``title``, ``text``, ``touch``, ``labels`` and ``units`` as of `save_recipe`.
        """
        return open_gui(self, "dashboard", display=display, **options)
