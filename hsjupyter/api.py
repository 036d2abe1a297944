"""What ``import hsjupyter.api as hs`` offers."""

from hsjupyter import __version__, data, model, signals
from hsjupyter.core.component import Component
from hsjupyter.core.parameter import Par
from hsjupyter.storage.signals import load

__all__ = ["Component", "Par", "__version__", "data", "load", "model", "signals"]
