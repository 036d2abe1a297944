"""From opening a page to a usable fit: a dashboard of ours, and HyperSpy with ipympl under Voila.

``python -m benchmarks.page_to_fit [--rounds 5] [--peers PYTHON]`` serves two pages to a browser,
turn by turn: ``hsjupyter dashboard`` with a recipe, and a notebook by ``voila`` that does the same
with HyperSpy, hyperspy_gui_ipywidgets and ipympl. Either shows the same pixel of the same real map
with three lines on a constant. The clock starts when the address is opened; as soon as the button
*Fit* is there it is pressed, and the clock stops when the fitted line is drawn and its numbers are
shown. Three ways: to a browser that was never there, by a kernel that is begun for it; the same by
a kernel that was warm and waited; and by a warm kernel to a browser that was there before.

The peers live in an environment of their own, which is made where none is given.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from playwright.sync_api import TimeoutError as LeftWaitingError

import hsjupyter.api as hs
from benchmarks.drag_peers import COUNT
from benchmarks.ten_visitors import processes, recipe, wait_until_warm
from tests.browser import find_or_install
from tests.e2e.conftest import FLAGS, VIEWPORT
from tests.e2e.servers import free_port, serving
from tests.e2e.visitors import dashboard_server

LIMIT = 0.5
REPORT = {
    "title": "From opening a page to a usable fit",
    "limit": "0.5 times HyperSpy with ipympl, under Voila",
    "quick": ["--rounds", "1"],
    "default": False,
}
PEERS = ("hyperspy", "hyperspy_gui_ipywidgets", "ipykernel", "ipympl", "voila")
PATIENCE = 60_000
TRIES = 3  # now and then Voila leaves a page without its widgets
PLACE = (16, 5)
"""The pixel that is shown."""
FIRST = 2
"""Rounds that are not counted: they compile, and fill caches on the disk and in the browser."""
WAYS = {
    "first visit, kernel begun": (False, False),
    "first visit, kernel warm": (True, False),
    "visit again, kernel warm": (True, True),
}
"""What it is called -> whether a warm kernel waits, and whether the browser was there before."""

NOTEBOOK = """
%matplotlib ipympl
import ipywidgets
import hyperspy.api as hs
from IPython.display import display

s = hs.load("map.hspy")
kinds = hs.model.components1D
m = s.create_model()
continuum = kinds.Offset(offset=30.0)
weak = kinds.Gaussian(A=400.0, sigma=2.5, centre=7110.0)
alpha = kinds.Gaussian(A=1000.0, sigma=2.5, centre=7122.0)
strong = kinds.Gaussian(A=1200.0, sigma=2.5, centre=7148.0)
m.extend([continuum, weak, alpha, strong])
m.axes_manager.indices = {place}
m.plot()
fit = ipywidgets.Button(description="Fit")
said = ipywidgets.Label("not fitted yet")


def on_click(_button):
    m.fit()
    said.value = f"fitted: the line is at {{alpha.centre.value:.6g}}"


fit.on_click(on_click)
display(fit, said, m.gui(display=False)["ipywidgets"]["widget"])
"""
DRAWN_SINCE = "(before) => window.peerDrawn > before"
LINE = '() => [...document.querySelectorAll(".hsj-figure path.line")].at(-1).getAttribute("d")'
LINE_IS_NOT = f"(before) => ({LINE})() !== before"


def ours(page: Page, url: str) -> tuple[float, float]:
    """Seconds until Fit could be pressed, and until its line was drawn and its numbers told."""
    began = time.perf_counter()
    page.goto(url)
    page.locator(".hsj-root[data-hs-ready='1']").nth(3).wait_for(state="attached")
    page.locator(".hsj-figure path.line").last.wait_for(state="attached")
    ready = time.perf_counter() - began
    before = page.evaluate(LINE)
    page.get_by_role("button", name="Fit", exact=True).click()
    page.wait_for_function(LINE_IS_NOT, arg=before)
    page.locator(".hsj-verdict", has_text="1 of 484").wait_for()
    return ready, time.perf_counter() - began


def theirs(page: Page, url: str) -> tuple[float, float]:
    """The same of the peers' page."""
    page.add_init_script(f"({COUNT})()")
    began = time.perf_counter()
    page.goto(url)
    page.get_by_role("button", name="Fit", exact=True).wait_for()
    page.locator(".jupyter-matplotlib-canvas-div canvas").first.wait_for()
    page.wait_for_function(DRAWN_SINCE, arg=0)
    ready = time.perf_counter() - began
    before = page.evaluate("() => window.peerDrawn")
    page.get_by_role("button", name="Fit", exact=True).click()
    page.get_by_text("fitted: the line is at").wait_for()
    page.wait_for_function(DRAWN_SINCE, arg=before)
    return ready, time.perf_counter() - began


