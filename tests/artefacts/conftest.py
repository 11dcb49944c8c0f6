"""One build and one world for all tests here; a function stays loaded from test to test."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import pytest

from tools.artefacts import built
from tools.emulator import Emulator
from tools.replay import World, world

Running = Callable[[str], Emulator]


@pytest.fixture(scope="session")
def build() -> Path:
    return built()


@pytest.fixture(scope="session")
def here(build: Path) -> Iterator[World]:
    with world(build) as it:
        yield it


@pytest.fixture(scope="session")
def running(here: World) -> Iterator[Running]:
    with ExitStack() as open_ones:

        @cache
        def emulator(name: str) -> Emulator:
            return open_ones.enter_context(here.emulator(name))

        yield emulator


@pytest.fixture(autouse=True)
def _quiet(here: World) -> None:
    """Each test reads only what was sent during itself."""
    here.discord.calls.clear()
    here.discord.answers.clear()


@pytest.fixture
def empty_queues(here: World) -> None:
    """What other tests have left in the queues is nobody's business here."""
    for queue in ("WorkQueue", "DeadLetters"):
        here.aws.empty(queue)
