"""Reckoning with signals gives what numpy gives of their data."""

import operator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

import hsjupyter.api as hs
from hsjupyter.core.errors import DataError, HSJupyterWarning
from tests.verbs.made import SIGNALS, SOME, make, sound

TWO = [operator.add, operator.sub, operator.mul, operator.truediv, operator.floordiv, operator.mod]
TWO += [operator.pow, operator.lt, operator.le, operator.eq, operator.ne, operator.gt, operator.ge]
ONE = [operator.neg, operator.pos, abs, np.exp, np.sqrt, np.isfinite, np.sign]


@SOME
@given(SIGNALS, st.sampled_from(TWO), st.floats(0.5, 3), st.booleans())
def test_two_operands(s, what, number, turned):
    for other in (number, s.data, np.float32(number), s.data.tolist()):
        pair = (other, s) if turned else (s, other)
        plain = (np.asarray(other), s.data) if turned else (s.data, np.asarray(other))
        made = sound(what(*pair))
        assert_array_equal(made.data, what(*plain))
        assert str(made.axes_manager.as_dictionaries()) == str(s.axes_manager.as_dictionaries())
    assert_array_equal(what(s, s).data, what(s.data, s.data))


@SOME
@given(SIGNALS, st.sampled_from(ONE))
def test_one_operand(s, what):
    assert_array_equal(sound(what(s)).data, what(s.data))


@pytest.mark.parametrize(
    "what", [operator.iadd, operator.isub, operator.imul, operator.itruediv, operator.ipow]
)
def test_in_place_the_same_array_changes(what):
    s = make((2,), (3,))
    data, wanted = s.data, what(s.data.copy(), 2.0)
    again = what(s, 2.0)
    assert again is s
    assert s.data is data
    assert_array_equal(sound(s).data, wanted)


def test_each_space_is_broadcast_by_itself():
    s = make((2, 3), (5,), 1)
    spectrum, image = make((), (5,), 2), make((2, 3), (5,), 3).sum("sig")
    assert_allclose((s + spectrum).data, s.data + spectrum.data)
    assert_allclose((spectrum + s).data, s.data + spectrum.data)
    assert_allclose(sound(s * image).data, s.data * image.data[..., None])
    row = make((3,), (5,), 4).sum("sig")
    assert_allclose(sound(row - s).data, row.data[:, None] - s.data)
    pictures = make((), (4, 5), 5)
    both = sound(make((3,), (5,), 6) + pictures)
    assert repr(both) == "<Signal2D, title: , dimensions: (3|5, 4)>"
    one = make((1,), (5,), 7)
    assert_allclose(sound(one + make((3,), (5,), 8)).data.shape, (3, 5))


def test_noise_follows_numbers_and_is_forgotten_else():
    s = make((2,), (3,))
    s.set_noise_variance(4.0)
    assert [
        each.get_noise_variance() for each in (s + 1, 1 - s, -s, 3 * s, s / 2, s * s, 1 / s, s**2)
    ] == [4, 4, 4, 36, 1, None, None, None]
    s.set_noise_variance(s.data)
    assert_allclose((2 * s).get_noise_variance().data, 4 * s.data)
    before = s.data.copy()
    s *= 2
    assert_allclose(s.get_noise_variance().data, 4 * before)
    s *= s
    assert s.get_noise_variance() is None


def test_numpy_reads_a_signal_as_its_data():
    s = make((2,), (3,))
    assert_array_equal(np.asarray(s), s.data)
    assert np.array(s, dtype="float32").dtype == np.float32
    assert_array_equal(np.concatenate([s, s]), np.concatenate([s.data, s.data]))
    assert_array_equal(np.ones(3) * s, s)
    assert np.sum(s) == s.data.sum()
    assert_array_equal(np.mean(s, axis=0), s.data.mean(0))
    assert np.array_equal(s, s.copy())
    assert np.allclose(a=s, b=[s.data, s.data])
    assert_array_equal(np.hypot(s, 2.0).data, np.hypot(s.data, 2.0))
    whole, part = divmod(s, 7.0)
    assert_allclose(7 * whole.data + part.data, s.data)
    target = s.copy()
    target.data = np.zeros_like(s.data)
    assert np.add(s, 1, out=target, where=s > 50) is target
    assert_array_equal(target.data, np.where(s.data > 50, s.data + 1, 0))


def test_a_comparison_counts_and_chooses():
    s = make((2,), (3,))
    assert (s > 50).data.dtype == bool
    assert (s > 50).sum("sig").data.tolist() == (s.data > 50).sum(-1).tolist()
    assert s in [s, None]
    assert (s == "a string") is False
    assert (s == None) is False  # noqa: E711 - what a careless script writes
    assert s != "a string"
    assert len({s, s.copy()}) == 2
    assert bool(s.inav[0].isig[0] > 0)


def test_metadata_and_models():
    s = make((), (9,), uniform=True)
    s.metadata.General.title = "first"
    m = s.create_model()
    m.append(hs.model.components1D.Offset())
    m.store("a")
    assert (s + 1).metadata.General.title == "first"
    assert not (s + 1).stored_models
    with pytest.warns(HSJupyterWarning, match="add changed it, so that its stored models a"):
        s += 1
    assert not s.stored_models


@pytest.mark.parametrize(
    ("reckon", "words"),
    [
        (lambda s: s + np.ones(4), "broadcast together.*fit the data's shape"),
        (lambda s: s + make((4,), (3,)), "axes of .2, 4. channels meet; equal numbers, or one"),
        (lambda s: s + make((2,), (5,)), "axes of .3, 5. channels meet"),
        (lambda s: np.add(s, ["a", "b", "c"]), "numbers, or arrays that fit"),
        (lambda s: s + np.ones((7, 2, 3)), "an array of at most the data's shape"),
        (bool, "ask s.data.any"),
        (lambda s: operator.iadd(make((), (3,)), s), "does not fit in place; write s = s"),
        (
            lambda _s: operator.iadd(hs.signals.Signal1D([1, 2, 3]), 0.5),
            r"does not fit into int64; write s = s . other, or s.change_dtype\('float64'\)",
        ),
    ],
)
def test_what_cannot_be_reckoned_is_refused_and_changes_nothing(reckon, words):
    s = make((2,), (3,))
    before = s.data.copy()
    with pytest.raises(DataError, match=words):
        reckon(s)
    assert_array_equal(s.data, before)


@pytest.mark.parametrize("what", [lambda s: s @ s, lambda s: s + {}, np.add.reduce])
def test_what_has_no_meaning_is_left_to_python(what):
    with pytest.raises(TypeError, match=r"unsupported operand|returned NotImplemented"):
        what(make((2,), (3,)))
