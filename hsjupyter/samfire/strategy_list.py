"""The strategies of a SAMFire fit, in order, one of them active."""

from collections.abc import Iterable
from html import escape
from typing import Any

from hsjupyter.core.errors import FitError, unknown_name
from hsjupyter.samfire.board import name_of

NEEDED = ("refresh", "propose", "learn", "database")


class StrategyList(list[Any]):
    """A list of strategies; prints as a table with an ``x`` beside the active one.

    Attributes
    ----------
    active : int
        The place of the active strategy.
    """

    active = 0

    def append(self, thing: Any) -> None:
        """Add a strategy.

        Raises
        ------
        FitError
            It is none: a strategy has ``refresh``, ``propose``, ``learn`` and ``database``.
        """
        thing = thing() if isinstance(thing, type) else thing
        missing = [name for name in NEEDED if not callable(getattr(thing, name, None))]
        if missing:
            raise FitError(
                f"samf.strategies: {thing!r} came, which has no {', '.join(missing)}; a strategy "
                "is wanted, such as hs.samfire.local_strategies.ReducedChiSquaredStrategy()"
            )
        super().append(thing)

    def extend(self, iterable: Iterable[Any]) -> None:
        """Add several strategies."""
        for thing in iterable:
            self.append(thing)

    def remove(self, thing: Any) -> None:
        """Take out a strategy, by itself, its name or its place.

        Raises
        ------
        UnknownNameError
            It is not there.
        """
        place = self.place_of(thing)
        del self[place]
        if self.active > place or self.active >= len(self):
            self.active = max(0, self.active - 1)

    def place_of(self, thing: Any) -> int:
        """The place of a strategy, given by itself, its name or its place.

        Raises
        ------
        UnknownNameError
            It is not there.
        """
        names = [name_of(each) for each in self]
        if isinstance(thing, int) and not isinstance(thing, bool):
            if -len(self) <= thing < len(self):
                return thing % len(self)
        elif thing in names:
            return names.index(thing)
        elif thing in self:
            return self.index(thing)
        known = [*map(str, range(len(self))), *names]
        raise unknown_name("samf.strategies", thing, known)

    def __repr__(self) -> str:
        lines = ["  A |    # | Strategy", " -- | ---- | -------------------------"]
        for i, each in enumerate(self):
            lines.append(f"  {'x' if i == self.active else ' '} | {i:4d} | {name_of(each)}")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{'x' if i == self.active else ''}</td><td>{i}</td>"
            f"<td>{escape(name_of(each))}</td></tr>"
            for i, each in enumerate(self)
        )
        return f"<table><tr><th>A</th><th>#</th><th>Strategy</th></tr>{rows}</table>"
