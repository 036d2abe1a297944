"""Guesses: peaks are found where they are, and a fit from them reaches the truth."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import signal

import hsjupyter.api as hs
from hsjupyter.core.errors import DataError, HSJupyterWarning, ModelError, UnknownNameError
from hsjupyter.fitting.guess import find_peaks

c1, c2 = hs.model.components1D, hs.model.components2D
X = np.linspace(0, 50, 500)
PLACES = (9.0, 21.0, 38.0)


def three(shift=0.0, height=1.0):
    peaks = zip((300, 500, 200), (0.9, 1.4, 1.1), PLACES, strict=True)
    lines = [c1.Gaussian(A=height * a, sigma=s, centre=c + shift) for a, s, c in peaks]
    return sum(line.function(X) for line in lines) + 20 + 0.4 * X


def a_map(*, noise=1.0, seed=0, reverse=False):
    rng = np.random.default_rng(seed)
    spectra = [three(0.1 * k, 1 + 0.1 * k) for k in range(6)]
    y = np.array(spectra).reshape(2, 3, -1) + rng.normal(0, noise, (2, 3, len(X)))
    x = {"axis": X} if not reverse else {"axis": X[::-1]}
    return hs.signals.Signal1D(y[..., ::-1] if reverse else y, axes=[{"size": 2}, {"size": 3}, x])


@pytest.mark.parametrize("kind", [c1.Gaussian, "Lorentzian", c1.Voigt], ids=str)
@pytest.mark.parametrize("reverse", [False, True], ids=["", "falling axis"])
def test_peaks_of_the_mean_become_components_near_the_truth(kind, reverse):
    m = a_map(reverse=reverse).create_model()
    made = m.add_peaks(kind)
    assert [c.name for c in made] == [c.name for c in m]
    assert_allclose([c.centre.value for c in made], np.array(PLACES) + 0.25, atol=0.15)
    if kind is c1.Gaussian:
        assert_allclose([c.A.value for c in made], np.array([300, 500, 200]) * 1.25, rtol=0.15)
        assert_allclose([c.sigma.value for c in made], (0.9, 1.4, 1.1), rtol=0.25)


def test_prominence_number_and_distance_choose():
    m = a_map().create_model()
    assert len(m.add_peaks(max_peaks=2)) == 2
    assert_allclose([c.centre.value for c in m], [9.25, 21.25], atol=0.2)
    with pytest.raises(ModelError, match=r"no peak stands out.*a smaller prominence"):
        m.add_peaks(prominence=1e6)
    x, y = X, three() + np.random.default_rng(0).normal(0, 1, X.shape)
    far = find_peaks(x, y, distance=15)
    assert (np.diff([p.place for p in far]) >= 15).all()
    wide = find_peaks(x, y, width=2.5)
    assert [round(p.place) for p in wide] == [21, 38]


def test_peaks_are_those_of_scipy():
    y = three()
    ours = find_peaks(X, y, prominence=10.0)
    places, told = signal.find_peaks(y, prominence=10.0)
    assert_allclose([p.place for p in ours], X[places])
    assert_allclose([p.prominence for p in ours], told["prominences"])
    wide = signal.peak_widths(y, places, rel_height=0.5)[0] * (X[1] - X[0])
    assert_allclose([p.width for p in ours], wide, rtol=1e-9)


def test_noise_alone_has_hardly_a_peak():
    found = [
        len(find_peaks(X, np.random.default_rng(seed).normal(0, 1, X.shape))) for seed in range(20)
    ]
    assert np.mean(found) < 2


def model_of(s, *, placed):
    m = s.create_model()
    m.append(c1.Polynomial(order=1))
    m.extend([c1.Gaussian(centre=c if placed else 0.0) for c in (22.0, 8.5, 37.0)])
    return m


@pytest.mark.parametrize("placed", [False, True], ids=["", "placed by hand"])
def test_a_guess_tells_every_pixel_and_the_fit_finds_the_truth(placed):
    s = a_map()
    m = model_of(s, placed=placed)
    m.guess()
    order = (1, 0, 2) if placed else (0, 1, 2)
    for k, c in zip(order, list(m)[1:], strict=True):
        wanted = np.array(PLACES)[k] + 0.1 * np.arange(6).reshape(2, 3)
        assert_allclose(c.centre.map["values"], wanted, atol=0.3)
        assert c.centre.map["is_set"].all()
    ground = m[0].coefficients.map["values"]
    assert_allclose(ground[..., 0], 0.4, atol=0.15)
    assert_allclose(ground[..., 1], 20, atol=3)
    run = m.multifit(show_progressbar=False)
    assert not run.failures
    assert (np.abs(m.red_chisq.data - 1) < 0.3).all()


def test_the_current_pixel_alone_leaves_the_map_as_it_is():
    m = model_of(a_map(), placed=False)
    m.axes_manager.indices = (2, 1)
    m.guess(only_current=True)
    assert not m.maps.is_set.any()
    assert_allclose(m[2].centre.value, 21.5, atol=0.2)


def test_what_is_fixed_or_out_of_range_is_left_alone():
    m = a_map().create_model()
    m.extend([c1.Offset(), c1.Gaussian(A=3, sigma=0.7, centre=21.2)])
    m[1].centre.free = m[1].sigma.free = False
    m.set_signal_range(15, 30)
    m.guess()
    assert m[1].centre.value == 21.2
    assert m[1].sigma.value == 0.7
    assert 100 < m[1].A.value < 2000
    assert (m[1].A.map["values"] > 100).all()


def test_binned_counts_are_guessed_as_densities():
    width = X[1] - X[0]
    s = hs.signals.Signal1D(three() * width, axes=[{"axis": X, "is_binned": True}])
    m = s.create_model()
    m.append(c1.Polynomial(order=1))
    m.extend(c1.Gaussian() for _ in PLACES)
    m.guess()
    assert_allclose([c.A.value for c in list(m)[1:]], (300, 500, 200), rtol=0.2)


def test_a_decay_without_lines_is_told_from_all_of_it():
    rng = np.random.default_rng(1)
    s = hs.signals.Signal1D(90 * np.exp(-X / 7) + rng.normal(0, 1, X.shape), axes=[{"axis": X}])
    m = s.create_model()
    m.append(c1.Exponential())
    m.guess()
    assert_allclose([m[0].A.value, m[0].tau.value], [90, 7], rtol=0.2)


def test_images_are_guessed_too():
    m = hs.signals.Signal2D(np.zeros((20, 20))).create_model()
    y, x = np.mgrid[:20, :20].astype(float)
    m.signal.data = c2.Gaussian2D(A=90, sigma_x=2, sigma_y=2, centre_x=12, centre_y=7).function(
        x, y
    )
    m.append(c2.Gaussian2D())
    m.guess()
    assert_allclose([m[0].centre_x.value, m[0].centre_y.value], [12, 7], atol=0.5)


def test_what_cannot_tell_is_told():
    m = a_map().create_model()
    m.extend([c1.Polynomial(order=1), c1.Expression("k*sin(x)", "Wave", k=1.0)])
    m.extend(c1.Gaussian() for _ in range(5))
    with pytest.warns(HSJupyterWarning, match=r"Wave.*Gaussian.* stay as they are.*by hand"):
        m.guess()
    assert m["Wave"].k.value == 1.0


REFUSED = [
    (lambda m: m.guess(), ModelError, "append one before"),
    (lambda m: m.add_peaks("Gausian"), UnknownNameError, "Gaussian"),
    (lambda m: m.add_peaks(c1.Offset), ModelError, "a class with a position"),
    (
        lambda m: (setattr(m.signal, "data", m.signal.data * np.nan), m.add_peaks()),
        DataError,
        "no finite number",
    ),
]


@pytest.mark.parametrize(("wrong", "kind", "words"), REFUSED)
def test_a_guess_that_cannot_be_is_refused(wrong, kind, words):
    m = a_map().create_model()
    with pytest.raises(kind, match=words):
        wrong(m)
    assert len(m) == 0
