"""A visitor who means harm: no text and no file of theirs runs code, and all are answered."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

import hsjupyter.api as hs
from hsjupyter.gui.dashboard import Dashboard
from hsjupyter.gui.settings import Settings
from hsjupyter.storage.recipes import make_recipe
from tests.gui.conftest import two_lines
from tests.gui.wire import Page, View

PLAIN = re.compile(r"\(reference [0-9A-F]{6}\)$")

CODE = (
    "__import__('pathlib').Path({canary!r}).touch()",
    "open({canary!r}, 'w')",
    "exec('open({canary!r}, \\'w\\')')",
    "eval(compile('open({canary!r}, \\'w\\')', 'x', 'exec'))",
    "().__class__.__base__.__subclasses__()",
    "(lambda: open({canary!r}, 'w'))()",
    "[open({canary!r}, 'w') for _ in [0]]",
    "x; import os; os.system('touch {canary}')",
    "$(touch {canary})",
    "`touch {canary}`",
    "; touch {canary} #",
    "!touch {canary}",
    "%run {canary}",
    "{{{{ cycler.__init__.__globals__.os.popen('touch {canary}') }}}}",
    "${{jndi:ldap://127.0.0.1/a}}",
    "%(x)s %n %s {{0.__class__}}",
    "<script>fetch('/')</script>",
    "<img src=x onerror=alert(1)>",
    "javascript:alert(1)",
    "../../../../etc/passwd",
    "/etc/passwd",
    "file:///etc/passwd",
    "C:\\\\windows\\\\win.ini",
    "data.hspy\x00",
    "a" * 100_000,
    "\u202e\u0000\ufffd\U0001f4a9",
    "9" * 5_000,
    "sin(" * 500 + "x" + ")" * 500,
    "x**9**9**9**9",
    "=cmd|' /C calc'!A0",
    "'; DROP TABLE models; --",
    '{{"__proto__": {{"x": 1}}}}',
    "nan",
    "",
)
"""Texts; ``{canary}`` is a file that only code of theirs could make."""

FORMS: tuple[dict[str, Any], ...] = (
    {"kind": "set", "slot": "@", "field": "value", "value": 1.0},
    {"kind": "set", "slot": "!", "field": "@", "value": 1.0},
    {"kind": "set", "slot": "!", "field": "value", "value": "@"},
    {"kind": "map", "choice": "@"},
    {"kind": "add", "component": "Expression", "formula": "@"},
    {"kind": "link", "slot": "!", "expression": "@"},
    {"kind": "name", "component": "@", "value": "@"},
    {"kind": "@"},
)
AT_THE_DESK: tuple[dict[str, Any], ...] = (
    {"kind": "choose", "file": "@"},
    {"kind": "begin", "name": "@", "size": 3},
    {"kind": "download", "what": "@"},
    {"kind": "@"},
)


@pytest.fixture
def dashboard(page: Page, tmp_path: Path) -> Iterator[Dashboard]:
    del page
    folder = tmp_path / "data"
    folder.mkdir()
    model = two_lines()
    made = Dashboard(model, make_recipe(model), Settings(data=str(folder), upload_mb=1))
    yield made
    made.close()


def state_of(model: Any) -> list[Any]:
    """All that a visitor could have changed."""
    return [(str(p), p.value, p.free, p.bmin, p.bmax, p.twin) for p in model.parameters]


def filled(form: dict[str, Any], text: str, slot: str) -> dict[str, Any]:
    """A request with a text, and a slot that exists, put in."""
    return {k: text if v == "@" else slot if v == "!" else v for k, v in form.items()}


def test_no_text_of_a_visitor_runs_or_changes_anything(
    page: Page, dashboard: Dashboard, tmp_path: Path
) -> None:
    canary = tmp_path / "canary"
    view, model = View(page, dashboard.controls), dashboard.model
    desks = [View(page, desk) for desk in (dashboard.head, dashboard.foot)]
    before, slot, count = state_of(model), view.slot("left.A"), 0
    for template in CODE:
        text = template.format(canary=str(canary)) if "{canary" in template else template
        requests = [(view, filled(form, text, slot)) for form in FORMS]
        requests += [(desk, filled(form, text, slot)) for desk in desks for form in AT_THE_DESK]
        for whom, request in requests:
            answer = whom.say({"id": "h1", **request})
            count += 1
            assert not answer["ok"], request
            assert PLAIN.search(answer["error"]), answer
            assert "Traceback" not in answer["error"]
            assert len(answer["error"]) < 500
    assert count >= 200
    assert not canary.exists()
    assert state_of(dashboard.model) == before
    assert dashboard.model is model
    # It still serves.
    assert view.ask("set", slot=slot, field="value", value=21.0)["ok"]


def test_what_is_no_request_at_all_ends_nothing(page: Page, dashboard: Dashboard) -> None:
    hosts = (dashboard.controls, dashboard.plot.host, dashboard.head, dashboard.foot)
    for host in hosts:
        link = page.comms[host.model_id]
        for data in (
            {"method": "custom", "content": None},
            {"method": "custom", "content": [1]},
            {"method": "custom", "content": {"id": {}, "kind": []}},
            {
                "method": "update",
                "state": {"_esm": "alert(1)", "page": None, "desk": {}, "spec": 3},
            },
        ):
            link.handle_msg({"content": {"data": data}, "buffers": []})
    assert dashboard.head.desk["suffixes"] == [".hspy", ".msa", ".csv"]
    assert "alert" not in str(dashboard.controls._esm)[:100]  # noqa: SLF001 - what it would run
    assert View(page, dashboard.controls).ask("undo")["error"] != ""


def hostile_files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Fifty files and more that no instrument wrote."""
    canary = str(folder / "canary")
    good = two_lines()
    whole = good.save(folder / "good.hspy").read_bytes()
    rng = np.random.default_rng(5)
    for share in np.linspace(0, 0.97, 18):
        yield "cut.hspy", whole[: int(share * len(whole))]
    for _ in range(12):
        broken = bytearray(whole)
        for place in rng.integers(0, min(len(whole), 4096), 40):
            broken[place] = int(rng.integers(0, 256))
        yield "flipped.hspy", bytes(broken)
    yield from (("random.hspy", rng.bytes(5000)) for _ in range(2))
    yield "pickle.hspy", b"\x80\x04cposix\nsystem\n(S'touch " + canary.encode() + b"'\ntR."
    texts = ["", "\x00" * 100, "a,b,c\n1,2\n", "=cmd|' /C calc'!A0,1\n" * 20, "1e999,nan\n" * 50]
    texts += [",".join(["1"] * 20_000), "1,2\n" * 3, f"__import__('os').system('touch {canary}'),1"]
    texts += ["#FORMAT: EMSA/MAS\n#NPOINTS: 1e18\n#XPERCHAN: 1\n#SPECTRUM:\n1\n"]
    for text in texts:
        yield "text.csv", text.encode()
        yield "text.msa", text.encode()
    yield from _hostile_hdf5(folder)


