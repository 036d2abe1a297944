"""Poisson deviance of a block of channels, as LLVM code: logarithms several at a time.

``void poisson(y, r, root, n, out)``: r holds data less model and receives the weighted residual,
root receives the root of the weight 1 / model by which derivatives are to be multiplied, out[0]
grows by the deviance and out[1] by the sum of squares of data less model; all of n float64. A
negative count makes the deviance NaN. The same terms as `hsjupyter.fitting.losses.poisson_parts`.
``pearson`` has the same slopes without the logarithms; out[0] grows by Pearson's chi squared, which
tells that it is NaN where the deviance is.
"""

from functools import lru_cache
from pathlib import Path
from typing import Any

from llvmlite import ir

from hsjupyter.fitting.losses import SMALLEST
from hsjupyter.formula.kernel_functions import F64, I64, Builder, log
from hsjupyter.formula.machine_code import MachineCode, compile_kept

NAME, SLOPES = "poisson", "pearson"
_REGROUP = ("reassoc", "contract")  # a sum over channels may be taken in any order


@lru_cache(maxsize=1)
def poisson_code() -> MachineCode:
    """The compiled function."""
    text = Path(__file__).read_text(encoding="utf-8")
    return compile_kept(f"{SMALLEST} {text}", _print, (NAME, SLOPES))


def _print() -> str:
    module = ir.Module(name="hsjupyter_counts")
    pointer = ir.PointerType()
    kind = ir.FunctionType(ir.VoidType(), (pointer, pointer, pointer, I64, pointer))
    for name in (NAME, SLOPES):
        function = ir.Function(module, kind, name)
        for k in range(3):
            function.args[k].add_attribute("noalias")
        _write(Builder(function.append_basic_block("entry")), function, value=name == NAME)
    return str(module)


def _write(b: Any, function: Any, *, value: bool) -> None:
    y, r, root, n, out = function.args
    before = b.block
    head, body, end = (b.append_basic_block(name) for name in ("head", "body", "end"))
    b.branch(head)
    b.position_at_end(head)
    i, total, squares = b.phi(I64), b.phi(F64), b.phi(F64)
    squares.add_incoming(b.number(0.0), before)
    i.add_incoming(ir.Constant(I64, 0), before)
    total.add_incoming(b.number(0.0), before)
    b.cbranch(b.icmp_signed("<", i, n), body, end)
    b.position_at_end(body)
    at_r = b.gep(r, [i], source_etype=F64)
    data = b.load(b.gep(y, [i], source_etype=F64), typ=F64)
    residual = b.load(at_r, typ=F64)
    model = b.fsub(data, residual)
    least = b.number(SMALLEST)
    below = b.fcmp_ordered("<", model, least)
    held = b.select(below, least, model)
    twice_least = b.number(2 * SMALLEST)
    target = b.select(b.fcmp_ordered("<", data, twice_least), twice_least, data)
    left = b.select(below, b.fsub(target, model), residual)
    inverse = b.fdiv(b.number(1.0), b.select(below, left, held))  # divisions are dear
    ratio = b.fmul(data, b.select(below, b.number(1 / SMALLEST), inverse))
    rise = b.intrinsic("fabs", b.fsub(b.number(1.0), ratio))
    weight = b.select(below, b.fmul(rise, inverse), inverse)
    scale = b.intrinsic("sqrt", weight)
    weighted = b.fmul(left, scale)
    b.store(weighted, at_r)
    b.store(scale, b.gep(root, [i], source_etype=F64))
    half = b.fmul(b.number(0.5), b.fmul(weighted, weighted))
    if value:
        half = b.fadd(_surprise(b, data, held, ratio), b.fmul(rise, b.fsub(held, model)))
    half = b.select(b.fcmp_ordered(">=", data, b.number(0.0)), half, b.number(float("nan")))
    total.add_incoming(b.fadd(total, half, flags=_REGROUP), b.block)
    square = b.fmul(residual, residual)
    squares.add_incoming(b.fadd(squares, square, flags=_REGROUP), b.block)
    i.add_incoming(b.add(i, ir.Constant(I64, 1)), b.block)
    b.branch(head)
    b.position_at_end(end)
    twice = b.fmul(total, b.number(2.0))
    second = b.gep(out, [ir.Constant(I64, 1)], source_etype=F64)
    for at, more in ((out, twice), (second, squares)):
        b.store(b.fadd(b.load(at, typ=F64), more), at)
    b.ret_void()


def _surprise(b: Any, data: Any, held: Any, ratio: Any) -> Any:
    """Half the deviance of one channel from an expectation that is a number of counts."""
    some = b.fcmp_ordered(">", data, b.number(0.0))
    surprise = b.fmul(data, log(b, b.select(some, ratio, b.number(1.0))))
    return b.fadd(b.fsub(held, data), surprise)
