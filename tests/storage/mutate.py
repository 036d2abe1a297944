"""Files of all ages, changed at random and loaded: by itself a script, in the suite a few.

    python -m tests.storage.mutate 10000 [--first 0]

Each file is loaded, and its models restored and computed, in a process that may be killed: the
HDF5 library is not ours. A number says which file it is, so that one can be made again.
"""

import argparse
import re
import select
import sys
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from subprocess import PIPE, Popen
from tempfile import TemporaryDirectory

import h5py
import numpy as np

import hsjupyter.api as hs
from hsjupyter.core.errors import HSJupyterError

SECONDS = 2.0
"""Of processor time, for one file."""

MEGABYTES = 500
PATIENCE = 60.0
"""Seconds without an answer, after which a process is taken for hanging."""

WILD = (0, 1, 255, 1 << 16, 1 << 31, (1 << 32) - 1, 1 << 48, 1 << 63, (1 << 64) - 1)
JUNK = (
    "", "x", "_None_", "x" * 3000, "__import__('os')", "0", "\N{SNOWMAN}", True, -1, 0, 2**63 - 1,
    1e308, np.nan, np.inf, -1e-300, np.zeros(0), np.arange(7), np.ones((3, 3)), h5py.Empty("f8"),
    h5py.Empty(h5py.string_dtype()), np.void(b"\x80\x04."), np.void(b"\0" * 40),
    np.array(["a", "b"], object),
    np.array([(1.0, 2)], dtype=[("a", "f8"), ("b", "i4")]), 1 + 2j, b"bytes",
)  # fmt: skip


# -- what is changed -------------------------------------------------------------------------------


def make_sources(folder: Path) -> None:
    """Good files: ours with models, and HyperSpy's of all versions where it is installed."""
    kinds = hs.model.components1D
    draw = np.random.default_rng(0)
    s = hs.signals.Signal1D(draw.normal(size=(3, 4, 60)).astype("f4"))
    s.set_noise_variance(np.ones((3, 4, 60)))
    s.metadata.add_dictionary({"Sample": {"elements": ["Fe", "Cr"], "thickness": 2.5}})
    s.original_metadata.add_dictionary({"deep": {"er": {"list": [1, "a", None, {"b": (1, 2)}]}}})
    m = s.create_model()
    m.extend([kinds.Gaussian(), kinds.Expression("a * x + b", "line"), kinds.Polynomial(order=2)])
    m.append(kinds.Gaussian())
    m[3].sigma.twin = m[0].sigma
    m[3].sigma.twin_function_expr = "2 * x"
    m.store_working_values()
    m.save(folder / "model", "fit")
    hs.signals.Signal2D(np.arange(600).reshape(2, 20, 15)).save(folder / "image")
    found = find_spec("hyperspy")
    if found is not None and found.submodule_search_locations is not None:
        theirs = Path(found.submodule_search_locations[0]) / "tests/component/data"
        for old in theirs.glob("*.hspy"):
            (folder / old.name).write_bytes(old.read_bytes())


def change_bytes(target: Path, draw: np.random.Generator) -> None:
    """Other bytes in some places, holes, repetitions, an early end."""
    raw = np.frombuffer(target.read_bytes(), np.uint8).copy()
    kind = draw.integers(6)
    start = int(draw.integers(len(raw)))
    length = int(2 ** draw.uniform(0, 12))
    if kind <= 1:
        places = draw.integers(0, len(raw), int(2 ** draw.uniform(0, 6)))
        raw[places] = draw.integers(0, 256, len(places))
    elif kind == 2:  # one number of eight bytes
        at = start // 8 * 8
        new = np.frombuffer(WILD[draw.integers(len(WILD))].to_bytes(8, "little"), np.uint8)
        raw[at : at + 8] = new[: len(raw[at : at + 8])]
    elif kind == 3:
        raw[start : start + length] = draw.choice([0, 255])
    elif kind == 4:
        to = int(draw.integers(len(raw)))
        n = min(length, len(raw) - start, len(raw) - to)
        raw[to : to + n] = raw[start : start + n].copy()
    else:
        raw = raw[:start]
    target.write_bytes(raw.tobytes())


