"""A run goes on from its journal, in another process or on another machine."""

import os
import warnings
from pathlib import Path
from typing import Any

from hsjupyter.core.errors import DataError, HSJupyterWarning
from hsjupyter.core.signal import BaseSignal
from hsjupyter.fitting.jobs import pixels_of
from hsjupyter.schedule.run import Run
from hsjupyter.storage.fingerprints import fingerprint_of_data
from hsjupyter.storage.journal import read_journal
from hsjupyter.storage.model_bytes import model_from_bytes
from hsjupyter.storage.signals import load


def resume(journal: str | os.PathLike[str], signal: BaseSignal | None = None, **words: Any) -> Run:
    """Go on with a run that was broken off.

    Parameters
    ----------
    journal : path-like
        The file that it left, ending in ``.hsjrun``.
    signal : BaseSignal, optional
        The data, where they were not loaded from a file, or the file has moved.
    **words
        ``block``, ``workers``, ``client``, ... as of `multifit`.

    Returns
    -------
    Run
        ``run.model`` is the model, with what was found before and now.

    Raises
    ------
    DataError
        The data are not there, or are others.
    FileFormatError
        It is no journal.
    """
    begun = read_journal(journal).begun
    signals = _signals(Path(journal), begun.source) if signal is None else [signal]
    fitting = [s for s in signals if s.axes_manager.map_shape == begun.shape]
    if not fitting:
        raise DataError(
            f"{journal} is of a map of shape {begun.shape} (as of arrays), {signals} came; give "
            "the data that the run began with: hs.resume(journal, signal)"
        )
    models = (model_from_bytes(begun.record, each) for each in fitting)
    model = next((m for m in models if fingerprint_of_data(pixels_of(m)) == begun.data), None)
    chosen = model_from_bytes(begun.record, fitting[0]) if model is None else model
    run: Run = chosen.multifit(resume=journal, **words)
    return run


def _signals(journal: Path, source: str) -> list[BaseSignal]:
    """What the file of the data holds."""
    path = journal.parent / source
    if not source or not path.is_file():
        raise DataError(
            f"{journal}: the file of the data, {source or 'of which nothing is known'}, is not "
            "there; load the data and give them: hs.resume(journal, signal)"
        )
    with warnings.catch_warnings():  # it would tell of this very journal
        warnings.simplefilter("ignore", HSJupyterWarning)
        loaded = load(path)
    return [loaded] if isinstance(loaded, BaseSignal) else list(loaded)
