"""Read .hspy: HDF5 laid out as HyperSpy does, signals as plain records.

A record is a dictionary: ``data`` (array), ``axes`` (descriptions in array order), ``metadata`` and
``original_metadata`` (nested dictionaries), ``attributes``, ``package``, ``package_version``,
``learning_results`` and ``models`` (nested dictionaries, by name).
"""

import os
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any
from warnings import warn

import numpy as np

from hsjupyter.core.errors import FileFormatError, HSJupyterWarning
from hsjupyter.storage.axis_records import axis_from
from hsjupyter.storage.dialects import OLD_GROUPS, modernise
from hsjupyter.storage.opening import opened
from hsjupyter.storage.tree_reader import TreeReader

Record = dict[str, Any]

TREES = ("metadata", "original_metadata", "attributes", "learning_results", *OLD_GROUPS)


def read(path: str | os.PathLike[str], *, lazy: bool | None = None) -> list[Record]:
    """All signals of a file, in the order of their names, as records.

    Parameters
    ----------
    path : path-like
        A file written by HyperSpy 1.x to 2.5, or by `write`.
    lazy : bool, optional
        Leave the data in the file, and read each part where it is needed; where not given, data
        that take more than half of the free memory.

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
    with opened(path) as (file, headers):
        reader = TreeReader(Path(path), read_signal, headers, lazy=lazy)
        records = read_experiments(reader, file)
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
    return records


def read_experiments(reader: TreeReader, file: Any) -> list[Record]:
    """The records of an open file.

    Raises
    ------
    FileFormatError
        There is none.
    """
    groups = reader.members(_group(file, "Experiments"), "/Experiments")
    records: dict[str, Record] = {}
    for name, group in groups.items():
        place = f"/Experiments/{name}"
        record = reader.attempt(place, partial(read_signal, reader, group, place, 1), {})
        if record:
            records[name] = record
    if not records:
        raise FileFormatError("/Experiments holds no signal; there is nothing to load")
    reader.attempt("/Analysis", partial(_add_models, file, reader, records), None)
    return list(records.values())


def _group(file: Any, name: str) -> Any:
    import h5py

    if isinstance(file.get(name, getlink=True), h5py.HardLink):
        found = file[name]
        if isinstance(found, h5py.Group):
            return found
    raise FileFormatError(f"/{name} is no group of this file; it is damaged: take another copy")


def read_signal(reader: TreeReader, group: Any, place: str, depth: int) -> Record:
    """One signal, from ``/Experiments`` or from inside of metadata.

    Raises
    ------
    FileFormatError
        It is none, or damaged.
    """
    import h5py

    if not isinstance(group, h5py.Group):
        raise FileFormatError(f"{place} is no signal but an array; the file is damaged")
    members = reader.members(group, place)
    record: Record = {"package": "", "package_version": ""}
    record |= reader.attempt(place, partial(reader.attributes, group, place), {})
    for name in TREES:
        if isinstance(members.get(name), h5py.Group):
            record[name] = _read_tree(reader, members[name], f"{place}/{name}", depth)
    record["data"] = _read_data(reader, members.get("data"), place)
    record["axes"] = _read_axes(reader, members, record["data"].shape, place, depth)
    modernise(record)
    _navigation_first(record)
    return record


def _read_tree(reader: TreeReader, group: Any, place: str, depth: int) -> Record:
    tree: Record = reader.attempt(place, partial(reader.group, group, place, depth), {})
    return tree


def _read_data(reader: TreeReader, dataset: Any, place: str) -> Any:
    import h5py

    if not isinstance(dataset, h5py.Dataset):
        raise FileFormatError(f"{place} holds no data; the file is damaged, take another copy")
    if dataset.shape is None or dataset.dtype.kind not in "biufc":
        raise FileFormatError(
            f"{place}/data holds {dataset.dtype}, and numbers of one length a row are wanted; "
            "ragged and text signals cannot be fitted"
        )
    return reader.numbers(dataset, f"{place}/data")


def _read_axes(
    reader: TreeReader, members: Mapping[str, Any], shape: tuple[int, ...], place: str, depth: int
) -> list[Record]:
    """The axes, from ``axis-0 ...`` or, inside of metadata, from ``_list_<n>_axes``."""
    import h5py

    trees = {}
    for number in range(len(shape)):
        group = members.get(f"axis-{number}")
        if isinstance(group, h5py.Group):
            trees[number] = _read_tree(reader, group, f"{place}/axis-{number}", depth)
    together = f"_list_{len(shape)}_axes"
    listed = members.get(together)
    if isinstance(listed, h5py.Group):
        inside = _read_tree(reader, listed, f"{place}/{together}", depth)
        trees = dict(enumerate(inside[k] for k in sorted(inside) if isinstance(inside[k], dict)))
    if len(trees) != len(shape):
        reader.tolerate(
            f"{place} has {len(trees)} axes for data of shape {shape}; one for each dimension is "
            "wanted: the file is damaged, take another copy"
        )
    axes = []
    for number, size in enumerate(shape):
        where, tree = f"{place}/axis-{number}", trees.get(number, {})
        plain = axis_from({"navigate": number < len(shape) - 1}, size, where)
        axes.append(reader.attempt(where, partial(axis_from, tree, size, where), plain))
    for number, axis in enumerate(axes):
        axis.setdefault("navigate", number < len(shape) - 1)
    return axes


def _navigation_first(record: Record) -> None:
    """Put navigation axes before signal axes, as every version since 1.0 does."""
    axes = record["axes"]
    order = sorted(range(len(axes)), key=lambda place: not axes[place]["navigate"])
    if order != list(range(len(axes))):
        record["axes"] = [axes[place] for place in order]
        record["data"] = np.asarray(record["data"]).transpose(order)


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
        tree = _read_tree(reader, group, place, 0) if isinstance(group, h5py.Group) else {}
        signal = str(tree.pop("_signal", "")).rpartition("/")[2]
        if signal in records:
            records[signal].setdefault("models", {})[name] = tree
        else:
            reader.left_out.append(f"{place} (of no signal in this file)")
