"""A fit of many pixels under way in a notebook: what a person sees of it, measured in the page."""

from playwright.sync_api import Locator, expect

from benchmarks.drag_to_screen import SLIDER, quantile
from tests.e2e.notebook import Notebook

PLOT = ".hsj-root:has(.hsj-kind-plot)"
RUN = ".hsj-root:has(.hsj-kind-run)"

SETUP = """
import time
import numpy as np
import hsjupyter.api as hs

class Slow(hs.Component):
    "A line that takes its time, however fast the machine is."

    slope = hs.Par(0.0, bmin=-1, bmax=1)

    @staticmethod
    def profile(x, slope):
        time.sleep(0.001)
        return slope * x

x = np.arange(64.0)
v, u = np.mgrid[:{rows}, :40]
y = 40 * np.exp(-(x - 25 - u[..., None] / 4) ** 2 / 50) + 0.1 * x
y = y + np.random.default_rng(1).normal(0, 1, y.shape)
y[3, 7, 5] = np.nan
s = hs.signals.Signal1D(y)
s.metadata.General.title = "slow"
m = s.create_model()
m.extend([hs.model.components1D.Gaussian(A=500, sigma=5, centre=28), Slow()])
"""
# The kernel's own status tells of subshells too; only the reply tells that a cell has ended.
BEGIN = """(code) => {
  const { session } = window.jupyterapp.shell.currentWidget.sessionContext;
  const run = { changes: 0, ended: false, start: performance.now(), seconds: 0 };
  window.hsjRun = run;
  const canvas = document.querySelector(".hsj-map canvas");
  let last = null;
  const look = () => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    const sum = new Uint32Array(data.buffer).reduce((hash, word) => (31 * hash + word) | 0, 7);
    if (last !== null && sum !== last) run.changes += 1;
    last = sum;
    if (!run.ended) requestAnimationFrame(look);
  };
  look();
  session.kernel.requestExecute({ code }).done.then((reply) => {
    run.ended = true;
    run.status = reply.content.status;
    run.seconds = (performance.now() - run.start) / 1000;
  });
}"""
ENDED = "() => window.hsjRun.ended"
# From the button to the words that say so.
CANCEL = """async () => {
  const view = document.querySelector(".hsj-root:has(.hsj-kind-run)");
  const words = view.querySelector(".hsj-words");
  const button = [...view.querySelectorAll("button")].find((b) => b.textContent === "Cancel");
  const start = performance.now();
  button.click();
  const frame = () => new Promise((go) => requestAnimationFrame(go));
  while (!words.textContent.includes("cancelled") && performance.now() - start < 30000) {
    await frame();
  }
  return (performance.now() - start) / 1000;
}"""


class Running:
    """A slow map in a notebook.

    Parameters
    ----------
    lab : Notebook
    rows : int
        Of 40 pixels each.
    """

    def __init__(self, lab: Notebook, rows: int) -> None:
        self.lab, self.page = lab, lab.page
        lab.open()
        lab.cell(SETUP.replace("{rows}", str(rows)))

    def show(self, view: str, code: str) -> None:
        """Run a cell, and wait for what it shows."""
        self.lab.cell(code)
        expect(self.page.locator(f"{view}[data-hs-ready='1']")).to_be_attached()

    def button(self, text: str) -> Locator:
        """A button of the run's panel."""
        return self.page.locator(f"{RUN} button", has_text=text)

    @property
    def words(self) -> Locator:
        """How far the run is, as its panel says."""
        return self.page.locator(f"{RUN} .hsj-words")

    def blocking(self, code: str, seconds: float) -> tuple[int, float]:
        """How often the map of the plot changed while a cell was running, and its seconds."""
        self.page.evaluate(BEGIN, code)
        self.page.wait_for_function(ENDED, timeout=1000 * seconds)
        run = self.page.evaluate("() => window.hsjRun")
        assert run["status"] == "ok"
        return run["changes"], run["seconds"]

    def slider(self, label: str, repeats: int) -> float:
        """Milliseconds within which 95 of 100 moves of a slider are painted."""
        return quantile(self.page.evaluate(SLIDER, [label, repeats])["painted"], 0.95)

    def cancel(self) -> float:
        """Press Cancel; the seconds until the panel says that it is over."""
        return float(self.page.evaluate(CANCEL))
