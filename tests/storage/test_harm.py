"""Wrong, damaged and hostile files: our errors only, and nothing of them is run."""

import pickle
import sys
from pathlib import Path
from subprocess import run

import h5py
import numpy as np
import pytest

from hsjupyter import data
from hsjupyter.core.errors import FileFormatError, HSJupyterWarning
from hsjupyter.signals import Signal1D
from hsjupyter.storage import limits, load, save
from hsjupyter.storage.opening import opened

SAMPLE = Path(data.__file__).parent / "sample_data/steel_xrf.hspy"
EXPERIMENT = "Experiments/__unnamed__"


class Payload:
    """Unpickling it writes a file."""

    def __init__(self, target):
        self.target = target

    def __reduce__(self):
        return open, (self.target, "w")


@pytest.fixture
def path(tmp_path):
    """A good file of ours, for the tests to spoil."""
    return save(Signal1D(np.arange(24.0).reshape(2, 3, 4)), tmp_path / "good")


# -- wrong ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "match"),
    [
        (b"", "is empty"),
        (b"1 2 3\n", "is no HDF5 file"),
        (b"\x89PNG\r\n\x1a\n" + bytes(2000), "is no HDF5 file"),
        (b"\x89HDF\r\n\x1a\n" + bytes(2000), "is damaged"),
        (b"\x89HDF\r\n\x1a\n", "is damaged"),
    ],
)
def test_what_is_no_hspy_is_refused(content, match, tmp_path):
    (tmp_path / "wrong.hspy").write_bytes(content)
    with pytest.raises(FileFormatError, match=match):
        load(tmp_path / "wrong.hspy")


def test_hdf5_of_another_program_is_refused(tmp_path):
    with h5py.File(tmp_path / "other.hspy", "w") as file:
        file["measurement"] = np.ones(3)
    with pytest.raises(FileFormatError, match="of another program"):
        load(tmp_path / "other.hspy")


def test_a_format_that_nobody_knows_is_refused(tmp_path):
    (tmp_path / "notes.docx").write_bytes(b"PK")
    with pytest.raises(FileFormatError, match=r"no reader knows '\.docx'"):
        load(tmp_path / "notes.docx")


def test_without_rosettasciio_the_extra_is_named(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "rsciio", None)
    (tmp_path / "scan.dm3").write_bytes(b"dm3")
    with pytest.raises(FileFormatError, match=r"pip install 'hsjupyter\[formats\]'"):
        load(tmp_path / "scan.dm3")


def test_what_rosettasciio_cannot_read_is_said_in_our_words(tmp_path):
    (tmp_path / "scan.dm3").write_bytes(b"\0\0\0\3" + bytes(200))
    with pytest.raises(FileFormatError, match="could not be read by rosettasciio"):
        load(tmp_path / "scan.dm3")


@pytest.mark.parametrize(
    ("spoil", "match"),
    [
        (lambda g: g.__delitem__("data"), "holds no data"),
        (lambda g: g.__delitem__("axis-1"), r"has 2 axes for data of shape \(2, 3, 4\)"),
        (lambda g: g["axis-2"].attrs.__setitem__("scale", np.nan), "scale=nan"),
        (lambda g: g["axis-2"].attrs.__setitem__("scale", 0.0), "scale=0"),
        (lambda g: g["axis-2"].attrs.__setitem__("offset", "far"), "offset='far'"),
        (lambda g: g.file.attrs.__delitem__("file_format"), "of another program"),
        (lambda g: g.file.__delitem__("Experiments"), "/Experiments is no group"),
        (lambda g: g.parent.__delitem__("__unnamed__"), "holds no signal"),
    ],
    ids=["data", "axis", "nan", "zero", "text", "signature", "experiments", "signal"],
)
def test_a_missing_or_impossible_part_is_named(spoil, match, path):
    with h5py.File(path, "r+") as file:
        spoil(file[EXPERIMENT])
    with pytest.raises(FileFormatError, match=match):
        load(path)


@pytest.mark.parametrize(
    ("data", "match"),
    [
        (np.array(["a", "b"], dtype=object), "numbers of one length"),
        (np.zeros(2, dtype=[("a", "f8")]), "numbers of one length"),
        (np.array([b"ab", b"cd"]), "numbers of one length"),
    ],
    ids=["text", "compound", "bytes"],
)
def test_data_that_are_no_numbers_are_refused(data, match, path):
    with h5py.File(path, "r+") as file:
        group = file[EXPERIMENT]
        del group["data"], group["axis-1"], group["axis-2"]
        group["data"] = data
    with pytest.raises(FileFormatError, match=match):
        load(path)


