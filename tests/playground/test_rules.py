"""What Discord refuses, the stand-in refuses, in the same words."""

import json
from typing import Any

import pytest

from playground.discord.person import Person
from playground.discord.server import Server
from tests.playground.scripted_bot import ScriptedBot

BUTTON = {"type": 2, "style": 1, "custom_id": "a", "label": "A"}


def row(*components: Any) -> dict[str, Any]:
    return {"type": 1, "components": list(components)}


def buttons(count: int) -> list[dict[str, Any]]:
    return [{**BUTTON, "custom_id": str(n)} for n in range(count)]


BAD_MESSAGES: dict[str, tuple[dict[str, Any], str]] = {
    "content of 2,001 characters": ({"content": "x" * 2001}, "2000 or fewer"),
    "eleven embeds": ({"embeds": [{"title": "x"}] * 11}, "10 or fewer"),
    "a long title": ({"embeds": [{"title": "x" * 257}]}, "256 or fewer"),
    "too much text in embeds": ({"embeds": [{"description": "x" * 4000}] * 2}, "6000"),
    "six rows": ({"components": [row(b) for b in buttons(6)]}, "5 or fewer"),
    "six buttons in a row": ({"components": [row(*buttons(6))]}, "between 1 and 5"),
    "the same custom_id twice": ({"components": [row(BUTTON, BUTTON)]}, "duplicated"),
    "a custom_id of 101 characters": (
        {"components": [row({**BUTTON, "custom_id": "x" * 101})]},
        "between 1 and 100",
    ),
    "an empty custom_id": ({"components": [row({**BUTTON, "custom_id": ""})]}, "between 1 and 100"),
    "a button without a face": (
        {"components": [row({"type": 2, "style": 1, "custom_id": "a"})]},
        "label or emoji",
    ),
    "a link with a custom_id": ({"components": [row({**BUTTON, "style": 5})]}, "needs url"),
    "a file that was not sent": ({"attachments": [{"id": 0}]}, "No file with index 0"),
}


@pytest.mark.parametrize("name", BAD_MESSAGES)
def test_a_message_is_refused_for(name: str, vera: Person, bot: ScriptedBot) -> None:
    body, why = BAD_MESSAGES[name]
    message = {"content": "x", **body}
    status, found = bot.call("POST", f"/channels/{vera.channel}/messages", message)
    assert (status, found["code"]) == (400, 50035)
    assert why in json.dumps(found["errors"])
    assert vera.violations(), "a refusal is a violation too"


@pytest.mark.parametrize("body", [{}, {"content": "  "}, {"content": "", "embeds": []}])
def test_an_empty_message_is_refused(body: Any, vera: Person, bot: ScriptedBot) -> None:
    status, found = bot.call("POST", f"/channels/{vera.channel}/messages", body)
    assert (status, found["code"]) == (400, 50006)


def test_a_message_of_2000_characters_fits(vera: Person, bot: ScriptedBot) -> None:
    body = {"content": "ё" * 2000, "components": [row(*buttons(5))]}
    assert bot.call("POST", f"/channels/{vera.channel}/messages", body)[0] == 200
    assert vera.violations() == []


COMMAND: dict[str, Any] = {"name": "a", "type": 1, "description": "b"}
TEXT = {"type": 3, "name": "o", "description": "o"}
BAD_COMMANDS = {
    "capitals": [{**COMMAND, "name": "Ask"}],
    "spaces": [{**COMMAND, "name": "a b"}],
    "a translated capital": [{**COMMAND, "name_localizations": {"ru": "Спросить"}}],
    "an unknown language": [{**COMMAND, "description_localizations": {"en": "b"}}],
    "no description": [{"name": "a", "type": 1}],
    "a long description": [{**COMMAND, "description": "x" * 101}],
    "two of a name": [COMMAND, COMMAND],
    "sixteen message commands": [{"name": f"m{n}", "type": 3} for n in range(16)],
    "optional before required": [
        {**COMMAND, "options": [TEXT, {**TEXT, "name": "p", "required": True}]}
    ],
    "choices and autocomplete": [
        {
            **COMMAND,
            "options": [{**TEXT, "autocomplete": True, "choices": [{"name": "x", "value": "x"}]}],
        }
    ],
}


@pytest.mark.parametrize("name", BAD_COMMANDS)
def test_commands_are_refused_for(name: str, bot: ScriptedBot) -> None:
    status, found = bot.register(BAD_COMMANDS[name])
    assert (status, found["code"]) == (400, 50035)


def test_a_command_keeps_its_id_when_it_is_registered_again(bot: ScriptedBot) -> None:
    before = {c["name"]: c["id"] for c in bot.register()[1]}
    fewer = [c for c in bot.registered if c["name"] != "form"]
    after = {c["name"]: c["id"] for c in bot.register(fewer)[1]}
    assert "form" not in after
    assert after.items() <= before.items()


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "/applications/{app}/commands"),
        ("GET", "/users/@me"),
        ("PATCH", "/applications/@me"),
        ("POST", "/users/@me/channels"),
        ("POST", "/channels/{channel}/messages"),
    ],
)
def test_only_the_bots_token_opens_the_bots_routes(
    method: str, path: str, vera: Person, bot: ScriptedBot
) -> None:
    where = path.format(app=bot.application, channel=vera.channel)
    for headers in ({}, {"Authorization": "Bot wrong"}, {"Authorization": bot.token}):
        status, found = bot.call(method, where, [] if method == "PUT" else {}, headers=headers)
        assert (status, found["message"]) == (401, "401: Unauthorized")


def test_what_is_no_json_is_refused(server: Server, bot: ScriptedBot, vera: Person) -> None:
    answer = bot.pool.request(
        "POST", f"{server.api}/channels/{vera.channel}/messages", body=b"{", headers=bot.bot
    )
    assert (answer.status, answer.json()["code"]) == (400, 50109)
