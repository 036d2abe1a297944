"""LLVM code to machine code, kept on disk, so that a fresh process does not compile again."""

from __future__ import annotations

import hashlib
import os
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

# LLVM is not for several threads at once: whoever has it compile anything holds this.
COMPILING = threading.RLock()
_CHECKSUM = 32
_WIDE = ",-prefer-256-bit"


@dataclass(frozen=True, eq=False)
class MachineCode:
    """Compiled functions; what was compiled stays, and is compiled once a process.

    Attributes
    ----------
    addresses : dict of str to int
        Of the functions that were asked for.
    """

    addresses: dict[str, int]
    engine: Any = field(repr=False)


def compile_text(text: str, names: tuple[str, ...]) -> MachineCode:
    """Compile LLVM code for this processor, or take it from the cache.

    Parameters
    ----------
    text : str
        A module that we printed.
    names : tuple of str
        Functions whose addresses are wanted.
    """
    return compile_kept(text, lambda: text, names)


def compile_kept(key: str, print_code: Callable[[], str], names: tuple[str, ...]) -> MachineCode:
    """As `compile_text`, for code that is printed only where the cache has none.

    Parameters
    ----------
    key : str
        Tells the code from any other that this version of the package prints.
    print_code : callable
        Gives the text of the module.
    names : tuple of str
        Functions whose addresses are wanted.
    """
    from llvmlite import binding as llvm

    with COMPILING:
        _start_llvm()
        features = llvm.get_host_cpu_features().flatten()
        machine = llvm.Target.from_default_triple().create_target_machine(
            # Some processors are known for slowing down in wide vectors; no longer do they.
            cpu=llvm.get_host_cpu_name(),
            features=features + _WIDE * ("+avx512f" in features),
            opt=3,
        )
        processor = f"{machine.triple} {llvm.get_host_cpu_name()} {llvm.llvm_version_info}"
        digest = hashlib.sha256(f"{processor}\n{_printers()}\n{key}".encode()).hexdigest()
        if (digest, names) in _MADE:
            return _MADE[digest, names]
        file = _file_for(digest)
        code = _kept(file)
        if code is None:
            module = llvm.parse_assembly(print_code())
            module.triple, module.data_layout = machine.triple, str(machine.target_data)
            module.verify()
            _optimise(llvm, module, machine)
            code = machine.emit_object(module)
            _keep(file, code)
        engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), machine)
        engine.add_object_file(llvm.ObjectFileRef.from_data(code))
        engine.finalize_object()
        addresses = {name: engine.get_function_address(name) for name in names}
        return _MADE.setdefault((digest, names), MachineCode(addresses, engine))


# Never forgotten: whoever has an address may call it, on any thread, as long as the process lives.
_MADE: dict[tuple[str, tuple[str, ...]], MachineCode] = {}


@lru_cache(maxsize=1)
def _printers() -> str:
    """A fingerprint of what prints code: another version of it finds nothing in the cache."""
    here = Path(__file__).parent
    texts = [file.read_bytes() for file in sorted(here.glob("*_code.py"))]
    texts += [file.read_bytes() for file in sorted(here.glob("kernel_*.py"))]
    return hashlib.sha256(b"".join(texts)).hexdigest()


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
def lanes() -> int:
    """How many float64 a vector of this processor holds."""
    from llvmlite import binding as llvm

    features = llvm.get_host_cpu_features()
    return 8 if features.get("avx512f") else 4 if features.get("avx") else 2


def cache_folder() -> Path | None:
    """Where kernels are kept: $HSJUPYTER_CACHE, or the person's cache folder; None for nowhere."""
    chosen = os.environ.get("HSJUPYTER_CACHE")
    if chosen == "":
        return None
    from platformdirs import user_cache_path

    return (Path(chosen) if chosen else user_cache_path("hsjupyter")) / "kernels"


def _file_for(digest: str) -> Path | None:
    folder = cache_folder()
    return None if folder is None else folder / f"{digest}.o"


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
            try:
                beside.write(hashlib.sha256(code).digest() + code)
                beside.close()
                Path(beside.name).replace(file)
            finally:
                Path(beside.name).unlink(missing_ok=True)  # where it could not be renamed
    except OSError:  # a folder that cannot be written to only costs time
        return
