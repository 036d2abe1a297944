"""The kernels of a served dashboard: one a visitor, and no more than the server can carry."""

from __future__ import annotations

import os
from typing import Any

from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from tornado.web import HTTPError
from traitlets import Int

FULL = 503


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
        if len(self) >= self.most:
            raise HTTPError(FULL, "all places are taken")
        kernel: str = await super().start_kernel(*words, **options)
        provisioner = self.get_kernel(kernel).provisioner
        pid = getattr(provisioner, "pid", None)
        if pid and hasattr(os, "setpriority"):
            # The server and the pages of the others stay quick while someone fits.
            os.setpriority(os.PRIO_PROCESS, pid, 5)
        return kernel
