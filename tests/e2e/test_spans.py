"""Ranges of a spectrum, dragged in the plot with the mouse."""

import re

from playwright.sync_api import Locator, expect

from tests.e2e.notebook import Notebook
from tests.e2e.pointing import box_of

PLOT = ".hsj-root:has(.hsj-kind-plot)"
LINES = """
import numpy as np
import hsjupyter.api as hs
c1 = hs.model.components1D
x = np.linspace(0, 20, 400)
lines = sum(a * np.exp(-((x - x0) ** 2) / 0.5) for a, x0 in ((30, 5), (20, 14)))
axis = {"name": "Energy", "size": 400, "scale": 20 / 399, "units": "eV"}
noise = np.random.default_rng(1).normal(0, 0.5, 400)
m = hs.signals.Signal1D(lines + noise, axes=[axis]).create_model()
m.append(c1.Gaussian(A=10, sigma=1.0, centre=8.0, name="left"))
m.append(c1.Gaussian(A=25, sigma=0.5, centre=14.0, name="right"))
"""


def pull(lab: Notebook, of: Locator, dx: float) -> None:
    """Take it in its middle, off the handles, and move it along the axis."""
    box = box_of(of)
    x, y = box["x"] + box["width"] / 2, box["y"] + 0.15 * box["height"]
    mouse = lab.page.mouse
    mouse.move(x, y)
    mouse.down()
    mouse.move(x + dx, y, steps=10)
    mouse.up()


def test_a_person_drags_a_range_and_fits_a_component_in_another(lab: Notebook):
    lab.page.set_viewport_size({"width": 1400, "height": 1000})
    lab.open()
    lab.cell(LINES)
    lab.cell("m.set_signal_range()")
    plot = lab.page.locator(PLOT)
    bar, span = plot.locator(".hsj-spanbar"), lab.page.locator(".hsj-over .hsj-span")
    expect(bar).to_contain_text("Set signal range: drag the span, or its ends")
    width = box_of(lab.page.locator(".hsj-over"))["width"]
    ev = width / 20
    lab.screenshot("span-light-1400")
    # It begins in the middle half, 5 to 15 eV.
    pull(lab, span.locator(".hsj-grip.hsj-left"), -3 * ev)
    pull(lab, span, 2 * ev)
    bar.get_by_role("button", name="Apply").click()
    lab.wait_until("not m.channel_switches.all()")
    expect(bar).to_have_count(0)
    inside = lab.run("e = m.axis.axis[m.channel_switches]; print(e.min(), e.max())")
    low, high = map(float, inside.split())
    assert abs(low - 4) < 0.2
    assert abs(high - 17) < 0.2
    lab.run("m.reset_signal_range()")
    lab.cell("m.fit_component('left')")
    expect(bar.first).to_contain_text("Fit left: choose where")
    # The plot is on the page twice, with one span.
    expect(lab.page.locator(".hsj-over")).to_have_count(2)
    expect(span).to_have_count(2)
    # By the keyboard this time: each press is a two hundredth of the axis.
    grip = span.locator(".hsj-grip.hsj-left").first
    grip.focus()
    for _ in range(4):
        lab.page.keyboard.press("Shift+ArrowLeft")
    end = bar.first.get_by_label("end of the range")
    end.fill("9")
    end.press("Enter")
    expect(bar.first.get_by_label("start of the range")).to_have_value(re.compile(r"^(0.9|1)"))
    lab.use_theme("JupyterLab Dark")
    expect(lab.page.locator("#jupyterlab-splash")).to_have_count(0)
    lab.screenshot("span-dark-1400")
    bar.first.get_by_role("button", name="Fit", exact=True).click()
    lab.wait_until(
        "abs(m['left'].centre.value - 5) < 0.02 and m['left'].centre.std is not None", 30
    )
    assert lab.run("print(m['right'].centre.value, m.channel_switches.all())") == "14.0 True"
    lab.page.set_viewport_size({"width": 800, "height": 1000})
    lab.cell("m.remove_signal_range()")
    expect(bar.first).to_be_visible()
    lab.screenshot("span-dark-800")
    bar.first.get_by_role("button", name="Cancel").click()
    expect(bar).to_have_count(0)
    lab.use_theme("JupyterLab Light")
    lab.page.set_viewport_size({"width": 1400, "height": 1000})
