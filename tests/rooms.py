"""In what order the tests run, and which of them on one worker."""

import pytest
from xdist.scheduler import LoadScopeScheduling

SLOWEST_FIRST = ("browser", "faults", "setup", "claims/admin", "races", "hostile", "claims")
TOGETHER = ("tests/browser", "tests/faults")
"""Rooms whose files share processes."""


def in_order(item: pytest.Item) -> int:
    """Return the place of a test's room; within it the order stays."""
    path = item.nodeid.removeprefix("tests/")
    places = (n for n, room in enumerate(SLOWEST_FIRST) if path.startswith(f"{room}/"))
    return next(places, len(SLOWEST_FIRST))


class ByFile(LoadScopeScheduling):  # type: ignore[misc]  # xdist tells no types
    """Gives a worker one file after another, in the order of collection."""

    def __init__(self, config: pytest.Config, log: object = None) -> None:
        super().__init__(config, log)
        config.option.loadscopereorder = False

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::", 1)[0]
        return next((room for room in TOGETHER if file.startswith(f"{room}/")), file)
