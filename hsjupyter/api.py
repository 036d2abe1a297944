"""What ``import hsjupyter.api as hs`` offers."""

from hsjupyter import __version__, data, model, model_selection, samfire, signals
from hsjupyter.core import axes, roi
from hsjupyter.core.component import Component
from hsjupyter.core.parameter import Par
from hsjupyter.core.stacking import stack
from hsjupyter.engines.cluster import cluster
from hsjupyter.fitting.optimizers.base import OPTIMIZERS as optimizers  # noqa: N811 - a table to look at
from hsjupyter.storage.hyperspy_signals import from_hyperspy
from hsjupyter.storage.signals import load
from hsjupyter.verbs.resume import resume

__all__ = [
    "Component",
    "Par",
    "__version__",
    "axes",
    "cluster",
    "data",
    "from_hyperspy",
    "load",
    "model",
    "model_selection",
    "optimizers",
    "resume",
    "roi",
    "samfire",
    "signals",
    "stack",
]


def __dir__() -> list[str]:
    """What tab completion offers."""
    return __all__
