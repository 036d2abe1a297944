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
    x, y = plot.state["image"]["handles"][spot]["position"]
    slots = plot.state["spec"]["slots"]
    assert (slots[x], slots[y]) == (plot.slot("spot.centre_x"), plot.slot("spot.centre_y"))
    images[0].centre_x.set_bounds(2.0, 5.0)
    assert plot.ask("set", slot=slots[x], field="value", value=9.0)["ok"]
    assert plot.ask("set", slot=slots[y], field="value", value=1.5)["ok"]
    assert (images[0].centre_x.value, images[0].centre_y.value) == (5.0, 1.5)
    assert plot.shown("spot.centre_x") == 5.0


def slots_of(plot, component):
    """What the handles of a component move, by name."""
    spot = plot.state["image"]["handles"].get(component)
    if spot is None:
        return None
    slots = plot.state["spec"]["slots"]
    name = {place: slot.split(".", 1)[1] for place, slot in enumerate(slots)}
    return {
        "position": [name[slot] for slot in spot["position"]],
        "widths": [name[slot] for slot in spot["widths"]],
        "angle": name.get(spot["angle"]),
        "pivot": [
            (place["value"] if place["slot"] is None else name[place["slot"]])
            for place in spot["pivot"]
        ],
    }


def added(plot, model, component):
    """The id of a component, once it is added to the model and told."""
    model.append(component)
    plot.host.flush()
    return plot.state["spec"]["components"][-1]["id"]


def test_handles_turn_and_widen_a_gaussian(page, view, images):
    plot = view(images, "plot")
    spot = plot.state["spec"]["components"][0]["id"]
    assert slots_of(plot, spot) == {
        "position": ["centre_x", "centre_y"],
        "widths": ["sigma_x", "sigma_y"],
        "angle": "rotation_angle",
        "pivot": [],
    }
    assert plot.state["image"]["handles"][spot]["reach"] == [1.0, 1.0]
    angle = plot.slot("spot.rotation_angle")
    assert plot.ask("set", slot=angle, field="value", value=0.4)["ok"]
    assert images[0].rotation_angle.value == 0.4


DISC = "k * exp(-(x - x0)**2 / 8 - (y - y0)**2 / 2)"
TURNS = [
    ({}, None, []),
    ({"add_rotation": True}, "rotation_angle", []),
    ({"add_rotation": True, "rotation_center": (1.0, 2)}, "rotation_angle", [1.0, 2.0]),
    ({"add_rotation": True, "rotation_center": ("cx", 2.0)}, "rotation_angle", ["cx", 2.0]),
]


@pytest.mark.parametrize("turn", TURNS)
def test_a_formula_is_turned_about_what_it_was_given(page, view, images, turn):
    how, angle, pivot = turn
    plot = view(images, "plot")
    made = TWO.Expression(DISC, "disc", position=("x0", "y0"), **how)
    shown = slots_of(plot, added(plot, images, made))
    assert (shown["angle"], shown["pivot"]) == (angle, pivot)
    assert shown["widths"] == []
    if angle is not None:
        assert made.rotation_angle.units == "rad"


@pytest.mark.parametrize("center", [("x0", 2.0), ("x0 + 1", 2.0)])
def test_what_is_turned_about_half_of_itself_has_no_handle(page, view, images, center):
    plot = view(images, "plot")
    made = TWO.Expression(
        DISC, "disc", position=("x0", "y0"), add_rotation=True, rotation_center=center
    )
    assert slots_of(plot, added(plot, images, made)) is None


def test_a_word_of_a_formula_alone_turns_nothing(page, view, images):
    plot = view(images, "plot")
    made = TWO.Expression(f"{DISC} + rotation_angle", "disc", position=("x0", "y0"))
    assert slots_of(plot, added(plot, images, made))["angle"] is None


class Disc(hs.Component):
    """Of one length, a radius, given as a full width."""

    dimensions = 2
    formula = "height * exp(-((x - a)**2 + (y - b)**2) / fwhm**2)"
    height = hs.Par(1.0, unit="y")
    a = hs.Par(0.0, unit="x")
    b = hs.Par(0.0, unit="x")
    fwhm = hs.Par(1.0, bmin=0.0, unit="x")
    position = ("a", "b")


def test_a_full_width_reaches_half_of_it(page, view, images):
    plot = view(images, "plot")
    disc = added(plot, images, Disc())
    assert slots_of(plot, disc)["widths"] == ["fwhm"]
    assert plot.state["image"]["handles"][disc]["reach"] == [0.5]


def test_sliders_of_positions_go_along_their_own_axes(page, view, images):
    records = view(images).state["spec"]["components"][0]["parameters"]
    hints = {record["name"]: record["hint"] for record in records}
    assert hints["centre_x"] == [2.0, 6.5]
    assert hints["centre_y"] == [0.0, 3.5]
    assert hints["A"] is None
    assert hints["rotation_angle"] == pytest.approx([-np.pi, np.pi])


def test_what_is_added_to_an_image_is_written_as_python_that_adds_it(page, view, images):
    shown, before = view(images), len(images)
    assert shown.ask("add", component="Gaussian2D", formula="")["ok"]
    assert shown.ask("add", component="ramp", formula="a * x + b * y")["ok"]
    names = {"hs": hs, "m": images.signal.create_model()}
    exec(shown.ask("script")["text"], names)  # noqa: S102 - that it can be run is what is tested
    assert [c.name for c in names["m"]] == [c.name for c in images][before:]


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
