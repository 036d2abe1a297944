"""Signals go to HyperSpy and come back, and mean there what they mean here."""

import numpy as np
import pytest
from dask import array as da
from numpy.testing import assert_allclose, assert_array_equal

import hsjupyter.api as hs
from tests.verbs.made import make, sound

pytestmark = pytest.mark.hyperspy


@pytest.fixture(scope="module")
def theirs():
    from hyperspy import api

    api.preferences.General.show_progressbar = False
    return api


def told(axis):
    unnamed = "<undefined>"
    name, units = str(axis.name or ""), str(axis.units or "")
    return (
        "" if name in {unnamed, "None"} else name,
        "" if units in {unnamed, "None"} else units,
        bool(axis.navigate),
        bool(axis.is_binned),
    )


def same(ours, other):
    """One of our signals and one of HyperSpy's hold the same."""
    assert_allclose(np.asarray(ours.data), np.asarray(other.data), equal_nan=True)
    axes = zip(ours.axes_manager._axes, other.axes_manager._axes, strict=True)
    for mine, axis in axes:
        assert told(mine) == told(axis)
        assert_allclose(mine.axis, axis.axis)


def full(theirs):
    axes = [
        {"name": "y", "size": 3, "scale": 0.5, "units": "nm"},
        {"name": "x", "axis": np.array([1.0, 2, 4, 8])},
        {
            "name": "E",
            "expression": "a / x",
            "a": 1240,
            "x": {"size": 5, "offset": 1.0, "scale": 2.0},
            "is_binned": True,
        },
    ]
    s = theirs.signals.Signal1D(np.random.default_rng(0).uniform(1, 9, (3, 4, 5)), axes=axes)
    s.metadata.General.title = "whole"
    s.metadata.set_item("Sample.elements", ["C", "O"])
    s.metadata.set_item("Acquisition.reference", theirs.signals.Signal1D(np.arange(3)))
    s.estimate_poissonian_noise_variance()
    s.original_metadata.set_item("header.date", "today")
    return s


def test_a_live_signal_is_taken_whole(theirs):
    other = full(theirs)
    s = sound(hs.from_hyperspy(other))
    same(s, other)
    assert s.data is other.data
    assert s.axes_manager["E"].expression == "a / x"
    assert s.metadata.General.title == "whole"
    assert s.metadata.Sample.elements == ["C", "O"]
    assert_array_equal(s.metadata.Acquisition.reference.data, [0, 1, 2])
    assert s.original_metadata.header.date == "today"
    assert_allclose(s.get_noise_variance().data, other.get_noise_variance().data)
    assert_array_equal(s.variance_at((1, 2)), other.get_noise_variance().data[1, 2])


def test_there_and_back_again(theirs):
    s = hs.from_hyperspy(full(theirs))
    s.axes_manager["x"].units = "µm"
    other = s.to_hyperspy()
    assert type(other) is theirs.signals.Signal1D
    assert other.data is s.data
    same(s, other)
    again = hs.from_hyperspy(other)
    assert again.metadata.as_dictionary().keys() == s.metadata.as_dictionary().keys()
    assert str(again.axes_manager.as_dictionaries()) == str(s.axes_manager.as_dictionaries())
    assert_allclose(again.get_noise_variance().data, s.get_noise_variance().data)


@pytest.mark.parametrize("shape", [((), (4,)), ((3,), (4, 5)), ((2, 3), (4,)), ((), (2, 3, 4))])
def test_every_dimension_goes_there(theirs, shape):
    s = make(*shape, uniform=True)
    s.set_noise_variance(3.0)
    other = s.to_hyperspy()
    same(s, other)
    assert repr(other) == repr(s)
    assert other.get_noise_variance() == 3.0
    same(hs.from_hyperspy(other), other)


def test_lazy_data_stay_lazy_both_ways(theirs):
    other = theirs.signals.Signal1D(np.ones((4, 5))).as_lazy()
    s = hs.from_hyperspy(other)
    assert isinstance(s.data, da.Array)
    assert isinstance(s.to_hyperspy().data, da.Array)


@pytest.mark.parametrize("kind", ["EELS", "EDS_TEM", "EDS_SEM"])
def test_types_of_spectra_are_those_of_exspy(theirs, kind):
    other = theirs.signals.Signal1D(np.ones(9))
    other.set_signal_type(kind)
    s = hs.from_hyperspy(other)
    assert type(s).__name__ == type(other).__name__
    assert type(s.to_hyperspy()) is type(other)


def test_a_model_of_a_live_signal_finds_what_theirs_does(theirs):
    x = np.arange(50.0)
    y = 100 * np.exp(-((x - 20) ** 2) / 18)
    other = theirs.signals.Signal1D(y + np.random.default_rng(0).normal(0, 1, 50))
    m, n = hs.from_hyperspy(other).create_model(), other.create_model()
    m.append(hs.model.components1D.Gaussian())
    n.append(theirs.model.components1D.Gaussian())
    for model in (m, n):
        model[0].centre.value, model[0].sigma.value, model[0].A.value = 19, 2, 500
        model.fit()
    for name in ("A", "sigma", "centre"):
        mine, other_one = getattr(m[0], name).value, getattr(n[0], name).value
        assert mine == pytest.approx(other_one, rel=1e-5)


