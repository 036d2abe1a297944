"""The plot: Python writes data and limits, the browser all lines."""

import numpy as np
import pytest

import hsjupyter.api as hs
from hsjupyter.gui import show
from hsjupyter.gui.extents import limits, round_end
from hsjupyter.gui.figure import POINTS, Plot
from hsjupyter.gui.names import PALETTE, colour_of
from hsjupyter.gui.show import plot
from tests.gui.conftest import two_lines


class Saw(hs.Component):
    """A shape without a closed form, for which the kernel is asked."""

    height = hs.Par(1.0)

    @staticmethod
    def profile(x, height):
        return height * np.mod(x, 1.0)


def parts(model, **options):
    shown = plot(model, display=False, **options)["ipywidgets"]
    return shown["wdict"]["figure"], shown["wdict"]["host"]


def test_the_data_of_the_pixel_are_drawn_and_named(page, model):
    figure, host = parts(model)
    outside, data = figure.marks[:2]
    np.testing.assert_array_equal(data.y, model.signal.data[0, 0])
    assert outside.x.size == 0
    assert [axis.label for axis in figure.axes] == ["Energy (eV)", "Intensity"]
    np.testing.assert_array_equal(np.frombuffer(host.x), data.x)


def test_data_and_limits_follow_the_pixel(page, view, model):
    model.signal.data[2, 3] = 1e4
    shown = view(model, "plot")
    figure, host = parts(model)
    shown.ask("pixel", indices=[3, 2])
    np.testing.assert_array_equal(figure.marks[1].y, model.signal.data[2, 3])
    assert figure.axes[1].scale.min < 1e4 < figure.axes[1].scale.max
    assert host.limits[3] == figure.axes[1].scale.max
    np.testing.assert_array_equal(np.frombuffer(host.data), model.signal.data[2, 3])


def test_components_are_shown_with_the_zero_they_stand_on(page, model):
    # Above zero, but not so far that it would bury the peaks.
    model.signal.data += 15.0
    model["Offset"].offset.value = 20.0
    _, host = parts(model)
    assert host.limits[2] > 0
    _, host = parts(model, plot_components=True)
    assert host.limits[2] < 0 < host.limits[3]


def test_channels_that_no_fit_looks_at_are_pale(page, model):
    figure, host = parts(model)
    switches = np.ones(64, dtype=bool)
    switches[40:] = False
    model.channel_switches = switches
    host.flush()
    outside, data = figure.marks[:2]
    assert (outside.x.size, data.x.size) == (24, 40)
    assert outside.opacities[0] < data.opacities[0]


def test_channels_without_a_number_are_left_out(page, model):
    model.signal.data[0, 0, 5] = np.nan
    figure, _ = parts(model)
    assert figure.marks[1].x.size == 63


def test_long_spectra_are_one_line(page):
    signal = hs.signals.Signal1D(np.ones(POINTS + 1))
    figure, _ = parts(signal.create_model())
    assert len(figure.marks[1].y) == POINTS + 1


def test_every_component_with_a_position_has_a_handle(page, model):
    _, host = parts(model)
    assert len(host.curves["lines"]) == 3
    assert len(host.curves["handles"]) == 2
    names = {part["id"]: part["name"] for part in host.spec["components"]}
    assert [names[part] for part in host.curves["handles"]] == ["left", "right"]


def test_components_come_and_go(page, model):
    figure, host = parts(model)
    before = len(page.comms)
    model.append(hs.model.components1D.Gaussian(name="new"))
    host.flush()
    assert len(host.curves["handles"]) == 3
    assert set(host.curves["lines"].values()) <= {mark.model_id for mark in figure.marks}
    model.remove("new")
    host.flush()
    assert len(host.curves["handles"]) == 2
    assert len(page.comms) == before


def test_lines_of_components_are_asked_for(page, model):
    figure, host = parts(model)
    lines = [m for m in figure.marks if m.model_id in host.curves["lines"].values()]
    assert not any(mark.visible for mark in lines)
    parts(model, plot_components=True)
    assert all(mark.visible for mark in lines)
    assert host.curves["show_lines"]


def test_the_residual_has_a_panel_below_with_limits_of_its_own(page, model):
    model["left"].centre.value = 5.0
    shown = plot(model, display=False)["ipywidgets"]
    box, host = shown["widget"], shown["wdict"]["host"]
    assert len(box.children) == 2
    parts(model, plot_residual=True)
    assert host.curves["show_residual"]
    panel = box.children[1]
    scale = panel.axes[1].scale
    residual = model.signal.data[0, 0] - model()
    assert scale.min < residual.min() < residual.max() < scale.max
    assert panel.axes[0].scale is shown["wdict"]["figure"].axes[0].scale
    assert host.curves["residual"] in {mark.model_id for mark in panel.marks}
    parts(model)
    assert len(box.children) == 2


