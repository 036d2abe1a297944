"""multifit: the model is fitted to every pixel."""

from typing import Any

from hsjupyter.engines.crew import TIMEOUT
from hsjupyter.fitting.call import fit_call
from hsjupyter.schedule.chosen import pixels_in_order
from hsjupyter.schedule.run import Run
from hsjupyter.verbs.begin import carry_out, go_on_from, make_run, tell_of
from hsjupyter.verbs.fit import FitVerbs
from hsjupyter.verbs.journals import checked_every, journal_path


class MultifitVerbs(FitVerbs):
    """Fit many pixels."""

    def multifit(  # noqa: PLR0917 - HyperSpy's signature
        self,
        mask: Any = None,
        fetch_only_fixed: bool = False,
        autosave: Any = None,
        autosave_every: int = 10,
        show_progressbar: bool | None = None,
        interactive_plot: bool = False,
        iterpath: Any = None,
        *,
        only: Any = None,
        start: str | None = None,
        block: bool = True,
        workers: int | None = None,
        client: Any = None,
        executor: str | None = None,
        timeout: float = TIMEOUT,
        resume: Any = None,
        **words: Any,
    ) -> Run:
        """Fit the model to the data of every pixel.

        A parameter starts at each pixel from its stored value where there is one, else from the
        current working value or that of the pixel fitted before, whichever describes the pixel
        better. Answers do not depend on where it runs.

        The compiled driver ends a pixel where a further evaluation would gain next to nothing: its
        numbers are off the optimum by less than a thousandth of their errors. For all digits, as
        `fit` gives them, hand over a tolerance, such as ``ftol=1e-15``: it then goes on to where
        the slope is nothing but rounding, and what has no such place is fitted in other ways.

        Parameters
        ----------
        mask : array_like of bool, (nav...), optional
            True for pixels to leave out.
        fetch_only_fixed : bool
            Free parameters do not start from stored values.
        autosave : bool or path-like, optional
            Where the journal lies, from which a run that was broken off goes on (`resume`): a
            file or a folder; True is beside the file of the data, or here where there is none.
            Where not given, beside that file, if there is one. A run that ends well takes it away.
        autosave_every : int
            0 keeps no journal; else finished jobs are written down at once.
        show_progressbar : bool, optional
            A line with rate and time left; shown where not given.
        interactive_plot : bool
            Accepted so that scripts run; views follow the run.
        iterpath : {'serpentine', 'flyback'}, or iterable of tuple of int, optional
            The order of the pixels, by name or by their indices; serpentine where not given.
        only : {'failed', 'unset'} or array_like of bool, (nav...), optional
            Only the pixels that the last run could not fit, those without a fit, or those where
            the array is True.
        start : {'previous', 'stored', 'neighbours', 'sum'}, optional
            Where free parameters start: from the pixel fitted before; from stored values, else
            the working ones; from the median of what is stored next to the pixel; from what fits
            the sum of all pixels.
        block : bool
            False returns at once, and the fit goes on in the background.
        workers : int, optional
            How many pixels are fitted at once; 0 is one after another. Where not given, one for
            every processor if the compiled driver serves, else one.
        client : ipyparallel client, cluster or str, optional
            Fit on its engines; a text is the name of a profile.
        executor : {'serial', 'threads', 'processes'}, optional
            Where the workers are. Where not given, they are threads if the compiled driver
            serves, which lets them run side by side, else processes where they can be.
        timeout : float
            Seconds after which an engine that does not answer is given up.
        resume : path-like, optional
            The journal of a run of this model, which goes on; of the other arguments, those that
            say where it runs count. `hs.resume` makes the model as well.
        **words
            As for `fit`.

        Returns
        -------
        Run
            Its state, failures and rate; ``run.pause()``, ``run.cancel()``, ``await run``.

        Raises
        ------
        FitError
            The first pixels all failed, or the engines are gone.
        """
        del interactive_plot
        shown = show_progressbar is not False
        where = {"workers": workers, "client": client, "executor": executor, "timeout": timeout}
        if resume is not None:
            return go_on_from(self, resume, words, where, block=block, shown=shown)
        path = journal_path(self, autosave) if checked_every(self, autosave_every) else None
        rule = "previous" if fetch_only_fixed and start is None else start
        order = pixels_in_order(self, mask, only, iterpath)
        run, drive = make_run(self, order, rule, fit_call(words), where, path)
        return carry_out(run, drive, block=block, shown=shown)

    async def multifit_async(self, *args: Any, **words: Any) -> Run:
        """`multifit` for ``await`` in a cell: the event loop, and so the widgets, stay alive."""
        run = self.multifit(*args, **{**words, "block": False})
        await run
        tell_of(run)
        return run
