"""A page that hears every widget, and models to show on it."""

from collections.abc import Callable, Iterator

import numpy as np
import pytest
from ipywidgets import Widget

import hsjupyter.api as hs
from hsjupyter.model import Model1D
from tests.gui.wire import Page, View, opened


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    with opened(monkeypatch) as page:
        yield page
        Widget.close_all()


def two_lines() -> Model1D:
    """A map of 4x3 pixels with two lines on a constant, over 64 channels."""
    x = np.linspace(0, 10, 64)
    rng = np.random.default_rng(7)
    lines = 30 * np.exp(-((x - 3) ** 2) / 0.5) + 20 * np.exp(-((x - 7) ** 2) / 0.5) + 5
    axes = [
        {"name": "y", "size": 3, "units": "nm", "scale": 2.0, "navigate": True},
        {"name": "x", "size": 4, "units": "nm", "scale": 0.5, "offset": 10.0, "navigate": True},
        {"name": "Energy", "size": 64, "units": "eV", "scale": 10 / 63, "navigate": False},
    ]
    data = lines + rng.normal(scale=0.3, size=(3, 4, 64))
    model = hs.signals.Signal1D(data, axes=axes).create_model()
    gaussian = hs.model.components1D.Gaussian
    model.extend(
        [
            gaussian(A=30.0, sigma=0.5, centre=3.1, name="left"),
            gaussian(A=20.0, sigma=0.5, centre=6.9, name="right"),
            hs.model.components1D.Offset(),
        ]
    )
    return model


@pytest.fixture
def model() -> Model1D:
    return two_lines()


@pytest.fixture
def view(page: Page) -> Callable[..., View]:
    """Show a thing, as its gui() or plot() does; what the browser then has."""

    def show(thing: object, what: str = "gui", **options: object) -> View:
        shown = getattr(thing, what)(display=False, **options)
        return View(page, shown["ipywidgets"]["wdict"]["host"])

    return show
