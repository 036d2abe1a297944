"""Signals of every shape come back as they were; saving says what it does."""

import stat
from itertools import product

import h5py
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hsjupyter.core.errors import (
    FileFormatError,
    MissingFileError,
    SaveError,
    TargetExistsError,
)
from hsjupyter.signals import BaseSignal, Signal1D, Signal2D
from hsjupyter.storage import load, record_of, save, signal_from
from hsjupyter.storage.hspy import read
from hsjupyter.storage.hspy_writer import CHUNK, chunk_shape, write
from tests.storage.compare import same

finite = st.floats(-1e9, 1e9, allow_subnormal=False)
label = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)


@st.composite
def uniform_axes(draw, size):
    scale = draw(finite.filter(lambda n: abs(n) > 1e-9))
    return {"size": size, "scale": scale, "offset": draw(finite)}


@st.composite
def data_axes(draw, size):
    steps = draw(st.lists(st.floats(1e-3, 1e3), min_size=size, max_size=size))
    return {"axis": np.cumsum(steps) * draw(st.sampled_from([1, -1]))}


@st.composite
def signals(draw):
    n_nav, n_sig = draw(st.sampled_from([(0, 1), (1, 1), (2, 1), (3, 1), (0, 2), (1, 2), (2, 2)]))
    shape = tuple(draw(st.integers(1, 4)) for _ in range(n_nav + n_sig))
    axes = []
    for place, size in enumerate(shape):
        axis = draw(uniform_axes(size) | data_axes(size))
        words = {"name": draw(label), "units": draw(label)}
        flags = {"navigate": place < n_nav, "is_binned": draw(st.booleans())}
        axes.append(axis | words | flags)
    kind = draw(st.sampled_from(["<f8", "<f4", "<u2", "<i4", "<c16", "?"]))
    data = np.arange(np.prod(shape)).reshape(shape).astype(kind)
    title = draw(label | st.sampled_from(["", "a/b", ".", "__unnamed__", " "]))
    return {1: Signal1D, 2: Signal2D}[n_sig](data, axes, {"General": {"title": title}})


@given(signal=signals())
@settings(max_examples=80, deadline=None)
def test_every_signal_comes_back_as_it_was(signal, tmp_path_factory):
    path = tmp_path_factory.getbasetemp() / "signal.hspy"
    save(signal, path, overwrite=True)
    found = load(path)
    assert type(found) is type(signal)
    assert same(record_of(found), record_of(signal))


def test_the_noise_variance_comes_back_as_a_signal(tmp_path):
    s = Signal1D(np.arange(6.0).reshape(2, 3))
    s.set_noise_variance(Signal1D(np.arange(1.0, 7.0).reshape(2, 3)))
    found = load(save(s, tmp_path / "noisy"))
    variance = found.get_noise_variance()
    assert type(variance) is Signal1D
    np.testing.assert_array_equal(variance.data, [[1, 2, 3], [4, 5, 6]])
    assert variance.axes_manager.dimensions == s.axes_manager.dimensions


def test_a_single_number_as_variance_comes_back(tmp_path):
    s = Signal1D(np.arange(3.0))
    s.set_noise_variance(2.5)
    assert load(save(s, tmp_path / "noisy")).get_noise_variance() == 2.5


def test_signals_inside_of_lists_come_back(tmp_path):
    s = Signal1D(np.arange(3.0))
    s.metadata.set_item("Markers", [Signal1D(np.ones(4)), {"mask": Signal2D(np.zeros((2, 2)))}])
    first, second = load(save(s, tmp_path / "a")).metadata.Markers
    assert type(first) is Signal1D
    assert type(second["mask"]) is Signal2D


def test_several_signals_of_one_title_are_all_kept(tmp_path):
    records = [record_of(Signal1D(np.full(3, n))) for n in range(3)]
    write(tmp_path / "many.hspy", records)
    found = load(tmp_path / "many.hspy")
    assert sorted(s.data[0] for s in found) == [0, 1, 2]


def test_the_suffix_is_added_where_there_is_none(tmp_path):
    assert save(Signal1D(np.ones(3)), tmp_path / "fit") == tmp_path / "fit.hspy"
    assert load(tmp_path / "fit.hspy").data.sum() == 3


def test_the_suffix_of_another_format_is_refused(tmp_path):
    with pytest.raises(FileFormatError, match=r"writes \.hspy, .*: fit\.dm3\.hspy"):
        save(Signal1D(np.ones(3)), tmp_path / "fit.dm3")


def test_a_file_that_is_there_is_kept_unless_said_otherwise(tmp_path):
    path = save(Signal1D(np.ones(3)), tmp_path / "fit")
    before = path.read_bytes()
    with pytest.raises(TargetExistsError, match="overwrite=True"):
        save(Signal1D(np.zeros(3)), path)
    with pytest.raises(FileExistsError):
        save(Signal1D(np.zeros(3)), path)
    assert path.read_bytes() == before
    save(Signal1D(np.zeros(3)), path, overwrite=True)
    assert load(path).data.sum() == 0
    assert [p.name for p in tmp_path.iterdir()] == ["fit.hspy"]


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(SaveError, match="choose a folder that exists"):
        save(Signal1D(np.ones(3)), tmp_path / "nowhere" / "fit")


