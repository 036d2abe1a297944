"""What a person does with a spectrum of an energy-dispersive X-ray detector."""

from collections.abc import Iterable
from typing import Any

from hsjupyter.verbs.eds_setup import (
    add_lines,
    fill_model,
    main_lines,
    quantities_of,
    set_lines,
    set_where_given,
)
from hsjupyter.verbs.elements import add_elements, set_elements
from hsjupyter.verbs.microscope import tell_or_ask
from hsjupyter.verbs.signals import SignalVerbs


class EDSVerbs(SignalVerbs):
    """Say how the spectrum was taken and of what, and model it."""

    def set_microscope_parameters(  # noqa: PLR0917 - HyperSpy's signature
        self,
        beam_energy: float | None = None,
        live_time: float | None = None,
        tilt_stage: float | None = None,
        azimuth_angle: float | None = None,
        elevation_angle: float | None = None,
        energy_resolution_MnKa: float | None = None,
        beam_current: float | None = None,
        probe_area: float | None = None,
        real_time: float | None = None,
        display: bool = True,
        toolkit: Any = None,
    ) -> Any:
        """Say how the spectrum was taken; kept in the metadata.

        Without any number a notebook shows a form that asks for them.

        Parameters
        ----------
        beam_energy : float, optional
            In keV.
        live_time : float, optional
            In s.
        tilt_stage, azimuth_angle, elevation_angle : float, optional
            In degrees.
        energy_resolution_MnKa : float, optional
            Full width at half maximum at Mn Ka, in eV.
        beam_current : float, optional
            In nA.
        probe_area : float, optional
            In nm².
        real_time : float, optional
            In s.
        display : bool
            False: return the form's widgets instead of showing them.
        toolkit : str or iterable of str, optional
            Of the form; there is one: ``"ipywidgets"``.

        Raises
        ------
        DataError
            Outside of a notebook nothing was given, or one that must be positive is not.
        """
        given = {
            "beam_energy": beam_energy,
            "live_time": live_time,
            "tilt_stage": tilt_stage,
            "azimuth_angle": azimuth_angle,
            "elevation_angle": elevation_angle,
            "energy_resolution_MnKa": energy_resolution_MnKa,
            "beam_current": beam_current,
            "probe_area": probe_area,
            "real_time": real_time,
        }
        form = {"display": display, "toolkit": toolkit}
        return tell_or_ask(self, given, set_where_given, quantities_of(self), **form)

    def set_elements(self, elements: Iterable[str]) -> None:
        """Say which elements are there: those and no others.

        Raises
        ------
        UnknownNameError
            One of them is not the symbol of an element.
        """
        set_elements(self, elements)

    def add_elements(self, elements: Iterable[str]) -> None:
        """Say which elements are there, besides those already named."""
        add_elements(self, elements)

    def set_lines(self, lines: Iterable[str]) -> None:
        """Say which lines a model has, as ``Fe_Ka``: the main lines of their families, no others.

        Raises
        ------
        UnknownNameError
            One of them is not the line of an element.
        """
        set_lines(self, lines)

    def add_lines(self, lines: Iterable[str] = ()) -> None:
        """Say which lines a model has, besides those already named, or those of the elements.

        Parameters
        ----------
        lines : iterable of str
            Those of the elements that lie inside of the axis where none are given.
        """
        add_lines(self, lines)

    @property
    def xray_lines(self) -> list[str]:
        """The main lines that a model of this signal has."""
        return [line.name for line in main_lines(self)]

    def create_model(  # type: ignore[override]  # each type adds its own
        self,
        auto_background: bool = True,
        auto_add_lines: bool = True,
        *,
        dictionary: Any = None,
    ) -> Any:
        """A model of this signal, with the lines of its elements and a background.

        Parameters
        ----------
        auto_background : bool
            Begin with a polynomial of order 6.
        auto_add_lines : bool
            Add the families of lines of the elements, of the width of the detector.
        dictionary : mapping, optional
            What ``m.as_dictionary()`` gave: the model is made again from it, and nothing added.

        Returns
        -------
        EDSModel
        """
        model = super().create_model(dictionary)
        if dictionary is not None:
            return model
        if auto_background:
            model.add_polynomial_background()
        if auto_add_lines:
            fill_model(model, main_lines(self))
        return model
