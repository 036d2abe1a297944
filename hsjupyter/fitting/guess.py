"""Start values of a whole model from the data: where its peaks are, and what lies between them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hsjupyter.core.component import Component
from hsjupyter.core.errors import DataError, ModelError
from hsjupyter.core.estimate import estimate, finite, pixels_of, set_working, store
from hsjupyter.core.model import BaseModel
from hsjupyter.core.registry import COMPONENTS
from hsjupyter.core.shape import value_of_rows
from hsjupyter.fitting.plan import Array, Flags

# Standard deviations of the noise by which a peak must stand out, where no prominence is given.
SIGNIFICANT = 6.0
# Full widths at half maximum to both sides of a peak that belong to it, and that hold its window.
_SKIRT, _WINDOW = 1.5, 2.0
_FEWEST = 5  # channels from which a shape is told
_SAMPLE = 1024  # spectra that a mean is taken of


@dataclass(frozen=True, order=True)
class Peak:
    """A peak of a spectrum, in the units of its axis.

    Attributes
    ----------
    place : float
    prominence : float
        How far it stands out of what is around it, in the units of the data.
    width : float
        Full width at half of that.
    """

    place: float
    prominence: float
    width: float


def find_peaks(
    x: Array,
    y: Array,
    *,
    prominence: float | None = None,
    width: float | None = None,
    distance: float | None = None,
    max_peaks: int | None = None,
) -> list[Peak]:
    """Peaks of a spectrum, in the order of their places.

    Parameters
    ----------
    x, y : ndarray, (channel,)
        Finite.
    prominence : float, optional
        The least, in the units of the data; where not given, six times the noise, as second
        differences tell it, and 2 % of the height of the spectrum.
    width, distance : float, optional
        The least, in the units of the axis.
    max_peaks : int, optional
        The most prominent ones.

    Source
    ------
    scipy.signal.find_peaks; prominence as in topography.
    """
    from scipy import signal

    order = np.argsort(x)
    x, y = x[order], y[order]
    least = prominence
    if least is None:
        # Noise of second differences is the square root of 6 times that of the data.
        noise = 1.4826 * float(np.median(np.abs(np.diff(y, 2)))) / np.sqrt(6) if len(y) > 2 else 0
        least = max(SIGNIFICANT * noise, 0.02 * float(np.ptp(y)))
    channel = float(np.median(np.diff(x))) if len(x) > 1 else 1.0
    words: dict[str, Any] = {"prominence": max(least, np.finfo(float).tiny)}
    if width is not None:
        words["width"] = width / channel
    if distance is not None:
        words["distance"] = max(distance / channel, 1.0)
    places, told = signal.find_peaks(y, **words)
    _, _, left, right = signal.peak_widths(y, places, rel_height=0.5)
    channels = np.arange(len(x))
    ends = np.interp(right, channels, x) - np.interp(left, channels, x)
    peaks = [
        Peak(float(x[k]), float(p), float(max(w, channel)))
        for k, p, w in zip(places, told["prominences"], ends, strict=True)
    ]
    if max_peaks is not None:
        peaks = sorted(peaks, key=lambda peak: -peak.prominence)[:max_peaks]
    return sorted(peaks)


def spectrum_of(model: BaseModel, *, mean: bool) -> tuple[Array, Array]:
    """Positions, and densities of the current pixel or of the mean of the map, in the range.

    Returns
    -------
    x, y : ndarray, (channel,)

    Raises
    ------
    DataError
        Nothing is finite.
    """
    signal, inside = model.signal, model.channel_switches
    y = np.asarray(signal(), dtype=np.float64)[None]
    if mean and signal.axes_manager.navigation_dimension:
        n = int(np.prod(signal.axes_manager.map_shape))
        chosen = np.unique(np.linspace(0, n - 1, min(n, _SAMPLE)).astype(np.intp))
        where = np.unravel_index(chosen, signal.axes_manager.map_shape)
        rows = [
            np.asarray(signal.data[tuple(k)], dtype=np.float64) for k in zip(*where, strict=True)
        ]
        y = np.array(rows)
    y = np.where(np.isfinite(y), y, np.nan)[:, inside]
    if not np.isfinite(y).any():
        raise DataError(f"{model!r}: the spectra hold no finite number, so nothing can be guessed")
    known = np.isfinite(y)
    total = np.where(known, y, 0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    total = np.where(known.any(axis=0), total, np.nan)
    widths = signal.binned_widths
    return (
        signal.signal_coordinates()[0][inside],
        finite(total[None])[0] / (1.0 if widths is None else widths[inside]),
    )


def line_class(component: Any) -> type[Component]:
    """The class of a line, by itself or by name.

    Raises
    ------
    UnknownNameError
        No such component.
    ModelError
        Its shape has no position along one axis.
    """
    kind = COMPONENTS[component] if isinstance(component, str) else component
    if not isinstance(kind, type) or not isinstance(getattr(kind, "position", None), str):
        raise ModelError(
            f"add_peaks: {component!r} came; a class with a position along one axis is wanted, "
            "such as hs.model.components1D.Gaussian"
        )
    return kind


def lines_for(kind: type[Component], peaks: list[Peak], x: Array, y: Array) -> list[Component]:
    """A component for every peak, told by what is around it.

    Raises
    ------
    ModelError
        There is no peak.
    """
    if not peaks:
        raise ModelError(
            f"add_peaks: no peak stands out of the spectrum, which goes from {y.min():g} to "
            f"{y.max():g}; give a smaller prominence, or append components by hand"
        )
    made = []
    for peak in peaks:
        line = kind()
        place = getattr(line, str(line.position))
        window = _window(peak, [other.place for other in peaks], x)
        told = line.start_values((x[window],), y[None, window])
        set_working({p: told[p.name] for p in line.parameters if p.free and p.name in told})
        if abs(place.value - peak.place) > peak.width:
            place.value = peak.place
        made.append(line)
    return made


def guess(model: BaseModel, *, only_current: bool) -> list[Component]:
    """Set start values of all active components from the data.

    Returns
    -------
    list of Component
        Those that could not tell: they stay as they are.
    """
    active = [c for c in model if c.active]
    if model.signal.axes_manager.signal_dimension != 1:
        whole = model.channel_switches
        return [
            c for c in active if not estimate(c, model.signal, whole, only_current=only_current)
        ]
    x, y = spectrum_of(model, mean=not only_current)
    lines = [c for c in active if isinstance(c.position, str)]
    grounds = [c for c in active if c not in lines]
    # Without lines, what rises and falls is what the model is of.
    every = find_peaks(x, y) if lines else []
    placed = _assign(lines, find_peaks(x, y, max_peaks=len(lines)) if lines else [], x)
    skirts = np.zeros(x.shape, dtype=bool)
    for peak in [*every, *placed.values()]:
        skirts |= np.abs(x - peak.place) <= _SKIRT * peak.width
    bare = ~skirts if (~skirts).sum() >= max(_FEWEST, len(x) // 10) else np.ones_like(skirts)
    windows = dict.fromkeys(grounds, bare) | _windows(placed, x)
    told: set[Component] = set()
    for where, spectra in pixels_of(model.signal, whole=not only_current):
        told |= _tell(model, where, spectra, windows, only_current=only_current)
    if not only_current and told:
        with model.lock:
            model.load()
            model.stored += 1
    return [c for c in active if c not in told]


def _assign(lines: list[Component], peaks: list[Peak], x: Array) -> dict[Component, Peak]:
    """A peak for every line.

    Lines that a person has placed, each elsewhere inside of the axis, stay with what is nearest to
    them; others take the peaks in their order.
    """
    at = {c: float(getattr(c, str(c.position)).value) for c in lines}
    inside = all(x.min() <= place <= x.max() for place in at.values())
    width = float(np.median([peak.width for peak in peaks])) if peaks else np.ptp(x) / 20
    fixed = any(not getattr(c, str(c.position)).free for c in lines)
    if lines and ((inside and len(set(at.values())) == len(lines)) or fixed):
        placed = {}
        for c, place in at.items():
            near = min(peaks, key=lambda peak: abs(peak.place - place), default=None)
            if near is not None and abs(near.place - place) <= near.width:
                placed[c] = near
            else:
                placed[c] = Peak(place, 0.0, width)
        return placed
    order = sorted(lines, key=lambda c: at[c]) if len(set(at.values())) == len(lines) else lines
    return dict(zip(order, peaks, strict=False))


def _windows(placed: Mapping[Component, Peak], x: Array) -> dict[Component, Flags]:
    """The channels that tell a line: around its peak, no further than half way to the next."""
    places = [peak.place for peak in placed.values()]
    return {c: _window(peak, places, x) for c, peak in placed.items()}


def _window(peak: Peak, places: list[float], x: Array) -> Flags:
    low, high = (peak.place + s * _WINDOW * peak.width for s in (-1, 1))
    low = max([low, *((peak.place + p) / 2 for p in places if p < peak.place)])
    high = min([high, *((peak.place + p) / 2 for p in places if p > peak.place)])
    inside: Flags = (x >= low) & (x <= high)
    if inside.sum() < _FEWEST:
        inside = np.zeros_like(inside)
        inside[np.argsort(np.abs(x - peak.place))[:_FEWEST]] = True
    return inside


def _tell(
    model: BaseModel,
    where: Any,
    spectra: Array,
    windows: Mapping[Component, Flags],
    *,
    only_current: bool,
) -> set[Component]:
    """Set what the components tell of some pixels, each after those before it are taken off."""
    signal, inside = model.signal, model.channel_switches
    x = signal.signal_coordinates()[0][inside]
    widths = signal.binned_widths
    left = finite(spectra[:, inside] / (1.0 if widths is None else widths[inside]))
    told = set()
    for c, window in windows.items():
        found = c.start_values((x[window],), left[:, window])
        chosen = {p: found[p.name] for p in c.parameters if p.free and p.name in found}
        if chosen and (set_working(chosen) if only_current else store(model, where, chosen)):
            told.add(c)
            if not isinstance(c.position, str):  # a ground: lines stand on it
                left = left - value_of_rows(c.freeze(), (x,), _rows(c, found, len(left)))
    return told


def _rows(c: Component, found: Mapping[str, Array], n: int) -> Array:
    """The numbers of a component at some pixels, (pixel, slot), as far as they are told."""
    columns = []
    for p in c.parameters:
        plain = np.tile(np.array(p.flat(), dtype=np.float64), (n, 1))
        given = np.asarray(found.get(p.name, plain), dtype=np.float64).reshape(n, -1)
        use: NDArray[np.bool_] = np.isfinite(given) & np.array(p.free)
        columns.append(np.where(use, given, plain))
    return np.concatenate(columns, axis=1)
