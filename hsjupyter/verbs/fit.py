"""fit and multifit, and what they leave behind."""

import threading
import warnings
from contextlib import closing
from typing import Any

import numpy as np
import traitlets as t

from hsjupyter.core.errors import DataError, HSJupyterWarning
from hsjupyter.core.model import BaseModel
from hsjupyter.core.signal import BaseSignal
from hsjupyter.engines.choose import Executor, executor_for
from hsjupyter.fitting.batch import job_length
from hsjupyter.fitting.call import FitCall, fit_call
from hsjupyter.fitting.jobs import pixels_of
from hsjupyter.fitting.objective import Objective, make_objective
from hsjupyter.fitting.plan import make_plan
from hsjupyter.fitting.quality import reduced_chisq
from hsjupyter.fitting.result import FitResult
from hsjupyter.fitting.solve import solve_pixel
from hsjupyter.schedule import waiting
from hsjupyter.schedule.driver import Steps, steps, taker
from hsjupyter.schedule.multifit import Multifit
from hsjupyter.schedule.paths import path
from hsjupyter.schedule.progress import progress_line
from hsjupyter.schedule.run import Run


class FitVerbs(BaseModel):
    """Fit one pixel or all of them, and read how good it was."""

    run = t.Instance(Run, allow_none=True, help="the last fit of many pixels, or the one under way")

    def fit(
        self, optimizer: str | None = None, loss_function: Any = None, **words: Any
    ) -> FitResult:
        """Fit the model to the data of the current pixel.

        Parameters
        ----------
        optimizer : str, optional
            ``leastsq`` where not given; also as ``fitter=``.
        loss_function : {'ls', 'ML-poisson', 'huber'} or callable, optional
            Least squares where not given; also as ``method=``, where ``'ml'`` is the likelihood.
            A callable gets model, data and weights, each (channel,), and gives one number.
        **words
            ``bounded``: None keeps the bounds that are set where the optimizer can, True insists,
            False ignores them. All others are options of the optimizer.

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
        """
        call = fit_call({"optimizer": optimizer, "loss_function": loss_function, **words})
        result, objective = _fit_here(self, call)
        std = objective.spread_errors(result.x, result.covar)
        self.fit_output = result
        self.commit(objective.filled(result.x), std, result.chisq, float(len(result.x)))
        if not result.success:
            warnings.warn(
                f"{self!r}.fit: no optimum was reached: {result.message}; try other start values, "
                "bounds, or a larger max_nfev",
                HSJupyterWarning,
                stacklevel=2,
            )
        return result

    def multifit(
        self,
        mask: Any = None,
        *,
        iterpath: str = "serpentine",
        show_progressbar: bool | None = None,
        block: bool = True,
        workers: int | None = None,
        **words: Any,
    ) -> Run:
        """Fit the model to the data of every pixel.

        Each pixel starts from its stored values where there are any, else from the current
        working values or those of the pixel fitted before, whichever describes it better.

        Parameters
        ----------
        mask : array_like of bool, (nav...), optional
            True for pixels to leave out.
        iterpath : {'serpentine', 'flyback'}
            The order of the pixels.
        show_progressbar : bool, optional
            A line with rate and time left; shown where not given.
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
        run, drive, executor = _prepare(self, mask, iterpath, workers, fit_call(words))

        def work() -> None:
            shown = block and show_progressbar is not False
            with closing(executor), progress_line(run, shown=shown):
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

    async def multifit_async(self, mask: Any = None, **words: Any) -> Run:
        """`multifit` for ``await`` in a cell: the event loop, and so the widgets, stay alive."""
        iterpath, workers = words.pop("iterpath", "serpentine"), words.pop("workers", None)
        run, drive, executor = _prepare(self, mask, iterpath, workers, fit_call(words))
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


def _fit_here(model: BaseModel, call: FitCall) -> tuple[FitResult, Objective]:
    plan = make_plan(model, bounded=call.bounded)
    call.check(plan)
    here = int(np.ravel_multi_index(model.axes_manager.map_index, model.maps.shape))
    objective = make_objective(plan, pixels_of(model).at(here), plan.start, plan.active, call.loss)
    return solve_pixel(objective, call.optimizer, call.options), objective


def _prepare(
    model: FitVerbs, mask: Any, iterpath: str, workers: int | None, call: FitCall
) -> tuple[Run, Steps, Executor]:
    plan = make_plan(model, bounded=call.bounded)
    call.check(plan)
    order = path(model.maps.shape, iterpath)
    if mask is not None:
        leave_out = np.asarray(mask, dtype=bool)
        if leave_out.shape != model.maps.shape:
            raise DataError(
                f"{model!r}.multifit: a mask of shape {leave_out.shape} came; the navigation "
                f"shape {model.maps.shape} (as of arrays) is wanted"
            )
        order = order[~leave_out.ravel()[order]]
    many = np.array([c.active_is_multidimensional for c in model], dtype=bool)
    scheduler = Multifit(
        model.maps,
        order,
        many,
        plan.active,
        length=job_length(plan),
        call=call,
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
