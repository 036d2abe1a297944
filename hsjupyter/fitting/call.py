"""The words of a fit call, in HyperSpy's older and newer spelling, checked."""

import warnings
from dataclasses import dataclass
from typing import Any

from hsjupyter.core.errors import FitError, ModelError, unknown_name
from hsjupyter.fitting import optimizers
from hsjupyter.fitting.losses import LOSSES, Custom, Loss, huber_loss
from hsjupyter.fitting.optimizers.base import OPTIMIZERS
from hsjupyter.fitting.plan import Plan

__all__ = ["FitCall", "fit_call", "optimizers"]

# Word of HyperSpy 1.3 -> the word of HyperSpy 2 that we use.
OLDER = {"fitter": "optimizer", "method": "loss_function"}
# Words that choose nothing here: plots follow by themselves, results are always given back, bounds
# are kept by the optimizers, and derivatives are exact.
ACCEPTED = ("update_plot", "print_info", "return_info", "ext_bounding", "fd_scheme", "kind")
DEPRECATED = {
    "fmin": "Nelder-Mead",
    "fmin_cg": "CG",
    "fmin_ncg": "Newton-CG",
    "fmin_bfgs": "BFGS",
    "fmin_l_bfgs_b": "L-BFGS-B",
    "fmin_tnc": "TNC",
    "fmin_powell": "Powell",
}
GRADIENTS = ("analytical", "fd", True, False, None)


@dataclass(frozen=True)
class FitCall:
    """What was asked of a fit.

    Attributes
    ----------
    optimizer : str
    loss : Loss
    bounded : bool
        Whether bounds count.
    options : dict
        For the optimizer.
    """

    optimizer: str
    loss: Loss
    bounded: bool
    options: dict[str, Any]

    def check(self, plan: Plan) -> None:
        """Refuse a plan that the optimizer cannot solve.

        Raises
        ------
        ModelError
            It needs bounds that are not set, or a model that is linear.
        """
        ability = OPTIMIZERS[self.optimizer].ability
        slots = plan.free_slots(plan.active)
        if ability.needs_bounds:
            open_ended = [
                plan.names[s]
                for s in slots
                if plan.lower[s] == float("-inf") or plan.upper[s] == float("inf")
            ]
            if open_ended:
                raise ModelError(
                    f"fit: {self.optimizer!r} searches between bounds, and these have not both: "
                    f"{', '.join(open_ended)}; set bmin and bmax, or choose a local optimizer"
                )
        if ability.linear:
            bent = plan.bent(plan.active)
            if bent:
                raise ModelError(
                    f"fit: {self.optimizer!r} fits linear parameters only, and these free ones "
                    f"are not: {', '.join(bent)}; fix them with "
                    "m.set_parameters_not_free(only_nonlinear=True)"
                )


def fit_call(words: dict[str, Any]) -> FitCall:
    """Check the words of a fit call.

    Parameters
    ----------
    words : dict
        ``optimizer`` or ``fitter``, ``loss_function`` or ``method``, ``huber_delta``,
        ``bounded``, ``grad``; all others are options of the optimizer.

    Raises
    ------
    UnknownNameError
        No such optimizer, loss or option.
    FitError
        One thing is said twice, or the optimizer can do neither the loss nor the bounds that are
        insisted on.
    """
    said: dict[str, Any] = {}
    for word, value in words.items():
        ours = OLDER.get(word, word)
        if (value is None and ours != "bounded") or ours in ACCEPTED:
            continue
        if ours in said:
            raise FitError(f"fit: both {word!r} and its newer word {ours!r} came; give one")
        said[ours] = value
    loss = _loss_of(said.pop("loss_function", "ls"), said.pop("huber_delta", None))
    name = _optimizer_of(said.pop("optimizer", "leastsq" if loss.name == "ls" else "fisher"))
    ability, bounded = OPTIMIZERS[name].ability, said.pop("bounded", None)
    if not ability.can(loss.name):
        able = ", ".join(n for n, o in OPTIMIZERS.items() if o.ability.can(loss.name))
        raise FitError(f"fit: {name!r} cannot fit by {loss.name!r}; these can: {able}")
    if bounded and not ability.bounds:
        able = ", ".join(n for n, o in OPTIMIZERS.items() if o.ability.bounds)
        raise FitError(f"fit: {name!r} cannot keep bounds; these can: {able}; or bounded=False")
    _take_gradient(said, name)
    known = OPTIMIZERS[name].options
    for word in said:
        if word not in known and word != "grad":
            every = {"optimizer", "loss_function", "bounded", "huber_delta", "grad", *OLDER}
            raise unknown_name(f"fit with {name!r}", word, {*every, *known})
    return FitCall(name, loss, bounded is not False and ability.bounds, said)


def _optimizer_of(name: Any) -> str:
    if name in DEPRECATED:
        warnings.warn(
            f"fit: the optimizer name {name!r} is deprecated; write {DEPRECATED[name]!r}",
            DeprecationWarning,
            stacklevel=4,
        )
        return DEPRECATED[name]
    if name not in OPTIMIZERS:
        raise unknown_name("fit: optimizer", name, OPTIMIZERS)
    return str(name)


def _loss_of(asked: Any, delta: float | None) -> Loss:
    if callable(asked):
        return Loss(getattr(asked, "__name__", "custom"), Custom(asked), absolute=True)
    if asked not in LOSSES:
        raise unknown_name("fit: loss_function", asked, LOSSES)
    if delta is None:
        return LOSSES[asked]
    if asked != "huber" or not delta > 0:
        raise FitError(
            f"fit: huber_delta={delta!r} came with loss_function={asked!r}; a positive number with "
            "'huber' is wanted"
        )
    return huber_loss(delta)


def _take_gradient(said: dict[str, Any], name: str) -> None:
    gradient = said.pop("grad", None)
    if not callable(gradient) and gradient not in GRADIENTS:
        raise unknown_name("fit: grad", gradient, map(str, GRADIENTS))
    walks = OPTIMIZERS[name].ability.gradient
    if callable(gradient) and not walks:
        able = ", ".join(n for n, o in OPTIMIZERS.items() if o.ability.gradient)
        raise FitError(f"fit: {name!r} asks for no derivatives, but grad came; these do: {able}")
    if walks and (callable(gradient) or gradient in {"fd", False}):
        said["grad"] = gradient if callable(gradient) else "fd"
