"""The kernel's half of the sidebar: it tells of the models that variables hold."""

import threading
from types import SimpleNamespace
from typing import Any

import pytest
from IPython.core.events import EventManager

import hsjupyter.api as hs
from hsjupyter.gui.sidebar import Sidebar
from hsjupyter.gui.work import work_of
from hsjupyter.model import Model1D
from hsjupyter.schedule.run import Run
from tests.gui.conftest import two_lines


class Shell:
    """What the sidebar knows of IPython's shell."""

    def __init__(self) -> None:
        self.user_ns: dict[str, Any] = {}
        self.user_ns_hidden: dict[str, Any] = {}
        self.events = EventManager(self, {"post_run_cell": lambda result: result})

    def run_cell(self, **names: Any) -> None:
        """Bind names, and say that a cell has ended; None unbinds."""
        self.user_ns.update(names)
        for name in [name for name, thing in self.user_ns.items() if thing is None]:
            del self.user_ns[name]
        self.events.trigger("post_run_cell", None)


class Link:
    """One sidebar in a browser: what it heard last, and its requests."""

    def __init__(self, sidebar: Sidebar) -> None:
        self.sidebar = sidebar
        self.heard: list[dict[str, Any]] = []
        comm = SimpleNamespace(
            send=self.hear,
            on_msg=lambda hear: setattr(self, "say", hear),
            on_close=lambda end: setattr(self, "close", lambda: end({})),
        )
        self.say: Any = None
        self.close: Any = None
        sidebar.open(comm, {})

    def hear(self, data: dict[str, Any]) -> None:
        """Take a message of the kernel."""
        self.heard.append(data)

    @property
    def record(self) -> dict[str, Any]:
        """The kernel as it was told last."""
        self.sidebar.flush()
        return [data for data in self.heard if data["kind"] == "kernel"][-1]

    @property
    def names(self) -> list[str]:
        """How the models are called."""
        return [line["name"] for line in self.record["models"]]

    def ask(self, kind: str, **fields: Any) -> dict[str, Any]:
        """Send a request; the answer, which must have come."""
        self.say({"content": {"data": {"id": "q1", "kind": kind, **fields}}})
        return [data for data in self.heard if data["kind"] == "answer"][-1]


@pytest.fixture
def shell() -> Shell:
    return Shell()


@pytest.fixture
def link(shell: Shell) -> Link:
    return Link(Sidebar(shell))


def test_models_are_told_by_the_names_that_python_has_for_them(shell: Shell, link: Link) -> None:
    one, two = two_lines(), two_lines()
    shell.run_cell(m=one, again=one, _hidden=two_lines(), fits=[1, two], by_name={"a": two})
    assert link.names == ["m", "fits[1]"]
    line = link.record["models"][0]
    assert line["components"] == ["left", "right", "Offset"]
    assert line["signal"] == ""
    shell.run_cell(s=one.signal, m=None)
    assert link.names == ["again", "fits[1]"]
    assert link.record["models"][0]["signal"] == "s"


def test_a_change_of_structure_or_name_is_told_without_a_cell(shell: Shell, link: Link) -> None:
    model = two_lines()
    shell.run_cell(m=model)
    assert link.names == ["m"]
    model["left"].name = "K alpha"
    model.remove("Offset")
    assert link.record["models"][0]["components"] == ["K alpha", "right"]


def test_nothing_is_sent_when_nothing_changed(shell: Shell, link: Link) -> None:
    shell.run_cell(m=two_lines())
    assert link.names == ["m"]
    before = len(link.heard)
    shell.run_cell(unrelated=3)
    link.sidebar.flush()
    assert len(link.heard) == before


def test_a_run_is_told_while_it_goes_on(shell: Shell, link: Link) -> None:
    model = two_lines()
    shell.run_cell(m=model)
    assert link.names == ["m"]
    run = Run(12)
    model.run = run
    run.begin()
    run.done = 5
    line = link.record["models"][0]
    assert (line["busy"], line["run"]["state"], line["run"]["done"]) == ("multifit", "running", 5)
    run.end()
    assert link.record["models"][0]["busy"] == ""


