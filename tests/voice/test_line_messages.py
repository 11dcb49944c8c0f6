"""What people write reaches the worker as one plain value."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from playground.discord.person import Person
from tests.voice.exchange import Exchange, exchange
from voice_worker.line import Message

pytestmark = pytest.mark.real
ADMINISTRATOR = 8


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Exchange]:
    yield from exchange(tmp_path, monkeypatch)


async def written(house: Exchange, person: Person, content: str, *files: Any, **more: Any) -> Any:
    """What the line tells of a message, and the message as it was posted."""
    before = len(house.diary.messages)
    posted = await asyncio.to_thread(person.say, content, *files, **more)
    await house.until(lambda: len(house.diary.messages) > before)
    return house.diary.messages[-1], posted


def test_a_mention_comes_whole(house: Exchange) -> None:
    vera = Person(house.server.address)

    async def scene(house: Exchange) -> None:
        content = f"<@{house.bot}> when does it open?"
        message, posted = await written(house, vera, content, ("a.txt", b"text"))
        attached = posted["attachments"][0]
        assert message == Message(
            id=posted["id"],
            guild=house.guild,
            channel=vera.channel,
            author=vera.id,
            content=content,
            locale="en-US",
            mentions_me=True,
            replies_to_me=False,
            replied="",
            attachments=message.attachments,
            voice=False,
            roles=message.roles,
            permissions=message.permissions,
            author_is_bot=False,
        )
        (file,) = message.attachments
        assert (file.id, file.filename, file.size) == (attached["id"], "a.txt", 4)
        path = attached["url"].partition("?")[0]
        assert file.url.startswith(f"{path}?"), "signed anew at every reading"
        assert len(message.roles) == 1
        assert message.permissions & ADMINISTRATOR

    house.play(scene)


def test_what_is_said_to_others_comes_without_its_words_unless_the_intent_is_asked_for(
    house: Exchange,
) -> None:
    async def said(house: Exchange) -> Message:
        lina = Person(house.server.address, "lina")
        message, _ = await written(house, lina, "between us")
        assert (message.mentions_me, message.permissions & ADMINISTRATOR) == (False, 0)
        return message

    async def hidden(house: Exchange) -> None:
        assert (await said(house)).content == ""

    async def shown(house: Exchange) -> None:
        assert (await said(house)).content == "between us"

    house.play(hidden)
    house.line = house.new_line(content=True)
    house.play(shown)


def test_a_private_message_has_no_guild_and_is_read_whole(house: Exchange) -> None:
    async def scene(house: Exchange) -> None:
        max = Person(house.server.address, "max", guild="")
        message, _ = await written(house, max, "just you and me")
        assert (message.guild, message.content, message.locale) == ("", "just you and me", "en-US")
        assert (message.roles, message.permissions) == ((), 0)

    house.play(scene)


def test_a_reply_tells_what_it_answers(house: Exchange) -> None:
    async def scene(house: Exchange) -> None:
        vera = Person(house.server.address)
        first, posted = await written(house, vera, f"<@{house.bot}> hello")
        second, _ = await written(house, vera, "as I said", reply_to=posted["id"])
        assert (second.replied, second.replies_to_me) == (first.id, False)

    house.play(scene)


def test_a_voice_message_is_known_as_one_in_the_guilds_language(house: Exchange) -> None:
    house.line = house.new_line(content=True)  # without it, files of others are hidden, too

    async def scene(house: Exchange) -> None:
        vera = Person(house.server.address, guild="Книжный клуб")
        sound = ("voice-message.ogg", b"OggS" + bytes(100))
        message, _ = await written(house, vera, "", sound, voice=True)
        assert (message.voice, message.locale) == (True, "ru")
        assert [file.filename for file in message.attachments] == ["voice-message.ogg"]

    house.play(scene)


def test_webhooks_count_as_bots_and_what_nobody_wrote_is_no_message(house: Exchange) -> None:
    """A thread's name, a new name of the channel and the like come as messages, too."""
    vera = Person(house.server.address)

    async def scene(house: Exchange) -> None:
        gateway = house.server.voice.gateway
        posted = await asyncio.to_thread(vera.say, f"<@{house.bot}> hello")
        await house.until(lambda: house.diary.messages)
        raw = {**posted, "guild_id": house.guild}
        hook = {"id": "7001", "username": "news", "avatar": None, "discriminator": "0000"}
        changes: list[dict[str, Any]] = [
            {"type": 18, "content": "What is new?"},
            {"type": 4, "content": "What is new?"},
            {"author": hook, "webhook_id": "7001"},
        ]
        for number, changed in enumerate(changes):
            event = {**raw, "id": str(int(posted["id"]) + number + 1), **changed}
            gateway._now(gateway._news.tell, "MESSAGE_CREATE", house.guild, event)
        await house.until(lambda: len(house.diary.messages) > 1)
        told = house.diary.messages[1:]
        assert [(it.author, it.author_is_bot) for it in told] == [("7001", True)]

    house.play(scene)
