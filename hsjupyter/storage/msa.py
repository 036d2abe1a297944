"""Read and write .msa: one spectrum as text, as most instruments export it.

Source
------
ISO 22029, "Microbeam analysis: EMSA/MAS standard file format for spectral-data exchange".
"""

import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hsjupyter.core.axes import make_axis
from hsjupyter.core.errors import FileFormatError
from hsjupyter.storage.replace import replacing
from hsjupyter.storage.text import check_text_size, decoded, numbers_of

Record = dict[str, Any]

KINDS = {"ELS": "EELS", "CLS": "CL"}
"""What the format calls a kind of spectrum, and what its signal type is here."""

MICROSCOPE = "Acquisition_instrument.TEM"
PLACES = {
    "BEAMKV": ("kV", f"{MICROSCOPE}.beam_energy"),
    "PROBECUR": ("nA", f"{MICROSCOPE}.beam_current"),
    "CONVANGLE": ("mR", f"{MICROSCOPE}.convergence_angle"),
    "COLLANGLE": ("mR", f"{MICROSCOPE}.Detector.EELS.collection_angle"),
    "DWELLTIME": ("ms", f"{MICROSCOPE}.Detector.EELS.dwell_time"),
    "ELEVANGLE": ("dg", f"{MICROSCOPE}.Detector.EDS.elevation_angle"),
    "AZIMANGLE": ("dg", f"{MICROSCOPE}.Detector.EDS.azimuth_angle"),
    "LIVETIME": ("s", f"{MICROSCOPE}.Detector.EDS.live_time"),
    "REALTIME": ("s", f"{MICROSCOPE}.Detector.EDS.real_time"),
    "XTILTSTGE": ("dg", f"{MICROSCOPE}.Stage.tilt_alpha"),
    "YTILTSTGE": ("dg", f"{MICROSCOPE}.Stage.tilt_beta"),
    "THICKNESS": ("nm", "Sample.thickness"),
}
"""Keywords with a number, its unit, and where it stands in the metadata."""

NUMBERS = {"NPOINTS", "NCOLUMNS", "XPERCHAN", "OFFSET", "CHOFFSET", "VERSION", *PLACES}
SCANNING = 30.0
"""Kilovolts up to which X-rays are taken for those of a scanning microscope."""

MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
DATE = re.compile(r"(\d{1,2})-([A-Za-z]{3})-(\d{4})")
ISO_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
LINE = re.compile(r"#{1,2}\s*(?P<name>[^\s:]+?)\s*(?:-(?P<unit>[A-Za-z%]+))?\s*:(?P<value>.*)")


def read_msa(path: Path) -> list[Record]:
    """The spectrum of a file, as a record.

    Raises
    ------
    FileFormatError
        No such file of text, or without the numbers it promises.
    """
    check_text_size(path)
    header: dict[str, str] = {}
    lines = decoded(path).splitlines()
    rows: list[str] = []
    inside = False
    for line in map(str.strip, lines):
        if not line.startswith("#"):
            rows += [line] if inside and line else []
            continue
        found = LINE.fullmatch(line)
        name = found["name"].upper() if found else line.lstrip("# ").split(":")[0].strip().upper()
        if name == "ENDOFDATA":
            break
        inside = inside or name == "SPECTRUM"
        if found and name != "SPECTRUM":
            header.setdefault(name, found["value"].strip())
    if not inside:
        raise FileFormatError(
            f"{path} has no line '#SPECTRUM', after which the numbers of a .msa file stand; give a "
            "file in the EMSA/MAS format"
        )
    return [_record(header, rows, path)]


def _record(header: Mapping[str, str], rows: list[str], path: Path) -> Record:
    values = numbers_of(rows, path)
    scale, offset = _number(header, "XPERCHAN", 1.0), _number(header, "OFFSET", 0.0)
    axis: Record = {"name": header.get("XLABEL", ""), "units": header.get("XUNITS", "")}
    if header.get("DATATYPE", "Y").upper() == "XY":
        flat = np.concatenate(values)
        if len(flat) % 2:
            raise FileFormatError(
                f"{path} promises pairs (DATATYPE XY), and holds {len(flat)} numbers; take another "
                "copy, or correct DATATYPE"
            )
        x, y = flat[::2], flat[1::2]
        uniform = offset + scale * np.arange(len(x))
        # Positions are rounded to few digits: half a channel says no more than the scale.
        if "XPERCHAN" not in header or np.abs(x - uniform).max(initial=0) > abs(scale) / 2:
            axis["axis"] = x
    else:
        y = np.concatenate(values)
    wanted = int(_number(header, "NPOINTS", len(y)))
    if not len(y) or wanted > len(y):
        raise FileFormatError(
            f"{path} promises {wanted} points and holds {len(y)}; the file is cut: take another "
            "copy, or correct NPOINTS"
        )
    y = y[: wanted or len(y)]
    if "axis" in axis:
        axis["axis"] = axis["axis"][: len(y)]
    else:
        axis |= {"size": len(y), "scale": scale, "offset": offset}
    axis |= {"navigate": False, "is_binned": _kind(header) in {"EELS", "EDS_TEM", "EDS_SEM"}}
    return {
        "data": y,
        "axes": [axis],
        "metadata": _metadata(header, path),
        "original_metadata": {name: _plain(name, value) for name, value in header.items()},
    }


def _kind(header: Mapping[str, str]) -> str:
    told = header.get("SIGNALTYPE", "").upper()
    if told == "EDS":
        return "EDS_TEM" if _number(header, "BEAMKV", 0.0) > SCANNING else "EDS_SEM"
    return KINDS.get(told, "")


