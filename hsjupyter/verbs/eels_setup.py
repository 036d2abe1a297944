"""How a model of energy losses begins: the microscope, the elements' edges, who follows whom."""

import warnings
from itertools import groupby
from pathlib import Path

import numpy as np

from hsjupyter.components.eels.cl_edge import EELSCLEdge, has_cross_section
from hsjupyter.components.eels.edges import Edge, edges_between
from hsjupyter.components.power_law import PowerLaw
from hsjupyter.core.component import Component
from hsjupyter.core.errors import AskedError, DataError, HSJupyterWarning
from hsjupyter.core.form import Quantity
from hsjupyter.core.model import BaseModel
from hsjupyter.core.signal import BaseSignal
from hsjupyter.verbs.eels_fit import edges_of, ends_of, estimate_power_law
from hsjupyter.verbs.elements import elements_of
from hsjupyter.verbs.microscope import asked

PATHS = {
    "beam_energy": "Acquisition_instrument.TEM.beam_energy",
    "convergence_angle": "Acquisition_instrument.TEM.convergence_angle",
    "collection_angle": "Acquisition_instrument.TEM.Detector.EELS.collection_angle",
}
QUANTITIES = tuple(
    Quantity(name, label, units, doc, PATHS[name], needed=True)
    for name, label, units, doc in (
        ("beam_energy", "Beam energy", "keV", "of the electrons, before the sample"),
        (
            "convergence_angle",
            "Convergence semi-angle",
            "mrad",
            "of the cone of electrons that arrives at the sample; 0 for a parallel beam",
        ),
        (
            "collection_angle",
            "Collection semi-angle",
            "mrad",
            "of the cone of electrons that enters the spectrometer",
        ),
    )
)
# What follows the first edge of its shell; all others are rarely seen in core-loss spectra.
HEAD = ("Edge", "Intensity", "Std")
SHOWN = ("K", "L3", "L2", "L1", "M5", "M4", "M3", "M2", "N5", "N4")


def microscope_of(signal: BaseSignal, *, ask: bool = False) -> tuple[float, float, float]:
    """Beam energy in keV, convergence and collection semi-angles in mrad, from the metadata.

    Parameters
    ----------
    signal : BaseSignal
    ask : bool
        In a notebook show a form for what is not known, besides the error.

    Raises
    ------
    DataError
        One of them is not known.
    """
    values = {name: signal.metadata.get_item(path) for name, path in PATHS.items()}
    missing = [name for name, value in values.items() if value is None]
    if missing:
        shown = ask and asked(signal, set_where_given, QUANTITIES)
        raise (AskedError if shown else DataError)(
            f"{signal!r}: {' and '.join(missing).replace('_', ' ')} not known, and cross-sections "
            f"need them; {'fill in the form and run this again, or ' if shown else ''}"
            f"call signal.set_microscope_parameters({'=..., '.join(missing)}=...), "
            "energy in keV and semi-angles in mrad"
        )
    beam_energy, convergence, collection = (float(value) for value in values.values())
    return beam_energy, convergence, collection


def set_where_given(signal: BaseSignal, **given: float | None) -> None:
    """Put those microscope parameters that are not None into the metadata.

    Raises
    ------
    DataError
        All are None, or a number is not positive (a convergence may be 0).
    """
    told = {name: value for name, value in given.items() if value is not None}
    if not told:
        raise DataError(
            f"{signal!r}: no microscope parameter came; give at least one of "
            f"{'=, '.join(given)}=, energy in keV and semi-angles in mrad"
        )
    for name, value in told.items():
        zero = value == 0 and name == "convergence_angle"
        if not (np.isfinite(value) and (value > 0 or zero)):
            raise DataError(f"{signal!r}: {name}={value!r} came; a positive number is wanted")
        signal.metadata.set_item(PATHS[name], float(value))


