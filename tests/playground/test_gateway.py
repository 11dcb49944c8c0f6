"""The gateway with the library that the voice worker uses, as it is."""

from collections.abc import Callable, Iterator
from pathlib import Path

import disnake
import pytest
import urllib3

from playground.discord.person import Person
from playground.discord.server import Server
from tests.playground.conftest import scripted
from tests.playground.library import Library, run


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A stand-in with a gateway."""
    with Server(tmp_path / "discord", voice=True) as running:
        running.voice.gateway.desk.identify_gap_s = 0.0
        yield running
        assert running.parts.journal.violations() == []


@pytest.fixture
def person(server: Server) -> Callable[..., Person]:
    """Anybody anywhere."""
    return lambda *args, **more: Person(server.address, *args, **more)


def mention(server: Server) -> str:
    return f"<@{server.parts.world.bot['id']}>"


def test_a_library_connects_and_learns_of_guilds_channels_and_who_sits_in_voice(
    server: Server,
) -> None:
    async def scene() -> None:
        world, states = server.parts.world, server.parts.states
        lounge = next(c for c in world.channels.values() if c["name"] == "Lounge")
        max = next(u for u in world.users.values() if u["username"] == "max")
        states.join(max["id"], lounge["id"])
        async with Library(server) as bot:
            assert {g.name: str(g.preferred_locale) for g in bot.guilds} == {
                "Aurora Observatory": "en-US",
                "Книжный клуб": "ru",
            }
            guild = next(g for g in bot.guilds if g.name == "Aurora Observatory")
            assert [c.name for c in guild.voice_channels] == ["Lounge", "Booth", "Stage door"]
            assert [c.user_limit for c in guild.voice_channels] == [0, 1, 0]
            assert {c.name: c.permissions_for(guild.me).connect for c in guild.voice_channels} == {
                "Lounge": True,
                "Booth": True,
                "Stage door": False,
            }
            assert list(guild.voice_channels[0].voice_states) == [int(max["id"])]
            assert [member.name for member in guild.members] == ["Protégé"]

    run(scene())


def test_an_aborted_connection_is_resumed_and_no_message_is_lost_or_doubled(
    server: Server, person: Callable[..., Person]
) -> None:
    async def scene() -> None:
        max = person("max", guild="")
        async with Library(server) as bot:
            for round in range(3):
                server.voice.gateway.drop()
                said = [max.say(f"{round} {i}")["content"] for i in range(3)]
                assert [(await bot.next("message")).content for _ in said] == said
                await bot.next("resumed")
                max.say("now")
                assert (await bot.next("message")).content == "now"
            assert server.voice.gateway.desk.counts["resumed"] == 3

    run(scene())


@pytest.mark.parametrize("resumable", [True, False])
def test_an_invalid_session_is_resumed_or_begun_anew(
    resumable: bool, server: Server, person: Callable[..., Person]
) -> None:
    async def scene() -> None:
        async with Library(server) as bot:
            server.voice.gateway.invalidate(resumable=resumable)
            await bot.next("resumed" if resumable else "ready")
            person("max", guild="").say("still there?")
            assert (await bot.next("message")).content == "still there?"

    run(scene())


@pytest.mark.parametrize("code", [None, 4000, 4009])
def test_a_bot_that_is_asked_to_reconnect_resumes(
    code: int | None, server: Server, person: Callable[..., Person]
) -> None:
    async def scene() -> None:
        async with Library(server) as bot:
            gateway = server.voice.gateway
            gateway.reconnect() if code is None else gateway.shut(code)
            await bot.next("resumed")
            person("max", guild="").say("still there?")
            assert (await bot.next("message")).content == "still there?"

    run(scene())


def test_without_the_content_intent_only_what_is_meant_for_the_bot_can_be_read(
    server: Server, person: Callable[..., Person]
) -> None:
    async def scene() -> None:
        max = person("max")
        async with Library(server) as bot:
            max.say("a secret", ("a.txt", b"secret"))
            blank = await bot.next("message")
            assert (blank.content, blank.attachments, blank.author.name) == ("", [], "max")
            max.say(f"{mention(server)} listen", ("a.txt", b"x"))
            meant = await bot.next("message")
            assert meant.content.endswith("listen")
            assert [a.filename for a in meant.attachments] == ["a.txt"]
            assert bot.user in meant.mentions
            person("max", guild="").say("psst")
            assert (await bot.next("message")).content == "psst"
            await meant.channel.send("my own words")
            assert (await bot.next("message")).content == "my own words"

    run(scene())


def test_a_reply_can_be_read_where_it_pings_the_bot(
    server: Server, person: Callable[..., Person]
) -> None:
    async def scene() -> None:
        max = person("max")
        async with Library(server) as bot:
            channel = bot.get_channel(int(max.channel))
            assert isinstance(channel, disnake.TextChannel)
            own = await channel.send("what do you think?")
            max.say("I agree", reply_to=str(own.id))
            reply = await bot.next("message", lambda m: m.author.id == int(max.id))
            assert reply.content == "I agree"
            assert reply.type is disnake.MessageType.reply
            assert reply.reference.message_id == own.id
            assert reply.reference.resolved.content == "what do you think?"
            other = max.say("mine")
            max.say("to myself", reply_to=other["id"])
            unread = await bot.next("message", lambda m: m.reference is not None)
            assert (unread.content, unread.reference.resolved.content) == ("", "")

    run(scene())


def test_with_the_content_intent_everything_can_be_read(
    server: Server, person: Callable[..., Person]
) -> None:
    async def scene() -> None:
        async with Library(server, content=True) as bot:
            person("lina", guild="Книжный клуб").say("открыто")
            heard = await bot.next("message")
            assert (heard.content, heard.guild.name) == ("открыто", "Книжный клуб")
            assert heard.author.display_name == "Лина"

    run(scene())


def test_an_intent_that_is_not_switched_on_is_refused(server: Server) -> None:
    async def scene() -> None:
        server.parts.world.application["flags"] = 0
        bot = Library(server, content=True)
        with pytest.raises(disnake.PrivilegedIntentsRequired):
            await bot.__aenter__()
        await bot.close()

    run(scene())


def test_a_wrong_token_is_refused(server: Server) -> None:
    async def scene() -> None:
        bot = Library(server)
        with pytest.raises(disnake.LoginFailure):
            await bot.start("playground.wrong")
        await bot.close()

    run(scene())


def test_edits_deletions_and_typing_are_told(server: Server, person: Callable[..., Person]) -> None:
    async def scene() -> None:
        async with Library(server) as bot:
            channel = bot.get_channel(int(person("max").channel))
            assert isinstance(channel, disnake.TextChannel)
            own = await channel.send("first")
            await own.edit("second")
            before, after = await bot.next("message_edit")
            assert (before.content, after.content) == ("first", "second")
            await own.delete()
            assert (await bot.next("message_delete")).id == own.id
            await channel.trigger_typing()
            assert (await bot.next("raw_typing")).user_id == bot.user.id

    run(scene())


def test_a_voice_message_and_its_sound_arrive(
    server: Server, person: Callable[..., Person]
) -> None:
    async def scene() -> None:
        ogg = b"OggS\0\2" + bytes(8) + bytes(14) + b"OggS\0\4" + (96_000).to_bytes(8, "little")
        max = person("max", guild="")
        async with Library(server) as bot:
            max.say("", ("voice-message.ogg", ogg), voice=True)
            heard = await bot.next("message")
            assert heard.flags.is_voice_message
            (sound,) = heard.attachments
            assert (sound.content_type, sound.duration) == ("audio/ogg", 2.0)
            assert len(sound.waveform) > 0
            assert await sound.read() == ogg

    run(scene())


def test_answers_to_commands_are_told_and_private_ones_are_not(
    server: Server, person: Callable[..., Person]
) -> None:
    async def scene() -> None:
        with scripted(server) as script:
            server.parts.desk.url = script.url
            script.register()
            vera = person("vera")
            async with Library(server) as bot:
                script.script["dataset"] = {"type": 4, "data": {"content": "x", "flags": 64}}
                vera.slash("dataset show")
                script.script["dataset"] = {"type": 4, "data": {"content": "for all"}}
                vera.slash("dataset show")
                heard = await bot.next("message")
                assert heard.content == "for all"
                assert heard.interaction_metadata.user.id == int(vera.id)

    run(scene())


def test_there_is_no_gateway_without_voice(tmp_path: Path) -> None:
    with Server(tmp_path / "silent") as server:
        assert httpget(f"{server.api}/gateway") == 404
        with pytest.raises(LookupError):
            _ = server.voice


def httpget(url: str) -> int:
    return urllib3.request("GET", url, retries=False).status
