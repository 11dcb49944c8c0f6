"""What the gateway does not let pass, told in its own words."""

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from playground.discord.person import Person
from playground.discord.server import Server
from tests.playground.library import ALL, Wire, run

IDENTIFY = 2


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A stand-in with a gateway."""
    with Server(tmp_path / "discord", voice=True) as running:
        running.voice.gateway.desk.identify_gap_s = 0.0
        yield running


def violations(server: Server) -> list[str]:
    return [found["what"] for found in server.parts.journal.violations()]


@pytest.mark.parametrize(
    ("op", "data", "code"),
    [
        (99, None, 4001),
        (4, "me", 4002),
        (4, {"guild_id": "1", "channel_id": None}, 4002),
        (4, {"guild_id": "1", "channel_id": 5.5, "self_mute": False, "self_deaf": False}, 4002),
        (8, None, 4002),
        (8, {"guild_id": "{guild}", "query": "", "limit": 0}, 4014),
        (8, {"guild_id": "{guild}", "query": 5, "limit": 1}, 4002),
        (1, 1000, 4002),
        (1, "3", 4002),
        (2, {"token": "{token}"}, 4005),
        (6, {"token": "{token}"}, 4005),
    ],
)
def test_what_a_bot_may_not_say_closes_its_connection_and_is_reported(
    op: int, data: Any, code: int, server: Server
) -> None:
    async def scene() -> None:
        async with Wire(server) as wire:
            await wire.begin()
            guild = next(iter(server.parts.world.guilds))
            text = json.dumps(data).replace("{guild}", guild).replace("{token}", wire.token)
            await wire.say(op, json.loads(text))
            assert await wire.closed() == code

    run(scene())
    assert len(violations(server)) == 1


@pytest.mark.parametrize(
    ("more", "code", "reported"),
    [
        ({"token": "wrong"}, 4004, False),
        ({"intents": 1 << 40}, 4013, True),
        ({"intents": None}, 4013, True),
        ({"intents": ALL.value | 1 << 1}, 4014, False),
        ({"intents": ALL.value | 1 << 8}, 4014, False),
        ({"shard": [1, 1]}, 4010, True),
        ({"shard": "all"}, 4010, True),
        ({"properties": None}, 4002, True),
    ],
)
def test_a_bot_that_identifies_wrongly_is_not_let_in(
    more: dict[str, Any], code: int, reported: bool, server: Server
) -> None:
    async def scene() -> None:
        async with Wire(server) as wire:
            await wire.identify(**more)
            assert await wire.closed() == code
            assert server.voice.gateway.sessions == ()

    run(scene())
    assert bool(violations(server)) == reported


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("hello", 4002),
        ("[1]", 4002),
        ('{"op": "1"}', 4002),
        (json.dumps({"op": 3, "d": "x" * 4096}), 4002),
        ('{"op": 4, "d": {}}', 4003),
        ('{"op": 3, "d": {}}', 4003),
        ('{"op": 2}', 4002),
    ],
)
def test_what_is_no_message_or_comes_before_identify_is_refused(
    text: str, code: int, server: Server
) -> None:
    async def scene() -> None:
        async with Wire(server) as wire:
            await wire.shout(text)
            assert await wire.closed() == code

    run(scene())
    assert len(violations(server)) == 1


@pytest.mark.parametrize(("query", "code"), [("v=9&encoding=json", 4012), ("encoding=json", 4012)])
def test_another_version_is_refused(query: str, code: int, server: Server) -> None:
    async def scene() -> None:
        async with Wire(server, query) as wire:
            assert await wire.closed() == code

    run(scene())


def test_a_bot_without_heartbeats_is_cut_off_and_reported(server: Server) -> None:
    server.voice.gateway.heartbeat_s = 0.1

    async def scene() -> None:
        async with Wire(server) as wire:
            assert (await wire.op(10))["d"] == {"heartbeat_interval": 100}
            with contextlib.suppress(ConnectionError):  # on a slow day it is cut off before
                await wire.identify()
            assert await wire.closed() == 4000

    run(scene())
    assert violations(server) == ["no heartbeat"]


def test_heartbeats_are_answered(server: Server) -> None:
    async def scene() -> None:
        async with Wire(server) as wire:
            await wire.say(1, None)
            await wire.op(11)
            await wire.begin()
            await wire.say(1, wire.seq)
            await wire.op(11)

    run(scene())
    assert violations(server) == []


def test_a_bot_that_talks_too_much_is_cut_off(server: Server) -> None:
    async def scene() -> None:
        async with Wire(server) as wire:
            await wire.begin()
            for _ in range(120):
                await wire.say(3, {"status": "online"})
            assert await wire.closed() == 4008

    run(scene())
    assert len(violations(server)) == 1


def test_two_identifies_soon_after_each_other_are_one_too_many(server: Server) -> None:
    server.voice.gateway.desk.identify_gap_s = 600.0

    async def scene() -> None:
        async with Wire(server) as first, Wire(server) as second:
            await first.begin()
            await second.identify()
            assert (await second.op(9))["d"] is False

    run(scene())


def test_a_session_that_nobody_knows_cannot_be_resumed(server: Server) -> None:
    async def scene() -> None:
        async with Wire(server) as wire:
            await wire.resume("nothing", 3)
            assert (await wire.op(9))["d"] is False
        async with Wire(server) as wire:
            await wire.begin()
            session = wire.ready["session_id"]
        async with Wire(server) as wire:
            await wire.resume(session, 1000)
            assert await wire.closed() == 4007

    run(scene())
    assert len(violations(server)) == 1


def test_a_session_goes_on_where_the_bot_left_it(server: Server) -> None:
    async def scene() -> None:
        max = Person(server.address, "max", guild="")
        async with Wire(server) as wire:
            await wire.begin()
            await wire.event("GUILD_CREATE")
            await wire.event("GUILD_CREATE")
            session, seq = wire.ready["session_id"], wire.seq
        max.say("meanwhile")
        async with Wire(server) as wire:
            await wire.resume(session, seq)
            missed = await wire.event("MESSAGE_CREATE")
            assert (missed["d"]["content"], missed["s"]) == ("meanwhile", seq + 1)
            assert (await wire.event("RESUMED"))["s"] == seq + 2

    run(scene())


def test_a_session_ends_with_a_proper_farewell_or_when_nobody_comes_back(server: Server) -> None:
    desk = server.voice.gateway.desk
    world, states = server.parts.world, server.parts.states
    lounge = next(c for c in world.channels.values() if c["name"] == "Lounge")
    place = {"guild_id": lounge["guild_id"], "channel_id": lounge["id"]}

    async def leave(code: int) -> None:
        """Sit down, go, and see in another session that the bot's seat is empty."""
        async with Wire(server) as onlooker:
            await onlooker.begin()
            async with Wire(server) as wire:
                await wire.begin()
                await wire.say(4, {**place, "self_mute": False, "self_deaf": False})
                seen = await onlooker.event("VOICE_STATE_UPDATE")
                assert seen["d"]["session_id"] == wire.ready["session_id"]
                await wire.leave(code)
                gone = await onlooker.event("VOICE_STATE_UPDATE")
                assert gone["d"]["channel_id"] is None
            assert states.of(world.bot["id"]) is None
            assert wire.ready["session_id"] not in desk.sessions

    async def scene() -> None:
        await leave(1000)
        desk.resume_s = 0.05
        await leave(4000)

    run(scene())


