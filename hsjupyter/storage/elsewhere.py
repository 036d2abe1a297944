"""Formats that rosettasciio knows: loaded on demand, where a person has installed it."""

import json
import os
import zipfile
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any
from warnings import warn

import numpy as np

from hsjupyter.core.errors import (
    FileFormatError,
    HSJupyterWarning,
    SaveError,
    TargetExistsError,
)
from hsjupyter.storage.layout import NestedRecord

Record = dict[str, Any]

ZSPY = ".zspy"
WITHHELD = {
    "rsciio.netcdf": "its reader evaluates texts of the file",
    "rsciio.pantarhei": "its reader unpickles parts of the file",
}
"""Readers that are never used, and why: a file is data."""

CODECS = {
    None, "adler32", "astype", "bitround", "blosc", "bz2", "crc32", "delta", "fixedscaleoffset",
    "fletcher32", "gzip", "lz4", "lzma", "msgpack2", "packbits", "quantize", "shuffle",
    "vlen-array", "vlen-bytes", "vlen-utf8", "zlib", "zstd",
}  # fmt: skip
"""Ways to keep numbers in .zspy that bring no code; ``pickle`` is another."""

PLAIN = (str, bytes, bool, int, float, complex, list, tuple, np.ndarray, np.generic)

# What readers of many hands raise on bytes that are not what they should be.
REFUSALS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    ImportError,
    LookupError,
    MemoryError,
    NotImplementedError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
    zipfile.BadZipFile,
)


def read_elsewhere(path: Path, options: Mapping[str, Any]) -> list[Record]:
    """The records of a file that rosettasciio knows by its suffix.

    Raises
    ------
    FileFormatError
        rosettasciio is not installed, does not know the suffix, or cannot read the file.
    """
    ending = path.suffix.lower().removeprefix(".")
    apis = _apis(ending, f"{path} is of no format that hsjupyter reads by itself", "")
    told = [f"{api}: {WITHHELD[api]}" for api in apis if api in WITHHELD]
    apis = [api for api in apis if api not in WITHHELD]
    if not ending or not apis:
        raise FileFormatError(
            f"{path}: no reader knows {path.suffix!r}"
            + (f" but one that is not used, since {told[0]}" if told else "")
            + "; give the file the suffix of its format, or convert it to .hspy"
        )
    if path.suffix.lower() == ZSPY:
        _check_codecs(path)
    return _first_that_reads(path, apis, options, told)


def _apis(ending: str, what: str, wanted: str) -> list[str]:
    """The readers of an ending; those that write, where ``wanted`` says so."""
    try:
        plugins = import_module("rsciio").IO_PLUGINS
    except ModuleNotFoundError as missing:
        raise FileFormatError(
            f"{what}; for '.{ending}' and some forty formats more: pip install 'hsjupyter[formats]'"
        ) from missing
    return [
        plugin["api"]
        for plugin in plugins
        if ending in {known.lower() for known in plugin["file_extensions"]}
        and (not wanted or plugin["writes"])
    ]


def _first_that_reads(
    path: Path, apis: list[str], options: Mapping[str, Any], told: list[str]
) -> list[Record]:
    """Records from the first reader that takes the file: a suffix may belong to several."""
    for api in apis:
        try:
            records: list[Record] = import_module(api).file_reader(str(path), **options)
        except REFUSALS as why:
            missing = isinstance(why, ImportError)
            told.append(
                f"{api}: {type(why).__name__}: {str(why)[:120]}"
                + ("; pip install 'rosettasciio[all]' has what it needs" if missing else "")
            )
            continue
        return [_in_our_words(record) for record in records]
    raise FileFormatError(
        f"{path} could not be read by rosettasciio ({'; '.join(told)}); take another copy, or "
        "convert it to .hspy with the program of the instrument"
    )


def _in_our_words(record: Mapping[str, Any]) -> Record:
    """A record of theirs as one of ours: signals inside of metadata have a name of their own."""
    axes = [
        {key: value for key, value in axis.items() if key != "index_in_array"}
        for axis in record.get("axes") or _plain_axes(record["data"].shape)
    ]
    for axis in axes:
        axis["navigate"] = bool(axis.get("navigate", False))
    return {
        **record,
        "axes": axes,
        "metadata": _without_marks(record.get("metadata") or {}),
        "original_metadata": _without_marks(record.get("original_metadata") or {}),
    }


def _plain_axes(shape: tuple[int, ...]) -> list[Record]:
    return [{"size": n, "navigate": i < len(shape) - 1} for i, n in enumerate(shape)]


def _without_marks(value: Any) -> Any:
    if isinstance(value, Mapping):
        if {"data", "axes", "metadata"} <= value.keys():
            return NestedRecord(_in_our_words(value))
        return {
            str(key).removeprefix("_sig_"): _without_marks(inside) for key, inside in value.items()
        }
    if isinstance(value, list | tuple):
        return type(value)(_without_marks(inside) for inside in value)
    return value


def _check_codecs(path: Path) -> None:
    """Refuse a .zspy whose numbers are packed in a way that brings code.

    Raises
    ------
    FileFormatError
        They are, or what says how is damaged.
    """
    for name, raw in _descriptions(path):
        try:
            described = json.loads(raw)
        except (ValueError, RecursionError) as why:
            raise FileFormatError(
                f"{path}: {name} is damaged ({str(why)[:100]}); take another copy"
            ) from why
        strange = _codecs(described) - CODECS
        if strange:
            raise FileFormatError(
                f"{path}: {name} is packed with {', '.join(map(repr, sorted(map(str, strange))))}, "
                "which may bring code; ask its author for a file of plain numbers"
            )


