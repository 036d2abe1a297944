"""From a moved slider or handle to the screen: ten components of 2,048 channels in JupyterLab.

The page itself measures, in a real browser: the time from an input event to the changed page, and
the frames a second of a continuous drag against those of the page doing nothing, with the kernel
idle and with it busy. Beside it stands a round trip through the kernel.

Run it in a checkout, on a machine that does nothing else: ``python -m benchmarks.drag_to_screen``.
With ``--peers PYTHON``, of an environment with JupyterLab, HyperSpy, hyperspy_gui_ipywidgets and
ipympl, these do the same in the same browser, and stand beside it.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.drag_peers import measure_peers
from tests.browser import find_or_install
from tests.e2e.conftest import FLAGS, new_page
from tests.e2e.notebook import APP_READY, Notebook
from tests.e2e.servers import jupyter_server

REPORT = {
    "title": "From a slider or handle to the screen",
    "limit": "half of the events on the page in 4 ms, 95 of 100 in 16 ms; 0.85 of the frames drawn",
    "default": False,
}

SETUP = """
import numpy as np
import hsjupyter.api as hs
x = np.linspace(0, 100, 2048)
rng = np.random.default_rng(1)
y = rng.normal(size=x.size) + sum(40 * np.exp(-((x - c) ** 2) / 8) for c in range(5, 100, 10))
axes = [{"name": "Energy", "size": x.size, "scale": x[1], "units": "eV", "navigate": False}]
m = hs.signals.Signal1D(y, axes=axes).create_model()
for k in range(10):
    m.append(hs.model.components1D.Gaussian(A=60.0, sigma=2.0, centre=5.0 + 10 * k, name=f"g{k}"))
m.plot(plot_components=True)
"""
BUSY = """(code) => {
  const { session } = window.jupyterapp.shell.currentWidget.sessionContext;
  window.hsjBusy = true;
  session.kernel.requestExecute({ code }).done.then(() => { window.hsjBusy = false; });
}"""
SPIN = "import time\nend = time.monotonic() + {}\nwhile time.monotonic() < end: pass"

# What a person sees of a drag: the canvas over the plot, or bqplot's path where there is none.
SLIDER = """async ([label, repeats]) => {
  const slider = document.querySelector(`[aria-label="${label}"]`);
  const canvas = () => document.querySelector(".hsj-figure > canvas.hsj-canvas");
  const paths = () => [...document.querySelectorAll(".hsj-figure path.line")];
  const look = () => {
    const el = canvas();
    if (el && el.style.display !== "none") return `canvas ${window.hsjDrawn}`;
    return paths().at(-1)?.getAttribute("d");
  };
  if (!window.hsjCounting) {
    window.hsjCounting = true;
    window.hsjDrawn = 0;
    const { clearRect } = CanvasRenderingContext2D.prototype;
    // Each drawing begins by clearing the canvas.
    CanvasRenderingContext2D.prototype.clearRect = function (...given) {
      window.hsjDrawn += 1;
      return clearRect.apply(this, given);
    };
  }
  const frame = () => new Promise((go) => requestAnimationFrame(go));
  const after = () => new Promise((go) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = go;
    channel.port2.postMessage(0);
  });
  const dom = [];
  const painted = [];
  slider.dispatchEvent(new PointerEvent("pointerdown", { bubbles: true }));
  for (let k = 0; k < repeats; k += 1) {
    await frame();
    await after();
    const before = look();
    slider.value = String(300 + 10 * (k % 40) + (k % 7));
    const start = performance.now();
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    // Drawing ends in the event's own microtasks; a turn of the page is waited for only without.
    for (let turn = 0; look() === before && turn < 100; turn += 1) await null;
    while (look() === before && performance.now() - start < 2000) await after();
    dom.push(performance.now() - start);
    await frame();
    await after();
    painted.push(performance.now() - start);
  }
  slider.dispatchEvent(new Event("change", { bubbles: true }));
  return { dom, painted };
}"""
RATE = """async ([label, milliseconds]) => {
  const slider = label && document.querySelector(`[aria-label="${label}"]`);
  const frame = () => new Promise((go) => requestAnimationFrame(go));
  await frame();
  const strokes = window.hsjDrawn ?? 0;
  const start = performance.now();
  let frames = 0;
  slider?.dispatchEvent(new PointerEvent("pointerdown", { bubbles: true }));
  while (performance.now() - start < milliseconds) {
    if (slider) {
      slider.value = String(500 + 200 * Math.sin(frames / 10));
      slider.dispatchEvent(new Event("input", { bubbles: true }));
    }
    await frame();
    frames += 1;
  }
  const seconds = (performance.now() - start) / 1000;
  slider?.dispatchEvent(new Event("change", { bubbles: true }));
  return { fps: frames / seconds, redraws: ((window.hsjDrawn ?? 0) - strokes) / seconds };
}"""
COUNT = """() => {
  const strokes = window.hsjDrawn ?? 0;
  window.hsjFrames = { frames: 0, moved: 0, strokes, start: performance.now() };
  let came = false;
  window.addEventListener("pointermove", () => (came = true), { capture: true });
  const count = () => {
    window.hsjFrames.moved += Number(came);
    came = false;
    if (window.hsjFrames.seconds !== undefined) return;
    window.hsjFrames.frames += 1;
    requestAnimationFrame(count);
  };
  requestAnimationFrame(count);
}"""
COUNTED = """() => {
  const counted = window.hsjFrames;
  counted.seconds = (performance.now() - counted.start) / 1000;
  const strokes = (window.hsjDrawn ?? 0) - counted.strokes;
  const { frames, moved, seconds } = counted;
  return { fps: frames / seconds, moved: moved / seconds, redraws: strokes / seconds };
}"""
ROUND_TRIP = """async (repeats) => {
  const { kernel } = window.jupyterapp.shell.currentWidget.sessionContext.session;
  const times = [];
  for (let k = 0; k < repeats; k += 1) {
    const start = performance.now();
    const code = `m["g4"].A.value = ${40 + k}; y = m()`;
    await kernel.requestExecute({ code, store_history: false }).done;
    times.push(performance.now() - start);
  }
  return times;
}"""


def quantile(times: list[float], part: float) -> float:
    """The time that so large a part is below."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


