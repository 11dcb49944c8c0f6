"""What most tests need: a Discord that records, a bot over a fresh folder, a person using it."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from protege import metrics
from protege.app import App
from protege.journal import Lines
from tests.person import Person, configured
from tests.recorder import Recorder, recorder
from tools import docs

settings.register_profile("house", deadline=None)  # a test is never about time
settings.load_profile("house")


LONG = (
    "test_playground_training",
    "test_hour",
    "test_end_to_end",
    "test_template",
    "test_end_to_end_lives",
    "test_following",
    "test_hearing",
    "test_line_faults",
    "test_kills",
    "test_playground",
    "test_server",
    "test_pieces",
    "test_sound",
    "test_line",
    "test_leaks",
    "test_scale",
    "test_page",
    "test_on_aws",
)
"""The files that take longest begin first, so that none is waited for at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    order = {name: place for place, name in enumerate(LONG)}
    items.sort(key=lambda item: order.get(item.path.stem, len(LONG)))


def pytest_sessionstart() -> None:
    """A stale table would fail most tests, and its words would mislead."""
    if docs.TABLE.read_text() != docs.table():
        raise pytest.UsageError("commands/table.py is stale: run `python -m tools.docs`")


@pytest.fixture(autouse=True)
def _journal_closed() -> Iterator[None]:
    """A function's handler that was called here has opened it for the whole process."""
    yield
    root = logging.getLogger()
    root.handlers = [one for one in root.handlers if not isinstance(one.formatter, Lines)]
    logging.getLogger("protege").setLevel(logging.NOTSET)
    metrics.send_to(metrics.Nowhere())


@pytest.fixture
def discord() -> Iterator[Recorder]:
    with recorder() as it:
        yield it


@pytest.fixture
def app(discord: Recorder, tmp_path: Path) -> App:
    return configured(discord, str(tmp_path))


@pytest.fixture
def ada(app: App, discord: Recorder) -> Person:
    return Person(app, discord)
