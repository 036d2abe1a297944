"""``from hsjupyter.component import Component``, as scripts for HyperSpy write it."""

from hsjupyter.core.component import Component
from hsjupyter.core.parameter import Parameter

__all__ = ["Component", "Parameter"]
