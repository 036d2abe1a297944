"""Data that stay in their file: nothing is read that is not asked for."""

import os
import pickle
import sys
from subprocess import run

import h5py
import numpy as np
import pytest
from dask import array as da
from numpy.testing import assert_allclose, assert_array_equal

import hsjupyter.api as hs
from hsjupyter.core.errors import DataError, FileFormatError
from hsjupyter.storage import hspy_writer, limits, opening, tree_reader
from hsjupyter.storage.file_array import FileArray
from hsjupyter.storage.heaps import check_heaps

SHAPE = (6, 7, 50)
X = np.arange(50.0)


def peaks():
    draw = np.random.default_rng(8)
    centres = draw.uniform(20, 30, SHAPE[:2])[..., None]
    return 100 * np.exp(-0.5 * ((X - centres) / 4) ** 2) + draw.normal(0, 0.5, SHAPE)


@pytest.fixture
def path(tmp_path):
    s = hs.signals.Signal1D(peaks())
    s.set_noise_variance(np.full(SHAPE, 0.25))
    return s.save(tmp_path / "map")


def test_data_and_noise_stay_in_the_file(path):
    s = hs.load(path, lazy=True)
    for data in (s.data, s.get_noise_variance().data):
        assert isinstance(data, FileArray)
        assert (data.shape, data.dtype, len(data)) == (SHAPE, np.float64, 6)
    assert repr(s.data) == "<float64 of shape (6, 7, 50) in map.hspy>"
    assert_array_equal(s.inav[3, 2].data, peaks()[2, 3])
    assert_array_equal(s.inav[::-2, 1:3].isig[10:].data, peaks()[1:3, ::-2, 10:])
    assert_array_equal(np.asarray(s.data, np.float32), peaks().astype("f4"))
    with pytest.raises(ValueError, match="reading it makes a copy"):
        np.asarray(s.data, copy=False)
    with pytest.raises(DataError, match=r"s\.data = np\.array\(s\.data\)"):
        s.inav[0, 0] = 0
    s.compute()
    assert_array_equal(s.data, peaks())


def test_a_map_is_fitted_from_its_file_as_from_memory(path):
    models = []
    for s in (hs.load(path, lazy=True), hs.load(path)):
        m = s.create_model()
        m.append(hs.model.components1D.Gaussian(A=1000, centre=25, sigma=4))
        m.multifit(show_progressbar=False)
        s.axes_manager.indices = (4, 5)
        m.fit()
        models.append(m)
    lazy, plain = models
    assert isinstance(lazy.signal.data, FileArray)
    assert_allclose(lazy.maps.values, plain.maps.values, rtol=1e-12)
    assert_allclose(lazy[0].centre.value, plain[0].centre.value, rtol=1e-12)
    assert lazy.maps.is_set.all()


def test_large_data_stay_in_the_file_by_themselves(path, monkeypatch):
    assert isinstance(hs.load(path).data, np.ndarray)
    monkeypatch.setattr(tree_reader, "available_memory", lambda: 2 * 6 * 7 * 50 * 8 - 1)
    assert isinstance(hs.load(path).data, FileArray)
    assert isinstance(hs.load(path, lazy=False).data, np.ndarray)


def test_what_is_too_large_for_memory_is_loaded_lazily(path, monkeypatch):
    monkeypatch.setattr(limits, "SMALL", 100)
    monkeypatch.setattr(limits, "available_memory", lambda: 150)
    with pytest.raises(FileFormatError, match="load it with lazy=True"):
        hs.load(path, lazy=False)
    assert hs.load(path, lazy=True).data.shape == SHAPE


def test_a_lazy_signal_is_saved_over_its_own_file(path, monkeypatch):
    monkeypatch.setattr(hspy_writer, "BLOCK", 3000)
    s = hs.load(path, lazy=True)
    s.metadata.General.title = "again"
    s.save(path, overwrite=True)
    assert_array_equal(s.data[2, 3], peaks()[2, 3])  # of the old file, which is still open
    back = hs.load(path)
    assert back.metadata.General.title == "again"
    assert_array_equal(back.data, peaks())
    assert_array_equal(back.get_noise_variance().data, np.full(SHAPE, 0.25))


def test_dask_data_are_saved_block_by_block(tmp_path, monkeypatch):
    monkeypatch.setattr(hspy_writer, "BLOCK", 3000)
    s = hs.signals.Signal1D(da.from_array(peaks(), chunks=(2, 3, 50)) * 2)
    assert_array_equal(hs.load(s.save(tmp_path / "twice")).data, peaks() * 2)


