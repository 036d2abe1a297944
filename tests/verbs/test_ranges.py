"""Which channels of spectra and images a fit looks at."""

from types import SimpleNamespace

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import hsjupyter.api as hs
from hsjupyter.core.errors import AxisError

c2 = hs.model.components2D


@pytest.fixture
def spectra():
    axes = [{"size": 2}, {"size": 20, "scale": 0.5, "offset": 10}]
    return hs.signals.Signal1D(np.ones((2, 20)), axes=axes).create_model()


@pytest.fixture
def images():
    axes = [{"size": 2}, {"size": 10}, {"size": 20, "scale": 0.5}]
    return hs.signals.Signal2D(np.ones((2, 10, 20)), axes=axes).create_model()


def test_a_range_is_two_values_a_pair_or_a_region(spectra):
    x = spectra.axis.axis
    inside = (x >= 11) & (x <= 14)
    for ends in ((11, 14), ((11, 14),), ([11.0, 14.0],), (SimpleNamespace(left=11, right=14),)):
        spectra.reset_signal_range()
        spectra.set_signal_range(*ends)
        assert_array_equal(spectra.channel_switches, inside)
    spectra.set_signal_range(x2=14)
    assert_array_equal(spectra.channel_switches, x <= 14)
    spectra.remove_signal_range((12, 13))
    assert_array_equal(spectra.channel_switches, (x <= 14) & ((x < 12) | (x > 13)))


def test_a_range_of_an_image_is_a_rectangle(images):
    y, x = np.mgrid[0:10, 0:10:0.5]
    inside = (x >= 2) & (x <= 4) & (y >= 1) & (y <= 7)
    region = SimpleNamespace(left=2, right=4, top=1, bottom=7)
    for ends in ((2, 4, 1, 7), ((2, 4, 1, 7),), (region,)):
        images.reset_signal_range()
        images.set_signal_range(*ends)
        assert_array_equal(images.channel_switches, inside)
    images.set_signal_range(y2=3)
    assert_array_equal(images.channel_switches, y <= 3)
    images.remove_signal_range(0, 9.5, 1, 2)
    assert_array_equal(images.channel_switches, (y == 0) | (y == 3))
    images.add_signal_range(x1=0, x2=1, y1=8, y2=9)
    assert images.channel_switches[9, 2]
    assert not images.channel_switches[9, 3]
    with pytest.raises(AxisError, match="two for each signal axis"):
        images.set_signal_range((2, 4))
    with pytest.raises(AxisError, match="the smaller one first"):
        images.set_signal_range(2, 4, 7, 1)


def test_a_mask_says_what_is_fitted(images, spectra):
    mask = np.zeros((10, 20), dtype=int)
    mask[2:4, 5] = 1
    images.set_signal_range_from_mask(mask)
    assert images.channel_switches.sum() == 2
    images.set_signal_range_from_mask(hs.signals.Signal2D(mask))
    assert images.channel_switches.sum() == 2
    spectra.set_signal_range_from_mask(np.arange(20) > 17)
    assert spectra.channel_switches.sum() == 2


def test_the_switches_are_replaced_whole(spectra):
    seen = []
    spectra.observe(lambda change: seen.append(change["new"].sum()), "channel_switches")
    with pytest.raises(ValueError, match="read-only"):
        spectra.channel_switches[0] = False
    spectra.channel_switches = np.arange(20) < 5
    assert seen == [5]


def test_a_fit_of_an_image_looks_inside_its_range_only(images):
    x, y = images.signal.signal_coordinates()
    g = c2.Gaussian2D(A=100, sigma_x=2, sigma_y=1.5, centre_x=5, centre_y=4)
    images.signal.data = np.stack([g.function(x, y), g.function(x, y)])
    images.signal.data[0, 8:] = 1e6
    images.append(c2.Gaussian2D(A=80, sigma_x=1.8, sigma_y=1.8, centre_x=4.6, centre_y=4.3))
    images.set_signal_range(1, 9, 0, 7)
    images.multifit(show_progressbar=False)
    found = [float(p.map["values"][0]) for p in images[0].parameters if p.free]
    assert_allclose(found, (100, 2, 1.5, 5, 4), rtol=1e-6)
