"""The models a person holds: verbs joined to the noun; and the components they are made of."""

import traitlets as t

from hsjupyter import components
from hsjupyter.core.namespace import Namespace
from hsjupyter.core.registry import MODEL_TYPES, MODELS
from hsjupyter.verbs.component_fit import ComponentFitVerbs
from hsjupyter.verbs.containers import ContainerVerbs
from hsjupyter.verbs.eds_model import EDSModelVerbs
from hsjupyter.verbs.eels_model import EELSModelVerbs
from hsjupyter.verbs.guess import GuessVerbs
from hsjupyter.verbs.maps import MapVerbs
from hsjupyter.verbs.parameters import ParameterVerbs
from hsjupyter.verbs.parts import PartVerbs
from hsjupyter.verbs.plot import PlotVerbs
from hsjupyter.verbs.ranges import ImageRangeVerbs, RangeVerbs
from hsjupyter.verbs.results import ResultVerbs
from hsjupyter.verbs.samfire import SamfireVerbs
from hsjupyter.verbs.store import StoreVerbs
from hsjupyter.verbs.uncertainty import UncertaintyVerbs

__all__ = [
    "EDSModel",
    "EELSModel",
    "Model1D",
    "Model2D",
    "components",
    "components1D",
    "components2D",
]


def __dir__() -> list[str]:
    """What tab completion offers."""
    return __all__


class Model1D(
    ComponentFitVerbs,
    ContainerVerbs,
    GuessVerbs,
    MapVerbs,
    ParameterVerbs,
    PartVerbs,
    PlotVerbs,
    RangeVerbs,
    ResultVerbs,
    SamfireVerbs,
    StoreVerbs,
    UncertaintyVerbs,
):
    """A model of spectra; made by ``signal.create_model()``."""


class Model2D(
    ComponentFitVerbs,
    ContainerVerbs,
    GuessVerbs,
    MapVerbs,
    ParameterVerbs,
    PartVerbs,
    PlotVerbs,
    ImageRangeVerbs,
    ResultVerbs,
    SamfireVerbs,
    StoreVerbs,
    UncertaintyVerbs,
):
    """A model of images; made by ``signal.create_model()``."""


class EELSModel(EELSModelVerbs, Model1D):
    """A model of energy losses; made by ``signal.create_model()`` of an EELSSpectrum."""

    auto_fine_structure_width = t.Bool(True, help="fine structures keep off the next edge")


class EDSModel(EDSModelVerbs, Model1D):
    """A model of X-ray lines; made by ``signal.create_model()`` of an EDS spectrum."""


MODELS.update({1: Model1D, 2: Model2D})
MODEL_TYPES.update({"EELS": EELSModel, "EDS_TEM": EDSModel, "EDS_SEM": EDSModel})
components1D = Namespace(1)  # noqa: N816 - HyperSpy's word
components2D = Namespace(2)  # noqa: N816
