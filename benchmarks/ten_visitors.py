"""Ten people on one dashboard at once: whether all finish, how quick it is, what it takes.

``python -m benchmarks.ten_visitors [--visitors 10]`` serves a recipe as the command does, lets so
many browsers in, and lets each move a slider forty times, fit, fit the map, and take the table
home, all at the same time. One more sends nothing but nonsense meanwhile. Prints the time from a
slider's event to the redrawn line (p50, p95, of all visitors), the memory of the kernels (resident,
and what is theirs alone), and whether all finished.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import tempfile
import time
from collections.abc import Collection
from pathlib import Path
from typing import Any

import numpy as np
from playwright.async_api import Page, async_playwright
from tornado.httpclient import AsyncHTTPClient
from tornado.websocket import websocket_connect

import hsjupyter.api as hs
from tests.browser import find_or_install
from tests.e2e.conftest import FLAGS
from tests.e2e.visitors import dashboard_server

REPORT = {
    "title": "Ten visitors of one dashboard",
    "limit": "all finish",
    "quick": ["--visitors", "2"],
    "default": False,
}

PATIENCE = 180_000
MOVES = 40
RESTING = 6
"""Looks, half a second apart, in which kernels that rest have done nothing."""
BUSY = 0.05
"""Seconds of all their processors between two looks that still are rest."""

# From the event to the frame in which the line of the model has another path.
DRAG = """async ([label, moves]) => {
  const slider = document.querySelector(`[aria-label="${label} slider"]`);
  const line = () => [...document.querySelectorAll(".hsj-figure path.line")].at(-1);
  const frame = () => new Promise((go) => requestAnimationFrame(go));
  const took = [];
  for (let i = 0; i < moves; i++) {
    const before = line().getAttribute("d");
    const start = performance.now();
    slider.value = String(300 + 10 * (i % 40));
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    while (line().getAttribute("d") === before && performance.now() - start < 20000) await frame();
    took.push(performance.now() - start);
    await new Promise((go) => setTimeout(go, 50));
  }
  slider.dispatchEvent(new Event("change", { bubbles: true }));
  return took;
}"""

KINDS = ("execute_request", "complete_request", "comm_msg", "comm_open", "input_reply")


async def nonsense(url: str) -> None:
    """A visitor who sends what no page sends, three hundred times, and stays."""
    page = await AsyncHTTPClient().fetch(url, request_timeout=PATIENCE / 1000)
    found = re.findall(r'"kernelId": "([^"]+)"', page.body.decode())
    socket = f"{url.replace('http', 'ws')}api/kernels/{found[0]}/channels"
    connection = await websocket_connect(socket)
    content = {"code": "while True: pass", "comm_id": "nobody", "target_name": "os", "data": {}}
    empty: dict[str, Any] = {"parent_header": {}, "metadata": {}, "buffers": []}
    for number in range(300):
        header = {"msg_id": "1", "username": "", "session": "s", "version": "5.3", "date": ""}
        header["msg_type"] = KINDS[number % len(KINDS)]
        message = {"header": header, "channel": "shell", "content": content, **empty}
        await connection.write_message(json.dumps(message))
    await asyncio.Event().wait()


def recipe(folder: Path) -> Path:
    """The recipe that is served: three lines over a real map."""
    signal: Any = hs.data.abell478_map()
    kinds = hs.model.components1D
    model = signal.create_model()
    model.extend(
        [
            kinds.Offset(30.0, name="continuum"),
            kinds.Gaussian(A=400.0, sigma=2.5, centre=7110.0, name="N II 6548"),
            kinds.Gaussian(A=1000.0, sigma=2.5, centre=7122.0, name="H alpha"),
            kinds.Gaussian(A=1200.0, sigma=2.5, centre=7148.0, name="N II 6583"),
        ]
    )
    for line in list(model)[1:]:
        line.sigma.set_bounds(1.0, 8.0)
    signal.axes_manager.indices = (16, 5)
    return Path(model.save_recipe(folder / "recipe.hspy", title="Three lines"))


async def visit(page: Page, url: str) -> tuple[float, list[float]]:
    """One visitor's whole story; seconds until the page was there, and milliseconds a redraw."""
    began = time.perf_counter()
    await page.goto(url)
    await page.locator(".hsj-root[data-hs-ready='1']").nth(3).wait_for(state="attached")
    await page.locator(".hsj-figure path.line").last.wait_for(state="attached")
    ready = time.perf_counter() - began
    took = await page.evaluate(DRAG, ["H alpha A", MOVES])
    await page.get_by_role("button", name="Fit", exact=True).click()
    await page.locator(".hsj-verdict", has_text="1 of 484").wait_for()
    await page.get_by_role("button", name="Fit the whole map").click()
    await page.locator(".hsj-verdict", has_text="484 of 484 places").wait_for()
    async with page.expect_download() as coming:
        await page.get_by_role("button", name="Values (CSV)").click()
    await (await coming.value).path()
    return ready, took