def _number(header: Mapping[str, str], name: str, otherwise: float) -> float:
    found = _plain(name, header.get(name, ""))
    return float(found) if isinstance(found, float) and np.isfinite(found) else otherwise


def _plain(name: str, text: str) -> str | float:
    """What a header says: a number where one belongs."""
    try:
        return float(text) if name in NUMBERS else text
    except ValueError:
        return text


def _metadata(header: Mapping[str, str], path: Path) -> Record:
    kind = _kind(header)
    quantity = header.get("YLABEL", "")
    if header.get("YUNITS"):
        quantity = f"{quantity} ({header['YUNITS']})" if quantity else header["YUNITS"]
    general = {"title": header.get("TITLE", ""), "original_filename": path.name}
    date = DATE.fullmatch(header.get("DATE", ""))
    if date and date[2].upper() in MONTHS:
        month = MONTHS.index(date[2].upper()) + 1
        general["date"] = f"{date[3]}-{month:02d}-{int(date[1]):02d}"
    time = re.fullmatch(r"(\d{1,2}):(\d\d)(:\d\d)?", header.get("TIME", ""))
    if time:
        general["time"] = f"{int(time[1]):02d}:{time[2]}{time[3] or ':00'}"
    tree: Record = {"General": general, "Signal": {"signal_type": kind}}
    if quantity:
        tree["Signal"]["quantity"] = quantity
    for name, (_, place) in PLACES.items():
        value = _plain(name, header.get(name, ""))
        if isinstance(value, float):
            branch = tree
            *parts, last = _of_kind(place, kind).split(".")
            for part in parts:
                branch = branch.setdefault(part, {})
            branch[last] = value
    return tree


def _of_kind(place: str, kind: str) -> str:
    """The place in the metadata of a spectrum of some kind."""
    return place.replace(".TEM", ".SEM") if kind == "EDS_SEM" else place


# -- writing -------------------------------------------------------------------------------------


def write_msa(path: str | os.PathLike[str], record: Mapping[str, Any], *, overwrite: bool) -> None:
    """Write one spectrum.

    Parameters
    ----------
    path : path-like
    record : dict
        As `signal_records.record_of` gives it: of one axis.
    overwrite : bool
        Whether a file that is there may be replaced.

    Raises
    ------
    FileFormatError
        It is no single spectrum of real numbers.
    TargetExistsError, SaveError
        As of `replacing`.
    """
    data = np.asarray(record["data"])
    if data.ndim != 1 or record["axes"][0]["navigate"] or data.dtype.kind not in "biuf":
        raise FileFormatError(
            f"{path}: a .msa file holds one spectrum of real numbers, and data of shape "
            f"{data.shape} and type {data.dtype} came; take one with s.inav[...], or save as .hspy"
        )
    x = make_axis({**record["axes"][0], "navigate": False}).axis
    with replacing(path, overwrite=overwrite) as beside:
        lines = [*_header(record, x), *(f"{a!r}, {b!r}" for a, b in _pairs(x, data))]
        text = "\n".join([*lines, "#ENDOFDATA   : "]) + "\n"
        beside.write_text(text, encoding="utf-8", newline="\r\n")


def _pairs(x: NDArray[Any], y: NDArray[Any]) -> Iterable[tuple[float, float]]:
    return zip(x.tolist(), np.asarray(y, dtype=np.float64).tolist(), strict=True)


def _header(record: Mapping[str, Any], x: NDArray[np.float64]) -> Iterable[str]:
    metadata, axis = record.get("metadata", {}), record["axes"][0]
    kind = str(_at(metadata, "Signal.signal_type") or "")
    told = "EDS" if kind.startswith("EDS") else {v: k for k, v in KINDS.items()}.get(kind, kind)
    scale = axis.get("scale", (x[-1] - x[0]) / max(1, len(x) - 1))
    quantity = str(_at(metadata, "Signal.quantity") or "")
    label, _, units = quantity.rstrip(")").partition(" (")
    date = ISO_DATE.match(str(_at(metadata, "General.date") or ""))
    fields = {
        "FORMAT": "EMSA/MAS Spectral Data File",
        "VERSION": "1.0",
        "TITLE": _at(metadata, "General.title"),
        "DATE": f"{date[3]}-{MONTHS[int(date[2]) % 12 - 1]}-{date[1]}" if date else "",
        "TIME": str(_at(metadata, "General.time") or "")[:5],
        "OWNER": _at(metadata, "General.authors"),
        "NPOINTS": len(x),
        "NCOLUMNS": 1,
        "XUNITS": axis.get("units"),
        "YUNITS": units,
        "DATATYPE": "XY",
        "XPERCHAN": float(scale),
        "OFFSET": float(x[0]),
        "SIGNALTYPE": told,
        "XLABEL": axis.get("name"),
        "YLABEL": label,
    }
    for name, value in fields.items():
        text = "" if value is None else " ".join(str(value).split())
        yield f"#{name:<12}: {text}"
    for name, (unit, place) in PLACES.items():
        value = _at(metadata, _of_kind(place, kind))
        if isinstance(value, int | float) and not isinstance(value, bool):
            yield f"#{name:<9}{'-' + unit:>3}: {float(value)!r}"
    yield "#SPECTRUM    : Spectral Data Starts Here"


def _at(tree: Any, place: str) -> Any:
    for name in place.split("."):
        tree = tree.get(name) if isinstance(tree, Mapping) else None
    return tree
