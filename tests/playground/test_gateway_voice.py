"""Sitting in voice channels, as the gateway and the API tell it."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import urllib3

from playground.discord.server import Server
from playground.discord.validation import description
from playground.voice.states import CannotJoin
from tests.playground.library import Library, Wire, run


class Place:
    """A stand-in by the names of what is in it."""

    def __init__(self, server: Server) -> None:
        self.server = server
        world = server.parts.world
        self.states, self.gateway = server.parts.states, server.voice.gateway
        self.user = {u["username"]: u["id"] for u in world.users.values()}
        self.bot = world.bot["id"]
        found = [c for c in world.channels.values() if c["type"] == 2]
        self.channel = {c["name"]: c["id"] for c in found}
        self.guild = {c["name"]: c["guild_id"] for c in found}

    def order(self, channel: str, *, leave: bool = False, mute: bool = False) -> dict[str, Any]:
        """The bot's order to sit down in a channel, or to leave its guild's."""
        id = None if leave else self.channel[channel]
        flags = {"self_mute": mute, "self_deaf": False}
        return {"guild_id": self.guild[channel], "channel_id": id, **flags}

    def ask(self, path: str, token: str = "") -> tuple[int, Any]:
        """What the API answers the bot."""
        token = token or self.server.parts.world.application["bot_token"]
        headers = {"Authorization": f"Bot {token}"}
        url = self.server.api + path
        found = urllib3.request("GET", url, headers=headers, retries=False)
        return found.status, found.json()


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """A stand-in with voice."""
    with Server(tmp_path / "discord", voice=True) as server:
        server.voice.gateway.desk.identify_gap_s = 0.0
        yield Place(server)
        assert server.parts.journal.violations() == []


def test_the_bot_sits_down_and_is_told_where_to_connect(place: Place) -> None:
    async def scene() -> None:
        async with Wire(place.server) as wire:
            await wire.begin()
            await wire.say(4, place.order("Lounge"))
            state = (await wire.event("VOICE_STATE_UPDATE"))["d"]
            assert state["channel_id"] == place.channel["Lounge"]
            assert state["user_id"] == state["member"]["user"]["id"] == place.bot
            server = (await wire.event("VOICE_SERVER_UPDATE"))["d"]
            assert server["endpoint"] == place.server.voice.endpoint
            seat = place.states.holder(server["token"])
            assert seat and (seat.user, seat.session) == (place.bot, state["session_id"])

    run(scene())


@pytest.mark.parametrize("where", ["Stage door", "Booth", "general", "Гостиная of another guild"])
def test_where_it_may_not_sit_nothing_happens(where: str, place: Place) -> None:
    async def scene() -> None:
        place.states.join(place.user["max"], place.channel["Booth"])
        async with Wire(place.server) as wire:
            await wire.begin()
            channels = place.server.parts.world.channels.values()
            name = where.partition(" of ")[0]
            wrong = next(c["id"] for c in channels if c["name"] == name)
            await wire.say(4, {**place.order("Lounge"), "channel_id": wrong})
            await wire.say(4, place.order("Lounge"))
            state = (await wire.event("VOICE_STATE_UPDATE"))["d"]
            assert state["channel_id"] == place.channel["Lounge"]

    run(scene())


def test_only_who_may_move_others_enters_a_full_channel(place: Place) -> None:
    booth = place.channel["Booth"]
    place.states.join(place.user["max"], booth)
    place.states.join(place.user["max"], booth)  # who is in it may ask again
    with pytest.raises(CannotJoin, match="full"):
        place.states.join(place.user["lina"], booth)
    place.states.join(place.user["vera"], booth)
    assert [s.user for s in place.states.in_channel(booth)] == [
        place.user["max"],
        place.user["vera"],
    ]


def test_muting_oneself_needs_no_new_server_and_asking_again_does(place: Place) -> None:
    async def scene() -> None:
        async with Wire(place.server) as wire:
            await wire.begin()
            await wire.say(4, place.order("Lounge"))
            first = (await wire.event("VOICE_SERVER_UPDATE"))["d"]["token"]
            await wire.say(4, place.order("Lounge", mute=True))
            assert (await wire.message())["d"]["self_mute"] is True
            await wire.say(4, place.order("Lounge", mute=True))
            assert (await wire.message())["t"] == "VOICE_STATE_UPDATE"
            again = await wire.message()
            assert again["t"] == "VOICE_SERVER_UPDATE"
            assert place.states.holder(first) is None
            assert place.states.holder(again["d"]["token"])

    run(scene())


def test_the_bot_leaves_with_a_null_channel(place: Place) -> None:
    async def scene() -> None:
        async with Wire(place.server) as wire:
            await wire.begin()
            await wire.say(4, place.order("Lounge"))
            await wire.event("VOICE_SERVER_UPDATE")
            await wire.say(4, place.order("Lounge", leave=True))
            assert (await wire.event("VOICE_STATE_UPDATE"))["d"]["channel_id"] is None
            assert place.states.of(place.bot) is None

    run(scene())


def test_a_bot_sits_in_one_channel_per_guild_and_a_person_in_one(place: Place) -> None:
    async def scene() -> None:
        async with Wire(place.server) as wire:
            await wire.begin()
            for channel in ("Lounge", "Booth", "Гостиная"):
                await wire.say(4, place.order(channel))
                await wire.event("VOICE_SERVER_UPDATE")
            here = [place.states.of(place.bot, place.guild[c]) for c in ("Lounge", "Гостиная")]
            wanted = [place.channel["Booth"], place.channel["Гостиная"]]
            assert [seat and seat.channel for seat in here] == wanted

    run(scene())
    for channel in ("Lounge", "Гостиная"):
        place.states.join(place.user["max"], place.channel[channel])
    assert place.states.in_channel(place.channel["Lounge"]) == ()
    seat = place.states.of(place.user["max"])
    assert seat and seat.channel == place.channel["Гостиная"]


def moved(place: Place) -> None:
    place.gateway.move(place.bot, place.channel["Stage door"])


def kicked(place: Place) -> None:
    assert place.gateway.kick(place.bot)


def deleted(place: Place) -> None:
    place.gateway.delete_channel(place.channel["Lounge"])


def removed(place: Place) -> None:
    place.gateway.remove_from(place.guild["Lounge"])


@pytest.mark.parametrize(
    ("deed", "where", "then"),
    [
        (moved, "Stage door", "VOICE_SERVER_UPDATE"),
        (kicked, "", ""),
        (deleted, "", "CHANNEL_DELETE"),
        (removed, "", "GUILD_DELETE"),
    ],
)
def test_the_bot_learns_what_others_do_with_it(
    deed: Callable[[Place], None], where: str, then: str, place: Place
) -> None:
    async def scene() -> None:
        async with Wire(place.server) as wire:
            await wire.begin()
            await wire.say(4, place.order("Lounge"))
            await wire.event("VOICE_SERVER_UPDATE")
            deed(place)
            state = (await wire.event("VOICE_STATE_UPDATE"))["d"]
            assert state["channel_id"] == (place.channel[where] if where else None)
            if then:
                assert (await wire.message())["t"] == then

    run(scene())


def test_a_guild_that_threw_the_bot_out_is_gone_for_it(place: Place) -> None:
    place.gateway.remove_from(place.guild["Lounge"])
    assert place.ask(f"/guilds/{place.guild['Lounge']}")[0] == 404
    assert place.ask(f"/guilds/{place.guild['Гостиная']}")[0] == 200


def test_nobody_who_sits_nowhere_can_be_moved(place: Place) -> None:
    with pytest.raises(KeyError):
        place.gateway.move(place.bot, place.channel["Lounge"])
    with pytest.raises(KeyError):
        place.states.renew(place.bot)
    assert place.gateway.kick(place.bot) is False


def test_another_server_is_told_without_a_new_voice_state(place: Place) -> None:
    async def scene() -> None:
        async with Wire(place.server) as wire:
            await wire.begin()
            await wire.say(4, place.order("Lounge"))
            first = (await wire.event("VOICE_SERVER_UPDATE"))["d"]["token"]
            place.states.renew(place.bot)
            found = await wire.message()
            assert found["t"] == "VOICE_SERVER_UPDATE"
            assert found["d"]["token"] != first

    run(scene())


def test_people_who_come_and_go_are_seen_by_the_bot_and_by_the_page(place: Place) -> None:
    async def scene() -> None:
        hub = place.server.parts.hub
        before = hub.last
        async with Library(place.server) as bot:
            place.states.join(place.user["lina"], place.channel["Lounge"])
            member, _, after = await bot.next("voice_state_update")
            assert (member.display_name, after.channel.name) == ("Лина", "Lounge")
            place.states.leave(place.user["lina"])
            _, _, after = await bot.next("voice_state_update")
            assert after.channel is None
        seen = hub.after(before, place.user["vera"], 0)
        told = [e.data for e in seen if e.kind == "voice_state"]
        assert [d["channel_id"] for d in told] == [place.channel["Lounge"], None]
        assert {d["user_id"] for d in told} == {place.user["lina"]}

    run(scene())


def test_the_library_itself_can_sit_down_and_write_in_the_voice_channels_chat(
    place: Place,
) -> None:
    async def scene() -> None:
        async with Library(place.server) as bot:
            guild = bot.get_guild(int(place.guild["Lounge"]))
            assert guild
            lounge = guild.voice_channels[0]
            await guild.change_voice_state(channel=lounge)
            member, _, after = await bot.next("voice_state_update")
            assert (member.id, after.channel) == (int(place.bot), lounge)
            sent = await lounge.send("who is here?")
            assert (await bot.next("message")).id == sent.id
        while place.states.of(place.bot):  # told by the farewell, which comes before
            await asyncio.sleep(0.01)

    run(scene())


def test_the_api_tells_who_sits_where(place: Place) -> None:
    guild, max = place.guild["Lounge"], place.user["max"]
    for who in (max, "@me", "5"):
        status, found = place.ask(f"/guilds/{guild}/voice-states/{who}")
        assert (status, found["code"]) == (404, 10065)
    assert place.ask("/guilds/5/voice-states/@me")[1]["code"] == 10004
    place.states.join(max, place.channel["Booth"])
    _, found = place.ask(f"/guilds/{guild}/voice-states/{max}")
    assert (found["channel_id"], found["member"]["user"]["id"]) == (place.channel["Booth"], max)
    assert place.ask(f"/guilds/{guild}/voice-states/{max}", "wrong")[0] == 401
    other = place.guild["Гостиная"]
    assert place.ask(f"/guilds/{other}/voice-states/{max}")[0] == 404


@pytest.mark.skipif(description() is None, reason="Discord's description is not here")
def test_what_a_gateway_library_asks_is_answered_as_discord_does(place: Place) -> None:
    guild, lounge = place.guild["Lounge"], place.channel["Lounge"]
    place.states.join(place.bot, lounge)
    validation = place.server.parts.validation
    for path in (
        "/gateway",
        "/gateway/bot",
        "/users/@me",
        f"/users/{place.user['max']}",
        "/applications/@me",
        f"/guilds/{guild}",
        f"/guilds/{guild}/channels",
        f"/guilds/{guild}/members/{place.user['max']}",
        f"/guilds/{guild}/voice-states/@me",
        f"/channels/{lounge}",
    ):
        status, found = place.ask(path)
        assert status == 200
        assert validation.response("GET", path, found) == "", path


@pytest.mark.parametrize("path", ["/guilds/5", "/guilds/{guild}/members/5", "/users/5"])
def test_what_is_not_there_is_not_found(path: str, place: Place) -> None:
    status, found = place.ask(path.format(guild=place.guild["Lounge"]))
    assert (status, found["code"]) in ((404, 10004), (404, 10007), (404, 10013))
