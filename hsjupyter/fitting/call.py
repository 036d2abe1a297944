"""The words of a fit call, in HyperSpy's older and newer spelling, checked."""

from dataclasses import dataclass
from typing import Any

from hsjupyter.core.errors import FitError, UnknownNameError, unknown_name
from hsjupyter.fitting import optimizers
from hsjupyter.fitting.optimizers.base import OPTIMIZERS

__all__ = ["FitCall", "fit_call", "optimizers"]

# Word of HyperSpy 1.3 -> the word of HyperSpy 2 that we use.
OLDER = {"fitter": "optimizer", "method": "loss_function"}
LOSSES = ("ls",)


@dataclass(frozen=True)
class FitCall:
    """What was asked of a fit.

    Attributes
    ----------
    optimizer : str
    bounded : bool
        Whether bounds count.
    options : dict
        For the optimizer.
    """

    optimizer: str
    bounded: bool
    options: dict[str, Any]


def fit_call(words: dict[str, Any]) -> FitCall:
    """Check the words of a fit call.

    Parameters
    ----------
    words : dict
        ``optimizer`` or ``fitter``, ``loss_function`` or ``method``, ``bounded``; all others are
        options of the optimizer.

    Raises
    ------
    UnknownNameError
        No such optimizer or loss.
    FitError
        One thing is said twice, or the optimizer cannot keep the bounds that are insisted on.
    """
    said = {}
    for word, value in words.items():
        ours = OLDER.get(word, word)
        if value is None and ours != "bounded":
            continue
        if ours in said:
            raise FitError(f"fit: both {word!r} and its newer word {ours!r} came; give one")
        said[ours] = value
    name = said.pop("optimizer", "leastsq")
    loss = said.pop("loss_function", "ls")
    if loss not in LOSSES:
        raise unknown_name("fit: loss_function", loss, LOSSES)
    if name not in OPTIMIZERS:
        raise unknown_name("fit: optimizer", name, OPTIMIZERS)
    ability, bounded = OPTIMIZERS[name].ability, said.pop("bounded", None)
    if bounded and not ability.bounds:
        can = ", ".join(n for n, o in OPTIMIZERS.items() if o.ability.bounds)
        raise FitError(f"fit: {name!r} cannot keep bounds; these can: {can}; or bounded=False")
    unknown = set(said) - OPTIONS
    if unknown:
        raise _unknown_option(name, min(unknown))
    return FitCall(name, bounded is not False and ability.bounds, said)


OPTIONS = {"ftol", "xtol", "gtol", "max_nfev", "x_scale", "diff_step"}


def _unknown_option(name: str, option: str) -> UnknownNameError:
    words = {"optimizer", "loss_function", "bounded", *OLDER, *OPTIONS}
    return unknown_name(f"fit with {name!r}", option, words)
