"""Old HDF5 headers have no checksum: a damaged text must not end the process."""

import sys
from importlib.util import find_spec
from pathlib import Path
from subprocess import run

import h5py
import numpy as np
import pytest

from hsjupyter.core.errors import FileFormatError
from hsjupyter.storage import load
from hsjupyter.storage.old_headers import OldHeaders


@pytest.fixture
def path(tmp_path):
    """A file as HyperSpy writes it, with headers of the first version."""
    with h5py.File(tmp_path / "old.hspy", "w", libver=("earliest", "v108")) as file:
        file.attrs["file_format"], file.attrs["file_format_version"] = "HyperSpy", "3.3"
        group = file.create_group("Experiments/spectrum")
        group["data"] = np.arange(5.0)
        axis = group.create_group("axis-0").attrs
        axis["_type"], axis["size"], axis["navigate"] = "UniformDataAxis", 5, False
        axis["scale"], axis["offset"] = 1.0, 0.0
        notes = group.create_group("metadata/Notes").attrs
        notes["here"] = "abcdefgh" * 5
        for number in range(30):  # more than one block of a header holds
            notes[f"text_{number}"] = "x" * number
        notes["words"] = np.array(["one", "two"], dtype=object)
    return tmp_path / "old.hspy"


def text_of(path, name):
    """Where the file says how long the text of an attribute is."""
    raw = path.read_bytes()
    at = raw.index(name.encode() + b"\0")
    kind = raw.index(b"\x10\0\0\0\x10\0\0\0\x01", at)  # sizes of element and of base type
    return raw, kind, raw.index((40).to_bytes(4, "little"), kind)


def test_a_good_old_file_is_loaded(path):
    notes = load(path).metadata.Notes
    assert (notes.here, notes.text_29, list(notes.words)) == (
        "abcdefgh" * 5,
        "x" * 29,
        ["one", "two"],
    )


@pytest.mark.parametrize("length", [0, 1, 39, 41, 2**31])
def test_a_text_of_another_length_is_refused(length, path):
    raw, _, at = text_of(path, "here")
    path.write_bytes(raw[:at] + length.to_bytes(4, "little") + raw[at + 4 :])
    with pytest.raises(FileFormatError, match="metadata/Notes does not hold together"):
        load(path)


@pytest.mark.parametrize("kind", [0x59, 0x02, 0xC9])
def test_a_text_of_no_known_kind_is_refused(kind, path):
    raw, size_at, _ = text_of(path, "here")
    at = size_at - 3  # the byte after class and version
    assert raw[at] == 0x01
    path.write_bytes(raw[:at] + bytes([kind]) + raw[at + 1 :])
    with pytest.raises(FileFormatError, match="does not hold together"):
        load(path)


def test_a_chain_of_blocks_that_bites_its_tail_ends(path):
    with h5py.File(path) as file:
        address = h5py.h5o.get_info(file["Experiments/spectrum/metadata/Notes"].id).addr
    raw = bytearray(path.read_bytes())
    start = address + 16
    assert raw[start : start + 2] == b"\x10\0"
    raw[start + 8 : start + 24] = start.to_bytes(8, "little") + (24).to_bytes(8, "little")
    path.write_bytes(raw)
    with OldHeaders(path) as headers:
        assert headers.hold_together(address)


FUZZ = """
import sys, warnings
import numpy as np
import hsjupyter.api as hs
from hsjupyter.core.errors import FileFormatError

warnings.simplefilter("ignore")
whole = np.frombuffer(open({source!r}, "rb").read(), np.uint8)
draw = np.random.default_rng({seed})
refused = 0
for _ in range(150):
    raw = whole.copy()
    places = draw.integers(0, len(raw), draw.integers(1, 20))
    raw[places] = draw.integers(0, 256, len(places))
    with open({target!r}, "wb") as file:
        file.write(raw.tobytes())
    try:
        hs.load({target!r})
    except FileFormatError:
        refused += 1
print(refused)
"""


@pytest.mark.hyperspy
@pytest.mark.timeout(600)  # 150 files, in one process, on a machine that may be busy
def test_a_damaged_file_of_hyperspy_does_not_end_the_process(tmp_path):
    """In a process of its own; before headers were looked at, one file in two hundred ended it."""
    folder = Path(find_spec("hyperspy").submodule_search_locations[0]) / "tests/component/data"
    source, target = str(folder / "hs16_model.hspy"), str(tmp_path / "changed.hspy")
    code = FUZZ.format(source=source, target=target, seed=11)
    done = run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 50
