"""Load and save signals by the name of a file."""

import glob
import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any
from warnings import warn

from hsjupyter.core.errors import (
    FileFormatError,
    HSJupyterWarning,
    MissingFileError,
    SaveError,
)
from hsjupyter.core.signal import BaseSignal
from hsjupyter.core.stacking import stack as stacked
from hsjupyter.storage.elsewhere import read_elsewhere, write_elsewhere
from hsjupyter.storage.hspy import read
from hsjupyter.storage.hspy_writer import write
from hsjupyter.storage.journal import SUFFIX as JOURNAL
from hsjupyter.storage.model_trees import tree_of_model
from hsjupyter.storage.msa import read_msa, write_msa
from hsjupyter.storage.npz import read_npz, write_npz
from hsjupyter.storage.opening import is_hspy
from hsjupyter.storage.salvage import salvage as read_rest
from hsjupyter.storage.salvage import told_places, what_remains
from hsjupyter.storage.signal_records import record_of, signal_from
from hsjupyter.storage.spectra_csv import read_csv, write_csv

__all__ = ["load", "record_of", "save", "signal_from"]

SUFFIX = ".hspy"
READERS: dict[str, Callable[[Path], list[dict[str, Any]]]] = {
    ".npz": read_npz,
    **dict.fromkeys((".msa", ".emsa", ".mas", ".ems"), read_msa),
    **dict.fromkeys((".csv", ".tsv", ".txt"), read_csv),
}
"""What is read without rosettasciio, by suffix, beside `SUFFIX`."""

WRITERS: dict[str, Callable[..., None]] = {
    SUFFIX: write,
    ".npz": write_npz,
    ".msa": write_msa,
    ".csv": write_csv,
}
WITH_MODELS = {SUFFIX, ".npz", ".zspy"}

Name = str | os.PathLike[str]


def load(
    filename: Name | Iterable[Name],
    signal_type: str | None = None,
    stack: bool = False,
    *,
    lazy: bool | None = None,
    salvage: bool = False,
    **options: Any,
) -> Any:
    """Load the signal of a file, or the list of them where there are several.

    Parameters
    ----------
    filename : path-like, or several of them
        ``.hspy``, ``.npz``, ``.msa`` or ``.csv``; with ``hsjupyter[formats]`` installed, a file of
        any instrument that rosettasciio reads. A name with ``*`` or ``?`` means all files that fit.
    signal_type : str, optional
        Of the signals, whatever the file says.
    stack : bool
        Put several signals of one shape along a new navigation axis.
    lazy : bool, optional
        Leave the data in the file, and read each part where it is needed. Where not given, this is
        done with data of a ``.hspy`` file that take more than half of the free memory.
    salvage : bool
        Of a damaged ``.hspy`` file, return what can be read: numbers that are lost are NaN.
    **options
        Handed to the reader of rosettasciio; our own readers take none.

    Raises
    ------
    MissingFileError
        No such file.
    FileFormatError
        Of no known format, damaged, or asking for more than it can hold.
    """
    signals = []
    for path in _paths(filename):
        for signal in _load_one(path, options, lazy=lazy, salvage=salvage):
            if signal_type is not None:
                signal.set_signal_type(signal_type)
            signal.source = str(path.absolute())
            signals.append(signal)
        _tell_of_journals(path)
    if stack and len(signals) > 1:
        return stacked(signals)
    return signals[0] if len(signals) == 1 else signals


def _tell_of_journals(path: Path) -> None:
    """Warn where a fit of a file was broken off."""
    left = sorted(path.parent.glob(f"{glob.escape(path.name)}.*{JOURNAL}"))
    if left:
        warn(
            f"{path}: a fit of it was broken off, or is under way elsewhere, and left "
            f"{', '.join(map(str, left))}; hs.resume({str(left[-1])!r}) goes on; else remove it",
            HSJupyterWarning,
            stacklevel=3,
        )


def _paths(filename: Name | Iterable[Name]) -> list[Path]:
    """The files of a name, of a pattern, or of several.

    Raises
    ------
    MissingFileError
        There is none.
    FileFormatError
        Something else than names.
    """
    if not isinstance(filename, str | os.PathLike):
        if not isinstance(filename, Iterable) or not filename:
            raise FileFormatError(
                f"load({filename!r:.60}): the name of a file is wanted, or a list of names"
            )
        return [path for one in filename for path in _paths(one)]
    if not str(filename):
        raise MissingFileError("load(''): the name of a file is wanted")
    path = Path(filename).expanduser()
    try:
        if path.exists():
            return [path]
    except OSError as why:  # it is too long
        raise MissingFileError(f"{filename!r:.80} is no name of a file ({why})") from why
    found = sorted(glob.glob(str(path))) if glob.has_magic(str(path)) else []  # noqa: PTH207 - may begin anywhere
    if found:
        return [Path(one) for one in found]
    beside = path.with_name(path.name + SUFFIX) if path.name and not path.suffix else path
    if beside.exists():
        return [beside]
    raise MissingFileError(
        f"{filename} is not there; check the name, and the folder: this is {Path.cwd()}"
    )


