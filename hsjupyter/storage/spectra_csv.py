"""Read and write .csv: positions in the first column, a spectrum in each of the others."""

import csv
import io
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hsjupyter.core.axes import make_axis
from hsjupyter.core.errors import FileFormatError
from hsjupyter.storage.replace import replacing
from hsjupyter.storage.text import check_text_size, decoded

Record = dict[str, Any]

REMARKS = ("#", "%", "//")
HEADING = re.compile(r"\s*(?P<name>.*?)\s*(?:[\[(](?P<units>[^\])]*)[\])])?\s*")
VARIANCE = "variance"
INTENSITY = "intensity"
MOST_HEADINGS = 200
"""Rows of words before the numbers that an instrument may write."""


def read_csv(path: Path) -> list[Record]:
    """The spectra of a table, as a record.

    Parameters
    ----------
    path : Path
        Columns between commas, semicolons, tabs or blanks; a comma may be the decimal point where
        something else separates. Remarks begin with ``#``, ``%`` or ``//``; the last row of words
        before the numbers is the heading: ``Energy [eV], intensity``. A single column has no
        positions; the column ``variance`` of a single spectrum is its noise. Where all headings of
        several spectra are numbers, they are the positions on the navigation axis.

    Raises
    ------
    FileFormatError
        No table of numbers.
    """
    check_text_size(path)
    lines = [line.strip() for line in decoded(path).splitlines()]
    lines = [line for line in lines if line and not line.startswith(REMARKS)]
    heading, table = _table(lines, path)
    if table.shape[1] == 1:
        heading = ["", *heading] if heading else []
        table = np.column_stack([np.arange(len(table), dtype=np.float64), table])
    return [_record(heading, table, path)]


def _table(lines: list[str], path: Path) -> tuple[list[str], NDArray[np.float64]]:
    """Heading and numbers; each way to cut the lines is tried until one gives numbers."""
    for begin in range(min(len(lines), MOST_HEADINGS)):
        for separator, decimal in ((",", "."), (";", "."), (";", ","), ("\t", "."), ("\t", ",")):
            if (table := _numbers(lines[begin:], separator, decimal)) is not None:
                return _cut(lines[begin - 1], separator) if begin else [], table
        if (table := _numbers(lines[begin:], None, ".")) is not None:
            return re.split(r"\s+", lines[begin - 1]) if begin else [], table
        if any(_row(lines[begin], separator, ".") for separator in (",", ";", "\t", None)):
            break  # a row of numbers is no heading: those after it are not alike
    raise FileFormatError(
        f"{path} holds no table of numbers with as many in each row; a first column of positions "
        "and a column for each spectrum are wanted"
    )


def _numbers(lines: list[str], separator: str | None, decimal: str) -> NDArray[np.float64] | None:
    """All rows as numbers of one table; None where they are not."""
    first = _row(lines[0], separator, decimal)
    if first is None:
        return None
    rows = [first]
    for line in lines[1:]:
        row = _row(line, separator, decimal)
        if row is None or len(row) != len(first):
            return None
        rows.append(row)
    return np.array(rows, dtype=np.float64)


def _row(line: str, separator: str | None, decimal: str) -> list[float] | None:
    cells = re.split(r"\s+", line) if separator is None else line.split(separator)
    if len(cells) > 1 and not cells[-1].strip():
        cells = cells[:-1]  # a separator at the end of each line
    try:
        return [
            float(cell.replace(decimal, ".").strip(' "')) if cell.strip(' "') else float("nan")
            for cell in cells
        ]
    except ValueError:
        return None


def _cut(line: str, separator: str) -> list[str]:
    cells = next(csv.reader([line], delimiter=separator))
    return cells[:-1] if len(cells) > 1 and not cells[-1].strip() else cells