# -- damaged -------------------------------------------------------------------------------------


def test_a_file_cut_anywhere_is_refused(tmp_path):
    whole = SAMPLE.read_bytes()
    lengths = {*range(1, 2048, 97), *range(2048, len(whole), 499), len(whole) - 1}
    for length in sorted(lengths):
        cut = tmp_path / "cut.hspy"
        cut.write_bytes(whole[:length])
        with pytest.raises(FileFormatError, match=r"cut\.hspy"):
            load(cut)


@pytest.mark.filterwarnings("ignore::hsjupyter.core.errors.HSJupyterWarning")
def test_changed_bytes_give_a_signal_or_our_error(tmp_path):
    whole = np.frombuffer(SAMPLE.read_bytes(), np.uint8)
    draw = np.random.default_rng(7)
    refused = 0
    for _ in range(300):
        bytes_ = whole.copy()
        places = draw.integers(0, len(bytes_), draw.integers(1, 20))
        bytes_[places] = draw.integers(0, 256, len(places))
        (tmp_path / "changed.hspy").write_bytes(bytes_.tobytes())
        try:
            assert load(tmp_path / "changed.hspy").data.size > 0
        except FileFormatError:
            refused += 1
    assert refused > 50


# -- hostile -------------------------------------------------------------------------------------


def declare(group, name, shape, **kwargs):
    """A dataset that says it is large and stores nothing."""
    if name in group:
        del group[name]
    group.create_dataset(name, shape=shape, dtype="f8", **kwargs)


def test_data_that_declare_more_than_they_store_are_refused(path):
    with h5py.File(path, "r+") as file:
        declare(file[EXPERIMENT], "data", (10**5, 10**5, 10**5), chunks=(1, 1, 1000))
    with pytest.raises(FileFormatError, match="cannot hold them"):
        load(path)


def test_an_array_in_the_metadata_that_declares_too_much_is_refused(path):
    with h5py.File(path, "r+") as file:
        declare(file[EXPERIMENT]["metadata"], "bomb", (10**12,), chunks=(1000,))
    with pytest.raises(FileFormatError, match="metadata/bomb declares"):
        load(path)


def test_pieces_larger_than_the_data_are_refused(path):
    with h5py.File(path, "r+") as file:
        declare(file[EXPERIMENT], "data", (2, 3, 4), chunks=(2, 3, 10**7), maxshape=(2, 3, None))
    with pytest.raises(FileFormatError, match="is cut into pieces"):
        load(path)


def test_data_beyond_the_memory_are_refused(path, monkeypatch):
    monkeypatch.setattr(limits, "SMALL", 100)
    monkeypatch.setattr(limits, "available_memory", lambda: 150)
    with pytest.raises(FileFormatError, match="of memory are free; load it with lazy=True"):
        load(path)


def test_available_memory_is_a_plausible_number():
    assert 2**26 < limits.available_memory() < 2**50


def test_branches_that_nest_too_deep_are_refused(path):
    with h5py.File(path, "r+") as file:
        file[EXPERIMENT]["metadata"].create_group("/".join("d" * 80))
    with pytest.raises(FileFormatError, match="nests deeper than 50"):
        load(path)


def test_signals_that_nest_too_deep_are_refused(path):
    with h5py.File(path, "r+") as file:
        here = file[EXPERIMENT]
        for _ in range(60):
            here = here["metadata"].create_group("_sig_again")
            here["data"] = np.ones(1)
            here.create_group("_list_1_axes/0").attrs["size"] = 1
            here.create_group("metadata")
    with pytest.raises(FileFormatError, match="nests deeper than 50"):
        load(path)


def test_a_group_that_contains_itself_is_given_once(path):
    with h5py.File(path, "r+") as file:
        metadata = file[EXPERIMENT]["metadata"]
        metadata["itself"] = metadata
        metadata["General"]["up"] = metadata
    with pytest.warns(HSJupyterWarning, match="metadata/itself"):
        s = load(path)
    assert s.data.shape == (2, 3, 4)


@pytest.mark.parametrize(
    "link", [h5py.SoftLink("/Experiments"), h5py.ExternalLink("/etc/hostname", "/")]
)
def test_links_elsewhere_are_not_followed(link, path):
    with h5py.File(path, "r+") as file:
        file[EXPERIMENT]["metadata"]["away"] = link
    with pytest.warns(HSJupyterWarning, match=r"metadata/away \(a link\)"):
        s = load(path)
    assert not s.metadata.has_item("away")


def test_experiments_behind_a_link_are_refused(path, tmp_path):
    with h5py.File(path, "r+") as file:
        file.move("Experiments", "Elsewhere")
        file["Experiments"] = h5py.SoftLink("/Elsewhere")
    with pytest.raises(FileFormatError, match="/Experiments is no group of this file"):
        load(path)


