"""What the first stage of a fit sees: means of neighbouring channels, along an axis or in squares.

`sum_up` and what it calls are translated by `hsjupyter.formula.plain_code`; the words of its
arguments are in `hsjupyter.fitting.layout`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hsjupyter.fitting.layout import (
    ACROSS,
    COARSE,
    FACTOR,
    FINE,
    LOSS,
    N_CHANNELS,
    ROOTS,
    ROOTS_COARSE,
    Y_COARSE,
    Y,
)
from hsjupyter.formula.memory import Floats, Integers, floats, integers, root

Array = NDArray[np.float64]

# How many channels are summed up, and how few sums there may be: of a spectrum, of an image.
_FACTORS, _FEW = (8, 4, 2), 192
_SQUARES, _FEW_SQUARES = (16, 4), 400


@dataclass(frozen=True, eq=False)
class Sums:
    """Groups of channels.

    Attributes
    ----------
    factor : int
        Channels of a group; 1 for no first stage.
    across : int
        Channels in a row of an image, whose groups are squares; 0 for a spectrum.
    count : int
        Groups; what is left at the ends belongs to none.
    """

    factor: int
    across: int
    count: int

    def group(self, of: Array) -> Array:
        """Numbers of the channels, (..., channel), as (..., group, factor)."""
        *before, n = of.shape
        if self.across == 0:
            shape = (*before, self.count, self.factor)
            return of[..., : self.count * self.factor].reshape(shape)
        side = round(self.factor**0.5)
        down, along = n // self.across // side, self.across // side
        rows = of.reshape(*before, -1, self.across)[..., : down * side, : along * side]
        squares = rows.reshape(*before, down, side, along, side).swapaxes(-3, -2)
        return np.ascontiguousarray(squares).reshape(*before, self.count, self.factor)


def find_sums(x: Array, n_free: int, *, whole: bool = False) -> Sums:
    """How channels at coordinates ``x``, (coordinate, channel), are summed up.

    Not at all where ``whole`` channels are wanted: sums hide which of them are far off.
    """
    n = x.shape[1]
    if whole:
        return Sums(1, 0, n)
    if len(x) == 1:
        least = max(_FEW, 8 * n_free)
        factor = next((f for f in _FACTORS if n // f >= least), 1)
        return Sums(factor, 0, n // factor)
    across = row_length(x) if len(x) == 2 else 0
    least = max(_FEW_SQUARES, 8 * n_free)
    for factor in _SQUARES if across else ():
        side = round(factor**0.5)
        count = (across // side) * (n // across // side)
        if count >= least:
            return Sums(factor, across, count)
    return Sums(1, 0, n)


def row_length(x: Array) -> int:
    """Channels in a row of an image; 0 where the channels are no rectangle."""
    first, second = x
    across = int((second == second[0]).argmin()) or len(second)
    if len(second) % across:
        return 0
    rows, columns = second.reshape(-1, across), first.reshape(-1, across)
    return across if (rows == rows[:, :1]).all() and (columns == columns[:1]).all() else 0


def along_axis(y: Floats, factor: int, n: int, to: Floats) -> None:
    """Means of two, four or eight channels each; written out, for vectors of them at once."""
    if factor == 8:
        for i in range(n):
            part = (y[8 * i] + y[8 * i + 1]) + (y[8 * i + 2] + y[8 * i + 3])
            rest = (y[8 * i + 4] + y[8 * i + 5]) + (y[8 * i + 6] + y[8 * i + 7])
            to[i] = 0.125 * (part + rest)
    elif factor == 4:
        for i in range(n):
            to[i] = 0.25 * ((y[4 * i] + y[4 * i + 1]) + (y[4 * i + 2] + y[4 * i + 3]))
    else:
        for i in range(n):
            to[i] = 0.5 * (y[2 * i] + y[2 * i + 1])


def in_squares(y: Floats, across: int, side: int, n: int, to: Floats) -> None:
    """Means of squares of an image whose rows are ``across`` long."""
    along = across // side
    for i in range(n):
        to[i] = 0.0
    for row in range(n // along):
        for k in range(side):
            begin = (row * side + k) * across
            at = row * along
            if side == 2:
                for i in range(along):
                    to[at + i] += y[begin + 2 * i] + y[begin + 2 * i + 1]
            else:
                for i in range(along):
                    part = y[begin + 4 * i] + y[begin + 4 * i + 1]
                    to[at + i] += part + (y[begin + 4 * i + 2] + y[begin + 4 * i + 3])
    for i in range(n):
        to[i] /= float(side * side)


def sum_weights(t: Integers, j: Integers, roots: Floats, side: int, to: Floats) -> None:
    """What the channels of every group weigh together; of counts, how wide they are."""
    factor, across = j[FACTOR], j[ACROSS]
    along = across // side
    for i in range(integers(j[COARSE])[N_CHANNELS]):
        begin = i * factor
        if across != 0:
            begin = (i // along) * side * across + (i % along) * side
        total = 0.0
        for k in range(factor):
            at = begin + (k // side) * across + k % side
            total += roots[at] * roots[at]
        if t[LOSS] != 0:
            total /= float(factor)
        to[i] = root(total)


def sum_up(t: Integers, j: Integers, s: Integers, y: Floats, given: bool) -> None:
    """Data of the first stage, and their weights where channels have some."""
    view, factor, across = integers(j[COARSE]), j[FACTOR], j[ACROSS]
    to, side = floats(s[Y_COARSE]), factor
    if across == 0:
        along_axis(y, factor, view[N_CHANNELS], to)
    else:
        side = 2 if factor == 4 else 4
        in_squares(y, across, side, view[N_CHANNELS], to)
    view[Y] = s[Y_COARSE]
    view[ROOTS] = 0
    if given:
        view[ROOTS] = s[ROOTS_COARSE]
        sum_weights(t, j, floats(integers(j[FINE])[ROOTS]), side, floats(s[ROOTS_COARSE]))