def _record(heading: list[str], table: NDArray[np.float64], path: Path) -> Record:
    x, columns = table[:, 0], table[:, 1:]
    steps = np.diff(x)
    if not np.isfinite(x).all() or not ((steps > 0).all() or (steps < 0).all()):
        raise FileFormatError(
            f"{path}: its first column does not rise or fall all along, so that it holds no "
            "positions; sort the rows by it, or put a column of positions first"
        )
    words = heading if len(heading) == table.shape[1] else [""] * table.shape[1]
    name, units = _name_and_units(words[0])
    axis: Record = {"name": name, "units": units, "navigate": False, "is_binned": False}
    axis |= _as_axis(x)
    metadata: Record = {"General": {"title": path.stem, "original_filename": path.name}}
    record: Record = {"metadata": metadata, "original_metadata": {}, "axes": [axis]}
    if columns.shape[1] == 2 and words[2].strip().lower() == VARIANCE:
        if not (columns[:, 1] >= 0).all():
            raise FileFormatError(
                f"{path}: its column 'variance' holds what is not a positive number; correct it, "
                "or give the column another name"
            )
        record["variance"], columns = columns[:, 1].copy(), columns[:, :1]
    if columns.shape[1] == 1:
        _name, quantity = words[1], INTENSITY
        if _name.strip() and _name.strip() != quantity:
            metadata["Signal"] = {"quantity": _name.strip()}
        return {**record, "data": columns[:, 0].copy()}
    places = _places(words[1:])
    across: Record = {"navigate": True, "name": "", "units": "", "is_binned": False}
    across |= {"size": columns.shape[1], "scale": 1.0, "offset": 0.0} if places is None else places
    if places is None and any(words[1:]):
        record["original_metadata"] = {"headings": [word.strip() for word in words[1:]]}
    return {**record, "data": np.ascontiguousarray(columns.T), "axes": [across, axis]}


def _name_and_units(word: str) -> tuple[str, str]:
    found = HEADING.fullmatch(word)
    return (found["name"], found["units"] or "") if found else (word.strip(), "")


def _places(words: list[str]) -> Record | None:
    """A navigation axis of headings that are numbers: ``x=1.5 [nm]`` or plainly ``1.5``."""
    cut = [_name_and_units(word) for word in words]
    names = {name.rpartition("=")[0].strip() for name, _ in cut}
    try:
        values = np.array([float(name.rpartition("=")[2]) for name, _ in cut])
    except ValueError:
        return None
    steps = np.diff(values)
    if not np.isfinite(values).all() or not ((steps > 0).all() or (steps < 0).all()):
        return None
    named = {"name": names.pop() if len(names) == 1 else "", "units": cut[0][1]}
    return {**_as_axis(values), **named}


def _as_axis(x: NDArray[np.float64]) -> Record:
    """Positions as a uniform axis where they are, to the digits of a text."""
    n = len(x)
    scale = (x[-1] - x[0]) / (n - 1) if n > 1 else 1.0
    uniform = x[0] + scale * np.arange(n)
    if np.abs(uniform - x).max() <= 1e-9 * max(abs(x[0]), abs(x[-1]), abs(scale)):
        return {"size": n, "scale": float(f"{scale:.12g}"), "offset": float(x[0])}
    return {"axis": x}


def write_csv(path: str | os.PathLike[str], record: Mapping[str, Any], *, overwrite: bool) -> None:
    """Write a spectrum, or spectra along one navigation axis, as a table.

    Parameters
    ----------
    path : path-like
    record : dict
        As `signal_records.record_of` gives it.
    overwrite : bool
        Whether a file that is there may be replaced.

    Raises
    ------
    FileFormatError
        It has more axes, or complex numbers.
    TargetExistsError, SaveError
        As of `replacing`.
    """
    data, axes = np.asarray(record["data"]), record["axes"]
    navigation = [axis for axis in axes if axis["navigate"]]
    if len(axes) - len(navigation) != 1 or len(navigation) > 1 or data.dtype.kind not in "biuf":
        raise FileFormatError(
            f"{path}: a .csv file holds spectra along one navigation axis at most, of real "
            f"numbers, and data of shape {data.shape} and type {data.dtype} came; take a part with "
            "s.inav[...], or save as .hspy or .npz"
        )
    x = make_axis({**axes[-1], "navigate": False}).axis
    columns = [x.tolist(), *np.atleast_2d(data).tolist()]
    heads = [_heading(axes[-1], "position"), INTENSITY]
    if navigation:
        across = navigation[0]
        name, units = across.get("name") or "", across.get("units") or ""
        places = make_axis({**across, "navigate": False}).axis.tolist()
        heads[1:] = [f"{name}={p!r}" + (f" [{units}]" if units else "") for p in places]
    elif record.get("variance") is not None:
        heads.append(VARIANCE)
        columns.append(np.broadcast_to(record["variance"], data.shape).tolist())
    with replacing(path, overwrite=overwrite) as beside:
        text = io.StringIO()
        table = csv.writer(text, lineterminator="\n")
        table.writerow(heads)
        table.writerows(zip(*columns, strict=True))
        beside.write_text(text.getvalue(), encoding="utf-8", newline="")


def _heading(axis: Mapping[str, Any], otherwise: str) -> str:
    units = axis.get("units") or ""
    return (axis.get("name") or otherwise) + (f" [{units}]" if units else "")
