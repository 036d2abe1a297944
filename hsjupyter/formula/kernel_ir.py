"""A tape as LLVM code: one loop over channels, without branches, which LLVM turns into vectors.

``void kernel(X, ldx, n, p, r, J, ldj)``, all pointers to float64, strides in numbers:
row c of X holds coordinate c of n channels; p the parameters; the value is taken off r, and row s
of J receives the derivative by the s-th wanted parameter.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from llvmlite import ir

from hsjupyter.formula.kernel_functions import FUNCTIONS, LIBM, Builder, constant
from hsjupyter.formula.tape import COORDINATE, Instruction, Tape

NAME = "kernel"
_F64, _I64, _PTR = ir.DoubleType(), ir.IntType(64), ir.PointerType()


def can_print(tape: Tape) -> bool:
    """Whether every operation of a tape has code here."""
    return all(i.op in FUNCTIONS or i.op in LIBM or not i.args for i in tape.instructions)


def print_module(tape: Tape) -> ir.Module:
    """The code of a tape.

    Parameters
    ----------
    tape : Tape
        For which `can_print` holds.
    """
    module = ir.Module(name="hsjupyter")
    kind = ir.FunctionType(ir.VoidType(), (_PTR, _I64, _I64, _PTR, _PTR, _PTR, _I64))
    function = ir.Function(module, kind, NAME)
    for k in (0, 3, 4, 5):
        function.args[k].add_attribute("noalias")
    _write(Builder(function.append_basic_block("entry")), function.args, tape)
    return module


def _write(builder: Builder, args: Sequence[ir.Argument], tape: Tape) -> None:
    x, ldx, n, p, r, j, ldj = args
    values: dict[int, ir.Value] = {}
    for place, instruction in enumerate(tape.instructions):
        if not tape.kinds[place] & COORDINATE:
            values[place] = _value(builder, instruction, values, p)
    rows = [
        builder.gep(x, [builder.mul(ldx, constant(k))], source_etype=_F64)
        for k in range(tape.coordinates)
    ]
    to = [
        builder.gep(j, [builder.mul(ldj, constant(s))], source_etype=_F64)
        for s in range(len(tape.outputs) - 1)
    ]
    inverses = _inverses(builder, tape, values)
    before = builder.block
    head, body, end = (builder.append_basic_block(name) for name in ("head", "body", "end"))
    builder.branch(head)
    builder.position_at_end(head)
    i = builder.phi(_I64, "i")
    i.add_incoming(constant(0), before)
    builder.cbranch(builder.icmp_signed("<", i, n), body, end)
    builder.position_at_end(body)
    for place, instruction in enumerate(tape.instructions):
        if tape.kinds[place] & COORDINATE:
            if instruction.op == "coordinate":
                at = builder.gep(rows[int(instruction.number)], [i], source_etype=_F64)
                values[place] = builder.load(at, typ=_F64)
            elif instruction.op == "div" and instruction.args[1] in inverses:
                number, inverse = (instruction.args[0], inverses[instruction.args[1]])
                values[place] = builder.times(values[number], inverse)
            else:
                values[place] = _value(builder, instruction, values, p)
    value, *derivatives = tape.outputs
    at = builder.gep(r, [i], source_etype=_F64)
    builder.store(builder.fsub(builder.load(at, typ=_F64), values[value]), at)
    for pointer, place in zip(to, derivatives, strict=True):
        builder.store(values[place], builder.gep(pointer, [i], source_etype=_F64))
    i.add_incoming(builder.add(i, constant(1)), builder.block)
    builder.branch(head)
    builder.position_at_end(end)
    builder.ret_void()


def _inverses(builder: Builder, tape: Tape, values: dict[int, ir.Value]) -> dict[int, ir.Value]:
    """What channels are divided by and is the same for all: there a product is much faster."""
    found = {}
    for place, (op, args, _) in enumerate(tape.instructions):
        if op == "div" and tape.kinds[place] & COORDINATE and args[1] in values:
            found[args[1]] = builder.fdiv(builder.number(1.0), values[args[1]])
    return found


def _value(
    builder: Builder, instruction: Instruction, values: dict[int, ir.Value], p: ir.Value
) -> ir.Value:
    op, args, number = instruction
    if op == "constant":
        return ir.Constant(_F64, number)
    if op == "nan":
        return ir.Constant(_F64, float("nan"))
    if op in {"true", "false"}:
        return ir.Constant(ir.IntType(1), op == "true")
    if op == "parameter":
        return builder.load(builder.gep(p, [constant(int(number))], source_etype=_F64), typ=_F64)
    make: Callable[..., ir.Value] = FUNCTIONS.get(op) or LIBM[op]
    return make(builder, *(values[a] for a in args))
