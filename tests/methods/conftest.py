"""A bot that may have a provider train, and a provider that really does."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from playground.openai import OpenAIServer
from tests.methods.bot import Clock, bot
from tests.person import Person
from tests.recorder import Recorder


@pytest.fixture
def provider(tmp_path: Path) -> Iterator[OpenAIServer]:
    with OpenAIServer(tmp_path / "provider", key="sk-test") as server:
        yield server


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def tuning(discord: Recorder, tmp_path: Path, provider: OpenAIServer, clock: Clock) -> Person:
    """A trainer of a bot that may have the provider train."""
    return Person(bot(discord, tmp_path / "bot", provider.base_url, clock), discord)
