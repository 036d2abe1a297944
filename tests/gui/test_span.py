"""Ranges that are dragged in the plot, and what the kernel does with their ends."""

import numpy as np
import pytest

import hsjupyter.api as hs
from tests.gui.wire import View


@pytest.fixture
def notebook(monkeypatch):
    seen = []
    monkeypatch.setattr("IPython.display.display", seen.append)
    monkeypatch.setattr("hsjupyter.verbs.ranges.in_notebook", lambda: True)
    return seen


@pytest.fixture
def plot(view, model, notebook):
    return view(model, "plot")


@pytest.fixture
def images():
    m = hs.signals.Signal2D(np.ones((9, 12))).create_model()
    m.append(hs.model.components2D.Gaussian2D())
    return m


def press(view, **fields):
    """Ask for what is done in a thread, and wait for its answer."""
    n = len(view.answers())
    view.receive({"method": "custom", "content": {"id": f"s:{n}", **fields}})
    assert view.page.wait_for(lambda: len(view.answers()) > n)
    return view.answers()[-1]


@pytest.mark.parametrize(
    ("word", "inside"),
    [
        ("set_signal_range", lambda x: (x >= 4) & (x <= 8)),
        ("remove_signal_range", lambda x: (x < 4) | (x > 8)),
        ("add_signal_range", lambda x: ((x >= 4) & (x <= 8)) | (x <= 2)),
    ],
)
def test_a_range_is_what_a_person_dragged(plot, model, notebook, word, inside):
    if word == "add_signal_range":
        model.set_signal_range(0.0, 2.0)
    getattr(model, word)()
    assert len(notebook) == 1
    record = plot.state["span"]
    assert record["button"] == "Apply"
    assert record["title"].startswith(word.replace("_", " ").capitalize())
    low, high = record["ends"]
    assert 0 <= low < high <= 10
    assert press(plot, kind="span", ends=[4.0, 8.0])["ok"]
    x = model.signal.signal_coordinates()[0]
    np.testing.assert_array_equal(model.channel_switches, inside(x))
    assert plot.state["span"] is None


def test_a_range_is_undone_and_told_as_python(plot, view, model):
    gui = view(model)
    model.set_signal_range()
    assert press(plot, kind="span", ends=[4.0, 8.0])["ok"]
    assert "m.set_signal_range(4, 8)" in gui.ask("script")["text"]
    answer = gui.ask("undo")
    assert answer["ok"], answer
    assert model.channel_switches.all()
    assert gui.ask("redo")["ok"]
    assert not model.channel_switches.all()


def test_a_wrong_range_is_told_and_the_span_stays(plot, view, model):
    model.set_signal_range()
    answer = press(plot, kind="span", ends=[8.0, 4.0])
    assert not answer["ok"]
    assert "the smaller one first" in answer["error"]
    assert plot.state["span"] is not None
    assert model.channel_switches.all()
    assert plot.ask("nospan")["ok"]
    assert plot.state["span"] is None
    late = press(plot, kind="span", ends=[4.0, 8.0])
    assert "nobody asks for any more" in late["error"]
    assert model.channel_switches.all()


@pytest.mark.parametrize("ends", [[1.0], [1.0, 2.0, 3.0], "1, 2", [1.0, None], [1, True]])
def test_ends_that_are_none_are_refused(plot, model, ends):
    model.set_signal_range()
    assert "not of the right kind" in plot.ask("span", ends=ends)["error"]


def test_a_component_is_fitted_where_a_person_dragged(plot, view, model):
    before = [p.value for p in model["right"].parameters]
    model.fit_component("left", fit_independent=False)
    assert plot.state["span"]["button"] == "Fit"
    assert "left" in plot.state["span"]["title"]
    answer = press(plot, kind="span", ends=[1.0, 5.0])
    assert answer["ok"], answer
    assert model["left"].centre.value == pytest.approx(3.0, abs=0.02)
    assert model["left"].centre.std is not None
    assert [p.value for p in model["right"].parameters] == before
    assert model.channel_switches.all()
    gui = view(model)
    code = "m.fit_component('left', (1, 5), True, False, True)"
    assert code in gui.ask("script")["text"]


def test_a_fit_of_all_pixels_is_not_undone(plot, view, model):
    model.fit_component("left", only_current=False, show_progressbar=False)
    assert press(plot, kind="span", ends=[1.0, 5.0])["ok"]
    assert model["left"].centre.map["is_set"].all()
    assert view(model).state["history"]["undo"] == ""


def test_images_have_a_rectangle(page, view, images, notebook):
    plot = view(images, "plot")
    images.set_signal_range()
    assert plot.state["span"]["ends"] == [2.75, 8.25, 2.0, 6.0]
    assert press(plot, kind="span", ends=[3.0, 5.0, 1.0, 2.0])["ok"]
    assert images.channel_switches.sum() == 3 * 2
    images.remove_signal_range()
    assert plot.state["span"]["ends"] == [3.0, 5.0, 1.0, 2.0]
    assert "nobody asks" in press(plot, kind="span", ends=[3.0, 5.0])["error"]


def test_without_display_the_widgets_come_back(page, model):
    shown = model.fit_component("left", display=False)["ipywidgets"]
    host = shown["wdict"]["host"]
    assert host.span["button"] == "Fit"
    assert View(page, host).state["span"]["ends"] == host.span["ends"]
