"""The guide's examples with signals, as they stand there; what it prints is what we print."""

import numpy as np
import pytest

import hsjupyter.api as hs


@pytest.fixture(autouse=True)
def _the_same_dice():
    np.random.seed(42)  # noqa: NPY002 - the guide draws from the global generator


def test_a_model_of_spectra_and_one_of_images():
    s = hs.signals.Signal1D(np.arange(300).reshape(30, 10))
    m = s.create_model()
    assert repr(s) == "<Signal1D, title: , dimensions: (30|10)>"
    assert isinstance(m, hs.model.Model1D)
    im = hs.signals.Signal2D(np.arange(300).reshape(3, 10, 10))
    mod = im.create_model()
    assert repr(im) == "<Signal2D, title: , dimensions: (3|10, 10)>"
    assert isinstance(mod, hs.model.Model2D)
    assert isinstance(im, hs.signals.BaseSignal)
    assert isinstance(s, hs.signals.BaseSignal)


def test_part_of_a_model_has_part_of_its_signal():
    s = hs.signals.Signal1D(np.arange(100).reshape(10, 10))
    m = s.create_model()
    m.append(hs.model.components1D.Gaussian())
    m1 = m.inav[:3].isig[-5:]
    assert repr(m1.signal) == "<Signal1D, title: , dimensions: (3|5)>"


def test_a_line_is_fitted_to_noisy_data():
    s = hs.signals.Signal1D(np.arange(100, 300))
    s.add_gaussian_noise(std=100)
    m = s.create_model()
    line = hs.model.components1D.Polynomial(order=1)
    m.append(line)
    m.fit()
    offset, slope = line.coefficients.value[::-1]
    # The errors of a straight line through 200 points: Bevington & Robinson, eq. 6.23.
    assert abs(slope - 1) < 4 * 100 * np.sqrt(12 / 200**3)
    assert abs(offset - 100) < 4 * 100 * np.sqrt(4 / 200)


def test_the_weights_of_counts_come_from_the_expected_value():
    s = hs.signals.Signal1D(np.arange(300))
    s.add_poissonian_noise()
    m = s.create_model()
    line = hs.model.components1D.Polynomial(order=1)
    m.append(line)
    m.fit()
    unweighted = line.coefficients.std
    s.estimate_poissonian_noise_variance(expected_value=hs.signals.Signal1D(np.arange(300)))
    np.testing.assert_array_equal(s.get_noise_variance().data[1:], np.arange(1, 300))
    m.fit()
    assert min(line.coefficients.std) < min(unweighted)
    assert m.red_chisq.data[0] == pytest.approx(1.0, abs=0.4)


def test_a_histogram_is_a_binned_spectrum_of_counts():
    s = hs.signals.BaseSignal(
        np.random.normal(loc=10, scale=0.01, size=int(1e5))  # noqa: NPY002 - as the guide has it
    ).get_histogram()
    assert isinstance(s, hs.signals.Signal1D)
    s.metadata.Signal.binned = True
    assert s.axes_manager[-1].is_binned
    m = s.create_model()
    g1 = hs.model.components1D.Gaussian()
    m.append(g1)
    g1.centre.value = 7
    g1.centre.bmin = 7
    g1.centre.bmax = 14
    m.fit(fitter="mpfit", bounded=True)
    # 1e5 draws: their mean is known to 3e-5, their deviation to 2e-5, their number exactly.
    assert g1.centre.value == pytest.approx(10, abs=1e-4)
    assert g1.sigma.value == pytest.approx(0.01, abs=1e-4)
    assert g1.A.value == pytest.approx(1e5, rel=0.01)


def test_modifying_a_signal_in_place_invalidates_its_models():
    s = hs.signals.Signal1D(np.arange(100.0).reshape(10, 10))
    m = s.create_model()
    m.append(hs.model.components1D.Lorentzian())
    m.store("myname")
    with pytest.warns(UserWarning, match="stored models myname describe what is no more"):
        s.map(np.sort)
    assert "myname" not in s.models


def test_the_words_of_version_1_3():
    s = hs.signals.Signal1D(np.random.normal(size=(4, 100)))  # noqa: NPY002 - as scripts have it
    h = s.get_histogram(bins="freedman", range_bins=None, out=None)
    assert h.data.sum() == 400
    s.metadata.set_item("Signal.Noise_properties.variance", 4.0)
    assert s.get_noise_variance() == 4.0
    s.axes_manager[-1].name, s.axes_manager[-1].units = "Energy", "eV"
    s.axes_manager["Energy"].scale = 0.5
    assert s.axes_manager.signal_axes[0].scale == 0.5
