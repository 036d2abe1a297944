"""The kernels of a served dashboard: one a visitor, and no more than the server can carry."""

from __future__ import annotations

import asyncio
import json
import os
from typing import Any

from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from tornado.web import HTTPError
from traitlets import Int
from voila.tornado import kernel_websocket_handler

from hsjupyter.gui.settings import WARM

FULL = 503
PATIENCE = 0.5
"""Seconds between two looks whether a place is free."""

GRACE = 6.0
"""Seconds that a visitor waits for a place: who loads the page again has just given one up."""

_WORD = 8


def header_of(message: bytes) -> dict[str, Any] | None:
    """The header of a binary message of Jupyter's websocket protocol v1; None where it has none.

    Voila 0.5 takes the first word of any binary message for a count, and counts up to it: a visitor
    who speaks the older protocol would stop the server for all.
    """
    words = [int.from_bytes(message[i : i + _WORD], "little") for i in range(0, 4 * _WORD, _WORD)]
    count, _, begin, end = words
    if not 2 < count < len(message) // _WORD or not begin < end <= len(message):
        return None
    try:
        header = json.loads(message[begin:end])
    except ValueError:
        return None
    return header if isinstance(header, dict) else None


kernel_websocket_handler.read_header_from_binary_message = header_of


class VisitorKernels(AsyncMappingKernelManager):
    """Refuses one kernel too many, and lets those of visitors be less urgent than the server."""

    most = Int(20, config=True, help="kernels that may live at once, warm ones included")
    _beginning = Int(0, help="kernels that are being started, and do not count as living yet")

    async def start_kernel(self, *words: Any, **options: Any) -> str:  # type: ignore[override]
        """Start a kernel, as Jupyter's own does.

        Raises
        ------
        HTTPError
            503: there are as many as there may be.
        """
        warm = options.get("env", {}).get(WARM) == "True"
        waited = 0.0
        while len(self) + self._beginning >= self.most:
            # Voila cannot do without one that it began to warm: it is begun when a place is free.
            if not warm and waited >= GRACE:
                raise HTTPError(FULL, "all places are taken")
            await asyncio.sleep(PATIENCE)
            waited += PATIENCE
        self._beginning += 1
        try:
            kernel: str = await super().start_kernel(*words, **options)
        finally:
            self._beginning -= 1
        provisioner = self.get_kernel(kernel).provisioner
        pid = getattr(provisioner, "pid", None)
        if pid and hasattr(os, "setpriority"):
            # The server and the pages of the others stay quick while someone fits.
            os.setpriority(os.PRIO_PROCESS, pid, 5)
        return kernel
