"""What a SAMFire fit tells of itself in words: one pixel's history, and the whole."""

from html import escape
from typing import Any

import numpy as np

from hsjupyter.core.errors import AxisError
from hsjupyter.samfire.board import name_of
from hsjupyter.samfire.ledger import Attempt, Ledger
from hsjupyter.samfire.marker import LEFT_OUT, REJECTED, STATES, TO_DO, Marker


class History(list[Attempt]):
    """All attempts at one pixel; prints as a story.

    Parameters
    ----------
    attempts : iterable of Attempt
    title : str
        How the pixel stands.
    """

    def __init__(self, attempts: Any, title: str) -> None:
        super().__init__(attempts)
        self.title = title

    def __repr__(self) -> str:
        return "\n".join([self.title, *[f"  {attempt}" for attempt in self]])

    def _repr_html_(self) -> str:
        items = "".join(f"<li>{escape(str(attempt))}</li>" for attempt in self)
        return f"<p>{escape(self.title)}</p><ol>{items}</ol>"


class Summary(str):
    """Lines of text that print as they are."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def history_of(samfire: Any, where: tuple[int, ...]) -> History:
    """The history of one pixel, by its ``axes_manager.indices``.

    Raises
    ------
    AxisError
        There is no such pixel.
    """
    marker: Marker = samfire.board.marker
    ledger: Ledger = samfire.ledger
    shape = marker.shape[::-1]
    if len(where) != len(shape) or not all(
        isinstance(i, int | np.integer) and 0 <= i < n for i, n in zip(where, shape, strict=True)
    ):
        raise AxisError(
            f"{samfire!r}.history{where}: indices inside of {shape} are wanted, the fastest axis "
            "first"
        )
    pixel = int(np.ravel_multi_index(where[::-1], marker.shape))
    state = STATES[int(marker.state[pixel])]
    title = f"pixel {where}: {state}"
    if marker.order[pixel] == 0:
        title += ", a seed: it had a good fit before"
    elif marker.order[pixel] > 0:
        title += f" as number {marker.order[pixel]} of {marker.finished}"
    if np.isfinite(marker.quality[pixel]):
        test = samfire.board.judge.test.name
        title += f"; {test}: {marker.quality[pixel]:.3g} times what is expected"
    return History(ledger.attempts(pixel), title)


def summary_of(samfire: Any) -> Summary:
    """How the whole fit stands."""
    marker, ledger = samfire.board.marker, samfire.ledger
    wanted = int((marker.state != LEFT_OUT).sum())
    done = int(marker.done.sum())
    lines = [f"SAMFire: {done} of {wanted} pixels have a good fit ({_percent(done, wanted)})"]
    seeds = int((marker.order == 0).sum())
    lines.append(
        f"  {seeds} {'was' if seeds == 1 else 'were'} good before; "
        f"{ledger.fits} fits in {ledger.waves} waves"
    )
    for i, strategy in enumerate(samfire.strategies):
        count = int((marker.done & (marker.strategy == i)).sum())
        lines.append(f"  {name_of(strategy)}: {count} pixels")
    lines.append(f"  a fit is good by: {samfire.board.judge!r}")
    names = ledger.names
    if names:
        maps = samfire.model.maps
        for component in samfire.model:
            if component.name in names:
                on = maps.active_of(component).ravel()[marker.done].sum()
                lines.append(f"  {component.name} is on in {on} of {done} pixels")
    rejected, fresh = int((marker.state == REJECTED).sum()), int((marker.state == TO_DO).sum())
    if rejected:
        lines.append(f"  {rejected} pixels were tried without a good fit")
    if fresh:
        lines.append(f"  {fresh} pixels had nothing near to start from")
    if rejected or fresh:
        lines.append(
            "  fit one of them by hand, e.g. m.fit() there, and start again: what is done is kept"
        )
    return Summary("\n".join(lines))


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "none wanted"
