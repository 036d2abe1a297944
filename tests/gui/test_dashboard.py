"""A dashboard without a browser: what a visitor may do, upload and take home, and is told."""

import json
import logging
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import hsjupyter.api as hs
from hsjupyter.core.errors import FileFormatError, HSJupyterError, UnknownNameError
from hsjupyter.gui import visit
from hsjupyter.gui.dashboard import Dashboard
from hsjupyter.gui.plain import explain_plainly, verdicts_of
from hsjupyter.gui.serving import HEADERS, configuration
from hsjupyter.gui.settings import VARIABLE, Settings, read_limits, settings_here
from hsjupyter.model import Model1D
from hsjupyter.schedule.run import Run
from hsjupyter.storage.recipes import make_recipe
from tests.gui.wire import Page, View

TOUCH = {"left": "free", "right": "slider", "Offset": "locked"}


class Desk(View):
    """The head or the foot of a dashboard, in the browser."""

    def request(self, kind: str, parts: list[bytes] | None = None, **fields: Any) -> dict[str, Any]:
        """Send a request with bytes; the answer."""
        content = {"id": "d1", "kind": kind, **fields}
        message = {"content": {"data": {"method": "custom", "content": content}}}
        self.page.comms[self.name].handle_msg({**message, "buffers": parts or []})
        return self.answers()[-1]

    def upload(self, data: bytes, name: str = "mine.hspy") -> dict[str, Any]:
        """Send a file in parts; the last answer."""
        answer = self.request("begin", name=name, size=len(data))
        for start in range(0, len(data), 1000):
            if answer["ok"]:
                answer = self.request("part", [data[start : start + 1000]])
        return self.request("end") if answer["ok"] else answer


@pytest.fixture
def make(page: Page, tmp_path: Path) -> Iterator[Callable[..., Dashboard]]:
    del page
    made = []

    def build(model: Model1D, **options: Any) -> Dashboard:
        settings = Settings(**{"data": str(tmp_path), "upload_mb": 0.1, **options})
        made.append(Dashboard(model, make_recipe(model, touch=TOUCH), settings))
        return made[-1]

    yield build
    for one in made:
        one.close()


@pytest.fixture
def dashboard(make: Callable[..., Dashboard], model: Model1D) -> Dashboard:
    return make(model)


@pytest.fixture
def controls(page: Page, dashboard: Dashboard) -> View:
    return View(page, dashboard.controls)


@pytest.fixture
def head(page: Page, dashboard: Dashboard) -> Desk:
    return Desk(page, dashboard.head)


@pytest.mark.parametrize(
    ("name", "value", "good"),
    [
        ("left.A.value", 25.0, True),
        ("left.A.free", False, True),
        ("left.A.bmax", 3.0, False),
        ("right.A.value", 25.0, True),
        ("right.A.free", False, False),
        ("Offset.offset.value", 1.0, False),
    ],
)
def test_a_visitor_touches_what_the_recipe_leaves(
    name: str, value: Any, good: bool, controls: View, model: Model1D
) -> None:
    component, parameter, field = name.split(".")
    name = f"{component}.{parameter}"
    before = getattr(getattr(model[component], parameter), field)
    answer = controls.ask("set", slot=controls.slot(name), field=field, value=value)
    assert answer["ok"] is good
    assert getattr(getattr(model[component], parameter), field) == (value if good else before)
    if not good:
        assert re.search(r"is locked on this page \(reference [0-9A-F]{6}\)", answer["error"])


def test_a_visitor_chooses_what_the_plot_draws(page: Page, dashboard: Dashboard) -> None:
    plot = View(page, dashboard.plot.host)
    assert plot.ask("look", what="residual", on=True)["ok"]
    assert plot.ask("hide", what="data", on=True)["ok"]
    drawn = plot.state["curves"]
    assert (drawn["show_residual"], drawn["hidden"]) == (True, ["data"])


