"""Requests of the bot, and answers of the stand-in, against Discord's own API description."""

from typing import Any

import pytest

from playground.discord.person import Person
from playground.discord.server import Server
from playground.discord.validation import description
from tests.playground.scripted_bot import ScriptedBot

pytestmark = pytest.mark.skipif(description() is None, reason="Discord's description is not here")


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/channels/{channel}/messages", {"content": 5}),
        ("POST", "/channels/{channel}/messages", {"content": "x", "embeds": "none"}),
        ("POST", "/channels/{channel}/messages", {"components": [{"type": 1, "components": 5}]}),
        ("PUT", "/applications/{app}/commands", [{"description": "no name"}]),
        ("POST", "/users/@me/channels", {"recipient_id": "nobody"}),
        ("GET", "/nowhere", None),
    ],
)
def test_a_wrong_request_is_a_violation(
    method: str, path: str, body: Any, vera: Person, bot: ScriptedBot
) -> None:
    status, _ = bot.call(method, path.format(channel=vera.channel, app=bot.application), body)
    assert status in (400, 404)
    assert vera.violations()


def test_a_wrong_answer_is_a_violation_of_its_interaction(vera: Person, bot: ScriptedBot) -> None:
    bot.script["dataset"] = {"type": 4, "data": {"content": "x", "embeds": [{"title": 5}]}}
    outcome = vera.slash("dataset show")
    assert [v["interaction"] for v in vera.violations()] == [outcome.id] * len(vera.violations())
    assert vera.exchange(outcome)["violations"]


def test_permissions_as_a_string_are_no_violation(vera: Person, bot: ScriptedBot) -> None:
    assert bot.register()[0] == 200
    assert any(c["default_member_permissions"] == "32" for c in bot.registered_now())
    assert vera.violations() == []


def test_the_stand_in_answers_as_discord_does(
    vera: Person, bot: ScriptedBot, server: Server
) -> None:
    bot.script["dataset"] = {"type": 5}
    vera.slash("dataset show")
    hook, where = bot.webhook(bot.received[-1]), f"/channels/{vera.channel}/messages"
    message = {"content": "x <@" + vera.id + ">", "components": [], "embeds": [{"title": "t"}]}
    calls: list[tuple[str, str, Any]] = [
        ("GET", "/users/@me", None),
        ("GET", "/applications/@me", None),
        ("PUT", f"/applications/{bot.application}/commands", bot.registered),
        ("GET", f"/applications/{bot.application}/commands", None),
        ("PATCH", f"{hook}/messages/@original", message),
        ("POST", hook, message),
        ("GET", f"{hook}/messages/@original", None),
        ("POST", where, message),
        ("GET", where, None),
        ("POST", "/users/@me/channels", {"recipient_id": vera.id}),
    ]
    for method, path, body in calls:
        status, found = bot.call(method, path, body)
        assert status == 200, (method, path, found)
        assert server.parts.validation.response(method, path, found) == "", (method, path)
    assert vera.violations() == []


def test_violations_can_be_forgiven(vera: Person, bot: ScriptedBot) -> None:
    bot.call("GET", "/nowhere")
    assert vera.violations()
    vera.forgive()
    assert vera.violations() == []
