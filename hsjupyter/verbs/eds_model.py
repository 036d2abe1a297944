"""What a person does with a model of X-ray lines."""

from collections.abc import Iterable
from typing import Any

from hsjupyter.components.eds.lines import line_of
from hsjupyter.components.gaussian import Gaussian
from hsjupyter.components.polynomial import Polynomial
from hsjupyter.core.component import Component
from hsjupyter.core.signal import BaseSignal
from hsjupyter.verbs.eds_fit import (
    Names,
    calibrate_axis,
    fit_background,
    fix_lines,
    fix_weights,
    free_lines,
    free_weights,
)
from hsjupyter.verbs.eds_lines import calibrate_lines, intensities, print_intensities
from hsjupyter.verbs.eds_setup import chosen_lines, fill_model, lines_in, main_lines
from hsjupyter.verbs.multifit import MultifitVerbs


class EDSModelVerbs(MultifitVerbs):
    """Add families of lines and backgrounds, calibrate, and read intensities.

    Where a method takes ``xray_lines``, it is 'all', 'all_alpha' (the main lines of families), or
    a list of names as ``Fe_Ka``. ``kind`` is 'single' for the current pixel, 'multi' for all.
    """

    # -- parts

    @property
    def xray_lines(self) -> list[Gaussian]:
        """The components that are X-ray lines."""
        return list(lines_in(self))

    @property
    def background_components(self) -> list[Component]:
        """The components that are backgrounds."""
        return [component for component in self if component.isbackground]

    def add_family_lines(self, xray_lines: str | Iterable[str] = "from_elements") -> None:
        """Add lines, each main one with the lines of its family, whose areas follow.

        Parameters
        ----------
        xray_lines : iterable of str, or 'from_elements'
            Names as ``Fe_Ka``; those of the signal's metadata where not given.

        Raises
        ------
        UnknownNameError
            One of them is not the line of an element.
        """
        if xray_lines == "from_elements":
            fill_model(self, main_lines(self.signal))
        else:
            names = [xray_lines] if isinstance(xray_lines, str) else xray_lines
            fill_model(self, [line_of(name) for name in names])

    def add_polynomial_background(self, order: int = 6) -> None:
        """Add a polynomial."""
        self.append(Polynomial(order, name=f"background_order_{order}"))

    # -- on and off, free and fixed

    def enable_xray_lines(self) -> None:
        """Switch all lines on."""
        for line in lines_in(self):
            line.active = True

    def disable_xray_lines(self) -> None:
        """Switch all lines off."""
        for line in lines_in(self):
            line.active = False

    def free_background(self) -> None:
        """Let a fit change the backgrounds."""
        for component in self.background_components:
            component.set_parameters_free()

    def fix_background(self) -> None:
        """Keep a fit from changing the backgrounds."""
        for component in self.background_components:
            component.set_parameters_not_free()

    def free_sub_xray_lines_weight(
        self, xray_lines: Names = "all", bound: float | str | None = "auto"
    ) -> None:
        """Let a fit change the areas of lines that follow the main one of their family.

        Parameters
        ----------
        xray_lines : {'all', 'all_alpha'} or list of str
        bound : float, 'auto' or None
            How far, as a part of what they are; else they are only positive.
        """
        free_weights(self, xray_lines, bound)

    def fix_sub_xray_lines_weight(self, xray_lines: Names = "all") -> None:
        """Let the areas of lines follow the main one of their family, as they now stand to it."""
        fix_weights(self, xray_lines)

    def free_xray_lines_energy(
        self, xray_lines: Names = "all", bound: float | str | None = "auto"
    ) -> None:
        """Let a fit move lines.

        Parameters
        ----------
        xray_lines : {'all', 'all_alpha'} or list of str
        bound : float, 'auto' or None
            How far, in standard deviations of the line; 'auto' is one.
        """
        free_lines(self, xray_lines, "centre", bound)

    def fix_xray_lines_energy(self, xray_lines: Names = "all") -> None:
        """Keep a fit from moving lines."""
        fix_lines(self, xray_lines, "centre")

    def free_xray_lines_width(
        self, xray_lines: Names = "all", bound: float | str | None = "auto"
    ) -> None:
        """Let a fit widen or narrow lines.

        Parameters
        ----------
        xray_lines : {'all', 'all_alpha'} or list of str
        bound : float, 'auto' or None
            How far, in halves of the standard deviation; 'auto' is one.
        """
        free_lines(self, xray_lines, "sigma", bound)

    def fix_xray_lines_width(self, xray_lines: Names = "all") -> None:
        """Keep a fit from widening or narrowing lines."""
        fix_lines(self, xray_lines, "sigma")

    # -- fits

    def fit_background(
        self,
        start_energy: float | None = None,
        end_energy: float | None = None,
        windows_sigma: tuple[float, float] = (4.0, 3.0),
        kind: str = "single",
        **words: Any,
    ) -> None:
        """Fit the backgrounds to what lies between the lines; afterwards they are fixed.

        Parameters
        ----------
        start_energy, end_energy : float, optional
            Only between these energies, in the units of the axis.
        windows_sigma : tuple of float
            How far a line reaches to lower and higher energies, in its standard deviations.
        kind : {'single', 'multi'}
        **words
            As for `fit` or `multifit`.

        Raises
        ------
        ModelError
            There is no background, or no channel between the lines.
        """
        one = self.multifit if kind == "multi" else self.fit
        fit_background(self, start_energy, end_energy, windows_sigma, lambda: one(**words))

    def calibrate_energy_axis(
        self, calibrate: str = "resolution", xray_lines: Names = "all_alpha", **words: Any
    ) -> float:
        """Fit the resolution of the detector, or scale or offset of the axis, and take it over.

        Parameters
        ----------
        calibrate : {'resolution', 'scale', 'offset'}
        xray_lines : {'all_alpha', 'all'} or list of str
            The lines that tell, with their families.
        **words
            As for `fit`.

        Returns
        -------
        float
            The new resolution at Mn Ka in eV, or scale or offset in the units of the axis.
        """
        return calibrate_axis(self, calibrate, xray_lines, lambda: self.fit(**words))

    def calibrate_xray_lines(
        self,
        calibrate: str = "energy",
        xray_lines: Names = "all",
        bound: float | None = 1,
        kind: str = "single",
        **words: Any,
    ) -> None:
        """Fit energies, widths or weights of lines, each for itself, and fix them there.

        Parameters
        ----------
        calibrate : {'energy', 'width', 'sub_weight'}
        xray_lines : {'all', 'all_alpha'} or list of str
        bound : float or None
            As of the method that frees them.
        kind : {'single', 'multi'}
        **words
            As for `fit` or `multifit`.
        """
        one = self.multifit if kind == "multi" else self.fit
        calibrate_lines(self, calibrate, xray_lines, bound, lambda: one(**words))

    # -- results

    def get_lines_intensity(
        self,
        xray_lines: Iterable[str] | None = None,
        plot_result: bool = False,
        only_lines: Iterable[str] | None = ("Ka", "La", "Ma"),
    ) -> list[BaseSignal]:
        """The counts of lines at every pixel, from the stored values.

        Parameters
        ----------
        xray_lines : iterable of str, optional
            Those of the model that are one of ``only_lines`` where not given.
        plot_result : bool
            Print them too, of a map their mean.
        only_lines : iterable of str or None
            None takes all lines.

        Returns
        -------
        list of BaseSignal
            (nav...); with ``Ga_Ka`` goes its second part, ``Ga_Ka2``, where it stands alone.
        """
        kinds = None if only_lines is None else set(only_lines)
        names = [c.name for c, one in lines_in(self).items() if kinds is None or one.line in kinds]
        chosen = chosen_lines(self, names if xray_lines is None else xray_lines)
        signals = intensities(self, chosen)
        if plot_result:
            print_intensities(signals)
        return signals
