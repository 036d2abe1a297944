"""Plain words for people who know neither models nor Python: how good a fit is, what went wrong."""

from __future__ import annotations

import logging
import math
import secrets
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from hsjupyter.core.errors import (
    BoundsError,
    DataError,
    FileFormatError,
    FitError,
    HSJupyterError,
    ModelError,
    ParameterError,
)
from hsjupyter.core.model import BaseModel
from hsjupyter.core.parameter import Parameter
from hsjupyter.gui.drawn import is_of_images
from hsjupyter.gui.records import VerdictRecord
from hsjupyter.gui.spec import quality_of
from hsjupyter.gui.work import OVER

log = logging.getLogger(__name__)

LONGEST = 400
"""Characters of an error that are shown."""

GOOD, FAIR = 1.5, 4.0
"""Reduced chi squared up to which a fit is good, and fair."""

TOO_GOOD = 0.4
"""Reduced chi squared below which the noise is smaller than was said."""

NEAR = 1e-6
"""Share of the distance between bounds within which a value is at one."""


class Refused(ModelError):  # noqa: N818 - what happened to the request
    """A request that this page does not allow; its words are for the visitor."""


PLAIN: tuple[tuple[type[Exception], str], ...] = (
    (BoundsError, "That value is outside of what is allowed here."),
    (ParameterError, "That is not a number that can be used here."),
    (
        FitError,
        "The fit did not work with these data and starting values; move the sliders closer.",
    ),
    (MemoryError, "That needs more memory than this page may use; choose smaller data."),
    (HSJupyterError, "That cannot be done here now."),
)
"""What a visitor is told of an error, by its class; the first that fits."""


def explain_plainly(error: BaseException, hidden: Mapping[str, str] | None = None) -> str:
    """What a visitor is told of an error; the log is told all of it, by the same reference.

    Parameters
    ----------
    error : BaseException
    hidden : mapping of str to str, optional
        Texts that a visitor must not see, such as paths of the server, and what stands for them.
    """
    reference = secrets.token_hex(3).upper()
    log.error("reference %s: %s", reference, error, exc_info=error)
    words = "Something went wrong; what you had is unharmed."
    if isinstance(error, Refused | DataError | FileFormatError):
        words = str(error)
        for text, instead in (hidden or {}).items():
            words = words.replace(text, instead)
        named = any(words.startswith(name) for name in (hidden or {}).values())
        words = words[:LONGEST] if named else f"{words[:1].upper()}{words[1:LONGEST]}"
    else:
        words = next((told for kind, told in PLAIN if isinstance(error, kind)), words)
    return f"{words} (reference {reference})"


def verdicts_of(model: BaseModel, labels: Mapping[str, str]) -> list[VerdictRecord]:
    """How good the fit of the current pixel, and of the map, is, in sentences.

    Parameters
    ----------
    model : BaseModel
    labels : mapping of str to str
        What parameters are called on the page.
    """
    run: Any = getattr(model, "run", None)
    if run is not None and run.state not in OVER:
        # What is shown is not what the run has found for this place meanwhile.
        return list(_of_map(model))
    return [*_of_pixel(model), *_of_parameters(model, labels), *_of_map(model)]


def _of_pixel(model: BaseModel) -> Iterator[VerdictRecord]:
    quality = quality_of(model)
    if quality is None or quality["chisq"] is None:
        yield VerdictRecord(level="unknown", text="Not fitted yet: press Fit.")
        return
    if model.signal.get_noise_variance() is None:
        yield VerdictRecord(
            level="unknown",
            text=f"How noisy these data are is not known, so look at the plot: {_wanted(model)}.",
        )
        return
    reduced = quality["reduced_chisq"]
    if reduced is None:
        yield VerdictRecord(level="unknown", text="There are too few channels to judge the fit.")
    elif reduced < TOO_GOOD:
        yield VerdictRecord(
            level="fair", text="Closer than the noise allows: the noise is probably overestimated."
        )
    elif reduced <= GOOD:
        yield VerdictRecord(level="good", text="Good: what is left over looks like noise.")
    elif reduced <= FAIR:
        yield VerdictRecord(level="fair", text="Fair: a little more than noise is left over.")
    else:
        yield VerdictRecord(
            level="poor", text="Poor: the fit misses much of the data; move the sliders closer."
        )


def _wanted(model: BaseModel) -> str:
    if is_of_images(model):
        return "data − model should show no pattern"
    return "the line should run through the middle of the data"


def label_of(parameter: Parameter, labels: Mapping[str, str]) -> str:
    """What a parameter is called on the page."""
    named = labels.get(str(parameter))
    whose = "" if parameter.component is None else f"{parameter.component.name} "
    return named or f"{whose}{parameter.name}"


def _of_parameters(model: BaseModel, labels: Mapping[str, str]) -> Iterator[VerdictRecord]:
    fitted = np.isfinite(model.maps.chisq[model.axes_manager.map_index])
    for parameter in model.parameters:
        component = parameter.component
        if component is None or not component.active or not parameter.free:
            continue
        label = label_of(parameter, labels)
        if any(_at_bound(parameter, number) for number in parameter.flat()):
            yield VerdictRecord(
                level="fair", text=f"{label} is at its bound: the data would take it further."
            )
        elif fitted and not all(math.isfinite(e) for e in _errors(parameter)):
            yield VerdictRecord(level="fair", text=f"{label} is not determined by these data.")


def _errors(parameter: Parameter) -> list[float]:
    std: Any = parameter.std
    if std is None:
        return [math.nan] * parameter.size
    return list(std) if isinstance(std, tuple) else [std] * parameter.size


def _at_bound(parameter: Parameter, number: float) -> bool:
    low, high = parameter.bmin, parameter.bmax
    span = (high - low) if low is not None and high is not None else abs(number)
    return any(bound is not None and abs(number - bound) <= NEAR * span for bound in (low, high))


def _of_map(model: BaseModel) -> Iterator[VerdictRecord]:
    total = model.maps.chisq.size
    if total <= 1:
        return
    done = int(np.isfinite(model.maps.chisq).sum())
    run: Any = getattr(model, "run", None)
    failed = 0 if run is None else len(run.failures)
    if done:
        level = "good" if done == total else "fair"
        bad = f"; {failed} could not be fitted" if failed else ""
        yield VerdictRecord(level=level, text=f"{done} of {total} places are fitted{bad}.")