def _hostile_hdf5(folder: Path) -> Iterator[tuple[str, bytes]]:
    path = folder / "made.hspy"

    def made(fill: Any) -> bytes:
        with h5py.File(path, "w") as file:
            file.attrs["file_format"], file.attrs["file_format_version"] = "HyperSpy", "3.3"
            fill(file.create_group("Experiments").create_group("x"))
        return path.read_bytes()

    def passwd(group: Any) -> None:
        group["data"] = h5py.ExternalLink("/etc/passwd", "/")

    def huge(group: Any) -> None:
        group.create_dataset("data", shape=(10**9, 10**6), chunks=(1, 1000), dtype="f8")

    def loop(group: Any) -> None:
        group["loop"] = h5py.SoftLink("/Experiments/x")

    def deep(group: Any) -> None:
        for _ in range(300):
            group = group.create_group("g")

    for fill in (passwd, huge, loop, deep):
        yield f"{fill.__name__}.hspy", made(fill)


def test_no_file_of_a_visitor_runs_or_harms(
    page: Page, dashboard: Dashboard, tmp_path: Path
) -> None:
    head = View(page, dashboard.head)
    link = page.comms[dashboard.head.model_id]
    before, count = state_of(dashboard.model), 0

    def send(content: dict[str, Any], parts: list[bytes]) -> dict[str, Any]:
        data = {"method": "custom", "content": {"id": "u1", **content}}
        link.handle_msg({"content": {"data": json.loads(json.dumps(data))}, "buffers": parts})
        return head.answers()[-1]

    for name, data in hostile_files(tmp_path):
        answer = send({"kind": "begin", "name": name, "size": len(data)}, [])
        assert answer["ok"], answer
        if data:
            assert send({"kind": "part"}, [data])["ok"]
        answer = send({"kind": "end"}, [])
        count += 1
        if not answer["ok"]:
            assert PLAIN.search(answer["error"]), answer
            assert "Traceback" not in answer["error"]
            assert str(tmp_path) not in answer["error"]
            assert "hsjupyter-upload" not in answer["error"]
    assert count >= 50
    assert not (tmp_path / "canary").exists()
    # Whatever was taken is numbers, under the recipe's own model.
    assert [c.name for c in dashboard.model] == ["left", "right", "Offset"]
    assert [row[:2] for row in state_of(dashboard.model)] == [row[:2] for row in before]
    good = (tmp_path / "good.hspy").read_bytes()
    assert send({"kind": "begin", "name": "good.hspy", "size": len(good)}, [])["ok"]
    assert send({"kind": "part"}, [good])["ok"]
    assert send({"kind": "end"}, [])["ok"]
    assert isinstance(dashboard.model.signal, hs.signals.Signal1D)
