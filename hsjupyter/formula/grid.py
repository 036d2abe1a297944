"""What of a formula of two coordinates depends on one of them alone.

On a rectangle of channels such steps are the same along whole rows or columns: a Gaussian without
rotation then costs an exponential a row and a column, and a few products a channel. For that its
exponential of a sum becomes a product of exponentials, where neither can overflow.
"""

from __future__ import annotations

from dataclasses import dataclass

from hsjupyter.formula.graph import Graph
from hsjupyter.formula.tape import Tape

FIRST, SECOND, BOTH = 1, 2, 3
MOST = 1024  # channels at a time
PLAIN = frozenset({"add", "sub", "mul", "div", "neg"})  # steps that may be left to every channel


@dataclass(frozen=True)
class Grid:
    """A tape of two coordinates, sorted.

    Attributes
    ----------
    tape : Tape
    along : tuple of int
        For each step the coordinates that it depends on: 0, FIRST, SECOND or BOTH.
    """

    tape: Tape
    along: tuple[int, ...]

    def kept(self, along: int) -> list[int]:
        """The steps of one coordinate that channels, or the outputs, read."""
        read = set(self.tape.outputs)
        for place, instruction in enumerate(self.tape.instructions):
            if self.along[place] == BOTH:
                read.update(instruction.args)
        return sorted(place for place in read if self.along[place] == along)


def find_grid(tape: Tape) -> Grid | None:
    """Sort the steps of a tape; None where that leaves more than plain arithmetic to a channel."""
    if tape.coordinates != 2:
        return None
    parted = _parted(tape)
    along = _along(parted)
    each = zip(parted.instructions, along, strict=True)
    mixed = {instruction.op for instruction, on in each if on == BOTH}
    dear = any(
        on in {FIRST, SECOND} and instruction.args and instruction.op not in PLAIN
        for instruction, on in zip(parted.instructions, along, strict=True)
    )
    return Grid(parted, along) if dear and mixed <= PLAIN else None


def _along(tape: Tape) -> tuple[int, ...]:
    found: list[int] = []
    for op, args, number in tape.instructions:
        on = 1 << int(number) if op == "coordinate" else 0
        for arg in args:
            on |= found[arg]
        found.append(on)
    return tuple(found)


def _parted(tape: Tape) -> Tape:
    """The same with exponentials of sums as products, where all summands are 0 or less."""
    graph, places, along, signs = Graph(jets=True), list[int](), _along(tape), _signs(tape)
    for place, (op, args, number) in enumerate(tape.instructions):
        if op == "exp" and along[place] == BOTH:
            shares = _shares(tape, along, signs, args[0])
            if shares is not None:
                each = [graph.make("exp", _sum(graph, places, share)) for share in shares if share]
                places.append(graph.make("mul", *each) if len(each) == 2 else each[0])
                continue
        if op == "constant":
            places.append(graph.constant(number))
        elif args:
            places.append(graph.make(op, *(places[arg] for arg in args)))
        else:
            places.append(graph.leaf(op, int(number)))
    outputs = [places[output] for output in tape.outputs]
    return graph.tape(outputs, tape.coordinates, tape.parameters)


Terms = list[tuple[int, int]]  # +1 or -1, and the place of what is added


def _shares(
    tape: Tape, along: tuple[int, ...], signs: list[int], exponent: int
) -> tuple[Terms, Terms] | None:
    """The summands of an exponent by coordinate; None where one has both, or may be above 0."""
    shares: tuple[Terms, Terms] = ([], [])
    waiting: Terms = [(1, exponent)]
    while waiting:
        sign, place = waiting.pop()
        op, args, _ = tape.instructions[place]
        if op in {"add", "sub", "neg"}:
            last = sign if op == "add" else -sign
            waiting.append((last, args[-1]))
            if op != "neg":
                waiting.append((sign, args[0]))
        elif along[place] == BOTH or sign * signs[place] >= 0:
            return None
        else:
            shares[along[place] == SECOND].append((sign, place))
    return shares


def _sum(graph: Graph, places: list[int], terms: Terms) -> int:
    total = -1
    for sign, place in terms:
        term = places[place]
        if total < 0:
            total = term if sign > 0 else graph.make("neg", term)
        else:
            total = graph.make("add" if sign > 0 else "sub", total, term)
    return total


def _signs(tape: Tape) -> list[int]:
    """For each step 1 where it is never below 0, -1 where never above, 0 where not known."""
    found: list[int] = []
    for op, args, number in tape.instructions:
        of, sign = [found[arg] for arg in args], 0
        if op == "constant":
            sign = 1 if number >= 0 else -1
        elif op in {"exp", "abs", "sqrt"} or (op == "mul" and args[0] == args[1]):
            sign = 1
        elif op in {"mul", "div"}:
            sign = of[0] * of[1]
        elif op == "neg":
            sign = -of[0]
        elif op in {"add", "sub"}:
            second = of[1] if op == "add" else -of[1]
            sign = of[0] if of[0] == second else 0
        found.append(sign)
    return found
