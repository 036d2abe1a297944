"""Signals handed over to a running HyperSpy, and taken from one."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import numpy as np

from hsjupyter.core.errors import DataError
from hsjupyter.core.metadata import Metadata
from hsjupyter.core.registry import SIGNALS, signal_class
from hsjupyter.core.signal import VARIANCE, BaseSignal

OWN = {"_HyperSpy"}
"""What HyperSpy notes for itself in its metadata."""


def from_hyperspy(signal: Any) -> Any:
    """The same signal as one of ours; the data are not copied, and lazy ones stay lazy.

    Parameters
    ----------
    signal : hyperspy signal
        Of any kind; looked at through its public attributes only.

    Returns
    -------
    BaseSignal
        With its axes, metadata, noise variance and type. Models stored in it stay behind:
        ``signal.save()`` and ``hs.load()`` take them along.

    Raises
    ------
    DataError
        It is no signal, or one that we have no like of.
    """
    wanted = ("data", "axes_manager", "metadata", "original_metadata")
    if isinstance(signal, BaseSignal) or not all(hasattr(signal, name) for name in wanted):
        raise DataError(
            f"from_hyperspy({signal!r:.80}) came; a signal of HyperSpy is wanted"
            + (", and this one is ours already" if isinstance(signal, BaseSignal) else "")
        )
    described = signal.axes_manager.as_dictionary()
    axes = [_axis(described[f"axis-{i}"]) for i in range(len(described))]
    tree = {k: _from_theirs(v) for k, v in signal.metadata.as_dictionary().items() if k not in OWN}
    tree = _without_marks(tree)
    original = _without_marks(_from_theirs(signal.original_metadata.as_dictionary()))
    return _made(signal.data, axes, tree, original)


def to_hyperspy(signal: BaseSignal) -> Any:
    """The same signal as one of HyperSpy's, which must be installed; the data are not copied.

    Parameters
    ----------
    signal : BaseSignal

    Returns
    -------
    hyperspy signal

    Raises
    ------
    DataError
        HyperSpy is not installed.
    """
    try:
        theirs = import_module("hyperspy.api")
    except ModuleNotFoundError as missing:
        raise DataError(
            f"{signal!r}: to_hyperspy() needs HyperSpy, and there is no module {missing.name!r}; "
            "install it with: pip install hyperspy (and exspy for EELS and EDS)"
        ) from missing
    return _handed(signal, theirs)


def _handed(signal: BaseSignal, theirs: Any) -> Any:
    kinds = {1: theirs.signals.Signal1D, 2: theirs.signals.Signal2D}
    kind = kinds.get(signal.axes_manager.signal_dimension, theirs.signals.BaseSignal)
    tree = _to_theirs(signal.metadata, theirs)
    kept = tree.get("Signal", {})
    told = str(kept.pop("signal_type", ""))
    axes = [_named(axis) for axis in signal.axes_manager.as_dictionaries()]
    original = _to_theirs(signal.original_metadata, theirs)
    made = kind(signal.data, axes=axes, metadata=tree, original_metadata=original)
    if told:
        made.set_signal_type(told)
    variance = signal.get_noise_variance()
    if variance is not None:
        is_signal = isinstance(variance, BaseSignal)
        made.set_noise_variance(_handed(variance, theirs) if is_signal else variance)
    return made


def _named(axis: dict[str, Any]) -> dict[str, Any]:
    """An axis without an empty name and empty units, for which they have a sign of their own."""
    return {key: v for key, v in axis.items() if key not in {"name", "units"} or v}


def _to_theirs(tree: Metadata, theirs: Any) -> dict[str, Any]:
    """Nested dictionaries with our signals made theirs; the variance goes by itself."""
    found: dict[str, Any] = {}
    for key, value in tree:
        if isinstance(value, Metadata):
            found[key] = _to_theirs(value, theirs)
        elif isinstance(value, BaseSignal):
            if key != VARIANCE.rpartition(".")[2]:
                found[key] = _handed(value, theirs)
        else:
            found[key] = value
    return found


def _axis(described: Mapping[str, Any]) -> dict[str, Any]:
    """One of their axes in our words; their sign for what is not known is an object of its own."""
    plain: dict[str, Any] = {}
    for key, value in described.items():
        if key == "x":
            plain[key] = {**_axis(value), "navigate": False}
        elif isinstance(value, str | bool | int | float | np.generic | np.ndarray):
            plain[key] = value
    return plain


def _from_theirs(value: Any) -> Any:
    """A value of their metadata: signals inside are ours, everything else as it is."""
    if isinstance(value, Mapping) and {"data", "axes", "metadata"} <= value.keys():
        axes = [_axis(axis) for axis in value["axes"]]
        tree = _without_marks(_from_theirs(value["metadata"]))
        return _made(value["data"], axes, tree, {})
    if isinstance(value, Mapping):
        return {key: _from_theirs(inside) for key, inside in value.items()}
    return value


def _without_marks(tree: Mapping[str, Any]) -> dict[str, Any]:
    """Names without the mark that HyperSpy puts before those of signals."""
    return {
        key.removeprefix("_sig_"): _without_marks(value) if isinstance(value, Mapping) else value
        for key, value in tree.items()
    }


def _made(data: Any, axes: list[dict[str, Any]], tree: dict[str, Any], original: Any) -> Any:
    dimension = sum(not axis.get("navigate", False) for axis in axes)
    told = tree.get("Signal", {}).get("signal_type", "")
    kind = signal_class(dimension, told, SIGNALS.get(0, BaseSignal))
    variance = tree.get("Signal", {}).get("Noise_properties", {}).pop("variance", None)
    made = kind(data, axes, tree, original)
    made.set_noise_variance(variance)
    return made
