"""Which parameters enter linearly, each for itself and together."""

from __future__ import annotations

from typing import NamedTuple

from hsjupyter.formula.tape import Tape

_SUMS = frozenset({"add", "sub", "neg"})


def bends(tape: Tape) -> tuple[int, ...]:
    """Give for each parameter those with which its mixed second derivative may differ from zero.

    Judged by the structure alone: what would cancel (``a*b - a*b``) counts as bent.

    Parameters
    ----------
    tape : Tape
        Of a value; only its first output is looked at.

    Returns
    -------
    tuple of int, (parameter,)
        Bit ``r`` of item ``s`` is set where r and s together bend the value; bit ``s`` of item
        ``s``, where s does by itself.
    """
    speaks: list[int] = []  # bit s: the step depends on parameter s
    bent: list[tuple[int, ...]] = []
    for op, args, number in tape.instructions:
        of = [speaks[arg] for arg in args]
        spoken = 1 << int(number) if op == "parameter" else 0
        for mask in of:
            spoken |= mask
        rows = [0] * tape.parameters
        for arg in args:
            rows = [row | more for row, more in zip(rows, bent[arg], strict=True)]
        if op == "mul":
            _bend(rows, of[0], of[1])
        elif op in {"div", "where"}:
            # What divides, and what decides, bends everything it meets and itself.
            _bend(rows, of[1 if op == "div" else 0], spoken)
        elif args and op not in _SUMS:
            _bend(rows, spoken, spoken)
        speaks.append(spoken)
        bent.append(tuple(rows))
    return bent[tape.outputs[0]]


def _bend(rows: list[int], some: int, others: int) -> None:
    for s in range(len(rows)):
        if some >> s & 1:
            rows[s] |= others
        if others >> s & 1:
            rows[s] |= some


class Speech(NamedTuple):
    """What a step depends on, by bits, and of what it is a multiple.

    Attributes
    ----------
    of : int
        Everything it depends on.
    once : int
        What it is a multiple of, to the first power.
    nothing : bool
        It is the constant 0, a multiple of anything.
    """

    of: int = 0
    once: int = 0
    nothing: bool = False

    def __mul__(self, other: Speech) -> Speech:  # type: ignore[override]
        once = (self.once & ~other.of) | (other.once & ~self.of)
        return Speech(self.of | other.of, once, self.nothing or other.nothing)

    def __add__(self, other: Speech) -> Speech:  # type: ignore[override]
        if self.nothing or other.nothing:
            return self if other.nothing else other
        return Speech(self.of | other.of, self.once & other.once)

    def decided_by(self, other: Speech) -> Speech:
        """The same where other steps divide it or choose it."""
        return Speech(self.of | other.of, self.once & ~other.of, self.nothing)


def multiples(
    tape: Tape, parameters: tuple[Speech, ...], marked: dict[int, Speech] | None = None
) -> tuple[Speech, ...]:
    """Give for each output what it is a multiple of, judged by the structure alone.

    Parameters
    ----------
    tape : Tape
    parameters : tuple of Speech, (parameter,)
        What the parameters themselves depend on, in bits of the caller's choice.
    marked : dict of int to Speech, optional
        Steps that count as something new, by their places.
    """
    found: list[Speech] = []
    for place, (op, args, number) in enumerate(tape.instructions):
        of = [found[arg] for arg in args]
        if marked is not None and place in marked:
            found.append(marked[place])
        elif op == "parameter":
            found.append(parameters[int(number)])
        elif op in {"mul", "power_log"}:
            found.append(of[0] * of[1] if op == "mul" else of[0].decided_by(of[1]))
        elif op in {"add", "sub"}:
            found.append(of[0] + of[1])
        elif op == "div":
            found.append(of[0].decided_by(of[1]))
        elif op == "neg":
            found.append(of[0])
        elif op == "where":
            found.append((of[1] + of[2]).decided_by(of[0]))
        else:
            spoken = 0
            for one in of:
                spoken |= one.of
            found.append(Speech(spoken, 0, op == "constant" and number == 0.0))
    return tuple(found[place] for place in tape.outputs)
