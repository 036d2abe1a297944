"""The certified sets of NIST for nonlinear regression: read, and compared by digits.

The files are works of the United States government and so in the public domain; they come with the
tests. https://www.itl.nist.gov/div898/strd/nls/nls_main.shtml
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

FOLDER = Path(__file__).parents[1] / "tests" / "fitting" / "nist"
CERTIFIED = 11  # digits that NIST prints


@dataclass(frozen=True, eq=False)
class Certified:
    """One set.

    Attributes
    ----------
    name : str
    formula : str
        Of the parameters ``b1`` ... and of ``x``, or ``x1`` and ``x2``, as Python writes it.
    x : ndarray, (predictor, channel)
    y : ndarray, (channel,)
        Its logarithm where the set asks for it.
    starts : ndarray, (2, parameter)
    values, std : ndarray, (parameter,)
        Certified.
    rss : float
        Certified residual sum of squares.
    """

    name: str
    formula: str
    x: Array
    y: Array
    starts: Array
    values: Array
    std: Array
    rss: float

    def rising(self) -> tuple[Array, Array]:
        """Positions that rise throughout, as an axis wants them, and y.

        Where NIST measured twice at a place, the two are told apart by a whisper.
        """
        order = np.argsort(self.x[0], kind="stable")
        x = self.x[0][order].copy()
        for k in range(1, len(x)):
            x[k] = max(x[k], x[k - 1] * (1 + 1e-13))
        return x, self.y[order]

    @property
    def names(self) -> tuple[str, ...]:
        """The parameters."""
        return tuple(f"b{i + 1}" for i in range(len(self.values)))


def every_set(*folders: Path) -> Iterator[Certified]:
    """The sets of some folders, by name; those that come with the tests where none is given."""
    found = {path.stem: path for folder in folders or (FOLDER,) for path in folder.glob("*.dat")}
    for _, path in sorted(found.items()):
        yield read(path)


def read(path: Path) -> Certified:
    """A file of NIST."""
    text = path.read_text(encoding="ascii")
    rows = re.findall(r"^\s*b\d+ =\s+(\S+)\s+(\S+)\s+(\S+)\s+(\S+)\s*$", text, re.MULTILINE)
    first, second, values, std = np.array(rows, dtype=np.float64).T
    rss = re.search(r"Residual Sum of Squares:\s+(\S+)", text)
    table = text[text.rindex("Data:") :].splitlines()
    y, *x = np.array([line.split() for line in table[1:] if line.strip()], dtype=np.float64).T
    model = re.search(r"^\s*(y|log\[y\])\s*=(.*?)\+\s*e\s*$", text, re.MULTILINE | re.DOTALL)
    if rss is None or model is None:
        raise ValueError(f"{path} is no set of nonlinear regression as NIST writes them")
    response, formula = model.groups()
    return Certified(
        path.stem,
        _as_python(formula),
        np.array(x),
        np.log(y) if response.startswith("log") else y,
        np.array([first, second]),
        values,
        std,
        float(rss[1]),
    )


def _as_python(formula: str) -> str:
    plain = re.sub(r"\s+", " ", formula).strip().replace("[", "(").replace("]", ")")
    return plain.replace("arctan", "atan")


def digits(found: Array | float, certified: Array | float) -> float:
    """To how many digits all numbers agree with the certified ones, from 0 to 11.

    Source
    ------
    McCullough, The American Statistician 52, 358 (1998), doi:10.2307/2685442.
    """
    right = np.asarray(certified)
    error = np.abs(np.asarray(found) - right) / np.abs(right)
    if not np.isfinite(error).all():
        return 0.0
    worst = max(float(error.max()), 10.0**-CERTIFIED)
    return max(0.0, -float(np.log10(worst)))
