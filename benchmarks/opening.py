"""Opening the gui of a model of 25 components, beside 25 ipywidgets sliders that do nothing.

One page of JupyterLab shows both, turn by turn: a cell runs, and the clock stops in the first frame
in which the last slider is there and drawn. The bytes are those of all messages that the kernel
sent for it. The model is of an EDS spectrum: a background and 24 lines of X-rays.

Run it in a checkout, on a machine that does nothing else: ``python -m benchmarks.opening``.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import sync_playwright

from tests.browser import find_or_install
from tests.e2e.conftest import FLAGS, new_page
from tests.e2e.notebook import Notebook, open_lab
from tests.e2e.servers import jupyter_server

REPORT = {
    "title": "Opening the gui of 25 components",
    "limit": "1.5 times 25 sliders of ipywidgets, 300 kB",
    "quick": ["--rounds", "2"],
    "default": False,
}

COMPONENTS = 25
MODEL = f"""
import ipywidgets
import hsjupyter.api as hs

steel = hs.data.steel_xrf()
axis = steel.axes_manager[0]
axes = [dict(size=axis.size, scale=axis.scale, offset=axis.offset, units="keV")]
s = hs.signals.EDSSEMSpectrum(steel.data, axes=axes)
s.set_microscope_parameters(beam_energy=20)
s.add_elements(["Al", "Si", "S", "Ti", "V", "Cr", "Mn", "Fe", "Co", "Ni", "Cu", "Mo", "Nb"])
s = s.isig[1.0:20.0]

def eds():
    m = s.create_model()
    m.remove(list(m)[{COMPONENTS}:])
    assert len(m) == {COMPONENTS}
    return m
"""
CASES = {
    "25 sliders of ipywidgets": (
        "pass",
        f"ipywidgets.VBox([ipywidgets.FloatSlider() for _ in range({COMPONENTS})])",
        ".widget-hslider .noUi-handle",
        COMPONENTS,
    ),
    "m.gui() of 25 components": ("m = eds()", "m.gui()", ".hsj-root[data-hs-ready='1']", 1),
}
OPEN = """async ([code, selector, wanted]) => {
  const { commands, shell } = window.jupyterapp;
  const panel = shell.currentWidget;
  const notebook = panel.content;
  notebook.activeCellIndex = notebook.widgets.length - 1;
  await commands.execute("notebook:insert-cell-below");
  const cell = notebook.activeCell;
  cell.model.sharedModel.setSource(code);
  await new Promise((go) => setTimeout(go, 300));
  const { kernel } = panel.sessionContext.session;
  let bytes = 0;
  const sizes = {};
  const count = (_, { msg, direction }) => {
    if (direction !== "recv") return;
    const { buffers = [], ...text } = msg;
    const size = new TextEncoder().encode(JSON.stringify(text)).length
      + buffers.reduce((sum, one) => sum + one.byteLength, 0);
    bytes += size;
    sizes[msg.header.msg_type] = (sizes[msg.header.msg_type] ?? 0) + size;
  };
  kernel.anyMessage.connect(count);
  const there = () => {
    const found = cell.node.querySelectorAll(selector);
    return found.length >= wanted && found[wanted - 1].getBoundingClientRect().width > 0;
  };
  const start = performance.now();
  void commands.execute("notebook:run-cell");
  while (!there()) {
    await new Promise((go) => requestAnimationFrame(go));
    if (performance.now() - start > 60000) throw new Error("nothing was shown in a minute");
  }
  const took = performance.now() - start;
  // What comes after the first look counts, too.
  await new Promise((go) => setTimeout(go, 1000));
  kernel.anyMessage.disconnect(count);
  return { took, bytes, sizes };
}"""
CLEAR = """async () => {
  await window.jupyterapp.commands.execute("notebook:clear-all-cell-outputs");
}"""


def measure(lab: Notebook, rounds: int) -> dict[str, Any]:
    """Milliseconds and bytes of either, round by round; the first round warms up."""
    lab.run(MODEL)
    took: dict[str, list[float]] = {name: [] for name in CASES}
    size: dict[str, int] = {}
    for turn in range(rounds + 1):
        for name, (before, code, selector, wanted) in CASES.items():
            lab.run(before)
            found = lab.page.evaluate(OPEN, [code, selector, wanted])
            size[name] = max(size.get(name, 0), found["bytes"])
            if turn:
                took[name].append(found["took"])
            lab.page.evaluate(CLEAR)
    sliders, gui = took.values()
    return {
        **{
            name: {
                "ms, median": round(median(times)),
                "ms, all": [round(ms) for ms in times],
                "kB of messages": round(size[name] / 1000),
            }
            for name, times in took.items()
        },
        "ratio, median of the rounds": round(
            median(mine / theirs for mine, theirs in zip(gui, sliders, strict=True)), 2
        ),
    }


def main() -> None:
    """Start a server and a browser, measure, and print the figures as JSON."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=9)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        with jupyter_server(folder) as url:
            browser = playwright.chromium.launch(
                executable_path=find_or_install(), args=list(FLAGS)
            )
            page = new_page(browser)
            page.set_viewport_size({"width": 1400, "height": 1400})
            open_lab(page, url)
            lab = Notebook(page, url, folder / "files" / "opening", folder, lab=True)
            lab.open()
            json.dump(measure(lab, rounds), sys.stdout, indent=2)
            sys.stdout.write("\n")
            browser.close()


if __name__ == "__main__":
    main()
