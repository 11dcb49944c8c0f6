"""What reaches the bot is signed as Discord signs it, and shaped as Discord shapes it."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator
from nacl.signing import VerifyKey

from playground.discord.person import Person
from playground.discord.server import Server
from protege.discord.interaction import Interaction
from tests.playground.scripted_bot import ScriptedBot

SCHEMA = Path(__file__).resolve().parents[3] / "shared" / "discord-incoming.schema.json"


def everything(vera: Person) -> None:
    """One interaction of every kind."""
    vera.autocomplete("ask", "question", "aur", words=3)
    answer = vera.answer_to(vera.slash("ask", question="x", private=True, words=3, tone="poem"))
    vera.slash("dataset remove", name="old")
    vera.slash("train", dataset=("a.jsonl", b"{}"))
    vera.choose(answer, "small")
    vera.submit(vera.press(answer, "Correct"), correction="right")
    vera.menu(vera.say("hello", ("x.txt", b"1")), "Correct this answer")
    opened = vera.slash("form")
    vera.submit(opened, level=["high"], files=[("a.txt", b"1"), ("b.txt", b"2")])


def test_the_signature_covers_timestamp_and_body(
    vera: Person, server: Server, bot: ScriptedBot
) -> None:
    asked = vera.exchange(vera.slash("dataset show"))["request"]
    headers, key = asked["headers"], VerifyKey(bytes.fromhex(server.parts.world.public_key))
    signed = headers["X-Signature-Timestamp"].encode() + asked["body"].encode()
    assert key.verify(signed, bytes.fromhex(headers["X-Signature-Ed25519"]))
    assert headers["User-Agent"] == "Discord-Interactions/1.0 (+https://discord.com)"


@pytest.mark.skipif(not SCHEMA.is_file(), reason="Discord's schema is not here")
@pytest.mark.parametrize("guild", [None, ""])
def test_every_kind_of_interaction_has_discords_shape(
    person: Any, bot: ScriptedBot, guild: str | None
) -> None:
    schema = json.loads(SCHEMA.read_text())
    if guild == "":
        bot.register([{**c, "contexts": [0, 1]} for c in bot.registered])
    everything(person("vera", guild=guild))
    names = {2: "chat", 3: "component", 4: "autocomplete", 5: "modal"}
    for received in bot.received:
        name = "message" if received["data"].get("type") == 3 else names[received["type"]]
        where = {"$ref": f"#/definitions/Incoming/properties/{name}"}
        found = Draft7Validator({**where, "definitions": schema["definitions"]})
        assert [e.message[:300] for e in found.iter_errors(received)] == []
    assert {i["type"] for i in bot.received} == {2, 3, 4, 5}


def test_the_bot_itself_can_read_every_kind(vera: Person, bot: ScriptedBot) -> None:
    everything(vera)
    read = [Interaction.parse(json.dumps(received).encode()) for received in bot.received]
    assert {i.name for i in read} >= {"ask", "dataset remove", "correct", "corrected", "whole"}
    form = next(i for i in read if i.name == "whole")
    assert form.values["level"] == ["high"]
    assert [file.filename for file in form.values["files"]] == ["a.txt", "b.txt"]
    assert all(i.guild and i.user == vera.id for i in read)


def test_an_endpoint_is_taken_only_if_it_refuses_forged_signatures(
    server: Server, bot: ScriptedBot
) -> None:
    path, body = "/applications/@me", {"interactions_endpoint_url": bot.url}
    status, application = bot.call("PATCH", path, body)
    assert (status, application["interactions_endpoint_url"]) == (200, bot.url)
    bot.credulous = True
    status, refused = bot.call("PATCH", path, body)
    assert status == 400
    assert "could not be verified" in json.dumps(refused["errors"])


def test_member_permissions_are_those_of_the_person(person: Any, bot: ScriptedBot) -> None:
    person("vera").slash("dataset show")
    person("max").slash("dataset show")
    manage_guild = [int(i["member"]["permissions"]) & 1 << 5 for i in bot.received]
    assert manage_guild == [32, 0]


def test_a_guild_speaks_its_own_language(person: Any, bot: ScriptedBot) -> None:
    person("max", guild="Книжный клуб", locale="en-US").slash("dataset show")
    received = bot.received[-1]
    assert (received["locale"], received["guild_locale"]) == ("en-US", "ru")
