"""The core-loss edge."""

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import traitlets as t

from hsjupyter.components.eels.bspline import DEGREE, bspline_basis
from hsjupyter.components.eels.cross_section import OscillatorStrength
from hsjupyter.components.eels.edge_shape import EdgeShape
from hsjupyter.components.eels.edges import Edge, edge_of
from hsjupyter.components.eels.gosh import edges_in_gosh, read_gosh
from hsjupyter.components.eels.hydrogenic import has_hydrogenic, hydrogenic_of
from hsjupyter.components.eels.kinematics import effective_angle
from hsjupyter.core.component import Component
from hsjupyter.core.errors import ModelError, ParameterError, unknown_name
from hsjupyter.core.parameter import Par, Parameter
from hsjupyter.core.registry import SIGNALS
from hsjupyter.core.shape import Shape
from hsjupyter.core.signal import BaseSignal

FROM_FILE = ("dft", "dirac", "gosh")
_MICROSCOPE = ("E0", "convergence_angle", "collection_angle")
_FINE = ("fine_structure_active", "fine_structure_width", "fine_structure_smoothing")


def _coefficients(n: int) -> Par:
    return Par((0.0,) * n, free=False, unit="barn/eV", doc="B-splines of the fine structure")


class EELSCLEdge(Component):
    """A core-loss edge: the cross-section of an inner shell times an intensity.

    With the fine structure active, cubic B-splines stand in place of the cross-section from the
    onset on, over ``fine_structure_width``.

    Parameters
    ----------
    element_subshell : str
        ``Cr_L3``. The hydrogenic cross-section of ``L3`` is that of the whole L shell.
    GOS : {None, 'hydrogenic', 'dft', 'dirac', 'gosh'}
        Where the oscillator strengths come from; those that are not hydrogenic are read from
        ``gos_file_path``. None takes the file if there is one.
    gos_file_path : str or Path, optional
        A ``.gosh`` file.
    name : str, optional
        Name in the model; ``element_subshell`` where not given.
    **attributes
        Traits below, and starting values of the parameters.

    Raises
    ------
    UnknownNameError
        No such edge or GOS; the file has no such edge.
    ModelError
        No hydrogenic cross-section for this edge; or a GOS from a file without a file.

    Source
    ------
    Egerton, Electron Energy-Loss Spectroscopy in the Electron Microscope, 3rd ed., §3.6, app. B;
    the fine structure is that of Verbeeck, Van Aert & Bertoni, Ultramicroscopy 106 (2006) 976.
    """

    intensity = Par(1.0, unit="y·x/barn", doc="factor of the cross-section of one atom")
    fine_structure_coeff = _coefficients(DEGREE + 1)
    effective_angle = Par(
        0.0, bmin=0.0, free=False, unit="mrad", doc="collection angle, corrected for convergence"
    )
    onset_energy = Par(0.0, bmin=0.0, free=False, unit="eV", doc="where the edge begins")
    position = "onset_energy"

    E0 = t.Float(None, allow_none=True, help="beam energy in keV")
    convergence_angle = t.Float(None, allow_none=True, help="convergence semi-angle in mrad")
    collection_angle = t.Float(None, allow_none=True, help="collection semi-angle in mrad")
    energy_scale = t.Float(1.0, help="width of a channel in eV")
    fine_structure_active = t.Bool(False, help="splines in place of the cross-section")
    fine_structure_width = t.Float(30.0, help="how far behind the onset, in eV")
    fine_structure_smoothing = t.Float(0.3, help="splines per channel; less is smoother")

    def __init__(
        self,
        element_subshell: str,
        GOS: str | None = None,
        gos_file_path: str | Path | None = None,
        *,
        name: str | None = None,
        **attributes: Any,
    ) -> None:
        self.edge: Edge = edge_of(element_subshell)
        self.gos_file_path = None if gos_file_path is None else str(gos_file_path)
        self.GOS = GOS or ("gosh" if self.gos_file_path else "hydrogenic")
        self._strength = _strength_of(self.edge, self.GOS, self.gos_file_path)
        states = {key: attributes.pop(key) for key in self._state_names() if key in attributes}
        attributes.setdefault("onset_energy", self.edge.onset)
        super().__init__(name=name or self.edge.name, **attributes)
        for key, value in states.items():
            setattr(self, key, value)
        self._fit_coefficients()

    @staticmethod
    def _state_names() -> tuple[str, ...]:
        return (*_MICROSCOPE, "energy_scale", *_FINE)

    @property
    def free_onset_energy(self) -> bool:
        """Whether a fit may move the onset."""
        return bool(self.onset_energy.free)

    @free_onset_energy.setter
    def free_onset_energy(self, free: bool) -> None:
        self.onset_energy.free = free

    @property
    def element(self) -> str:
        """Its chemical symbol."""
        return self.edge.element

    @property
    def subshell(self) -> str:
        """The shell the electron came from."""
        return self.edge.subshell

    def init_arguments(self) -> dict[str, Any]:
        """What its constructor needs beside parameter values."""
        states = {key: getattr(self, key) for key in self._state_names()}
        return {
            "element_subshell": self.edge.name,
            "GOS": self.GOS,
            "gos_file_path": self.gos_file_path,
            **states,
        }

    # -- the microscope ----------------------------------------------------------------------------

    def set_microscope_parameters(
        self, E0: float, alpha: float, beta: float, energy_scale: float
    ) -> None:
        """Say with which beam the spectrum was taken; this sets ``effective_angle``.

        Parameters
        ----------
        E0 : float
            Beam energy in keV.
        alpha, beta : float
            Convergence and collection semi-angles in mrad.
        energy_scale : float
            Width of a channel in eV.

        Raises
        ------
        ParameterError
            One of them is not positive; only the convergence may be 0.
        """
        self.E0, self.convergence_angle, self.collection_angle = E0, alpha, beta
        self.energy_scale = energy_scale

    @t.validate("E0", "convergence_angle", "collection_angle", "energy_scale", *_FINE[1:])
    def _makes_sense(self, proposal: dict[str, Any]) -> float | None:
        which, value = proposal["trait"].name, proposal["value"]
        least = "0 or more" if which == "convergence_angle" else "more than 0"
        if value is not None and not (
            np.isfinite(value) and (value > 0 or (value == 0 and least == "0 or more"))
        ):
            raise ParameterError(
                f"{self!r}.{which}: {value!r} came; a number of {least} is wanted, "
                f"{self.traits()[which].help}"
            )
        return None if value is None else float(value)

    @t.observe(*_MICROSCOPE)
    def _correct_angle(self, _change: Any) -> None:
        E0, alpha, beta = (getattr(self, key) for key in _MICROSCOPE)
        if None not in (E0, alpha, beta):
            angle = effective_angle(1e3 * E0, self.edge.onset, 1e-3 * alpha, 1e-3 * beta)
            self.effective_angle.value = 1e3 * angle
        self.shape = self._shape_of_profile(self.edge.name)

    # -- the line ----------------------------------------------------------------------------------

    def _shape_of_profile(self, _kind: str) -> Shape:
        return self._edge_shape()

    def _edge_shape(self) -> EdgeShape:
        return EdgeShape(
            edge=self.edge.name,
            strength=self._strength,
            beam_energy=None if self.E0 is None else 1e3 * self.E0,
            fine_width=self.fine_structure_width if self.fine_structure_active else 0.0,
        )

    @t.observe("fine_structure_active")
    def _free_coefficients(self, change: Any) -> None:
        self.fine_structure_coeff.free = bool(change["new"])
        self.shape = self._shape_of_profile(self.edge.name)
        self._begin_as_cross_section()

    @t.observe("energy_scale", "fine_structure_width", "fine_structure_smoothing")
    def _fit_coefficients(self, _change: Any = None) -> None:
        """Have as many coefficients as width, channel and smoothing ask for."""
        self.shape = self._shape_of_profile(self.edge.name)
        channels = self.fine_structure_width / self.energy_scale
        # Rounded first: 0.3 * 30 / 0.5 must not become 19 by its last digit.
        n = math.ceil(round(self.fine_structure_smoothing * channels, 9)) + DEGREE + 1
        old = self.fine_structure_coeff
        if old.size == n:
            return
        # A vector of another length is another parameter: its slots in the maps are new.
        new = Parameter(old.name, _coefficients(n), self)
        new.free = old.free
        self.__dict__[old.name] = new
        self.parameters = tuple(new if p is old else p for p in self.parameters)
        if self.model is not None:
            with self.model.lock:
                self.model.maps.arrange(list(self.model))
                self.model.structure += 1
        self._begin_as_cross_section()

    def _begin_as_cross_section(self) -> None:
        """Have coefficients that nobody set draw the cross-section: a fit starts well from there.

        From zeros it would start at a saddle, intensity and coefficients being multiplied.
        """
        if any(self.fine_structure_coeff.flat()) or self.E0 is None:
            return
        if not (self.fine_structure_active and self.effective_angle.value > 0):
            return
        n, width = self.fine_structure_coeff.size, self.fine_structure_width
        t = (np.arange(8 * n) + 0.5) / (8 * n)
        plain = replace(self._edge_shape(), fine_width=0.0)
        behind = float(self.onset_energy.value) + width * t
        line = plain.value((behind,), [1.0, *self.row()[1:]])
        found = np.linalg.lstsq(bspline_basis(t, n).T, line, rcond=None)[0]
        self.fine_structure_coeff.value = tuple(found.tolist())

    # -- the fine structure ------------------------------------------------------------------------

    def fine_structure_coeff_to_txt(self, filename: str | Path) -> None:
        """Write the working values of the coefficients to a text file, one a line."""
        np.savetxt(filename, self.fine_structure_coeff.flat())

    def txt_to_fine_structure_coeff(self, filename: str | Path) -> None:
        """Take the coefficients from a text file.

        Raises
        ------
        ParameterError
            It does not hold as many numbers as there are coefficients.
        """
        self.fine_structure_coeff.value = tuple(np.loadtxt(filename, ndmin=1).tolist())

    def get_fine_structure_as_signal1D(self) -> BaseSignal:
        """The line over the fine structure's range at every pixel, from the stored values.

        Returns
        -------
        BaseSignal
            (nav...|channel); NaN where nothing is stored.

        Raises
        ------
        ModelError
            The edge is in no model, or its fine structure is not active.
        """
        if self.model is None or not self.fine_structure_active:
            raise ModelError(
                f"{self!r}: the stored fine structure was asked for; it needs an edge that is in a "
                "model and has fine_structure_active = True"
            )
        x = np.arange(0, self.fine_structure_width, self.energy_scale)
        maps = self.model.maps
        slots = np.concatenate([np.r_[maps.slot(p)] for p in self.parameters])
        rows = maps.values.reshape(-1, maps.values.shape[-1])[:, slots]
        lines = [
            self.shape.value((row[-1] + x,), row) if np.isfinite(row).all() else x * np.nan
            for row in rows
        ]
        axes = [axis.as_dictionary() for axis in self.model.axes_manager._axes if axis.navigate]
        axes.append({"size": len(x), "scale": self.energy_scale, "units": "eV"})
        axes[-1]["offset"] = float(self.onset_energy.value)
        shape = tuple(axis["size"] for axis in axes)
        made: BaseSignal = SIGNALS[1](np.array(lines).reshape(shape), axes)
        made.metadata.set_item("General.title", f"{self.name} fine structure")
        return made


def has_cross_section(edge: Edge, gos: str | None, path: str | Path | None) -> bool:
    """Whether a cross-section of an edge is known: in the file, or hydrogenic.

    Raises
    ------
    MissingFileError, FileFormatError
        The file is not there, or is not a ``.gosh`` file.
    """
    if path is None or gos == "hydrogenic":
        return has_hydrogenic(edge)
    return edge.name in edges_in_gosh(str(path))


def _strength_of(edge: Edge, gos: str, path: str | None) -> OscillatorStrength:
    if gos == "hydrogenic":
        return hydrogenic_of(edge)
    if gos not in FROM_FILE:
        raise unknown_name(f"{edge.name}: GOS", gos, ("hydrogenic", *FROM_FILE))
    if path is None:
        raise ModelError(
            f"{edge.name}: GOS={gos!r} is read from a file, and none came; give "
            "gos_file_path='....gosh', or GOS='hydrogenic'"
        )
    return read_gosh(path, edge)
