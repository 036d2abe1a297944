"""Where values are frequent: bins by rule or by Bayesian blocks, maxima, and their combinations."""

import heapq
from itertools import count

import numpy as np

from hsjupyter.core.errors import unknown_name
from hsjupyter.samfire.marker import Array

RULES = ("fd", "freedman", "scott", "rice", "sqrt", "sturges", "doane", "stone", "auto")
BLOCKS = ("blocks", "bayesian", "bb")
MOST_BINS = 256


def bin_edges(values: Array, bins: str | int) -> Array:
    """The edges of the bins of a histogram, (bin + 1,).

    Parameters
    ----------
    values : ndarray, (value,)
        Finite, at least one.
    bins : str or int
        How many; or the rule of Freedman and Diaconis, ``'fd'``, another of numpy's rules, or
        ``'blocks'`` for Bayesian blocks.

    Raises
    ------
    UnknownNameError
        There is no such rule.

    Source
    ------
    Freedman & Diaconis, Z. Wahrscheinlichkeitstheorie 57 (1981) 453, doi:10.1007/BF01025868.
    """
    if isinstance(bins, str) and bins not in {*RULES, *BLOCKS}:
        raise unknown_name("the histogram strategy: bins", bins, (*RULES, "blocks"))
    low, high = float(values.min()), float(values.max())
    if not high - low > 1e-12 * max(abs(low), abs(high), 1e-300):
        width = max(abs(low) * 1e-6, 1e-12)
        return np.array([low - width, high + width])
    if bins in BLOCKS:
        return bayesian_blocks(values)
    rule = {"freedman": "fd"}.get(str(bins), bins)
    edges: Array = np.histogram_bin_edges(values, bins=_no_more(values, rule))
    return edges


def _no_more(values: Array, rule: str | int) -> str | int:
    """A rule, or a number of bins where the rule would give too many to be of use."""
    if not isinstance(rule, str):
        return int(rule)
    if rule == "fd":
        quartiles = np.subtract(*np.percentile(values, [75, 25]))
        width = 2 * quartiles / np.cbrt(len(values))
        span = float(np.ptp(values))
        if width <= 0 or span / width > MOST_BINS:
            return min(MOST_BINS, max(1, int(np.ceil(np.sqrt(len(values))))))
    return rule


def bayesian_blocks(values: Array, p0: float = 0.05, most: int = 2000) -> Array:
    """Edges between which values are evenly dense: the partition of highest fitness, (block + 1,).

    Parameters
    ----------
    values : ndarray, (value,)
    p0 : float
        How often an edge is found where there is none.
    most : int
        Of more values, this many evenly spaced quantiles are looked at.

    Source
    ------
    Scargle, Norris, Jackson & Chiang, Astrophys. J. 764 (2013) 167,
    doi:10.1088/0004-637X/764/2/167, eqs. 19 and 21.
    """
    if len(values) > most:
        values = np.quantile(values, (np.arange(most) + 0.5) / most)
    points, times = np.unique(values, return_counts=True)
    n = len(points)
    edges = np.concatenate([points[:1], (points[1:] + points[:-1]) / 2, points[-1:]])
    prior = 4 - np.log(73.53 * p0 * n**-0.478)
    from_end = edges[-1] - edges
    best, last = np.zeros(n), np.zeros(n, dtype=np.intp)
    for k in range(n):
        # All blocks that end at point k, by where they begin.
        width = from_end[: k + 1] - from_end[k + 1]
        height = np.cumsum(times[: k + 1][::-1])[::-1]
        fitness = height * (np.log(height) - np.log(width)) - prior
        fitness[1:] += best[:k]
        last[k] = np.argmax(fitness)
        best[k] = fitness[last[k]]
    cuts, k = [n], n
    while k > 0:
        k = int(last[k - 1])
        cuts.append(k)
    return edges[cuts[::-1]]


def frequent(values: Array, edges: Array, most: int) -> tuple[Array, Array]:
    """The local maxima of a histogram: mean of the values there, and share of the highest.

    Parameters
    ----------
    values : ndarray, (value,)
    edges : ndarray, (bin + 1,)
    most : int
        No more maxima than this, the highest first.

    Returns
    -------
    places, shares : ndarray, (maximum,)
    """
    counts, _ = np.histogram(values, edges)
    density = counts / np.diff(edges)
    lower = np.concatenate([[-1.0], density, [-1.0]])
    peak = (density > 0) & (density >= lower[:-2]) & (density > lower[2:])
    which = np.flatnonzero(peak)
    which = which[np.argsort(-density[which], kind="stable")][:most]
    places = []
    for k in which:
        last = k == len(counts) - 1
        inside = (values >= edges[k]) & (
            (values <= edges[k + 1]) if last else values < edges[k + 1]
        )
        places.append(values[inside].mean())
    shares = density[which] / density[which].max()
    return np.array(places), shares


def combinations(likelihood: list[Array], most: int) -> list[tuple[int, ...]]:
    """The combinations of one choice of each, the most likely first.

    Parameters
    ----------
    likelihood : list of ndarray, (choice,)
        Of every thing that is chosen, descending.
    most : int
        No more than this many.

    Returns
    -------
    list of tuple of int
    """
    if not likelihood:
        return [()]
    logs = [np.log(np.maximum(each, 1e-300)) for each in likelihood]
    first = (0,) * len(logs)
    tick = count()
    heap = [(-sum(float(each[0]) for each in logs), next(tick), first)]
    seen = {first}
    found: list[tuple[int, ...]] = []
    while heap and len(found) < most:
        cost, _, chosen = heapq.heappop(heap)
        found.append(chosen)
        for i, each in enumerate(logs):
            if chosen[i] + 1 < len(each):
                following = (*chosen[:i], chosen[i] + 1, *chosen[i + 1 :])
                if following not in seen:
                    seen.add(following)
                    step = float(each[chosen[i]] - each[chosen[i] + 1])
                    heapq.heappush(heap, (cost + step, next(tick), following))
    return found
