"""What a plot sends beside its columns, and the positions that it keeps from a fit."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from hsjupyter.core.component import Component
from hsjupyter.core.model import BaseModel
from hsjupyter.core.parameter import Parameter
from hsjupyter.gui.host import Host
from hsjupyter.gui.names import name_of
from hsjupyter.gui.spec import javascript_of


def as_bytes(numbers: Any) -> bytes:
    """Numbers as a browser reads them; nothing for None."""
    return b"" if numbers is None else np.ascontiguousarray(numbers, dtype=np.float64).tobytes()


def push_lines(host: Host, model: BaseModel | None) -> None:
    """Evaluate what the browser cannot, and send it."""
    if model is None or host.comm is None or not model.fidelity.kept:
        return
    with model.lock:
        host.pushed = {
            name_of(c): as_bytes(model([c], only_active=False))
            for c in model
            if javascript_of(c) is None
        }


def positions_of(component: Component) -> tuple[Parameter, ...]:
    """The parameters that a handle of a component moves: one for each axis; none without."""
    names = component.position
    given = (names,) if isinstance(names, str) else names or ()
    return tuple(getattr(component, name) for name in given)


class Kept:
    """Positions that no fit moves, until others are kept."""

    def __init__(self) -> None:
        self._fixed: list[Parameter] = []

    def fix(self, components: Iterable[Component]) -> None:
        """Free those of last time, and fix the free positions of these."""
        for parameter in self._fixed:
            if parameter.link is None:
                parameter.free = True
        self._fixed = []
        for component in components:
            for place in positions_of(component):
                if place.free:
                    place.free = False
                    self._fixed.append(place)