def subshells_in_range(signal: BaseSignal, *, include_pre_edges: bool = False) -> list[Edge]:
    """The edges of the signal's elements that begin inside of its axis, rising."""
    axis = signal.axes_manager.signal_axes[0]
    low = 0.0 if include_pre_edges else axis.low_value
    found = edges_between(elements_of(signal), low, axis.high_value)
    return [edge for edge in found if edge.subshell in SHOWN]


def tune(edge: EELSCLEdge, signal: BaseSignal) -> None:
    """Give an edge the microscope of a signal and the width of its channels."""
    width = float(np.median(signal.axes_manager.signal_axes[0].widths))
    edge.set_microscope_parameters(*microscope_of(signal, ask=True), energy_scale=width)


def fill_model(model: BaseModel, gos: str | None, path: str | Path | None) -> None:
    """Add the edges of the signal's elements; of each shell the first one leads the others.

    Warns
    -----
    HSJupyterWarning
        An element has edges in range, and a cross-section is known for none of them.
    """
    for element, edges in _by_element(subshells_in_range(model.signal)):
        known = [edge for edge in edges if has_cross_section(edge, gos, path)]
        made = [EELSCLEdge(edge.name, GOS=gos, gos_file_path=path) for edge in known]
        if not made:
            warnings.warn(
                f"{model!r}: no cross-section is known for {', '.join(e.name for e in edges)}, "
                f"so {element} has no edge; give gos_file_path='....gosh', a table that has one",
                HSJupyterWarning,
                stacklevel=4,
            )
        model.extend(made)
        for edge in made:
            leader = next(one for one in made if one.subshell[0] == edge.subshell[0])
            if leader is not edge:
                edge.intensity.twin = leader.intensity


def _by_element(edges: list[Edge]) -> list[tuple[str, list[Edge]]]:
    ordered = sorted(edges, key=lambda edge: (edge.element, edge.onset))
    return [(el, list(several)) for el, several in groupby(ordered, key=lambda e: e.element)]


def take_in(model: BaseModel, thing: Component) -> None:
    """Prepare a component for a model of energy losses: an edge needs to know its microscope."""
    if isinstance(thing, EELSCLEdge):
        if thing.E0 is None:
            tune(thing, model.signal)
        thing.intensity.bmin = 0.0 if thing.intensity.bmin is None else thing.intensity.bmin


def begin_background(model: BaseModel) -> None:
    """Put a power law first, through two areas before the first edge where there are such."""
    law = PowerLaw()
    model.insert(0, law)
    try:
        estimate_power_law(model, None, None, law)
    except DataError:
        # No background to be seen: the law stays as it was declared, and the person may say.
        law.A.value, law.r.value = law.A.default, law.r.default


def begin_intensities(model: BaseModel) -> None:
    """Give every edge the intensity that its area in the data of this pixel asks for.

    One after another, from the lowest onset, over what is left by the components before.
    """
    signal = model.signal
    left = np.asarray(signal(), dtype=np.float64) - model([c for c in model if c.isbackground])
    x = signal.signal_coordinates()[0]
    edges = [edge for edge in edges_of(model, active=True) if edge.intensity.twin is None]
    for edge, end in zip(edges, ends_of(edges), strict=True):
        edge.intensity.value = 1.0
        shell = [one for one in edges_of(model) if one.intensity.twin is edge.intensity]
        line = model([edge, *shell])
        here = (x >= float(edge.onset_energy.value)) & (x < end)
        area = float(line[here].sum())
        found = float(left[here].sum()) / area if area > 0 else 0.0
        if found > 0:
            edge.intensity.value = found
            left = left - found * line


def intensity_table(edges: list[EELSCLEdge]) -> str:
    """The intensities of edges that follow no other, as text."""
    rows = [
        (edge.name, f"{edge.intensity.value:.6g}", _spread(edge.intensity.std))
        for edge in edges
        if edge.intensity.twin is None
    ]
    return "\n".join(f"{name:<8}{value:>14}{std:>14}" for name, value, std in [HEAD, *rows])


def _spread(std: object) -> str:
    return f"{std:.2g}" if isinstance(std, float) else ""