def test_values_that_lie_in_another_file_are_not_taken(path, tmp_path):
    secret = tmp_path / "secret"
    secret.write_bytes(bytes(range(24 * 8)))
    with h5py.File(path, "r+") as file:
        declare(file[EXPERIMENT], "data", (2, 3, 4), external=[(str(secret), 0, 24 * 8)])
    with pytest.raises(FileFormatError, match="from other files"):
        load(path)


def test_a_virtual_dataset_is_not_taken(path, tmp_path):
    with h5py.File(tmp_path / "secret.h5", "w") as file:
        file["x"] = np.ones((2, 3, 4))
    layout = h5py.VirtualLayout((2, 3, 4), "f8")
    layout[:] = h5py.VirtualSource(tmp_path / "secret.h5", "x", (2, 3, 4))
    with h5py.File(path, "r+") as file:
        del file[EXPERIMENT]["data"]
        file[EXPERIMENT].create_virtual_dataset("data", layout)
    with pytest.raises(FileFormatError, match="from other files"):
        load(path)


def attacks(path, folder):
    """Five files that run code when HyperSpy 2.5 opens or restores them, and one more."""
    dump = np.void(pickle.dumps(Payload(str(folder / "marker"))))
    call = f"__import__('pathlib').Path({str(folder / 'marker')!r}).touch()"
    whole = path.read_bytes()
    for name in ("axis", "class", "flag", "bytes"):
        target = folder / f"{name}.hspy"
        target.write_bytes(whole)
        with h5py.File(target, "r+") as file:
            model = file.create_group("Analysis/models/a")
            model.attrs["_signal"] = f"/{EXPERIMENT}"
            component = model.create_group("_dict/_list_1_components/0")
            component.attrs["_id_name"] = "Expression"
            if name == "axis":
                axis = file[EXPERIMENT]["axis-2"]
                axis.attrs["_type"] = "FunctionalDataAxis"
                axis.attrs["expression"] = call
                axis.create_group("x").attrs["size"] = 4
            elif name == "class":
                component.attrs["_bs__class_dump"] = dump
                component.attrs["expression"] = call
                component.attrs["twin_function_expr"] = call
            elif name == "flag":
                component.create_group("_whitelist").attrs["function"] = "fn"
                component.create_group("_tuple_2_function").attrs["_bs_1"] = dump
            else:
                file[EXPERIMENT]["metadata"].attrs["_bs_notes"] = dump
        yield target


GUARD = """
import sys, warnings, gc
import h5py, numpy, hsjupyter.signals
from hsjupyter import data
from hsjupyter.core.errors import FileFormatError, HSJupyterWarning
from hsjupyter.formula import parse
from hsjupyter.storage import load

load({good!r})  # whatever is imported on first use is imported now
parse("a * x + 1").value((numpy.ones(2),), [1.0])
seen = []
BAD = ("exec", "compile", "import", "os.", "subprocess.", "pickle.", "ctypes.", "socket.")

def guard(event, args):
    if event.startswith(BAD) and event not in ("os.scandir", "os.listdir"):
        seen.append((event, str(args)[:200]))
    if event == "open" and isinstance(args[1], str) and set(args[1]) & set("wax+"):
        seen.append((event, str(args)[:200]))

sys.addaudithook(guard)
warnings.simplefilter("always")
with warnings.catch_warnings(record=True) as told:
    try:
        s = load({path!r})
        text = "loaded"
    except FileFormatError as why:
        text = str(why)
assert not seen, seen
print(text, [str(w.message) for w in told])
"""


def test_a_hostile_file_runs_nothing(path, tmp_path):
    expected = {
        "axis": "given by a formula that cannot be computed",
        "class": "_list_1_components/0@_bs__class_dump",
        "flag": "_tuple_2_function@_bs_1",
        "bytes": "metadata@_bs_notes",
    }
    for attack in attacks(path, tmp_path):
        code = GUARD.format(good=str(path), path=str(attack))
        done = run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert expected[attack.stem] in done.stdout
        assert not (tmp_path / "marker").exists()


def test_the_payload_would_have_run(tmp_path):
    """The attack is real: this is what unpickling does."""
    pickle.loads(pickle.dumps(Payload(str(tmp_path / "marker")))).close()  # noqa: S301
    assert (tmp_path / "marker").exists()


def test_a_file_that_this_process_is_too_small_for_is_not_called_damaged(path):
    with pytest.raises(MemoryError, match="too much"), opened(path):
        raise MemoryError("too much")
