"""Steps that are the same are one step: the graph from which a tape is cut."""

from __future__ import annotations

from hsjupyter.formula.tape import COORDINATE, PARAMETER, Instruction, Tape
from hsjupyter.formula.tree import fold

MAX_POWER = 16

_COMMUTE = frozenset({"add", "mul", "min", "max", "and", "or", "eq", "ne"})


class Graph:
    """A growing list of steps; a step already there is handed out again.

    Only what leaves every digit as written is simplified: numbers are worked out, whole powers
    become products, x*1 and x + 0 become x.

    Parameters
    ----------
    jets : bool
        True where derivatives will be asked for: then a Voigt profile is computed together with
        its own.
    """

    def __init__(self, *, jets: bool) -> None:
        self.instructions: list[Instruction] = []
        self.kinds: list[int] = []
        self.jets = jets
        self._places: dict[Instruction, int] = {}

    def constant(self, value: float) -> int:
        """Give the place of a number."""
        return self._place(Instruction("constant", (), value), 0)

    def leaf(self, op: str, which: int = 0) -> int:
        """Give the place of a parameter, a coordinate, or of the leaves nan, true and false."""
        kind = {"parameter": PARAMETER, "coordinate": COORDINATE}.get(op, 0)
        return self._place(Instruction(op, (), which), kind)

    def number(self, place: int) -> float | None:
        """Give the value of a constant, None of anything else."""
        instruction = self.instructions[place]
        return instruction.number if instruction.op == "constant" else None

    def make(self, op: str, *args: int) -> int:
        """Give the place of an operation's result."""
        numbers = [self.number(arg) for arg in args]
        known = [number for number in numbers if number is not None]
        if len(known) == len(args):
            value = fold(op, tuple(known))
            if value is not None:
                return self.constant(value)
        place = self._simplify(op, args, numbers)
        if place is not None:
            return place
        kind = 0
        for arg in args:
            kind |= self.kinds[arg]
        ordered = tuple(sorted(args)) if op in _COMMUTE else args
        return self._place(Instruction(op, ordered), kind)

    def tape(self, outputs: list[int], coordinates: int, parameters: int) -> Tape:
        """Cut out what the outputs need."""
        needed = set(outputs)
        for place in range(len(self.instructions) - 1, -1, -1):
            if place in needed:
                needed.update(self.instructions[place].args)
        old = sorted(needed)
        new = {place: index for index, place in enumerate(old)}
        return Tape(
            tuple(
                self.instructions[place]._replace(
                    args=tuple(new[arg] for arg in self.instructions[place].args)
                )
                for place in old
            ),
            tuple(self.kinds[place] for place in old),
            tuple(new[place] for place in outputs),
            coordinates,
            parameters,
        )

    def _place(self, instruction: Instruction, kind: int) -> int:
        place = self._places.setdefault(instruction, len(self.instructions))
        if place == len(self.instructions):
            self.instructions.append(instruction)
            self.kinds.append(kind)
        return place

    def _simplify(self, op: str, args: tuple[int, ...], numbers: list[float | None]) -> int | None:
        place = None
        match op, args, numbers:
            case ("add", (_, b), (0.0, _)) | ("mul", (_, b), (1.0, _)):
                place = b
            case (("add" | "sub"), (a, _), (_, 0.0)) | (("mul" | "div"), (a, _), (_, 1.0)):
                place = a
            case "neg", (a,), _ if self.instructions[a].op == "neg":
                place = self.instructions[a].args[0]
            case "pow", (a, _), (_, float(exponent)):
                place = self._power(a, exponent)
            case "voigt", _, _ if self.jets:
                place = self.make("part0", self.make("voigt_jet", *args))
            case (("where" | "and" | "or" | "not"), _, _):
                place = self._decide(op, args)
        return place

    def _power(self, base: int, exponent: float) -> int | None:
        if exponent == 0.5:
            return self.make("sqrt", base)
        if (not exponent.is_integer() and exponent != -0.5) or abs(exponent) > MAX_POWER:
            return None
        if exponent < 0.0:
            power = self.make("pow", base, self.constant(-exponent))
            return self.make("div", self.constant(1.0), power)
        if exponent < 2.0:
            return base if exponent else self.constant(1.0)
        half = self.make("pow", base, self.constant(exponent // 2))
        square = self.make("mul", half, half)
        return self.make("mul", square, base) if exponent % 2 else square

    def _decide(self, op: str, args: tuple[int, ...]) -> int | None:
        """Give what a known condition leaves."""
        place = None
        match op, [self.instructions[arg].op for arg in args], args:
            case ("where", ("true", _, _), (_, a, _)) | ("where", ("false", _, _), (_, _, a)):
                place = a
            case "where", _, (_, a, b) if a == b:
                place = a
            case ("and", ("true", _), (_, a)) | ("or", ("false", _), (_, a)):
                place = a
            case ("and", (_, "true"), (a, _)) | ("or", (_, "false"), (a, _)):
                place = a
            case ("and", ("false", _), _) | ("and", (_, "false"), _):
                place = self.leaf("false")
            case ("or", ("true", _), _) | ("or", (_, "true"), _):
                place = self.leaf("true")
            case "not", ("true" | "false" as known,), _:
                place = self.leaf("false" if known == "true" else "true")
        return place
