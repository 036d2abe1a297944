"""A sorted tape of two coordinates as LLVM code, for channels on a rectangle.

``void grid(X, ldx, n, p, r, J, ldj, across)``: as `hsjupyter.formula.kernel_ir` has it; the n
channels are whole rows of ``across`` channels each, along which the first coordinate changes and
the second stays, and at most `hsjupyter.formula.grid.MOST`. What depends on one coordinate is
worked out once for all rows, and once for all columns; what is left to a channel is written as
vectors. The last vector of a row runs into the next row, which is written after it: J has room for
one vector behind its last channel.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from llvmlite import ir

from hsjupyter.formula.grid import BOTH, FIRST, MOST, SECOND, Grid
from hsjupyter.formula.kernel_functions import F64, FUNCTIONS, I64, LIBM, Builder, constant
from hsjupyter.formula.machine_code import lanes
from hsjupyter.formula.tape import Instruction

NAME = "grid"
_PTR = ir.PointerType()


def print_grid(grid: Grid) -> str:
    """The code of a sorted tape, whose operations all have code."""
    module = ir.Module(name="hsjupyter_grid")
    kind = ir.FunctionType(ir.VoidType(), (_PTR, I64, I64, _PTR, _PTR, _PTR, I64, I64))
    function = ir.Function(module, kind, NAME)
    for k in (0, 3, 4, 5):
        function.args[k].add_attribute("noalias")
    _Printer(grid, function).write()
    return str(module)


class _Printer:
    """Writes one function."""

    def __init__(self, grid: Grid, function: Any) -> None:
        self._grid, self._function, self._steps = grid, function, grid.tape.instructions
        self._b = Builder(function.append_basic_block("entry"))
        self._vector = ir.VectorType(F64, lanes())
        self._single: dict[int, Any] = {}  # values without a coordinate
        self._room: dict[int, Any] = {}  # where those of one coordinate are kept

    def write(self) -> None:
        b, grid = self._b, self._grid
        x, ldx, n, p, r, j, ldj, across = self._function.args
        line = self._buffer()
        for along in (FIRST, SECOND):
            self._room |= {place: self._buffer() for place in grid.kept(along)}
        for place, step in enumerate(self._steps):
            if grid.along[place] == 0:
                self._single[place] = self._value(step, self._single, p)
        # Whole vectors of columns; what is too many is worked out of what comes next in memory.
        vectors = b.sdiv(b.add(across, constant(lanes() - 1)), constant(lanes()))
        columns, rows = b.mul(vectors, constant(lanes())), b.sdiv(n, across)
        self._loop(columns, lambda i: self._keep(FIRST, i, self._at(x, i)))
        # Side by side, so that LLVM makes vectors of them.
        second, heights = self._at(x, ldx), self._buffer()
        self._loop(
            rows, lambda i: self._copy(self._at(second, b.mul(i, across)), self._at(heights, i))
        )
        self._loop(rows, lambda i: self._keep(SECOND, i, self._at(heights, i)))
        slopes = range(len(grid.tape.outputs) - 1)
        to = [line, *(self._at(j, b.mul(ldj, constant(s))) for s in slopes)]
        self._loop(rows, lambda i: self._fill(i, b.mul(i, across), vectors, to))
        self._loop(n, lambda i: self._take_off(self._at(line, i), self._at(r, i)))
        b.ret_void()

    def _buffer(self) -> Any:
        room = self._b.alloca(ir.ArrayType(F64, MOST + lanes()))
        room.align = 8 * lanes()
        room.type = _PTR  # llvmlite gives it that of what it points to
        return room

    def _at(self, pointer: Any, place: Any) -> Any:
        return self._b.gep(pointer, [place], source_etype=F64)

    def _loop(self, n: Any, body: Callable[[Any], None]) -> None:
        """Write a loop over 0 ... n - 1, n being 1 or more."""
        b, before = self._b, self._b.block
        inside, end = (self._function.append_basic_block(name) for name in ("inside", "end"))
        b.branch(inside)
        b.position_at_end(inside)
        i = b.phi(I64)
        i.add_incoming(constant(0), before)
        body(i)
        following = b.add(i, constant(1))
        i.add_incoming(following, b.block)
        b.cbranch(b.icmp_signed("<", following, n), inside, end)
        b.position_at_end(end)

    def _value(self, step: Instruction, values: dict[int, Any], source: Any) -> Any:
        """A step; leaves read from the parameters, or from where the coordinate stands."""
        op, args, number = step
        if op in {"parameter", "coordinate"}:
            place = constant(int(number) if op == "parameter" else 0)
            return self._b.load(self._at(source, place), typ=F64)
        if op in {"true", "false"}:
            return ir.Constant(ir.IntType(1), op == "true")
        if not args:
            return ir.Constant(F64, float("nan") if op == "nan" else number)
        make = FUNCTIONS.get(op) or LIBM[op]
        return make(self._b, *(values[arg] for arg in args))

    def _keep(self, along: int, i: Any, source: Any) -> None:
        """All steps of one coordinate, at one of its places."""
        values = dict(self._single)
        for place, step in enumerate(self._steps):
            if self._grid.along[place] == along:
                values[place] = self._value(step, values, source)
        for place in self._grid.kept(along):
            self._b.store(values[place], self._at(self._room[place], i))

    def _fill(self, row: Any, first: Any, vectors: Any, to: list[Any]) -> None:
        """One row of channels, vector by vector: the value, then the derivatives."""
        b, starts = self._b, [self._at(pointer, first) for pointer in to]
        same = {place: self._spread(self._single[place]) for place in self._grid.kept(0)}
        for place in self._grid.kept(SECOND):
            same[place] = self._spread(b.load(self._at(self._room[place], row), typ=F64))

        def write(k: Any) -> None:
            begin, values = b.mul(k, constant(lanes())), dict(same)
            for place in self._grid.kept(FIRST):
                values[place] = b.load(self._at(self._room[place], begin), typ=self._vector)
            for place, (op, args, _) in enumerate(self._steps):
                if self._grid.along[place] == BOTH:
                    values[place] = FUNCTIONS[op](b, *(values[arg] for arg in args))
            for output, start in zip(self._grid.tape.outputs, starts, strict=True):
                b.store(values[output], self._at(start, begin)).align = 8

        self._loop(vectors, write)

    def _spread(self, value: Any) -> Any:
        """A vector that holds a number everywhere."""
        b, nothing = self._b, ir.Constant(self._vector, ir.Undefined)
        one = b.insert_element(nothing, value, ir.Constant(ir.IntType(32), 0))
        mask = ir.Constant(ir.VectorType(ir.IntType(32), lanes()), None)
        return b.shuffle_vector(one, nothing, mask)

    def _copy(self, number: Any, to: Any) -> None:
        self._b.store(self._b.load(number, typ=F64), to)

    def _take_off(self, value: Any, residual: Any) -> None:
        left = self._b.fsub(self._b.load(residual, typ=F64), self._b.load(value, typ=F64))
        self._b.store(left, residual)
