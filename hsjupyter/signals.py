"""The signals a person makes: verbs joined to the noun."""

from collections.abc import Mapping
from typing import Any

from hsjupyter.core.axes import Axis
from hsjupyter.core.registry import SIGNAL_TYPES, SIGNALS
from hsjupyter.core.signal import Axes
from hsjupyter.core.signal import BaseSignal as SignalNoun
from hsjupyter.verbs.apply import ApplyVerbs
from hsjupyter.verbs.arithmetic import ArithmeticVerbs
from hsjupyter.verbs.eds import EDSVerbs
from hsjupyter.verbs.eels import EELSVerbs
from hsjupyter.verbs.images import ImageVerbs
from hsjupyter.verbs.noise import NoiseVerbs
from hsjupyter.verbs.reduce import ReduceVerbs
from hsjupyter.verbs.reshape import ReshapeVerbs
from hsjupyter.verbs.signals import SignalVerbs
from hsjupyter.verbs.spectra import SpectrumVerbs

__all__ = ["BaseSignal", "EDSSEMSpectrum", "EDSTEMSpectrum", "EELSSpectrum", "Signal1D", "Signal2D"]


def __dir__() -> list[str]:
    """What tab completion offers."""
    return __all__


class BaseSignal(ArithmeticVerbs, ReduceVerbs, ReshapeVerbs, ApplyVerbs, NoiseVerbs, SignalVerbs):
    """Numbers with axes, of which none is singled out to be fitted."""


class Signal1D(SpectrumVerbs, BaseSignal):
    """Spectra: the last axis of the data is fitted, the others are navigated."""

    _signal_dimension = 1


class Signal2D(ImageVerbs, BaseSignal):
    """Images: the last two axes of the data are fitted, the others are navigated."""

    _signal_dimension = 2


class EELSSpectrum(EELSVerbs, Signal1D):
    """Electron energy loss spectra, in eV; a channel holds counts unless its axis says otherwise.

    Parameters
    ----------
    data, axes, metadata, original_metadata
        As of every signal.
    """

    def __init__(
        self,
        data: Any,
        axes: Axes | None = None,
        metadata: Mapping[str, Any] | None = None,
        original_metadata: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, axes, metadata, original_metadata)
        _name_type(self, "EELS", axes)


class EDSTEMSpectrum(EDSVerbs, Signal1D):
    """X-ray spectra of a thin sample; a channel holds counts unless its axis says otherwise.

    Parameters
    ----------
    data, axes, metadata, original_metadata
        As of every signal; the axis is in keV, or in eV where its units say so.
    """

    def __init__(
        self,
        data: Any,
        axes: Axes | None = None,
        metadata: Mapping[str, Any] | None = None,
        original_metadata: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, axes, metadata, original_metadata)
        _name_type(self, "EDS_TEM", axes)


class EDSSEMSpectrum(EDSVerbs, Signal1D):
    """X-ray spectra of a bulk sample; a channel holds counts unless its axis says otherwise.

    Parameters
    ----------
    data, axes, metadata, original_metadata
        As of every signal; the axis is in keV, or in eV where its units say so.
    """

    def __init__(
        self,
        data: Any,
        axes: Axes | None = None,
        metadata: Mapping[str, Any] | None = None,
        original_metadata: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, axes, metadata, original_metadata)
        _name_type(self, "EDS_SEM", axes)


def _name_type(signal: SignalNoun, kind: str, axes: Axes | None) -> None:
    """Note the type in the metadata, and that channels are bins unless the axes were told."""
    signal.metadata.set_item("Signal.signal_type", kind)
    if not any(isinstance(axis, Axis) or "is_binned" in axis for axis in axes or ()):
        for axis in signal.axes_manager.signal_axes:
            axis.is_binned = True


SIGNALS.update({0: BaseSignal, 1: Signal1D, 2: Signal2D})
SIGNAL_TYPES.update({"EELS": EELSSpectrum, "EDS_TEM": EDSTEMSpectrum, "EDS_SEM": EDSSEMSpectrum})
