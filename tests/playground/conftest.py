"""A running stand-in with the scripted bot behind it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from playground.discord.person import Person
from playground.discord.server import Server
from tests.playground.scripted_bot import PATIENCE_S, ScriptedBot


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A stand-in on a free port."""
    with Server(tmp_path / "discord") as running:
        yield running


def scripted(server: Server) -> ScriptedBot:
    """The bot with this stand-in's keys; it has all the time it needs to answer."""
    server.parts.postman.limit_s = PATIENCE_S
    application = server.parts.world.application
    return ScriptedBot(
        server.api, server.parts.world.public_key, application["id"], application["bot_token"]
    )


@pytest.fixture
def bot(server: Server) -> Iterator[ScriptedBot]:
    """The scripted bot, its commands registered."""
    with scripted(server) as running:
        server.parts.desk.url = running.url
        assert running.register()[0] == 200
        yield running


@pytest.fixture
def vera(server: Server, bot: ScriptedBot) -> Person:
    """The administrator, in #general of the first guild."""
    return Person(server.address, "vera")


@pytest.fixture
def person(server: Server, bot: ScriptedBot) -> Callable[..., Person]:
    """Anybody anywhere."""
    return lambda *args, **more: Person(server.address, *args, **more)
