"""Host: the only AnyWidget. It carries the bundle and the state of one thing to all its views."""

from __future__ import annotations

import logging
import weakref
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from threading import Lock
from typing import Any

import anywidget
import traitlets as t

from hsjupyter.core.errors import GuiMissing
from hsjupyter.gui.frames import Frames
from hsjupyter.gui.kinds import explain
from hsjupyter.gui.names import key_of
from hsjupyter.gui.records import (
    Answer,
    CurvesRecord,
    FormRecord,
    HistoryRecord,
    ImageRecord,
    Kind,
    MapRecord,
    PageRecord,
    QualityRecord,
    RunRecord,
    SamfireRecord,
    SpanRecord,
    Spec,
)
from hsjupyter.gui.requests import carry_out
from hsjupyter.gui.table import COLUMNS, Table, problem_of

log = logging.getLogger(__name__)

STATIC = Path(__file__).parent / "static"
FROM_BROWSER = ("_view_count",)
"""The only traits a browser may write; all else it asks for by a request."""

OPEN: weakref.WeakSet[Host] = weakref.WeakSet()


def bundle(name: str) -> Path:
    """A file of the browser's half.

    Raises
    ------
    GuiMissing
        It was not built.
    """
    path = STATIC / name
    if not path.is_file():
        raise GuiMissing(
            f"hsjupyter's widgets: {name} is not in {STATIC}, where the build puts it; "
            "install again without HSJUPYTER_SKIP_JS, or run `python hatch_build.py` in a checkout"
        )
    return path


def wire(shape: Any, default: Any, *, none: bool = False) -> Any:
    """A synced trait that Python alone writes; ``shape`` is its type for the browser."""
    return t.Any(default, allow_none=none).tag(sync=True, shape=shape)


