"""Baselines are taken off, and what stands on them stays."""

import sys

import numpy as np
import pytest
from numpy.testing import assert_allclose
from pybaselines import Baseline

import hsjupyter.api as hs
from hsjupyter.core.baseline import baselines_of
from hsjupyter.core.errors import AxisError, DataError, LibraryMissing, UnknownNameError

X = np.linspace(0, 100, 400)
PEAKS = 50 * np.exp(-((X - 30) ** 2) / 8) + 80 * np.exp(-((X - 70) ** 2) / 8)


def spectra():
    ground = 200 * np.exp(-X / 80) + 0.5 * X
    noise = np.random.default_rng(0).normal(0, 0.5, (2, 3, len(X)))
    return hs.signals.Signal1D(
        np.arange(1, 7).reshape(2, 3, 1) * PEAKS + ground + noise,
        axes=[{"size": 2}, {"size": 3}, {"axis": X}],
    )


def test_what_is_left_are_the_peaks():
    s = spectra()
    s.remove_baseline(lam=1e5)
    far = (np.abs(X - 30) > 12) & (np.abs(X - 70) > 12)
    assert np.abs(s.data[..., far].mean(axis=-1)).max() < 3
    heights = s.data[..., np.argmin(np.abs(X - 70))]
    assert_allclose(heights, 80 * np.arange(1, 7).reshape(2, 3), rtol=0.06)


@pytest.mark.parametrize(("method", "words"), [("asls", {"lam": 1e5}), ("modpoly", {})])
def test_it_is_what_pybaselines_says(method, words):
    s = spectra()
    other = s.remove_baseline(method, inplace=False, **words)
    wanted = getattr(Baseline(x_data=X), method)(s.data[1, 2], **words)[0]
    assert_allclose(s.data[1, 2] - other.data[1, 2], wanted, rtol=1e-6, atol=1e-6)
    assert other.axes_manager.navigation_shape == s.axes_manager.navigation_shape


@pytest.mark.filterwarnings("error")
def test_names_are_looked_up_without_a_word_of_the_library():
    spectra().remove_baseline(lam=1e5)


def test_a_spectrum_that_is_not_finite_has_none():
    s = spectra()
    s.data[0, 0, 5] = np.nan
    other = s.remove_baseline(inplace=False)
    assert np.isnan(other.data[0, 0]).all()
    assert np.isfinite(other.data[1]).all()


REFUSED = [
    (lambda s: s.remove_baseline("arplss"), UnknownNameError, "did you mean 'arpls'"),
    (lambda s: s.remove_baseline(lamda=3), DataError, "documentation of pybaselines"),
    (lambda s: (s.data.fill(np.nan), s.remove_baseline()), DataError, "no spectrum is finite"),
]


@pytest.mark.parametrize(("wrong", "kind", "words"), REFUSED)
def test_what_cannot_be_is_refused(wrong, kind, words):
    s = spectra()
    with pytest.raises(kind, match=words):
        wrong(s)


def test_without_the_library_it_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "pybaselines", None)
    with pytest.raises(LibraryMissing, match=r"pip install 'hsjupyter\[baselines\]'"):
        spectra().remove_baseline()


def test_images_have_no_baseline():
    with pytest.raises(AxisError, match="along one axis"):
        baselines_of(hs.signals.Signal2D(np.ones((4, 4))), "arpls", {})