def test_messages_are_compressed_as_one_stream_where_asked(server: Server) -> None:
    async def scene() -> None:
        async with Wire(server, "v=10&encoding=json&compress=zlib-stream") as wire:
            await wire.begin()
            assert (await wire.event("GUILD_CREATE"))["d"]["name"] == "Aurora Observatory"

    run(scene())


def test_a_bot_hears_only_what_it_asked_for(server: Server) -> None:
    async def scene() -> None:
        async with Wire(server) as wire:
            await wire.begin(intents=1 << 12)
            Person(server.address, "max").say("in a guild")
            Person(server.address, "max", guild="").say("to the bot")
            after = await wire.message()
            assert (after["t"], after["d"]["content"]) == ("MESSAGE_CREATE", "to the bot")

    run(scene())


def test_members_are_told_by_id_and_by_name(server: Server) -> None:
    async def scene() -> None:
        world = server.parts.world
        guild, ids = (
            next(iter(world.guilds)),
            {u["username"]: u["id"] for u in world.users.values()},
        )
        async with Wire(server) as wire:
            await wire.begin()
            asked = {"guild_id": guild, "nonce": "n"}
            await wire.say(8, {**asked, "user_ids": [ids["max"], "5"]})
            chunk = (await wire.event("GUILD_MEMBERS_CHUNK"))["d"]
            assert [m["user"]["username"] for m in chunk["members"]] == ["max"]
            assert (chunk["not_found"], chunk["nonce"]) == (["5"], "n")
            await wire.say(8, {**asked, "query": "LI", "limit": 5})
            chunk = (await wire.event("GUILD_MEMBERS_CHUNK"))["d"]
            assert [m["user"]["username"] for m in chunk["members"]] == ["lina"]

    run(scene())
