"""A journal in memory, and nothing left of it afterwards."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from protege.journal import open_journal


class Lines(io.StringIO):
    """What was written, read as JSON."""

    def all(self, event: str = "") -> list[dict[str, Any]]:
        """Every line, or those of an event."""
        found = [json.loads(line) for line in self.getvalue().split("\n") if line]
        return [line for line in found if not event or line["event"] == event]


@pytest.fixture
def lines() -> Iterator[Lines]:
    """The journal's stream. `open_journal` may be called again on it."""
    root = logging.getLogger()
    level = root.level
    stream = Lines()
    open_journal(stream, part="test")
    yield stream
    open_journal(io.StringIO())  # with no field left over; the rest is put back after each test
    root.setLevel(level)
