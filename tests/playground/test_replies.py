"""Replies, whom they ping, and voice messages."""

import base64
import io
import json
import wave
from typing import Any

import pytest

from playground.discord.person import Person, Refusal
from playground.page.writing import length_s
from tests.playground.scripted_bot import ScriptedBot

VOICE = 1 << 13


def send(bot: ScriptedBot, vera: Person, **body: Any) -> tuple[int, Any]:
    found: tuple[int, Any] = bot.call("POST", f"/channels/{vera.channel}/messages", body)
    return found


def test_a_reply_shows_what_it_answers_and_pings_its_author(vera: Person, bot: ScriptedBot) -> None:
    said = vera.say("hello")
    _, reply = send(bot, vera, content="hi", message_reference={"message_id": said["id"]})
    assert reply["type"] == 19
    assert reply["message_reference"]["message_id"] == said["id"]
    assert reply["referenced_message"]["content"] == "hello"
    assert [user["id"] for user in reply["mentions"]] == [vera.id]
    bot.call("PATCH", f"/channels/{vera.channel}/messages/{reply['id']}", {"content": "hi!"})
    edited = vera.messages()[-1]
    assert [user["id"] for user in edited["mentions"]] == [vera.id]


@pytest.mark.parametrize(
    ("allowed", "pinged"),
    [({"parse": []}, 0), ({"parse": [], "replied_user": True}, 1), ({"replied_user": False}, 0)],
)
def test_a_reply_pings_its_author_only_where_it_may(
    allowed: dict[str, Any], pinged: int, vera: Person, bot: ScriptedBot
) -> None:
    reference = {"message_id": vera.say("hello")["id"]}
    _, reply = send(bot, vera, content="hi", message_reference=reference, allowed_mentions=allowed)
    assert len(reply["mentions"]) == pinged


def test_only_named_users_are_pinged(vera: Person, bot: ScriptedBot, person: Any) -> None:
    both = f"<@{vera.id}> <@{person('max').id}>"
    allowed = {"users": [vera.id]}
    _, sent = send(bot, vera, content=both, allowed_mentions=allowed)
    assert [user["id"] for user in sent["mentions"]] == [vera.id]


def test_what_a_reply_answered_may_be_gone_later_but_not_before(
    vera: Person, bot: ScriptedBot, person: Any
) -> None:
    _, first = send(bot, vera, content="first")
    reply = vera.say("yes", reply_to=first["id"])
    bot.call("DELETE", f"/channels/{vera.channel}/messages/{first['id']}")
    assert vera.messages()[-1]["id"] == reply["id"]
    assert vera.messages()[-1]["referenced_message"] is None
    gone = {"message_id": first["id"]}
    status, found = send(bot, vera, content="no", message_reference=gone)
    assert status == 400
    assert "MESSAGE_REFERENCE_UNKNOWN_MESSAGE" in json.dumps(found)
    lenient = {**gone, "fail_if_not_exists": False}
    status, found = send(bot, vera, content="no", message_reference=lenient)
    assert (status, found["type"]) == (200, 0)
    elsewhere = person("max", guild="").say("elsewhere")
    assert send(bot, vera, content="x", message_reference={"message_id": elsewhere["id"]})[0] == 400


def test_nobody_replies_to_what_only_another_sees(
    vera: Person, bot: ScriptedBot, person: Any
) -> None:
    bot.script["dataset"] = {"type": 4, "data": {"content": "secret", "flags": 64}}
    secret = vera.slash("dataset show").message
    with pytest.raises(Refusal, match="UNKNOWN_MESSAGE"):
        person("max").say("what?", reply_to=secret["id"])


def test_a_voice_message_says_how_long_it_lasts(vera: Person) -> None:
    sound = io.BytesIO()
    with wave.open(sound, "wb") as written:
        written.setparams((1, 2, 8000, 0, "NONE", ""))
        written.writeframes(bytes(2 * 12_000))
    message = vera.say("", ("sound.wav", sound.getvalue()), voice=True)
    assert message["flags"] & VOICE
    (file,) = message["attachments"]
    assert file["duration_secs"] == 1.5
    assert base64.b64decode(file["waveform"])


def test_how_long_other_things_last_is_not_known() -> None:
    assert length_s(b"ID3") == length_s(b"") == length_s(b"RIFF, a word") == 0.0


@pytest.mark.parametrize(
    ("content", "files", "code"),
    [
        ("look", [("a.ogg", b"OggS")], 50159),
        ("", [("a.txt", b"text")], 50160),
        ("", [("a.ogg", b"OggS"), ("b.ogg", b"OggS")], 50160),
        ("", [], 50160),
    ],
)
def test_what_is_no_voice_message_is_refused(
    content: str, files: list[tuple[str, bytes]], code: int, vera: Person
) -> None:
    with pytest.raises(Refusal, match=str(code)):
        vera.say(content, *files, voice=True)


def test_a_voice_message_without_its_length_is_refused(vera: Person, bot: ScriptedBot) -> None:
    where = f"/channels/{vera.channel}/messages"
    sound = ("a.ogg", b"OggS", "audio/ogg")
    fields = {"payload_json": json.dumps({"flags": VOICE}), "files[0]": sound}
    status, found = bot.call("POST", where, fields=fields)
    assert (status, found["code"]) == (400, 50161)
