"""fit and multifit, and what they leave behind."""

import threading
import warnings
from collections.abc import Iterable
from contextlib import closing
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hsjupyter.core.errors import AxisError, HSJupyterWarning
from hsjupyter.core.model import BaseModel
from hsjupyter.core.signal import BaseSignal
from hsjupyter.core.table import show
from hsjupyter.engines.choose import Executor, executor_for
from hsjupyter.fitting.batch import job_length
from hsjupyter.fitting.call import FitCall, fit_call
from hsjupyter.fitting.jobs import pixels_of
from hsjupyter.fitting.objective import Objective, make_objective
from hsjupyter.fitting.plan import Plan, make_plan
from hsjupyter.fitting.quality import reduced_chisq
from hsjupyter.fitting.result import FitResult
from hsjupyter.fitting.solve import solve_pixel
from hsjupyter.schedule import waiting
from hsjupyter.schedule.driver import Steps, steps, taker
from hsjupyter.schedule.multifit import Multifit
from hsjupyter.schedule.paths import path
from hsjupyter.schedule.progress import progress_line
from hsjupyter.schedule.run import Run
from hsjupyter.verbs.autosave import autosaving, pixels_between


class FitVerbs(BaseModel):
    """Fit one pixel or all of them, and read how good it was."""

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
        grad : {'analytical', 'fd', True, False}, optional
            Whether derivatives are exact, as they are where not given, or differences, for the
            optimizers that can.
        bounded : bool, optional
            None keeps the bounds that are set where the optimizer can, True insists, False
            ignores them.
        print_info : bool
            Print what the fit told.
        update_plot, return_info, fd_scheme
            Accepted so that scripts run: views follow, and the result is given back.
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
        """
        said = {"optimizer": optimizer, "loss_function": loss_function, "bounded": bounded}
        del update_plot, return_info, fd_scheme
        call = fit_call({**said, "grad": grad, **words})
        result, objective = fit_here(self, call)
        std = objective.spread_errors(result.x, result.covar)
        self.commit(objective.filled(result.x), std, result.chisq, float(len(result.x)))
        self.fit_output = result
        _tell_of_no_optimum(self, result)
        if print_info:
            show(result)
        return result

    def multifit(  # noqa: PLR0917 - HyperSpy's signature
        self,
        mask: Any = None,
        fetch_only_fixed: bool = False,
        autosave: bool = False,
        autosave_every: int = 10,
        show_progressbar: bool | None = None,
        interactive_plot: bool = False,  # noqa: ARG002 - views follow anyway
        iterpath: Any = None,
        *,
        block: bool = True,
        workers: int | None = None,
        **words: Any,
    ) -> Run:
        """Fit the model to the data of every pixel.

        A parameter starts at each pixel from its stored value where there is one, else from the
        current working value or that of the pixel fitted before, whichever describes the pixel
        better.

        Parameters
        ----------
        mask : array_like of bool, (nav...), optional
            True for pixels to leave out.
        fetch_only_fixed : bool
            Free parameters do not start from stored values.
        autosave : bool
            Write the maps to ``hsjupyter_autosave-*.npz`` meanwhile; a run that ends well takes
            the file away. `load_parameters_from_file` reads it.
        autosave_every : int
            How many pixels lie between two such writings.
        show_progressbar : bool, optional
            A line with rate and time left; shown where not given.
        interactive_plot : bool
            Accepted so that scripts run; views follow the run.
        iterpath : {'serpentine', 'flyback'}, or iterable of tuple of int, optional
            The order of the pixels, by name or by their indices; serpentine where not given.
        block : bool
            False returns at once, and the fit goes on in the background.
        workers : int, optional
            Threads that fit; 0 fits in the thread that drives. Where not given, one for every
            processor if the compiled driver serves, else one.
        **words
            As for `fit`.

        Returns
        -------
        Run
            Its state, failures and rate; ``run.cancel()`` stops it.
        """
        order, call = _order(self, mask, iterpath), fit_call(words)
        every = pixels_between(self, autosave_every if autosave else 0)
        run, drive, executor = _prepare(self, order, call, workers, only_fixed=fetch_only_fixed)

        def work() -> None:
            line = progress_line(run, shown=block and show_progressbar is not False)
            with closing(executor), line, autosaving(self, run, every):
                try:
                    waiting.blocking(drive, run)
                finally:
                    self.load()

        if not block:
            threading.Thread(target=_quietly, args=(work,), daemon=True).start()
            return run
        work()
        _tell_of_failures(self, run)
        return run

    async def multifit_async(
        self,
        mask: Any = None,
        fetch_only_fixed: bool = False,
        iterpath: Any = None,
        *,
        workers: int | None = None,
        **words: Any,
    ) -> Run:
        """`multifit` for ``await`` in a cell: the event loop, and so the widgets, stay alive."""
        order, call = _order(self, mask, iterpath), fit_call(words)
        run, drive, executor = _prepare(self, order, call, workers, only_fixed=fetch_only_fixed)
        with closing(executor):
            await waiting.in_loop(drive, run)
        self.load()
        _tell_of_failures(self, run)
        return run

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


def fit_here(model: BaseModel, call: FitCall) -> tuple[FitResult, Objective]:
    """The fit of the current pixel, and what it was of; the model does not change."""
    plan = make_plan(model, bounded=call.bounded)
    call.check(plan)
    _warn_of_start(model, plan)
    here = int(np.ravel_multi_index(model.axes_manager.map_index, model.maps.shape))
    objective = make_objective(plan, pixels_of(model).at(here), plan.start, plan.active, call.loss)
    return solve_pixel(objective, call.optimizer, call.options), objective


def _warn_of_start(model: BaseModel, plan: Plan) -> None:
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


def _order(model: BaseModel, mask: Any, iterpath: Any) -> NDArray[np.intp]:
    """The pixels that a mask leaves, in the order of a path."""
    named = iterpath is None or isinstance(iterpath, str)
    order = path(model.maps.shape, iterpath or "serpentine") if named else _own(model, iterpath)
    return order[model.maps.unmasked(mask).ravel()[order]]


def _own(model: BaseModel, iterpath: Iterable[Any]) -> NDArray[np.intp]:
    given = [tuple(np.ravel(each).tolist()) for each in iterpath]
    shape = model.axes_manager.navigation_shape or (1,)
    good = {i for i in given if len(i) == len(shape)}
    good = {i for i in good if all(0 <= k < n for k, n in zip(i, shape, strict=True))}
    for each in given:
        if each not in good:
            raise AxisError(
                f"{model!r}.multifit: iterpath holds {each}; indices inside of {shape} are "
                "wanted, the fastest axis first"
            )
    return np.array(
        [np.ravel_multi_index(each[::-1], model.maps.shape) for each in given], dtype=np.intp
    )


def _prepare(
    model: BaseModel,
    order: NDArray[np.intp],
    call: FitCall,
    workers: int | None,
    *,
    only_fixed: bool,
) -> tuple[Run, Steps, Executor]:
    plan = make_plan(model, bounded=call.bounded)
    call.check(plan)
    _warn_of_start(model, plan)
    many = np.array([c.active_is_multidimensional for c in model], dtype=bool)
    scheduler = Multifit(
        model.maps,
        order,
        many,
        plan.active,
        length=job_length(plan),
        call=call,
        taken=~plan.free if only_fixed else None,
    )
    run = Run(len(order))
    executor = executor_for(plan, pixels_of(model), run.stop, workers)
    model.run = run
    return run, steps(scheduler, executor, run, taker(model, run)), executor


def _quietly(work: Any) -> None:
    """Errors of a background run are kept in the run, which `wait` and `await` raise."""
    with warnings.catch_warnings():
        try:
            work()
        except Exception:  # noqa: BLE001 - kept in run.error
            return


def _tell_of_failures(model: BaseModel, run: Run) -> None:
    if run.failures:
        first = run.failures[0]
        where = tuple(int(i) for i in np.unravel_index(first.pixel, model.maps.shape)[::-1])
        warnings.warn(
            f"{model!r}.multifit: {len(run.failures)} of {run.total} pixels could not be fitted; "
            f"the first, {where}, said: {first.reason}; run.failures lists them all",
            HSJupyterWarning,
            stacklevel=3,
        )
