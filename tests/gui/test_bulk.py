"""Many numbers at once, what a component has beside them, peaks by a click, models kept."""

import numpy as np
import pytest

import hsjupyter.api as hs
from hsjupyter.fitting.band import band_here
from hsjupyter.gui.names import name_of
from hsjupyter.gui.peaks import place_peak


def slots(*parameters):
    return [f"{name_of(p.component)}.{p.name}" for p in parameters]


def test_one_that_refuses_keeps_all_as_they_were(page, view, model):
    shown = view(model)
    model["right"].A.bmax = 5.0
    model["right"].A.bmin = 1.0
    wanted = slots(model["left"].A, model["right"].A)
    answer = shown.ask("set_many", slots=wanted, field="bmin", value=7.0)
    assert not answer["ok"]
    assert "right.A" in answer["error"]
    assert (model["left"].A.bmin, model["right"].A.bmin) == (0.0, 1.0)
    assert shown.state["history"]["undo"] == ""


def test_many_values_are_clamped_each_by_its_bounds(page, view, model):
    model["right"].A.bmax = 5.0
    shown = view(model)
    chosen = slots(model["left"].A, model["right"].A)
    assert shown.ask("set_many", slots=chosen, field="value", value=9.0)["ok"]
    assert (model["left"].A.value, model["right"].A.value) == (9.0, 5.0)


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [("value", "x", "a finite number"), ("colour", 1, "colour"), ("link", "nobody.A", "nobody")],
)
def test_what_no_field_takes_is_refused(view, model, field, value, says):
    shown = view(model)
    answer = shown.ask("set_many", slots=slots(model["left"].A), field=field, value=value)
    assert not answer["ok"]
    assert says in answer["error"]


def test_switches_of_a_component_are_shown_and_set(page, view):
    signal = hs.signals.Signal1D(np.ones(50))
    model = signal.create_model()
    line = hs.model.components1D.PESVoigt()
    model.append(line)
    shown = view(model)
    extras = {one["name"]: one for one in shown.state["spec"]["components"][0]["extras"]}
    assert extras["spin_orbit_splitting"]["value"] is False
    assert extras["spin_orbit_branching_ratio"]["doc"] == "its area over that of the first"
    whose = name_of(line)
    assert shown.ask("extra", component=whose, name="spin_orbit_splitting", value=True)["ok"]
    assert line.spin_orbit_splitting is True
    (told,) = shown.state["spec"]["components"]
    assert {one["name"]: one["value"] for one in told["extras"]}["spin_orbit_splitting"] is True
    shown.ask("undo")
    assert line.spin_orbit_splitting is False
    answer = shown.ask("extra", component=whose, name="spin_orbit_branching_ratio", value="half")
    assert "a finite number" in answer["error"]
    answer = shown.ask("extra", component=whose, name="spin_orbit", value=True)
    assert "spin_orbit_splitting" in answer["error"]


def test_a_component_is_switched_at_one_pixel_alone(page, view, model):
    shown, whose = view(model), name_of(model["left"])
    assert shown.ask("per_pixel", component=whose, value=True)["ok"]
    assert shown.state["per_pixel"] == [True, False, False]
    shown.ask("active", component=whose, value=False)
    shown.ask("pixel", indices=[1, 1])
    assert shown.state["active"] == [True, True, True]
    shown.ask("pixel", indices=[0, 0])
    assert shown.state["active"] == [False, True, True]


@pytest.mark.parametrize("name", ["Gaussian", "GaussianHF", "Lorentzian", "Voigt", "Doniach"])
def test_a_clicked_peak_has_its_top_where_it_was_clicked(page, view, model, name):
    shown = view(model)
    assert name in shown.state["spec"]["peaks"]
    below = model()
    channel = 31
    x = model.axes_manager.signal_axes[0].axis[channel]
    assert shown.ask("peak", component=name, x=float(x), y=20.0, width=0.5)["ok"]
    np.testing.assert_allclose((model() - below)[channel], 20.0, rtol=1e-9)
    assert len(model) == 4


def test_the_peak_of_a_density_is_as_high_as_its_counts(page):
    axis = {"size": 40, "scale": 0.25, "is_binned": True, "navigate": False}
    model = hs.signals.Signal1D(np.ones(40), axes=[axis]).create_model()
    peak = hs.model.components1D.Gaussian()
    place_peak(model, peak, 5.0, 8.0, 1.0)
    model.append(peak)
    np.testing.assert_allclose(model().max(), 8.0, rtol=1e-9)


def test_steps_have_no_width_and_are_placed_by_no_click(page, view, model):
    shown = view(model)
    assert "HeavisideStep" not in shown.state["spec"]["peaks"]
    assert not shown.ask("peak", component="HeavisideStep", x=1.0, y=1.0, width=1.0)["ok"]


def test_one_component_is_fitted_in_a_window(page, view, model):
    shown = view(model)
    model["right"].centre.value = 6.5
    before = model["left"].A.value
    whose = name_of(model["right"])
    shown.receive(
        {
            "method": "custom",
            "content": {"id": "w", "kind": "fit_component", "component": whose}
            | {"low": 6.0, "high": 8.0},
        }
    )
    assert page.wait_for(lambda: bool(shown.answers()))
    assert shown.answers()[-1]["ok"]
    # The truth of the data is 7.
    np.testing.assert_allclose(model["right"].centre.value, 7.0, atol=0.02)
    assert model["left"].A.value == before
    assert "fit_component('right', (6.0, 8.0)" in shown.ask("script")["text"]