def test_handles_of_chosen_components_fix_them_until_they_are_taken_off(page, model):
    _, host = parts(model)
    model["left"].centre.free = False
    model.enable_adjust_position(["right"], show_label=False)
    assert len(host.curves["handles"]) == 1
    assert not host.curves["labels"]
    assert not model["right"].centre.free
    model.disable_adjust_position()
    assert host.curves["handles"] == []
    assert model["right"].centre.free
    model.enable_adjust_position(fix_them=False)
    assert len(host.curves["handles"]) == 2
    assert (model["left"].centre.free, model["right"].centre.free) == (False, True)


def test_components_are_drawn_and_not_drawn(page, model):
    _, host = parts(model)
    model.enable_plot_components()
    assert host.curves["show_lines"]
    model.disable_plot_components()
    assert not host.curves["show_lines"]


def test_a_signal_is_plotted_without_a_model(page, model):
    shown = show.plot_signal(model.signal, display=False)["ipywidgets"]["wdict"]
    figure, host = shown["figure"], shown["host"]
    assert host.spec["components"] == []
    assert host.map["shape"] == [4, 3]
    line = next(mark for mark in figure.marks if mark.model_id == host.curves["model"])
    assert not line.visible
    low, data = figure.axes[1].scale.min, model.signal.data[0, 0]
    assert 0 < low < data.min()


def test_a_component_without_formula_is_evaluated_here(page, model):
    saw = Saw()
    model.append(saw)
    plotted = Plot(model)
    plotted.flush()
    saw.height.value = 4.0
    plotted.flush()
    assert len(plotted.host.pushed) == 1
    line = np.frombuffer(next(iter(plotted.host.pushed.values())))
    np.testing.assert_array_equal(line, model([saw]))
    assert line.max() > 3


def test_a_model_of_formulas_pushes_no_line(page, model):
    plotted = Plot(model)
    plotted.flush()
    page.messages.clear()
    model[0].A.value = 1.0
    plotted.flush()
    assert plotted.host.pushed == {}
    assert len(page.updates(plotted.host.model_id)) == 1


def test_what_a_low_loss_spreads_is_evaluated_here(page, model):
    plotted = Plot(model)
    model[1].convolved = False
    axis = {"name": "Energy", "size": 64, "units": "eV", "scale": 10 / 63, "offset": -1.0}
    model.low_loss = hs.signals.Signal1D(np.eye(64)[6], axes=[axis | {"navigate": False}])
    plotted.flush()
    assert [c["js"] is None for c in plotted.host.spec["components"]] == [True, False, False]
    (line,) = plotted.host.pushed.values()
    np.testing.assert_array_equal(np.frombuffer(line), model([model[0]]))


def test_both_panels_begin_and_end_at_the_same_place(page, model):
    plotted = Plot(model)
    panels = (plotted.figure, plotted.parts.rest)
    for sides in ("left", "right"):
        assert len({panel.fig_margin[sides] for panel in panels}) == 1
    # What stands around the figure, too; by default a widget keeps a distance.
    assert {panel.layout.margin for panel in panels} == {"0"}


def test_widths_are_sent_where_the_data_are_binned(page, model):
    _, host = parts(model)
    assert host.widths == b""
    binned = two_lines().signal
    binned.axes_manager.signal_axes[0].is_binned = True
    other = binned.create_model()
    _, host = parts(other)
    np.testing.assert_allclose(np.frombuffer(host.widths), 10 / 63, rtol=1e-12)


@pytest.mark.parametrize(
    ("data", "model", "low", "high"),
    [
        ([0.0, 10.0], [0.0, 5.0], -0.6, 10.6),
        ([0.0, 10.0], [0.0, 15.0], -0.9, 15.9),
        ([0.0, 10.0], [0.0, 1e9], -1.2, 21.2),
        ([0.0, np.nan, 10.0], [np.nan, np.inf, 3.0], -0.6, 10.6),
        ([5.0, 5.0], [5.0, 5.0], 4.7, 5.3),
        ([np.nan], [1.0], 0.0, 1.0),
        ([0.0], [0.0], -0.06, 0.06),
    ],
)
def test_limits_show_the_data_and_no_absurd_model(data, model, low, high):
    found = limits(np.array(data), np.array(model))
    assert found == pytest.approx((low, high))


@pytest.mark.parametrize(
    ("numbers", "end"),
    [
        ([3.0, -7.1], 10.0),
        ([0.04, 0.02], 0.05),
        ([200.0], 200.0),
        ([np.nan], 1.0),
        ([0.0], 1.0),
    ],
)
def test_a_residual_ends_at_a_round_number(numbers, end):
    assert round_end(np.array(numbers)) == pytest.approx(end)


def test_colours_begin_again_where_there_are_more_components_than_colours(page):
    m = hs.signals.Signal1D(np.ones(20)).create_model()
    m.extend(hs.model.components1D.Gaussian() for _ in range(25))
    show.plot(m, display=False)
    colours = [colour_of(component) for component in m]
    assert colours[:10] == list(PALETTE)
    assert colours[10:20] == list(PALETTE)
