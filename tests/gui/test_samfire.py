"""The view of a SAMFire fit: it follows waves, pixels and choices, and refuses what is none."""

import numpy as np
import pytest

from hsjupyter.gui.samfire_panel import CHOICES, map_of_samfire, record_of_samfire
from hsjupyter.gui.show import plot_samfire
from tests.gui.wire import View
from tests.samfire.maps import seeded


@pytest.fixture
def shown(page):
    m, _, samf = seeded((3, 4))
    host = plot_samfire(samf, display=False)["ipywidgets"]["wdict"]["host"]
    return m, samf, host, View(page, host)


def layer(host):
    record = host.map
    return np.frombuffer(host.map_values).reshape(record["shape"][::-1])


def test_the_map_follows_the_fit(shown):
    _, samf, host, _ = shown
    assert host.map["shape"] == [4, 3]
    assert layer(host).sum() == 2  # one seed is done
    samf.start(show_progressbar=False)
    host.flush()
    assert (layer(host) == 2).all()
    assert host.samfire["left"] == 0
    assert host.samfire["strategies"][0] == {
        "name": "Reduced chi squared strategy",
        "active": True,
        "done": 11,
    }
    assert host.run["state"] == "done"
    assert host.spec["title"] == "SAMFire: Model"


def test_a_pixel_tells_its_history(shown):
    m, samf, host, view = shown
    samf.start(show_progressbar=False)
    view.ask(kind="pixel", indices=[2, 1])
    assert m.axes_manager.indices == (2, 1)
    assert host.samfire["title"].startswith("pixel (2, 1): done as number")
    assert host.samfire["history"] == [str(a) for a in samf.history(2, 1)]
    m.axes_manager.indices = (0, 0)
    host.flush()
    assert "a seed" in host.samfire["title"]


@pytest.mark.parametrize("choice", CHOICES)
def test_every_choice_is_a_map(shown, choice):
    _, samf, host, view = shown
    samf.start(show_progressbar=False)
    answer = view.ask(kind="map", choice=choice)
    assert answer["ok"]
    assert host.map["choice"] == choice
    numbers = layer(host)
    if choice == "order":
        assert sorted(numbers.ravel()) == list(range(12))
    if choice == "fits":
        assert numbers.sum() == samf.ledger.fits
    if choice == "distance":
        assert numbers.ravel()[0] == 0
        assert 1 <= numbers.max() <= 3


def test_a_choice_that_is_none_is_refused(shown):
    _, samf, _, view = shown
    answer = view.ask(kind="map", choice="colour")
    assert not answer["ok"]
    assert "has no 'colour'" in answer["error"]
    assert map_of_samfire(samf)[0]["choice"] == "state"


def test_rejected_pixels_are_marked_and_histograms_shown(shown):
    m, samf, host, _ = shown
    m.signal.data[1, 1] = 5 + 20 * np.sin(np.arange(60) / 4) ** 2
    with pytest.warns(UserWarning, match="1 pixels have no good fit"):
        samf.start(show_progressbar=False)
    host.flush()
    assert host.map["failed"] == [5]
    record = record_of_samfire(samf)
    assert samf.strategies.active == 1
    names = {one["name"] for one in record["histograms"]}
    assert names == {"Gaussian.A", "Gaussian.centre", "Gaussian.sigma", "Offset.offset"}
    assert sum(record["histograms"][0]["heights"]) == samf.pixels_done


def test_cancel_stops_the_fit(shown):
    _, samf, _, view = shown
    run = samf.start(block=False)
    view.ask(kind="cancel")
    run.settle(60)
    assert run.over
    assert run.stopping


def test_shown_twice_it_is_one(shown):
    _, samf, host, _ = shown
    again = plot_samfire(samf, display=False)["ipywidgets"]["widget"]
    assert again is host
    assert samf.plot(on_count=True) is None or samf.count % samf.plot_every == 0
