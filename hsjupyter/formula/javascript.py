"""Tape to JavaScript, as the body of ``new Function("coords", "out", "n", "p", "hs", body)``."""

from __future__ import annotations

from hsjupyter.formula.ops import OPS
from hsjupyter.formula.tape import COORDINATE, Instruction, Tape


def print_javascript(tape: Tape) -> str | None:
    """Give the text that fills ``out[0..n-1]`` with the tape's first output.

    The operations are those of the numpy interpreter, one by one and in the same order. What does
    not depend on a coordinate stands before the loop. Names of the formula do not occur, so no
    name can mean anything to JavaScript.

    Returns
    -------
    str or None
        None where an operation has no JavaScript.
    """
    before = ['"use strict";']
    before += [f"const x{k} = coords[{k}];" for k in range(tape.coordinates)]
    inside: list[str] = []
    words: list[str] = []
    for place, instruction in enumerate(tape.instructions):
        if not instruction.args:
            words.append(_leaf(instruction))
            continue
        text = OPS[instruction.op].javascript
        if not text:
            return None
        lines = inside if tape.kinds[place] & COORDINATE else before
        lines.append(f"const t{place} = {text.format(*(words[arg] for arg in instruction.args))};")
        words.append(f"t{place}")
    loop = [*inside, f"out[i] = {words[tape.outputs[0]]};"]
    return "\n".join(
        [*before, "for (let i = 0; i < n; i++) {", *(f"  {line}" for line in loop), "}"]
    )


def _leaf(instruction: Instruction) -> str:
    op, _, number = instruction
    if op == "coordinate":
        return f"x{int(number)}[i]"
    if op == "parameter":
        return f"p[{int(number)}]"
    return f"({number!r})" if op == "constant" else "NaN"
