"""Plots through the door: what is handed to a view, and what happens without one."""

import numpy as np
import pytest

import hsjupyter.api as hs
from hsjupyter.core import door
from hsjupyter.core.errors import AxisError, GuiMissing

c1, c2 = hs.model.components1D, hs.model.components2D


@pytest.fixture(params=["spectra", "images"])
def model(request):
    if request.param == "spectra":
        m = hs.signals.Signal1D(np.ones((2, 9))).create_model()
        m.extend([c1.Gaussian(), c1.Offset()])
    else:
        m = hs.signals.Signal2D(np.ones((2, 9, 9))).create_model()
        m.extend([c2.Gaussian2D(), c2.Gaussian2D()])
    return m


@pytest.fixture
def opened(monkeypatch):
    """What was asked of the gui, in order."""
    asked = []

    def open_gui(thing, what, **options):
        asked.append((thing, what, options))
        return "shown"

    for module in ("verbs.plot", "verbs.ranges", "core.parameter", "core.parameter_set"):
        monkeypatch.setattr(f"hsjupyter.{module}.open_gui", open_gui)
    return asked


def test_every_view_is_asked_for_by_name(model, opened):
    assert model.plot(plot_components=True, display=False) == "shown"
    model.enable_plot_components()
    model.disable_plot_components()
    model.enable_adjust_position(components=[0], fix_them=False)
    model.disable_adjust_position()
    model.gui(toolkit="ipywidgets")
    model[0].gui(display=False)
    model[0].parameters[0].gui()
    assert [(what, options) for _, what, options in opened] == [
        ("plot", {"plot_components": True, "plot_residual": False, "display": False}),
        ("plot_components", {"on": True}),
        ("plot_components", {"on": False}),
        (
            "adjust_position",
            {"components": [model[0]], "fix_them": False, "show_label": True},
        ),
        ("adjust_position", {"components": [], "fix_them": False, "show_label": False}),
        ("gui", {"display": True, "toolkit": "ipywidgets"}),
        ("gui", {"display": False}),
        ("gui", {}),
    ]


@pytest.mark.parametrize("word", ["set_signal_range", "add_signal_range", "remove_signal_range"])
def test_a_range_without_numbers_is_chosen_in_the_plot(model, opened, word, monkeypatch):
    model.set_signal_range(*[0, 3, 0, 3][: 2 * model.axes_manager.signal_dimension])
    monkeypatch.setattr("hsjupyter.verbs.ranges.in_notebook", lambda: True)
    getattr(model, word)()
    ((thing, what, options),) = opened
    assert (thing, what) == (model, "select_range")
    ends = [2, 6, 2, 6][: 2 * model.axes_manager.signal_dimension]
    before = model.channel_switches.sum()
    options["wish"]["then"](*ends)
    assert model.channel_switches.sum() != before


@pytest.mark.parametrize("word", ["set_signal_range", "add_signal_range", "remove_signal_range"])
def test_elsewhere_a_range_without_numbers_is_refused_with_the_form_that_works(model, word):
    ends = ["x1, x2", "x1, x2, y1, y2"][model.axes_manager.signal_dimension - 1]
    with pytest.raises(AxisError, match=rf"in a notebook only; .* m\.{word}\({ends}\)"):
        getattr(model, word)()


def test_what_no_view_can_do_is_told(model):
    with pytest.raises(GuiMissing, match="give the numbers as arguments instead"):
        door.open_gui(model, "imagine")


def test_a_missing_library_is_told(model, monkeypatch):
    def missing(_):
        raise ModuleNotFoundError("bqplot", name="bqplot")

    monkeypatch.setattr(door, "import_module", missing)
    with pytest.raises(ImportError, match=r"no module 'bqplot'; install them with: pip install"):
        model.plot()


def test_views_wait_as_long_as_anyone_wants_them_to():
    m = hs.signals.Signal1D(np.ones(9)).create_model()
    with m.suspend_update(), m.suspend_update():
        assert m.suspended == 2
    assert m.suspended == 0
    m.resume_update()
    assert m.suspended == 0
    drawn = m.redraw
    m.update_plot(render_figure=True, update_ylimits=True)
    assert m.redraw == drawn + 1
    with pytest.raises(ZeroDivisionError), m.suspend_update():
        1 / 0  # noqa: B018
    assert m.suspended == 0