def processes(folder: Path) -> list[Path]:
    """The kernels of the server that runs in a folder, by their places in ``/proc``."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            environment = (entry / "environ").read_text()
            words = (entry / "cmdline").read_text()
        except OSError:
            continue
        if "ipykernel_launcher" in words and f"JUPYTER_RUNTIME_DIR={folder}/" in environment:
            found.append(entry)
    return found


def wait_until_warm(folder: Path, count: int, besides: Collection[Path] = ()) -> None:
    """Wait until a server has so many kernels, and they have nothing left to do.

    Those ``besides`` do not count: they are of visitors who were there, and end by and by. Voila
    says that its pool is filled when the kernels have begun to run their notebooks.

    Raises
    ------
    RuntimeError
        They are still at work after some minutes.
    """
    deadline = time.monotonic() + PATIENCE / 1000
    used, still = -1.0, 0
    while still < RESTING:
        if time.monotonic() > deadline:
            raise RuntimeError(f"{count} kernels do not come to rest; see {folder}/server.log")
        time.sleep(0.5)
        at_work = [entry for entry in processes(folder) if entry not in besides]
        before, used = used, sum(processor_time(entry) for entry in at_work)
        still = still + 1 if len(at_work) >= count and used - before < BUSY else 0


def processor_time(entry: Path) -> float:
    """Seconds that a process has used; 0 of one that is gone."""
    try:
        words = (entry / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def kernels(folder: Path) -> list[tuple[float, float]]:
    """Resident and private MiB of the kernels of the server that runs in a folder."""
    found = []
    for entry in processes(folder):
        try:
            rollup = (entry / "smaps_rollup").read_text()
        except OSError:
            continue
        sizes = {
            line.split(":")[0]: int(line.split()[1]) / 1024
            for line in rollup.splitlines()
            if line.endswith("kB")
        }
        found.append((sizes["Rss"], sizes["Private_Clean"] + sizes["Private_Dirty"]))
    return found


async def all_at_once(url: str, folder: Path, visitors: int) -> None:
    """Let them in, and print what came of it."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=find_or_install(), args=list(FLAGS)
        )
        pages = [await browser.new_page() for _ in range(visitors)]
        for page in pages:
            page.set_default_timeout(PATIENCE)
        harm = asyncio.create_task(nonsense(url))
        stories = await asyncio.gather(
            *(visit(page, url) for page in pages), return_exceptions=True
        )
        harm.cancel()
        memory = kernels(folder)
        await browser.close()
    good = [story for story in stories if not isinstance(story, BaseException)]
    for story in stories:
        if isinstance(story, BaseException):
            print(f"failed: {str(story)[:300]}")
    print(f"{len(good)} of {visitors} visitors finished")
    if good:
        ready = np.array([story[0] for story in good])
        took = np.array([ms for story in good for ms in story[1]])
        p50, p95 = np.percentile(took, [50, 95])
        print(f"page there after {np.median(ready):.1f} s (median), {ready.max():.1f} s (last)")
        print(f"slider to redrawn line: p50 {p50:.0f} ms, p95 {p95:.0f} ms, {took.size} moves")
    if memory:
        rss, private = np.array(memory).T
        print(
            f"{len(memory)} kernels: {rss.mean():.0f} MiB resident each, "
            f"{private.mean():.0f} MiB private each"
        )


def main() -> None:
    """Serve, let them in, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--visitors", type=int, default=10)
    count = parser.parse_args().visitors
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "limits.toml").write_text(f"visitors = {count + 2}\nready = {count + 1}\n")
        words = ("--limits", str(folder / "limits.toml"))
        with dashboard_server(folder, recipe(folder), *words) as url:
            began = time.perf_counter()
            wait_until_warm(folder, count + 1)
            print(f"{count + 1} kernels warm after {time.perf_counter() - began:.0f} s")
            asyncio.run(all_at_once(url, folder, count))


if __name__ == "__main__":
    main()
