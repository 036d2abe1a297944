"""fit, and what fits leave behind."""

import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hsjupyter.core.errors import HSJupyterWarning
from hsjupyter.core.model import BaseModel
from hsjupyter.core.signal import BaseSignal
from hsjupyter.core.table import show
from hsjupyter.engines.alone import solve_on_engine
from hsjupyter.fitting.call import FitCall, fit_call
from hsjupyter.fitting.jobs import pixels_of
from hsjupyter.fitting.objective import Objective, make_objective
from hsjupyter.fitting.plan import Plan, make_plan
from hsjupyter.fitting.quality import reduced_chisq
from hsjupyter.fitting.result import FitResult
from hsjupyter.fitting.solve import solve_pixel


class FitVerbs(BaseModel):
    """Fit one pixel, and read how good fits were."""

    def fit(  # noqa: PLR0917 - HyperSpy's signature
        self,
        optimizer: str | None = None,
        loss_function: Any = None,
        grad: Any = None,
        bounded: bool | None = None,
        update_plot: bool = False,
        print_info: bool = False,
        return_info: bool = True,
        fd_scheme: str = "2-point",
        *,
        client: Any = None,
        **words: Any,
    ) -> FitResult:
        """Fit the model to the data of the current pixel.

        Parameters
        ----------
        optimizer : str, optional
            ``leastsq`` where not given; also as ``fitter=``.
        loss_function : {'ls', 'ML-poisson', 'huber'} or callable, optional
            Least squares where not given; also as ``method=``, where ``'ml'`` is the likelihood.
            A callable gets model, data and weights, each (channel,), and gives one number.
        grad : {'analytical', 'fd', True, False} or callable, optional
            Whether derivatives are exact, as they are where not given, or differences, for the
            optimizers that ask for any. A callable gets the free numbers, in the order of the
            result's names, and gives the derivatives of the loss, (free,), or of the weighted
            residual, (channel, free).
        bounded : bool, optional
            None keeps the bounds that are set where the optimizer can, True insists, False
            ignores them.
        print_info : bool
            Print what the fit told.
        update_plot, return_info, fd_scheme
            Accepted so that scripts run: views follow, and the result is given back.
        client : ipyparallel client, cluster or str, optional
            Fit on one of its engines, which is for searches that take long; what they find on the
            way is seen here. A text is the name of a profile.
        **words
            Options of the optimizer.

        Returns
        -------
        FitResult
            Also kept as ``fit_output``; values and errors are in the parameters and the maps.

        Raises
        ------
        ModelError
            Nothing active or nothing free.
        DataError
            NaN or infinite data, or a variance that is not positive, inside the signal range.
        UnknownNameError
            No such optimizer, loss or option.
        EnginesLostError
            The cluster has no engine that could do it.
        """
        said = {"optimizer": optimizer, "loss_function": loss_function, "bounded": bounded}
        del update_plot, return_info, fd_scheme
        call = fit_call({**said, "grad": grad, **words})
        result, objective = fit_here(self, call, client)
        std = objective.spread_errors(result.x, result.covar)
        self.commit(objective.filled(result.x), std, result.chisq, float(len(result.x)))
        self.fit_output = result
        _tell_of_no_optimum(self, result)
        if print_info:
            show(result)
        return result

    @property
    def chisq(self) -> BaseSignal:
        """Chi squared of the last fit at every pixel, NaN where there was none."""
        return self.signal.map_signal(self.maps.chisq)

    @property
    def dof(self) -> BaseSignal:
        """How many numbers were free in the last fit at every pixel."""
        return self.signal.map_signal(self.maps.dof)

    @property
    def red_chisq(self) -> BaseSignal:
        """Chi squared per degree of freedom, channels minus free numbers, at every pixel."""
        n = int(self.channel_switches.sum())
        return self.signal.map_signal(reduced_chisq(self.maps.chisq, n, self.maps.dof))


def fit_here(model: BaseModel, call: FitCall, client: Any = None) -> tuple[FitResult, Objective]:
    """The fit of the current pixel, and what it was of; here the model does not change.

    Where an engine of a cluster does it, the working values show the search.
    """
    plan = make_plan(model, bounded=call.bounded)
    call.check(plan)
    warn_of_start(model, plan)
    here = int(np.ravel_multi_index(model.axes_manager.map_index, model.maps.shape))
    objective = make_objective(plan, pixels_of(model).at(here), plan.start, plan.active, call.loss)
    if client is None:
        return solve_pixel(objective, call.optimizer, call.options), objective
    before = model.row()
    try:
        found = solve_on_engine(client, objective, call, lambda row: _show_row(model, row))
    except BaseException:  # an interrupt, too: it was no fit
        _show_row(model, before)
        raise
    return found, objective


def _show_row(model: BaseModel, row: NDArray[np.float64]) -> None:
    """Make a row the working values."""
    with model.lock:
        for parameter in model.parameters:
            if parameter.link is None:
                parameter.take("value", row[model.maps.slot(parameter)])


def warn_of_start(model: BaseModel, plan: Plan) -> None:
    """Tell of working values that are outside of their bounds."""
    slots = plan.free_slots(plan.active)
    start = plan.start[slots]
    outside = slots[(start < plan.lower[slots]) | (start > plan.upper[slots])]
    if outside.size:
        told = [
            f"{plan.names[s]} = {plan.start[s]:g} is not in {plan.lower[s]:g} to {plan.upper[s]:g}"
            for s in outside
        ]
        warnings.warn(
            f"{model!r}.fit: {'; '.join(told)}: the fit starts from the bound; set another value, "
            "or other bounds",
            HSJupyterWarning,
            stacklevel=4,
        )


def _tell_of_no_optimum(model: BaseModel, result: FitResult) -> None:
    if not result.success:
        warnings.warn(
            f"{model!r}.fit: no optimum was reached: {result.message}; try other start values, "
            "bounds, or a larger max_nfev",
            HSJupyterWarning,
            stacklevel=3,
        )
