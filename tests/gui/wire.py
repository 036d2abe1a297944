"""A front-end without a browser: it hears every comm, keeps the state, and sends requests."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import count
from threading import Condition
from typing import Any

import comm
import pytest
from comm.base_comm import BaseComm


@dataclass
class Page:
    """What the front-end knows: the state of every open comm, and all messages it got."""

    states: dict[str, dict[str, Any]] = field(default_factory=dict)
    comms: dict[str, BaseComm] = field(default_factory=dict)
    messages: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    heard: Condition = field(default_factory=Condition)

    def take(self, link: BaseComm, kind: str, data: dict[str, Any], buffers: Any) -> None:
        """Hear one message of the kernel, from whatever thread it is sent."""
        with self.heard:
            self._take(link, kind, data, buffers)
            self.heard.notify_all()

    def wait_for(self, condition: Callable[[], bool], seconds: float = 20.0) -> bool:
        """Wait until messages made a condition true; whether they did in time."""
        with self.heard:
            return self.heard.wait_for(condition, seconds)

    def _take(self, link: BaseComm, kind: str, data: dict[str, Any], buffers: Any) -> None:
        name = link.comm_id
        data = data or {}
        # What does not survive this would not reach a browser: NaN has no JSON.
        json.dumps(data, allow_nan=False)
        self.messages.append((name, kind, data))
        if kind == "comm_open":
            self.comms[name], self.states[name] = link, {}
        if kind == "comm_close":
            del self.comms[name], self.states[name]
            return
        if "state" in data:
            state = deepcopy(data["state"])
            for path, buffer in zip(data.get("buffer_paths", []), buffers or [], strict=True):
                place = state
                for key in path[:-1]:
                    place = place.setdefault(key, {})
                place[path[-1]] = bytes(buffer)
            self.states[name].update(state)

    def updates(self, name: str) -> list[dict[str, Any]]:
        """The state updates one comm got since `messages` was last cleared."""
        return [
            data["state"]
            for whose, _, data in self.messages
            if whose == name and data.get("method") == "update"
        ]


class FakeComm(BaseComm):
    """A comm that ends in the page of the test."""

    page: Page

    def publish_msg(
        self, msg_type: str, data: Any = None, _metadata: Any = None, buffers: Any = None, **_: Any
    ) -> None:
        self.page.take(self, msg_type, data, buffers)


@contextmanager
def opened(monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    """Let every widget made meanwhile talk to one page."""
    page = Page()
    kind = type("PageComm", (FakeComm,), {"page": page})
    monkeypatch.setattr(comm, "create_comm", kind)
    yield page


_ids = count()


class View:
    """One view of a host in the browser."""

    def __init__(self, page: Page, host: Any) -> None:
        self.page, self.host, self.name = page, host, host.model_id

    @property
    def state(self) -> dict[str, Any]:
        """What the browser knows of the host."""
        return self.page.states[self.name]

    def receive(self, data: dict[str, Any]) -> None:
        """Hand the kernel a message from the browser."""
        json.dumps(data, allow_nan=False)
        self.page.comms[self.name].handle_msg({"content": {"data": data}, "buffers": []})

    def ask(self, kind: str, **fields: Any) -> dict[str, Any]:
        """Send a request; the answer."""
        number = f"v:{next(_ids)}"
        return self.say({"id": number, "kind": kind, **fields})

    def say(self, content: Any) -> dict[str, Any]:
        """Send any message at all; the answer that came."""
        before = len(self.answers())
        self.receive({"method": "custom", "content": content})
        answers = self.answers()
        assert len(answers) == before + 1
        return answers[-1]

    def answers(self) -> list[dict[str, Any]]:
        """All answers this host gave."""
        return [
            data["content"]
            for whose, _, data in self.page.messages
            if whose == self.name and data.get("method") == "custom"
        ]

    def slot(self, name: str) -> str:
        """The wire's name of ``Component.parameter``."""
        component, parameter = name.split(".")
        for one in self.state["spec"]["components"]:
            for record in one["parameters"]:
                for place, element in zip(record["slots"], record["elements"], strict=True):
                    if (one["name"], element) == (component, parameter):
                        return str(self.state["spec"]["slots"][place])
        raise LookupError(name)

    def shown(self, name: str, column: str = "values") -> Any:
        """The number of a slot in a column."""
        return self.state[column][self.state["spec"]["slots"].index(self.slot(name))]

    def count(self, views: int) -> None:
        """Tell the kernel how many views of the host are on the page."""
        self.receive({"method": "update", "state": {"_view_count": views}, "buffer_paths": []})
