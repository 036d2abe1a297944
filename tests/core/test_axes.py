"""Axes: positions, indices, slices, and what they refuse."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from hsjupyter.core.axes import DataAxis, UniformDataAxis, make_axis
from hsjupyter.core.errors import AxisError

SOME = settings(deadline=None)
UNIFORM = st.builds(
    UniformDataAxis,
    st.integers(1, 60),
    scale=st.sampled_from([0.25, -0.5, 3.0]),
    offset=st.floats(-1e3, 1e3),
)


@SOME
@given(UNIFORM, st.data())
def test_value_and_index_are_inverse(axis, data):
    index = data.draw(st.integers(0, axis.size - 1))
    assert axis.value2index(axis.index2value(index)) == index


@SOME
@given(UNIFORM, st.integers(-70, 70), st.integers(-70, 70), st.sampled_from([1, 2, -1, -3]))
def test_a_slice_of_an_axis_has_the_positions_of_the_slice(axis, start, stop, step):
    wanted = axis.axis[start:stop:step]
    other = DataAxis(axis.axis)
    if not wanted.size:
        with pytest.raises(AxisError, match="widen it"):
            axis.sliced(slice(start, stop, step))
        return
    assert_allclose(axis.sliced(slice(start, stop, step)).axis, wanted, atol=1e-9)
    assert_allclose(other.sliced(slice(start, stop, step)).axis, wanted)


@SOME
@given(UNIFORM)
def test_an_axis_is_made_again_from_its_dictionary(axis):
    again = make_axis(axis.as_dictionary())
    assert again.as_dictionary() == axis.as_dictionary()
    assert_allclose(again.axis, axis.axis)


def test_widths_of_a_non_uniform_axis_add_up_to_its_length():
    axis = DataAxis([0.0, 1.0, 3.0, 6.0])
    # The trapezoid rule: half a channel at either end.
    assert axis.widths.sum() - (axis.widths[0] + axis.widths[-1]) / 2 == pytest.approx(6.0, rel=0.1)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: UniformDataAxis(5, scale=0.0), "other than 0 is wanted"),
        (lambda: UniformDataAxis(5, scale=float("nan")), "finite number"),
        (lambda: DataAxis([1.0, 3.0, 2.0]), "rising or falling throughout"),
        (lambda: DataAxis([[1.0, 2.0]]), "one row of finite numbers"),
        (lambda: DataAxis([1.0, np.nan]), "finite"),
        (lambda: make_axis({"name": "energy"}), "'size' .* or 'axis' is wanted"),
        (lambda: UniformDataAxis(5, units="eV").value2index(9.0), "outside of 0 to 4.*in eV"),
    ],
)
def test_what_cannot_be_an_axis_is_refused(make, words):
    with pytest.raises(AxisError, match=words):
        make()