def test_components_begin_where_the_data_say(page, view, model):
    shown = view(model)
    model["left"].centre.value, model["right"].centre.value = 1.0, 9.0
    shown.receive({"method": "custom", "content": {"id": "g", "kind": "guess"}})
    assert page.wait_for(lambda: bool(shown.answers()))
    assert shown.answers()[-1]["ok"], shown.answers()
    centres = sorted([model["left"].centre.value, model["right"].centre.value])
    np.testing.assert_allclose(centres, [3.0, 7.0], atol=0.2)
    shown.ask("undo")
    assert (model["left"].centre.value, model["right"].centre.value) == (1.0, 9.0)


def test_a_window_that_shows_nothing_is_told(page, view, model):
    answer = view(model).ask("estimate", component=name_of(model["Offset"]), low=50.0, high=60.0)
    assert not answer["ok"]
    assert "window" in answer["error"]


def test_how_a_stored_model_differs_is_told(page, view, model):
    shown = view(model)
    assert shown.ask("keep", name="start")["ok"]
    assert shown.ask("stored")["text"] == "start"
    assert shown.ask("differences", name="start")["text"] == ""
    model["left"].A.value = 31.5
    model["left"].A.bmax = 40.0
    model["right"].active = False
    model.append(hs.model.components1D.Lorentzian(name="new"))
    rows = [line.split("\t") for line in shown.ask("differences", name="start")["text"].split("\n")]
    assert rows == [
        ["left A", "30", "31.5"],
        ["left A bmax", "none", "40"],
        ["right active", "True", "False"],
        ["new", "not there", "there"],
    ]
    assert shown.ask("restore", name="start")["ok"]
    assert shown.ask("differences", name="start")["text"] == ""
    assert not shown.ask("restore", name="begin")["ok"]


def test_a_restored_model_has_its_maps_and_links(page, view, model):
    model["right"].sigma.twin = model["left"].sigma
    model.multifit(show_progressbar=False)
    wanted = model.maps.values.copy()
    shown = view(model)
    shown.ask("keep", name="fitted")
    model["right"].sigma.twin = None
    model.remove("Offset")
    model.maps.values[...] = 0.0
    assert shown.ask("restore", name="fitted")["ok"]
    np.testing.assert_array_equal(model.maps.values, wanted)
    assert model["right"].sigma.twin is model["left"].sigma
    assert [c.name for c in model] == ["left", "right", "Offset"]


def slopes_of(model):
    """Derivatives of the line by the free numbers, (free, channel), by small steps."""
    line, rows = model(), []
    for parameter in (p for p in model.parameters if p.free):
        value = parameter.value
        step = 1e-6 * abs(value)
        parameter.value = value + step
        rows.append((model() - line) / step)
        parameter.value = value
    return np.array(rows)


def test_the_band_is_that_of_the_covariance(page, model):
    assert band_here(model) is None
    result = model.fit()
    slopes = slopes_of(model)
    wanted = np.sqrt(np.einsum("fk,fg,gk->k", slopes, result.covar, slopes))
    np.testing.assert_allclose(band_here(model), wanted, rtol=1e-4)
    model["left"].A.value += 1.0
    assert band_here(model) is None


def counted(*, known):
    """A model of few counts: where the loss changes the errors."""
    x = np.linspace(0, 10, 80)
    expected = 30 * np.exp(-((x - 4) ** 2) / 0.8) + 1.0
    counts = np.random.default_rng(5).poisson(expected).astype(float)
    counts[[10, 60]] = 25.0  # for a robust loss to hold
    signal = hs.signals.Signal1D(counts, axes=[{"size": 80, "scale": x[1]}])
    if known:
        signal.set_noise_variance(1.0 + expected)
    made = signal.create_model()
    made.append(hs.model.components1D.Gaussian(A=30.0, sigma=0.6, centre=4.0))
    made.append(hs.model.components1D.Offset(offset=2.0))
    return made


@pytest.mark.parametrize("known", [False, True], ids=["noise unknown", "noise known"])
@pytest.mark.parametrize("loss", ["ls", "ML-poisson", "huber"])
def test_the_band_is_that_of_the_loss_that_was_fitted(page, loss, known):
    model = counted(known=known)
    result = model.fit(loss_function=loss)
    slopes = slopes_of(model)
    wanted = np.sqrt(np.einsum("fk,fg,gk->k", slopes, result.covar, slopes))
    np.testing.assert_allclose(band_here(model), wanted, rtol=1e-3)


def test_the_band_of_a_map_of_counts_is_that_of_its_fits(page):
    model = counted(known=False)
    signal = hs.signals.Signal1D(np.stack([model.signal.data] * 3))
    signal.axes_manager[-1].scale = model.signal.axes_manager[-1].scale
    many = signal.create_model()
    many.extend(component.copy() for component in tuple(model))
    many.multifit(loss_function="ML-poisson", show_progressbar=False)
    result = model.fit(loss_function="ML-poisson")
    slopes = slopes_of(model)
    wanted = np.sqrt(np.einsum("fk,fg,gk->k", slopes, result.covar, slopes))
    np.testing.assert_allclose(band_here(many), wanted, rtol=1e-3)
