"""What a person does with a spectrum of electron energy losses."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from hsjupyter.components.eels.edges import Edge
from hsjupyter.verbs.eels_setup import (
    QUANTITIES,
    begin_intensities,
    fill_model,
    microscope_of,
    set_where_given,
    subshells_in_range,
)
from hsjupyter.verbs.elements import add_elements
from hsjupyter.verbs.microscope import tell_or_ask
from hsjupyter.verbs.signals import SignalVerbs


class EELSVerbs(SignalVerbs):
    """Say how the spectrum was taken and of what, and model it."""

    def set_microscope_parameters(
        self,
        beam_energy: float | None = None,
        convergence_angle: float | None = None,
        collection_angle: float | None = None,
        toolkit: Any = None,
        display: bool = True,
    ) -> Any:
        """Say with which beam the spectrum was taken; kept in the metadata.

        Without any number a notebook shows a form that asks for them.

        Parameters
        ----------
        beam_energy : float, optional
            In keV.
        convergence_angle, collection_angle : float, optional
            Semi-angles in mrad.
        toolkit : str or iterable of str, optional
            Of the form; there is one: ``"ipywidgets"``.
        display : bool
            False: return the form's widgets instead of showing them.

        Raises
        ------
        DataError
            Outside of a notebook nothing was given, or a number is not positive (a convergence
            may be 0).
        """
        given = {
            "beam_energy": beam_energy,
            "convergence_angle": convergence_angle,
            "collection_angle": collection_angle,
        }
        form = {"display": display, "toolkit": toolkit}
        return tell_or_ask(self, given, set_where_given, QUANTITIES, **form)

    def add_elements(self, elements: Iterable[str], include_pre_edges: bool = False) -> None:
        """Say which elements are there, besides those already named.

        Parameters
        ----------
        elements : iterable of str
            Chemical symbols.
        include_pre_edges : bool
            Accepted so that scripts run; `generate_subshells` takes it.

        Raises
        ------
        UnknownNameError
            One of them is not the symbol of an element.
        """
        del include_pre_edges
        add_elements(self, elements)

    def generate_subshells(self, include_pre_edges: bool = False) -> list[str]:
        """The edges of the elements that begin inside of the energy axis.

        Parameters
        ----------
        include_pre_edges : bool
            Also those that begin below it.

        Returns
        -------
        list of str
            Names such as ``Cr_L3``, by rising energy.
        """
        found: list[Edge] = subshells_in_range(self, include_pre_edges=include_pre_edges)
        return [edge.name for edge in found]

    def create_model(  # type: ignore[override]  # each type adds its own
        self,
        low_loss: Any = None,
        auto_background: bool = True,
        auto_add_edges: bool = True,
        GOS: str | None = None,
        gos_file_path: str | Path | None = None,
        *,
        ll: Any = None,
        dictionary: Any = None,
    ) -> Any:
        """A model of this signal, with a background and the edges of its elements.

        Both begin with values that areas of the data of the current pixel tell.

        Parameters
        ----------
        low_loss : BaseSignal, optional
            What the edges are convolved with; also as ``ll=``.
        auto_background : bool
            Begin with a power law, through the areas before the first edge.
        auto_add_edges : bool
            Add the edges of the elements that begin inside of the energy axis.
        GOS : {None, 'hydrogenic', 'dft', 'dirac', 'gosh'}
            As of `EELSCLEdge`; from a file where ``gos_file_path`` is given.
        gos_file_path : str or Path, optional
            A ``.gosh`` file.
        dictionary : mapping, optional
            What ``m.as_dictionary()`` gave: the model is made again from it, and nothing added.

        Returns
        -------
        EELSModel

        Raises
        ------
        DataError
            There are elements, but beam energy or angles are not known.
        """
        model = super().create_model(dictionary)
        if dictionary is not None:
            return model
        model.low_loss = ll if low_loss is None else low_loss
        if auto_add_edges:
            fill_model(model, GOS, gos_file_path)
        if auto_background:
            model.add_background()
        if auto_background and auto_add_edges:
            begin_intensities(model)
        return model

    @property
    def microscope(self) -> tuple[float, float, float]:
        """Beam energy in keV, convergence and collection semi-angles in mrad.

        Raises
        ------
        DataError
            One of them is not known.
        """
        return microscope_of(self)
