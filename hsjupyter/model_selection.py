"""Criteria that say which of several models describes the data best: the smaller, the better."""

from hsjupyter.core.model import BaseModel
from hsjupyter.core.signal import BaseSignal
from hsjupyter.fitting.criteria import Criterion, compare
from hsjupyter.fitting.quality import aic, aicc, bic

__all__ = ["AIC", "BIC", "AICc"]


def __dir__() -> list[str]:
    """What tab completion offers."""
    return __all__


def AIC(
    model: BaseModel, only_current: bool = True, loss_function: str = "ls"
) -> float | BaseSignal:
    """Akaike's information criterion.

    Models of the same data may be compared, of the same channels, each after its fit. Where the
    noise variance is not known, it counts as one more number that was fitted.

    Parameters
    ----------
    model : BaseModel
    only_current : bool
        A number, for the working values of the current pixel; else a signal over the map, for
        the stored values of every pixel that was fitted.
    loss_function : {'ls', 'ML-poisson'}
        What the fit made small.

    Returns
    -------
    float or BaseSignal
        NaN at pixels that were not fitted.

    Raises
    ------
    UnknownNameError
        A loss without a likelihood.
    DataError
        At the current pixel, data that cannot be compared.

    Source
    ------
    Akaike, IEEE Trans. Autom. Control 19 (1974) 716, doi:10.1109/TAC.1974.1100705.
    """
    return _compare(model, aic, loss_function, only_current=only_current)


def AICc(
    model: BaseModel, only_current: bool = True, loss_function: str = "ls"
) -> float | BaseSignal:
    """Akaike's information criterion for few data; arguments as of `AIC`.

    Source
    ------
    Hurvich & Tsai, Biometrika 76 (1989) 297, doi:10.1093/biomet/76.2.297.
    """
    return _compare(model, aicc, loss_function, only_current=only_current)


def BIC(
    model: BaseModel, only_current: bool = True, loss_function: str = "ls"
) -> float | BaseSignal:
    """Schwarz's Bayesian information criterion; arguments as of `AIC`.

    Source
    ------
    Schwarz, Ann. Statist. 6 (1978) 461, doi:10.1214/aos/1176344136.
    """
    return _compare(model, bic, loss_function, only_current=only_current)


def _compare(
    model: BaseModel, criterion: Criterion, loss_function: str, *, only_current: bool
) -> float | BaseSignal:
    found = compare(model, criterion, loss_function, only_current=only_current)
    return float(found[0]) if only_current else model.signal.map_signal(found)
