"""Which parameters enter linearly, each for itself and together."""

from __future__ import annotations

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
