"""Write .hspy: HDF5 laid out as HyperSpy does. What records are, `storage.hspy` says."""

import os
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any
from warnings import warn

import numpy as np

from hsjupyter.core.errors import HSJupyterWarning
from hsjupyter.storage.axis_records import axis_tree
from hsjupyter.storage.layout import member_name
from hsjupyter.storage.replace import replacing
from hsjupyter.storage.sink import Sink
from hsjupyter.storage.tree_writer import TreeWriter, packed

VERSION = "3.3"
UNNAMED = "__unnamed__"
CHUNK = 1 << 20
BLOCK = 1 << 26
"""Bytes that are taken at once of data that are not in memory."""


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
        As `storage.hspy.read` gives them; ``data`` and ``axes`` are enough.
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
    bulk: list[tuple[Any, Mapping[str, Any]]] = []
    writer = TreeWriter(_nested_writer(bulk))
    with replacing(path, overwrite=overwrite) as beside, beside.open("r+b", buffering=0) as raw:
        sink = Sink(raw)
        # From 1.8 on, HDF5 puts checksums on what describes the data: damage is seen.
        with h5py.File(sink, "w", libver=("v108", "v110")) as file:
            file.attrs["file_format"] = "HyperSpy"
            file.attrs["file_format_version"] = VERSION
            for record in records:
                _write_experiment(writer, file, record, bulk)
            # Last: a copy that ends early has everything but some pixels. HDF5 gives what is not
            # yet in the file its place when it is flushed.
            file.flush()
            for group, record in bulk:
                _write_data(group, record)
        sink.check()
    if writer.left_out:
        warn(
            f"{path}: left out, since a .hspy file has no place for them: "
            f"{', '.join(writer.left_out)}; keep numbers, texts, lists, arrays and dictionaries "
            "under names that do not begin with _list_, _tuple_, _bs_ or _sig_",
            HSJupyterWarning,
            stacklevel=3,
        )


def _write_experiment(
    writer: TreeWriter, file: Any, record: Mapping[str, Any], bulk: list[Any]
) -> None:
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
    bulk.append((group, record))
    writer.tree(group.create_group("learning_results"), record.get("learning_results", {}))
    for model, tree in record.get("models", {}).items():
        models = file.require_group("Analysis/models")
        inside = models.create_group(_free_name(models, member_name(str(model))))
        writer.tree(inside, {**tree, "_signal": group.name}, f"models.{model}")


def _nested_writer(bulk: list[Any]) -> Any:
    """The function that writes a signal inside of metadata: its axes are a list."""

    def write_nested(
        writer: TreeWriter, group: Any, record: Mapping[str, Any], place: str, depth: int
    ) -> None:
        axes = group.create_group(f"_list_{len(record['axes'])}_axes")
        for number, axis in enumerate(record["axes"]):
            writer.tree(axes.create_group(str(number)), axis_tree(axis), place, depth)
        _write_signal(writer, group, record, place, depth)
        group.create_group("learning_results")
        bulk.append((group, record))

    return write_nested


def _write_signal(
    writer: TreeWriter, group: Any, record: Mapping[str, Any], place: str, depth: int
) -> None:
    """What a signal holds wherever it stands, but for its data."""
    attributes = {"_lazy": False, "ragged": False}
    writer.tree(group.create_group("attributes"), attributes)
    for name in ("metadata", "original_metadata"):
        where = f"{place}.{name}" if place else name
        writer.tree(group.create_group(name), record.get(name, {}), where, depth)


def _write_data(group: Any, record: Mapping[str, Any]) -> None:
    data = record["data"]
    if isinstance(data, list | tuple | float | int):
        data = np.asarray(data)
    chunks = chunk_shape(data.shape, data.dtype.itemsize, record["axes"])
    if isinstance(data, np.ndarray) or chunks is None:
        data = np.asarray(data)
        group.create_dataset("data", data=data, chunks=chunks, **packed(data))
        return
    options = {"compression": "gzip", "shuffle": True}
    dataset = group.create_dataset("data", data.shape, data.dtype, chunks=chunks, **options)
    for block in blocks(data.shape, chunks, data.dtype.itemsize):
        dataset[block] = np.asarray(data[block])


def blocks(
    shape: tuple[int, ...], chunks: tuple[int, ...], itemsize: int
) -> Iterator[tuple[slice, ...]]:
    """Parts of data that are small enough, and each made of whole pieces.

    Parameters
    ----------
    shape : tuple of int
        Shape of the data.
    chunks : tuple of int
        Shape of a piece.
    itemsize : int
        Bytes of one value.
    """
    block = list(chunks)
    for place in reversed(range(len(shape))):
        room = BLOCK // (itemsize * int(np.prod(block, dtype=object)))
        block[place] = min(shape[place], block[place] * max(1, room))
    steps = [range(0, n, step) for n, step in zip(shape, block, strict=True)]
    for start in product(*steps):
        yield tuple(slice(a, a + step) for a, step in zip(start, block, strict=True))


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
