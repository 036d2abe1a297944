"""What was tried at every pixel, and why it was taken or not."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from hsjupyter.fitting.contest import ACCEPTED, BEATEN, OUTSIDE, TRY, Verdict
from hsjupyter.samfire.board import Wave
from hsjupyter.samfire.marker import Places

BECAME = {
    ACCEPTED: "accepted",
    BEATEN: "good, but another set of components was better",
    OUTSIDE: "rejected",
}


@dataclass(frozen=True)
class Attempt:
    """One fit of one pixel.

    Attributes
    ----------
    wave : int
        Counted from 1; 0 for a seed.
    strategy : str
    start : str
        What it started from.
    origin : tuple of int or None
        The pixel that the start came from, as ``axes_manager.indices``; None where many gave it.
    components : tuple of str
        The optional components that were on.
    chisq, measure, criterion : float
        Chi squared; what the goodness test looked at; what compares sets of components.
    limits : tuple of float
        What the measure had to lie between.
    became : str
    """

    wave: int
    strategy: str
    start: str
    origin: tuple[int, ...] | None
    components: tuple[str, ...]
    chisq: float
    measure: float
    criterion: float
    limits: tuple[float, float]
    became: str

    def __str__(self) -> str:
        origin = "" if self.origin is None else f" {self.origin}"
        with_them = f" with {', '.join(self.components)}" if self.components else ""
        told = f"wave {self.wave}: {self.strategy}, from {self.start}{origin}{with_them}: "
        if np.isfinite(self.measure):
            low, high = self.limits
            between = f"at most {high:.4g}" if not np.isfinite(low) else f"{low:.4g} to {high:.4g}"
            told += f"{self.measure:.4g} where {between} is good, "
        return told + self.became


@dataclass(frozen=True, eq=False)
class _Page:
    """What became of one wave."""

    wave: int
    strategy: str
    plan: Wave
    limits: NDArray[np.float64]
    pixels: Places  # those that were begun, ascending
    tries: NDArray[np.void]  # sorted by place in pixels
    reasons: dict[int, str]


class Ledger:
    """All attempts of a fit, wave by wave.

    Parameters
    ----------
    shape : tuple of int
        The navigation shape in array order.
    """

    def __init__(self, shape: tuple[int, ...]) -> None:
        self._shape = shape
        self._pages: list[_Page] = []
        self.names: tuple[str, ...] = ()
        self.sets: NDArray[np.bool_] = np.zeros((1, 0), dtype=bool)

    @property
    def waves(self) -> int:
        """How many waves there were."""
        return len(self._pages)

    @property
    def fits(self) -> int:
        """How many fits were made."""
        return sum(len(page.tries) for page in self._pages)

    def enter(
        self,
        strategy: str,
        wave: Wave,
        limits: NDArray[np.float64],
        verdicts: list[Verdict],
    ) -> None:
        """Write down a wave."""
        if not verdicts:
            return
        pixels = np.concatenate([v.tried for v in verdicts])
        ends = np.cumsum([0, *[len(v.tried) for v in verdicts]])
        tries = np.concatenate([np.zeros(0, TRY), *[v.tries for v in verdicts]])
        lengths = [len(v.tries) for v in verdicts]
        tries["at"] += np.repeat(ends[:-1], lengths).astype(np.int32)
        order = np.argsort(pixels, kind="stable")
        rank = np.empty(len(pixels), dtype=np.int32)
        rank[order] = np.arange(len(pixels), dtype=np.int32)
        tries["at"] = rank[tries["at"]]
        tries = tries[np.argsort(tries["at"], kind="stable")]
        reasons = {p: why for v in verdicts for p, why in v.reasons.items()}
        # The starts themselves are not told, and would be most of the memory.
        slim = replace(wave, starts=wave.starts[:0])
        page = _Page(self.waves + 1, strategy, slim, limits, pixels[order], tries, reasons)
        self._pages.append(page)

    def counts(self, n: int) -> NDArray[np.int64]:
        """How many fits were made at each of so many pixels, (pixel,)."""
        found = np.zeros(n, dtype=np.int64)
        for page in self._pages:
            found += np.bincount(page.pixels[page.tries["at"]], minlength=n)
        return found

    def attempts(self, pixel: int) -> list[Attempt]:
        """All attempts at one pixel, by flat index, in order."""
        found = []
        for page in self._pages:
            at = int(np.searchsorted(page.pixels, pixel))
            if at < len(page.pixels) and page.pixels[at] == pixel:
                first, last = np.searchsorted(page.tries["at"], [at, at + 1])
                found += [self._told(page, pixel, one) for one in page.tries[first:last]]
        return found

    def _told(self, page: _Page, pixel: int, one: NDArray[np.void]) -> Attempt:
        wave, candidate = page.plan, int(one["candidate"])
        place = int(np.flatnonzero(wave.pixels == pixel)[0])
        origin = int(wave.origins[place if len(wave.origins) > 1 else 0, candidate])
        single = origin >= 0 and candidate > 0
        status = int(one["status"])
        default = f"not fitted: {page.reasons.get(pixel, 'no optimum')}"
        low, high = page.limits[:, place]
        return Attempt(
            page.wave,
            page.strategy,
            wave.words[candidate],
            self._indices(origin) if single else None,
            tuple(
                n for n, on in zip(self.names, self.sets[int(one["variant"])], strict=True) if on
            ),
            float(one["chisq"]),
            float(one["measure"]),
            float(one["criterion"]),
            (float(low), float(high)),
            BECAME.get(status, default),
        )

    def _indices(self, pixel: int) -> tuple[int, ...]:
        return tuple(int(i) for i in np.unravel_index(pixel, self._shape)[::-1])
