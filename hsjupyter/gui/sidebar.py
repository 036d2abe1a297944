"""What JupyterLab's sidebar is told: which models live in this kernel, and what runs.

The kernel says so when it changes; nobody asks again and again.
"""

from __future__ import annotations

import keyword
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary, WeakMethod

import traitlets as t

from hsjupyter.core.door import open_gui
from hsjupyter.core.errors import ModelError, unknown_name
from hsjupyter.core.model import BaseModel
from hsjupyter.core.registry import COMPONENTS
from hsjupyter.core.signal import BaseSignal
from hsjupyter.gui.checks import LONGEST, switch, text
from hsjupyter.gui.code import definition
from hsjupyter.gui.frames import Frames
from hsjupyter.gui.kinds import explain
from hsjupyter.gui.records import Answer, KernelRecord, ModelLine, SignalLine
from hsjupyter.gui.requests import carry_out
from hsjupyter.gui.spec import addable_in
from hsjupyter.gui.table import Table
from hsjupyter.gui.work import work_of

TARGET = "hsjupyter.sidebar"
"""The name of the comm that a sidebar opens."""

INTERVAL = 0.1
"""Seconds between two announcements: a run moves on much faster."""

MANY = 100
"""How far a list, tuple or dict of the person's is looked into."""

Fields = dict[str, Any]


