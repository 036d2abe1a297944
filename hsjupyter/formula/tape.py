"""The tape: a formula as a list of plain operations, each on results of earlier ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

PARAMETER = 1
COORDINATE = 2


class Instruction(NamedTuple):
    """One step, whose result is known by its place on the tape.

    Attributes
    ----------
    op : str
        A row of `hsjupyter.formula.ops.OPS`, or a leaf: ``constant``, ``nan``, ``coordinate``,
        ``parameter``.
    args : tuple of int
        Places of earlier steps.
    number : float
        The value of a constant; which coordinate or parameter a leaf is.
    """

    op: str
    args: tuple[int, ...] = ()
    number: float = 0.0


@dataclass(frozen=True, slots=True)
class Tape:
    """Plain data, for interpreters, kernels and printers alike.

    Attributes
    ----------
    instructions : tuple of Instruction
        In an order in which they can be run.
    kinds : tuple of int
        For each what it depends on: bits PARAMETER and COORDINATE. What lacks COORDINATE can be
        done once per pixel, what lacks PARAMETER once per axis.
    outputs : tuple of int
        Places of the results: the value, then derivatives.
    coordinates, parameters : int
        How many there are.
    """

    instructions: tuple[Instruction, ...]
    kinds: tuple[int, ...]
    outputs: tuple[int, ...]
    coordinates: int
    parameters: int