def _codecs(value: Any) -> set[Any]:
    """All that stands under ``id`` of filters and compressors, wherever they are."""
    found: set[Any] = set()
    inside = [value]
    while inside:
        here = inside.pop()
        if isinstance(here, dict):
            for key, branch in here.items():
                if key in {"filters", "compressor"}:
                    packers = branch if isinstance(branch, list) else [branch]
                    found |= {str(p.get("id")) if isinstance(p, dict) else None for p in packers}
                inside.append(branch)
        elif isinstance(here, list):
            inside += here
    return found


def _descriptions(path: Path) -> Iterator[tuple[str, bytes]]:
    wanted = (".zarray", ".zmetadata", "zarr.json")
    if path.is_dir():
        for folder, _, names in os.walk(path):
            for name in names:
                if name.endswith(wanted):
                    yield name, (Path(folder) / name).read_bytes()
    elif zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                if name.endswith(wanted):
                    yield name, archive.read(name)


# -- writing -------------------------------------------------------------------------------------


def write_elsewhere(path: Path, record: Mapping[str, Any], *, overwrite: bool) -> None:
    """Write a record in a format that rosettasciio writes.

    Raises
    ------
    FileFormatError
        rosettasciio is not installed, or does not write the suffix, or not such data.
    TargetExistsError
        There is such a file, and ``overwrite`` was not said.
    SaveError
        It cannot be written there.
    """
    ending = path.suffix.lower().removeprefix(".")
    ours = "hsjupyter writes .hspy, .npz, .msa and .csv by itself"
    apis = _apis(ending, f"{path} ends with {path.suffix!r}; {ours}", "write")
    apis = [api for api in apis if api not in WITHHELD]
    if not apis:
        raise FileFormatError(
            f"{path} ends with {path.suffix!r}, and {ours}; end the name so: {path.name}.hspy"
        )
    if path.exists() and not overwrite:
        raise TargetExistsError(
            f"{path} is there already and is kept; save with overwrite=True, or under another name"
        )
    lost: list[str] = []
    theirs = _in_their_words(record, lost)
    folder: Path | None = None
    try:
        folder = Path(mkdtemp(prefix=f".{path.stem[:100]}.", suffix=".part", dir=path.parent))
        import_module(apis[0]).file_writer(str(folder / path.name), theirs)
        for new in sorted(folder.iterdir(), key=lambda one: one.name == path.name):
            _take_place(new, path.with_name(new.name))
    except REFUSALS as why:
        if isinstance(why, OSError) and why.errno is not None:
            raise SaveError(
                f"{path} cannot be written ({why}); choose a folder that exists and is yours: what "
                "was there is unharmed"
            ) from why
        needs = "pip install 'rosettasciio[all]' has what it needs, or "
        raise FileFormatError(
            f"{path}: rosettasciio does not write it ({apis[0]}: {type(why).__name__}: "
            f"{str(why)[:150]}); {needs if isinstance(why, ImportError) else ''}save as .hspy"
        ) from why
    finally:
        if folder is not None:
            rmtree(folder, ignore_errors=True)
    if lost:
        warn(
            f"{path}: left out, since the file has no place for them: {', '.join(lost)}; keep "
            "numbers, texts, lists, arrays and dictionaries",
            HSJupyterWarning,
            stacklevel=3,
        )


def _in_their_words(record: Mapping[str, Any], lost: list[str]) -> Record:
    """A record as rosettasciio's writers take it; what has no place there is told in ``lost``."""
    axes = [
        {"name": "", "units": "", "is_binned": False, **axis, "index_in_array": place}
        for place, axis in enumerate(record["axes"])
    ]
    general = record.get("metadata", {}).get("General", {})
    original = record.get("original_metadata", {})
    return {
        "data": np.asarray(record["data"]),
        "axes": axes,
        "metadata": _with_marks(record.get("metadata", {}), "metadata", lost),
        "original_metadata": _with_marks(original, "original_metadata", lost),
        "learning_results": record.get("learning_results", {}),
        "models": _with_marks(record.get("models", {}), "models", lost),
        "attributes": {"_lazy": False, "ragged": False},
        "package_info": {"package": "hsjupyter", "package_version": ""},
        "tmp_parameters": {"original_filename": str(general.get("title", ""))},
    }


def _with_marks(tree: Mapping[str, Any], where: str, lost: list[str]) -> Record:
    """Nested dictionaries, the signals inside of them marked, the places of lists padded."""
    made: Record = {}
    for key, value in tree.items():
        place = f"{where}.{key}"
        if isinstance(value, NestedRecord):
            theirs = _in_their_words(value, lost)
            made[f"_sig_{key}"] = _with_marks(theirs, place, lost)
        elif isinstance(value, Mapping):
            made[key] = _with_marks(value, place, lost)
        elif type(value) in {list, tuple} and any(isinstance(v, Mapping | list) for v in value):
            kind, width = type(value).__name__, len(str(len(value) - 1))
            members = {f"{n:0{width}d}": inside for n, inside in enumerate(value)}
            made[f"_{kind}_{len(value)}_{key}"] = _with_marks(members, place, lost)
        elif value is None or isinstance(value, PLAIN):
            made[key] = value.item() if isinstance(value, np.generic) else value
        else:
            lost.append(place)
    return made


def _take_place(new: Path, target: Path) -> None:
    """Let a new file or folder become the target; an old folder is gone last."""
    old = new.with_name(f"{new.name}.old")
    if target.is_dir():
        target.replace(old)
    new.replace(target)
    if old.is_dir():
        rmtree(old)
