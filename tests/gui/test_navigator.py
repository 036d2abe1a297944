"""The map that one navigates by: which numbers it shows, and when it is sent."""

import numpy as np
import pytest

import hsjupyter.api as hs
from hsjupyter.fitting.jobs import Failure
from hsjupyter.gui.figure import Plot
from hsjupyter.gui.navigator import map_of, navigator_of
from hsjupyter.schedule.run import Run


def shown_map(host):
    n_x, n_y = host.map["shape"]
    return np.frombuffer(host.map_values).reshape(n_y, n_x)


def names(record):
    return [one["name"] for one in record["choices"]]


def choose(model, words):
    record, _ = map_of(model)
    (chosen,) = [one["id"] for one in record["choices"] if one["name"] == words]
    return chosen


def test_at_first_it_is_the_sum_of_the_data(page, model):
    plotted = Plot(model)
    np.testing.assert_allclose(shown_map(plotted.host), model.signal.data.sum(axis=-1))
    assert plotted.host.map["shape"] == [4, 3]
    assert names(plotted.host.map)[:5] == [
        "sum of the data",
        "χ²",
        "reduced χ²",
        "left A",
        "left A error",
    ]


def test_a_parameter_is_shown_where_it_is_stored_and_follows_a_fit(page, view, model):
    plotted = view(model, "plot")
    assert plotted.ask("map", choice=choose(model, "left centre"))["ok"]
    model.multifit(show_progressbar=False)
    for words, field in (("left centre", "values"), ("left centre error", "std")):
        plotted.ask("map", choice=choose(model, words))
        _, numbers = map_of(model)
        np.testing.assert_array_equal(numbers, model["left"].centre.map[field])


def test_what_is_not_stored_has_no_number(model):
    navigator_of(model).choose(model, choose(model, "left A"))
    model.axes_manager.indices = (2, 1)
    model.store_working_values()
    _, numbers = map_of(model)
    assert np.argwhere(np.isfinite(numbers)).tolist() == [[1, 2]]


def test_what_is_not_there_is_refused(page, view, model):
    shown = view(model, "plot")
    answer = shown.ask("map", choice="values of the moon")
    assert not answer["ok"]
    assert "the map of" in answer["error"]


def test_a_component_that_went_leaves_the_sum(model):
    navigator_of(model).choose(model, choose(model, "left A"))
    model.remove("left")
    record, _ = map_of(model)
    assert record["choice"] == "sum"


@pytest.mark.parametrize("shape", [(5,), (2, 3, 4)])
def test_a_line_has_one_row_and_more_axes_show_the_layer_one_is_in(page, shape):
    data = np.random.default_rng(3).normal(size=(*shape, 8))
    model = hs.signals.Signal1D(data).create_model()
    total = data.sum(axis=-1)
    if len(shape) == 3:
        model.axes_manager.indices = (0, 0, 1)
        total = total[1]
    record, numbers = map_of(model)
    np.testing.assert_allclose(numbers, np.atleast_2d(total))
    assert record["shape"] == list(np.atleast_2d(total).shape[::-1])


def test_failures_are_marked_in_their_layer(page):
    model = hs.signals.Signal1D(np.ones((2, 3, 4, 8))).create_model()
    model.run = Run(24)
    model.run.failures = [Failure(5, np.empty(0), "no"), Failure(17, np.empty(0), "no")]
    assert map_of(model)[0]["failed"] == [5]
    model.axes_manager.indices = (0, 0, 1)
    assert map_of(model)[0]["failed"] == [5]


def test_a_single_spectrum_has_no_map(page):
    plotted = Plot(hs.signals.Signal1D(np.ones(9)).create_model())
    assert plotted.host.map is None


def test_an_equal_map_is_not_sent_again(page, model):
    plotted = Plot(model)
    plotted.flush()
    page.messages.clear()
    model.store_working_values()
    plotted.flush()
    assert not any("map_values" in state for state in page.updates(plotted.host.model_id))
