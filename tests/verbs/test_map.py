"""A function meets every pixel once, and what is aligned lies together."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy.ndimage import gaussian_filter1d

import hsjupyter.api as hs
from hsjupyter.core.errors import AxisError, DataError, HSJupyterWarning, UnknownNameError
from tests.verbs.made import SIGNALS, SOME, make, sound


@SOME
@given(SIGNALS)
def test_mapping_is_a_loop_over_pixels(s):
    n = s.axes_manager.signal_dimension
    last = tuple(range(-n, 0))
    same = sound(s.map(np.sort, inplace=False, axis=-1))
    assert_array_equal(same.data, np.sort(s.data, axis=-1))
    assert str(same.axes_manager.as_dictionaries()) == str(s.axes_manager.as_dictionaries())
    total = sound(s.map(np.sum, inplace=False))
    assert_allclose(total.data, np.atleast_1d(s.data.sum(last)))
    assert s.map(lambda y: y[..., :1] * 2, inplace=True) is None
    assert sound(s).data.shape[-1] == 1


def test_mapping_with_what_differs_from_pixel_to_pixel():
    s = make((2, 3), (5,))
    widths = make((2, 3), (1,), 1)
    made = s.map(gaussian_filter1d, inplace=False, sigma=widths, mode="nearest")
    for place in np.ndindex(2, 3):
        wanted = gaussian_filter1d(s.data[place], widths.data[place][0], mode="nearest")
        assert_array_equal(made.data[place], wanted)
    image = widths.sum("sig")
    again = s.map(gaussian_filter1d, inplace=False, sigma=image, mode="nearest", num_workers=2)
    assert_array_equal(again.data, made.data)
    spectrum = make((), (5,), 2)
    added = s.map(lambda y, other: y + other, inplace=False, other=spectrum)
    assert_allclose(added.data, s.data + spectrum.data)


def test_a_function_cannot_reach_the_data_it_is_given():
    s = make((2,), (5,))
    before = s.data.copy()

    def greedy(y):
        y[:] = 0
        return y.sum()

    s.map(greedy, inplace=False)
    assert_array_equal(s.data, before)
    assert s.map(np.sum, inplace=False, output_dtype="float32").data.dtype == np.float32


def with_model(s):
    m = s.create_model()
    m.append(hs.model.components1D.Offset())
    m.store("a")
    return s


IN_PLACE = {
    "map": lambda s: s.map(np.sort),
    "crop": lambda s: s.crop(-1, 1, 9),
    "align1D": lambda s: s.align1D(),
    "shift1D": lambda s: s.shift1D(np.array([0.0, 1.0])),
    "add_gaussian_noise": lambda s: s.add_gaussian_noise(1.0),
    "add_poissonian_noise": lambda s: s.add_poissonian_noise(),
    "data": lambda s: setattr(s, "data", s.data * 2),
    "isig": lambda s: s.isig.__setitem__(slice(2, 3), 0),
    "iadd": lambda s: s.__iadd__(1),
    "interpolate_on_axis": lambda s: s.interpolate_on_axis(
        {"size": 5, "offset": 1}, -1, inplace=True
    ),
    "rebin": lambda s: s.rebin(scale=(1, 2), out=s),
    "sum": lambda s: make((3, 2), (12,)).max(1, out=s),
}


@pytest.mark.parametrize("name", IN_PLACE)
def test_what_changes_a_signal_in_place_tells_that_its_models_are_forgotten(name):
    s = with_model(make((2,), (12,), uniform=True))
    s.create_model().store("old")
    with pytest.warns(HSJupyterWarning, match="stored models a, old describe what is no more"):
        IN_PLACE[name](s)
    assert len(s.models) == 0
    sound(s)


def test_what_leaves_a_signal_alone_leaves_its_models():
    s = with_model(make((2,), (12,), uniform=True))
    s.map(np.sort, inplace=False)
    s.rebin(scale=(1, 2))
    s.axes_manager[-1].scale = 3.0
    s.set_noise_variance(2.0)
    assert list(s.models) == ["a"]
    assert list(s.deepcopy().models) == list(s.copy().models) == ["a"]
    assert len(s.inav[0].models) == 0


# -- aligning ------------------------------------------------------------------------------------

X = np.arange(120.0)


def peaks(centres, scale=1.0):
    data = np.array([np.exp(-0.5 * ((X - c) / 4) ** 2) for c in centres])
    return hs.signals.Signal1D(data, [{}, {"scale": scale, "offset": 3.0, "units": "eV"}])


@SOME
@given(
    st.lists(st.floats(-9, 9), min_size=1, max_size=5),
    st.sampled_from([1.0, 0.05, -0.5]),
    st.floats(0.1, 10),
)
def test_shifts_are_found_to_a_fraction_of_a_channel(moves, scale, height):
    s = peaks([60, *(60 + d for d in moves)], scale) * height + 5
    found = s.estimate_shift1D()
    assert_allclose(found / scale, [0, *(-np.array(moves))], atol=0.01)
    whole = s.estimate_shift1D(interpolate=False)
    assert_allclose(whole / scale, np.rint(whole / scale), atol=1e-9)


def test_aligned_spectra_lie_on_the_reference():
    s = peaks([60, 61.3, 57.3])
    s.align1D(interpolation_method="cubic")
    at = s.axes_manager[-1].axis - 3.0
    assert_allclose(s.data, np.exp(-0.5 * ((at - 60) / 4) ** 2)[None].repeat(3, 0), atol=2e-3)
    # Moved by 2.7 to the right and 1.3 to the left, rounded up.
    assert s.axes_manager.signal_shape == (120 - 3 - 2,)
    assert s.axes_manager[-1].offset == 6.0


def test_nothing_is_cropped_or_all_is_kept():
    s = peaks([60, 61.3, 57.3])
    s.align1D(crop=False)
    assert np.isnan(s.data).sum(1).tolist() == [0, 2, 3]
    s = peaks([60, 61.3, 57.3])
    s.align1D(expand=True, fill_value=0.0)
    assert s.axes_manager.signal_shape == (120 + 3 + 2,)
    assert s.axes_manager[-1].offset == 1.0
    assert np.isfinite(s.data).all()


def test_another_pixel_other_limits_a_mask_and_a_companion():
    s, other = peaks([60, 65, 50]), peaks([20, 25, 10])
    assert_allclose(s.estimate_shift1D(reference_indices=(1,)), [5, 0, 15], atol=0.01)
    s.axes_manager.indices = (2,)
    assert_allclose(s.estimate_shift1D(), [-10, -15, 0], atol=0.01)
    assert_allclose(s.estimate_shift1D(mask=[False, True, False]), [-10, 0, 0], atol=0.01)
    assert_allclose(s.estimate_shift1D(max_shift=12), [-10, -12, 0], atol=0.01)
    assert_allclose(s.estimate_shift1D(max_shift=12.0), [-10, -12, 0], atol=0.01)
    assert_allclose(s.estimate_shift1D(20, 100.0), [-10, -15, 0], atol=0.01)
    s.align1D(also_align=[other])
    assert_allclose(other.data[:, : 120 - 15].argmax(1), 10, atol=1)
    assert other.axes_manager.signal_shape == s.axes_manager.signal_shape


@SOME
@given(st.lists(st.integers(-8, 8), min_size=2, max_size=4))
def test_shifting_by_whole_channels_loses_nothing_when_expanded(moves):
    s = make((len(moves),), (20,), uniform=True)
    data, scale = s.data, s.axes_manager[-1].scale
    s.set_noise_variance(s.data)
    s.shift1D(np.array(moves) * scale, expand=True, fill_value=0.0)
    assert_allclose(sound(s).data.sum(1), data.sum(1))
    at = s.axes_manager[-1].axis
    for row, old, move in zip(s.data, data, moves, strict=True):
        first = int(np.rint((1.0 + move * scale - at[0]) / scale))
        assert_allclose(row[first : first + 20], old)
    assert_allclose(np.nansum(s.get_noise_variance().data, 1), data.sum(1))


@pytest.mark.parametrize("method", ["linear", "nearest", "quadratic", "cubic"])
def test_every_interpolation_keeps_a_line_straight(method):
    s = hs.signals.Signal1D(np.array([X, X]))
    s.shift1D(np.array([0.25, 0.25]), interpolation_method=method)
    wanted = X[1:] - (0.25 if method != "nearest" else 0)
    assert_allclose(s.data, [wanted, wanted], atol=1e-9)


@pytest.mark.parametrize(
    ("act", "error", "words"),
    [
        (lambda s: s.map("sort"), DataError, "'sort'.* came; a function is wanted"),
        (lambda s: s.map(np.log, base=2), DataError, r"failed at the pixel \(0,\): TypeError"),
        (lambda s: s.map(lambda _y: 1 / 0), DataError, "nothing was changed"),
        (lambda s: s.map(lambda _y: "text"), DataError, "numbers of one shape are wanted"),
        (lambda s: s.map(lambda y: y[: int(y.argmax() // 2)]), DataError, "at the first one"),
        (lambda s: s.map(np.sort, ragged=True), DataError, "arrays of several|of one shape"),
        (lambda s: s.map(np.add, x=make((5,), (3,))), DataError, r"a signal of the map \(3,\)"),
        (lambda s: s.shift1D(np.ones(2)), DataError, r"shifts of shape \(2,\) came; one finite"),
        (lambda s: s.shift1D(np.full(3, np.nan)), DataError, "one finite number a pixel"),
        (lambda s: s.shift1D(np.array([0, 200, 0.0])), DataError, "say crop=False"),
        (lambda s: s.shift1D(np.ones(3), "spline"), UnknownNameError, "has no 'spline'"),
        (lambda s: s.align1D(50, 51), AxisError, "hold 1 channels; at least 3"),
        (lambda s: s.align1D(reference_indices=(7,)), AxisError, r"the map \(3,\)"),
        (lambda s: s.align1D(max_shift=0), AxisError, "max_shift=0 came; a positive"),
        (lambda s: s.align1D(mask=[True]), DataError, r"each pixel, \(3,\), is wanted"),
        (lambda s: s.align1D(110, 119), DataError, "is flat or not finite"),
        (lambda s: s.inav[0].align1D(), AxisError, "a map is wanted, hs.stack"),
    ],
)
def test_what_cannot_be_mapped_or_aligned_is_refused_and_changes_nothing(act, error, words):
    s = peaks([60, 61.3, 57.3])
    s.data[:, 105:] = 0
    before, axes = s.data.copy(), str(s.axes_manager.as_dictionaries())
    with pytest.raises(error, match=words):
        act(s)
    assert_array_equal(s.data, before)
    assert str(s.axes_manager.as_dictionaries()) == axes


def test_uneven_channels_are_not_shifted():
    s = hs.signals.Signal1D(np.ones((2, 3)), [{}, {"axis": [1, 2, 4]}])
    with pytest.raises(AxisError, match=r"equally spaced channels; .*convert_to_uniform_axis"):
        s.shift1D(np.zeros(2))