def times(page: Page, label: str, repeats: int) -> dict[str, float]:
    """Milliseconds from an input event to the changed page, and to the painted one."""
    return told(page.evaluate(SLIDER, [label, repeats]))


def drag_handle(page: Page, moves: int) -> dict[str, float]:
    """Frames and redraws a second while a real mouse drags a handle."""
    dot = page.locator('.hsj-figure .hsj-hand-position[aria-label="g4 position"]')
    box = dot.bounding_box()
    if box is None:
        raise RuntimeError("the handle of g4 is not on the page")
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.evaluate(COUNT)
    # A stroke is sent by the browser's driver, so that no frame waits for this process.
    for stroke in range(moves // 60):
        page.mouse.move(x + (80 if stroke % 2 == 0 else 0), y, steps=60)
    found = page.evaluate(COUNTED)
    page.mouse.up()
    return dict(found)


def measure(lab: Notebook, repeats: int = 60, milliseconds: int = 3000) -> dict[str, Any]:
    """All figures, by name."""
    page, label = lab.page, "g4 A slider"
    trip = page.evaluate(ROUND_TRIP, repeats)
    figures: dict[str, Any] = {
        "kernel round trip ms": {
            f"p{int(100 * part)}": round(quantile(trip, part), 1) for part in (0.5, 0.95)
        }
    }
    for state in ("idle", "busy"):
        if state == "busy":
            page.evaluate(BUSY, SPIN.format(25))
        figures[f"{state}: slider ms"] = times(page, label, repeats)
        idle = page.evaluate(RATE, [None, milliseconds])["fps"]
        drag = page.evaluate(RATE, [label, milliseconds])
        figures[f"{state}: page alone, frames/s"] = round(idle, 1)
        figures[f"{state}: slider drag, frames/s"] = round(drag["fps"], 1)
        figures[f"{state}: slider drag, part of the page's rate"] = round(drag["fps"] / idle, 2)
        handle = drag_handle(page, 240)
        figures[f"{state}: slider drag, redraws a frame"] = round(drag["redraws"] / drag["fps"], 2)
        figures[f"{state}: handle drag, frames/s"] = round(handle["fps"], 1)
        figures[f"{state}: handle drag, redraws a frame"] = round(
            handle["redraws"] / handle["fps"], 2
        )
        # The browser's driver sends no move in some frames; there is nothing to redraw in these.
        figures[f"{state}: handle drag, redraws a frame with a move of the mouse"] = round(
            handle["redraws"] / handle["moved"], 2
        )
        figures[f"{state}: handle drag, part of the page's rate"] = round(handle["fps"] / idle, 2)
        if state == "busy" and not page.evaluate("() => window.hsjBusy"):
            raise RuntimeError("the kernel was not busy to the end; spin longer")
    return figures


def told(found: dict[str, Any]) -> dict[str, float]:
    """The quantiles of times in ms."""
    return {
        f"{what}_p{int(100 * part)}": round(quantile(found[what], part), 1)
        for what in ("dom", "painted")
        for part in (0.5, 0.95)
        if found[what]
    }


def beside(browser: Browser, python: str) -> dict[str, Any]:
    """What HyperSpy with its own gui and plot does."""
    found = measure_peers(browser, python, 40, 3000)
    busy = found["busy"]
    return {
        "peers, idle: slider ms": told(found),
        "peers, idle: slider drag, redraws/s": round(found["redraws"], 1),
        "peers, busy: slider ms": told(busy) | {"not drawn in 2 s": busy["unseen"]},
    }


def main() -> None:
    """Start a server and a browser, measure, and print the figures as JSON."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--peers", metavar="PYTHON", help="of the environment of the peers")
    peers = parser.parse_args().peers
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        with jupyter_server(folder) as url:
            flags = list(FLAGS)
            browser = playwright.chromium.launch(executable_path=find_or_install(), args=flags)
            page = new_page(browser)
            page.set_viewport_size({"width": 1400, "height": 1400})
            page.goto(f"{url}/lab")
            page.wait_for_function(APP_READY)
            page.evaluate("async () => { await window.jupyterapp.restored; }")
            lab = Notebook(page, url, folder / "files" / "drag", folder, lab=True)
            lab.open()
            lab.cell(SETUP)
            lab.cell("m.gui()")
            page.locator(".hsj-root[data-hs-ready='1']").nth(1).wait_for(state="attached")
            page.locator(".hsj-hand-position").nth(9).wait_for(state="attached")
            figures = measure(lab)
            if peers is not None:
                figures |= beside(browser, peers)
            json.dump(figures, sys.stdout, indent=2)
            sys.stdout.write("\n")
            browser.close()


if __name__ == "__main__":
    main()
