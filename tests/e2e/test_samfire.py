"""A SAMFire fit is watched, and a pixel that is clicked tells its history."""

from playwright.sync_api import expect

from tests.e2e.notebook import Notebook
from tests.e2e.pointing import box_of

VIEW = ".hsj-root:has(.hsj-kind-samfire)"
MAP = """
import numpy as np
import hsjupyter.api as hs
x = np.arange(120.0)
v, u = np.mgrid[:32, :40]
centre = 30 + u + 20 * (v > 15)
y = 40 * np.exp(-(x - centre[..., None])**2 / 50) + 5
y[4:9, 25:31] = 5 + 20 * np.sin(x / 9)**2
s = hs.signals.Signal1D(y + np.random.default_rng(1).normal(0, 1, y.shape))
s.metadata.General.title = "two domains"
for axis, name in zip(s.axes_manager.navigation_axes, "xy"):
    axis.name, axis.units, axis.scale = name, "nm", 2.0
m = s.create_model()
m.extend([hs.model.components1D.Gaussian(A=500, sigma=5, centre=30),
          hs.model.components1D.Offset(offset=4)])
m.fit()
samf = m.create_samfire()
samf.plot()
"""


def test_a_pixel_that_is_clicked_tells_its_history(lab: Notebook):
    lab.open()
    lab.cell(MAP)
    view = lab.page.locator(VIEW)
    expect(view.locator(".hsj-strategies")).to_contain_text("1 done, 1279 left")
    lab.run("import warnings; warnings.simplefilter('ignore'); samf.start(show_progressbar=False)")
    expect(view.locator(".hsj-strategies")).to_contain_text("1250 done, 30 left")
    field = view.locator(".hsj-map")
    box = box_of(field)
    field.click(position={"x": box["width"] * 20.5 / 40, "y": box["height"] * 25.5 / 32})
    story = view.locator(".hsj-story")
    expect(story).to_contain_text("pixel (20, 25): done as number")
    expect(story.locator("li").last).to_contain_text("accepted")
    lab.wait_until("m.axes_manager.indices == (20, 25)")
    lab.screenshot("samfire-light-1400")
    field.click(position={"x": box["width"] * 27.5 / 40, "y": box["height"] * 6.5 / 32})
    expect(story).to_contain_text("pixel (27, 6): rejected")
    view.locator("select").select_option("order")
    expect(view.locator(".hsj-place")).to_contain_text("no good fit")
    lab.use_theme("JupyterLab Dark")
    lab.screenshot("samfire-dark-1400")