def test_only_what_may_be_moved_has_a_handle(
    make: Callable[..., Dashboard], model: Model1D
) -> None:
    page = make(model)
    assert len(page.plot.host.curves["handles"]) == 2
    recipe = make_recipe(model, touch={"left": "locked"})
    other = Dashboard(model, recipe, Settings())
    assert len(other.plot.host.curves["handles"]) == 1
    other.close()


def test_a_height_or_a_width_that_is_locked_has_no_handle(page: Page, model: Model1D) -> None:
    made = Dashboard(model, make_recipe(model, touch={"left.A": "locked"}), Settings())
    plot = View(page, made.plot.host)
    assert len(plot.state["curves"]["handles"]) == 2
    slots = plot.state["spec"]["slots"]
    assert [slots[k] for k in plot.state["curves"]["still"]] == [plot.slot("left.A")]
    made.close()


def test_a_notebook_s_page_has_the_recipe_s_words(page: Page, model: Model1D) -> None:
    del page
    words = {"title": "Two", "text": "Fit.", "touch": TOUCH, "units": {"left.A": "counts"}}
    shown = model.dashboard(display=False, labels={"left.A": "Strength"}, **words)
    made = shown["ipywidgets"]["wdict"]["dashboard"]
    assert made.recipe == make_recipe(model, labels={"left.A": "Strength"}, **words)
    made.close()
    with pytest.raises(UnknownNameError, match="did you mean 'title'"):
        model.dashboard(display=False, tittle="Two")


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """A process that is a visitor's kernel, without a limit of memory."""
    settings = Settings(
        recipe=str(tmp_path / "gone.hspy"), log=str(tmp_path / "errors.log"), memory_mb=0
    )
    settings.write(tmp_path / "settings.json")
    monkeypatch.setenv(VARIABLE, str(tmp_path / "settings.json"))
    ours = logging.getLogger("hsjupyter")
    before = list(ours.handlers)
    yield settings
    for handler in set(ours.handlers) - set(before):
        ours.removeHandler(handler)
        handler.close()


def test_a_recipe_that_went_is_told_in_plain_words(
    served: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[Any] = []
    monkeypatch.setattr(visit, "display", shown.append)
    visit.show_recipe()
    visit.show_recipe()
    told = shown[0].data
    assert 'role="alert"' in told
    assert "This page cannot be shown." in told
    assert served.recipe not in told
    (reference,) = re.findall(r"reference ([0-9A-F]{6})", told)
    log = Path(served.log).read_text()
    assert log.count(f"reference {reference}") == 1  # one handler, however often it is asked for
    assert "gone.hspy" in log


@pytest.mark.parametrize(
    "message",
    [
        {"kind": "add", "component": "Gaussian", "formula": ""},
        {"kind": "add", "component": "x", "formula": "__import__('os')"},
        {"kind": "remove", "component": "left"},
        {"kind": "link", "slot": "x", "expression": "2"},
        {"kind": "script"},
        {"kind": "store"},
        {"kind": "nobody"},
        {"kind": 7},
    ],
)
def test_the_structure_is_no_visitor_s(
    message: dict[str, Any], page: Page, dashboard: Dashboard, model: Model1D
) -> None:
    for host in (dashboard.controls, dashboard.plot.host):
        answer = View(page, host).say({"id": "v1", **message})
        assert "this page does not allow that" in answer["error"].lower()
    assert [c.name for c in model] == ["left", "right", "Offset"]


def test_an_upload_is_shown_with_the_recipe_s_model(
    head: Desk, dashboard: Dashboard, model: Model1D, tmp_path: Path
) -> None:
    other = model.signal.inav[:2, :2]
    data = other.save(tmp_path / "other.hspy").read_bytes()
    assert head.upload(data)["text"] == "mine.hspy"
    assert dashboard.model.signal.data.shape == (2, 2, 64)
    assert head.state["desk"]["data"] == "mine.hspy"
    assert dashboard.model is not model
    assert [c.name for c in dashboard.model] == ["left", "right", "Offset"]


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("a.hspy", b"x" * 200_000, "this page takes up to 0 MB"),
        ("a.py", b"import os", "it reads .hspy, .msa, .csv"),
        ("a.hspy", b"import os", "a.hspy is no HDF5 file"),
        ("../../a.hspy", b"", "../../a.hspy"),
        ("", b"1", "no name"),
    ],
)
def test_a_bad_upload_is_told_and_changes_nothing(
    name: str, data: bytes, says: str, head: Desk, dashboard: Dashboard
) -> None:
    before = dashboard.model
    answer = head.upload(data, name)
    assert not answer["ok"]
    assert says in answer["error"]
    assert "hsjupyter-upload" not in answer["error"]
    assert dashboard.model is before


