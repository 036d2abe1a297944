"""How a model of X-ray lines begins: the detector, the elements' lines, who follows whom."""

from collections.abc import Iterable

import numpy as np

from hsjupyter.components.atoms import edge_energies
from hsjupyter.components.eds.detector import width_at
from hsjupyter.components.eds.lines import MAIN_EDGE, XrayLine, families, line_of
from hsjupyter.components.gaussian import FWHM_PER_SIGMA, Gaussian
from hsjupyter.core.component import Component
from hsjupyter.core.errors import DataError, UnknownNameError, unknown_name
from hsjupyter.core.form import Quantity
from hsjupyter.core.model import BaseModel
from hsjupyter.core.signal import BaseSignal
from hsjupyter.verbs.elements import elements_of

LINES = "Sample.xray_lines"
USUAL_RESOLUTION = 130.0
"""In eV at Mn Ka, where the metadata do not tell."""

# Below it no detector sees, in keV.
_LOWEST = 0.1
_PATHS = {
    "beam_energy": "beam_energy",
    "live_time": "Detector.EDS.live_time",
    "tilt_stage": "Stage.tilt_alpha",
    "azimuth_angle": "Detector.EDS.azimuth_angle",
    "elevation_angle": "Detector.EDS.elevation_angle",
    "energy_resolution_MnKa": "Detector.EDS.energy_resolution_MnKa",
    "beam_current": "beam_current",
    "probe_area": "probe_area",
    "real_time": "Detector.EDS.real_time",
}
_ASKED = (
    ("beam_energy", "Beam energy", "keV", "of the electrons; lines above it cannot be excited"),
    (
        "energy_resolution_MnKa",
        "Energy resolution",
        "eV",
        "full width at half maximum of the Mn Ka line, from which follow the widths of all lines",
    ),
    ("live_time", "Live time", "s", "for which the detector counted"),
    ("real_time", "Real time", "s", "that the measurement took"),
    ("tilt_stage", "Stage tilt", "°", "of the sample"),
    ("azimuth_angle", "Azimuth angle", "°", "of the detector, in the plane of the stage"),
    ("elevation_angle", "Elevation angle", "°", "of the detector, above the plane of the stage"),
    ("beam_current", "Beam current", "nA", "of the electrons"),
    ("probe_area", "Probe area", "nm²", "of the sample that the beam lights"),
)
_POSITIVE = (
    "beam_energy",
    "live_time",
    "real_time",
    "energy_resolution_MnKa",
    "beam_current",
    "probe_area",
)


def quantities_of(signal: BaseSignal) -> tuple[Quantity, ...]:
    """What a person is asked for, and where the metadata of this signal keep it."""
    return tuple(
        Quantity(name, label, units, doc, path_of(signal, name))
        for name, label, units, doc in _ASKED
    )


def path_of(signal: BaseSignal, name: str) -> str:
    """Where in the metadata a number of the microscope stands."""
    kind = signal.metadata.get_item("Signal.signal_type", "")
    microscope = "TEM" if kind == "EDS_TEM" else "SEM"
    return f"Acquisition_instrument.{microscope}.{_PATHS[name]}"


def set_where_given(signal: BaseSignal, **given: float | None) -> None:
    """Put those numbers of the microscope that are not None into the metadata.

    Raises
    ------
    DataError
        All are None, or an energy, time or width is not positive.
    """
    told = {name: value for name, value in given.items() if value is not None}
    if not told:
        raise DataError(
            f"{signal!r}: no microscope parameter came; give at least one of {'=, '.join(given)}="
        )
    for name, value in told.items():
        if not np.isfinite(value) or (name in _POSITIVE and not value > 0):
            raise DataError(f"{signal!r}: {name}={value!r} came; a positive number is wanted")
        signal.metadata.set_item(path_of(signal, name), float(value))


def resolution_of(signal: BaseSignal) -> float:
    """Full width at half maximum at Mn Ka in eV."""
    told = signal.metadata.get_item(path_of(signal, "energy_resolution_MnKa"))
    return USUAL_RESOLUTION if told is None else float(told)


def units_per_kev(signal: BaseSignal) -> float:
    """What a keV is on the axis of a signal.

    Raises
    ------
    DataError
        Its units are neither keV nor eV.
    """
    units = signal.axes_manager.signal_axes[0].units or "keV"
    if units not in {"keV", "eV"}:
        raise DataError(
            f"{signal!r}: an energy axis in {units!r} came; keV or eV is wanted; set "
            "s.axes_manager.signal_axes[0].units"
        )
    return 1e3 if units == "eV" else 1.0


def set_lines(signal: BaseSignal, lines: Iterable[str]) -> None:
    """Name the lines in the metadata: those and no others, and their elements.

    Raises
    ------
    DataError
        One text came; a list is wanted.
    UnknownNameError
        One of them is not the line of an element.
    """
    if isinstance(lines, str):
        raise DataError(f"{signal!r}: {lines!r} came; a list is wanted: {[lines]!r}")
    chosen = sorted({line_of(str(name)).name for name in lines})
    signal.metadata.set_item(LINES, chosen)
    elements = {*elements_of(signal), *(name.partition("_")[0] for name in chosen)}
    signal.metadata.set_item("Sample.elements", sorted(elements))


