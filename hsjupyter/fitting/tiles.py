"""Products of rows, the inner loop of every fit, as LLVM code for the vectors of this processor.

``void tile(w, rows_i, rows_j, n, g, ldg)``: w holds rows of float64, rows_i and rows_j say where
the rows of a tile begin in it, n is a multiple of the vector's length; g[i * ldg + j] grows by the
product of row i and row j. A tile keeps all its sums in registers. `tri_R` has R rows and their
products with each other (i <= j), `rect_R_C` R rows and C others.
"""

from functools import lru_cache
from pathlib import Path
from typing import Any

from llvmlite import ir

from hsjupyter.formula.machine_code import MachineCode, compile_kept, lanes

_MOST = 5
_F64, _I64, _PTR = ir.DoubleType(), ir.IntType(64), ir.PointerType()


@lru_cache(maxsize=1)
def side() -> int:
    """Rows of a tile: 5 x 5 sums are what the 32 registers of AVX-512 and NEON hold, 3 x 3 what 16.

    A triangle may have one row more.
    """
    from llvmlite import binding as llvm

    many = llvm.get_host_cpu_features().get("avx512f") or "aarch64" in llvm.get_process_triple()
    return _MOST if many else 3


@lru_cache(maxsize=1)
def tiles() -> MachineCode:
    """All tiles, compiled: ``tri_1`` ..., ``rect_1_1`` ...."""
    names = [f"tri_{rows}" for rows in range(1, side() + 2)]
    sides = range(1, side() + 1)
    names += [f"rect_{a}_{b}" for a in sides for b in sides]
    text = Path(__file__).read_text(encoding="utf-8")
    return compile_kept(f"tiles {side()} {lanes()} {text}", _print, tuple(names))


def _print() -> str:
    module = ir.Module(name="hsjupyter_tiles")
    sides = range(1, side() + 1)
    for rows in (*sides, side() + 1):
        _write(module, f"tri_{rows}", rows, 0)
    for a in sides:
        for b in sides:
            _write(module, f"rect_{a}_{b}", a, b)
    return str(module)


def addresses() -> list[int]:
    """Tiles as a table: place ``rows * (side + 2) + columns``, columns 0 for the triangles."""
    found, width = tiles().addresses, side() + 2
    table = [0] * width**2
    for rows in range(1, side() + 2):
        table[rows * width] = found[f"tri_{rows}"]
    for rows in range(1, side() + 1):
        for columns in range(1, side() + 1):
            table[rows * width + columns] = found[f"rect_{rows}_{columns}"]
    return table


def _write(module: ir.Module, name: str, n_rows: int, n_columns: int) -> None:
    kind = ir.FunctionType(ir.VoidType(), (_PTR, _PTR, _PTR, _I64, _PTR, _I64))
    function = ir.Function(module, kind, name)
    w, rows_i, rows_j, n, g, ldg = function.args
    g.add_attribute("noalias")
    b = ir.IRBuilder(function.append_basic_block("entry"))
    left = [_row(b, w, rows_i, k) for k in range(n_rows)]
    right = [_row(b, w, rows_j, k) for k in range(n_columns)] if n_columns else left
    pairs = [(i, j) for i in range(n_rows) for j in range(len(right)) if n_columns or j >= i]
    vector = ir.VectorType(_F64, lanes())
    sums = _loop(b, function, n, (left, right, pairs, vector))
    reduce = _declare(module, "llvm.vector.reduce.fadd", vector)
    for (i, j), total in zip(pairs, sums, strict=True):
        number = b.call(reduce, [ir.Constant(_F64, 0.0), total], fastmath=("reassoc",))
        place = b.add(b.mul(ldg, ir.Constant(_I64, i)), ir.Constant(_I64, j))
        at = b.gep(g, [place], source_etype=_F64)
        b.store(b.fadd(b.load(at, typ=_F64), number), at)
    b.ret_void()


def _row(b: Any, w: Any, rows: Any, k: int) -> Any:
    """Where a row begins."""
    at = b.gep(rows, [ir.Constant(_I64, k)], source_etype=_I64)
    return b.gep(w, [b.load(at, typ=_I64)], source_etype=_F64)


def _loop(b: Any, function: Any, n: Any, what: tuple[Any, Any, Any, Any]) -> list[Any]:
    """One pass over the channels; the sums of all pairs of rows, as vectors."""
    left, right, pairs, vector = what
    fma = _declare(function.module, "llvm.fma", vector)
    before = b.block
    head, body, end = (function.append_basic_block(name) for name in ("head", "body", "end"))
    b.branch(head)
    b.position_at_end(head)
    i = b.phi(_I64)
    i.add_incoming(ir.Constant(_I64, 0), before)
    sums = [b.phi(vector) for _ in pairs]
    for one in sums:
        one.add_incoming(ir.Constant(vector, None), before)
    b.cbranch(b.icmp_signed("<", i, n), body, end)
    b.position_at_end(body)

    def load(row: Any) -> Any:
        at = b.gep(row, [i], source_etype=_F64)
        value = b.load(at, typ=vector)
        value.align = 8
        return value

    lefts = [load(row) for row in left]
    rights = lefts if right is left else [load(row) for row in right]
    for one, (r, c) in zip(sums, pairs, strict=True):
        one.add_incoming(b.call(fma, [lefts[r], rights[c], one]), body)
    i.add_incoming(b.add(i, ir.Constant(_I64, lanes())), body)
    b.branch(head)
    b.position_at_end(end)
    return sums


def _declare(module: ir.Module, name: str, vector: Any) -> Any:
    full = f"{name}.v{lanes()}f64"
    known = module.globals.get(full)
    if known is None:
        arguments = [vector] * 3 if name == "llvm.fma" else [_F64, vector]
        result = vector if name == "llvm.fma" else _F64
        known = ir.Function(module, ir.FunctionType(result, arguments), full)
    return known