def test_a_model_that_is_gone_is_not_held(shell: Shell, link: Link) -> None:
    import gc
    import weakref

    shell.run_cell(m=two_lines())
    assert link.names == ["m"]
    here = weakref.ref(shell.user_ns["m"])
    shell.run_cell(m=None)
    assert link.names == []
    gc.collect()
    assert here() is None


def test_a_closed_sidebar_is_told_nothing(shell: Shell, link: Link) -> None:
    link.close()
    before = len(link.heard)
    shell.run_cell(m=two_lines())
    link.sidebar.flush()
    assert len(link.heard) == before


def test_a_new_model_gets_its_name(shell: Shell, link: Link, model: Model1D) -> None:
    shell.run_cell(s=model.signal)
    (line,) = link.record["signals"]
    assert line["name"] == "s"
    assert "Gaussian" in line["addable"]
    answer = link.ask("create", signal="s", name="fit", components=["Gaussian", "Offset"])
    assert answer["ok"], answer["error"]
    assert [c.name for c in shell.user_ns["fit"]] == ["Gaussian", "Offset"]
    assert link.record["models"][0]["key"] == answer["text"]


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"signal": "s", "name": "class"}, "a Python name is wanted"),
        ({"signal": "s", "name": "__import__('os')"}, "a Python name is wanted"),
        ({"signal": "s", "name": "s"}, "a variable already"),
        ({"signal": "os", "name": "m"}, "no 'os'|has no|unknown|os"),
        ({"signal": "s", "name": "m", "components": ["Nobody"]}, "Nobody"),
        ({"signal": "s", "name": 3}, "name missing, unknown or of the wrong kind"),
    ],
)
def test_a_bad_request_is_answered_in_words(
    fields: dict[str, Any], says: str, shell: Shell, link: Link, model: Model1D
) -> None:
    shell.run_cell(s=model.signal)
    before = dict(shell.user_ns)
    answer = link.ask("create", **{"components": [], **fields})
    assert not answer["ok"]
    assert any(word in answer["error"] for word in says.split("|"))
    assert shell.user_ns == before


def test_a_request_of_no_kind_or_for_no_model_is_refused(shell: Shell, link: Link) -> None:
    shell.run_cell(m=two_lines())
    assert "execute" in link.ask("execute", code="1")["error"]
    assert "this model is gone" in link.ask("fit", model="nobody")["error"]
    assert "missing" in link.ask("save", model="nobody")["error"]


def test_a_model_is_kept_saved_and_written_as_code(shell: Shell, link: Link, tmp_path: Any) -> None:
    model = two_lines()
    shell.run_cell(s=model.signal, fit=model)
    key = model.key
    assert link.ask("store", model=key)["text"] == "kept as a in the signal's models"
    path = str(tmp_path / "kept.hspy")
    assert link.ask("save", model=key, path=path, overwrite=False)["text"] == path
    assert not link.ask("save", model=key, path=path, overwrite=False)["ok"]
    assert len(hs.load(path).models) == 2
    code = link.ask("definition", model=key)["text"]
    assert code.startswith("import hsjupyter.api as hs\n\nfit = s.create_model()\n")
    assert "nothing was changed" in link.ask("changes", model=key)["error"]


def test_a_fit_of_the_sidebar_is_undone_and_written_down_like_the_gui_s(
    shell: Shell, link: Link
) -> None:
    model = two_lines()
    shell.run_cell(m=model)
    before = model["left"].A.value
    link.say({"content": {"data": {"id": "f1", "kind": "fit", "model": model.key}}})
    for thread in threading.enumerate():
        if thread.name == "hsjupyter fit":
            thread.join(20)
    assert model["left"].A.value != before
    assert "m.fit()" in link.ask("changes", model=model.key)["text"]
    work_of(model).history.undo()
    assert model["left"].A.value == before
