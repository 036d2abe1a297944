"""The schedule of SAMFire: wave after wave of the pixels that the active strategy can start.

What a wave holds depends on the waves before it alone, and a fit on its own start alone: the
result does not depend on who works, nor on who is ready first.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from hsjupyter.fitting.batch import job_length
from hsjupyter.fitting.contest import Contest, Verdict, component_sets
from hsjupyter.fitting.jobs import Failure, Outcome
from hsjupyter.fitting.kept import can_batch
from hsjupyter.samfire.board import Board, Strategy, Wave, name_of
from hsjupyter.samfire.judge import contest_of
from hsjupyter.samfire.ledger import Ledger
from hsjupyter.samfire.marker import DONE, REJECTED, RUNNING, TO_DO, Array
from hsjupyter.samfire.seeds import store
from hsjupyter.schedule.run import Run

PIECES = 8  # jobs of a wave, where it is long enough
SHORTEST = 32  # pixels of a job for the compiled driver


class Waves:
    """Says which pixels are next, and takes in what became of them.

    Parameters
    ----------
    board : Board
    strategies : sequence of Strategy
    run : Run
        Counts the pixels that are done.
    ledger : Ledger
    told : callable
        Called after every wave, and after a change of strategy.
    """

    def __init__(
        self,
        board: Board,
        strategies: Any,
        run: Run,
        ledger: Ledger,
        told: Callable[[], None],
    ) -> None:
        self._board, self._strategies, self._run = board, strategies, run
        self._ledger, self._told = ledger, told
        self._length = job_length(board.task.plan)
        self._shortest = SHORTEST if can_batch(board.task.plan) else 1
        self._queue: list[Contest] = []
        self._in_flight = 0
        self._wave: Wave | None = None
        self._limits: Array = np.zeros((2, 0))
        self._verdicts: list[Verdict] = []
        self._awake = {strategies.active}
        self._lost: dict[int, str] = {}
        task = board.task
        ledger.names = tuple(c.name for c, on in zip(task.model, task.optional, strict=True) if on)
        ledger.sets = component_sets(task.optional)[:, task.optional]

    def next_job(self) -> Contest | None:
        """The next pixels; None while a wave is not over, and at the end."""
        while not self._queue:
            if self._in_flight:
                return None
            self.close()
            if not self._open():
                return None
        self._in_flight += 1
        return self._queue.pop(0)

    def accept(self, outcome: Outcome) -> None:
        """Take in what became of some pixels: good fits are stored at once."""
        self._in_flight -= 1
        if not isinstance(outcome, Verdict):  # its engines died, again and again
            self._lost.update({f.pixel: f.reason for f in outcome.failures})
            lost = np.array([f.pixel for f in outcome.failures], dtype=np.intp)
            self._board.marker.state[lost] = REJECTED
            return
        self._verdicts.append(outcome)
        task = self._board.task
        store(task.model, outcome, optional=bool(task.optional.any()))
        fresh = outcome.pixels[self._board.marker.state[outcome.pixels] != DONE]
        self._board.marker.state[outcome.pixels] = DONE
        self._run.count(len(fresh))

    def close(self) -> None:
        """End the wave: strategy and judge hear of it, in the order of its pixels."""
        wave, board = self._wave, self._board
        if wave is None:
            return
        self._wave = None
        place = {int(p): i for i, p in enumerate(wave.pixels)}
        verdicts = sorted(
            self._verdicts, key=lambda v: place[int(v.tried[0])] if len(v.tried) else -1
        )
        self._verdicts = [v for v in verdicts if len(v.tried)]
        marker, index = board.marker, self._strategies.active
        pixels = np.concatenate([np.zeros(0, np.intp), *[v.pixels for v in self._verdicts]])
        measures = np.concatenate([np.zeros(0), *[v.measures for v in self._verdicts]])
        tried = np.concatenate([np.zeros(0, np.intp), *[v.tried for v in self._verdicts]])
        failed = tried[marker.state[tried] == RUNNING]
        marker.state[failed] = REJECTED
        left = wave.pixels[marker.state[wave.pixels] == RUNNING]  # the run was stopped before
        marker.state[left] = TO_DO
        origins = self._origins(wave, place)
        marker.finish(pixels, board.judge.quality(pixels, measures), origins, index)
        name = name_of(self._strategies[index])
        self._ledger.enter(name, wave, self._limits, self._verdicts)
        self._verdicts = []
        self._learn_level()
        for awake in self._awake:
            self._strategies[awake].learn(board, pixels)
        self._told()
        if len(pixels) and index > 0 and not wave.again:
            self._use(0)  # from what this one found, the first may go on

    def _origins(self, wave: Wave, place: dict[int, int]) -> "np.ndarray[Any, np.dtype[np.int64]]":
        """Where the winning starts of the done pixels came from, (done,)."""
        found = []
        for verdict in self._verdicts:
            good = verdict.tries[verdict.tries["status"] == 1]
            won = dict(zip(good["at"].tolist(), good["candidate"].tolist(), strict=True))
            at = {int(p): i for i, p in enumerate(verdict.tried)}
            for p in verdict.pixels.tolist():
                row = wave.origins[place[p] if len(wave.origins) > 1 else 0]
                found.append(int(row[won[at[p]]]))
        return np.array(found, dtype=np.int64)

    def _learn_level(self) -> None:
        """What is usual, of all done pixels, where it has to be learned."""
        judge, marker = self._board.judge, self._board.marker
        if judge.scatter is None and judge.test.expected is not None:
            return
        done = np.flatnonzero(marker.done)
        if judge.test.measure == "red_chisq":
            usual = float(np.nanmedian(marker.quality[done])) * judge.level
            marker.quality[done] *= judge.level / usual
            judge.level = usual

    def _open(self) -> bool:
        """Begin the next wave; False at the end."""
        board, marker = self._board, self._board.marker
        while not self._run.stopping:
            strategy: Strategy = self._strategies[self._strategies.active]
            wave = strategy.propose(board) if marker.left.any() or strategy.refits else None
            if wave is not None:
                self._cut(wave)
                return True
            if not self._change():
                return False
        return False

    def _change(self) -> bool:
        """Go on to the next strategy that is of use; False where there is none."""
        active, left = self._strategies.active, self._board.marker.left.any()
        behind = list(enumerate(self._strategies))[active + 1 :]
        useful = [i for i, strategy in behind if left or strategy.refits]
        if not useful:
            return False
        self._use(useful[0])
        return True

    def _use(self, index: int) -> None:
        """Let a strategy go on; the first time it learns what is done, then it has heard of it."""
        self._strategies.active = index
        if index not in self._awake:
            self._awake.add(index)
            self._strategies[index].refresh(self._board)
        self._told()

    def _cut(self, wave: Wave) -> None:
        """Cut a wave into jobs."""
        board, n = self._board, len(wave.pixels)
        task, marker = board.task, board.marker
        if not wave.again:
            marker.state[wave.pixels] = RUNNING
        self._wave, self._limits = wave, board.judge.limits(wave.pixels)
        beat = None
        if wave.again:
            beat = task.model.maps.chisq.ravel()[wave.pixels] * (1 - 1e-6)
        empty, active = contest_of(task, board.judge.test.measure), task.active_of(wave.pixels)
        length = min(self._length, max(self._shortest, -(-n // PIECES)))
        for start in range(0, n, length):
            part = slice(start, start + length)
            self._queue.append(
                replace(
                    empty,
                    pixels=wave.pixels[part],
                    starts=wave.starts[part] if len(wave.starts) > 1 or n == 1 else wave.starts,
                    active=active[part],
                    limits=self._limits[:, part],
                    screened=wave.screened,
                    beat=None if beat is None else beat[part],
                )
            )

    def failures(self) -> list[Failure]:
        """The pixels that want a fit and got none, with the reason."""
        board = self._board
        found = []
        for pixel in np.flatnonzero(board.marker.state == REJECTED).tolist():
            attempts = self._ledger.attempts(pixel)
            reason = str(attempts[-1]) if attempts else self._lost.get(pixel, "it was not begun")
            found.append(Failure(pixel, board.task.plan.start, f"{len(attempts)} fits; {reason}"))
        never = np.flatnonzero(board.marker.state == TO_DO).tolist()
        reason = "no done pixel is near enough to start from"
        return found + [Failure(p, board.task.plan.start, reason) for p in never]
