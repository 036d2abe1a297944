"""Linear algebra of one pixel runs on one thread.

Its matrices are a few numbers wide: handing parts of them to other threads costs more than the
work, many times so where these are busy, and the pools of numpy and scipy wait for each other.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import lru_cache
from threading import Lock
from typing import Any

_LOCK = Lock()
_inside: list[int] = [0]
_limits = ExitStack()


@lru_cache(maxsize=1)
def _pools() -> Any:
    import scipy.linalg  # noqa: F401 - its pool is to be found, too
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


@contextmanager
def on_one_thread() -> Iterator[None]:
    """Hold the linear algebra of the process to one thread while anybody is inside."""
    with _LOCK:
        if not _inside[0]:
            _limits.enter_context(_pools().limit(limits=1, user_api="blas"))
        _inside[0] += 1
    try:
        yield
    finally:
        with _LOCK:
            _inside[0] -= 1
            if not _inside[0]:
                _limits.close()
