"""Compiled kernels of tapes, kept on disk, so that a fresh process does not compile again."""

from __future__ import annotations

import hashlib
import os
import tempfile
import threading
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hsjupyter.formula.tape import Tape

Array = NDArray[np.float64]

_LOCK = threading.Lock()
_CHECKSUM = 32
_VERSION = 1  # of the code that is printed: a new one leaves the files of the old alone


@dataclass(frozen=True, eq=False)
class Kernel:
    """A compiled tape.

    Attributes
    ----------
    address : int
        Of ``void (X, ldx, n, p, f, J, ldj)``; see `hsjupyter.formula.kernel_ir`.
    coordinates, parameters, derivatives : int
        How many rows it reads, numbers it takes and rows it writes.
    """

    address: int
    coordinates: int
    parameters: int
    derivatives: int
    engine: Any = field(repr=False)  # holds the memory the address points to

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
        value, rows = np.empty(n), np.empty((max(self.derivatives, 1), n))
        _prototype()(self.address)(
            x.ctypes.data, n, n, p.ctypes.data, value.ctypes.data, rows.ctypes.data, n
        )
        return value, rows[: self.derivatives]


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
    try:
        from hsjupyter.formula.kernel_ir import can_print
    except ModuleNotFoundError:
        return None
    return _compiled(tape) if can_print(tape) else None


@lru_cache(maxsize=1024)
def _compiled(tape: Tape) -> Kernel:
    from llvmlite import binding as llvm

    from hsjupyter.formula.kernel_ir import NAME, print_module

    text = str(print_module(tape))
    with _LOCK:  # LLVM's contexts are not for several threads at once
        _start_llvm()
        machine = llvm.Target.from_default_triple().create_target_machine(
            cpu=llvm.get_host_cpu_name(), features=llvm.get_host_cpu_features().flatten(), opt=3
        )
        processor = f"{machine.triple} {llvm.get_host_cpu_name()} {llvm.llvm_version_info}"
        file = _file_for(f"{_VERSION} {processor}\n{text}")
        module = llvm.parse_assembly(text)
        module.triple, module.data_layout = machine.triple, str(machine.target_data)
        kept = _kept(file)
        if kept is None:
            module.verify()
            _optimise(llvm, module, machine)
        engine = llvm.create_mcjit_compiler(module, machine)
        engine.set_object_cache(lambda _, code: _keep(file, code), lambda _: kept)
        engine.finalize_object()
        address = engine.get_function_address(NAME)
    return Kernel(address, tape.coordinates, tape.parameters, len(tape.outputs) - 1, engine)


def _optimise(llvm: Any, module: Any, machine: Any) -> None:
    options = llvm.create_pipeline_tuning_options(speed_level=3)
    options.loop_vectorization = options.slp_vectorization = options.loop_unrolling = True
    builder = llvm.create_pass_builder(machine, options)
    builder.getModulePassManager().run(module, builder)


@lru_cache(maxsize=1)
def _start_llvm() -> None:
    from llvmlite import binding as llvm

    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()


@lru_cache(maxsize=1)
def _prototype() -> Any:
    import ctypes

    pointer, size = ctypes.c_void_p, ctypes.c_int64
    return ctypes.CFUNCTYPE(None, pointer, size, size, pointer, pointer, pointer, size)


def cache_folder() -> Path | None:
    """Where kernels are kept: $HSJUPYTER_CACHE, or the person's cache folder; None for nowhere."""
    chosen = os.environ.get("HSJUPYTER_CACHE")
    if chosen == "":
        return None
    from platformdirs import user_cache_path

    return (Path(chosen) if chosen else user_cache_path("hsjupyter")) / "kernels"


def _file_for(text: str) -> Path | None:
    folder = cache_folder()
    return None if folder is None else folder / f"{hashlib.sha256(text.encode()).hexdigest()}.o"


def _kept(file: Path | None) -> bytes | None:
    """The code in a file; LLVM ends the process on a damaged one, so that it bears a checksum."""
    try:
        kept = b"" if file is None else file.read_bytes()
    except OSError:
        return None
    checksum, code = kept[:_CHECKSUM], kept[_CHECKSUM:]
    return code if hashlib.sha256(code).digest() == checksum else None


def _keep(file: Path | None, code: bytes) -> None:
    """Write beside and rename, so that two processes at once do not harm each other."""
    if file is None:
        return
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=file.parent, delete=False) as beside:
            beside.write(hashlib.sha256(code).digest() + code)
        Path(beside.name).replace(file)
    except OSError:  # a folder that cannot be written to only costs time
        return
