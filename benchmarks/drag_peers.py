"""The same drag in HyperSpy with hyperspy_gui_ipywidgets and ipympl, for `drag_to_screen`.

They live in an environment of their own, which the benchmark is told of; nothing of them is
imported here. A slider of ipywidgets takes an arrow key, the kernel evaluates and draws, and the
clock stops when the picture has come and is on the page.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from tests.e2e.conftest import new_page
from tests.e2e.notebook import Notebook, open_lab
from tests.e2e.servers import jupyter_server

SETUP = """
%matplotlib ipympl
import numpy as np
import hyperspy.api as hs
x = np.linspace(0, 100, 2048)
rng = np.random.default_rng(1)
y = rng.normal(size=x.size) + sum(40 * np.exp(-((x - c) ** 2) / 8) for c in range(5, 100, 10))
s = hs.signals.Signal1D(y)
s.axes_manager[0].scale, s.axes_manager[0].units = x[1], "eV"
m = s.create_model()
for k in range(10):
    g = hs.model.components1D.Gaussian(A=60.0, sigma=2.0, centre=5.0 + 10 * k)
    g.name = f"g{k}"
    m.append(g)
m.plot(plot_components=True)
"""
COUNT = """() => {
  window.peerDrawn = 0;
  const { drawImage } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.drawImage = function (...given) {
    if (this.canvas.isConnected) window.peerDrawn += 1;
    return drawImage.apply(this, given);
  };
}"""
SLIDER = """async (repeats) => {
  const handle = document.querySelector(".jp-Notebook .widget-hslider .noUi-handle");
  const frame = () => new Promise((go) => requestAnimationFrame(go));
  const after = () => new Promise((go) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = go;
    channel.port2.postMessage(0);
  });
  const rest = async () => {
    // Until nothing has been drawn for a while: what came late is not counted for the next.
    for (let still = 0, last = window.peerDrawn; still < 300; still += 20) {
      await new Promise((go) => setTimeout(go, 20));
      if (window.peerDrawn !== last) still = 0;
      last = window.peerDrawn;
    }
  };
  const dom = [];
  const painted = [];
  let unseen = 0;
  for (let k = 0; k < repeats; k += 1) {
    await rest();
    const before = window.peerDrawn;
    const start = performance.now();
    const key = k % 2 ? "ArrowLeft" : "ArrowRight";
    handle.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    while (window.peerDrawn === before && performance.now() - start < 2000) await after();
    if (window.peerDrawn === before) { unseen += 1; continue; }
    dom.push(performance.now() - start);
    await frame();
    await after();
    painted.push(performance.now() - start);
  }
  return { dom, painted, unseen };
}"""
RATE = """async (milliseconds) => {
  const handle = document.querySelector(".jp-Notebook .widget-hslider .noUi-handle");
  const frame = () => new Promise((go) => requestAnimationFrame(go));
  const before = window.peerDrawn;
  const start = performance.now();
  let frames = 0;
  while (performance.now() - start < milliseconds) {
    const key = frames % 40 < 20 ? "ArrowRight" : "ArrowLeft";
    handle.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    await frame();
    frames += 1;
  }
  const seconds = (performance.now() - start) / 1000;
  return { fps: frames / seconds, redraws: (window.peerDrawn - before) / seconds };
}"""
BUSY = """(code) => {
  const { session } = window.jupyterapp.shell.currentWidget.sessionContext;
  window.peerBusy = true;
  session.kernel.requestExecute({ code }).done.then(() => { window.peerBusy = false; });
}"""
SPIN = "import time\nend = time.monotonic() + 12\nwhile time.monotonic() < end: pass"


def _shown(page: Page) -> None:
    page.locator(".jupyter-matplotlib-canvas-div canvas").first.wait_for(state="attached")
    page.locator(".jp-Notebook .widget-hslider .noUi-handle").first.wait_for(state="attached")


def measure_peers(browser: Browser, python: str, repeats: int, milliseconds: int) -> dict[str, Any]:
    """Times in ms and redraws a second, as the page sees them.

    Parameters
    ----------
    browser : Browser
    python : str
        Of the environment that has JupyterLab, HyperSpy, hyperspy_gui_ipywidgets and ipympl.
    repeats : int
        Presses of a key.
    milliseconds : int
        Of the continuous drag.

    Returns
    -------
    dict
        ``dom`` and ``painted`` are lists of ms, ``unseen`` how many presses were never drawn,
        ``redraws`` those a second of the drag, ``busy`` the same of three presses while the kernel
        is busy; one that is not drawn in two seconds is unseen.

    Raises
    ------
    RuntimeError
        The kernel ended what kept it busy too early.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with jupyter_server(folder, python) as url:
            page = new_page(browser)
            page.set_viewport_size({"width": 1400, "height": 1400})
            open_lab(page, url)
            page.evaluate(COUNT)
            lab = Notebook(page, url, folder / "files" / "peers", folder, lab=True)
            lab.open()
            lab.cell(SETUP)
            lab.cell("m['g4'].A.gui()")
            _shown(page)
            found: dict[str, Any] = page.evaluate(SLIDER, repeats)
            found["redraws"] = page.evaluate(RATE, milliseconds)["redraws"]
            page.evaluate(BUSY, SPIN)
            page.wait_for_timeout(500)
            found["busy"] = page.evaluate(SLIDER, 3)
            if not page.evaluate("() => window.peerBusy"):
                raise RuntimeError("the kernel was not busy to the end; spin longer")
            page.close()
            return found
