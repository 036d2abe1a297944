"""A visitor without a browser, who sends what no page of a dashboard sends, to its own kernel."""

import asyncio
import json
import re
from typing import Any
from uuid import uuid4

from jupyter_server.services.kernels.connection import base
from tornado.httpclient import AsyncHTTPClient
from tornado.websocket import WebSocketClientConnection, websocket_connect

PROTOCOL = "v1.kernel.websocket.jupyter.org"
LARGEST = 1 << 26
PATIENCE = 60.0

Content = dict[str, Any]

pack: Any = base.serialize_msg_to_ws_v1
unpack: Any = base.deserialize_msg_from_ws_v1


class Stranger:
    """Speaks Jupyter's protocol to the kernel that the server gave.

    Attributes
    ----------
    state : dict of str to dict
        What the kernel says of each of its widgets, by its id.
    """

    def __init__(self, connection: WebSocketClientConnection) -> None:
        self._connection = connection
        self.state: dict[str, Content] = {}

    @classmethod
    async def come(cls, url: str) -> "Stranger":
        """Ask for the page, and for all widgets that live in its kernel."""
        page = await AsyncHTTPClient().fetch(url, request_timeout=PATIENCE)
        (kernel,) = re.findall(r'"kernelId": "([^"]+)"', page.body.decode())
        socket = f"{url.replace('http', 'ws')}api/kernels/{kernel}/channels"
        made = cls(
            await websocket_connect(
                socket, subprotocols=[PROTOCOL], max_message_size=LARGEST, connect_timeout=PATIENCE
            )
        )
        await made._send("comm_info_request", {"target_name": "jupyter.widget"})
        told = await made._hear("comm_info_reply", lambda _content: True)
        for widget in told["comms"]:
            await made._send("comm_msg", {"comm_id": widget, "data": {"method": "request_state"}})
            answer = await made._hear("comm_msg", lambda content, me=widget: _is_of(content, me))
            made.state[widget] = answer["data"]["state"]
        return made

    def widget(self, **wanted: object) -> str:
        """The id of the widget whose state has these values."""
        (found,) = (name for name, state in self.state.items() if wanted.items() <= state.items())
        return found

    async def ask(self, widget: str, content: Content, parts: tuple[bytes, ...] = ()) -> Content:
        """Send a widget a request; its answer."""
        number = uuid4().hex
        data = {"method": "custom", "content": {"id": number, **content}}
        await self._send("comm_msg", {"comm_id": widget, "data": data}, parts)
        heard = await self._hear("comm_msg", lambda content: _id_of(content) == number)
        answer: Content = heard["data"]["content"]
        return answer

    async def _send(self, kind: str, content: Content, parts: tuple[bytes, ...] = ()) -> None:
        header = {"msg_id": uuid4().hex, "msg_type": kind, "session": "harm", "username": ""}
        header |= {"date": "2026-01-01T00:00:00Z", "version": "5.3"}
        sent = [json.dumps(part).encode() for part in (header, {}, {}, content)]
        whole = pack([*sent, *parts], "shell")
        await self._connection.write_message(whole, binary=True)

    async def _hear(self, kind: str, is_it: Any) -> Content:
        async with asyncio.timeout(PATIENCE):
            while True:
                message = await self._connection.read_message()
                if message is None:
                    raise RuntimeError("the server ended the connection")
                if not isinstance(message, bytes):
                    continue
                _channel, parts = unpack(message)
                header, content = json.loads(parts[0]), json.loads(parts[3])
                if header["msg_type"] == kind and is_it(content):
                    told: Content = content
                    return told

    def leave(self) -> None:
        """Close the connection."""
        self._connection.close()


def _is_of(content: Content, widget: str) -> bool:
    return bool(content.get("comm_id") == widget and content["data"].get("method") == "update")


def _id_of(content: Content) -> object:
    said = content.get("data", {}).get("content")
    return said.get("id") if isinstance(said, dict) else None
