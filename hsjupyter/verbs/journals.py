"""The journal of a run: where it lies, what it begins with, and how a run goes on from it."""

import json
import os
import warnings
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hsjupyter.core.errors import (
    DataError,
    FitError,
    HSJupyterWarning,
    ModelError,
    SaveError,
)
from hsjupyter.core.model import BaseModel
from hsjupyter.fitting.call import FitCall
from hsjupyter.fitting.jobs import Outcome, Pixels
from hsjupyter.fitting.plan import Plan
from hsjupyter.schedule.run import Run
from hsjupyter.storage.fingerprints import fingerprint_of_data, fingerprint_of_model
from hsjupyter.storage.journal import SUFFIX, Begun, Journal, Kept, begin_journal
from hsjupyter.storage.model_bytes import bytes_of_model

Take = Callable[[Outcome], None]


def journal_path(model: BaseModel, autosave: Any) -> Path | None:
    """Where the journal of a run of a model lies; None for nowhere.

    Parameters
    ----------
    model : BaseModel
    autosave : bool, path-like or None
        A file or a folder; True is beside the file of the data, or here where there is none; None
        is beside that file only.

    Raises
    ------
    FitError
        Nothing of this.
    """
    source = str(model.signal.source)
    stamp = datetime.now(UTC).astimezone().strftime("%Y-%m-%d-%H-%M-%S-%f")
    name = f"{Path(source).name or 'hsjupyter'}.autosave-{stamp}{SUFFIX}"
    if autosave is None:
        beside = Path(source).parent
        return beside / name if source and os.access(beside, os.W_OK) else None
    if isinstance(autosave, bool):
        return (Path(source).parent if source else Path.cwd()) / name if autosave else None
    if not isinstance(autosave, str | os.PathLike):
        raise FitError(
            f"{model!r}.multifit: autosave={autosave!r} came; True, False, or the name of a file "
            "or folder is wanted"
        )
    path = Path(autosave)
    if path.is_dir():
        return path / name
    return path if path.suffix == SUFFIX else path.with_name(path.name + SUFFIX)


def checked_every(model: BaseModel, every: Any) -> bool:
    """Whether a journal is kept.

    Raises
    ------
    FitError
        Not a whole number.
    """
    if isinstance(every, bool) or not isinstance(every, int) or every < 0:
        raise FitError(
            f"{model!r}.multifit: autosave_every={every!r} came; a whole number of pixels is wanted"
        )
    return every > 0


def write_down(  # noqa: PLR0917 - the parts of a run
    path: Path,
    model: BaseModel,
    plan: Plan,
    pixels: Pixels,
    order: NDArray[np.intp],
    asked: tuple[FitCall, str | None, int],
) -> Journal:
    """Begin the journal of a run.

    Parameters
    ----------
    path : Path
    model, plan, pixels
        What is fitted.
    order : ndarray of int, (pixel,)
    asked : tuple
        The call, the rule of the starts, and the pixels of a job.

    Raises
    ------
    SaveError
        It cannot be written there.
    """
    call, rule, length = asked
    source = str(model.signal.source)
    begun = Begun(
        model=fingerprint_of_model(plan, call, rule),
        data=fingerprint_of_data(pixels),
        words=_plain_words(call),
        rule=rule,
        length=length,
        source=os.path.relpath(source, path.parent) if source else "",
        shape=model.maps.shape,
        order=order.astype(np.int64),
        start=plan.start,
        values=_stored(model, order),
        record=_bytes_of(model),
    )
    return begin_journal(path, begun)


def _stored(model: BaseModel, order: NDArray[np.intp]) -> NDArray[np.float64]:
    """What is stored at some pixels, (pixel, slot); none where nothing is."""
    maps = model.maps
    slots = maps.values.shape[-1]
    if not maps.is_set.any():
        return np.empty((0, slots))
    stored = np.where(maps.is_set, maps.values, np.nan).reshape(-1, slots)[order]
    return stored if np.isfinite(stored).any() else stored[:0]


