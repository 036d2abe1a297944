"""Histograms count everything once, in bins that numpy would choose."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose, assert_array_equal

import hsjupyter.api as hs
from hsjupyter.core.errors import DataError, UnknownNameError
from tests.verbs.made import SOME, sound

RULES = ["fd", "scott", "sturges", "rice", "sqrt", "auto"]


@SOME
@given(
    arrays(float, st.integers(1, 80), elements=st.floats(-1e3, 1e3)),
    st.sampled_from([*RULES, "freedman", 7, [-2000.0, 0.0, 1.0, 2000.0]]),
)
def test_every_number_is_counted_once(data, bins):
    h = sound(hs.signals.BaseSignal(data).get_histogram(bins))
    assert h.data.sum() == len(data)
    assert h.metadata.Signal.binned
    assert h.axes_manager[0].is_binned


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("dtype", [float, int])
def test_bins_are_those_of_numpy(rule, dtype):
    data = np.random.default_rng(2).normal(0, 20, 500).astype(dtype)
    h = hs.signals.BaseSignal(data).get_histogram(rule)
    counts, edges = np.histogram(data, bins=rule)
    assert_array_equal(h.data, counts)
    axis = h.axes_manager[0]
    assert_allclose(axis.axis, (edges[1:] + edges[:-1]) / 2)
    assert_allclose(axis.widths, np.diff(edges))


def test_what_lies_far_out_makes_no_more_bins_than_allowed():
    data = np.append(np.random.default_rng(0).normal(0, 1, 1000), 1e12)
    assert hs.signals.BaseSignal(data).get_histogram().data.shape == (250,)
    assert hs.signals.BaseSignal(data).get_histogram(max_num_bins=9).data.shape == (9,)


def test_what_is_not_finite_or_out_of_range_is_left_out():
    s = hs.signals.Signal1D([[1.0, 2, np.nan], [3, np.inf, 9]])
    assert s.get_histogram(2).data.sum() == 4
    h = s.get_histogram(4, range_bins=(1, 3))
    assert h.data.tolist() == [1, 0, 1, 1]
    assert_allclose(h.axes_manager[0].axis, [1.25, 1.75, 2.25, 2.75])
    out = hs.signals.Signal1D([0.0])
    s.get_histogram(2, out=out)
    assert sound(out).data.sum() == 4


def test_the_axis_bears_the_quantity():
    s = hs.signals.Signal1D([1.0, 2, 3], metadata={"Signal": {"quantity": "Energy (eV)"}})
    axis = s.get_histogram(3).axes_manager[0]
    assert (axis.name, axis.units) == ("Energy", "eV")
    uneven = s.get_histogram([0, 1.5, 10]).axes_manager[0]
    assert_allclose(uneven.axis, [0.75, 5.75])


@pytest.mark.parametrize(
    ("act", "error", "words"),
    [
        (lambda s: s.get_histogram("knuth"), UnknownNameError, "has no 'knuth'; .*known: auto, fd"),
        (lambda s: s.get_histogram("freeman"), UnknownNameError, "did you mean 'freedman'"),
        (lambda s: s.get_histogram(0), DataError, "bins=0 came; a rule"),
        (lambda s: s.get_histogram([3, 2]), DataError, "or their edges, rising"),
        (lambda s: s.get_histogram(3, range_bins=(5, 1)), DataError, "the smaller one first"),
        (lambda s: s.get_histogram(3, range_bins=(50, 60)), DataError, "the data go from 1 to 3"),
        (lambda s: (s * np.nan).get_histogram(), DataError, "0 finite real numbers came"),
    ],
)
def test_bins_that_cannot_be_are_refused(act, error, words):
    with pytest.raises(error, match=words):
        act(hs.signals.Signal1D([1.0, 2, 3]))
