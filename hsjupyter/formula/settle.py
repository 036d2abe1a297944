"""A tape in which some parameters have become numbers, and what that leaves of it."""

from __future__ import annotations

from hsjupyter.formula.graph import Graph
from hsjupyter.formula.tape import Instruction, Tape


def settled(tape: Tape, numbers: dict[int, float]) -> Tape:
    """Put numbers in the places of parameters.

    Parameters
    ----------
    tape : Tape
    numbers : dict of int to float
        By parameter; the parameters keep their places, and these are read no more.

    Returns
    -------
    Tape
        A multiple of 0 is 0 there, as it is wherever the other factor is finite.
    """
    graph, places = Graph(jets=True), list[int]()
    for instruction in tape.instructions:
        args = tuple(places[arg] for arg in instruction.args)
        places.append(_place(graph, instruction._replace(args=args), numbers))
    outputs = [places[output] for output in tape.outputs]
    return graph.tape(outputs, tape.coordinates, tape.parameters)


def _place(graph: Graph, instruction: Instruction, numbers: dict[int, float]) -> int:
    op, args, number = instruction
    match op, [graph.number(arg) for arg in args]:
        case "parameter", _ if int(number) in numbers:
            return graph.constant(numbers[int(number)])
        case "constant", _:
            return graph.constant(number)
        case _, []:
            return graph.leaf(op, int(number))
        case "mul", [0.0, _] | [_, 0.0]:
            return graph.constant(0.0)
        case "sub", [0.0, _]:
            return graph.make("neg", args[1])
    return graph.make(op, *args)
