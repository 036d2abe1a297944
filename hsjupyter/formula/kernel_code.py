"""Compiled kernels of tapes."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hsjupyter.formula.formula import Formula
from hsjupyter.formula.grid import find_grid
from hsjupyter.formula.hoist import hoist
from hsjupyter.formula.machine_code import MachineCode, compile_kept
from hsjupyter.formula.numpy_code import Evaluator
from hsjupyter.formula.settle import settled
from hsjupyter.formula.tape import Tape

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Kernel:
    """A compiled tape.

    Attributes
    ----------
    address : int
        Of ``void (X, ldx, n, p, r, J, ldj)``; see `hsjupyter.formula.kernel_ir`.
    coordinates, parameters, derivatives : int
        How many rows it reads, numbers it takes and rows it writes.
    """

    address: int
    coordinates: int
    parameters: int
    derivatives: int
    code: MachineCode = field(repr=False)  # holds the memory the address points to

    def __call__(self, coordinates: Array, parameters: Array) -> tuple[Array, Array]:
        """Run it.

        Parameters
        ----------
        coordinates : ndarray, (coordinate, channel)
        parameters : ndarray, (parameter,)

        Returns
        -------
        value : ndarray, (channel,)
        derivatives : ndarray, (derivative, channel)
        """
        x = np.ascontiguousarray(coordinates, dtype=np.float64)
        p = np.ascontiguousarray(parameters, dtype=np.float64)
        n = x.shape[1]
        residual, rows = np.zeros(n), np.empty((max(self.derivatives, 1), n))
        _prototype()(self.address)(
            x.ctypes.data, n, n, p.ctypes.data, residual.ctypes.data, rows.ctypes.data, n
        )
        return -residual, rows[: self.derivatives]


def compile_kernel(tape: Tape) -> Kernel | None:
    """Compile a tape, or take it from the cache.

    Parameters
    ----------
    tape : Tape
        A value and the derivatives that are wanted.

    Returns
    -------
    Kernel or None
        None where no compiler is installed, or an operation has no code.
    """
    return _compiled(tape) if can_compile(tape) else None


def can_compile(tape: Tape) -> bool:
    """Whether a compiler is installed, and every operation of a tape has code."""
    try:
        from hsjupyter.formula.kernel_ir import can_print
    except ModuleNotFoundError:
        return False
    return can_print(tape)


@dataclass(frozen=True, eq=False)
class LeanKernel:
    """A kernel that leaves out what a fit can work out once.

    Attributes
    ----------
    kernel : Kernel
        Behind the coordinates it reads the rows of `once`.
    once : Evaluator or None
        Makes them from coordinates and parameters, (row, channel); None where there are none.
    reach : MachineCode or None
        Tells where it is next to nothing, see `hsjupyter.formula.kernel_reach`.
    grid : MachineCode or None
        The same kernel for channels on a rectangle, see `hsjupyter.formula.kernel_grid`.
    """

    kernel: Kernel
    once: Evaluator | None
    reach: MachineCode | None
    grid: MachineCode | None


def compile_lean(
    formula: Formula, wanted: tuple[str, ...], zeros: tuple[str, ...] = ()
) -> LeanKernel | None:
    """The kernel of a formula of which only some parameters move.

    Parameters
    ----------
    formula : Formula
    wanted : tuple of str
        Parameters that move; their derivatives are written.
    zeros : tuple of str
        Parameters that stay at 0, as an angle of rotation often does.

    Returns
    -------
    LeanKernel or None
        None as of `compile_kernel`.
    """
    tape = formula.derivative_tape(wanted)
    parts = hoist(tape, frozenset(formula.order.index(name) for name in wanted))
    kernel = compile_kernel(tape if parts is None else parts.rest)
    if kernel is None:
        return None
    one = len(formula.variables) == 1
    return LeanKernel(
        kernel,
        None if parts is None else Evaluator(parts.once),
        _reach(tape) if one else None,
        None if one else _grid(settled(tape, {formula.order.index(name): 0.0 for name in zeros})),
    )


@lru_cache(maxsize=1024)
def _grid(tape: Tape) -> MachineCode | None:
    from hsjupyter.formula.kernel_grid import NAME, print_grid

    grid = find_grid(tape)
    if grid is None or not can_compile(grid.tape):
        return None
    return compile_kept(f"grid {grid!r}", lambda: print_grid(grid), (NAME,))


@lru_cache(maxsize=1024)
def _reach(tape: Tape) -> MachineCode | None:
    from hsjupyter.formula.kernel_reach import NAME, exponent_of, print_reach

    exponent = exponent_of(tape)
    if exponent is None:
        return None
    return compile_kept(f"reach {tape!r}", lambda: print_reach(tape, exponent), (NAME,))


@lru_cache(maxsize=1024)
def _compiled(tape: Tape) -> Kernel:
    from hsjupyter.formula.kernel_ir import NAME, print_module

    code = compile_kept(repr(tape), lambda: str(print_module(tape)), (NAME,))
    n_rows = len(tape.outputs) - 1
    return Kernel(code.addresses[NAME], tape.coordinates, tape.parameters, n_rows, code)


@lru_cache(maxsize=1)
def _prototype() -> Any:
    import ctypes

    pointer, size = ctypes.c_void_p, ctypes.c_int64
    return ctypes.CFUNCTYPE(None, pointer, size, size, pointer, pointer, pointer, size)