class Sidebar:
    """Tells every sidebar that shows this kernel what lives in it.

    Parameters
    ----------
    shell : InteractiveShell
        Whose variables are looked at, after every cell.
    """

    def __init__(self, shell: Any) -> None:
        self._shell = shell
        self._comms: list[Any] = []
        self._frames = Frames(self._announce, INTERVAL)
        self._watched: WeakKeyDictionary[BaseModel, bool] = WeakKeyDictionary()
        self._told: KernelRecord | None = None
        shell.events.register("post_run_cell", self._after_cell)

    # -- who listens -------------------------------------------------------------------------------

    def open(self, comm: Any, _message: Any) -> None:
        """A sidebar opened a comm: tell it at once."""
        comm.on_msg(lambda message: self._hear(comm, message))
        comm.on_close(lambda _message: self._comms.remove(comm))
        self._comms.append(comm)
        self._told = self.record()
        comm.send(data={"kind": "kernel", **self._told})

    def _after_cell(self, _result: Any) -> None:
        if self._comms:
            self._frames.wake()

    def _on_change(self, _change: Any) -> None:
        self._frames.wake()

    def _announce(self) -> None:
        record = self.record()
        if record == self._told:
            return
        self._told = record
        for comm in tuple(self._comms):
            comm.send(data={"kind": "kernel", **record})

    def flush(self) -> None:
        """Tell now what waits."""
        self._frames.flush()

    # -- what lives here ---------------------------------------------------------------------------

    def models(self) -> dict[str, tuple[str, BaseModel]]:
        """Key -> (how Python writes it, model), of all models that a variable reaches."""
        found: dict[str, tuple[str, BaseModel]] = {}
        for name, thing in self._named():
            if isinstance(thing, BaseModel):
                found.setdefault(thing.key, (name, thing))
        return found

    def signals(self) -> dict[str, BaseSignal]:
        """Name -> signal, of all variables that hold a signal of spectra or images."""
        return {
            name: thing
            for name, thing in self._variables()
            if isinstance(thing, BaseSignal) and thing.axes_manager.signal_dimension in {1, 2}
        }

    def _variables(self) -> Iterator[tuple[str, Any]]:
        shell = self._shell
        for name, thing in tuple(shell.user_ns.items()):
            if not name.startswith("_") and name not in shell.user_ns_hidden:
                yield name, thing

    def _named(self) -> Iterator[tuple[str, Any]]:
        """Variables first, then what stands in lists, tuples and dicts."""
        inside = []
        for name, thing in self._variables():
            yield name, thing
            if type(thing) in {list, tuple, dict}:
                inside.append((name, thing))
        for name, box in inside:
            pairs = box.items() if isinstance(box, dict) else enumerate(box)
            for _, (key, thing) in zip(range(MANY), tuple(pairs), strict=False):
                if isinstance(key, str | int):
                    yield f"{name}[{key!r}]", thing

    def record(self) -> KernelRecord:
        """All that the sidebar shows of this kernel."""
        return KernelRecord(
            models=[self._line(name, model) for name, model in self.models().values()],
            signals=[
                SignalLine(
                    name=name,
                    title=_title(signal),
                    addable=addable_in(signal.axes_manager.signal_dimension),
                )
                for name, signal in self.signals().items()
            ],
        )

    def _line(self, name: str, model: BaseModel) -> ModelLine:
        if model not in self._watched:
            self._watched[model] = True
            # The work of a model outlives it: it must not keep this sidebar's ears for ever.
            for source, names in ((model, ["structure", "run"]), (work_of(model), ["busy", "run"])):
                source.observe(_ear(source, names, WeakMethod(self._on_change)), names)
        work = work_of(model)
        return ModelLine(
            key=model.key,
            name=name,
            title=_title(model.signal),
            signal=self._name_of(model.signal),
            dimensions=str(model.axes_manager.dimensions),
            mapped=bool(model.axes_manager.navigation_axes),
            components=[component.name for component in model],
            busy=work.busy,
            run=work.run,
        )

    def _name_of(self, signal: BaseSignal) -> str:
        return next((name for name, thing in self._named() if thing is signal), "")

    def python_of(self, model: BaseModel, name: str) -> str:
        """The Python that makes a model; what it imports, where the notebook has not."""
        signal = self._name_of(model.signal) or f"{name}.signal"
        return self.with_import(definition(model, name, signal))

    def with_import(self, code: str) -> str:
        """The code, after the import of ``hs`` where it is needed and not there."""
        wanted = "hs." in code and "hs" not in self._shell.user_ns
        return f"import hsjupyter.api as hs\n\n{code}" if wanted else code

    # -- what is asked for -------------------------------------------------------------------------

    def _hear(self, comm: Any, message: Any) -> None:
        content = message["content"]["data"]
        number = content.get("id", "") if isinstance(content, dict) else ""
        number = number if isinstance(number, str) else ""

        def answer(error: str, said: str = "") -> None:
            reply = Answer(id=number, ok=not error, error=error, text=said)
            self.flush()
            comm.send(data={"kind": "answer", **reply})

        try:
            outcome = self._carry_out(content)
        except Exception as error:  # noqa: BLE001 - every request is answered, be it by an error
            answer(explain(error))
            return
        if isinstance(outcome, Future):
            outcome.add_done_callback(lambda done: answer(_told(done.exception())))
        else:
            self._frames.wake()
            answer("", outcome)

    def _carry_out(self, content: Any) -> str | Future[Any]:
        kind = content.get("kind") if isinstance(content, dict) else None
        if not isinstance(kind, str) or kind not in REQUESTS:
            raise unknown_name("the sidebar's table of requests", str(kind)[:LONGEST], REQUESTS)
        wanted = REQUESTS[kind]
        fields = {name: value for name, value in content.items() if name not in {"id", "kind"}}
        wrong = fields.keys() ^ wanted.fields.keys()
        wrong |= {name for name, good in wanted.fields.items() if not good(fields.get(name))}
        if wrong:
            raise ModelError(
                f"the request {kind!r} came with {', '.join(sorted(map(str, wrong)))} missing, "
                "unknown or of the wrong kind; reload the page, it may be older than the kernel"
            )
        return wanted.do(self, fields)

    def model(self, key: str) -> tuple[str, BaseModel]:
        """The name and the model behind a key.

        Raises
        ------
        ModelError
            No variable holds it any more.
        """
        found = self.models().get(key)
        if found is None:
            raise ModelError(
                "this model is gone: no variable of the notebook holds it any more; choose another"
            )
        return found

    def create(self, signal: str, name: str, components: list[str]) -> str:
        """Make a model of a signal, and give it a name in the notebook; its key.

        Raises
        ------
        ModelError
            The name cannot be, or is taken.
        UnknownNameError
            There is no such signal.
        """
        signals = self.signals()
        if signal not in signals:
            raise unknown_name("the signals of this kernel", signal, signals)
        if not name.isidentifier() or keyword.iskeyword(name) or name.startswith("_"):
            raise ModelError(
                f"a model cannot be called {name!r}; a Python name is wanted, such as m or fit_2"
            )
        if name in self._shell.user_ns:
            raise ModelError(f"{name!r} is a variable already; choose a name that is free")
        source: Any = signals[signal]
        made = source.create_model()
        made.extend(COMPONENTS[kind]() for kind in components)
        self._shell.user_ns[name] = made
        return str(made.key)


def _told(error: BaseException | None) -> str:
    return "" if error is None else explain(error)


def _title(signal: BaseSignal) -> str:
    return str(signal.metadata.get_item("General.title", ""))


