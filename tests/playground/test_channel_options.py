"""Options of a command that name a channel."""

from typing import Any

import pytest

from playground.discord.person import Person, Refusal
from playground.discord.server import Server
from tests.playground.scripted_bot import ScriptedBot

TEXT_CHANNEL, VOICE_CHANNEL = 0, 2


def command(**more: Any) -> dict[str, Any]:
    option = {"type": 7, "name": "channel", "description": "Where", **more}
    return {"name": "join", "type": 1, "description": "Come here", "options": [option]}


@pytest.fixture
def offered(bot: ScriptedBot) -> ScriptedBot:
    """The bot with a command whose channel must be a text channel."""
    bot.script["join"] = {"type": 4, "data": {"content": "Coming"}}
    assert bot.register([command(channel_types=[TEXT_CHANNEL])])[0] == 200
    return bot


def channels(server: Server, **wanted: Any) -> list[dict[str, Any]]:
    found = server.parts.world.channels.values()
    return [c for c in found if all(c.get(name) == value for name, value in wanted.items())]


def test_the_chosen_channel_is_told_whole_with_the_persons_permissions(
    vera: Person, offered: ScriptedBot, server: Server
) -> None:
    [training] = channels(server, name="training")
    assert vera.slash("join", channel=training["id"]).message["content"] == "Coming"
    data = offered.received[-1]["data"]
    assert data["options"] == [{"name": "channel", "type": 7, "value": training["id"]}]
    told = data["resolved"]["channels"][training["id"]]
    assert (told["id"], told["name"], told["type"]) == (training["id"], "training", TEXT_CHANNEL)
    assert int(told["permissions"]) == server.parts.world.permissions(training, vera.id)
    assert "permission_overwrites" not in told
    assert vera.violations() == []


def test_a_channel_of_another_type_cannot_be_chosen(
    vera: Person, offered: ScriptedBot, server: Server
) -> None:
    [training] = channels(server, name="training")
    assert offered.register([command(channel_types=[VOICE_CHANNEL])])[0] == 200
    with pytest.raises(Refusal, match="Not one of the channels"):
        vera.slash("join", channel=training["id"])


@pytest.mark.usefixtures("offered")
@pytest.mark.parametrize("name", ["staff", "общий"])
def test_neither_a_hidden_channel_nor_another_guilds(
    name: str, person: Any, server: Server
) -> None:
    [other] = channels(server, name=name)
    with pytest.raises(Refusal, match="Not one of the channels"):
        person("max").slash("join", channel=other["id"])


@pytest.mark.usefixtures("offered")
def test_in_a_private_chat_there_is_none_to_choose(person: Any, server: Server) -> None:
    [training] = channels(server, name="training")
    with pytest.raises(Refusal, match="Not one of the channels"):
        person("max", guild="").slash("join", channel=training["id"])


@pytest.mark.parametrize(
    "option", [{"channel_types": [99]}, {"type": 3, "channel_types": [VOICE_CHANNEL]}]
)
def test_a_command_with_senseless_channel_types_is_refused(
    option: dict[str, Any], bot: ScriptedBot
) -> None:
    status, found = bot.register([command(**option)])
    assert (status, found["code"]) == (400, 50035)