def add_lines(signal: BaseSignal, lines: Iterable[str]) -> None:
    """Name more lines in the metadata; those of the elements where none are given."""
    if isinstance(lines, str):
        set_lines(signal, lines)
    more = list(lines)
    named = signal.metadata.get_item(LINES)
    already = [] if named is None else [str(name) for name in named]
    set_lines(signal, [*already, *(more or [line.name for line in lines_of_elements(signal)])])


def main_lines(signal: BaseSignal) -> list[XrayLine]:
    """The lines named in the metadata, or the main lines of its elements, by rising energy."""
    named = signal.metadata.get_item(LINES)
    if named is None or not len(named):
        return lines_of_elements(signal)
    return sorted((line_of(str(name)) for name in named), key=lambda line: line.energy)


def lines_of_elements(signal: BaseSignal) -> list[XrayLine]:
    """The main lines that the beam can excite and that lie inside of the axis, rising."""
    axis, unit = signal.axes_manager.signal_axes[0], units_per_kev(signal)
    low, high = max(axis.low_value / unit, _LOWEST), axis.high_value / unit
    beam = signal.metadata.get_item(path_of(signal, "beam_energy"))
    found = [
        lines[0]
        for element in elements_of(signal)
        for family, lines in families(element).items()
        if low <= lines[0].energy <= high
        and (beam is None or 1e-3 * edge_energies(element)[MAIN_EDGE[family]] < float(beam))
    ]
    return sorted(found, key=lambda line: line.energy)


def fill_model(model: BaseModel, lines: Iterable[XrayLine]) -> None:
    """Add lines and the others of their families inside of the axis, which follow their areas.

    Energies and widths are fixed, those of the tables and of the detector.
    """
    signal = model.signal
    bulk = signal.metadata.get_item("Signal.signal_type", "") == "EDS_SEM"
    axis, unit = signal.axes_manager.signal_axes[0], units_per_kev(signal)
    inside = (max(axis.low_value / unit, _LOWEST), axis.high_value / unit)
    for main in lines:
        if main.name in {component.name for component in model}:
            continue
        leader = _gaussian(model, main)
        model.append(leader)
        if main.line[1:] != "a":
            continue
        for line in families(main.element, bulk=bulk)[main.family][1:]:
            if inside[0] <= line.energy <= inside[1]:
                follower = _gaussian(model, line)
                model.append(follower)
                tie(follower, leader, line.weight)


def tie(follower: Component, leader: Component, weight: float) -> None:
    """Let the area of one line follow that of another."""
    area = follower.A  # type: ignore[attr-defined]
    area.twin_function_expr = f"x * {weight:.12g}"
    area.twin = leader.A  # type: ignore[attr-defined]


def _gaussian(model: BaseModel, line: XrayLine) -> Gaussian:
    unit = units_per_kev(model.signal)
    sigma = unit * width_at(line.energy, resolution_of(model.signal)) / FWHM_PER_SIGMA
    made = Gaussian(
        _area_at(model, unit * line.energy, sigma), sigma, unit * line.energy, name=line.name
    )
    made.sigma.free = made.centre.free = False
    return made


def _area_at(model: BaseModel, centre: float, sigma: float) -> float:
    """The area of a line as high as the data of the current pixel at its place."""
    axis = model.signal.axes_manager.signal_axes[0]
    place = int(np.argmin(np.abs(axis.axis - centre)))
    widths = model.signal.binned_widths
    height = float(model.signal()[place]) / (1.0 if widths is None else widths[place])
    return max(height, 0.0) * sigma * float(np.sqrt(2 * np.pi))


def lines_in(model: BaseModel) -> dict[Gaussian, XrayLine]:
    """The components of a model that are X-ray lines, by their names."""
    found = {}
    for component in model:
        if isinstance(component, Gaussian) and "_" in component.name:
            try:
                found[component] = line_of(component.name)
            except UnknownNameError:
                continue  # a person's own Gaussian
    return found


def chosen_lines(model: BaseModel, names: str | Iterable[str]) -> dict[Gaussian, XrayLine]:
    """Some lines of a model: 'all', 'all_alpha' (those that lead), or a list of names.

    Raises
    ------
    UnknownNameError
        One of them is not in the model.
    """
    lines = lines_in(model)
    if names == "all":
        return lines
    if names == "all_alpha":
        return {c: line for c, line in lines.items() if c.A.twin is None and line.line[1:] == "a"}
    by_name = {component.name: component for component in lines}
    chosen = {}
    for name in [names] if isinstance(names, str) else names:
        if name not in by_name:
            raise unknown_name(f"{model!r}", name, ["all", "all_alpha", *by_name])
        chosen[by_name[name]] = lines[by_name[name]]
    return chosen


def families_of_chosen(model: BaseModel, names: str | Iterable[str]) -> dict[Gaussian, XrayLine]:
    """The lines of a model that belong to the families of those chosen."""
    wanted = {(line.element, line.family) for line in chosen_lines(model, names).values()}
    return {
        component: line
        for component, line in lines_in(model).items()
        if (line.element, line.family) in wanted
    }