def change_tree(target: Path, draw: np.random.Generator) -> None:
    """Other attributes, datasets of other kinds, missing and moved groups."""
    with h5py.File(target, "r+") as file:
        things: list[h5py.Group | h5py.Dataset] = [file]
        file.visititems(lambda _name, thing: things.append(thing))
        for _ in range(int(draw.integers(1, 5))):
            thing = things[draw.integers(len(things))]
            if not thing or thing.name is None:
                continue  # an earlier change took it away
            try:
                CHANGES[draw.integers(len(CHANGES))](file, thing, draw)
            except (ValueError, KeyError, RuntimeError, TypeError, OSError):
                continue  # a change that HDF5 refuses


def _junk(draw: np.random.Generator) -> object:
    return JUNK[draw.integers(len(JUNK))]


def _other_attribute(_file: object, thing: h5py.Group, draw: np.random.Generator) -> None:
    names = [*thing.attrs, "_type", "expression", "size"]
    thing.attrs[names[draw.integers(len(names))]] = _junk(draw)


def _no_attribute(_file: object, thing: h5py.Group, draw: np.random.Generator) -> None:
    names = list(thing.attrs)
    del thing.attrs[names[draw.integers(len(names))]]


def _no_member(file: h5py.File, thing: h5py.Group, _draw: np.random.Generator) -> None:
    del file[thing.name]


def _other_dataset(file: h5py.File, thing: h5py.Group, draw: np.random.Generator) -> None:
    name = thing.name
    del file[name]
    file[name] = _junk(draw)


def _bomb(file: h5py.File, thing: h5py.Group, draw: np.random.Generator) -> None:
    name = thing.name
    del file[name]
    shape = ((10**12,), (10**6, 10**6), (2**40, 1, 1), (0, 5))[draw.integers(4)]
    file.create_dataset(name, shape=shape, dtype=draw.choice(["f8", "u1"]), chunks=True)


def _moved(file: h5py.File, thing: h5py.Group, draw: np.random.Generator) -> None:
    parent, _, name = thing.name.rpartition("/")
    names = ("_list_1_x", "_tuple_3_y", "_sig_z", "_bs_b", "data", "axis-9", f"_list_{10**9}_c")
    file.move(thing.name, f"{parent}/{names[draw.integers(len(names))]}{name[:0]}")


def _linked(file: h5py.File, thing: h5py.Group, draw: np.random.Generator) -> None:
    groups = [g for g in (file, thing, thing.parent) if isinstance(g, h5py.Group)]
    groups[draw.integers(len(groups))][f"link{draw.integers(9)}"] = thing


Change = Callable[[h5py.File, h5py.Group, np.random.Generator], None]
CHANGES: tuple[Change, ...] = (
    _other_attribute, _other_attribute, _other_attribute, _no_attribute, _no_member,
    _other_dataset, _bomb, _moved, _linked,
)  # fmt: skip


def make(number: int, sources: list[Path], target: Path) -> None:
    """The changed file of a number."""
    draw = np.random.default_rng(number)
    target.write_bytes(sources[number % len(sources)].read_bytes())
    (change_bytes if draw.random() < 0.6 else change_tree)(target, draw)


# -- one process -----------------------------------------------------------------------------------


