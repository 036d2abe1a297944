"""What can be read of a damaged file is given back, and what cannot is said."""

import shutil
from pathlib import Path

import h5py
import numpy as np
import pytest

import hsjupyter.api as hs
from hsjupyter.core.errors import FileFormatError, HSJupyterWarning
from hsjupyter.storage import salvage as room

SHAPE = (40, 30, 256)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A file of ours: a map of two megabytes, its noise, and a model."""
    data = np.random.default_rng(5).normal(size=SHAPE)
    s = hs.signals.Signal1D(
        data, [{"size": n, "name": name} for n, name in zip(SHAPE, "yxE", strict=True)]
    )
    s.metadata.General.title = "map"
    s.original_metadata.add_dictionary({"Acquisition": {"operator": "me", "gain": np.arange(50)}})
    m = s.create_model()
    m.append(hs.model.components1D.Gaussian(centre=7.0))
    m.store_working_values()
    return m.save(tmp_path_factory.mktemp("whole") / "whole", "fit")


def cut(whole, share, folder):
    target = folder / "cut.hspy"
    target.write_bytes(whole.read_bytes()[: int(whole.stat().st_size * share)])
    return target


def test_a_whole_file_is_just_loaded(whole):
    assert np.isfinite(hs.load(whole, salvage=True).data).all()


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9, 0.9999])
def test_a_cut_file_keeps_all_but_some_pixels(share, whole, tmp_path):
    path = cut(whole, share, tmp_path)
    told = r"salvage=True\) can read the signal 'map' of shape \(40, 30, 256\) and its models fit"
    with pytest.raises(FileFormatError, match=rf"cut\.hspy is damaged.*{told}, but not"):
        hs.load(path)
    with pytest.warns(HSJupyterWarning, match=r"of 307200 values of /Experiments/map/data"):
        s = hs.load(path, salvage=True)
    expected = hs.load(whole)
    known = np.isfinite(s.data)
    assert abs(known.mean() - share) < 0.3
    np.testing.assert_array_equal(s.data[known], expected.data[known])
    assert [axis.name for axis in s.axes_manager._axes] == ["y", "x", "E"]
    assert s.original_metadata.Acquisition.operator == "me"
    assert s.models.restore("fit")[0].centre.value == 7.0
    s.save(tmp_path / "mended")
    np.testing.assert_array_equal(hs.load(tmp_path / "mended").data, s.data)


def test_whole_numbers_with_lost_ones_become_floats(tmp_path):
    counts = np.arange(2_000_000, dtype=np.uint16).reshape(200, 100, 100)
    path = cut(hs.signals.Signal1D(counts).save(tmp_path / "counts"), 0.5, tmp_path)
    with pytest.warns(HSJupyterWarning, match="numbers that are lost are NaN"):
        s = hs.load(path, salvage=True)
    assert s.data.dtype == np.float32
    known = np.isfinite(s.data)
    assert 0.2 < known.mean() < 0.9
    np.testing.assert_array_equal(s.data[known], counts[known])


def test_contiguous_data_end_where_the_file_ends(tmp_path):
    path = hs.signals.Signal1D(np.zeros((2, 2))).save(tmp_path / "plain")
    with h5py.File(path, "r+") as file:
        group = file["Experiments/__unnamed__"]
        del group["data"]
        group["data"] = np.arange(100_000.0).reshape(100, 1000)
        group["axis-0"].attrs["size"], group["axis-1"].attrs["size"] = 100, 1000
    short = cut(path, 0.5, tmp_path)
    with pytest.warns(HSJupyterWarning, match="of 100000 values of"):
        s = hs.load(short, salvage=True)
    known = np.isfinite(s.data)
    assert 0.4 < known.mean() < 0.6
    np.testing.assert_array_equal(s.data[known], np.arange(100_000.0).reshape(100, 1000)[known])


def spoil(path, part):
    """Zeros over the first object of a part of the file."""
    with h5py.File(path, "r") as file:
        thing = file[part]
        at = h5py.h5o.get_info(thing.id).addr
    raw = bytearray(path.read_bytes())
    raw[at : at + 64] = bytes(64)
    path.write_bytes(raw)


@pytest.mark.parametrize(
    ("part", "lost"),
    [
        ("Experiments/map/metadata", "/Experiments/map/metadata"),
        ("Experiments/map/axis-1", "/Experiments/map/axis-1"),
        ("Experiments/map/original_metadata/Acquisition/gain", "Acquisition/gain"),
        ("Analysis/models/fit", "/Analysis/models/fit"),
    ],
)
def test_a_damaged_part_costs_that_part_alone(part, lost, whole, tmp_path):
    path = tmp_path / "spoilt.hspy"
    shutil.copy(whole, path)
    spoil(path, part)
    with pytest.raises(FileFormatError, match=rf"can read the signal .*but not [^;]*{lost}"):
        hs.load(path)
    with pytest.warns(HSJupyterWarning, match=rf"loaded but for .*{lost}"):
        s = hs.load(path, salvage=True)
    np.testing.assert_array_equal(s.data, hs.load(whole).data)
    assert s.axes_manager[0].name == ("" if "axis-1" in part else "x")
    assert len(s.models) == ("models" not in part)


@pytest.mark.parametrize("raw", [b"", b"no file", b"\x89HDF\r\n\x1a\n" + bytes(3000)])
def test_where_nothing_can_be_read_it_is_said(raw, tmp_path):
    (tmp_path / "gone.hspy").write_bytes(raw)
    with pytest.raises(FileFormatError, match=r"gone\.hspy.*nothing of it can be read"):
        hs.load(tmp_path / "gone.hspy", salvage=True)
    with pytest.raises(FileFormatError, match=r"gone\.hspy") as why:
        hs.load(tmp_path / "gone.hspy")
    assert "salvage" not in str(why.value)


def test_lost_places_are_counted():
    assert room.told_places([f"/p{n}" for n in range(10)]).endswith("/p7, and 2 places more")


def test_a_file_of_hyperspy_is_salvaged(tmp_path):
    """Its headers are of an older kind, whose texts are in heaps without a checksum."""
    sample = Path(hs.__file__).parent / "sample_data/steel_xrf.hspy"
    path = tmp_path / "theirs.hspy"
    with h5py.File(sample) as old, h5py.File(path, "w", libver="earliest") as new:
        new.attrs.update(old.attrs)
        old.copy("Experiments", new)
    raw = bytearray(path.read_bytes())
    heap = raw.find(b"GCOL\x01\0\0\0")
    raw[heap + 24 : heap + 32] = b"\xff" * 8
    path.write_bytes(raw)
    with pytest.raises(FileFormatError, match=r"heap .*salvage=True\) can read"):
        hs.load(path)
    with pytest.warns(HSJupyterWarning, match="loaded but for"):
        s = hs.load(path, salvage=True)
    np.testing.assert_array_equal(s.data, hs.load(sample).data)
