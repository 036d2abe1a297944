"""Load and save signals by the name of a file."""

import os
from collections.abc import Mapping
from glob import escape
from importlib import import_module
from pathlib import Path
from typing import Any
from warnings import warn

from hsjupyter.core.errors import FileFormatError, HSJupyterWarning, MissingFileError
from hsjupyter.core.signal import BaseSignal
from hsjupyter.storage.hspy import is_hspy, read, write
from hsjupyter.storage.journal import SUFFIX as JOURNAL
from hsjupyter.storage.model_trees import tree_of_model
from hsjupyter.storage.signal_records import record_of, signal_from

__all__ = ["load", "record_of", "save", "signal_from"]

SUFFIX = ".hspy"


def load(filename: str | os.PathLike[str], **options: Any) -> BaseSignal | list[BaseSignal]:
    """Load the signal of a file, or the list of them where it holds several.

    Parameters
    ----------
    filename : path-like
        A .hspy file, or, with ``hsjupyter[formats]`` installed, a file of any instrument that
        rosettasciio reads.
    **options
        Handed to the reader of rosettasciio; .hspy takes none.

    Raises
    ------
    MissingFileError
        No such file.
    FileFormatError
        Of no known format, damaged, or asking for more than it can hold.
    """
    path = Path(filename)
    if not path.exists():
        raise MissingFileError(
            f"{filename} is not there; check the name, and the folder: this is {Path.cwd()}"
        )
    known = path.suffix.lower() == SUFFIX or is_hspy(path)
    records = read(path) if known else _read_elsewhere(path, options)
    try:
        signals = [signal_from(record) for record in records]
    except FileFormatError as why:
        raise FileFormatError(f"{filename}: {why}") from why
    for signal in signals:
        signal.source = str(path.absolute())
    left = sorted(path.parent.glob(f"{escape(path.name)}.*{JOURNAL}"))
    if left:
        warn(
            f"{filename}: a fit of it was broken off, or is under way elsewhere, and left "
            f"{', '.join(map(str, left))}; hs.resume({str(left[-1])!r}) goes on; else remove it",
            HSJupyterWarning,
            stacklevel=2,
        )
    return signals[0] if len(signals) == 1 else signals


def save(signal: BaseSignal, filename: str | os.PathLike[str], *, overwrite: bool = False) -> Path:
    """Save a signal as .hspy.

    Parameters
    ----------
    signal : BaseSignal
        With its axes, metadata, noise variance and stored models.
    filename : path-like
        The suffix .hspy is added where there is none.
    overwrite : bool
        Whether a file that is there may be replaced.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    TargetExistsError
        There is such a file, and ``overwrite`` was not said.
    FileFormatError
        The suffix is one of another format.
    SaveError
        The file cannot be written there; what was there is unharmed.
    """
    path = with_suffix(filename)
    signal_type = str(signal.metadata.get_item("Signal.signal_type", ""))
    models, notes = {}, []
    for name, kept in signal.stored_models.items():
        models[name], told = tree_of_model(kept, signal_type)
        notes += [f"{name}: {note}" for note in told]
    write(path, {**record_of(signal), "models": models}, overwrite=overwrite)
    if notes:
        warn(
            f"{path} holds everything for hsjupyter, but HyperSpy has no place for some of it, "
            f"of model {'; '.join(notes)}; keep this file if you go on there",
            HSJupyterWarning,
            stacklevel=3,
        )
    return path


def with_suffix(filename: str | os.PathLike[str]) -> Path:
    """The name of a .hspy file; the suffix is added where there is none.

    Raises
    ------
    FileFormatError
        The suffix is one of another format.
    """
    path = Path(filename)
    if not path.suffix:
        return path.with_name(path.name + SUFFIX)
    if path.suffix.lower() != SUFFIX:
        raise FileFormatError(
            f"{filename} ends with {path.suffix!r}, and hsjupyter writes {SUFFIX!r}; end the name "
            f"so: {path.name}{SUFFIX}"
        )
    return path


def _read_elsewhere(path: Path, options: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The records of a file that rosettasciio knows by its suffix."""
    ending = path.suffix.lower().removeprefix(".")
    try:
        plugins = import_module("rsciio").IO_PLUGINS
    except ModuleNotFoundError as missing:
        raise FileFormatError(
            f"{path} is no {SUFFIX} file, which is what hsjupyter reads by itself; for '.{ending}' "
            "and some forty formats more: pip install 'hsjupyter[formats]'"
        ) from missing
    apis = [
        plugin["api"]
        for plugin in plugins
        if ending in {known.lower() for known in plugin["file_extensions"]}
    ]
    if not apis or not ending:
        raise FileFormatError(
            f"{path}: no reader knows '.{ending}'; give the file the suffix of its format, or "
            f"convert it to {SUFFIX}"
        )
    return _first_that_reads(path, apis, options)


def _first_that_reads(
    path: Path, apis: list[str], options: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Records from the first reader that takes the file: a suffix may belong to several."""
    told: list[str] = []
    for api in apis:
        try:
            records: list[dict[str, Any]] = import_module(api).file_reader(str(path), **options)
        except (OSError, ValueError, TypeError, KeyError, IndexError, RuntimeError) as why:
            told.append(f"{api}: {type(why).__name__}: {str(why)[:120]}")
            continue
        return records
    raise FileFormatError(
        f"{path} could not be read by rosettasciio ({'; '.join(told)}); take another copy, or "
        f"convert it to {SUFFIX} with the program of the instrument"
    )
