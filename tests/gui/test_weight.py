"""How much a model of twenty-five components sends until it is shown, and while dragged."""

import json

import numpy as np
import pytest

import hsjupyter.api as hs
from hsjupyter.gui import host

FEW = 300_000
"""Bytes of a whole gui, without the bundle that every widget page loads once."""


@pytest.fixture
def many(page):
    model = hs.signals.Signal1D(np.ones((2, 512))).create_model()
    gaussian = hs.model.components1D.Gaussian
    model.extend([gaussian(A=2.0, sigma=1.0, centre=float(c), name=f"line {c}") for c in range(25)])
    page.messages.clear()
    return model


def weight(page):
    """Bytes of all messages as JSON and buffers; the bundle is the same for every gui."""
    total = 0
    for name, _, data in page.messages:
        state = {k: v for k, v in data.get("state", {}).items() if k not in {"_esm", "_css"}}
        total += len(json.dumps({**data, "state": state}))
        total += sum(
            len(value)
            for value in page.states.get(name, {}).values()
            if isinstance(value, bytes | bytearray)
        )
    return total


def test_a_gui_of_many_components_is_light(page, many):
    many.gui(display=False)
    assert sum(host.bundle(name).stat().st_size for name in ("widget.js", "widget.css")) < FEW
    assert weight(page) < FEW / 4


def test_a_gui_of_many_components_is_few_widgets(page, many):
    many.gui(display=False)
    assert len(page.comms) == 2  # the host and its layout


def test_a_moved_slider_sends_its_column_alone(page, view, many):
    shown = view(many)
    page.messages.clear()
    slot = shown.state["spec"]["slots"][4]
    shown.ask("set", slot=slot, field="value", value=2.5)
    states = [data["state"] for _, _, data in page.messages if data.get("method") == "update"]
    assert {name for state in states for name in state} <= {"values", "history"}
    assert weight(page) < 5_000