def outcome(path: Path, *, salvage: bool = False) -> str:
    """What comes of a file: 'loaded', 'refused', or the name of a wrong error."""
    try:
        found = hs.load(path, salvage=salvage)
        for s in found if isinstance(found, list) else [found]:
            repr(s), repr(s.metadata), s.models._repr_html_()
            for name in s.models:
                try:
                    m = s.models.restore(name)
                    m(), m.as_signal()
                except HSJupyterError:
                    continue
    except HSJupyterError:
        return "refused"
    except Exception as why:  # noqa: BLE001 - which one it is is what is asked
        where = traceback.extract_tb(why.__traceback__)[-1]
        place = f"{Path(where.filename).name}:{where.lineno}"
        return f"wrong: {place} {type(why).__name__}: {str(why)[:150]!r}"
    return "loaded"


def work(first: int, last: int, folder: Path) -> None:
    """Load the files of some numbers; say of each what came, the seconds and the memory."""
    sources = sorted(folder.glob("sources/*.hspy"))
    target = folder / f"changed-{first}.hspy"
    warnings.simplefilter("ignore")
    np.seterr(all="ignore")
    for source in sources:  # what is made at first use is not the file's doing
        outcome(source)
    for number in range(first, last):
        make(number, sources, target)
        begun = time.process_time()
        told = outcome(target, salvage=number % 3 == 0)
        seconds = time.process_time() - begun
        megabytes = peak()
        sys.stdout.write(f"{number}\t{told}\t{seconds:.2f}\t{megabytes:.0f}\n")
        sys.stdout.flush()


def peak() -> float:
    """Megabytes; not by getrusage, whose peak is that of the process that began this one, too."""
    told = Path("/proc/self/status").read_text(encoding="ascii")
    found = re.search(r"VmHWM:\s+(\d+)", told)
    return int(found[1]) / 1024 if found else 0.0


# -- the processes ---------------------------------------------------------------------------------


def run(first: int, last: int, folder: Path) -> Iterator[tuple[int, str, float, float]]:
    """Number, outcome, seconds and megabytes of each file; a process that dies is started again."""
    (folder / "sources").mkdir()
    make_sources(folder / "sources")
    while first < last:
        command = [sys.executable, "-m", "tests.storage.mutate", str(last), "--first", str(first)]
        with Popen([*command, "--work", str(folder)], stdout=PIPE, text=True) as process:
            for number, *told in _answers(process):
                first = number + 1
                yield number, *told
        if first < last:
            yield first, f"died ({process.returncode})", 0.0, 0.0
            first += 1


def _answers(process: "Popen[str]") -> Iterator[tuple[int, str, float, float]]:
    assert process.stdout is not None
    while True:
        ready, _, _ = select.select([process.stdout], [], [], PATIENCE)
        if not ready:
            process.kill()  # it hangs; its end says so
            return
        line = process.stdout.readline()
        if not line:
            return
        number, told, seconds, megabytes = line.rstrip("\n").split("\t")
        yield int(number), told, float(seconds), float(megabytes)


def faults(answers: Iterator[tuple[int, str, float, float]]) -> tuple[Counter[str], list[str]]:
    """How often what came, and what should not have."""
    count: Counter[str] = Counter()
    bad = []
    for number, told, seconds, megabytes in answers:
        count[told.split(":")[0]] += 1
        if told not in {"loaded", "refused"}:
            bad.append(f"{number}: {told}")
        if seconds > SECONDS:
            bad.append(f"{number}: {seconds} s")
        if megabytes > MEGABYTES:
            bad.append(f"{number}: {megabytes} MB")
        count["most megabytes"] = max(count["most megabytes"], round(megabytes))
        count["most milliseconds"] = max(count["most milliseconds"], round(seconds * 1000))
    return count, bad


def main() -> None:
    """Read the command line and print what came."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("last", type=int)
    options.add_argument("--first", type=int, default=0)
    options.add_argument("--work", type=Path)
    given = options.parse_args()
    if given.work is not None:
        work(given.first, given.last, given.work)
        return
    with TemporaryDirectory() as folder:
        count, bad = faults(run(given.first, given.last, Path(folder)))
    sys.stdout.write(f"{dict(count)}\n" + "".join(f"{line}\n" for line in bad))
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()