def _load_one(
    path: Path, options: Mapping[str, Any], *, lazy: bool | None, salvage: bool
) -> list[Any]:
    ending = path.suffix.lower()
    ours = ending == SUFFIX or is_hspy(path)
    if options and (ours or ending in READERS):
        raise FileFormatError(
            f"{path}: the options {', '.join(options)} came, and the reader of {ending} takes none "
            "but lazy and salvage; leave them out"
        )
    if path.is_dir() and not ending:
        raise FileFormatError(
            f"{path} is a folder; the name of a file is wanted, or a pattern: {path}/*.hspy"
        )
    if ours:
        records = _read_hspy(path, lazy=lazy, salvage=salvage)
    elif ending in READERS and path.is_file():
        records = READERS[ending](path)
    else:
        records = read_elsewhere(path, {**options, **({"lazy": True} if lazy else {})})
    try:
        return [_signal_from(record) for record in records]
    except FileFormatError as why:
        raise FileFormatError(f"{path}: {why}") from why


def _signal_from(record: Mapping[str, Any]) -> BaseSignal:
    signal = signal_from(record)
    if record.get("variance") is not None:
        try:
            signal.set_noise_variance(record["variance"])
        except ValueError as why:
            raise FileFormatError(f"its variance cannot be: {why}") from why
    return signal


def _read_hspy(path: Path, *, lazy: bool | None, salvage: bool) -> list[dict[str, Any]]:
    try:
        return read(path, lazy=lazy)
    except FileFormatError as why:
        if not salvage:
            remains = what_remains(path)
            raise FileFormatError(f"{why}; {remains}" if remains else str(why)) from why
        records, lost = read_rest(path)
        if not records:
            raise FileFormatError(f"{why}; nothing of it can be read: {told_places(lost)}") from why
    warn(
        f"{path} is damaged, and loaded "
        + (f"but for {told_places(lost)}" if lost else "without anything missing")
        + "; numbers that are lost are NaN: save what you need under another name",
        HSJupyterWarning,
        stacklevel=5,
    )
    return records


def save(
    signal: BaseSignal, filename: Name, *, overwrite: bool = False, extension: str | None = None
) -> Path:
    """Save a signal.

    Parameters
    ----------
    signal : BaseSignal
        With its axes, metadata, noise variance and stored models.
    filename : path-like
        The suffix tells the format, and .hspy is added where there is none. ``.hspy`` and ``.npz``
        keep everything, ``.msa`` a spectrum and its measuring, ``.csv`` the numbers of spectra;
        with ``hsjupyter[formats]`` installed, what rosettasciio writes.
    overwrite : bool
        Whether a file that is there may be replaced.
    extension : str, optional
        Takes the place of the suffix.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    TargetExistsError
        There is such a file, and ``overwrite`` was not said.
    FileFormatError
        The suffix is of no format that is written, or the format cannot hold such a signal.
    SaveError
        The file cannot be written there; what was there is unharmed.
    """
    path = with_suffix(filename, extension)
    ending = path.suffix.lower()
    record = record_of(signal)
    if ending == ".csv":
        record["variance"] = signal.variance_array()
    if ending in WITH_MODELS:
        record["models"] = _model_trees(signal, path)
    if ending in WRITERS:
        WRITERS[ending](path, record, overwrite=overwrite)
    else:
        write_elsewhere(path, record, overwrite=overwrite)
    if signal.stored_models and ending not in WITH_MODELS:
        warn(
            f"{path} holds no models, so that {', '.join(signal.stored_models)} stay behind; save "
            "as .hspy to keep them",
            HSJupyterWarning,
            stacklevel=3,
        )
    return path


def _model_trees(signal: BaseSignal, path: Path) -> dict[str, Any]:
    signal_type = str(signal.metadata.get_item("Signal.signal_type", ""))
    models, notes = {}, []
    for name, kept in signal.stored_models.items():
        models[name], told = tree_of_model(kept, signal_type)
        notes += [f"{name}: {note}" for note in told]
    if notes:
        warn(
            f"{path} holds everything for hsjupyter, but HyperSpy has no place for some of it, "
            f"of model {'; '.join(notes)}; keep this file if you go on there",
            HSJupyterWarning,
            stacklevel=4,
        )
    return models


def with_suffix(filename: Name, extension: str | None = None) -> Path:
    """The path of a file to write; the suffix .hspy is added where there is none.

    Raises
    ------
    SaveError
        It is no name of a file.
    """
    try:
        path = Path(filename).expanduser()
    except (TypeError, RuntimeError) as why:
        raise SaveError(
            f"save({filename!r:.60}): the name of a file is wanted, such as 'fit.hspy'"
        ) from why
    if not path.name or str(filename).endswith(("/", os.sep)):
        raise SaveError(f"{filename!r} names a folder; a file name is wanted, such as 'fit.hspy'")
    if extension is not None:
        return path.with_suffix("." + extension.lstrip("."))
    return path if path.suffix else path.with_name(path.name + SUFFIX)
