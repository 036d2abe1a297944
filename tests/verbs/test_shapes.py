"""Slicing, transposing, rebinning, stacking and reducing: as numpy does, axes going along."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

import hsjupyter.api as hs
from hsjupyter.core.errors import AxisError, HSJupyterWarning
from tests.verbs.made import SIGNALS, SOME, UNIFORM, make, sound

REDUCING = ["sum", "mean", "max", "min", "std", "var"]


def indices(size):
    """An index of an axis, or a slice of it that holds something."""
    places = st.integers(-size - 2, size + 2)
    some = st.builds(
        slice, places | st.none(), places | st.none(), st.sampled_from([None, 1, -1, 2])
    )
    return st.integers(-size, size - 1) | some.filter(lambda s: len(range(size)[s]) > 0)


@SOME
@given(SIGNALS, st.data())
def test_slicing_gives_what_numpy_gives(s, data):
    manager = s.axes_manager
    nav = tuple(data.draw(indices(n)) for n in manager.navigation_shape)
    sig = tuple(data.draw(indices(n)) for n in manager.signal_shape)
    part = sound(s.inav[nav]) if nav else s
    assert_array_equal(part.data, s.data[nav[::-1]])
    part = sound(s.isig[sig])
    wanted = s.data[(slice(None),) * len(nav) + sig[::-1]]
    assert_array_equal(part.data, np.atleast_1d(wanted))
    kept = [a for a, k in zip(manager.signal_axes, sig, strict=True) if isinstance(k, slice)]
    chosen = [k for k in sig if isinstance(k, slice)]
    for axis, old, k in zip(part.axes_manager.signal_axes, kept, chosen, strict=False):
        assert_allclose(axis.axis, old.axis[k])


@SOME
@given(SIGNALS, st.data())
def test_a_value_means_the_channel_that_stands_there(s, data):
    for axis in s.axes_manager.signal_axes[:1]:
        index = data.draw(st.integers(0, axis.size - 1))
        assert_array_equal(s.isig[float(axis.axis[index])].data, s.isig[index].data)
        part = s.isig[float(axis.axis[index]) :]
        assert_array_equal(part.data, s.isig[index:].data)


def test_parts_are_views_that_may_be_assigned_to():
    s = make((2, 3), (5,), uniform=True)
    s.inav[0, 1].data[:] = 7
    assert (s.data[1, 0] == 7).all()
    s.isig[1:3] = 0
    s.inav[2] = s.inav[0]
    assert (s.data[:, :, 1:3] == 0).all()
    assert_array_equal(s.data[:, 2], s.data[:, 0])
    s.inav[0] += 1
    assert (s.data[:, 0, 1] == 1).all()


@pytest.mark.parametrize(
    ("key", "wanted"),
    [
        ("rel0.5", 4),
        ("104 eV", 4),
        ("104", 4),
        (slice("rel0.25", "rel0.5"), slice(2, 4)),
        (slice(None, "105.9 eV"), slice(0, 6)),
        (hs.roi.SpanROI(102, 105), slice(2, 5)),
        (np.float32(103), 3),
        (np.int8(-1), 8),
        (slice(np.int64(1), 104.0), slice(1, 4)),
        (slice(-np.inf, np.inf), slice(0, 9)),
        (Ellipsis, slice(0, 9)),
    ],
)
def test_a_place_is_said_in_many_words(key, wanted):
    s = hs.signals.Signal1D(np.arange(9.0), [{"offset": 100, "units": "eV"}])
    assert_array_equal(s.isig[key].data, np.atleast_1d(s.data[wanted]))


def test_a_region_cuts_along_the_axes_it_is_told():
    s = make((6, 5), (7,), uniform=True)
    # Axes: b from 1 and a from 0, both in steps of 0.5.
    box = hs.roi.RectangularROI(left=1.5, top=0.5, right=2.5, bottom=2)
    assert_array_equal(box(s).data, s.data[1:4, 1:3])
    assert_array_equal(s.inav[box].data, s.data[1:4, 1:3])
    span = hs.roi.SpanROI(2, 3.5)
    assert_array_equal(span(s, axes=[2]).data, s.data[..., 0:3])
    assert_array_equal(span(s, axes="c").data, s.data[..., 0:3])
    assert list(span) == [2, 3.5]
    span.set_edges(left=4, right=5)
    assert tuple(span) == (4, 5)
    with pytest.raises(AxisError, match="left=6 is not below right=5; the smaller one"):
        span.left = 6
    assert span.left == 4


def test_every_other_channel_of_counts_is_warned_of():
    s = make((), (8,), uniform=True)
    s.metadata.Signal.binned = True
    with pytest.warns(HSJupyterWarning, match=r"s.rebin\(\) adds them up"):
        s.isig[::2]
    assert s.isig[::-1].axes_manager[0].scale == -0.5


@SOME
@given(SIGNALS, st.data())
def test_transposing_twice_gives_back(s, data):
    assert_array_equal(sound(s.T).data, np.moveaxis(s.data, 0, 0).transpose(_turned(s)))
    again = sound(s.T.T)
    assert_array_equal(again.data, s.data)
    assert _told(again) == _told(s)
    names = [axis.name for axis in s.axes_manager.natural]
    one = data.draw(st.sampled_from(names))
    spectra = sound(s.as_signal1D(one))
    assert [axis.name for axis in spectra.axes_manager.signal_axes] == [one]
    assert spectra.data.size == s.data.size
    assert_array_equal(np.sort(spectra.data.ravel()), np.sort(s.data.ravel()))


def _turned(s):
    n = s.axes_manager.navigation_dimension
    return [*range(n, s.data.ndim), *range(n)]


def _told(s):
    return str(s.axes_manager.as_dictionaries())


@SOME
@given(UNIFORM, st.data())
def test_rebinning_conserves_the_counts(s, data):
    scale = [data.draw(st.floats(0.3, 4)) for _ in s.axes_manager.natural]
    s.set_noise_variance(s.data)
    wide = sound(s.rebin(scale=scale, crop=False))
    assert_allclose(wide.data.sum(), s.data.sum())
    assert_allclose(wide.get_noise_variance().data.sum(), s.data.sum())
    for axis, old, factor in zip(
        wide.axes_manager.natural, s.axes_manager.natural, scale, strict=True
    ):
        assert_allclose(axis.scale, old.scale * factor)
        # The first edge stays where it was.
        assert_allclose(axis.offset - axis.scale / 2, old.offset - old.scale / 2)


@SOME
@given(UNIFORM, st.data())
def test_rebinning_to_a_shape_gives_it_and_keeps_all(s, data):
    shape = [data.draw(st.integers(1, n)) for n in s.axes_manager.shape]
    wide = sound(s.rebin(new_shape=shape))
    assert wide.axes_manager.shape == tuple(shape)
    assert_allclose(wide.data.sum(), s.data.sum())


def test_rebinning_by_hand():
    s = hs.signals.Signal1D(np.arange(10), [{"offset": 1.0, "scale": 2.0}])
    assert_array_equal(s.rebin(scale=[2]).data, [1, 5, 9, 13, 17])
    assert s.rebin(scale=[2]).data.dtype.kind == "i"
    assert s.rebin(scale=[2], dtype="same").data.dtype == s.data.dtype
    assert s.rebin(scale=[2]).axes_manager[0].offset == 2.0
    assert_array_equal(s.rebin(scale=[4]).data, [6, 22])
    assert_array_equal(s.rebin(scale=[4], crop=False).data, [6, 22, 17])
    assert_allclose(s.rebin(scale=[1.5]).data, [0.5, 2.5, 5, 7, 9.5, 11.5])
    assert_allclose(s.rebin(scale=[0.5]).data, np.repeat(np.arange(10), 2) / 2)
    s.set_noise_variance(2.0)
    assert s.rebin(scale=[2]).get_noise_variance() == 4.0
    out = hs.signals.Signal1D(np.zeros(3))
    s.rebin(scale=[5], out=out)
    assert_array_equal(sound(out).data, [10, 35])
    uneven = hs.signals.Signal1D(np.arange(4.0), [{"axis": [1, 2, 4, 8]}])
    assert_array_equal(uneven.rebin(scale=[2]).axes_manager[0].axis, [1.5, 6])


@SOME
@given(SIGNALS, st.integers(1, 4))
def test_what_was_stacked_is_taken_out_again(s, n):
    several = [s * k for k in range(1, n + 1)]
    tower = sound(hs.stack(several))
    assert tower.axes_manager.navigation_axes[-1].name == "stack_element"
    for i, one in enumerate(several):
        again = sound(tower.inav[..., i])
        assert_array_equal(again.data, one.data)
        assert _told(again) == _told(s)
    for one, again in zip(several, tower.split(), strict=True):
        assert_array_equal(again.data, one.data)


def test_an_axis_is_continued():
    s = make((2,), (3,), uniform=True)
    long = sound(hs.stack([s, s.isig[:2], s], axis="b"))
    assert_array_equal(long.data, np.hstack([s.data, s.data[:, :2], s.data]))
    assert (long.axes_manager["b"].size, long.axes_manager["b"].offset) == (8, 1.0)


def test_noise_is_known_of_a_stack_when_it_is_of_all():
    s, t = make((), (3,), 1), make((), (3,), 2)
    assert hs.stack([s, t]).get_noise_variance() is None
    s.set_noise_variance(2.0)
    t.set_noise_variance(2.0)
    assert hs.stack([s, t]).get_noise_variance() == 2.0
    t.set_noise_variance(t.data)
    assert_array_equal(hs.stack([s, t]).get_noise_variance().data, [[2, 2, 2], t.data])


@pytest.mark.parametrize("name", [p + n for n in REDUCING for p in ("", "nan")])
@SOME
@given(s=SIGNALS, data=st.data())
def test_reducing_gives_what_numpy_gives(name, s, data):
    natural = s.axes_manager.natural
    chosen = data.draw(st.lists(st.sampled_from(natural), min_size=1, unique_by=id))
    asked = data.draw(
        st.sampled_from(
            [
                tuple(chosen),
                tuple(axis.name for axis in chosen),
                tuple(axis.index_in_axes_manager for axis in chosen),
            ]
        )
    )
    made = sound(getattr(s, name)(axis=asked))
    places = tuple(axis.index_in_array for axis in chosen)
    assert_allclose(made.data, np.atleast_1d(getattr(np, name)(s.data, axis=places)), rtol=1e-12)


def test_all_navigation_axes_vanish_unless_said_otherwise():
    s = make((2, 3), (5,))
    assert repr(s.sum()) == "<Signal1D, title: , dimensions: (|5)>"
    assert_array_equal(s.sum().data, s.data.sum((0, 1)))
    assert repr(s.sum("sig")) == "<BaseSignal, title: , dimensions: (3, 2|)>"
    assert repr(s.inav[0, 0].sum()) == "<Signal1D, title: , dimensions: (|1)>"
    out = hs.signals.Signal1D(np.zeros(5))
    assert s.max(out=out) is None
    assert_array_equal(out.data, s.data.max((0, 1)))


@SOME
@given(SIGNALS, st.data())
def test_extremes_are_found_where_they_are(s, data):
    axis = data.draw(st.sampled_from(s.axes_manager.natural))
    place = axis.index_in_array
    index = s.data.argmax(axis=place)
    assert_array_equal(sound(s.indexmax(axis)).data, np.atleast_1d(index))
    assert_array_equal(s.argmax(axis.name).data, s.indexmax(axis).data)
    assert_allclose(sound(s.valuemax(axis)).data, np.atleast_1d(axis.axis[index]))
    low = s.data.argmin(axis=place)
    assert_allclose(s.valuemin(axis).data, np.atleast_1d(axis.axis[low]))
    assert_array_equal(s.argmin(axis).data, s.indexmin(axis).data)


def test_the_noise_of_a_sum_and_of_a_mean():
    s = make((4,), (3,))
    s.set_noise_variance(2.0)
    assert s.sum().get_noise_variance() == 8.0
    assert s.mean().get_noise_variance() == 0.5
    assert s.max().get_noise_variance() is None
    s.set_noise_variance(s.data)
    assert_allclose(s.sum().get_noise_variance().data, s.data.sum(0))
    assert_allclose(s.sum("b").get_noise_variance().data, s.data.sum(1))
    s.set_noise_variance(s.data[0])
    assert_allclose(s.sum().get_noise_variance().data, 4 * s.data[0])


def test_areas_under_known_curves():
    x = np.linspace(0, np.pi, 101)
    s = hs.signals.Signal1D(np.array([np.sin(x), x**2]), [{}, {"axis": x}])
    # Closed integrals; Simpson's rule is off by (pi/100)**4 / 180 x pi and exact for a parabola.
    assert_allclose(s.integrate1D(-1).data, [2, np.pi**3 / 3], atol=2e-8)
    assert_allclose(s.isig[::-1].integrate1D(-1).data, s.integrate1D(-1).data)
    s.axes_manager[-1].is_binned = True
    assert_allclose(s.integrate1D(-1).data, s.data.sum(-1))


def test_slopes_of_known_curves():
    x = np.array([0.0, 1, 3, 4, 7, 8, 12])
    s = hs.signals.Signal1D(np.array([x**2, 3 * x]), [{}, {"axis": x}])
    # Central differences are exact for a parabola inside of the axis.
    assert_allclose(sound(s.derivative(-1)).data[:, 1:-1], [2 * x[1:-1], 3 + 0 * x[1:-1]])
    assert_allclose(s.derivative(-1, order=2).data[1], 0, atol=1e-12)
    steps = sound(s.diff(-1))
    assert_allclose(steps.data, np.diff(s.data))
    assert_allclose(steps.axes_manager[-1].axis, (x[1:] + x[:-1]) / 2)
    even = hs.signals.Signal1D(np.arange(5.0) ** 2, [{"scale": 2.0, "offset": 1}])
    assert_allclose(even.diff(0, order=2).data, 2)
    assert even.diff(0, order=2).axes_manager[0].offset == 3
    assert even.integrate_simpson(0).data == pytest.approx(2 * 4**3 / 3)


def test_parts_are_as_long_as_told():
    s = make((2,), (6,), uniform=True)
    parts = s.split(axis="b", step_sizes=[1, 2, 3])
    assert [sound(part).axes_manager.dimensions for part in parts] == ["(2|)", "(2|2)", "(2|3)"]
    assert_array_equal(parts[2].data, s.data[:, 3:])
    assert len(s.split(axis="b", step_sizes=4)) == 1
    assert len(s.split("b", 2)) == 2


def test_images_are_cropped_in_both_directions():
    s = make((2,), (5, 6), uniform=True)
    data = s.data
    s.crop_signal(1, 3, 2, 5)
    assert_array_equal(sound(s).data, data[:, 1:3, 2:5])


@SOME
@given(SIGNALS)
def test_squeezing_leaves_out_axes_of_one_channel(s):
    thin = sound(s.squeeze())
    assert thin.data.shape == (np.squeeze(s.data).shape or (1,))


def test_swapped_axes_take_each_others_space():
    s = make((2, 3), (5,))
    turned = sound(s.swap_axes("a", "c"))
    assert_array_equal(turned.data, s.data.transpose(2, 1, 0))
    assert turned.axes_manager.navigation_axes[-1].name == "c"


def test_the_current_pixel_is_a_signal():
    s = make((2, 3), (5,))
    s.metadata.General.title = "map"
    s.axes_manager.indices = (2, 1)
    now = s.get_current_signal()
    assert_array_equal(sound(now).data, s.data[1, 2])
    assert now.metadata.General.title == "map (2, 1)"
    assert_array_equal(s(), s.data[1, 2])


def test_types_of_numbers_change_and_all_else_stays():
    s = make((2,), (5,))
    s.set_noise_variance(s.data)
    was = _told(s)
    s.change_dtype("float32")
    assert s.data.dtype == np.float32
    assert _told(sound(s)) == was
    assert s.get_noise_variance().data.shape == (2, 5)


def test_interpolating_a_parabola_with_a_parabola_is_exact():
    x = np.array([0.0, 1, 3, 4, 7, 8])
    s = hs.signals.Signal1D(np.array([x**2, -(x**2)]), [{}, {"axis": x, "units": "eV"}])
    new = {"size": 15, "scale": 0.5, "offset": 0.5}
    finer = sound(s.interpolate_on_axis(new, axis=-1, degree=2))
    at = finer.axes_manager[-1].axis
    assert_allclose(finer.data, [at**2, -(at**2)], atol=1e-12)
    assert finer.axes_manager[-1].units == "eV"
    turned = s.isig[::-1].interpolate_on_axis(new, axis=-1, degree=2)
    assert_allclose(turned.data, finer.data, atol=1e-12)
    assert s.interpolate_on_axis(new, axis=-1, inplace=True) is None
    assert sound(s).axes_manager.signal_shape == (15,)


def test_interpolated_counts_are_those_of_the_new_channels():
    s = hs.signals.Signal1D(np.full(10, 6.0), [{"scale": 2.0, "is_binned": True}])
    finer = s.interpolate_on_axis({"size": 10, "scale": 0.5}, axis=0)
    assert_allclose(finer.data, 1.5)


def test_cropping_is_in_place_and_lives_in_the_same_axes_manager():
    s = make((4,), (6,), uniform=True)
    manager, data = s.axes_manager, s.data
    manager.indices = (3,)
    s.crop(1, 1, 4)
    assert_array_equal(s.data, data[:, 1:4])
    assert s.axes_manager is manager
    assert manager[1].offset == 1.5
    assert manager.indices == (3,)
    s.crop("a", 0.5)
    assert_array_equal(sound(s).data, data[1:, 1:4])
    assert manager.indices == (0,)
    s.crop_signal(2.0, None)
    assert_array_equal(sound(s).data, data[1:, 2:4])