def _ear(source: t.HasTraits, names: list[str], method: WeakMethod[Any]) -> Callable[[Any], None]:
    def hear(change: Any) -> None:
        call = method()
        if call is None:
            source.unobserve(hear, names)
        else:
            call(change)

    return hear


@dataclass(frozen=True)
class Request:
    """One kind of request: what its fields must be, and what it does."""

    fields: Mapping[str, Callable[[Any], bool]]
    do: Callable[[Sidebar, Fields], str | Future[Any]]


REQUESTS: dict[str, Request] = {}

Do = Callable[[Sidebar, Fields], str | Future[Any]]


def _request(name: str, /, **fields: Callable[[Any], bool]) -> Callable[[Do], Do]:
    def register(do: Do) -> Do:
        REQUESTS[name] = Request(fields, do)
        return do

    return register


def names(given: Any) -> bool:
    """Whether it is a short list of texts."""
    return isinstance(given, list) and len(given) <= MANY and all(text(one) for one in given)


@_request("show", model=text)
def show(sidebar: Sidebar, fields: Fields) -> str:
    """The widget that shows the whole gui."""
    _, model = sidebar.model(fields["model"])
    shown = open_gui(model, "gui", display=False)
    return str(shown["ipywidgets"]["widget"].model_id)


@_request("plot", model=text)
def plot(sidebar: Sidebar, fields: Fields) -> str:
    """The widget that shows the plot."""
    _, model = sidebar.model(fields["model"])
    shown = open_gui(model, "plot", display=False)
    return str(shown["ipywidgets"]["widget"].model_id)


def _as_the_gui(sidebar: Sidebar, fields: Fields, kind: str) -> Any:
    """Do what a button of the gui does, so that it is undone and written down in the same way."""
    table = Table(sidebar.model(fields["model"])[1], lambda _column: None)
    try:
        return carry_out(table, {"id": "sidebar", "kind": kind})
    finally:
        table.detach()


@_request("fit", model=text)
def fit(sidebar: Sidebar, fields: Fields) -> Any:
    """Fit the current pixel."""
    return _as_the_gui(sidebar, fields, "fit")


@_request("multifit", model=text)
def multifit(sidebar: Sidebar, fields: Fields) -> Any:
    """Fit all pixels; the answer comes when the run has begun."""
    return _as_the_gui(sidebar, fields, "multifit") or ""


@_request("cancel", model=text)
def cancel(sidebar: Sidebar, fields: Fields) -> str:
    """End the fit of all pixels."""
    work_of(sidebar.model(fields["model"])[1]).cancel()
    return ""


@_request("store", model=text)
def store(sidebar: Sidebar, fields: Fields) -> str:
    """Keep a frozen copy of the model in its signal; what it is called."""
    model: Any = sidebar.model(fields["model"])[1]
    before = set(model.signal.models)
    model.store()
    (new,) = set(model.signal.models) - before
    return f"kept as {new} in the signal's models"


@_request("save", model=text, path=text, overwrite=switch)
def save(sidebar: Sidebar, fields: Fields) -> str:
    """Write the signal and its models to a file; its name."""
    model: Any = sidebar.model(fields["model"])[1]
    return str(model.save(fields["path"], overwrite=fields["overwrite"]))


@_request("create", signal=text, name=text, components=names)
def create(sidebar: Sidebar, fields: Fields) -> str:
    """Make a model; its key."""
    return sidebar.create(fields["signal"], fields["name"], fields["components"])


@_request("definition", model=text)
def write_definition(sidebar: Sidebar, fields: Fields) -> str:
    """The Python that makes the model."""
    name, model = sidebar.model(fields["model"])
    return sidebar.python_of(model, name)


@_request("changes", model=text)
def write_changes(sidebar: Sidebar, fields: Fields) -> str:
    """The Python that does what was done by hand."""
    name, model = sidebar.model(fields["model"])
    script = work_of(model).history.script()
    if not script:
        raise ModelError("nothing was changed by hand since this model was made")
    return sidebar.with_import(script if name == "m" else f"m = {name}\n{script}")


_sidebars: dict[int, Sidebar] = {}


def link() -> bool:
    """Let sidebars open their comm in this kernel; whether this is one.

    Called by the sidebar, after a cell that imported hsjupyter.
    """
    from IPython import get_ipython

    shell = get_ipython()
    if shell is None or not hasattr(shell, "kernel"):
        return False
    if id(shell) not in _sidebars:
        from comm import get_comm_manager

        _sidebars[id(shell)] = Sidebar(shell)
        get_comm_manager().register_target(TARGET, _sidebars[id(shell)].open)
    return True
