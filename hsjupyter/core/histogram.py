"""How often each value occurs: a binned spectrum."""

from collections.abc import Callable
from typing import Any

import numpy as np

from hsjupyter.core.axis import is_number
from hsjupyter.core.errors import DataError, unknown_name
from hsjupyter.core.registry import SIGNALS
from hsjupyter.core.signal import BaseSignal

Rule = Callable[[Any, float], float]


def _by_width(width: float, span: float) -> float:
    return span / width if width > 0 else 1.0


def _freedman(data: Any, span: float) -> float:
    quarter, three = np.percentile(data, [25, 75])
    return _by_width(2 * (three - quarter) * len(data) ** (-1 / 3), span)


def _scott(data: Any, span: float) -> float:
    return _by_width((24 * np.sqrt(np.pi) / len(data)) ** (1 / 3) * np.std(data), span)


def _sturges(data: Any, span: float) -> float:  # noqa: ARG001 - all rules are called alike
    return float(np.log2(len(data)) + 1)


def _rice(data: Any, span: float) -> float:  # noqa: ARG001
    return float(2 * len(data) ** (1 / 3))


def _root(data: Any, span: float) -> float:  # noqa: ARG001
    return float(np.sqrt(len(data)))


def _auto(data: Any, span: float) -> float:
    return max(_freedman(data, span), _sturges(data, span))


RULES: dict[str, Rule] = {
    "fd": _freedman,
    "freedman": _freedman,
    "scott": _scott,
    "sturges": _sturges,
    "rice": _rice,
    "sqrt": _root,
    "auto": _auto,
}
"""Name of a rule -> how many bins it gives, from the data and the distance they span."""


def histogram_of(
    signal: BaseSignal, bins: Any, range_bins: tuple[float, float] | None, max_num_bins: int
) -> BaseSignal:
    """How many of the data lie in each bin.

    Parameters
    ----------
    signal : BaseSignal
    bins : str, int or array_like
        A rule, how many, or the edges.
    range_bins : (float, float), optional
        Between which values; from the smallest to the largest where not given.
    max_num_bins : int
        A rule gives no more.

    Returns
    -------
    Signal1D, (|bin)
        Counts; binned, its axis at the middle of the bins. NaN and infinities are left out.

    Raises
    ------
    DataError
        No finite number is left, or the bins cannot be.
    UnknownNameError
        There is no such rule.

    Source
    ------
    Freedman & Diaconis 1981, doi:10.1007/BF01025868, for ``"fd"``; Scott 1979,
    doi:10.1093/biomet/66.3.605, for ``"scott"``.
    """
    data = np.asarray(signal.data).ravel()
    data = data[np.isfinite(data)]
    if not data.size or data.dtype.kind == "c":
        raise DataError(f"{signal!r}: {data.size} finite real numbers came; at least one is wanted")
    low, high = _range(signal, data, range_bins)
    edges = _edges(signal, data[(data >= low) & (data <= high)], bins, (low, high), max_num_bins)
    counts, edges = np.histogram(data, bins=edges)
    middle, widths = (edges[1:] + edges[:-1]) / 2, np.diff(edges)
    title = f"{signal.metadata.get_item('General.title', '')} histogram".strip()
    quantity = str(signal.metadata.get_item("Signal.quantity", ""))
    axis: dict[str, Any] = {
        "name": quantity.partition("(")[0].strip() or "value",
        "is_binned": True,
    }
    axis["units"] = quantity.partition("(")[2].rstrip(") ")
    if np.allclose(widths, widths[0], rtol=1e-6) or len(widths) == 1:
        width = (edges[-1] - edges[0]) / len(counts)
        axis |= {"scale": width, "offset": edges[0] + width / 2}
    else:
        axis |= {"axis": middle}
    tree = {"General": {"title": title}, "Signal": {"quantity": "Count"}}
    made: BaseSignal = SIGNALS[1](counts, [axis], tree)
    return made


def _range(signal: BaseSignal, data: Any, asked: Any) -> tuple[float, float]:
    if asked is None:
        return float(data.min()), float(data.max())
    pair = tuple(asked) if np.iterable(asked) else (asked,)
    if len(pair) != 2 or not all(map(is_number, pair)) or not pair[0] < pair[1]:
        raise DataError(
            f"{signal!r}: range_bins={asked!r} came; two numbers, the smaller one first, are wanted"
        )
    if not ((data >= pair[0]) & (data <= pair[1])).any():
        raise DataError(
            f"{signal!r}: range_bins={asked!r} came, and the data go from {data.min():g} to "
            f"{data.max():g}; a range that holds some of them is wanted"
        )
    return float(pair[0]), float(pair[1])


def _edges(
    signal: BaseSignal, data: Any, bins: Any, between: tuple[float, float], most: int
) -> Any:
    if isinstance(bins, str):
        if bins not in RULES:
            raise unknown_name("get_histogram(bins=...)", bins, RULES)
        span = between[1] - between[0]
        whole_numbers = span if data.dtype.kind in "iub" else np.inf
        n = np.ceil(min(RULES[bins](data, span), whole_numbers, most))
        return np.histogram_bin_edges(data, max(int(n), 1), between)
    if is_number(bins) and bins == int(bins) and bins >= 1:
        return np.histogram_bin_edges(data, int(bins), between)
    edges = np.asarray(bins if np.ndim(bins) == 1 else [])
    if len(edges) < 2 or edges.dtype.kind not in "iuf" or not (np.diff(edges) > 0).all():
        raise DataError(
            f"{signal!r}: bins={bins!r:.60} came; a rule ({', '.join(RULES)}), a number of bins, "
            "or their edges, rising, are wanted"
        )
    return edges