def test_an_upload_keeps_to_what_it_announced(head: Desk) -> None:
    assert head.request("begin", name="a.hspy", size=3)["ok"]
    assert "more came" in head.request("part", [b"four"])["error"]
    assert "no upload is under way" in head.request("part", [b"1"])["error"].lower()
    assert head.request("begin", name="a.hspy", size=3)["ok"]
    assert "0 of 3 bytes" in head.request("end")["error"]


@pytest.mark.parametrize("name", ["../secret.hspy", "/etc/passwd", "missing.hspy", None, 3])
def test_only_files_of_the_list_are_read(
    name: Any, make: Callable[..., Dashboard], model: Model1D, tmp_path: Path, page: Page
) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    for path in (tmp_path / "secret.hspy", folder / "seen.hspy"):
        model.signal.save(path)
    head = Desk(page, make(model, data=str(folder)).head)
    assert head.state["desk"]["files"] == ["seen.hspy"]
    assert "is not among those" in head.request("choose", file=name)["error"]
    assert head.request("choose", file="seen.hspy")["ok"]


def test_what_is_taken_home_is_the_fit(
    dashboard: Dashboard, model: Model1D, tmp_path: Path
) -> None:
    model.multifit(show_progressbar=False)
    name, form, data = dashboard.make("hspy")
    assert (name, form) == ("fitted.hspy", "application/octet-stream")
    (tmp_path / name).write_bytes(data)
    again = hs.load(tmp_path / name).models.restore("fitted")
    np.testing.assert_array_equal(again["left"].A.map["values"], model["left"].A.map["values"])
    assert dashboard.make("csv")[2].count(b"\n") == 13
    assert len(model.signal.models) == 0
    with pytest.raises(HSJupyterError, match="does not make such a file"):
        dashboard.make("../secret")


def test_a_report_shows_words_as_words(model: Model1D, make: Callable[..., Dashboard]) -> None:
    model["left"].name = "<script>alert(1)</script>"
    model.signal.metadata.General.title = "<img src=x onerror=alert(1)>"
    page = Dashboard(model, make_recipe(model, text="<b>&"), Settings())
    report = page.make("report")[2].decode()
    page.close()
    assert "<script" not in report
    assert "<img src=x" not in report
    assert "&lt;script&gt;" in report


def test_a_run_that_takes_too_long_is_ended(make: Callable[..., Dashboard], model: Model1D) -> None:
    page = make(model, run_seconds=0.01)
    run = Run(12)
    model.run = run
    run.begin()
    assert run.stop is not None
    for _ in range(2000):
        if run.stopping:
            break
        run._finished.wait(0.01)  # noqa: SLF001 - nothing else ends it
    assert run.stopping
    run.end()
    page.controls.flush()
    last = page.controls.page["verdicts"][-1]
    assert last["text"] == "The fit of the map was ended: here it may take 0.01 seconds at most."
    page.take(model.signal, "again")
    assert "ended" not in str(page.controls.page["verdicts"])


def test_while_a_map_is_fitted_only_the_map_is_judged(model: Model1D) -> None:
    model.fit()
    run = Run(12)
    model.run = run
    run.begin()
    # The run has fitted this place meanwhile, and what is shown is not what it found.
    for parameter in model.parameters:
        parameter.std = None
    told = [one["text"] for one in verdicts_of(model, {})]
    run.end()
    assert told == ["1 of 12 places are fitted."]
    assert len(verdicts_of(model, {})) > 1


