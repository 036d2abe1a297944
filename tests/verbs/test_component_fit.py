"""One component is fitted, and everything else is as it was."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

import hsjupyter.api as hs
from hsjupyter.core.errors import AxisError
from tests.verbs.state import assert_same_state, state_of

c1, c2 = hs.model.components1D, hs.model.components2D


@pytest.fixture
def model():
    x = np.arange(100.0)
    peaks = 50 * np.exp(-((x - 30) ** 2) / 32) + 80 * np.exp(-((x - 70) ** 2) / 50)
    m = hs.signals.Signal1D(np.array([peaks, 2 * peaks]) + 5).create_model()
    m.extend([c1.Gaussian(centre=28), c1.Gaussian(centre=71), c1.Offset(offset=5)])
    m[0].sigma.free = False
    m[2].active_is_multidimensional = True
    return m


def height(g):
    return g.A.value / g.sigma.value / np.sqrt(2 * np.pi)


def test_the_others_count_and_stay(model):
    before = state_of(model)
    result = model.fit_component("Gaussian_0", signal_range=(60, 80))
    assert result is model.fit_output
    assert result.names == ("Gaussian_0.A", "Gaussian_0.sigma", "Gaussian_0.centre")
    assert_allclose(
        (height(model[1]), model[1].sigma.value, model[1].centre.value), (80, 5, 70), rtol=1e-3
    )
    after = state_of(model)
    for name in ("parameters", "maps", "fit"):
        before.pop(name)
    assert_same_state(before, after)


def test_the_others_may_be_left_out(model):
    model.fit_component(model[1], (60, 80), fit_independent=True)
    # What lies below is not taken away now: the peak takes it in.
    assert height(model[1]) > 82
    assert [c.active for c in model] == [True, True, True]
    assert model[2]._active_array.all()


def test_all_pixels_may_be_fitted(model):
    run = model.fit_component(1, signal_range=(60, 80), only_current=False, show_progressbar=False)
    assert run.state == "done"
    a, sigma = (model[1].A.map["values"], model[1].sigma.map["values"])
    assert_allclose(a / sigma / np.sqrt(2 * np.pi), [80, 160], rtol=1e-3)


def test_it_may_start_where_it_stands(model):
    model[1].centre.value, model[1].A.value, model[1].sigma.value = 69, 1000, 5
    model.set_signal_range(60, 80)
    model.fit_component(1, signal_range=None, estimate_parameters=False)
    assert_allclose(model[1].centre.value, 70, rtol=1e-6)
    assert model.channel_switches.sum() == 21


def test_everything_is_put_back_after_an_error(model):
    model[1].set_parameters_not_free()
    before = state_of(model)
    with pytest.raises(ValueError, match="no parameter is free"):
        model.fit_component(1, signal_range=(60, 80), estimate_parameters=False)
    assert_same_state(before, state_of(model))


def test_a_component_that_is_off_is_fitted_and_off_again(model):
    model[1].active = False
    model.fit_component(1, signal_range=(60, 80))
    assert_allclose(model[1].centre.value, 70, rtol=1e-3)
    assert not model[1].active


def test_the_span_is_asked_of_the_views(model, monkeypatch):
    asked = {}

    def open_gui(thing, what, **options):
        asked.update(options, thing=thing, what=what)

    monkeypatch.setattr("hsjupyter.verbs.ranges.open_gui", open_gui)
    model.fit_component(1, display=False)
    assert (asked["what"], asked["thing"], asked["display"]) == ("select_range", model, False)
    asked["wish"]["then"](60, 80)
    assert_allclose(model[1].centre.value, 70, rtol=1e-3)


def test_a_component_of_an_image_is_fitted_in_a_rectangle():
    m = hs.signals.Signal2D(np.zeros((12, 30))).create_model()
    x, y = m.signal.signal_coordinates()
    first = c2.Gaussian2D(A=100, sigma_x=2, sigma_y=1, centre_x=7, centre_y=5)
    second = c2.Gaussian2D(A=300, sigma_x=1, sigma_y=2, centre_x=22, centre_y=6)
    m.signal.data = first.function(x, y) + second.function(x, y)
    m.extend([c2.Gaussian2D(centre_x=7, centre_y=5), c2.Gaussian2D(centre_x=21, centre_y=6)])
    m[0].active = False
    m.fit_component(1, signal_range=(17, 27, 0, 11))
    found = [m[1].A, m[1].sigma_x, m[1].sigma_y, m[1].centre_x, m[1].centre_y]
    assert_allclose([p.value for p in found], (300, 1, 2, 22, 6), rtol=1e-4)
    assert m.channel_switches.all()


def test_without_a_view_the_numbers_are_asked_for(model):
    with pytest.raises(AxisError, match=r"give its ends .*m\.fit_component\(.*signal_range=\(x1"):
        model.fit_component(1)


@pytest.mark.parametrize("only_current", [True, False])
def test_chi_squared_of_a_window_is_not_taken_for_that_of_the_model(model, only_current):
    model.multifit(show_progressbar=False)
    here = model.axes_manager.map_index
    words = {} if only_current else {"show_progressbar": False}
    model.fit_component(1, signal_range=(60, 80), only_current=only_current, **words)
    unknown = np.isnan(model.red_chisq.data)
    assert unknown[here]
    assert unknown.all() == (not only_current)
    model.fit()
    assert np.isfinite(model.red_chisq.data[here])
