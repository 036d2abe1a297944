"""Which pixels are fitted, and where they start."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import hsjupyter.api as hs
from hsjupyter.core.errors import DataError, FitError, HSJupyterWarning, UnknownNameError

c1 = hs.model.components1D
x = np.linspace(0, 100, 300)


def steep(shape=(6, 8), far=0.0):
    """A narrow line on a map: from far away the data do not pull."""
    centre = 50 + far + np.linspace(0, 1, int(np.prod(shape))).reshape(shape)
    y = 20 * np.exp(-((x - centre[..., np.newaxis]) ** 2) / 2)
    y += np.random.default_rng(1).normal(0, 0.1, y.shape)
    m = hs.signals.Signal1D(y, axes=None).create_model()
    m.signal.axes_manager[-1].scale = x[1]
    m.append(c1.Gaussian(A=50, sigma=1.0, centre=50.0))
    return m, centre


def found(m):
    return m[0].centre.map["values"]


def fit(m, **words):
    return m.multifit(show_progressbar=False, **words)


def test_only_what_is_not_fitted_is_fitted():
    m, centre = steep()
    mask = np.zeros((6, 8), dtype=bool)
    mask[:3] = True
    assert fit(m, mask=mask).total == 24
    before = found(m)[3:].copy()
    assert fit(m, only="unset").total == 24
    assert_array_equal(found(m)[3:], before)
    assert_allclose(found(m), centre, atol=0.05)
    assert fit(m, only="unset").total == 0
    assert fit(m, only=centre > 50.5).total == 24


def test_only_what_failed_is_fitted_again():
    m, centre = steep()
    good = m.signal.data[2, 3].copy()
    m.signal.data[2, 3, 5] = np.nan
    with pytest.warns(HSJupyterWarning, match="1 of 48"):
        fit(m)
    m.signal.data[2, 3] = good
    run = fit(m, only="failed", start="neighbours")
    assert (run.total, run.failures) == (1, [])
    assert_allclose(found(m), centre, atol=0.05)


@pytest.mark.parametrize("start", ["previous", "stored", "neighbours", "sum", None])
def test_every_start_finds_what_is_near(start):
    m, centre = steep()
    assert fit(m, start=start).state == "done"
    assert_allclose(found(m), centre, atol=0.05)


@pytest.mark.parametrize(("start", "away"), [("stored", True), (None, True), ("previous", False)])
def test_stored_values_count_only_where_they_are_asked_for(start, away):
    m, _ = steep()
    m.set_parameters_value("centre", 500.0, only_current=True)
    m[0].centre.value = 50.0
    for parameter in m[0].parameters:  # of all, so that the pixel has a start of its own
        parameter.map["is_set"][0, 0] = True
    m[0].A.map["values"][0, 0], m[0].sigma.map["values"][0, 0] = 50.0, 1.0
    fit(m, start=start, bounded=False)
    assert (abs(found(m)[0, 0] - 50) > 5 or not m[0].centre.map["is_set"][0, 0]) == away


def test_the_sum_finds_a_line_that_a_single_pixel_would_not():
    m, centre = steep(far=9.0)
    m[0].sigma.value = 4.0  # wide enough to feel the sum from here
    fit(m, start="sum")
    assert_allclose(found(m), centre, atol=0.05)
    assert_allclose(m[0].sigma.map["values"], 1.0, atol=0.05)


def test_neighbours_help_where_nothing_else_does():
    m, centre = steep()
    fit(m)
    m[0].centre.value = 5.0
    alone = np.zeros((6, 8), dtype=bool)
    alone[2:4, 3:5] = True
    fit(m, only=alone, start="neighbours")
    assert_allclose(found(m), centre, atol=0.05)


def test_wrong_words_are_refused():
    m, _ = steep()
    with pytest.raises(UnknownNameError, match="did you mean 'neighbours'"):
        fit(m, start="neighbors")
    with pytest.raises(UnknownNameError, match="did you mean 'unset'"):
        fit(m, only="unsett")
    with pytest.raises(DataError, match=r"only= of shape \(8, 6\).*True for pixels to fit"):
        fit(m, only=np.ones((8, 6), dtype=bool))
    m.signal.data[...] = np.nan
    with pytest.raises(FitError, match="every pixel holds NaN"):
        fit(m, start="sum")


def test_a_second_run_waits_for_the_first():
    m, _ = steep()
    m.observe(lambda change: change["new"].pause(), "run")  # before its first pixel
    run = m.multifit(block=False)
    m.unobserve_all("run")
    with pytest.raises(FitError, match=r"is under way; wait for it, cancel it, or resume it"):
        fit(m)
    run.cancel()
    assert run.wait(60).over
