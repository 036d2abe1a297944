"""The signals a person makes: verbs joined to the noun."""

from hsjupyter.core.registry import SIGNALS
from hsjupyter.verbs.signals import SignalVerbs

__all__ = ["BaseSignal", "Signal1D", "Signal2D"]


class BaseSignal(SignalVerbs):
    """Numbers with axes, of which none is singled out to be fitted."""


class Signal1D(SignalVerbs):
    """Spectra: the last axis of the data is fitted, the others are navigated."""

    _signal_dimension = 1


class Signal2D(SignalVerbs):
    """Images: the last two axes of the data are fitted, the others are navigated."""

    _signal_dimension = 2


SIGNALS.update({0: BaseSignal, 1: Signal1D, 2: Signal2D})
