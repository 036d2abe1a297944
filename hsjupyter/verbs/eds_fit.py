"""Fits of X-ray spectra in steps: the background between the lines, detector, energy axis."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from hsjupyter.components.eds.detector import MN_KA, width_at
from hsjupyter.components.eds.lines import XrayLine
from hsjupyter.components.gaussian import FWHM_PER_SIGMA, Gaussian
from hsjupyter.core.axes import UniformDataAxis
from hsjupyter.core.errors import DataError, ModelError, unknown_name
from hsjupyter.core.model import BaseModel
from hsjupyter.core.parameter import Parameter
from hsjupyter.core.signal import BaseSignal
from hsjupyter.verbs.eds_setup import (
    chosen_lines,
    families_of_chosen,
    lines_in,
    path_of,
    resolution_of,
    tie,
    units_per_kev,
)

Fit = Callable[[], Any]
Names = str | Iterable[str]
Lines = dict[Gaussian, XrayLine]


def fit_background(
    model: BaseModel,
    low: float | None,
    high: float | None,
    windows: tuple[float, float],
    fit: Fit,
) -> None:
    """Fit the backgrounds to the channels between the lines, then fix them.

    Parameters
    ----------
    model : BaseModel
    low, high : float or None
        Only between these energies.
    windows : tuple of float
        How far a line reaches to lower and higher energies, in its standard deviations.
    fit : callable

    Raises
    ------
    ModelError
        There is no background, or no channel between the lines.
    """
    x = model.signal.signal_coordinates()[0]
    between = model.channel_switches.copy()
    between &= (x >= (-np.inf if low is None else low)) & (x <= (np.inf if high is None else high))
    for line in lines_in(model):
        place = (x - float(line.centre.value)) / float(line.sigma.value)
        between &= (place < -windows[0]) | (place > windows[1])
    backgrounds = [component for component in model if component.isbackground]
    if not backgrounds or not between.any():
        raise ModelError(
            f"{model!r}: {int(between.sum())} channels between the lines and {len(backgrounds)} "
            "backgrounds; both are needed; narrow windows_sigma, or add_polynomial_background()"
        )
    switches, active = model.channel_switches, {c: c.active for c in model}
    try:
        model.channel_switches = between
        for component in model:
            component.active = component.active and component.isbackground
        fit()
    finally:
        model.channel_switches = switches
        for component, was in active.items():
            component.active = was
    for component in backgrounds:
        component.set_parameters_not_free()


# -- the detector and the axis


def calibrate_axis(model: BaseModel, what: str, names: Names, fit: Fit) -> float:
    """Fit the detector's resolution, or the scale or offset of the energy axis, and take it over.

    Parameters
    ----------
    model : BaseModel
    what : {'resolution', 'scale', 'offset'}
    names : {'all_alpha', 'all'} or iterable of str
        The lines that tell, with their families.
    fit : callable

    Returns
    -------
    float
        The new resolution in eV, or scale or offset in the units of the axis.

    Raises
    ------
    UnknownNameError
        Something else is to be calibrated, or a line is not in the model.
    ModelError
        There are no lines.
    DataError
        The axis is not uniform.
    """
    ways = {"resolution": _resolution, "scale": _scale, "offset": _offset}
    if what not in ways:
        raise unknown_name(f"{model!r}: calibrate", what, ways)
    lines = families_of_chosen(model, names)
    if not lines:
        raise ModelError(
            f"{model!r} has no line that could tell its {what}; name the elements and call "
            "add_family_lines()"
        )
    return ways[what](model, lines, fit)


def _fit_tied(leader: Parameter, laws: dict[Parameter, str], fit: Fit) -> float:
    """Fit one parameter which others follow by their laws; untie and fix all of them again."""
    try:
        for follower, law in laws.items():
            follower.twin_function_expr = law
            follower.twin = leader
        leader.free = True
        fit()
    finally:
        for follower in laws:
            follower.twin = None
            follower.twin_function_expr = ""
            follower.free = False
        leader.free = False
    return float(leader.value)


def _resolution(model: BaseModel, lines: Lines, fit: Fit) -> float:
    lowest = _lowest(lines)
    unit = units_per_kev(model.signal) / FWHM_PER_SIGMA
    old = resolution_of(model.signal)
    base = width_at(lines[lowest].energy, old) ** 2
    laws: dict[Parameter, str] = {}
    for component, line in lines.items():
        # From the lowest line upwards the squared widths grow, whatever the resolution.
        more = unit**2 * (width_at(line.energy, old) ** 2 - base)
        if component is not lowest:
            laws[component.sigma] = f"sqrt(x**2 + {max(more, 0.0):.15g})"
    found = abs(_fit_tied(lowest.sigma, laws, fit)) / unit
    # The width at Mn Ka differs from that of the lowest line by the same square as before.
    resolution = 1e3 * float((found**2 + width_at(MN_KA, old) ** 2 - base) ** 0.5)
    model.signal.metadata.set_item(path_of(model.signal, "energy_resolution_MnKa"), resolution)
    for component, line in lines_in(model).items():
        component.sigma.value = unit * width_at(line.energy, resolution)
    return resolution


def _offset(model: BaseModel, lines: Lines, fit: Fit) -> float:
    lowest = _lowest(lines)
    axis = _uniform_axis(model.signal)
    unit = units_per_kev(model.signal)
    first = unit * lines[lowest].energy
    laws: dict[Parameter, str] = {
        component.centre: f"x + {unit * line.energy - first:.15g}"
        for component, line in lines.items()
        if component is not lowest
    }
    shift = _fit_tied(lowest.centre, laws, fit) - first
    _put_back(model, unit)
    axis.offset -= shift
    return float(axis.offset)


def _scale(model: BaseModel, lines: Lines, fit: Fit) -> float:
    axis = _uniform_axis(model.signal)
    unit, start = units_per_kev(model.signal), axis.offset
    highest = max(lines, key=lambda component: lines[component].energy)
    far = unit * lines[highest].energy - start
    laws: dict[Parameter, str] = {
        component.centre: f"{start:.15g} + (x - {start:.15g}) * "
        f"{(unit * line.energy - start) / far:.15g}"
        for component, line in lines.items()
        if component is not highest
    }
    stretch = (_fit_tied(highest.centre, laws, fit) - start) / far
    _put_back(model, unit)
    axis.scale /= stretch
    return float(axis.scale)


def _lowest(lines: Lines) -> Gaussian:
    return min(lines, key=lambda component: lines[component].energy)


def _put_back(model: BaseModel, unit: float) -> None:
    """Lines stand at the energies of the tables; it is the axis that moves."""
    for component, line in lines_in(model).items():
        component.centre.value = unit * line.energy


def _uniform_axis(signal: BaseSignal) -> UniformDataAxis:
    axis = signal.axes_manager.signal_axes[0]
    if not isinstance(axis, UniformDataAxis):
        raise DataError(f"{signal!r}: {axis} came; only an axis of even channels is calibrated")
    return axis


# -- what a fit may change of the lines


def free_weights(model: BaseModel, names: Names, bound: float | str | None) -> None:
    """Let a fit change the areas of lines that follow the main one of their family."""
    for component in _followers(model, names):
        area = component.A
        area.twin = None
        area.twin_function_expr = ""
        area.set_bounds(*_around(float(area.value), float(area.value), bound, (0.0, None)))
        area.free = True


def fix_weights(model: BaseModel, names: Names) -> None:
    """Let the areas of lines follow the main one of their family again, as they now stand to it."""
    lines = families_of_chosen(model, names)
    for leader, main in _mains(lines).items():
        for component, line in lines.items():
            same = (line.element, line.family) == (main.element, main.family)
            if same and component is not leader:
                whole = float(leader.A.value)
                weight = float(component.A.value) / whole if whole > 0 else line.weight
                component.A.set_bounds(0.0, None)
                tie(component, leader, weight)


def _mains(lines: dict[Gaussian, XrayLine]) -> dict[Gaussian, XrayLine]:
    return {component: line for component, line in lines.items() if line.line[1:] == "a"}


def _followers(model: BaseModel, names: Names) -> list[Gaussian]:
    lines = families_of_chosen(model, names)
    return [component for component in lines if component.A.twin is not None]


def free_lines(model: BaseModel, names: Names, parameter: str, bound: float | str | None) -> None:
    """Let a fit change the energy (``centre``) or the width (``sigma``) of lines.

    ``bound`` is in standard deviations of the line; 'auto' is one of them, None none.
    """
    for component in chosen_lines(model, names):
        one: Parameter = getattr(component, parameter)
        spread = float(component.sigma.value) * (0.5 if parameter == "sigma" else 1.0)
        least = 0.0 if parameter == "sigma" else None
        near = 1.0 if bound == "auto" else bound
        one.set_bounds(*_around(float(one.value), spread, near, (least, None)))
        one.free = True


def fix_lines(model: BaseModel, names: Names, parameter: str) -> None:
    """Keep a fit from changing the energy or the width of lines."""
    for component in chosen_lines(model, names):
        getattr(component, parameter).free = False


def _around(
    value: float,
    spread: float,
    bound: float | str | None,
    otherwise: tuple[float | None, float | None],
) -> tuple[float | None, float | None]:
    if bound is None or isinstance(bound, str):
        return otherwise
    low = value - bound * spread
    return (low if otherwise[0] is None else max(low, otherwise[0])), value + bound * spread