def test_a_folder_is_no_target(tmp_path):
    (tmp_path / "fit.hspy").mkdir()
    with pytest.raises(SaveError, match="is a folder"):
        save(Signal1D(np.ones(3)), tmp_path / "fit", overwrite=True)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(MissingFileError, match=r"gone\.hspy is not there"):
        load(tmp_path / "gone.hspy")
    with pytest.raises(FileNotFoundError):
        load(tmp_path / "gone.hspy")


def test_rights_and_links_of_the_old_file_are_kept(tmp_path):
    path = save(Signal1D(np.ones(3)), tmp_path / "fit")
    path.chmod(0o640)
    link = tmp_path / "link.hspy"
    link.symlink_to(path)
    save(Signal1D(np.zeros(3)), link, overwrite=True)
    assert link.is_symlink()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert load(path).data.sum() == 0


def test_a_failed_save_leaves_the_old_file_and_nothing_else(tmp_path):
    path = save(Signal1D(np.ones(3)), tmp_path / "fit")
    record = record_of(Signal1D(np.zeros(3))) | {"axes": [{"size": 3}]}
    with pytest.raises(KeyError, match="navigate"):
        write(path, record, overwrite=True)
    assert load(path).data.sum() == 3
    assert [p.name for p in tmp_path.iterdir()] == ["fit.hspy"]


@pytest.mark.parametrize(
    ("shape", "n_nav"), [((3,), 0), ((64, 64, 1024), 2), ((4, 3000, 3000), 1), ((1 << 22,), 0)]
)
def test_chunks_are_about_a_megabyte_and_hold_whole_spectra(shape, n_nav):
    axes = [{"navigate": place < n_nav} for place in range(len(shape))]
    chunk = chunk_shape(shape, 8, axes)
    size = 8 * np.prod(chunk)
    assert size <= CHUNK
    assert size > CHUNK / 4 or chunk == shape
    if 8 * np.prod(shape[n_nav:]) <= CHUNK:
        assert chunk[n_nav:] == shape[n_nav:]


def test_data_are_chunked_shuffled_and_compressed(tmp_path):
    path = save(Signal1D(np.zeros((64, 64, 512), np.float32)), tmp_path / "zeros")
    with h5py.File(path) as file:
        data = file["Experiments/__unnamed__/data"]
        assert data.compression == "gzip"
        assert data.shuffle
        assert np.prod(data.chunks) * 4 <= CHUNK
    assert path.stat().st_size < 200_000


def test_empty_data_come_back(tmp_path):
    axes = [{"size": 0, "navigate": True}, {"size": 5, "navigate": False}]
    write(tmp_path / "empty.hspy", {"data": np.zeros((0, 5)), "axes": axes})
    (record,) = read(tmp_path / "empty.hspy")
    assert record["data"].shape == (0, 5)


def test_big_endian_data_come_back_in_the_order_of_this_machine(tmp_path):
    s = load(save(Signal1D(np.arange(5, dtype=">f4")), tmp_path / "swapped"))
    assert s.data.dtype == np.dtype("=f4")
    np.testing.assert_array_equal(s.data, range(5))


@pytest.mark.parametrize("n_nav", range(4))
def test_the_class_follows_the_signal_axes(n_nav):
    axes = [{"size": 1, "navigate": place < n_nav} for place in range(3)]
    kinds = {0: BaseSignal, 1: Signal1D, 2: Signal2D, 3: BaseSignal}
    signal = signal_from({"data": np.ones((1, 1, 1)), "axes": axes})
    assert type(signal) is kinds[3 - n_nav]
    assert signal.axes_manager.navigation_dimension == n_nav


@pytest.mark.parametrize("order", list(product([True, False], repeat=3)))
def test_navigation_axes_come_first_whatever_the_file_says(order, tmp_path):
    data = np.arange(24.0).reshape(2, 3, 4)
    axes = [{"size": n, "navigate": nav} for n, nav in zip(data.shape, order, strict=True)]
    write(tmp_path / "mixed.hspy", {"data": data, "axes": axes})
    s = load(tmp_path / "mixed.hspy")
    flags = [axis.navigate for axis in s.axes_manager._axes]
    assert flags == sorted(order, reverse=True)
    sizes = [n for n, nav in zip(data.shape, order, strict=True) if nav]
    sizes += [n for n, nav in zip(data.shape, order, strict=True) if not nav]
    assert s.data.shape == tuple(sizes)
    assert s.data.sum() == data.sum()


def test_models_in_a_file_are_carried_to_the_next(tmp_path):
    maps = np.zeros((2,), dtype=[("values", "<f8"), ("std", "<f8"), ("is_set", "?")])
    model = {"date": "2020-01-01 00:00:00", "_dict": {"map": maps, "names": ["a", "b"]}}
    record = record_of(Signal1D(np.ones(3), metadata={"General": {"title": "a"}}))
    write(tmp_path / "one.hspy", record | {"models": {"first": model}})
    found = load(tmp_path / "one.hspy")
    again = load(save(found, tmp_path / "two"))
    assert same(again.stored_models["first"]["tree"], model)
