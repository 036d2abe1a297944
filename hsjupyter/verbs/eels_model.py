"""What a person does with a model of energy losses."""

from typing import Any

from hsjupyter.components.eels.cl_edge import EELSCLEdge
from hsjupyter.components.power_law import PowerLaw
from hsjupyter.core.component import Component
from hsjupyter.fitting.result import FitResult
from hsjupyter.verbs.eels_fit import (
    Edges,
    backgrounds_of,
    edges_of,
    estimate_power_law,
    fit_background,
    fit_in_steps,
    resolve,
)
from hsjupyter.verbs.eels_setup import begin_background, intensity_table, take_in
from hsjupyter.verbs.multifit import MultifitVerbs


class EELSModelVerbs(MultifitVerbs):
    """Fit backgrounds, edges and fine structures, in one go or in steps.

    Where a method takes ``edges_list``, it is a list of edges, names or indices; all edges where
    not given.
    """

    # -- parts

    @property
    def edges(self) -> list[EELSCLEdge]:
        """The edges, by rising onset."""
        return edges_of(self)

    @property
    def active_edges(self) -> list[EELSCLEdge]:
        """The edges that are switched on, by rising onset."""
        return edges_of(self, active=True)

    @property
    def background_components(self) -> list[Component]:
        """The components that are backgrounds."""
        return backgrounds_of(self)

    def insert(self, index: int, thing: Component) -> None:
        """Add a component; an edge takes the microscope of the signal, unless it knows its own.

        Raises
        ------
        DataError
            An edge, and the signal does not know its microscope either.
        """
        take_in(self, thing)
        super().insert(index, thing)

    def add_background(self) -> None:
        """Begin the model with a power law, through the areas before the first edge."""
        begin_background(self)

    # -- fits

    def fit(
        self,
        optimizer: str | None = None,
        loss_function: Any = None,
        *others: Any,
        kind: str = "std",
        **words: Any,
    ) -> FitResult:
        """Fit the model to the data of the current pixel.

        Parameters
        ----------
        optimizer, loss_function, *others, **words
            As for every model.
        kind : {'std', 'smart'}
            ``smart`` fits in steps before, as `smart_fit` does.
        """
        if kind == "smart":
            self.smart_fit(optimizer=optimizer, loss_function=loss_function, **words)
        return super().fit(optimizer, loss_function, *others, **words)

    def smart_fit(
        self, start_energy: float | None = None, only_current: bool = True, **words: Any
    ) -> None:
        """Fit the background before the edges, then each edge up to the next, one after another.

        Parameters
        ----------
        start_energy : float, optional
            Where the background begins, in eV; the signal range's begin where not given.
        only_current : bool
            False fits every pixel, step by step.
        **words
            As for `fit`, or for `multifit`.
        """
        self.resolve_fine_structure()
        one = super().fit if only_current else self.multifit
        fit_in_steps(self, start_energy, lambda: one(**words))

    def fit_background(
        self, start_energy: float | None = None, only_current: bool = True, **words: Any
    ) -> None:
        """Fit the background to what lies before the first edge; arguments as `smart_fit`.

        Raises
        ------
        ModelError
            There is no background, or no channel before the first edge.
        """
        one = super().fit if only_current else self.multifit
        fit_background(self, start_energy, lambda: one(**words))

    def two_area_background_estimation(
        self, E1: float | None = None, E2: float | None = None, powerlaw: PowerLaw | None = None
    ) -> None:
        """Set a power law at every pixel from two areas of the spectrum.

        Parameters
        ----------
        E1, E2 : float, optional
            Between these energies; from the begin of the axis to the first edge where not given.
        powerlaw : PowerLaw, optional
            The first of the model where not given.

        Raises
        ------
        ModelError
            There is no power law.
        DataError
            Too few channels there, or data that do not fall.
        """
        estimate_power_law(self, E1, E2, powerlaw)

    def quantify(self) -> None:
        """Print the intensity of every active edge that follows no other: atoms per area."""
        print(intensity_table(self.active_edges))  # noqa: T201 - what it is for

    # -- on and off

    def enable_edges(self, edges_list: Edges = None) -> None:
        """Switch edges on."""
        for edge in edges_of(self, edges_list):
            edge.active = True
        self.resolve_fine_structure()

    def disable_edges(self, edges_list: Edges = None) -> None:
        """Switch edges off."""
        for edge in edges_of(self, edges_list):
            edge.active = False

    def enable_background(self) -> None:
        """Switch the backgrounds on."""
        for component in backgrounds_of(self):
            component.active = True

    def disable_background(self) -> None:
        """Switch the backgrounds off."""
        for component in backgrounds_of(self):
            component.active = False

    def enable_fine_structure(self, edges_list: Edges = None) -> None:
        """Put splines in place of the cross-sections behind the onsets."""
        for edge in edges_of(self, edges_list):
            edge.fine_structure_active = True
        self.resolve_fine_structure()

    def disable_fine_structure(self, edges_list: Edges = None) -> None:
        """Have the cross-sections behind the onsets."""
        for edge in edges_of(self, edges_list):
            edge.fine_structure_active = False

    # -- free and fixed

    def free_edges(self, edges_list: Edges = None) -> None:
        """Let a fit change intensities and the fine structures that are active.

        Onsets have words of their own: `enable_free_onset_energy`.
        """
        for edge in edges_of(self, edges_list):
            edge.intensity.free = edge.intensity.twin is None
            edge.fine_structure_coeff.free = edge.fine_structure_active

    def fix_edges(self, edges_list: Edges = None) -> None:
        """Keep a fit from changing edges."""
        for edge in edges_of(self, edges_list):
            edge.set_parameters_not_free()

    def free_fine_structure(self, edges_list: Edges = None) -> None:
        """Let a fit change the fine structures that are active."""
        for edge in edges_of(self, edges_list):
            edge.fine_structure_coeff.free = edge.fine_structure_active

    def fix_fine_structure(self, edges_list: Edges = None) -> None:
        """Keep a fit from changing the fine structures."""
        for edge in edges_of(self, edges_list):
            edge.fine_structure_coeff.free = False

    def enable_free_onset_energy(self, edges_list: Edges = None) -> None:
        """Let a fit move the onsets."""
        for edge in edges_of(self, edges_list):
            edge.free_onset_energy = edge.onset_energy.twin is None

    def disable_free_onset_energy(self, edges_list: Edges = None) -> None:
        """Keep a fit from moving the onsets."""
        for edge in edges_of(self, edges_list):
            edge.free_onset_energy = False

    def set_all_edges_intensities_positive(self) -> None:
        """Bound all intensities to zero and more."""
        for edge in edges_of(self):
            edge.intensity.bmin = 0.0

    def unset_all_edges_intensities_positive(self) -> None:
        """Take the lower bound of all intensities away."""
        for edge in edges_of(self):
            edge.intensity.bmin = None

    # -- fine structure

    def resolve_fine_structure(self, preedge_safe_window_width: float = 2.0, i1: int = 0) -> None:
        """Keep every fine structure off the next active edge: narrow it, or switch it off.

        It also leaves a quarter of what lies behind the onset to tell the intensity by.

        Parameters
        ----------
        preedge_safe_window_width : float
            How far before the next onset a fine structure ends, in eV.
        i1 : int
            Begin with the edge of this place among the active ones.
        """
        if self.auto_fine_structure_width:
            resolve(self, preedge_safe_window_width, i1)

    def suspend_auto_fine_structure_width(self) -> None:
        """Let fine structures reach as far as they are told, over the next edge too."""
        self.auto_fine_structure_width = False

    def resume_auto_fine_structure_width(self) -> None:
        """Keep fine structures off the next edge again."""
        self.auto_fine_structure_width = True
        self.resolve_fine_structure()

    def remove_fine_structure_data(self, edges_list: Edges = None) -> None:
        """Leave the channels of the active fine structures out of the fit."""
        x = self.signal.signal_coordinates()[0]
        switches = self.channel_switches.copy()
        for edge in edges_of(self, edges_list):
            if edge.active and edge.fine_structure_active:
                behind = x - float(edge.onset_energy.value)
                switches &= (behind < 0) | (behind >= edge.fine_structure_width)
        self.channel_switches = switches
