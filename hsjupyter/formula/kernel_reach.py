"""How far a line reaches: an upper bound of the exponent that all of it is a multiple of.

Where value and derivatives are multiples of one ``exp(...)``, as of a Gaussian, they are next to
nothing wherever that exponent is far below its greatest. ``void reach(ranges, p, out)``: ranges
holds the least and greatest coordinate of some channels, p the parameters; out[0] receives a bound
of the exponent there, by interval arithmetic.

Source
------
Moore, Kearfott & Cloud, Introduction to Interval Analysis, SIAM (2009), ch. 2.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir

from hsjupyter.formula.kernel_functions import FUNCTIONS, LIBM, Builder, constant
from hsjupyter.formula.linear import Speech, multiples
from hsjupyter.formula.tape import COORDINATE, Tape

NAME = "reach"
_F64, _PTR = ir.DoubleType(), ir.PointerType()
_KNOWN = {"add", "sub", "mul", "div", "neg", "coordinate"}

Interval = tuple[Any, Any]  # both ends; the same where there is no coordinate


def exponent_of(tape: Tape) -> int | None:
    """The place of an exponent whose ``exp`` all outputs are multiples of; None for none."""
    silent = tuple(Speech() for _ in range(tape.parameters))
    for place, (op, args, _) in enumerate(tape.instructions):
        if op != "exp" or not _is_known(tape, args[0]):
            continue
        marked = multiples(tape, silent, {place: Speech(1, 1)})
        if all(speech.once or speech.nothing for speech in marked):
            return args[0]
    return None


def _is_known(tape: Tape, place: int) -> bool:
    """Whether interval arithmetic is told here for all that an exponent is made of."""
    waiting, seen = [place], False
    while waiting:
        step = waiting.pop()
        op, args, number = tape.instructions[step]
        if not tape.kinds[step] & COORDINATE:
            continue
        by_coordinate = op == "div" and tape.kinds[args[1]] & COORDINATE
        if op not in _KNOWN or by_coordinate or (op == "coordinate" and number != 0):
            return False
        seen = True
        waiting += args
    return seen


def print_reach(tape: Tape, exponent: int) -> str:
    """The code of a bound; `exponent_of` gave the place."""
    module = ir.Module(name="hsjupyter_reach")
    function = ir.Function(module, ir.FunctionType(ir.VoidType(), (_PTR, _PTR, _PTR)), NAME)
    b = Builder(function.append_basic_block("entry"))
    ranges, p, out = function.args
    ends: dict[int, Interval] = {}
    needed = {exponent}
    for place in range(exponent, -1, -1):
        if place in needed:
            needed.update(tape.instructions[place].args)
    for place in sorted(needed):
        op, args, number = tape.instructions[place]
        if op == "coordinate":
            both = (b.gep(ranges, [constant(k)], source_etype=_F64) for k in range(2))
            low, high = (b.load(at, typ=_F64) for at in both)
            ends[place] = low, high
        elif tape.kinds[place] & COORDINATE:
            ends[place] = _combined(b, op, args, ends)
        elif op == "parameter":
            at = b.gep(p, [constant(int(number))], source_etype=_F64)
            ends[place] = (b.load(at, typ=_F64),) * 2
        elif op == "constant":
            ends[place] = (b.number(number),) * 2
        else:
            make = FUNCTIONS.get(op) or LIBM[op]
            ends[place] = (make(b, *(ends[a][0] for a in args)),) * 2
    b.store(ends[exponent][1], out)
    b.ret_void()
    return str(module)


def _combined(b: Builder, op: str, args: tuple[int, ...], ends: dict[int, Interval]) -> Interval:
    if op == "neg":
        low, high = ends[args[0]]
        return b.fneg(high), b.fneg(low)
    (a, z), (c, d) = ends[args[0]], ends[args[1]]
    if op == "add":
        return b.fadd(a, c), b.fadd(z, d)
    if op == "sub":
        return b.fsub(a, d), b.fsub(z, c)
    if op == "mul" and args[0] == args[1]:
        first, last = b.fmul(a, a), b.fmul(z, z)
        inside = b.fcmp_ordered("<=", b.fmul(a, z), b.number(0.0))
        return b.select(inside, b.number(0.0), _less(b, first, last)), _more(b, first, last)
    make = b.fmul if op == "mul" else b.fdiv
    corners = [make(left, right) for left in (a, z) for right in (c, d)]
    low = high = corners[0]
    for corner in corners[1:]:
        low, high = _less(b, low, corner), _more(b, high, corner)
    return low, high


def _less(b: Builder, x: Any, y: Any) -> Any:
    return b.select(b.fcmp_unordered("<", y, x), y, x)  # NaN stays


def _more(b: Builder, x: Any, y: Any) -> Any:
    return b.select(b.fcmp_unordered(">", y, x), y, x)
