"""Signals: shapes, slices, noise, metadata."""

import copy
import pickle

import numpy as np
import pytest
from numpy.testing import assert_array_equal

import hsjupyter.api as hs
from hsjupyter.core.errors import AxisError, DataError


def spectra(*shape):
    return hs.signals.Signal1D(np.arange(np.prod(shape), dtype=float).reshape(shape))


def test_dimensions_print_as_people_know_them():
    assert repr(spectra(2, 3, 50)) == "<Signal1D, title: , dimensions: (3, 2|50)>"
    assert repr(spectra(50)) == "<Signal1D, title: , dimensions: (|50)>"
    images = hs.signals.Signal2D(np.zeros((3, 10, 20)))
    assert repr(images) == "<Signal2D, title: , dimensions: (3|20, 10)>"


def test_inav_and_isig_follow_natural_order_and_chain():
    s = spectra(2, 3, 50)
    assert_array_equal(s.inav[2, 1].data, s.data[1, 2])
    assert_array_equal(s.inav[-1].data, s.data[:, 2])
    assert_array_equal(s.inav[:2].isig[-5:].data, s.data[:, :2, -5:])
    assert_array_equal(s.inav[..., 0].data, s.data[0])
    assert_array_equal(s.isig[7].data, s.data[..., 7])
    assert repr(s.isig[7]) == "<BaseSignal, title: , dimensions: (3, 2|)>"


def test_floats_are_calibrated_values():
    s = hs.signals.Signal1D(
        np.arange(20.0),
        axes=[{"size": 20, "scale": 0.5, "offset": 100.0, "name": "E", "units": "eV"}],
    )
    part = s.isig[102.0:104.0]
    assert_array_equal(part.data, [4, 5, 6, 7])
    assert part.axes_manager[0].offset == 102.0
    assert_array_equal(s.isig[-1e9:101.0].data, [0, 1])
    assert_array_equal(s.isig[108.0:1e9].data, s.data[16:])
    with pytest.raises(AxisError, match=r"outside of 100 to 109\.5.*in eV"):
        s.isig[50.0]


@pytest.mark.parametrize(
    ("take", "words"),
    [
        (lambda s: s.inav[0, 0, 0], "there are 2 axes"),
        (lambda s: s.inav[3], "index 3 came; it has 3 channels"),
        (lambda s: s.inav["a"], "'a' came; a whole number"),
        (lambda s: s.isig[5:5], "holds none of its 50 channels"),
        (lambda s: s.isig[::0.5], "the step 0.5 came"),
        (lambda s: setattr(s.axes_manager, "indices", (3, 0)), r"outside of the map of shape"),
        (lambda s: setattr(s.axes_manager, "indices", (0,)), "2 whole numbers are wanted"),
    ],
)
def test_a_place_that_is_not_there_is_refused(take, words):
    with pytest.raises(AxisError, match=words):
        take(spectra(2, 3, 50))


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: hs.signals.Signal1D(np.array(["a", "b"])), "numbers are wanted"),
        (lambda: hs.signals.Signal2D(np.zeros(5)), "at least 2 dimensions"),
        (lambda: spectra(5).set_noise_variance(0), "a positive number"),
        (lambda: spectra(5).set_noise_variance(spectra(4)), r"shape \(4,\) came"),
    ],
)
def test_data_and_noise_that_cannot_be_are_refused(make, words):
    with pytest.raises(DataError, match=words):
        make()


def test_a_variance_signal_is_sliced_with_its_data():
    s = spectra(2, 3, 50)
    s.set_noise_variance(hs.signals.Signal1D(s.data + 1))
    part = s.inav[1, 0].isig[10:12]
    assert_array_equal(part.get_noise_variance().data, part.data + 1)
    assert part.metadata is not s.metadata


def test_copies_share_no_state():
    s = spectra(2, 3)
    s.metadata.General.title = "first"
    twin = copy.deepcopy(s)
    twin.data[0, 0] = 99
    twin.metadata.General.title = "second"
    twin.axes_manager[0].scale = 7.0
    assert (s.data[0, 0], s.metadata.General.title, s.axes_manager[0].scale) == (0, "first", 1)


def test_a_signal_travels_whole():
    s = spectra(2, 3)
    s.set_noise_variance(s.data + 1)
    s.axes_manager.indices = (1,)
    again = pickle.loads(pickle.dumps(s))  # noqa: S301 - our own, a moment ago
    assert_array_equal(again.data, s.data)
    assert again.axes_manager.indices == (1,)
    again.metadata.Signal.binned = True
    assert again.axes_manager[-1].is_binned
    assert not s.axes_manager[-1].is_binned
    assert_array_equal(again.get_noise_variance().data, s.data + 1)
    assert copy.copy(s).axes_manager is not s.axes_manager


def test_poisson_variance_is_gain_times_expected_plus_offset():
    s = spectra(2, 50)
    s.estimate_poissonian_noise_variance(gain_factor=2.0, gain_offset=3.0)
    assert_array_equal(s.get_noise_variance().data, 2 * s.data + 3)


def test_the_global_generator_is_used_unless_a_state_is_given():
    s, again = spectra(4, 50), spectra(4, 50)
    s.add_gaussian_noise(1.0, random_state=3)
    again.add_gaussian_noise(1.0, random_state=3)
    assert_array_equal(s.data, again.data)
    np.random.seed(5)  # noqa: NPY002 - the older generator is what is tested
    s.add_gaussian_noise(1.0)
    np.random.seed(5)  # noqa: NPY002
    again.add_gaussian_noise(1.0)
    assert_array_equal(s.data, again.data)


def test_metadata_is_reached_by_dots_and_tells_what_it_has():
    s = spectra(5)
    s.metadata.set_item("Acquisition_instrument.TEM.beam_energy", 200.0)
    assert s.metadata.Acquisition_instrument.TEM.beam_energy == 200.0
    assert s.metadata.get_item("Acquisition_instrument.SEM.beam_energy") is None
    with pytest.raises(AttributeError, match="has no 'SEM' here; it has TEM"):
        _ = s.metadata.Acquisition_instrument.SEM
    assert "└── beam_energy = 200.0" in repr(s.metadata)
