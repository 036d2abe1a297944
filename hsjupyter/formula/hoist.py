"""What of a tape a fit can work out once, because no number that moves is in it.

The logarithm of a power law's coordinate is the same in every evaluation. Such steps become rows
of numbers beside the coordinates, and what is left reads them.
"""

from __future__ import annotations

from dataclasses import dataclass

from hsjupyter.formula.tape import COORDINATE, Instruction, Tape

# Steps that cost less than reading a row do.
_CHEAP = frozenset({"add", "sub", "mul", "neg", "abs", "min", "max", "where", "coordinate", "not"})
_CHEAP |= {"lt", "le", "gt", "ge", "eq", "ne", "and", "or", "sign", "heaviside"}


@dataclass(frozen=True)
class Hoisted:
    """A tape in two parts.

    Attributes
    ----------
    once : Tape
        Its outputs are the rows that the other reads.
    rest : Tape
        The outputs of the whole; behind the coordinates it reads the rows.
    """

    once: Tape
    rest: Tape


def hoist(tape: Tape, moving: frozenset[int]) -> Hoisted | None:
    """Cut a tape where nothing moves any more.

    Parameters
    ----------
    tape : Tape
    moving : frozenset of int
        Parameters that change from one evaluation to the next.

    Returns
    -------
    Hoisted or None
        None where nothing is worth it.
    """
    maker = _Maker(tape, moving)
    rest = maker.rest()
    if not maker.rows:
        return None
    places = tuple(maker.rows.values())
    once = _trimmed(maker.once, maker.once_kinds, places, tape.coordinates, tape.parameters)
    return Hoisted(once, rest)


class _Maker:
    """Both parts while they are made."""

    def __init__(self, tape: Tape, moving: frozenset[int]) -> None:
        self._tape = tape
        self._still: list[bool] = []
        self._dear: list[bool] = []
        for (op, args, number), kind in zip(tape.instructions, tape.kinds, strict=True):
            moves = op == "parameter" and int(number) in moving
            self._still.append(not moves and all(self._still[a] for a in args))
            dear = any(self._dear[a] for a in args) or (bool(args) and op not in _CHEAP)
            self._dear.append(dear and bool(kind & COORDINATE))
        self.once, self.once_kinds = list(tape.instructions), list(tape.kinds)
        self.rows: dict[tuple[str, int], int] = {}  # of what: where in `once`
        self._made: list[Instruction] = []
        self._kinds: list[int] = []

    def rest(self) -> Tape:
        """What reads the rows; they are listed meanwhile."""
        places: dict[int, int] = {}
        for place, kind in enumerate(self._tape.kinds):
            places[place] = self._place(place, kind, places)
        outputs = tuple(
            self._row("", o) if self._still[o] and self._dear[o] else places[o]
            for o in self._tape.outputs
        )
        coordinates = self._tape.coordinates + len(self.rows)
        return _trimmed(self._made, self._kinds, outputs, coordinates, self._tape.parameters)

    def _place(self, place: int, kind: int, places: dict[int, int]) -> int:
        op, args, number = self._tape.instructions[place]
        if not self._still[place]:
            known = op in {"pow", "power_log"} and self._still[base := args[op != "pow"]]
            args = tuple(
                self._row("", a) if self._still[a] and self._dear[a] else places[a] for a in args
            )
            if known and self._tape.kinds[base] & COORDINATE:
                log = self._row("log" if op == "power_log" else "log of size", base)
                return self._write(Instruction(f"{op}_known", (*args, log), number), kind)
            return self._write(Instruction(op, args, number), kind)
        return self._write(Instruction(op, tuple(places[a] for a in args), number), kind)

    def _write(self, instruction: Instruction, kind: int) -> int:
        self._made.append(instruction)
        self._kinds.append(kind)
        return len(self._made) - 1

    def _row(self, what: str, place: int) -> int:
        """Where a row is read; it is listed if it is new."""
        key = (what, place)
        if key not in self.rows:
            made = place
            for op in {"log": ("log",), "log of size": ("abs", "log")}.get(what, ()):
                self.once.append(Instruction(op, (made,)))
                self.once_kinds.append(self._tape.kinds[place])
                made = len(self.once) - 1
            self.rows[key] = made
        number = self._tape.coordinates + list(self.rows).index(key)
        return self._write(Instruction("coordinate", (), number), COORDINATE)


def _trimmed(
    instructions: list[Instruction],
    kinds: list[int],
    outputs: tuple[int, ...],
    coordinates: int,
    parameters: int,
) -> Tape:
    """A tape without the steps that no output needs."""
    needed = set(outputs)
    for place in range(len(instructions) - 1, -1, -1):
        if place in needed:
            needed.update(instructions[place].args)
    kept = {place: k for k, place in enumerate(sorted(needed))}
    steps = (instructions[place] for place in kept)
    return Tape(
        tuple(Instruction(op, tuple(kept[a] for a in args), n) for op, args, n in steps),
        tuple(kinds[place] for place in kept),
        tuple(kept[place] for place in outputs),
        coordinates,
        parameters,
    )
