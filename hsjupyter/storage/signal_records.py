"""Signals <-> the plain records that files hold."""

from collections.abc import Mapping
from typing import Any

from hsjupyter.core.errors import AxisError, DataError, FileFormatError
from hsjupyter.core.metadata import Metadata
from hsjupyter.core.registry import signal_class
from hsjupyter.core.signal import BaseSignal
from hsjupyter.storage.layout import NestedRecord

Record = dict[str, Any]

KEPT = ("models", "learning_results")
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
        "metadata": _tree_of(signal.metadata),
        "original_metadata": _tree_of(signal.original_metadata),
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
            metadata=_tree_from(metadata),
            original_metadata=_tree_from(record.get("original_metadata", {})),
        )
    except (AxisError, DataError) as why:
        raise FileFormatError(
            f"data of shape {record['data'].shape} make no signal: {why}"
        ) from why
    signal.kept = {name: record[name] for name in KEPT if record.get(name)}
    return signal


def _tree_of(value: Any) -> Any:
    """Metadata as nested dictionaries, signals inside of them as records."""
    if isinstance(value, BaseSignal):
        return NestedRecord(record_of(value))
    if isinstance(value, Metadata):
        return {key: _tree_of(inside) for key, inside in value}
    if isinstance(value, Mapping):
        return {key: _tree_of(inside) for key, inside in value.items()}
    if type(value) in {list, tuple}:
        return type(value)(_tree_of(inside) for inside in value)
    return value


def _tree_from(value: Any) -> Any:
    """Nested dictionaries with their records made signals again."""
    if isinstance(value, NestedRecord):
        return signal_from(value)
    if isinstance(value, Mapping):
        return {key: _tree_from(inside) for key, inside in value.items()}
    if type(value) in {list, tuple}:
        return type(value)(_tree_from(inside) for inside in value)
    return value
