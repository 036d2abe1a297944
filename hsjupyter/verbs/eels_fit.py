"""Fits of energy losses in steps: the background before the edges, then edge after edge."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from hsjupyter.components.eels.cl_edge import EELSCLEdge
from hsjupyter.components.power_law import PowerLaw
from hsjupyter.core.component import Component
from hsjupyter.core.errors import DataError, ModelError
from hsjupyter.core.model import BaseModel
from hsjupyter.core.parameter import Parameter

# A spectrum rises a little before the tabulated onset: this much of it is no background, in eV.
PRE_EDGE = 2.0
# Only where the cross-section is seen can a fit tell the intensity: of what lies behind an onset
# a fine structure takes at most this share.
SHARE = 0.75

Fit = Callable[[], Any]
Edges = Iterable[EELSCLEdge | str | int] | None


def edges_of(model: BaseModel, chosen: Edges = None, *, active: bool = False) -> list[EELSCLEdge]:
    """The edges of a model, by rising onset.

    Parameters
    ----------
    model : BaseModel
    chosen : iterable of EELSCLEdge, str or int, optional
        Only these.
    active : bool
        Only those that are switched on.

    Raises
    ------
    ModelError
        One of those chosen is not an edge.
    """
    wanted = list(model) if chosen is None else [model[each] for each in chosen]
    edges = [each for each in wanted if isinstance(each, EELSCLEdge)]
    if chosen is not None and len(edges) < len(wanted):
        raise ModelError(
            f"{model!r}: {wanted!r} came; edges are wanted, of "
            f"{[e.name for e in edges_of(model)] or 'which there are none'}"
        )
    kept = [edge for edge in edges if edge.active or not active]
    return sorted(kept, key=lambda edge: float(edge.onset_energy.value))


def ends_of(edges: list[EELSCLEdge]) -> list[float]:
    """How far each of some edges, by rising onset, stands without the next one, in eV."""
    onsets = [float(edge.onset_energy.value) - PRE_EDGE for edge in edges]
    return [*onsets[1:], np.inf][: len(edges)]


def backgrounds_of(model: BaseModel) -> list[Component]:
    """The components that are backgrounds."""
    return [component for component in model if component.isbackground]


def resolve(model: BaseModel, window: float, i1: int) -> None:
    """Keep every fine structure off the next edge and the end of the axis: narrow it, or off.

    Parameters
    ----------
    model : BaseModel
    window : float
        How far before the next onset a fine structure ends, in eV.
    i1 : int
        Begin with the edge of this place among the active ones.
    """
    edges = edges_of(model, active=True)[i1:]
    x = model.signal.signal_coordinates()[0]
    for place, edge in enumerate(edges):
        onset = float(edge.onset_energy.value)
        room = SHARE * (x.max() - onset)
        for following in edges[place + 1 :]:
            if _shell(following) != _shell(edge):
                room = min(room, float(following.onset_energy.value) - onset - window)
        if room >= edge.fine_structure_width or not edge.fine_structure_active:
            continue
        if room > 0:
            edge.fine_structure_width = room
        else:
            edge.fine_structure_active = False


def _shell(edge: EELSCLEdge) -> tuple[str, str]:
    """Atom and shell: L2 follows L3 so closely that it belongs to its fine structure."""
    return edge.element, edge.subshell[0]


@contextmanager
def _kept_as_it_was(model: BaseModel) -> Iterator[None]:
    """Put back afterwards which channels count, what is active and what is free."""
    switches = model.channel_switches
    active = {component: component.active for component in model}
    free = {parameter: parameter.free for parameter in model.parameters}
    try:
        yield
    finally:
        model.channel_switches = switches
        for component, was in active.items():
            component.active = was
        for parameter, was in free.items():
            parameter.free = was


def _look_at(model: BaseModel, low: float, high: float) -> bool:
    """Let a fit look at the channels from ``low`` to ``high``; False where there are none."""
    x = model.signal.signal_coordinates()[0]
    chosen = (x >= low) & (x < high) & model.channel_switches
    if not chosen.any():
        return False
    model.channel_switches = chosen
    return True


def fit_background(model: BaseModel, start: float | None, fit: Fit) -> None:
    """Fit the backgrounds to what lies before the first active edge, or to all without one.

    Raises
    ------
    ModelError
        There is no background, or no channel before the first edge.
    """
    backgrounds, edges = backgrounds_of(model), edges_of(model, active=True)
    if not any(component.active for component in backgrounds):
        raise ModelError(
            f"{model!r} has no active background; append one, e.g. hs.model.components1D.PowerLaw()"
        )
    end = float(edges[0].onset_energy.value) - PRE_EDGE if edges else np.inf
    with _kept_as_it_was(model):
        for component in model:
            component.active = component.active and component.isbackground
        if not _look_at(model, -np.inf if start is None else start, end):
            raise ModelError(
                f"{model!r}: no channel of the signal range lies between {start} and {end:g} eV, "
                "before the first edge; widen the range, or disable that edge with disable_edges()"
            )
        fit()


def fit_in_steps(model: BaseModel, start: float | None, fit: Fit) -> None:
    """Fit the background, then each edge up to the next one, keeping what was found before.

    The intensity is fitted behind the fine structure, and the fine structure after it.
    """
    if any(component.active for component in backgrounds_of(model)):
        fit_background(model, start, fit)
    edges = edges_of(model, active=True)
    with _kept_as_it_was(model):
        free = {parameter for parameter in model.parameters if parameter.free}
        for component in model:
            component.active = component.active and component not in edges
            component.set_parameters_not_free()
        for edge, end in zip(edges, ends_of(edges), strict=True):
            edge.active = True
            _fit_edge(model, edge, end, free, fit)


def _fit_edge(
    model: BaseModel, edge: EELSCLEdge, end: float, free: set[Parameter], fit: Fit
) -> None:
    onset, all_of_it = float(edge.onset_energy.value), model.channel_switches
    width = edge.fine_structure_width if edge.fine_structure_active else 0.0
    fine = edge.fine_structure_coeff
    steps: list[tuple[list[Parameter], float, float]] = [
        ([edge.intensity], onset + width, end),
        ([edge.onset_energy], onset - 2 * PRE_EDGE, end),
        ([fine] if width else [], onset, min(onset + width, end)),
    ]
    for parameters, low, high in steps:
        chosen = [parameter for parameter in parameters if parameter in free]
        try:
            if chosen and _look_at(model, low, high):
                for parameter in chosen:
                    parameter.free = True
                fit()
        finally:
            model.channel_switches = all_of_it
            for parameter in chosen:
                parameter.free = False


def estimate_power_law(
    model: BaseModel, e1: float | None, e2: float | None, powerlaw: PowerLaw | None
) -> None:
    """Give a power law the two-area values of every pixel, and its working values of this one.

    Raises
    ------
    ModelError
        There is no power law.
    DataError
        Too few channels between the two energies, or data there that do not fall.
    """
    law = powerlaw or next((c for c in model if isinstance(c, PowerLaw) and c.active), None)
    if law is None:
        raise ModelError(f"{model!r} has no active PowerLaw; append one, or give powerlaw=")
    edges = edges_of(model, active=True)
    end = float(edges[0].onset_energy.value) - PRE_EDGE if edges and e2 is None else e2
    if not law.estimate_parameters(model.signal, e1, end):
        raise DataError(
            f"{model!r}: between {e1} and {end} eV the data of no pixel fall as a power law does; "
            "give E1 and E2 where there is a background"
        )
    if law.r.at_bound:
        # An exponent held by its bound belongs to another amplitude: that of the same area.
        x = model.signal.signal_coordinates()[0]
        here = (x > float(law.origin.value)) & (x < (np.inf if end is None else end))
        here &= x >= (-np.inf if e1 is None else e1)
        law.A.value = 1.0
        found = model.signal()[here].sum() / model([law])[here].sum()
        law.A.value = law.A.clamp(float(found))
