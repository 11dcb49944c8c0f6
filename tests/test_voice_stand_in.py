"""What the bot asks the stand-in's API about voice, and what it registers there."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from playground.bot import environment
from playground.discord.server import Server
from protege.app import App
from protege.commands.inventory import ACTIONS
from protege.config import Config
from protege.errors import Unavailable
from protege.registrar import register
from protege.ui.manifest import manifest


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with Server(tmp_path / "discord", voice=True) as it:
        yield it


@pytest.fixture
def app(server: Server, tmp_path: Path) -> App:
    env = environment(server, tmp_path / "bot", 0)
    return App(Config.read(env), env)


def test_where_a_person_sits_is_found_out(server: Server, app: App) -> None:
    world = server.parts.world
    [user] = [user["id"] for user in world.users.values() if user["username"] == "max"]
    [lounge] = [c for c in world.channels.values() if c["name"] == "Lounge"]
    guild = lounge["guild_id"]
    assert app.calling.where(guild, user) == ""
    server.parts.states.join(user, lounge["id"])
    assert app.calling.where(guild, user) == lounge["id"]
    server.parts.states.leave(user)
    assert app.calling.where(guild, user) == ""
    assert app.calling.where("1", user) == "", "a guild that the bot is not in"


def test_a_bot_with_a_wrong_token_learns_nothing(server: Server, tmp_path: Path) -> None:
    env = {**environment(server, tmp_path / "bot", 0), "DISCORD_BOT_TOKEN": "wrong"}
    with pytest.raises(Unavailable):
        App(Config.read(env), env).calling.where("1", "2")


def test_the_stand_in_takes_the_commands(server: Server, app: App) -> None:
    assert len(register(app).created) == len(manifest(ACTIONS))
    assert server.parts.journal.violations() == []
