"""Read and write .hspy: HDF5 laid out as HyperSpy does, signals as plain records.

A record is a dictionary: ``data`` (array), ``axes`` (descriptions in array order), ``metadata`` and
``original_metadata`` (nested dictionaries), ``attributes``, ``package``, ``package_version``,
``learning_results`` and ``models`` (nested dictionaries, by name).
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from warnings import warn

import numpy as np

from hsjupyter.core.errors import FileFormatError, HSJupyterWarning, MissingFileError
from hsjupyter.storage.axis_records import axis_from, axis_tree
from hsjupyter.storage.dialects import OLD_GROUPS, modernise
from hsjupyter.storage.heaps import check_heaps
from hsjupyter.storage.layout import member_name
from hsjupyter.storage.old_headers import OldHeaders
from hsjupyter.storage.replace import replacing
from hsjupyter.storage.sink import Sink
from hsjupyter.storage.tree_reader import SKIPPED, TreeReader
from hsjupyter.storage.tree_writer import TreeWriter, packed

Record = dict[str, Any]

VERSION = "3.3"
UNNAMED = "__unnamed__"
CHUNK = 1 << 20
TREES = ("metadata", "original_metadata", "attributes", "learning_results", *OLD_GROUPS)

# What h5py raises on bytes that are not what they should be.
DAMAGE = (
    OSError,
    RuntimeError,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    OverflowError,
    MemoryError,
)


def is_hspy(path: str | os.PathLike[str]) -> bool:
    """Whether a file says of itself that it holds HyperSpy's layout."""
    import h5py

    if not Path(path).is_file() or not h5py.is_hdf5(path):
        return False
    try:
        with h5py.File(path, "r") as file:
            return "Experiments" in file
    except DAMAGE:
        # It began well: let `read` say what is wrong with it.
        return True


# -- reading -------------------------------------------------------------------------------------


def read(path: str | os.PathLike[str]) -> list[Record]:
    """All signals of a file, in the order of their names, as records.

    Parameters
    ----------
    path : path-like
        A file written by HyperSpy 1.x to 2.5, or by `write`.

    Returns
    -------
    list of dict
        At least one record; ``models`` holds the models stored beside the signal, not interpreted.

    Raises
    ------
    MissingFileError
        No such file.
    FileFormatError
        Not HDF5, of another program, damaged, or asking for more than it can hold.
    """
    with _opened(path) as (file, headers):
        reader = TreeReader(Path(path).stat().st_size, _read_signal, headers)
        groups = reader.members(_group(file, "Experiments"), "/Experiments")
        records = {
            name: _read_signal(reader, group, f"/Experiments/{name}", 1)
            for name, group in groups.items()
        }
        if not records:
            raise FileFormatError("/Experiments holds no signal; there is nothing to load")
        _add_models(file, reader, records)
    if reader.left_out:
        many = len(reader.left_out) - 8
        warn(
            f"{path}: left out, since a file is data and may not bring code or reach elsewhere: "
            + ", ".join(reader.left_out[:8])
            + (f", and {many} more" if many > 0 else "")
            + "; everything else is loaded",
            HSJupyterWarning,
            stacklevel=3,
        )
    return list(records.values())


@contextmanager
def _opened(path: str | os.PathLike[str]) -> Iterator[tuple[Any, OldHeaders]]:
    """The file, opened twice; whatever goes wrong inside the block is said about this file."""
    import h5py

    if not Path(path).exists():
        raise MissingFileError(f"{path} is not there; check the name, and the folder it is in")
    if Path(path).is_dir():
        raise FileFormatError(f"{path} is a folder; the name of a .hspy file is wanted")
    if not Path(path).stat().st_size:
        raise FileFormatError(f"{path} is empty; take a copy from where it was written")
    if not h5py.is_hdf5(path):
        raise FileFormatError(
            f"{path} is no HDF5 file, which a .hspy file is; give the file that HyperSpy or "
            "hsjupyter saved, or take another copy of it"
        )
    try:
        check_heaps(path)
        with h5py.File(path, "r") as file, OldHeaders(path) as headers:
            _check_signature(file, headers)
            yield file, headers
    except FileFormatError as why:
        raise FileFormatError(f"{path}: {why}") from why
    except DAMAGE as why:
        raise FileFormatError(
            f"{path} is damaged ({type(why).__name__}: {str(why)[:200]}); a whole file is wanted: "
            "take another copy, or save it again where it came from"
        ) from why


