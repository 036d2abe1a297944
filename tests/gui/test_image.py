"""The plot of images: the kernel sends pixels and axes, the browser draws and drags."""

import numpy as np
import pytest

import hsjupyter.api as hs
from hsjupyter.gui import show

TWO = hs.model.components2D


class Steps(hs.Component):
    """A shape without a closed form, for which the kernel is asked."""

    dimensions = 2
    height = hs.Par(1.0)

    @staticmethod
    def profile(x, y, height):
        return height * np.mod(x + y, 2.0)


@pytest.fixture
def images():
    axes = [
        {"name": "row", "size": 3, "navigate": True},
        {"name": "y", "size": 8, "scale": 0.5, "units": "nm", "navigate": False},
        {"name": "x", "size": 10, "scale": 0.5, "offset": 2.0, "units": "nm", "navigate": False},
    ]
    data = np.random.default_rng(2).normal(1.0, 0.1, size=(3, 8, 10))
    m = hs.signals.Signal2D(data, axes=axes).create_model()
    m.append(TWO.Gaussian2D(A=3.0, centre_x=4.0, centre_y=2.0, name="spot"))
    m.append(TWO.Gaussian2D(A=3.0, centre_x=3.0, centre_y=3.0, name="other"))
    return m


def numbers(view, name):
    return np.frombuffer(view.state[name])


def test_the_image_of_the_pixel_and_its_axes_are_sent(page, view, images):
    plot = view(images, "plot")
    assert plot.state["kind"] == "image"
    np.testing.assert_array_equal(numbers(plot, "data"), images.signal.data[0].ravel())
    np.testing.assert_array_equal(numbers(plot, "x"), 2.0 + 0.5 * np.arange(10))
    np.testing.assert_array_equal(numbers(plot, "y"), 0.5 * np.arange(8))
    record = plot.state["image"]
    assert (record["x"]["name"], record["y"]["units"], record["square"]) == ("x", "nm", True)
    assert record["quantity"] == "Intensity"
    assert len(plot.state["map_values"]) == 3 * 8
    assert plot.ask("pixel", indices=[2])["ok"]
    np.testing.assert_array_equal(numbers(plot, "data"), images.signal.data[2].ravel())


def test_a_handle_moves_both_positions_and_the_kernel_wins(page, view, images):
    plot = view(images, "plot")
    spot = plot.state["spec"]["components"][0]["id"]
    x, y = plot.state["image"]["handles"][spot]
    slots = plot.state["spec"]["slots"]
    assert (slots[x], slots[y]) == (plot.slot("spot.centre_x"), plot.slot("spot.centre_y"))
    images[0].centre_x.set_bounds(2.0, 5.0)
    assert plot.ask("set", slot=slots[x], field="value", value=9.0)["ok"]
    assert plot.ask("set", slot=slots[y], field="value", value=1.5)["ok"]
    assert (images[0].centre_x.value, images[0].centre_y.value) == (5.0, 1.5)
    assert plot.shown("spot.centre_x") == 5.0


def test_sliders_of_positions_go_along_their_own_axes(page, view, images):
    records = view(images).state["spec"]["components"][0]["parameters"]
    hints = {record["name"]: record["hint"] for record in records}
    assert hints["centre_x"] == [2.0, 6.5]
    assert hints["centre_y"] == [0.0, 3.5]
    assert hints["A"] is None


def test_where_no_fit_looks_is_told(page, view, images):
    plot = view(images, "plot")
    assert plot.state["inside"] == b""
    images.set_signal_range(3.0, 5.0, 1.0, 2.0)
    plot.host.flush()
    inside = np.frombuffer(plot.state["inside"], dtype=np.uint8).reshape(8, 10)
    np.testing.assert_array_equal(inside.astype(bool), images.channel_switches)


def test_adjusting_chooses_handles_and_keeps_positions_from_a_fit(page, view, images):
    plot = view(images, "plot")
    images.enable_adjust_position(components=["spot"], show_label=False)
    record = plot.state["image"]
    assert list(record["handles"]) == [plot.state["spec"]["components"][0]["id"]]
    assert not record["labels"]
    assert not images[0].centre_x.free
    assert not images[0].centre_y.free
    assert images[1].centre_x.free
    images.disable_adjust_position()
    assert plot.state["image"]["handles"] == {}
    assert images[0].centre_x.free
    assert images[0].centre_y.free


def test_outlines_are_drawn_where_components_are_asked_for(page, view, images):
    plot = view(images, "plot", plot_components=True)
    assert plot.state["image"]["outlines"]
    images.disable_plot_components()
    assert not plot.state["image"]["outlines"]


def test_what_the_browser_cannot_evaluate_is_sent(page, view, images):
    images.append(Steps())
    plot = view(images, "plot")
    (line,) = plot.state["pushed"].values()
    np.testing.assert_array_equal(
        np.frombuffer(line), images[2].function(*images.signal.signal_coordinates()).ravel()
    )
    handles = plot.state["image"]["handles"]
    assert len(handles) == 2
    images[2].height.value = 3.0
    show._plots[images].flush()  # noqa: SLF001 - the frames wait up to 1/20 s
    (line,) = plot.state["pushed"].values()
    assert np.frombuffer(line).max() > 2


def test_components_that_come_and_go_change_the_handles(page, view, images):
    plot = view(images, "plot")
    images.append(TWO.Gaussian2D())
    images.remove("spot")
    plot.host.flush()
    assert set(plot.state["image"]["handles"]) == {
        one["id"] for one in plot.state["spec"]["components"]
    }


def test_a_signal_is_plotted_without_a_model(page, images):
    shown = images.signal.plot(display=False)["ipywidgets"]
    host = shown["wdict"]["host"]
    assert (host.kind, host.spec["components"]) == ("image", [])
    assert shown["widget"] is host


def test_axes_that_are_moved_afterwards_are_drawn_anew(page, images):
    first = images.plot(display=False)["ipywidgets"]["wdict"]["host"]
    assert images.plot(display=False)["ipywidgets"]["wdict"]["host"] is first
    images.signal.axes_manager["x"].offset = 0.0
    again = images.plot(display=False)["ipywidgets"]["wdict"]["host"]
    assert again is not first
    np.testing.assert_array_equal(np.frombuffer(again.x), 0.5 * np.arange(10))


def test_a_closed_plot_leaves_nothing_open(page, images):
    before = set(page.comms)
    host = images.plot(display=False)["ipywidgets"]["wdict"]["host"]
    host.close()
    assert set(page.comms) == before


def test_a_number_for_every_pixel_is_plotted_as_a_picture_or_a_line(page, images):
    numbers = images.signal.sum("x").sum("y")
    assert numbers.axes_manager.signal_dimension == 0
    assert numbers.plot(display=False)["ipywidgets"]["wdict"]["host"].kind == "plot"
    stack = hs.signals.Signal1D(np.ones((3, 4, 5))).sum(-1)
    assert stack.plot(navigator="auto", display=False)["ipywidgets"]["widget"].kind == "image"


def test_what_has_three_signal_axes_is_refused_with_a_way_out(page):
    with pytest.raises(ValueError, match=r"has 3 signal axes; .*as_signal2D\(axes\)"):
        hs.signals.BaseSignal(np.ones((2, 3, 4))).plot(display=False)


def test_an_unknown_option_of_a_plot_is_told(page, images):
    with pytest.raises(ValueError, match=r"has no 'plot_residuals'; did you mean 'plot_residual'"):
        images.plot(display=False, plot_residuals=True)
