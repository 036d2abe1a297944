"""A visitor who speaks another protocol than Jupyter's newest does not stop the server."""

import json

from hypothesis import given
from hypothesis import strategies as st
from jupyter_server.services.kernels.connection.base import (
    serialize_binary_message,
    serialize_msg_to_ws_v1,
)
from voila.tornado import kernel_websocket_handler

from hsjupyter.gui.visitors import header_of

HEADER = {"msg_id": "1", "msg_type": "comm_msg", "session": "s", "username": "", "date": ""}


def test_a_message_of_the_newest_protocol_tells_its_header():
    parts = [json.dumps(part).encode() for part in (HEADER, {}, {}, {"data": {"value": 1.5}})]
    assert header_of(serialize_msg_to_ws_v1(parts, "iopub")) == HEADER


def test_a_message_of_the_older_protocol_has_none():
    told = {"header": HEADER, "parent_header": {}, "metadata": {}, "content": {}}
    told["buffers"] = [b"\x01" * 64]
    assert header_of(serialize_binary_message(told)) is None


@given(st.binary(max_size=200))
def test_no_bytes_stop_the_server(text):
    assert header_of(text) is None or isinstance(header_of(text), dict)


def test_voila_asks_for_headers_here():
    assert kernel_websocket_handler.read_header_from_binary_message is header_of