class Host(anywidget.AnyWidget):
    """The state of one parameter, component or model, as its views in the browser see it.

    Columns are over the slots of ``spec``, and are sent whole when they changed. A browser writes
    nothing: it sends requests, which are checked, carried out on the core and answered.

    Parameters
    ----------
    thing : Parameter, Component or BaseModel
        What is shown. It lives as long as it is on screen, or a variable holds it.
    kind : str
        Which view shows it.
    """

    _esm = bundle("widget.js")
    _css = bundle("widget.css")

    kind = wire(Kind, "parameter")
    key = wire(str, "")
    spec = wire(Spec, {"title": "", "slots": [], "components": [], "addable": [], "navigation": []})
    values = wire(list[float | None], [])
    std = wire(list[float | None], [])
    free = wire(list[bool], [])
    bmin = wire(list[float | None], [])
    bmax = wire(list[float | None], [])
    linked = wire(list[str | None], [])
    active = wire(list[bool], [])
    per_pixel = wire(list[bool], [])
    pixel = wire(list[int], [])
    quality = wire(QualityRecord | None, None, none=True)
    busy = wire(str, "")
    run = wire(RunRecord | None, None, none=True)
    history = wire(HistoryRecord | None, None, none=True)
    curves = wire(CurvesRecord | None, None, none=True)
    form = wire(FormRecord | None, None, none=True)
    image = wire(ImageRecord | None, None, none=True)
    span = wire(SpanRecord | None, None, none=True)
    samfire = wire(SamfireRecord | None, None, none=True)
    x = wire(bytes, b"")
    y = wire(bytes, b"")
    inside = wire(bytes, b"")
    data = wire(bytes, b"")
    widths = wire(bytes, b"")
    limits = wire(list[float], [])
    uncertainty = wire(bytes, b"")
    pushed = wire(dict[str, bytes], {})
    problem = wire(str, "")
    map = wire(MapRecord | None, None, none=True)
    map_values = wire(bytes, b"").tag(to_json=lambda value, host: host.map_now or value)
    page = wire(PageRecord | None, None, none=True)

    def __init__(self, thing: Any, kind: str, **more: Any) -> None:
        self._dirty: set[str] = set()
        self._dirty_lock = Lock()
        self._frames = Frames(self.send_columns)
        self._strong: Any = thing
        self._thing = weakref.ref(thing)
        self._seen = False
        self._beside: list[Any] = []
        self.map_now = b""  # with the patches that views have got since
        self.sent: Callable[[set[str]], None] | None = None
        self.rules: Callable[[Table, Any], None] | None = None
        self.explain = explain
        table = Table(thing, _marker(weakref.ref(self)))
        # The core holds the table by its observers, so that this host does not hold the core.
        self._table = weakref.ref(table)
        state = {name: table.column(name) for name in COLUMNS}
        # Not None: then the front-end counts the views.
        super().__init__(
            _view_count=0, kind=kind, key=key_of(thing), spec=table.spec(), **state, **more
        )
        self.on_msg(self._on_message)
        self._gone = weakref.finalize(thing, _close, weakref.ref(self))
        self._gone.atexit = False
        OPEN.add(self)

    # -- kernel to browser -------------------------------------------------------------------------

    def mark(self, column: str) -> None:
        """A column is stale; it is sent at the next frame."""
        with self._dirty_lock:
            self._dirty.add(column)
        self._frames.wake()

    def send_columns(self) -> None:
        """Send the stale columns, in one message."""
        table = self._table()
        if table is None or self.comm is None:
            return
        with table.lock:
            self.problem = problem_of(table)
            if self.problem:
                return
            with self._dirty_lock:
                stale, self._dirty = self._dirty, set()
            if not stale:
                return
            with self.hold_sync():
                if "spec" in stale:
                    table.detach()
                    table.attach()
                    stale = {*stale, *COLUMNS}
                    self.key = key_of(table.thing)
                    self.spec = table.spec()
                for name in COLUMNS:
                    if name in stale:
                        setattr(self, name, table.column(name))
                if self.sent is not None:
                    self.sent(stale)

    def flush(self) -> None:
        """Send what waits now; what another thread is sending is sent when this returns."""
        self._frames.flush()
        self.send_columns()

    @property
    def on_screen(self) -> bool:
        """Whether there is a view that hears what is sent."""
        return bool(self._view_count)

    def show_map(self, record: MapRecord, numbers: bytes | None) -> None:
        """Send the map one navigates by, whole; what is equal is not sent, nor None."""
        with self.hold_sync():
            if numbers is not None:
                self.map_now = numbers
                self.map_values = numbers
            self.map = record

    def patch_map(self, record: MapRecord, numbers: bytes, which: Any, values: Any) -> None:
        """Send some numbers of the map; who asks for its state later gets the whole one.

        Parameters
        ----------
        record : MapRecord
        numbers : bytes
            The whole map.
        which : ndarray of int, (change,)
            Places counted row by row.
        values : ndarray, (change,)
        """
        self.map_now = numbers
        buffers = [which.astype("<u4").tobytes(), values.astype("<f8").tobytes()]
        self.send({"patch": "map_values"}, buffers=buffers)
        self.map = record

    # -- browser to kernel -------------------------------------------------------------------------

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take what a browser may write, and nothing else."""
        refused = sync_data.keys() - set(FROM_BROWSER)
        if refused:
            log.warning("%r: a browser tried to write %s; refused", self, sorted(refused))
        super().set_state({k: v for k, v in sync_data.items() if k not in refused})

    def _on_message(self, _widget: Any, content: Any, _buffers: Any) -> None:
        table = self._table()
        if table is None:
            return
        number = content.get("id", "") if isinstance(content, dict) else ""
        number = number if isinstance(number, str) else ""
        try:
            if self.rules is not None:
                self.rules(table, content)
            outcome = carry_out(table, content)
        except Exception as error:  # noqa: BLE001 - every request is answered, be it by an error
            self._answer(number, self.explain(error))
            return
        if outcome is None or isinstance(outcome, str):
            self._answer(number, "", outcome or "")
        else:
            outcome.add_done_callback(lambda done: self._answer_late(number, done))

    def _answer_late(self, number: str, done: Future[Any]) -> None:
        error = done.exception()
        self._answer(number, "" if error is None else self.explain(error))

    def _answer(self, number: str, error: str, text: str = "") -> None:
        # Numbers first: when the browser has its answer, the columns are right.
        for host in tuple(OPEN):
            if host.key == self.key:
                host.flush()
        self.send(Answer(id=number, ok=not error, error=error, text=text))

    # -- how long it lives -------------------------------------------------------------------------

    @t.observe("_view_count")
    def _on_views(self, change: Any) -> None:
        if change["new"]:
            self._seen = True
            self._strong = self._thing()
        elif self._seen:
            self._strong = None

    def keep(self, *things: Any) -> None:
        """Close these together with this host."""
        self._beside += things

    def close(self) -> None:
        """End the view: no observer, no comm and no widget of it is left."""
        if not hasattr(
            self, "_gone"
        ):  # its making failed half way; ipywidgets ends it all the same
            super().close()
            return
        self._frames.close()
        table = self._table()
        if table is not None:
            table.detach()
        self._gone.detach()
        self._strong = None
        OPEN.discard(self)
        beside, self._beside = self._beside, []
        layout = self.layout
        # A browser that counts its views would tell a comm that is gone, and fail.
        self._view_count = None
        super().close()
        # ipywidgets does not: the layout's comm would stay open for ever.
        layout.close()
        for thing in beside:
            thing.close()


def _marker(me: weakref.ref[Host]) -> Any:
    def mark(column: str) -> None:
        host = me()
        if host is not None:
            host.mark(column)

    return mark


def _close(me: weakref.ref[Host]) -> None:
    host = me()
    if host is not None:
        host.close()
