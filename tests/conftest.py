"""What all rooms of tests share: marks by folder, their order, and what runs in one process."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from xdist.scheduler import LoadScopeScheduling

# How fast a busy machine draws examples says nothing of the code.
settings.register_profile(
    "any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("any machine")

HERE = Path(__file__).parent
SECONDS = {"engines": 300, "e2e": 300}


def room_of(item: pytest.Item) -> str:
    """Return the folder of ``tests/`` an item lives in, or ''."""
    return item.path.relative_to(HERE).parts[0] if HERE in item.path.parents else ""


def order_in(config: pytest.Config) -> tuple[str, ...]:
    """Return the rooms in the order they run in; '' stands for all that are not named.

    In one process what tells of most mistakes soonest comes first. Of several, one takes the
    browser, which waits more than it works, and the others all the rest meanwhile.
    """
    distributed = hasattr(config, "workerinput")
    return ("e2e", "engines", "") if distributed else ("", "engines", "e2e")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark items by their folder, and put them in order."""
    order = order_in(config)
    for item in items:
        room = room_of(item)
        if room in SECONDS:
            item.add_marker(room)
            if item.get_closest_marker("timeout") is None:
                item.add_marker(pytest.mark.timeout(SECONDS[room]))
    items.sort(key=lambda item: order.index(room_of(item) if room_of(item) in SECONDS else ""))


class ByRoom(LoadScopeScheduling):
    """What shares a browser or a cluster stays in one process, and so does a file."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return next((room for room in SECONDS if file.startswith(f"tests/{room}/")), file)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByRoom:
    """Share the tests out among processes."""
    return ByRoom(config, log)