@pytest.mark.parametrize(
    ("shape", "chunks"), [((5,), (2,)), ((7, 9, 3), (2, 2, 3)), ((4, 1, 600), (1, 1, 100))]
)
def test_blocks_cover_all_data_once(shape, chunks, monkeypatch):
    monkeypatch.setattr(hspy_writer, "BLOCK", 400)
    seen = np.zeros(shape, int)
    for block in hspy_writer.blocks(shape, chunks, 8):
        assert seen[block].size <= max(50, np.prod(chunks))
        seen[block] += 1
    assert (seen == 1).all()


def test_an_engine_opens_the_file_again(path):
    s = hs.load(path, lazy=True)
    there = pickle.loads(pickle.dumps(s.data))  # noqa: S301 - our own
    assert_array_equal(there[1, 2], peaks()[1, 2])
    late = pickle.loads(pickle.dumps(s.data))  # noqa: S301 - our own
    os.utime(path, ns=(1, 1))
    with pytest.raises(FileFormatError, match="has been changed since it was loaded"):
        late[0]
    path.unlink()
    assert_array_equal(s.data[1, 2], peaks()[1, 2])


def test_a_damaged_piece_is_told_when_it_is_read(path):
    with h5py.File(path, "r") as file:
        data = file["Experiments/__unnamed__/data"]
        place = data.id.get_chunk_info(0).byte_offset
    raw = bytearray(path.read_bytes())
    raw[place + 100 : place + 400] = bytes(300)
    path.write_bytes(raw)
    s = hs.load(path, lazy=True)
    with pytest.raises(FileFormatError, match=r"of its data cannot be read.*salvage=True"):
        s.data[0, 0]


def test_data_of_large_files_are_not_looked_through(path, monkeypatch):
    """A heap that does not hold together is found between data, and not looked for inside."""
    with h5py.File(path, "r") as file:
        pieces = opening.data_pieces(file)
    assert len(pieces) >= 2
    broken = b"GCOL\x01\0\0\0" + (4096).to_bytes(8, "little") + b"\1" + bytes(4095)
    raw = path.read_bytes()
    inside = bytearray(raw)
    middle = pieces[0][0] + 16
    inside[middle : middle + 24] = broken[:24]
    path.write_bytes(bytes(inside))
    check_heaps(path, pieces)
    with pytest.raises(FileFormatError, match=f"the heap at byte {middle} does not hold"):
        check_heaps(path)
    monkeypatch.setattr(opening, "LARGE", 0)
    path.write_bytes(raw)
    assert hs.load(path, lazy=True).data.shape == SHAPE
    path.write_bytes(raw + broken)
    with pytest.raises(FileFormatError, match=f"the heap at byte {len(raw)} does not hold"):
        hs.load(path, lazy=True)


LARGE = """
import sys
import h5py, numpy as np
import hsjupyter.api as hs

path, side = sys.argv[1], 720
s = hs.signals.Signal1D(np.zeros((2, 2, 1024), "f4"))
s.save(path)
with h5py.File(path, "r+") as file:
    group = file["Experiments/__unnamed__"]
    del group["data"]
    # Room for all is taken and not written to: the file has holes.
    how = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    how.set_alloc_time(h5py.h5d.ALLOC_TIME_EARLY)
    how.set_fill_time(h5py.h5d.FILL_TIME_NEVER)
    how.set_chunk((16, 16, 1024))
    space = h5py.h5s.create_simple((side, side, 1024))
    h5py.h5d.create(group.id, b"data", h5py.h5t.IEEE_F32LE, space, how)
    x, centres = np.arange(1024), np.linspace(450, 550, 100).reshape(10, 10, 1)
    group["data"][:10, :10] = 1000 * np.exp(-0.5 * ((x - centres) / 20) ** 2)
    group["axis-0"].attrs["size"] = group["axis-1"].attrs["size"] = side

s = hs.load(path, lazy=True)
m = s.create_model()
m.append(hs.model.components1D.Gaussian(A=4e4, centre=500, sigma=15))
mask = np.ones((side, side), bool)
mask[:10, :10] = False
m.multifit(mask=mask, show_progressbar=False)
found = m[0].centre.map
assert found["is_set"].sum() == 100
np.testing.assert_allclose(found["values"][:10, :10], centres[..., 0], atol=1e-3)
# Not getrusage: its peak is that of the process that began this one, too.
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1]
print(s.data.size * 4, int(peak) / 1024)
"""


def test_a_hundred_pixels_of_two_gigabytes_are_fitted_in_little_memory(tmp_path):
    target = tmp_path / "large.hspy"
    done = run(
        [sys.executable, "-c", LARGE, str(target)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    size, megabytes = done.stdout.split()[-2:]
    assert target.stat().st_size > int(size) > 2e9
    target.unlink()
    assert float(megabytes) < 500
