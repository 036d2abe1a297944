"""Signals <-> the plain records that files hold."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from hsjupyter.core.errors import AxisError, DataError, FileFormatError
from hsjupyter.core.metadata import Metadata
from hsjupyter.core.registry import signal_class
from hsjupyter.core.signal import BaseSignal
from hsjupyter.storage.axis_records import axis_from, axis_tree
from hsjupyter.storage.layout import NestedRecord

Record = dict[str, Any]

KEPT = ("learning_results",)
"""What is carried from file to file as it stands."""


def record_of(signal: BaseSignal) -> Record:
    """A signal as plain values; its arrays are not copied.

    Parameters
    ----------
    signal : BaseSignal
        Any; signals inside of its metadata become records too.

    Returns
    -------
    dict
        As `storage.hspy.write` takes it.
    """
    return {
        "data": signal.data,
        "axes": signal.axes_manager.as_dictionaries(),
        "metadata": tree_of(signal.metadata),
        "original_metadata": tree_of(signal.original_metadata),
        **signal.kept,
    }


def signal_from(record: Mapping[str, Any]) -> BaseSignal:
    """The signal that a record describes, of the class registered for its dimension.

    Raises
    ------
    FileFormatError
        Its data or axes do not make a signal.
    """
    axes = [dict(axis) for axis in record["axes"]]
    dimension = sum(not axis.get("navigate", False) for axis in axes)
    metadata = record.get("metadata", {})
    about = metadata.get("Signal")
    told = about.get("signal_type", "") if isinstance(about, Mapping) else ""
    kind = signal_class(dimension, told, BaseSignal)
    try:
        signal: BaseSignal = kind(
            record["data"],
            axes,
            metadata=tree_from(metadata),
            original_metadata=tree_from(record.get("original_metadata", {})),
        )
    except (AxisError, DataError) as why:
        raise FileFormatError(
            f"data of shape {record['data'].shape} make no signal: {why}"
        ) from why
    signal.kept = {name: record[name] for name in KEPT if record.get(name)}
    signal.stored_models = {
        name: {
            "date": str(tree.get("date", "")),
            "dimensions": str(tree.get("dimensions", "")),
            "tree": tree,
        }
        for name, tree in record.get("models", {}).items()
    }
    return signal


def signal_tree(record: Mapping[str, Any]) -> Record:
    """The branch of a signal that stands in a model, as HyperSpy writes it.

    Parameters
    ----------
    record : dict
        As `record_of` gives it.
    """
    axes = [{"navigate": False, **axis} for axis in record["axes"]]
    return {
        "data": record["data"],
        "axes": [axis_tree(axis) for axis in axes],
        "attributes": {"_lazy": False, "ragged": False},
        "metadata": {"General": {"title": ""}, "Signal": {"signal_type": ""}}
        | dict(record["metadata"]),
        "original_metadata": record["original_metadata"],
        "learning_results": {},
    }


def signal_from_tree(tree: Any, place: str) -> BaseSignal:
    """The signal that stands in a model.

    Raises
    ------
    FileFormatError
        Its data or axes do not make a signal.
    """
    record = record_from_tree(tree, place)
    return signal_from({**record, "metadata": tree.get("metadata", {})})


def record_from_tree(tree: Any, place: str) -> Record:
    """Data and axes of a signal that stands in a model.

    Raises
    ------
    FileFormatError
        They are not there, or do not fit each other.
    """
    data = tree.get("data") if isinstance(tree, Mapping) else None
    axes = tree.get("axes") if isinstance(tree, Mapping) else None
    if (
        not isinstance(data, np.ndarray)
        or data.dtype.kind not in "biufc"
        or not isinstance(axes, list)
        or len(axes) != data.ndim
        or not all(isinstance(axis, dict) for axis in axes)
    ):
        raise FileFormatError(
            f"{place} is no signal with an axis for each dimension of its data; the file is "
            "damaged, take another copy"
        )
    found = [
        {"navigate": False, **axis_from(axis, size, place)}
        for axis, size in zip(axes, data.shape, strict=True)
    ]
    return {"data": data, "axes": found}


def tree_of(value: Any) -> Any:
    """Metadata as nested dictionaries, signals inside of them as records."""
    if isinstance(value, BaseSignal):
        return NestedRecord(record_of(value))
    if isinstance(value, Metadata):
        return {key: tree_of(inside) for key, inside in value}
    if isinstance(value, Mapping):
        return {key: tree_of(inside) for key, inside in value.items()}
    if type(value) in {list, tuple}:
        return type(value)(tree_of(inside) for inside in value)
    return value


def tree_from(value: Any) -> Any:
    """Nested dictionaries with their records made signals again."""
    if isinstance(value, NestedRecord):
        return signal_from(value)
    if isinstance(value, Mapping):
        return {key: tree_from(inside) for key, inside in value.items()}
    if type(value) in {list, tuple}:
        return type(value)(tree_from(inside) for inside in value)
    return value
