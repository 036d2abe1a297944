"""How a plot looks: log axes, bands, what is hidden; all of it is the same in every view."""

from threading import Event, Thread, current_thread

import bqplot
import numpy as np
import pytest

import hsjupyter.api as hs
from hsjupyter.gui import figure as figure_module
from hsjupyter.gui.figure import Plot
from hsjupyter.gui.names import name_of
from hsjupyter.gui.pushes import as_bytes


@pytest.fixture
def shown(page, view, model):
    model.signal.set_noise_variance(4.0)
    return view(model, "plot")


def figure_of(model):
    return model.plot(display=False)["ipywidgets"]["wdict"]["figure"]


@pytest.mark.parametrize(("what", "side"), [("log_x", 0), ("log_y", 1)])
def test_a_logarithmic_axis_shows_what_is_above_zero(page, shown, model, what, side):
    before = len(page.comms)
    model.signal.data[0, 0, 10] = -1.0
    assert shown.ask("look", what=what, on=True)["ok"]
    figure = figure_of(model)
    scale = figure.axes[side].scale
    assert isinstance(scale, bqplot.LogScale)
    assert 0 < scale.min < scale.max
    data = figure.marks[1]
    assert (data.x > 0).all() if what == "log_x" else (data.y > 0).all()
    assert shown.state["curves"][what] is True
    assert all(mark.scales["xy"[side]] is scale for mark in figure.marks)
    shown.ask("look", what=what, on=False)
    assert isinstance(figure.axes[side].scale, bqplot.LinearScale)
    assert len(page.comms) == before


def test_an_axis_below_zero_has_no_logarithm(page, view):
    axis = {"size": 9, "scale": 1.0, "offset": -20.0, "navigate": False}
    model = hs.signals.Signal1D(np.ones(9), axes=[axis]).create_model()
    answer = view(model, "plot").ask("look", what="log_x", on=True)
    assert not answer["ok"]
    assert "above zero" in answer["error"]


def test_the_noise_is_a_band_of_its_standard_deviation(shown, model):
    noise = figure_of(model).marks[2]
    assert not noise.visible
    shown.ask("look", what="weights", on=True)
    y = model.signal.data[0, 0]
    np.testing.assert_allclose(noise.y, [y - 2.0, y + 2.0])
    assert noise.visible
    shown.ask("hide", what="data", on=True)
    assert not noise.visible


def test_without_a_variance_there_is_no_band(page, view, model):
    shown = view(model, "plot")
    shown.ask("look", what="weights", on=True)
    assert not figure_of(model).marks[2].visible


def test_the_uncertainty_goes_when_the_model_is_moved(page, shown, model):
    plotted = Plot(model)
    model.fit()
    plotted.look.uncertainty = True
    plotted.flush()
    assert len(np.frombuffer(plotted.host.uncertainty)) == 64
    model["left"].A.value += 1.0
    plotted.flush()
    assert plotted.host.uncertainty == b""
    plotted.host.close()


def test_a_push_that_began_before_a_switch_does_not_end_after_it(page, model, monkeypatch):
    plotted = Plot(model)
    model.fit()
    plotted.flush()
    entered, done = Event(), Event()
    me = current_thread()

    def slowly(numbers: object) -> bytes:
        if current_thread() is not me:
            entered.set()
            # Whoever holds the lock here is waited for by the switch, and not the other way round.
            done.wait(0.5)
        return as_bytes(numbers)

    monkeypatch.setattr(figure_module, "as_bytes", slowly)
    early = Thread(target=plotted._push_lines)  # noqa: SLF001
    early.start()
    assert entered.wait(20)
    plotted.look.uncertainty = True
    plotted.flush()
    done.set()
    early.join()
    assert len(np.frombuffer(plotted.host.uncertainty)) == 64
    plotted.host.close()


def test_what_is_hidden_is_not_drawn_and_comes_back(shown, model):
    figure = figure_of(model)
    shown.ask("look", what="lines", on=True)
    left = name_of(model["left"])
    line = next(m for m in figure.marks if m.model_id == shown.state["curves"]["lines"][left])
    for what, mark in (("data", figure.marks[1]), ("model", figure.marks[-2]), (left, line)):
        assert mark.visible
        assert shown.ask("hide", what=what, on=True)["ok"]
        assert not mark.visible
        assert what in shown.state["curves"]["hidden"]
        assert shown.ask("hide", what=what, on=False)["ok"]
        assert mark.visible
    assert not shown.ask("hide", what="nothing", on=True)["ok"]
    assert not shown.ask("look", what="nothing", on=True)["ok"]
