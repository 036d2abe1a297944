"""Noise is drawn as told, and its variance is what statistics says."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy import stats

import hsjupyter.api as hs
from hsjupyter.core.errors import DataError
from tests.verbs.made import make, sound


def flat(value, n=20000, dtype=float):
    return hs.signals.Signal1D(np.full(n, value, dtype=dtype))


def test_gaussian_noise_has_its_standard_deviation():
    s = flat(5.0)
    s.add_gaussian_noise(2.0, random_state=1)
    # 20000 draws: the estimate of a mean is good to 0.014, of a deviation to 0.01.
    assert stats.kstest(s.data, stats.norm(5.0, 2.0).cdf).pvalue > 1e-3
    assert abs(s.data.mean() - 5) < 0.07
    assert abs(s.data.std() - 2) < 0.05


def test_poissonian_noise_has_the_variance_of_counts():
    s = flat(9.0)
    s.add_poissonian_noise(random_state=1)
    assert s.data.dtype == float
    assert abs(s.data.mean() - 9) < 5 * 3 / np.sqrt(20000)
    assert abs(s.data.var() / 9 - 1) < 0.05
    s.add_poissonian_noise(keep_dtype=False, random_state=1)
    assert s.data.dtype.kind == "i"


@pytest.mark.parametrize("what", ["add_gaussian_noise", "add_poissonian_noise"])
def test_the_same_state_the_same_noise(what):
    arguments = {"std": 1.0} if "gauss" in what else {}
    made = []
    for state in (3, 3, np.random.default_rng(3), np.random.default_rng(3), 4):
        s = flat(50.0, 100)
        getattr(s, what)(**arguments, random_state=state)
        made.append(s.data)
    assert_array_equal(made[0], made[1])
    assert_array_equal(made[2], made[3])
    assert (made[0] != made[4]).any()
    older = np.random.RandomState(5)
    getattr(s, what)(**arguments, random_state=older)
    np.random.seed(5)  # noqa: NPY002 - the global generator is what is tested
    again = flat(0.0, 100)
    again.data = made[4]
    getattr(again, what)(**arguments)
    assert_array_equal(s.data, again.data)


def test_whole_numbers_become_floats_and_floats_stay_as_precise():
    s = flat(100, 10, int)
    s.add_gaussian_noise(0.1)
    assert s.data.dtype == float
    s = flat(100, 10, np.float32)
    s.add_gaussian_noise(0.1)
    assert s.data.dtype == np.float32


def test_the_linear_model_is_noted_and_used_again():
    s = make((2,), (5,))
    s.estimate_poissonian_noise_variance(gain_factor=2.0, gain_offset=3.0, correlation_factor=0.5)
    assert_allclose(s.get_noise_variance().data, (2 * s.data + 3) * 0.5)
    path = "Signal.Noise_properties.Variance_linear_model"
    assert s.metadata.get_item(path).as_dictionary() == {
        "gain_factor": 2.0,
        "gain_offset": 3.0,
        "correlation_factor": 0.5,
    }
    expected = make((2,), (5,), seed=9)
    s.estimate_poissonian_noise_variance(expected_value=expected)
    assert_allclose(s.get_noise_variance().data, (2 * expected.data + 3) * 0.5)


def test_an_expected_spectrum_serves_every_pixel():
    s, spectrum = make((2,), (5,)), make((), (5,))
    s.estimate_poissonian_noise_variance(spectrum)
    assert_array_equal(s.get_noise_variance().data, spectrum.data)
    assert_array_equal(s.variance_at((1,)), spectrum.data)
    assert_array_equal(s.inav[0].isig[1:3].get_noise_variance().data, spectrum.data[1:3])


def test_variance_is_a_number_an_array_or_a_signal():
    s = make((2,), (5,))
    for given in (s.data, hs.signals.BaseSignal(s.data), hs.signals.Signal1D(s.data)):
        s.set_noise_variance(given)
        known = s.get_noise_variance()
        assert repr(known).endswith("dimensions: (2|5)>")
        assert_array_equal(s.variance_at((1,)), s.data[1])
        assert_array_equal(s.inav[1].get_noise_variance().data, s.data[1])
    s.set_noise_variance(np.float32(2))
    assert s.variance_at((0,)) == 2.0
    s.metadata.Signal.Noise_properties.variance = 3
    assert s.get_noise_variance() == 3
    s.set_noise_variance(None)
    assert s.get_noise_variance() is None
    assert sound(s).variance_at((0,)) is None


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (lambda s: s.add_gaussian_noise(-1), "std=-1 came; a number of at least 0"),
        (lambda s: s.add_gaussian_noise("a"), "std='a' came"),
        (lambda s: s.add_gaussian_noise(np.nan), "std=nan came"),
        (lambda s: s.add_gaussian_noise(1, random_state="a"), "a whole number or a numpy.random"),
        (lambda s: (s - 1000).add_poissonian_noise(), "no expected counts came.*at least 0"),
        (lambda s: s.set_noise_variance(-1.0), "the variance -1.0 came; a positive number"),
        (lambda s: s.set_noise_variance("much"), "'much' came"),
        (lambda s: s.set_noise_variance(np.nan), "nan came"),
        (lambda s: s.set_noise_variance(np.ones(4)), r"shape \(4,\) came.*\(2, 5\) or \(5,\)"),
        (lambda s: s.set_noise_variance(-s.data), "goes down to -.*positive numbers"),
        (lambda s: s.estimate_poissonian_noise_variance(3), "expected_value=3 came; a signal"),
        (lambda s: s.estimate_poissonian_noise_variance(make((), (4,))), "of the shape"),
        (lambda s: s.estimate_poissonian_noise_variance(gain_factor=0), "gain_factor=0 came"),
        (
            lambda s: s.estimate_poissonian_noise_variance(correlation_factor="a"),
            "correlation_factor='a' came; a positive number",
        ),
    ],
)
def test_noise_that_cannot_be_is_refused_and_changes_nothing(act, words):
    s = make((2,), (5,))
    s.set_noise_variance(7.0)
    before, told = s.data.copy(), repr(s.metadata)
    with pytest.raises(DataError, match=words):
        act(s)
    assert_array_equal(s.data, before)
    assert repr(s.metadata) == told


def test_a_variance_that_is_none_is_told_when_it_is_asked_for():
    s = make((2,), (5,))
    s.metadata.set_item("Signal.Noise_properties.variance", "large")
    with pytest.raises(DataError, match=r"is 'large'; .* set it with s.set_noise_variance"):
        s.get_noise_variance()
