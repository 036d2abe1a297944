"""The kernels of a served dashboard: one a visitor, and no more than the server can carry."""

from __future__ import annotations

import asyncio
import os
from typing import Any

from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from tornado.web import HTTPError
from traitlets import Int

from hsjupyter.gui.settings import WARM

FULL = 503
PATIENCE = 1.0
"""Seconds between two looks whether a place is free."""


class VisitorKernels(AsyncMappingKernelManager):
    """Refuses one kernel too many, and lets those of visitors be less urgent than the server."""

    most = Int(20, config=True, help="kernels that may live at once, warm ones included")

    async def start_kernel(self, *words: Any, **options: Any) -> str:  # type: ignore[override]
        """Start a kernel, as Jupyter's own does.

        Raises
        ------
        HTTPError
            503: there are as many as there may be.
        """
        warm = options.get("env", {}).get(WARM) == "True"
        while len(self) >= self.most:
            if not warm:
                raise HTTPError(FULL, "all places are taken")
            # Voila cannot do without one that it began to warm: it is begun when a place is free.
            await asyncio.sleep(PATIENCE)
        kernel: str = await super().start_kernel(*words, **options)
        provisioner = self.get_kernel(kernel).provisioner
        pid = getattr(provisioner, "pid", None)
        if pid and hasattr(os, "setpriority"):
            # The server and the pages of the others stay quick while someone fits.
            os.setpriority(os.PRIO_PROCESS, pid, 5)
        return kernel
