"""What all rooms of tests share: marks by folder, and the slow folders last."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# How fast a busy machine draws examples says nothing of the code.
settings.register_profile(
    "any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("any machine")

HERE = Path(__file__).parent
# In this order, after everything else. The browser comes last of all: playwright keeps an event
# loop running in the main thread, and nothing else may want one there after it.
LAST = ("engines", "e2e")
SECONDS = {"engines": 300, "e2e": 300}


def room_of(item: pytest.Item) -> str:
    """Return the folder of ``tests/`` an item lives in, or ''."""
    return item.path.relative_to(HERE).parts[0] if HERE in item.path.parents else ""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark items by their folder and put the slow folders last."""
    for item in items:
        room = room_of(item)
        if room in LAST:
            item.add_marker(room)
            if item.get_closest_marker("timeout") is None:
                item.add_marker(pytest.mark.timeout(SECONDS[room]))
    items.sort(key=lambda item: LAST.index(room_of(item)) + 1 if room_of(item) in LAST else 0)