def test_the_quality_is_told_in_plain_words(model: Model1D) -> None:
    def told() -> list[str]:
        return [one["text"] for one in verdicts_of(model, {"left.sigma": "Width of left"})]

    assert told() == ["Not fitted yet: press Fit."]
    model.fit()
    assert told()[0].startswith("How noisy these data are is not known")
    model.signal.set_noise_variance(0.09)
    model.fit()
    assert told()[0].startswith("Good")
    assert told()[-1] == "1 of 12 places are fitted."
    model["left"].sigma.value = 0.7
    model["left"].sigma.set_bounds(0.6, 2.0)
    model.fit()
    assert "Width of left is at its bound: the data would take it further." in told()
    model.signal.set_noise_variance(1e-4)
    model.fit()
    assert told()[0].startswith("Poor")


def test_an_error_is_told_plainly_and_logged_whole(caplog: pytest.LogCaptureFixture) -> None:
    hidden = "/home/somebody/hidden.hspy"
    with caplog.at_level(logging.ERROR):
        words = explain_plainly(RuntimeError(hidden))
        told = explain_plainly(FileFormatError(f"{hidden}: no"), {hidden: "mine.hspy"})
    assert hidden not in words + told
    assert told.startswith("mine.hspy: no")
    reference = re.findall(r"reference ([0-9A-F]{6})", words)[0]
    assert reference in caplog.text
    assert hidden in caplog.text


def test_limits_are_read_and_wrong_ones_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "limits.toml"
    path.write_text("upload_mb = 5\nready = 2")
    assert read_limits(path) == {"upload_mb": 5.0, "ready": 2}
    path.write_text("uplod_mb = 5")
    with pytest.raises(UnknownNameError, match="upload_mb"):
        read_limits(path)
    for wrong in ("upload_mb = -1", "upload_mb = 'x'", "ready = true"):
        path.write_text(wrong)
        with pytest.raises(FileFormatError, match="a number from 0 is wanted"):
            read_limits(path)
    path.write_text("= 3")
    with pytest.raises(FileFormatError, match="cannot be read as TOML"):
        read_limits(path)
    Settings(visitors=3).write(tmp_path / "s.json")
    monkeypatch.setenv(VARIABLE, str(tmp_path / "s.json"))
    assert settings_here() == Settings(visitors=3)


def test_voila_is_told_to_be_careful() -> None:
    config = configuration(Settings(ready=0, visitors=7, idle_minutes=1), port=1)
    json.dumps(config)
    assert config["Voila"]["ip"] == "127.0.0.1"
    assert config["VoilaConfiguration"]["strip_sources"]
    assert not config["VoilaConfiguration"]["show_tracebacks"]
    assert config["VoilaConfiguration"]["allow_template_override"] == "NO"
    assert config["VoilaConfiguration"]["allow_theme_override"] == "NO"
    assert "--" not in config["VoilaExecutor"]["cell_error_instruction"]
    assert not config["VoilaConfiguration"]["preheat_kernel"]
    assert config["VisitorKernels"]["most"] == 7
    assert config["MappingKernelManager"]["cull_idle_timeout"] == 60
    assert "http:" not in HEADERS["Content-Security-Policy"]


def test_a_recipe_s_page_loads_the_widgets_front_ends_and_a_notebook_any() -> None:
    def allowed(recipe: str) -> list[str]:
        config = configuration(Settings(recipe=recipe), port=1)
        names: list[str] = config["VoilaConfiguration"]["extension_allowlist"]
        return names

    assert allowed("") == []  # Voila's word for all
    assert {"anywidget", "bqplot", "bqscales"} < set(allowed("recipe.hspy"))
    assert "hsjupyter" not in allowed("recipe.hspy")  # the sidebar has no place there