def _check_signature(file: Any, headers: OldHeaders) -> None:
    import h5py

    if not headers.hold_together(h5py.h5o.get_info(file.id).addr):
        raise FileFormatError("its first attributes do not hold together; take another copy")
    made_by = file.attrs.get("file_format")
    made_by = made_by.decode(errors="replace") if isinstance(made_by, bytes) else made_by
    if not isinstance(made_by, str) or made_by.lower() != "hyperspy":
        author = repr(made_by)[:40] if isinstance(made_by, str) else "another program"
        raise FileFormatError(
            f"an HDF5 file, but of {author}, and HyperSpy's layout is wanted; convert it, or "
            "install hsjupyter[formats] and give the file its own suffix"
        )


def _group(file: Any, name: str) -> Any:
    import h5py

    if isinstance(file.get(name, getlink=True), h5py.HardLink):
        found = file[name]
        if isinstance(found, h5py.Group):
            return found
    raise FileFormatError(f"/{name} is no group of this file; it is damaged: take another copy")


def _read_signal(reader: TreeReader, group: Any, place: str, depth: int) -> Record:
    """One signal, from ``/Experiments`` or from inside of metadata."""
    import h5py

    if not isinstance(group, h5py.Group):
        raise FileFormatError(f"{place} is no signal but an array; the file is damaged")
    members = reader.members(group, place)
    record: Record = {"package": "", "package_version": ""}
    for key, value in reader.attributes(group, place).items():
        record[key] = value
    for name in TREES:
        if isinstance(members.get(name), h5py.Group):
            record[name] = reader.group(members[name], f"{place}/{name}", depth)
    record["data"] = _read_data(reader, members.get("data"), place)
    record["axes"] = _read_axes(reader, members, record["data"].shape, place, depth)
    modernise(record)
    _navigation_first(record)
    return record


def _read_data(reader: TreeReader, dataset: Any, place: str) -> Any:
    import h5py

    if not isinstance(dataset, h5py.Dataset):
        raise FileFormatError(f"{place} holds no data; the file is damaged, take another copy")
    data = reader.dataset(dataset, f"{place}/data")
    if data is SKIPPED or data.dtype.kind not in "biufc":
        raise FileFormatError(
            f"{place}/data holds {dataset.dtype}, and numbers of one length a row are wanted; "
            "ragged and text signals cannot be fitted"
        )
    return data


def _read_axes(
    reader: TreeReader, members: Mapping[str, Any], shape: tuple[int, ...], place: str, depth: int
) -> list[Record]:
    """The axes, from ``axis-0 ...`` or, inside of metadata, from ``_list_<n>_axes``."""
    import h5py

    trees = []
    for number in range(len(shape)):
        group = members.get(f"axis-{number}")
        if isinstance(group, h5py.Group):
            trees.append(reader.group(group, f"{place}/axis-{number}", depth))
    listed = members.get(f"_list_{len(shape)}_axes")
    if isinstance(listed, h5py.Group):
        inside = reader.group(listed, f"{place}/axes", depth)
        trees = [inside[key] for key in sorted(inside) if isinstance(inside[key], dict)]
    if len(trees) != len(shape):
        raise FileFormatError(
            f"{place} has {len(trees)} axes for data of shape {shape}; one for each dimension is "
            "wanted: the file is damaged, take another copy"
        )
    return [
        axis_from(tree, size, f"{place}/axis-{number}")
        for number, (tree, size) in enumerate(zip(trees, shape, strict=True))
    ]


def _navigation_first(record: Record) -> None:
    """Put navigation axes before signal axes, as every version since 1.0 does."""
    axes = record["axes"]
    order = sorted(range(len(axes)), key=lambda place: not axes[place]["navigate"])
    if order != list(range(len(axes))):
        record["axes"] = [axes[place] for place in order]
        record["data"] = record["data"].transpose(order)


def _add_models(file: Any, reader: TreeReader, records: dict[str, Record]) -> None:
    """Give each record the models stored beside it, as they stand in the file."""
    import h5py

    analysis = reader.members(file, "").get("Analysis")
    if not isinstance(analysis, h5py.Group):
        return
    models = reader.members(analysis, "/Analysis").get("models")
    if not isinstance(models, h5py.Group):
        return
    for name, group in reader.members(models, "/Analysis/models").items():
        place = f"/Analysis/models/{name}"
        tree = reader.group(group, place) if isinstance(group, h5py.Group) else {}
        signal = str(tree.pop("_signal", "")).rpartition("/")[2]
        if signal in records:
            records[signal].setdefault("models", {})[name] = tree
        else:
            reader.left_out.append(f"{place} (of no signal in this file)")


# -- writing -------------------------------------------------------------------------------------