@contextmanager
def our_page(folder: Path, *, warm: bool) -> Iterator[str]:
    """Serve the recipe; yields its address."""
    folder.mkdir()
    limits = folder / "limits.toml"
    limits.write_text(f"visitors = 20\nready = {int(warm)}\n")
    with dashboard_server(folder, recipe(folder), "--limits", str(limits)) as url:
        yield url


@contextmanager
def their_page(folder: Path, python: str, *, warm: bool) -> Iterator[str]:
    """Serve the peers' notebook by Voila; yields its address."""
    folder.mkdir()
    hs.data.abell478_map().save(folder / "map.hspy")
    code = NOTEBOOK.format(place=PLACE)
    cell: dict[str, Any] = {"cell_type": "code", "id": "all", "metadata": {}, "source": code}
    cell.update(outputs=[], execution_count=None)
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    whole = {"cells": [cell], "metadata": {"kernelspec": kernel}, "nbformat": 4}
    notebook = folder / "peers.ipynb"
    notebook.write_text(json.dumps({**whole, "nbformat_minor": 5}))
    port = free_port()
    command = [python, "-m", "voila", str(notebook), "--no-browser", f"--port={port}"]
    command += ["--preheat_kernel=True", "--pool_size=1"] if warm else []
    with serving(command, "is running at", folder, python):
        yield f"http://127.0.0.1:{port}/"


def new_environment(folder: Path) -> str:
    """Make the peers' environment; return its Python."""
    venv.create(folder, with_pip=True)
    python = str(folder / "bin" / "python")
    subprocess.run([python, "-m", "pip", "install", "-q", *PEERS], check=True, stdout=sys.stderr)
    return python


def answered(
    visit: Callable[[Page, str], tuple[float, float]], context: BrowserContext, url: str
) -> tuple[float, float]:
    """What a visit took; one that is left waiting is made again, and only the last one counts."""
    tries = 1
    while True:
        page = context.new_page()
        try:
            return visit(page, url)
        except LeftWaitingError as why:
            if tries == TRIES:
                raise
            print(f"a visit was left waiting, and is made again: {why}", file=sys.stderr)
        finally:
            page.close()
        tries += 1


def measure(browser: Browser, peers: str, rounds: int, way: str) -> dict[str, Any]:
    """Seconds of either, round by round, and the ratio of each round."""
    warm, again = WAYS[way]
    found: dict[str, list[tuple[float, float]]] = {"ours": [], "theirs": []}
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folders = {who: Path(name) / who for who in found}
        urls = {
            "ours": stack.enter_context(our_page(folders["ours"], warm=warm)),
            "theirs": stack.enter_context(their_page(folders["theirs"], peers, warm=warm)),
        }
        contexts: dict[str, BrowserContext] = {}
        taken: dict[str, set[Path]] = {who: set() for who in found}
        for turn in range(FIRST + rounds):
            for who, visit in (("ours", ours), ("theirs", theirs)):
                if warm:
                    for other, folder in folders.items():
                        wait_until_warm(folder, 1, taken[other])
                    taken[who].update(processes(folders[who]))
                if not again or who not in contexts:
                    contexts[who] = browser.new_context(viewport={**VIEWPORT})
                    contexts[who].set_default_timeout(PATIENCE)
                took = answered(visit, contexts[who], urls[who])
                if not again:
                    contexts[who].close()
                if turn >= FIRST:
                    found[who].append(took)
        for context in contexts.values():
            context.close()
    pairs = zip(found["ours"], found["theirs"], strict=True)
    return {**found, "ratio": median(mine[1] / other[1] for mine, other in pairs)}


def main() -> int:
    """Measure, and print the table; 1 where the limit is broken."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--peers", metavar="PYTHON", help="of an environment that has them")
    asked = parser.parse_args()
    print("| | | Fit can be pressed, s | fitted and drawn, s | ratio |")
    print("| --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        peers = asked.peers or new_environment(Path(place) / "peers")
        browser = playwright.chromium.launch(executable_path=find_or_install(), args=list(FLAGS))
        for way in WAYS:
            found = measure(browser, peers, asked.rounds, way)
            ratio = f"{found['ratio']:.2f}"
            ratio = ratio if found["ratio"] <= LIMIT else f"**{ratio}**"
            for who, words in (("ours", "hsjupyter"), ("theirs", "HyperSpy with ipympl")):
                ready, fitted = (median(column) for column in zip(*found[who], strict=True))
                name, last = (way, ratio) if who == "ours" else ("", "1")
                print(f"| {name} | {words} | {ready:.2f} | {fitted:.2f} | {last} |", flush=True)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
