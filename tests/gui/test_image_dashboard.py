"""A dashboard of images: its plot, what a visitor may drag there, what comes in and goes home."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import hsjupyter.api as hs
from hsjupyter.gui.dashboard import Dashboard
from hsjupyter.gui.plain import verdicts_of
from hsjupyter.gui.settings import Settings
from hsjupyter.storage.recipes import make_recipe, model_for, read_recipe
from tests.gui.test_dashboard import Desk
from tests.gui.wire import Page, View


def spots(rows: int = 3, scale: float = 0.5) -> Any:
    """Images of 24x32 pixels with one spot each."""
    axes = [
        {"name": "row", "size": rows, "navigate": True},
        {"name": "y", "size": 24, "scale": scale, "units": "nm", "navigate": False},
        {"name": "x", "size": 32, "scale": scale, "units": "nm", "navigate": False},
    ]
    noise = np.random.default_rng(5).normal(0.0, 0.1, size=(rows, 24, 32))
    signal = hs.signals.Signal2D(noise, axes=axes)
    shape = hs.model.components2D.Gaussian2D(
        A=60.0, sigma_x=1.5, sigma_y=1.0, centre_x=8.0, centre_y=6.0
    )
    signal.data = signal.data + shape.function(*signal.signal_coordinates())
    return signal


@pytest.fixture
def model() -> Any:
    made = spots().create_model()
    start = {"A": 50.0, "sigma_x": 1.0, "sigma_y": 1.0, "centre_x": 7.0, "centre_y": 5.0}
    made.append(hs.model.components2D.Gaussian2D(name="spot", **start))
    return made


@pytest.fixture
def dashboard(page: Page, model: Any) -> Iterator[Dashboard]:
    del page
    recipe = make_recipe(model, touch={"spot.sigma_x": "locked", "spot.rotation_angle": "locked"})
    made = Dashboard(model, recipe, Settings())
    yield made
    made.close()


def test_a_recipe_of_images_has_a_page_with_pictures(page: Page, dashboard: Dashboard) -> None:
    plot = View(page, dashboard.plot.host)
    assert plot.state["kind"] == "image"
    assert dashboard.head.desk["suffixes"] == [".hspy"]
    (spot,) = plot.state["image"]["handles"].values()
    slots = plot.state["spec"]["slots"]
    # A handle that is refused is none.
    assert [slots[k] for k in spot["widths"]] == [plot.slot("spot.sigma_y")]
    assert spot["angle"] is None
    assert plot.ask("set", slot=plot.slot("spot.centre_x"), field="value", value=7.5)["ok"]
    assert not plot.ask("set", slot=plot.slot("spot.sigma_x"), field="value", value=2.0)["ok"]


def test_a_spot_whose_place_is_locked_cannot_be_dragged(page: Page, model: Any) -> None:
    made = Dashboard(model, make_recipe(model, touch={"spot.centre_y": "locked"}), Settings())
    assert View(page, made.plot.host).state["image"]["handles"] == {}
    made.close()


def test_a_visitor_s_images_are_taken_and_spectra_are_not(
    page: Page, dashboard: Dashboard, tmp_path: Path
) -> None:
    head = Desk(page, dashboard.head)
    own = Path(spots(2).save(tmp_path / "own.hspy")).read_bytes()
    assert head.upload(own, "own.hspy")["ok"]
    assert dashboard.model.axes_manager.navigation_shape == (2,)
    answer = head.upload(b"1,2", "a.csv")
    assert "it reads .hspy (reference" in answer["error"]
    lines = hs.signals.Signal1D(np.ones((2, 64))).save(tmp_path / "lines.hspy")
    answer = head.upload(Path(lines).read_bytes(), "lines.hspy")
    assert "are spectra, and this page is made for images" in answer["error"]


def test_a_report_of_images_has_them_and_their_maps(dashboard: Dashboard, model: Any) -> None:
    report = dashboard.make("report")[2].decode()
    assert re.findall('alt="([^"]*)"', report) == ["the data, the fit, and what is left over"]
    model.multifit(show_progressbar=False)
    model.axes_manager.indices = (2,)
    report = dashboard.make("report")[2].decode()
    assert "maps of the fitted values, and three images with their fits" in report
    assert "<h2>Values, at row 2</h2>" in report
    assert report.count("data:image/png;base64,") == 2
    assert model.axes_manager.indices == (2,)
    assert dashboard.make("csv")[2].count(b"\n") == 4


def test_the_quality_of_images_is_told_without_lines(model: Any) -> None:
    model.fit()
    assert "should show no pattern" in verdicts_of(model, {})[0]["text"]
    model.signal.set_noise_variance(0.01)
    model.fit()
    assert verdicts_of(model, {})[0]["text"].startswith("Good")
    assert "line" not in str(verdicts_of(model, {}))


def test_a_recipe_keeps_the_rectangle_where_its_fit_looks(model: Any, tmp_path: Path) -> None:
    model.set_signal_range(x1=4.0, x2=12.0, y1=2.0, y2=10.0)
    again, _ = read_recipe(model.save_recipe(tmp_path / "r.hspy"))
    made = model_for(again, spots(2, scale=0.25))
    x, y = made.signal.signal_coordinates()
    inside = (x >= 4.0) & (x <= 12.0) & (y >= 2.0) & (y <= 10.0)
    # Within half a pixel of the recipe's.
    wrong = inside != made.channel_switches
    assert made.channel_switches.shape == (24, 32)
    assert not wrong[(np.abs(x - 4) > 0.3) & (np.abs(y - 2) > 0.3)].any()
    assert 0 < made.channel_switches.sum() < inside.size
