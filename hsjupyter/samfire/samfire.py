"""SAMFire as a person holds it."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import traitlets as t
from numpy.typing import NDArray

from hsjupyter.core.door import open_gui
from hsjupyter.core.errors import FitError, ModelError
from hsjupyter.core.metadata import Metadata
from hsjupyter.core.model import BaseModel
from hsjupyter.core.signal import BaseSignal
from hsjupyter.fitting.call import FitCall, fit_call
from hsjupyter.fitting.contest import CRITERIA
from hsjupyter.fitting.jobs import pixels_of
from hsjupyter.fitting.plan import make_plan
from hsjupyter.samfire.board import Board, Database
from hsjupyter.samfire.fit_tests import red_chisq_test
from hsjupyter.samfire.global_strategies import HistogramStrategy
from hsjupyter.samfire.judge import Judge, Task
from hsjupyter.samfire.ledger import Ledger
from hsjupyter.samfire.local_strategies import ReducedChiSquaredStrategy
from hsjupyter.samfire.marker import RUNNING, Marker
from hsjupyter.samfire.report import History, Summary, history_of, summary_of
from hsjupyter.samfire.start import Begin, begin, journal_of, place_of
from hsjupyter.samfire.stored import look_at_stored, marker_map, take_order
from hsjupyter.samfire.strategy_list import StrategyList
from hsjupyter.schedule.run import Run
from hsjupyter.storage.parameter_files import write_parameters_file

MOST_OPTIONAL = 6


class Samfire(t.HasTraits):
    """Fits a map pixel by pixel in the order that the data suggest; ``m.create_samfire()``.

    Parameters
    ----------
    model : BaseModel
        At least one of its pixels should have a good fit, or `start` is asked for ``seeds="auto"``.
    workers : int, optional
        As of `multifit`.
    setup : bool
        Look at once which pixels have a good fit.
    random_state : int or numpy.random.Generator, optional
        Of the order in which global strategies take pixels. The same number, the same result.
    **where
        ``client`` and ``executor``, as of `multifit`. ``ipyparallel=True`` means a cluster that
        runs, and ``ipyparallel=False`` this machine.

    Attributes
    ----------
    metadata : Metadata
        ``goodness_test``, a test of `hs.samfire.fit_tests`; ``marker``, (nav...): above 0 how much
        a pixel is worth that could be next, 0 where nothing is known around it, -1 where it is
        done, NaN where it is left out.
    strategies : StrategyList
    update_every : int
        Good fits after which statistics of the whole map are made again.
    plot_every : float
        Good fits between two drawings; NaN for never.
    save_every : float
        Good fits between two backups; NaN for never.
    criterion : {'AICc', 'AIC', 'BIC'}
        What compares sets of optional components.
    margin : float
        Criteria that differ by less are a tie, and the set with fewer numbers wins.
    """

    told = t.Int(0, help="grows with every wave, and whenever the strategy changes")
    run = t.Any(None, help="the last run, or the one under way")
    update_every = t.Int(10, help="good fits after which statistics are made again")
    plot_every = t.Float(10.0, help="good fits between two drawings")
    save_every = t.Float(float("nan"), help="good fits between two backups")
    criterion = t.Enum(list(CRITERIA), "AICc", help="what compares sets of components")
    margin = t.Float(10.0, help="criteria that differ by less are a tie")

    def __init__(
        self,
        model: BaseModel,
        workers: int | None = None,
        setup: bool = True,
        random_state: int | np.random.Generator | None = None,
        **where: Any,
    ) -> None:
        if model.axes_manager.navigation_dimension == 0:
            raise ModelError(
                f"create_samfire of {model!r}: a single spectrum has no other pixels to start "
                "from; m.fit() fits it"
            )
        super().__init__()
        self.model, self.where = model, place_of(workers, where)
        self._seed = 0 if random_state is None else random_state
        self._optional: list[Any] = []
        self._call, self._mask = fit_call({}), None
        self._log: list[tuple[str, tuple[Any, ...]]] = []
        self._saved = 0
        self.count = 0
        self.metadata = Metadata()
        self.metadata.goodness_test = red_chisq_test(1.0)
        self.metadata.set_alias("marker", self._read_marker, self._write_marker)
        self.strategies = StrategyList([])
        self.strategies.extend([ReducedChiSquaredStrategy(), HistogramStrategy()])
        self.ledger = Ledger(model.maps.shape)
        self._board: Board | None = None
        if setup:
            self.setup()

    # -- strategies ----------------------------------------------------------------------------

    def append(self, strategy: Any) -> None:
        """Add a strategy to the end of the list."""
        self.strategies.append(strategy)

    def extend(self, iterable: Iterable[Any]) -> None:
        """Add several strategies to the end of the list."""
        self.strategies.extend(iterable)

    def remove(self, thing: Any) -> None:
        """Take out a strategy, by itself, its name or its place."""
        self.strategies.remove(thing)

    @property
    def active_strategy(self) -> Any:
        """The strategy in use; may be set as by `change_strategy`."""
        if not self.strategies:
            raise FitError(f"{self!r} has no strategy; samf.append(...) adds one")
        return self.strategies[self.strategies.active]

    @active_strategy.setter
    def active_strategy(self, value: Any) -> None:
        self.change_strategy(value)

    def change_strategy(self, new_strat: Any) -> None:
        """Use another strategy from now on.

        Parameters
        ----------
        new_strat : Strategy, str or int
            Of the list, by itself, its name or its place.

        Raises
        ------
        UnknownNameError
            It is not in the list.
        """
        self.strategies.active = self.strategies.place_of(new_strat)
        if self.board.marker.done.any():
            self.active_strategy.refresh(self.board)
        self.told += 1

    # -- what is fitted ------------------------------------------------------------------------

    @property
    def optional_components(self) -> list[Any]:
        """Components that may be off at a pixel; the criterion decides."""
        return self._optional

    @optional_components.setter
    def optional_components(self, value: Iterable[Any]) -> None:
        chosen = list(dict.fromkeys(self.model[each] for each in value))
        if len(chosen) > MOST_OPTIONAL:
            raise ModelError(
                f"{self!r}: {len(chosen)} optional components came, which are "
                f"{2 ** len(chosen)} sets for every pixel; at most {MOST_OPTIONAL} are wanted"
            )
        self._optional = chosen
        self._board = None

    def setup(self, **words: Any) -> None:
        """Look which pixels have a good fit, for a fit with these words."""
        self._call = fit_call(words)
        self.refresh_database()

    @property
    def board(self) -> Board:
        """The fit as it stands between two waves."""
        if self._board is None:
            self._board = self._make_board(self._call, self._mask)
        return self._board

    def _make_board(self, call: FitCall, mask: Any) -> Board:
        model = self.model
        plan = make_plan(model, bounded=call.bounded)
        call.check(plan)
        optional = np.array([c in self._optional for c in model], dtype=bool)
        task = Task(model, plan, pixels_of(model), call, optional, self.criterion, self.margin)
        judge = Judge(task, self.metadata.goodness_test)
        left_out = ~model.maps.unmasked(mask).ravel()
        random = np.random.default_rng(self._seed)
        board = Board(
            task, Marker(model.maps.shape, left_out), judge, random, max(1, self.update_every)
        )
        look_at_stored(board)
        return board

    def refresh_database(self) -> None:
        """Look anew which pixels have a good fit, after a fit by hand or other values."""
        old = self._board
        self._board = self._make_board(self._call, self._mask)
        if old is not None:
            take_order(old.marker, self._board.marker)
        for strategy in self.strategies:
            if self._board.marker.done.any():
                strategy.refresh(self._board)
        self.told += 1

    # -- fitting -------------------------------------------------------------------------------

    def start(
        self,
        *,
        seeds: Any = None,
        mask: Any = None,
        autosave: Any = None,
        resume: Any = None,
        block: bool = True,
        show_progressbar: bool | None = None,
        **words: Any,
    ) -> Run:
        """Fit all pixels that have no good fit yet.

        Parameters
        ----------
        seeds : {'auto'}, optional
            Fit a few pixels first, from many starts, that differ most from each other.
        mask : array_like of bool, (nav...), optional
            True for pixels to leave out.
        autosave : path-like, optional
            A journal: good fits are written down as they come; a good end takes it away.
        resume : path-like, optional
            Go on from a journal of the same model and data.
        block : bool
            False returns at once, and the fit goes on in the background.
        show_progressbar : bool, optional
            Progress, and a summary at the end; shown where not given.
        **words
            As for `fit`.

        Returns
        -------
        Run
            Its failures are the pixels that have no good fit at the end, with the reason.

        Raises
        ------
        FitError
            No pixel has a good fit to start from, or a fit is under way already.
        """
        if self.model.run is not None and not self.model.run.over:
            raise FitError(
                f"{self!r}.start: {self.model.run!r} is under way; wait for it, cancel it, or "
                "resume it"
            )
        if not self.strategies:
            raise FitError(f"{self!r} has no strategy; samf.append(...) adds one")
        self._call, self._mask = fit_call(words), mask
        journal = journal_of(self, autosave, resume)
        self.refresh_database()
        return begin(self, Begin(seeds, journal, block=block, shown=show_progressbar is not False))

    def stop(self) -> None:
        """End the fit; what is under way is taken in, and `start` goes on from there."""
        if self.run is not None:
            self.run.cancel()

    # -- what a person asks --------------------------------------------------------------------

    @property
    def pixels_left(self) -> int:
        """How many pixels have no good fit yet."""
        return int(self.board.marker.left.sum())

    @property
    def pixels_done(self) -> int:
        """How many pixels have a good fit."""
        return int(self.board.marker.done.sum())

    @property
    def running_pixels(self) -> list[tuple[int, ...]]:
        """The pixels that are being fitted, as ``axes_manager.indices``."""
        which = np.flatnonzero(self.board.marker.state == RUNNING)
        places = np.unravel_index(which, self.board.marker.shape)[::-1]
        return [tuple(int(i) for i in each) for each in zip(*places, strict=True)]

    @property
    def order(self) -> BaseSignal:
        """When each pixel was done: 0 for seeds, counted from 1, NaN where it is not done."""
        return self._map(self.board.marker.order, self.board.marker.order >= 0)

    @property
    def origin(self) -> BaseSignal:
        """The flat index of the pixel that each start came from; NaN where there is no one."""
        return self._map(self.board.marker.origin, self.board.marker.origin >= 0)

    @property
    def state(self) -> BaseSignal:
        """0 to do, 1 running, 2 done, 3 rejected, 4 left out."""
        return self._map(self.board.marker.state, np.ones(len(self.board.marker.state), bool))

    def _map(self, numbers: NDArray[Any], known: NDArray[np.bool_]) -> BaseSignal:
        shown = np.where(known, numbers.astype(float), np.nan)
        return self.model.signal.map_signal(shown.reshape(self.board.marker.shape))

    def history(self, *indices: int) -> History:
        """All that was tried at a pixel, and why it was taken or not.

        Parameters
        ----------
        *indices : int
            As ``axes_manager.indices``; the current pixel where not given.

        Raises
        ------
        AxisError
            There is no such pixel.
        """
        return history_of(self, indices or self.model.axes_manager.indices)

    def summary(self) -> Summary:
        """How the fit stands: pixels by strategy, what is good, what is left and why."""
        return summary_of(self)

    def database(self) -> Database:
        """What the active strategy knows."""
        return self.active_strategy.database(self.board)  # type: ignore[no-any-return]

    def plot(self, on_count: bool = False) -> Any:
        """Show the marker map and what the active strategy knows; both follow the fit.

        Parameters
        ----------
        on_count : bool
            Only where as many pixels are done as `plot_every` says.
        """
        if on_count and not _due(self.count, self.plot_every):
            return None
        return open_gui(self, "plot_samfire")

    def gui(self, **options: Any) -> Any:
        """Show the marker map, progress, and the history of a pixel that is clicked."""
        return open_gui(self, "plot_samfire", **options)

    def backup(self, filename: str | Path | None = None, on_count: bool = True) -> Path | None:
        """Write the maps of all parameters to a file.

        Parameters
        ----------
        filename : str or Path, optional
            ``backup_<title>.npz`` where not given; it is replaced.
        on_count : bool
            Only where as many pixels are done as `save_every` says.

        Returns
        -------
        Path or None
            The file, which ``m.load_parameters_from_file`` reads.
        """
        if on_count and not _due(self.count, self.save_every):
            return None
        title = self.model.signal.metadata.get_item("General.title", "") or "samfire"
        safe = "".join(c if c.isalnum() or c in "-_" else "_" for c in str(title))
        return write_parameters_file(self.model, filename or f"backup_{safe}.npz")

    def log(self, *args: Any) -> list[tuple[str, tuple[Any, ...]]]:
        """Note something beside the time; all notes are given back, each with its time."""
        if args:
            when = datetime.now(UTC).astimezone().isoformat(timespec="seconds")
            self._log.append((when, args))
        return self._log

    def tell(self) -> None:
        """Say that a wave is over; called by the fit."""
        before, self.count = self.count, self.board.marker.finished
        if self.save_every > 0 and self.count // self.save_every > before // self.save_every:
            self.backup(on_count=False)
        self.told += 1

    def _read_marker(self) -> NDArray[np.float64]:
        return marker_map(self.board, self.strategies)

    def _write_marker(self, value: Any) -> None:
        raise FitError(
            f"{self!r}: metadata.marker was set to {value!r}; it shows how the fit stands and is "
            "not to be set: samf.start(mask=...) leaves pixels out"
        )

    def __repr__(self) -> str:
        title = self.model.signal.metadata.get_item("General.title", "")
        return f"<SAMFire of the signal titled: {title!r}>"


def _due(count: int, every: float) -> bool:
    return bool(every > 0 and count % every == 0)
