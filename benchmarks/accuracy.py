"""Certified digits on the sets of NIST: this project beside HyperSpy, lmfit and scipy.

    python -m benchmarks.accuracy [--folder FOLDER] [--no-hyperspy]

Prints Markdown: of every set and start the digits of parameters / standard deviations / residual
sum of squares, each peer called as its manual shows it, with no tolerance, scale or derivative of
one's own. The peers are in the extra ``peers``.
"""

import argparse
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

import hsjupyter.api as hs
from benchmarks.nist import FOLDER, Array, Certified, digits, every_set
from hsjupyter.formula import parse

REPORT = {
    "title": "Certified digits on the sets of NIST",
    "limit": "six digits or more wherever scipy, lmfit or HyperSpy has them",
    "quick": ["--no-hyperspy"],
}

ENOUGH = 6
Found = tuple[Array, Array]
Peer = Callable[[Certified, Array], Found]


def line_of(certified: Certified) -> Callable[..., Any]:
    """The line as plain numpy; the files are ours, and the formula is checked by `Expression`."""
    variables = ("x",) if len(certified.x) == 1 else ("x1", "x2")
    formula = parse(certified.formula, variables).ordered(certified.names)

    def line(_: Any, *b: float) -> Any:
        return formula.value(tuple(certified.x), b)

    return line


def of_model(api: Any, certified: Certified, start: Array) -> Found:
    """A model of this project or of HyperSpy, which share their words."""
    x, y = certified.rising()
    model = api.signals.Signal1D(y, axes=[{"axis": x}]).create_model()
    model.append(api.model.components1D.Expression(certified.formula, certified.name))
    named = {p.name: p for p in model[0].parameters}
    for name, value in zip(certified.names, start, strict=True):
        named[name].value = value
    model.fit()
    chosen = [named[name] for name in certified.names]
    std = [np.nan if p.std is None else p.std for p in chosen]
    return np.array([p.value for p in chosen]), np.array(std, dtype=np.float64)


def ours(certified: Certified, start: Array) -> Found:
    """``m.fit()``."""
    if len(certified.x) == 1:
        return of_model(hs, certified, start)
    line = line_of(certified)

    class Predictors(hs.Component, registered=False):
        b1, b2, b3 = hs.Par(1.0), hs.Par(1.0), hs.Par(1.0)
        profile = staticmethod(line)

    model = hs.signals.Signal1D(certified.y).create_model()
    model.append(Predictors(*start))
    result = model.fit()
    return result.x, result.std


def hyperspy(certified: Certified, start: Array) -> Found:
    """``m.fit()`` of HyperSpy 2.5."""
    import hyperspy.api as theirs

    if len(certified.x) > 1:
        raise ValueError("a component of HyperSpy has one variable an axis")
    theirs.set_log_level("CRITICAL")
    return of_model(theirs, certified, start)


def lmfit(certified: Certified, start: Array) -> Found:
    """``Minimizer.minimize()`` of lmfit."""
    import lmfit as theirs

    line = line_of(certified)
    parameters = theirs.Parameters()
    for name, value in zip(certified.names, start, strict=True):
        parameters.add(name, value=value)

    def residual(p: Any) -> Array:
        left: Array = line(None, *(p[name].value for name in certified.names)) - certified.y
        return left

    found = theirs.minimize(residual, parameters).params
    std = [found[name].stderr for name in certified.names]
    none = [np.nan if each is None else each for each in std]
    return np.array([found[name].value for name in certified.names]), np.array(none)


def curve_fit(certified: Certified, start: Array) -> Found:
    """``scipy.optimize.curve_fit``."""
    from scipy import optimize

    x, covar = optimize.curve_fit(line_of(certified), certified.x[0], certified.y, p0=start)
    return x, np.sqrt(np.diag(covar))


PEERS: dict[str, Peer] = {
    "hsjupyter": ours,
    "HyperSpy": hyperspy,
    "lmfit": lmfit,
    "curve_fit": curve_fit,
}


def scores(certified: Certified, start: Array, peer: Peer) -> tuple[float, float, float]:
    """Digits of parameters, errors and residual sum of squares; 0 where a peer raises."""
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            values, std = peer(certified, start)
            left = line_of(certified)(None, *values) - certified.y
    except (ArithmeticError, ValueError, RuntimeError, TypeError):
        return 0.0, 0.0, 0.0
    return (
        digits(values, certified.values),
        digits(std, certified.std),
        digits(float(left @ left), certified.rss),
    )


def table(folder: Path, peers: dict[str, Peer]) -> Iterator[str]:
    """The rows of the table, and its sum."""
    yield f"| set | start | {' | '.join(peers)} |"
    yield f"| --- | --- | {' | '.join('---' for _ in peers)} |"
    reached = {name: np.zeros(3, dtype=int) for name in peers}
    runs = 0
    for certified in every_set(folder):
        for k, start in enumerate(certified.starts):
            runs += 1
            cells = []
            for name, peer in peers.items():
                found = scores(certified, start, peer)
                reached[name] += np.array(found) >= ENOUGH
                cells.append(" / ".join(f"{each:.1f}" for each in found))
            yield f"| {certified.name} | {k + 1} | {' | '.join(cells)} |"
    sums = (" / ".join(str(each) for each in reached[name]) for name in peers)
    yield f"| **{ENOUGH} digits or more** | of {runs} | {' | '.join(sums)} |"


def main() -> None:
    """Print the table."""
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    words.add_argument("--folder", type=Path, default=FOLDER)
    words.add_argument("--no-hyperspy", action="store_true")
    asked = words.parse_args()
    peers = {n: p for n, p in PEERS.items() if n != "HyperSpy" or not asked.no_hyperspy}
    print("Certified digits: parameters / standard deviations / residual sum of squares\n")
    for row in table(asked.folder, peers):
        print(row, flush=True)


if __name__ == "__main__":
    main()
