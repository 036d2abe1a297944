"""A visitor of a served dashboard who means harm: 50 files and 200 texts over the network.

What comes of each kind of text and file is told in ``tests/gui/test_hostile_visitor.py``; here they
go the whole way: the server, its websocket, the visitor's kernel and the log.
"""

import asyncio
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, expect

from tests.e2e.harm import Stranger
from tests.e2e.test_themes import make_recipe
from tests.e2e.visitors import Visitor, dashboard_server
from tests.gui.test_hostile_visitor import (
    AT_THE_DESK,
    CODE,
    FORMS,
    PLAIN,
    filled,
    hostile_files,
)

LIMITS = "visitors = 4\nready = 0\nupload_mb = 1\n"
AROUND = ("{}", "1 + {}", "x if {} else 0", "{};", "[{}]", "H alpha.A * ({})")
"""How each of the texts comes."""


def hostile_texts(canary: Path) -> list[str]:
    """More than 200 texts, no two alike; ``canary`` is what only code of theirs could make."""
    texts = [t.format(canary=str(canary)) if "{canary" in t else t for t in CODE]
    return list(dict.fromkeys(form.replace("{}", text) for text in texts for form in AROUND))


async def all_of_it(
    url: str, texts: list[str], files: list[tuple[str, bytes]]
) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Send all; what was sent, and what came back."""
    stranger = await Stranger.come(url)
    controls = stranger.widget(kind="recipe")
    head = stranger.widget(part="head")
    (slot,) = (r["slot"] for r in stranger.state[controls]["page"]["rows"] if r["slot"] == 0)
    told: list[tuple[Any, dict[str, Any]]] = []
    requests = cycle([(controls, form) for form in FORMS] + [(head, form) for form in AT_THE_DESK])
    for text, (widget, form) in zip(texts, requests, strict=False):
        request = filled(form, text, slot)
        told.append((request, await stranger.ask(widget, request)))
    for name, data in files:
        answer = await stranger.ask(head, {"kind": "begin", "name": name, "size": len(data)})
        if answer["ok"] and data:
            answer = await stranger.ask(head, {"kind": "part"}, (data,))
        if answer["ok"]:
            answer = await stranger.ask(head, {"kind": "end"})
        told.append((name, answer))
    stranger.leave()
    return iter(told)


def test_what_a_visitor_sends_harms_nobody(chromium: Browser, tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    texts, files = hostile_texts(canary), list(hostile_files(tmp_path))
    assert len(texts) >= 200
    assert len(files) >= 50
    limits = tmp_path / "limits.toml"
    limits.write_text(LIMITS)
    with dashboard_server(tmp_path, make_recipe(tmp_path), "--limits", str(limits)) as url:
        other = Visitor(chromium, url)
        other.come()
        # Playwright has the main thread's loop.
        with ThreadPoolExecutor(1) as apart:
            told = list(apart.submit(lambda: asyncio.run(all_of_it(url, texts, files))).result())
        other.button("Fit").click()
        expect(other.page.locator(".hsj-verdicts")).to_contain_text("1 of 484 places are fitted")
        other.leave()
        assert other.errors == []
    assert not canary.exists()
    log = (tmp_path / "hsjupyter-dashboard.log").read_text()
    for sent, answer in told:
        if not answer["ok"]:
            assert PLAIN.search(answer["error"]), (sent, answer)
            assert "Traceback" not in answer["error"], sent
            if isinstance(sent, str):  # of a file; a text may name places of the visitor's own
                assert str(tmp_path) not in answer["error"], sent
                assert "hsjupyter-upload" not in answer["error"], sent
            (reference,) = re.findall(r"\(reference ([0-9A-F]{6})\)$", answer["error"])
            assert f"reference {reference}" in log, sent
    assert not any(answer["ok"] for _, answer in told[: len(texts)])
    assert "Traceback" in log
