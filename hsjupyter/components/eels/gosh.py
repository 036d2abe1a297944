"""Tabulated oscillator strengths, read from the open ``.gosh`` files (HDF5)."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from hsjupyter.components.eels.edges import Edge
from hsjupyter.components.eels.kinematics import BOHR_RADIUS
from hsjupyter.core.errors import FileFormatError, MissingFileError, unknown_name

Array = NDArray[np.float64]
T = TypeVar("T")

MOST_NUMBERS = 50_000_000
"""A table of more numbers is not read."""


class TabulatedStrength:
    """A table of oscillator strengths over wave vector transfer and energy.

    Between its points linear in the energy and in the logarithm of the transfer; below the
    smallest transfer constant (the dipole limit), above the largest zero; above the highest
    energy it goes on as a power law.

    Parameters
    ----------
    q : ndarray, (q,)
        Wave vector transfers in 1/m, rising.
    free_energies : ndarray, (energy,)
        Energies above the onset in eV, rising.
    table : ndarray, (q, energy)
        Strength per eV.
    """

    # Compared and hashed by what it is, not by its numbers: a table is read once.
    def __init__(self, q: Array, free_energies: Array, table: Array) -> None:
        self._ln_q2 = 2 * np.log(q * BOHR_RADIUS)
        self._energies, self._table = free_energies, table

    def strength(self, energy: Array, onset: float, q2: Array) -> Array:
        """The strength per eV, (point, channel).

        Parameters
        ----------
        energy : ndarray, (channel,)
            Losses in eV.
        onset : float
            Where the free energies count from, in eV.
        q2 : ndarray, (point, channel)
            Squared wave vector transfers in 1/a0².
        """
        columns = self._at_energies(energy - onset)
        ln_q2 = np.log(q2)
        place, part = _place(self._ln_q2, np.maximum(ln_q2, self._ln_q2[0]))
        channel = np.arange(len(energy))
        between = columns[place, channel] * (1 - part) + columns[place + 1, channel] * part
        return np.where(ln_q2 > self._ln_q2[-1], 0.0, between)

    def _at_energies(self, free: Array) -> Array:
        """The strength at energies above the onset, (q, channel)."""
        last = self._energies[-1]
        place, part = _place(self._energies, np.clip(free, self._energies[0], last))
        between = self._table[:, place] * (1 - part) + self._table[:, place + 1] * part
        beyond = free > last
        if beyond.any():
            before, end = self._table[:, -2:-1], self._table[:, -1:]
            with np.errstate(all="ignore"):  # a row that ends at zero stays there
                fall = np.log(end / before) / np.log(last / self._energies[-2])
            fall = np.where(np.isfinite(fall), np.minimum(fall, 0.0), 0.0)
            between[:, beyond] = end * (free[beyond] / last) ** fall
        return np.asarray(between)


def _place(grid: Array, at: Array) -> tuple[NDArray[np.intp], Array]:
    """The interval of a rising grid in which a number lies, and how far in it, 0 to 1."""
    place = np.clip(np.searchsorted(grid, at, side="right") - 1, 0, len(grid) - 2)
    return place, np.clip((at - grid[place]) / (grid[place + 1] - grid[place]), 0.0, 1.0)


def edges_in_gosh(path: str) -> frozenset[str]:
    """The names of the edges that a file holds, such as ``Cr_L3``.

    Raises
    ------
    MissingFileError
        There is no such file.
    FileFormatError
        It is not laid out as a ``.gosh`` file.
    """
    return _open(path, _edges)


@cache
def read_gosh(path: str, edge: Edge) -> TabulatedStrength:
    """The strength of an edge, from a file.

    Parameters
    ----------
    path : str
        A ``.gosh`` file.
    edge : Edge

    Raises
    ------
    MissingFileError
        There is no such file.
    FileFormatError
        It is not laid out as a ``.gosh`` file, or its table is not one of finite numbers.
    UnknownNameError
        The edge is not in it.

    Source
    ------
    Segger, Guzzinati & Kohl, the GOSH format 0.7, Zenodo, doi:10.5281/zenodo.7645765.
    """
    return _open(path, lambda file: _read(file, path, edge))


def _open(path: str, read: Callable[[Any], T]) -> T:
    """What is read from a file, its faults told as ours."""
    import h5py

    if not Path(path).is_file():
        raise MissingFileError(
            f"there is no file {path!r}; give the path of a .gosh file with gos_file_path="
        )
    try:
        with h5py.File(path, "r") as file:
            return read(file)
    except (OSError, KeyError) as wrong:
        raise FileFormatError(
            f"{path}: {wrong}; a .gosh file, HDF5 with a group for every element, is wanted"
        ) from wrong


def _edges(file: Any) -> frozenset[str]:
    info = file["metadata/edges_info"]
    tables = {subshell: _table_name(info, subshell) for subshell in info}
    return frozenset(
        f"{element}_{subshell}"
        for element in file
        if element != "metadata"
        for subshell, table in tables.items()
        if table in file[element]
    )


def _table_name(info: Any, subshell: str) -> str:
    """Under which name the table of a subshell stands: L2 and L3 may share one."""
    name = info[subshell].attrs.get("table", subshell)
    return name.decode() if isinstance(name, bytes) else str(name)


def _read(file: Any, path: str, edge: Edge) -> TabulatedStrength:
    if edge.name not in (known := _edges(file)):
        raise unknown_name(path, edge.name, known)
    info = file["metadata/edges_info"]
    name, about = _table_name(info, edge.subshell), info[edge.subshell].attrs
    chosen = file[edge.element][name]
    if chosen["data"].size > MOST_NUMBERS:
        raise FileFormatError(
            f"{path}: a table of {chosen['data'].size} numbers came; at most {MOST_NUMBERS} are "
            "wanted; cut it to the edges you need"
        )
    q = np.asarray(chosen["q"], dtype=np.float64).ravel()
    free = np.asarray(chosen["free_energies"], dtype=np.float64).ravel()
    table = np.squeeze(np.asarray(chosen["data"], dtype=np.float64))
    good = table.shape == (len(q), len(free)) and min(table.shape) > 1
    if not good or not all(np.isfinite(a).all() for a in (q, free, table)):
        raise FileFormatError(
            f"{path}, {edge.element}/{name}: data of shape {table.shape} came for {len(q)} wave "
            f"vectors and {len(free)} energies; finite numbers of that shape are wanted"
        )
    if not (q[0] > 0 and (np.diff(q) > 0).all() and (np.diff(free) > 0).all()):
        raise FileFormatError(
            f"{path}, {edge.element}/{name}: q and free_energies must rise, and q be positive"
        )
    return TabulatedStrength(q, free, table * float(about.get("occupancy_ratio", 1.0)))
