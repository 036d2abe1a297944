"""What older files called things."""

from typing import Any

Record = dict[str, Any]

OLD_GROUPS = {"mapped_parameters": "metadata", "original_parameters": "original_metadata"}
"""Names of groups before HyperSpy 0.8."""

SIGNAL_DIMENSIONS = {"spectrum": 1, "image": 2}
"""What ``Signal.record_by`` said before HyperSpy 1.0."""


def modernise(record: Record) -> None:
    """Say a record of any version in today's words; changes the record.

    Files of 1.x say in the metadata that a signal is binned, older ones also what its dimension
    is; today both are said by the axes. HyperSpy's notes to itself are dropped.
    """
    for old, new in OLD_GROUPS.items():
        if old in record:
            record.setdefault(new, record.pop(old))
    metadata = record.setdefault("metadata", {})
    metadata.pop("_HyperSpy", None)
    signal = metadata.get("Signal")
    if not isinstance(signal, dict):
        signal = {}
    record_by = signal.pop("record_by", metadata.pop("record_by", None))
    binned = signal.pop("binned", None)
    axes = record["axes"]
    dimension = SIGNAL_DIMENSIONS.get(record_by, 1) if isinstance(record_by, str) else 1
    for place, axis in enumerate(axes):
        axis.setdefault("navigate", place < len(axes) - dimension)
        if binned is not None and not axis["navigate"]:
            axis["is_binned"] = bool(binned)
