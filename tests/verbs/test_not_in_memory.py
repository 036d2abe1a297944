"""Data that are not in memory are read where they are needed, and nowhere else."""

import h5py
import numpy as np
import pytest
from dask import array as da
from numpy.testing import assert_allclose, assert_array_equal

import hsjupyter.api as hs
from hsjupyter.core import reading
from hsjupyter.core.errors import DataError
from tests.verbs.made import Recorder, sound

SHAPE = (6, 5, 40)
RNG = np.random.default_rng(0)
ARRAY = RNG.uniform(1, 100, SHAPE)


def recorded():
    return hs.signals.Signal1D(Recorder(ARRAY))


@pytest.mark.parametrize(
    ("act", "read"),
    [
        (repr, 0),
        (lambda s: s._repr_html_(), 0),
        (lambda s: s.copy(), 0),
        (lambda s: s.axes_manager.__setattr__("indices", (3, 2)), 0),
        (lambda s: s.create_model(), 0),
        (lambda s: s.spectrum_at((1, 2)), 40),
        (lambda s: s(), 40),
        (lambda s: s.inav[1, 2], 40),
        (lambda s: s.inav[1:3, ::-2], 2 * 3 * 40),
        (lambda s: s.isig[10:12], 60),
        (lambda s: s.isig[::-4], 300),
        (lambda s: s.isig[3], 30),
        (lambda s: s.get_current_signal(), 40),
        (lambda s: s.set_noise_variance(2.0), 0),
        (lambda s: s.set_noise_variance(recorded()), 0),
        (lambda s: s.split(number_of_parts=2)[0], 1200),
        (lambda s: s.sum(), 1200),
    ],
)
def test_no_more_is_read_than_asked_for(act, read):
    s = recorded()
    act(s)
    assert s.data.read == read


def test_a_model_reads_the_pixel_it_is_fitted_to():
    s = recorded()
    s.set_noise_variance(hs.signals.Signal1D(Recorder(ARRAY)))
    m = s.create_model()
    m.append(hs.model.components1D.Offset())
    s.axes_manager.indices = (2, 3)
    m.fit()
    assert 40 <= s.data.read <= 5 * 40
    assert s.get_noise_variance().data.read <= 5 * 40
    # The mean that weighs by 1/variance.
    y = ARRAY[3, 2]
    assert_allclose(m[0].offset.value, len(y) / (1 / y).sum())


@pytest.mark.parametrize("key", [np.s_[2], np.s_[::-1], np.s_[4:1:-2], np.s_[-2:], np.s_[1:4, -1]])
def test_parts_are_those_of_an_array_in_memory(key):
    s, plain = recorded(), hs.signals.Signal1D(ARRAY)
    s.set_noise_variance(hs.signals.Signal1D(Recorder(ARRAY)))
    plain.set_noise_variance(ARRAY)
    part, wanted = sound(s.inav[key].isig[::-3]), plain.inav[key].isig[::-3]
    assert_array_equal(part.data, wanted.data)
    assert_array_equal(part.get_noise_variance().data, wanted.get_noise_variance().data)


@pytest.fixture(params=["recorder", "h5py", "memmap", "dask"])
def outside(request, tmp_path):
    """The same numbers, kept somewhere else."""
    if request.param == "recorder":
        yield Recorder(ARRAY)
    elif request.param == "dask":
        yield da.from_array(ARRAY, chunks=(2, 2, 10))
    elif request.param == "memmap":
        np.save(tmp_path / "map.npy", ARRAY)
        yield np.load(tmp_path / "map.npy", mmap_mode="r")
    else:
        with h5py.File(tmp_path / "map.h5", "w") as file:
            yield file.create_dataset("data", data=ARRAY)


DOES = {
    "isig": lambda s: s.isig[::-2].inav[1:, 2],
    "sum": lambda s: s.sum(),
    "mean": lambda s: s.mean("sig"),
    "std": lambda s: s.std((0, 2)),
    "max": lambda s: s.max((0, 1, 2)),
    "valuemax": lambda s: s.valuemax(-1),
    "add": lambda s: 2 * s + 1,
    "together": lambda s: s - s.inav[0, 0],
    "less": lambda s: s < 50,
    "T": lambda s: s.T,
    "as_signal2D": lambda s: s.as_signal2D((0, 2)),
    "rebin": lambda s: s.rebin(scale=(1, 2, 4)),
    "rebin by parts": lambda s: s.rebin(scale=(1.5, 1, 2.5)),
    "stack": lambda s: hs.stack([s, s.copy()]),
    "squeeze": lambda s: s.inav[:1].squeeze(),
    "map": lambda s: s.map(np.sort, inplace=False),
    "histogram": lambda s: s.get_histogram(),
    "integrate1D": lambda s: s.integrate1D(-1),
    "interpolate": lambda s: s.interpolate_on_axis({"size": 5, "scale": 2.0}, axis=2),
    "deepcopy": lambda s: s.deepcopy(),
}


@pytest.mark.parametrize("name", DOES)
def test_everything_is_as_of_data_in_memory(name, outside):
    s = hs.signals.Signal1D(outside)
    made, wanted = sound(DOES[name](s)), DOES[name](hs.signals.Signal1D(ARRAY))
    assert_allclose(np.asarray(made.data), wanted.data)
    assert repr(made) == repr(wanted)


LAZY = set(DOES) - {"valuemax", "map", "histogram", "integrate1D", "interpolate"}


@pytest.mark.parametrize("name", sorted(LAZY))
def test_lazy_data_stay_lazy(name):
    made = DOES[name](hs.signals.Signal1D(da.from_array(ARRAY, chunks=(2, 2, 10))))
    assert isinstance(made.data, da.Array)


def test_blocks_that_are_read_one_after_another_make_the_same(monkeypatch):
    monkeypatch.setattr(reading, "BLOCK_BYTES", 3 * 8 * 30)
    s = recorded()
    assert_allclose(s.sum().data, ARRAY.sum((0, 1)))
    assert_allclose(s.std("sig").data, ARRAY.std(2))
    assert_array_equal(s.argmax(1).data, ARRAY.argmax(0))


def test_data_are_taken_out_of_memory_and_into_it():
    s = hs.signals.Signal1D(ARRAY)
    s.set_noise_variance(ARRAY)
    lazy = s.as_lazy(chunks=(2, 2, 10))
    assert isinstance(lazy.data, da.Array)
    lazy.compute()
    assert_array_equal(lazy.data, ARRAY)
    again = recorded()
    again.set_noise_variance(recorded())
    again.compute()
    assert isinstance(again.data, np.ndarray)
    assert isinstance(again.get_noise_variance().data, np.ndarray)


def test_what_cannot_be_written_to_says_how_it_can():
    s = recorded()
    with pytest.raises(DataError, match=r"s.data = np.array\(s.data\) reads a copy into memory"):
        s.inav[0] = 3
    s.data = np.array(s.data)
    s.inav[0] = 3
    assert (s.data[:, 0] == 3).all()