DOES = {
    "T": lambda s, _: s.T,
    "transpose(2)": lambda s, _: s.transpose(signal_axes=2),
    "transpose([0])": lambda s, _: s.transpose(signal_axes=[0]),
    "transpose([1, 0])": lambda s, _: s.transpose(signal_axes=[1, 0]),
    "transpose(both)": lambda s, _: s.transpose(signal_axes=[2], navigation_axes=[1, 0]),
    "transpose(nav 1)": lambda s, _: s.transpose(navigation_axes=1),
    "transpose(nav [1])": lambda s, _: s.transpose(navigation_axes=[1]),
    "as_signal1D": lambda s, _: s.as_signal1D(1),
    "as_signal2D": lambda s, _: s.as_signal2D((2, 0)),
    "swap_axes": lambda s, _: s.swap_axes(0, 1),
    "squeeze": lambda s, _: s.inav[:1].squeeze(),
    "inav": lambda s, _: s.inav[1:, 0],
    "inav float": lambda s, _: s.inav[1.5:],
    "isig float": lambda s, _: s.isig[2.4:3.5],
    "isig int": lambda s, _: s.isig[2],
    "isig beyond": lambda s, _: s.isig[-9.0:99.0],
    "isig step": lambda s, _: s.isig[::2],
    "isig relative": lambda s, _: s.isig["rel0.25":"rel0.75"],
    "isig roi": lambda s, api: s.isig[api.roi.SpanROI(2.5, 4)],
    "roi": lambda s, api: api.roi.SpanROI(2.5, 4)(s, axes=[2]),
    "sum": lambda s, _: s.sum(),
    "sum sig": lambda s, _: s.sum(-1),
    "mean": lambda s, _: s.mean((0, 2)),
    "std": lambda s, _: s.std(1),
    "valuemax": lambda s, _: s.valuemax(-1),
    "indexmin": lambda s, _: s.indexmin(0),
    "rebin": lambda s, _: s.rebin(scale=(1, 2, 3)),
    "rebin shape": lambda s, _: s.rebin(new_shape=(2, 1, 4)),
    "rebin part": lambda s, _: s.rebin(scale=(1, 1, 1.5)),
    "rebin crop": lambda s, _: s.rebin(scale=(2, 1, 4), crop=False),
    "stack": lambda s, api: api.stack([s, s]),
    "stack axis": lambda s, api: api.stack([s, s], axis=-1),
    "map": lambda s, _: s.map(np.sort, inplace=False),
    "map number": lambda s, _: s.map(np.sum, inplace=False),
    "add": lambda s, _: s + s.inav[0, 0],
    "compare": lambda s, _: s > 50,
    "exp": lambda s, _: np.sqrt(s),
    "integrate": lambda s, _: s.integrate1D(-1),
    "simpson": lambda s, _: s.integrate_simpson(-1),
    "derivative": lambda s, _: s.derivative(-1),
    "diff": lambda s, _: s.diff(-1, order=2),
    "split": lambda s, _: s.split(0, step_sizes=[1, 2])[1],
    "current": lambda s, _: s.get_current_signal(),
}


@pytest.mark.parametrize("name", DOES)
def test_a_word_does_what_it_does_there(name, theirs):
    s = make((2, 3), (8,), uniform=True)
    s.axes_manager.indices = (1, 1)
    other = s.to_hyperspy()
    other.axes_manager.indices = (1, 1)
    ours, there = DOES[name](s, hs), DOES[name](other, theirs)
    same(sound(ours), there)
    assert ours.axes_manager.dimensions == repr(there).rpartition("dimensions: ")[2][:-1]


def test_shifts_have_the_sign_they_have_there(theirs):
    x = np.arange(100.0)
    y = np.array([np.exp(-((x - c) ** 2) / 30) for c in (50, 53, 46)])
    s, other = hs.signals.Signal1D(y.copy()), theirs.signals.Signal1D(y.copy())
    assert_allclose(s.estimate_shift1D(), other.estimate_shift1D(), atol=0.2)
    shifts = np.array([0.0, 2, -3])
    s.shift1D(shifts)
    other.shift1D(shifts)
    same(s, other)


def test_our_axis_given_by_a_formula_is_opened_there(theirs, tmp_path):
    s = hs.from_hyperspy(full(theirs))
    s.set_noise_variance(None)
    s.save(tmp_path / "ours.hspy")
    other = theirs.load(tmp_path / "ours.hspy")
    same(s, other)
    again = hs.load(tmp_path / "ours.hspy")
    assert again.axes_manager["E"].expression == "a / x"
    assert str(again.axes_manager.as_dictionaries()) == str(s.axes_manager.as_dictionaries())
