"""Read and write .npz: the arrays of a signal, and what describes them as JSON beside them.

Files of other programs are read as well: the array ``data``, or the only one; ``x`` or ``axis``
are the positions on its last axis, ``variance`` is its noise.
"""

import json
import os
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO
from warnings import warn

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from hsjupyter.core.errors import FileFormatError, HSJupyterWarning
from hsjupyter.storage.layout import NestedRecord
from hsjupyter.storage.limits import DEPTH, available_memory
from hsjupyter.storage.replace import replacing

Record = dict[str, Any]
Arrays = dict[str, NDArray[Any]]

DESCRIPTION = "hsjupyter"
ARRAY, SEVERAL, SIGNAL = "__array__", "__tuple__", "__signal__"
PARTS = ("data", "axes", "metadata", "original_metadata", "learning_results", "models")

# What the libraries raise on bytes that are not what they should be.
DAMAGE = (
    OSError,
    ValueError,
    EOFError,
    KeyError,
    TypeError,
    RuntimeError,  # of a file with a password, or nested too deep
    OverflowError,
    MemoryError,
    zipfile.BadZipFile,
    zlib.error,
)


# -- reading -------------------------------------------------------------------------------------


def read_npz(path: Path) -> list[Record]:
    """The signal of a file, as a record.

    Raises
    ------
    FileFormatError
        Damaged, of objects, asking for more than it can hold, or without an array of data.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            _check_whole(archive)
            arrays = {m.filename.removesuffix(".npy"): _read(archive, m) for m in _members(archive)}
        return [_described(arrays) if DESCRIPTION in arrays else _foreign(arrays, path.stem)]
    except FileFormatError as why:
        raise FileFormatError(f"{path}: {why}; take another copy") from why
    except DAMAGE as why:
        raise FileFormatError(
            f"{path} cannot be read as a .npz file ({type(why).__name__}: {str(why)[:200]}); take "
            "another copy, or write it again with numpy.savez"
        ) from why


def _described(arrays: Arrays) -> Record:
    """The signal that a file of ours describes."""
    described = json.loads(arrays.pop(DESCRIPTION).astype(np.uint8).tobytes())
    record = _decoded(described, arrays, 0)
    if not isinstance(record, dict) or not _is_record(record):
        raise FileFormatError("its description does not fit its arrays")
    return record


def _members(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    return [member for member in archive.infolist() if member.filename.endswith(".npy")]


def _check_whole(archive: zipfile.ZipFile) -> None:
    wanted = sum(member.file_size for member in _members(archive))
    if wanted > available_memory():
        raise FileFormatError(
            f"it asks for {wanted / 2**30:.1f} GiB, more than is free; close other programs"
        )


def _read(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> NDArray[Any]:
    """One array, after its header was found to promise no more than there is.

    Raises
    ------
    FileFormatError
        It promises more, or holds objects.
    """
    with archive.open(member) as file:
        shape, dtype = _promised(file)
    if dtype.hasobject:
        raise FileFormatError(f"{member.filename} holds objects, which are never read from a file")
    n = dtype.itemsize * int(np.prod(shape, dtype=object))
    if n > member.file_size or any(side < 0 for side in shape):
        raise FileFormatError(f"{member.filename} declares {shape} values, and holds fewer")
    with archive.open(member) as file:
        array: NDArray[Any] = npy.read_array(file, allow_pickle=False)
        file.read()  # to the end, where the checksum is compared
    native = array.dtype.newbyteorder("=")
    return array.astype(native, copy=False)


def _promised(file: Any) -> tuple[tuple[int, ...], np.dtype[Any]]:
    version = npy.read_magic(file)
    read = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
    shape, _, dtype = read(file)
    return shape, dtype


def _is_record(record: Record) -> bool:
    axes, data = record.get("axes"), record.get("data")
    branches = [record.get(name, {}) for name in PARTS[2:]]
    return (
        isinstance(data, np.ndarray)
        and isinstance(axes, list)
        and len(axes) == data.ndim
        and all(isinstance(axis, dict) for axis in axes)
        and all(isinstance(branch, dict) for branch in branches)
        and all(isinstance(model, dict) for model in branches[-1].values())
    )


def _decoded(value: Any, arrays: Arrays, depth: int) -> Any:
    if depth > DEPTH:
        raise FileFormatError(f"it nests deeper than {DEPTH} branches, as no metadata do")
    if isinstance(value, list):
        return [_decoded(inside, arrays, depth + 1) for inside in value]
    if not isinstance(value, dict):
        return value
    if value.keys() == {ARRAY}:
        return arrays[str(value[ARRAY])]
    if value.keys() == {SEVERAL} and isinstance(value[SEVERAL], list):
        return tuple(_decoded(inside, arrays, depth + 1) for inside in value[SEVERAL])
    if value.keys() == {SIGNAL}:
        record = _decoded(value[SIGNAL], arrays, depth + 1)
        if not isinstance(record, dict) or not _is_record(record):
            raise FileFormatError("a signal inside of its metadata is none")
        return NestedRecord(record)
    return {key: _decoded(inside, arrays, depth + 1) for key, inside in value.items()}


def _foreign(arrays: Arrays, name: str) -> Record:
    """Arrays of another program as a record."""
    if len(arrays) == 1 and "data" not in arrays:
        arrays = {"data": next(iter(arrays.values()))}
    data = arrays.get("data")
    if data is None or data.dtype.kind not in "biufc" or not data.ndim or 0 in data.shape:
        names = ", ".join(sorted(arrays)[:8]) or "nothing"
        raise FileFormatError(
            f"it holds {names}, and an array 'data' of numbers is wanted (the numbers of a model's "
            "parameters are read by m.load_parameters_from_file())"
        )
    axes: list[Record] = [{"size": n, "navigate": True} for n in data.shape[:-1]]
    axes.append({"size": data.shape[-1], "navigate": False})
    x = arrays.get("x", arrays.get("axis"))
    if x is not None and x.shape == data.shape[-1:] and x.dtype.kind in "iuf":
        axes[-1] = {"axis": x.astype(np.float64), "navigate": False}
    metadata = {"General": {"title": name}, "Signal": {"signal_type": ""}}
    record: Record = {"data": data, "axes": axes, "metadata": metadata}
    variance = arrays.get("variance")
    if variance is not None and variance.dtype.kind in "iuf":
        record["variance"] = variance
    return record


# -- writing -------------------------------------------------------------------------------------


def write_npz(path: str | os.PathLike[str], record: Mapping[str, Any], *, overwrite: bool) -> None:
    """Write a signal with all that describes it.

    Parameters
    ----------
    path : path-like
    record : dict
        As `signal_records.record_of` gives it, and ``models``.
    overwrite : bool
        Whether a file that is there may be replaced.

    Raises
    ------
    TargetExistsError, SaveError
        As of `replacing`.
    """
    arrays: Arrays = {}
    lost: list[str] = []
    kept = {name: record[name] for name in PARTS if record.get(name) is not None}
    described = _encoded(kept, arrays, lost, "")
    arrays[DESCRIPTION] = np.frombuffer(json.dumps(described).encode(), np.uint8)
    with replacing(path, overwrite=overwrite) as beside, beside.open("r+b") as file:
        _write_arrays(file, arrays)
    if lost:
        warn(
            f"{path}: left out, since a .npz file has no place for them: {', '.join(lost)}; keep "
            "numbers, texts, lists, arrays and dictionaries, or save as .hspy",
            HSJupyterWarning,
            stacklevel=3,
        )


def _write_arrays(file: BinaryIO, arrays: Arrays) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as archive:
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                npy.write_array(member, array, allow_pickle=False)


def _encoded(value: Any, arrays: Arrays, lost: list[str], where: str) -> Any:
    """A value as JSON has it; arrays are put aside, and what has no place is told."""
    if isinstance(value, NestedRecord):
        kept = {name: value[name] for name in PARTS if name in value}
        return {SIGNAL: _encoded(kept, arrays, lost, where)}
    if isinstance(value, Mapping):
        items = {str(k): _encoded(v, arrays, lost, f"{where}.{k}") for k, v in value.items()}
        return {key: inside for key, inside in items.items() if inside is not _NOWHERE}
    if type(value) in {list, tuple}:
        items_ = [_encoded(v, arrays, lost, f"{where}[{i}]") for i, v in enumerate(value)]
        kept_ = [inside for inside in items_ if inside is not _NOWHERE]
        return kept_ if isinstance(value, list) else {SEVERAL: kept_}
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or isinstance(value, str | bool | int | float):
        return value
    shown = where.removeprefix(".")
    array = np.asarray(value) if hasattr(value, "__array__") else None
    if array is None or array.dtype.hasobject:
        lost.append(shown)
        return _NOWHERE
    name = "data" if shown == "data" else f"array_{len(arrays)}"
    arrays[name] = array
    return {ARRAY: name}


_NOWHERE = object()
"""Stands for a value that has no place in a file."""
