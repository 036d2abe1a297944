"""Whatever a person gets wrong with axes, parts and shapes is told, and nothing has changed."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

import hsjupyter.api as hs
from hsjupyter.core.errors import (
    AxisError,
    DataError,
    GuiMissing,
    HSJupyterError,
    MissingFileError,
    ModelError,
    UnknownNameError,
)
from tests.verbs.made import make


def put(thing, name, value):
    return lambda s: setattr(thing(s), name, value)


def manager(s):
    return s.axes_manager


def first(s):
    return s.axes_manager[0]


def last(s):
    return s.axes_manager[-1]


# A signal of dimensions (3, 2|5), axes b, a and c in steps of 0.5 from 1, 0 and 2.
WRONG = [
    # -- axes
    (put(last, "scale", 0), AxisError, "scale=0; a finite number other than 0"),
    (put(last, "scale", "wide"), AxisError, "axis c: scale='wide' came; a finite number"),
    (put(last, "scale", np.nan), AxisError, "scale=nan came"),
    (put(last, "offset", None), AxisError, "offset=None came"),
    (put(last, "name", 5), AxisError, "name=5 came; a text"),
    (put(last, "units", ["eV"]), AxisError, "units=.*came; a text"),
    (put(last, "is_binned", "yes"), AxisError, "is_binned='yes' came; True or False"),
    (put(last, "navigate", True), AxisError, r"take s.transpose\(signal_axes"),
    (put(last, "index", 1), AxisError, "one moves along navigation axes of a signal only"),
    (put(first, "index", 3), AxisError, r"outside of the map of shape \(3, 2\)"),
    (put(first, "index", 0.5), AxisError, "whole numbers are wanted"),
    (put(first, "value", 9.0), AxisError, "9 lies outside of 1 to 2"),
    (put(lambda s: s.metadata.Signal, "binned", 3), AxisError, "is_binned=3 came"),
    (lambda s: last(s).calibrate((1, 1), (0, 4)), AxisError, "two different values at two"),
    (lambda s: last(s).value2index(9.0), AxisError, "9 lies outside of 2 to 4"),
    (lambda s: last(s).value2index("rel2"), AxisError, "6 lies outside"),
    (lambda s: last(s).value2index("5 keV"), AxisError, "a number with the units"),
    (lambda s: last(s).value_range_to_indices(4, 2), AxisError, "the smaller one first"),
    (lambda s: last(s).update_from(first(s), ["scael"]), UnknownNameError, "mean 'scale'"),
    (lambda s: last(s).convert_to_functional_data_axis("a*x"), AxisError, "numbers for a; give a="),
    (lambda s: last(s).convert_to_functional_data_axis("x+"), AxisError, "is no formula"),
    (lambda s: last(s).convert_to_functional_data_axis("x*0"), AxisError, "rising or falling"),
    (lambda s: last(s).convert_to_functional_data_axis("x", aa=1), UnknownNameError, "'aa'"),
    # -- the axes manager
    (put(manager, "indices", (0,)), AxisError, "2 whole numbers are wanted"),
    (put(manager, "indices", 1), AxisError, "2 whole numbers are wanted"),
    (put(manager, "indices", (0, 2)), AxisError, "the fastest axis first"),
    (put(manager, "indices", (True, 0)), AxisError, "whole numbers"),
    (put(manager, "coordinates", (1.0,)), AxisError, "2 values are wanted"),
    (put(manager, "coordinates", (1.0, 7.0)), AxisError, "axis a: 7 lies outside"),
    (lambda s: manager(s)["energy"], UnknownNameError, "has no 'energy'; known: a, b, c, nav, sig"),
    (lambda s: manager(s)[3], AxisError, "there are 3, navigation axes first"),
    (lambda s: manager(s)[None], AxisError, "an index, a name or one of the axes"),
    (lambda s: manager(s)[last(make((), (5,)))], AxisError, "is of another signal"),
    (lambda s: manager(s).set_axis(hs.axes.DataAxis([1, 2]), 0), AxisError, "size of the data"),
    # -- parts
    (lambda s: s.inav[0, 0, 0], AxisError, "at most one for each"),
    (lambda s: s.inav[3], AxisError, "index 3 came; it has 3 channels"),
    (lambda s: s.inav[[0, 1]], AxisError, "or a slice of them is wanted"),
    (lambda s: s.inav[True], AxisError, "True came; a whole number"),
    (lambda s: s.isig["a"], AxisError, "'a' came; a whole number"),
    (lambda s: s.isig[4:2], AxisError, "holds none of its 5 channels; widen it"),
    (lambda s: s.isig[9.0:], AxisError, "widen it"),
    (lambda s: s.isig[::0], AxisError, "step 0 came"),
    (lambda s: s.isig[np.nan :], AxisError, "the slice end nan came"),
    (lambda s: s.isig.__setitem__(0, np.ones(7)), ValueError, "broadcast"),
    (put(lambda s: s, "data", np.ones((2, 3))), DataError, r"the shape \(2, 3, 5\) of its axes"),
    (put(lambda s: s, "data", np.full((2, 3, 5), "a")), DataError, "numbers are wanted"),
    # -- shapes
    (lambda s: s.transpose(signal_axes=[0, 0]), AxisError, "each of the 3 axes is wanted once"),
    (lambda s: s.transpose([0], [1]), AxisError, "in one of the two"),
    (lambda s: s.transpose(signal_axes=4), AxisError, "from 0 to 3"),
    (lambda s: s.as_signal1D("x"), UnknownNameError, "has no 'x'"),
    (lambda s: s.as_signal2D(0), DataError, "two axes are wanted"),
    (lambda s: s.rebin(), AxisError, "one of the two is wanted"),
    (lambda s: s.rebin((3, 2, 5), (1, 1, 1)), AxisError, "one of the two is wanted"),
    (lambda s: s.rebin(scale=(2,)), AxisError, "3 positive numbers are wanted, one for each axis"),
    (lambda s: s.rebin(scale=2), AxisError, "3 positive numbers"),
    (lambda s: s.rebin(scale=(1, 1, -1)), AxisError, "3 positive numbers"),
    (lambda s: s.rebin(new_shape=(3, 2, 2.5)), AxisError, "whole numbers are wanted"),
    (lambda s: s.rebin(scale=(1, 1, 2), out=3), DataError, "out=3 came; a signal that takes"),
    (lambda s: s.crop("c", 4, 2), AxisError, "widen it"),
    (lambda s: s.crop((0, 1), 1), AxisError, "one axis is wanted"),
    (lambda s: s.change_dtype("number"), DataError, "dtype='number' came"),
    (lambda s: s.change_dtype("U3"), DataError, "numbers are wanted"),
    (lambda s: s.split(number_of_parts=4), AxisError, "a number that divides the 2 channels"),
    (lambda s: s.split("c", step_sizes=[2, 9]), AxisError, "at most the 5 channels"),
    (lambda s: s.derivative("c", order=5), AxisError, "a whole number from 1 to 4"),
    (lambda s: s.diff("c", order=0), AxisError, "order=0 came"),
    (lambda s: s.interpolate_on_axis({"size": 9}, -1), AxisError, "one inside is wanted"),
    (
        lambda s: s.interpolate_on_axis({"size": 2, "offset": 2}, -1, degree=9),
        AxisError,
        "degree=9 came; a whole number from 1 to 4",
    ),
    (lambda s: s.sum(axis=7), AxisError, "axis 7 was asked for; there are 3"),
    (lambda s: s.sum(axis=()), AxisError, "name at least one"),
    (lambda s: s.sum(out=s), DataError, r"a signal of shape \(5,\) is wanted"),
    (lambda s: s.valuemax((0, 1)), AxisError, "one axis is wanted"),
    (lambda s: s.as_signal1D(0).T.T.transpose(0, 3).create_model(), ModelError, "0 signal axes"),
    # -- others
    (lambda _s: hs.stack([]), DataError, "a list of signals is wanted"),
    (lambda s: hs.stack([s, 3]), DataError, "a list of signals is wanted"),
    (lambda s: hs.stack([s, s.isig[1:]]), DataError, "equal shapes are wanted"),
    (lambda s: hs.stack([s, s.T]), DataError, "equal shapes are wanted"),
    (lambda s: hs.stack([s, s], axis=(0, 1)), AxisError, "one axis"),
    (hs.from_hyperspy, DataError, "this one is ours already"),
    (lambda _s: hs.from_hyperspy(np.ones(3)), DataError, "a signal of HyperSpy is wanted"),
    (lambda _s: hs.roi.SpanROI(3, 1), AxisError, "left=3 is not below right=1"),
    (lambda _s: hs.roi.SpanROI("a", 1), AxisError, "left='a' came; a number"),
    (lambda s: hs.roi.SpanROI(1, 3)(s, axes=(0, 1)), DataError, "1 are wanted, along which"),
    (lambda _s: hs.load("no such file.hspy"), MissingFileError, "is not there; check the name"),
    (lambda _s: hs.signals.Signal1D([[1, 2], [3]]), DataError, "rows of one length are wanted"),
    (lambda _s: hs.signals.Signal1D([]), DataError, "hold no number"),
    (lambda _s: hs.signals.Signal1D(None), DataError, "type object came; numbers are wanted"),
    (lambda _s: hs.signals.Signal2D([1, 2]), DataError, "at least 2 dimensions"),
    (lambda s: hs.signals.Signal1D(s.data, [{}, {}]), AxisError, "2 axes came for data of shape"),
    (lambda _s: hs.signals.Signal1D([1], [{"size": 2}]), AxisError, "give the size of the data"),
    (lambda _s: hs.signals.Signal1D([1], [{"ofset": 2}]), UnknownNameError, "mean 'offset'"),
    (lambda _s: hs.signals.Signal1D([1], ["x"]), AxisError, "an axis 'x' came; a dictionary"),
    (lambda _s: hs.signals.Signal1D([1, 2], [{"axis": [1, 1]}]), AxisError, "throughout"),
    (lambda _s: hs.signals.Signal1D([1, 2], [{"axis": "ab"}]), AxisError, "numbers are wanted"),
    (
        lambda _s: hs.signals.Signal1D([[1]], [{"navigate": False}, {"navigate": True}]),
        AxisError,
        "navigation axes are wanted before signal axes",
    ),
    (lambda s: s.metadata.Nothing, AttributeError, "has no 'Nothing' here; it has General, Signal"),
]


@pytest.mark.parametrize(("act", "error", "words"), WRONG, ids=[w for _, _, w in WRONG])
def test_a_wrong_input_is_told_and_changes_nothing(act, error, words):
    s = make((2, 3), (5,), uniform=True)
    s.axes_manager.indices = (1, 1)
    s.set_noise_variance(2.0)
    before = s.data.copy()
    told = (str(s.axes_manager.as_dictionaries()), s.axes_manager.indices, repr(s.metadata))
    with pytest.raises(error, match=words) as caught:
        act(s)
    if error not in {ValueError, AttributeError}:
        assert isinstance(caught.value, HSJupyterError)
    assert_array_equal(s.data, before)
    assert (str(s.axes_manager.as_dictionaries()), s.axes_manager.indices, repr(s.metadata)) == told


def test_the_table_is_long_enough(record_property):
    record_property("wrong inputs of axes, parts and shapes", len(WRONG))
    assert len(WRONG) >= 60


@pytest.mark.parametrize(
    ("act", "module", "words"),
    [
        (lambda s: s.as_lazy(), "dask.array", "needs dask.*pip install 'dask.array.'"),
        (lambda s: s.to_hyperspy(), "hyperspy.api", "needs HyperSpy.*pip install hyperspy"),
    ],
)
def test_what_is_not_installed_is_named(act, module, words, monkeypatch):
    # None in sys.modules is how Python says that there is no such module.
    monkeypatch.setitem(__import__("sys").modules, module, None)
    with pytest.raises(DataError, match=words):
        act(make((), (5,)))


def test_a_plot_without_the_notebook_parts_is_told(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "hsjupyter.gui.show", None)
    with pytest.raises(GuiMissing, match=r"plot_signal of <Signal1D.*pip install 'hsjupyter.lab.'"):
        make((), (5,)).plot()