def write(
    path: str | os.PathLike[str],
    records: Mapping[str, Any] | Sequence[Mapping[str, Any]],
    *,
    overwrite: bool = False,
) -> None:
    """Write records into a new file, which takes its place when it is complete.

    Parameters
    ----------
    path : path-like
        The file, exactly so: nothing is added to its name.
    records : dict or sequence of dict
        As `read` gives them; ``data`` and ``axes`` are enough.
    overwrite : bool
        Whether a file that is there may be replaced.

    Raises
    ------
    TargetExistsError
        There is such a file, and ``overwrite`` was not said.
    SaveError
        The file cannot be written there; what was there is as it was.
    """
    import h5py

    records = [records] if isinstance(records, Mapping) else list(records)
    writer = TreeWriter(_write_nested)
    with replacing(path, overwrite=overwrite) as beside, beside.open("r+b", buffering=0) as raw:
        sink = Sink(raw)
        # From 1.8 on, HDF5 puts checksums on what describes the data: damage is seen.
        with h5py.File(sink, "w", libver=("v108", "v110")) as file:
            file.attrs["file_format"] = "HyperSpy"
            file.attrs["file_format_version"] = VERSION
            for record in records:
                _write_experiment(writer, file, record)
        sink.check()
    if writer.left_out:
        warn(
            f"{path}: left out, since a .hspy file has no place for them: "
            f"{', '.join(writer.left_out)}; keep numbers, texts, lists, arrays and dictionaries "
            "under names that do not begin with _list_, _tuple_, _bs_ or _sig_",
            HSJupyterWarning,
            stacklevel=3,
        )


def _write_experiment(writer: TreeWriter, file: Any, record: Mapping[str, Any]) -> None:
    experiments = file.require_group("Experiments")
    general = record.get("metadata", {}).get("General", {})
    title = general.get("title") if isinstance(general, Mapping) else ""
    name = str(title or "").replace("/", "-").replace("\0", "").strip()
    name = _free_name(experiments, name or UNNAMED)
    group = experiments.create_group(name)
    group.attrs["package"] = record.get("package") or "hsjupyter"
    group.attrs["package_version"] = record.get("package_version") or ""
    for number, axis in enumerate(record["axes"]):
        writer.tree(group.create_group(f"axis-{number}"), axis_tree(axis), f"axis-{number}")
    _write_signal(writer, group, record, "", 0)
    writer.tree(group.create_group("learning_results"), record.get("learning_results", {}))
    for model, tree in record.get("models", {}).items():
        models = file.require_group("Analysis/models")
        inside = models.create_group(_free_name(models, member_name(str(model))))
        writer.tree(inside, {**tree, "_signal": group.name}, f"models.{model}")


def _write_nested(
    writer: TreeWriter, group: Any, record: Mapping[str, Any], place: str, depth: int
) -> None:
    """A signal inside of metadata: its axes are a list."""
    axes = group.create_group(f"_list_{len(record['axes'])}_axes")
    for number, axis in enumerate(record["axes"]):
        writer.tree(axes.create_group(str(number)), axis_tree(axis), place, depth)
    _write_signal(writer, group, record, place, depth)
    group.create_group("learning_results")


def _write_signal(
    writer: TreeWriter, group: Any, record: Mapping[str, Any], place: str, depth: int
) -> None:
    """What a signal holds wherever it stands."""
    data = np.asarray(record["data"])
    chunks = chunk_shape(data.shape, data.dtype.itemsize, record["axes"])
    group.create_dataset("data", data=data, chunks=chunks, **packed(data))
    attributes = {"_lazy": False, "ragged": False}
    writer.tree(group.create_group("attributes"), attributes)
    for name in ("metadata", "original_metadata"):
        where = f"{place}.{name}" if place else name
        writer.tree(group.create_group(name), record.get(name, {}), where, depth)


def _free_name(group: Any, name: str) -> str:
    """The name, or the name with the first number that makes it new."""
    free, number = name, 1
    while free in group or free == ".":
        free, number = f"{name}-{number}", number + 1
    return free


def chunk_shape(
    shape: tuple[int, ...], itemsize: int, axes: Sequence[Mapping[str, Any]]
) -> tuple[int, ...] | None:
    """Pieces of about a megabyte that hold whole spectra where they can.

    Parameters
    ----------
    shape : tuple of int
        Shape of the data, array order.
    itemsize : int
        Bytes of one value.
    axes : sequence of dict
        Navigation axes are cut first, since a pixel is read as a whole.

    Returns
    -------
    tuple of int or None
        None for data without extent, which HDF5 does not cut.
    """
    if not shape or 0 in shape:
        return None
    chunk = list(shape)
    navigation = [place for place, axis in enumerate(axes) if axis["navigate"]]
    signal = [place for place in range(len(shape)) if place not in navigation]
    for places in (navigation, signal):
        while int(np.prod(chunk, dtype=object)) * itemsize > CHUNK and any(
            chunk[place] > 1 for place in places
        ):
            longest = max(places, key=lambda place: chunk[place])
            chunk[longest] = -(-chunk[longest] // 2)
    return tuple(chunk)
