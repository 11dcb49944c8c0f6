"""What the worker does for orders, and what people read of it."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from protege.discord.snowflake import EPOCH_MS
from tests.person import ADA, CHANNEL, GUILD
from tests.recorder import Recorder
from tests.voice.conftest import BOB, LOUNGE, Studio
from tests.voice.stage import StageLine
from voice_worker.line import ChannelFull, JoinFailed, LineError, NoPermission, NoSuchChannel


def test_it_comes_says_whom_it_hears_and_offers_to_listen(play: Any, discord: Recorder) -> None:
    async def scene(studio: Studio) -> None:
        await studio.joined(ADA)
        [reply] = [c for c in discord.calls if "I am in" in (c.body or {}).get("content", "")]
        assert reply.path.endswith("/tok/messages/@original")
        assert "hear only those who press" in reply.body["content"]
        assert "nothing else of what I hear is kept." in reply.body["content"]
        button = reply.body["components"][0]["components"][0]
        assert button["custom_id"].startswith("listen_to_me:")
        assert studio.tone.said == ["Hello.", "I hear only those who pressed “Listen to me”."]

    play(scene)


def test_it_tells_that_nobody_is_there(play: Any) -> None:
    async def scene(studio: Studio) -> None:
        studio.order("join", voice_channel=LOUNGE)
        await studio.until(lambda: studio.told("Nobody is there yet"))

    play(scene)


@pytest.mark.parametrize(
    ("why", "told"),
    [
        (NoPermission(("connect", "speak")), "I lack “Connect”, “Speak”"),
        (ChannelFull(1), f"<#{LOUNGE}> is full (1)"),
        (NoSuchChannel("gone"), "That voice channel is gone"),
        (JoinFailed("no session"), f"Discord did not let me into <#{LOUNGE}>"),
    ],
)
def test_it_tells_why_it_cannot_come(play: Any, why: LineError, told: str) -> None:
    async def scene(studio: Studio) -> None:
        studio.line.refuses = why
        studio.order("join", voice_channel=LOUNGE)
        await studio.until(lambda: studio.told(told))
        assert not len(studio.worker.calls)

    play(scene)


def test_it_speaks_russian_to_whoever_does(play: Any) -> None:
    async def scene(studio: Studio) -> None:
        studio.line.refuses = NoPermission(("connect",))
        studio.order("join", voice_channel=LOUNGE, locale="ru")
        await studio.until(lambda: studio.told("не хватает прав: «Подключаться»"))

    play(scene)


def test_it_reads_aloud_and_tells_that_it_did(play: Any) -> None:
    async def scene(studio: Studio) -> None:
        await studio.joined(ADA)
        studio.order("say", text="Tea is ready.")
        await studio.until(lambda: studio.told("> 🔊 Tea is ready."))
        assert studio.tone.said[-1] == "Tea is ready."

    play(scene)


def test_it_leaves_at_once_though_it_is_speaking(play: Any) -> None:
    async def scene(studio: Studio) -> None:
        link = await studio.joined(ADA)
        link.held.clear()
        studio.order("say", text="A very long story.")
        await studio.until(lambda: "A very long story." in studio.tone.said)
        studio.order("leave")
        await studio.until(lambda: studio.told("I left the voice channel"))
        link.held.set()
        await studio.until(lambda: studio.told("> 🔇 A very long story."))
        assert studio.line.link(GUILD) is None

    play(scene)


@pytest.mark.parametrize("do", ["say", "leave"])
def test_where_it_is_in_no_channel_it_says_so(play: Any, do: str) -> None:
    async def scene(studio: Studio) -> None:
        studio.order(do, text="Hello?")
        await studio.until(lambda: studio.told("I am in no voice channel"))

    play(scene)


def test_an_order_of_an_hour_ago_is_told_and_dropped(play: Any) -> None:
    async def scene(studio: Studio) -> None:
        before = int((studio.app.now() - 3600) * 1000) - EPOCH_MS << 22
        studio.order("join", voice_channel=LOUNGE, interaction=str(before))
        await studio.until(lambda: studio.told("60 minutes late"))
        assert studio.line.link(GUILD) is None

    play(scene)


def test_where_the_token_has_run_out_the_channel_is_told(play: Any, discord: Recorder) -> None:
    async def scene(studio: Studio) -> None:
        discord.answers.append((404, {}, {"code": 10015, "message": "Unknown Webhook"}))
        studio.order("leave")
        await studio.until(
            lambda: any(c.path == f"/channels/{CHANNEL}/messages" for c in discord.calls)
        )

    play(scene)


def test_when_nobody_speaks_for_a_while_it_says_goodbye_and_why(play: Any) -> None:
    async def scene(studio: Studio) -> None:
        await studio.joined(ADA)
        studio.waits_no_longer_than(1.0)
        await studio.until(lambda: studio.told("nobody spoke for a while"))
        assert studio.tone.said[-1] == "Goodbye."
        assert studio.line.link(GUILD) is None

    play(scene)


def test_when_it_is_alone_it_leaves_sooner(play: Any) -> None:
    async def scene(studio: Studio) -> None:
        link = await studio.joined(ADA)
        studio.waits_no_longer_than(5.0)
        link.people = frozenset()
        await studio.worker.people(GUILD, LOUNGE, link.people)
        await studio.until(lambda: studio.told("nobody was there any more"))

    play(scene)


def test_a_worker_on_demand_ends_when_it_is_in_no_channel(play: Any) -> None:
    async def scene(studio: Studio) -> None:
        await studio.until(lambda: studio.worker.stop.is_set())
        assert await studio.ended == "unused"
        assert studio.app.presence.state() == "off"

    play(scene, VOICE="on_demand", VOICE_IDLE_S="1")


def test_the_functions_see_that_it_runs_until_it_ends(play: Any) -> None:
    async def scene(studio: Studio) -> None:
        await studio.until(studio.app.presence.alive)
        studio.worker.stop.set()
        await studio.ended
        assert studio.app.presence.state() == "off"

    play(scene)


def test_two_guilds_are_served_at_once(play: Any) -> None:
    async def scene(studio: Studio) -> None:
        await studio.joined(ADA)
        studio.line.seats["50"] = "902"
        from protege.voice.orders import Order
        from tests.person import snowflake

        other = Order("join", "78", "902", "", "50", "89", "en-US", snowflake(), "tok2")
        studio.app.voice_queue.put(other.body(), group="78")
        await studio.until(lambda: len(studio.worker.calls) == 2)
        studio.order("leave")
        await studio.until(lambda: len(studio.worker.calls) == 1)
        assert studio.worker.calls.of("78")

    play(scene)


def test_a_call_is_taken_up_again_by_the_next_worker(enter: Any) -> None:
    async def scene() -> None:
        async with enter() as first:
            await first.joined(ADA)
        async with enter() as second:
            second.line.seats[ADA] = LOUNGE
            await second.until(lambda: second.worker.calls.of(GUILD))
            assert second.link.channel == LOUNGE
            second.order("leave")
            await second.until(lambda: second.told("I left"))
        async with enter() as third:
            await third.until(third.app.presence.alive)
            assert third.line.link(GUILD) is None

    asyncio.run(scene())


def test_a_second_worker_waits_until_the_first_one_is_gone(enter: Any) -> None:
    async def scene() -> None:
        async with enter() as first:
            await first.until(first.app.presence.alive)
            async with enter() as second:
                second.order("join", voice_channel=LOUNGE)
                await first.until(lambda: first.worker.calls.of(GUILD))
                assert not second.worker.calls.of(GUILD)
                first.worker.stop.set()
                await first.ended
                await second.until(lambda: second.worker.calls.of(GUILD))

    asyncio.run(scene())


def test_somebody_who_sends_it_out_is_told_how_to_call_it_back(play: Any) -> None:
    async def scene(studio: Studio) -> None:
        await studio.joined(ADA)
        await studio.line.leave(GUILD)
        await studio.worker.left(GUILD, "kicked")
        await studio.until(lambda: studio.told("I was sent out"))
        assert not len(studio.worker.calls)

    play(scene)


def test_one_guilds_trouble_is_not_anothers(play: Any) -> None:
    async def scene(studio: Studio) -> None:
        await studio.joined(ADA, BOB)
        call = studio.worker.calls.of(GUILD)
        assert call
        studio.worker.heard("no such guild", BOB, b"", 0.0)
        studio.worker.heard(GUILD, BOB, b"odd", 0.0)
        studio.order("say", text="Still here.")
        await studio.until(lambda: studio.told("> 🔊 Still here."))

    play(scene)


def test_a_stage_line_behaves_as_the_real_one_where_these_tests_rely_on_it(tmp_path: Path) -> None:
    async def scene() -> None:
        line = StageLine()
        link = await line.join("77", "1")
        assert await line.join("77", "2") is link and link.channel == "2"
        assert await line.leave("77") and not await line.leave("77")

    asyncio.run(scene())