def _bytes_of(model: BaseModel) -> bytes:
    with warnings.catch_warnings():  # what cannot be stored is known by its name in the fingerprint
        warnings.simplefilter("ignore", HSJupyterWarning)
        return bytes_of_model(model)


def _plain_words(call: FitCall) -> dict[str, Any] | None:
    """The words of a call, where they can be written; else None."""
    words: dict[str, Any] = {
        "optimizer": call.optimizer,
        "loss_function": call.loss.name,
        "bounded": call.bounded,
        **call.options,
    }
    delta = getattr(call.loss.terms, "delta", None)
    words |= {} if delta is None else {"huber_delta": delta}
    if hasattr(call.loss.terms, "function"):
        return None
    try:
        json.dumps(words)
    except TypeError:
        return None
    return words


def check_same(
    path: Path, kept: Kept, plan: Plan, pixels: Pixels, asked: tuple[FitCall, str | None]
) -> None:
    """Refuse to go on with another model or other data.

    Raises
    ------
    ModelError
        The model, or what was asked of the fit, is another.
    DataError
        The data are others.
    """
    begun = kept.begun
    if begun.shape != pixels.map_shape or begun.data != fingerprint_of_data(pixels):
        raise DataError(
            f"{path} is of other data, of a map of shape {begun.shape}; the data, noise and low "
            "loss that the run began with are wanted: load them again, or fit from the beginning"
        )
    if begun.model != fingerprint_of_model(plan, *asked):
        raise ModelError(
            f"{path} is of another model or another call of multifit: components, order, what is "
            "free, bounds, links, signal range, optimizer and loss must be as they were; "
            f"hs.resume({str(path)!r}) makes the model again"
        )


def with_start(plan: Plan, begun: Begun) -> Plan:
    """The plan at the working values that the run began with."""
    return replace(plan, start=begun.start)


def put_back(model: BaseModel, kept: Kept) -> None:
    """Put what a journal holds into the maps: first what was stored, then what was found."""
    begun, maps = kept.begun, model.maps
    where = np.unravel_index(begun.order, maps.shape)
    with model.lock:
        maps.values[where] = begun.values if len(begun.values) else np.nan
        maps.is_set[where] = np.isfinite(begun.values) if len(begun.values) else False


def known_pixels(kept: Kept) -> NDArray[np.bool_]:
    """The pixels that need not be fitted again, (all pixels,)."""
    known = np.zeros(int(np.prod(kept.begun.shape)), dtype=bool)
    for outcome in kept.outcomes:
        known[outcome.pixels] = True
        known[[failure.pixel for failure in outcome.failures]] = True
    return known


def journaled(take: Take, journal: Journal, run: Run) -> Take:
    """What also writes outcomes down, and takes the journal away when the run ended well."""
    working = True

    def write(outcome: Outcome) -> None:
        nonlocal working
        if working:
            try:
                journal.append(outcome)
            except OSError as wrong:  # the run goes on: what it found is in the maps
                working = False
                run.warn(f"autosave: {journal.path} cannot be written ({wrong})")
        take(outcome)

    def settle(state: str) -> None:
        try:
            if working:
                journal.sync()
            journal.close()
            if state == "done":
                journal.path.unlink(missing_ok=True)
                run.journal = ""
        except OSError as wrong:
            run.warn(f"autosave: {journal.path} cannot be closed or removed ({wrong})")

    run.journal = str(journal.path)
    run.at_end.append(settle)
    return write


def begin_or_none(path: Path | None, run: Run, make: Callable[[Path], Journal]) -> Journal | None:
    """A new journal; None, and a word on it, where it cannot be written."""
    if path is None:
        return None
    try:
        return make(path)
    except SaveError as wrong:
        run.warn(f"autosave: {wrong}")
        return None
