"""Voice rooms that fail: what cuts, kicks, forgets and moves people, and how they come back."""

import asyncio

import pytest

from playground.voice.rooms.codes import Close
from tests.playground.house import House, building, heard_whole, house, tone

__all__ = ["building", "house"]
pytestmark = pytest.mark.real


def test_alone_again_and_then_together_a_new_group_is_made(house: House):
    async def scene(alone: str) -> None:
        house.rooms.alone = alone  # type: ignore[assignment]
        vera, max = await house.enter("vera"), await house.enter("max")
        await heard_whole(max, vera)
        await max.leave()
        if alone != "keep":
            await house.until(lambda: not vera.secure.is_set())
        lina = await house.enter("lina")
        await house.together(vera, lina)
        await heard_whole(lina, vera)
        await heard_whole(vera, lina)
        assert house.rooms.group(house.channel)
        await lina.leave()
        await vera.leave()

    for alone in ("reset", "downgrade", "keep"):
        house.run(scene(alone))
        assert house.rooms.violations == [], alone


def test_a_crashed_server_is_resumed_and_what_was_missed_comes_again(house: House):
    async def scene() -> None:
        vera, max = await house.enter("vera"), await house.enter("max")
        await heard_whole(max, vera)
        line = max.line
        house.rooms.close(max.user, Close.SERVER_CRASHED)
        lina = await house.enter("lina")
        await house.together(vera, max, lina)
        await heard_whole(lina, max)
        await heard_whole(max, lina)
        assert max.line is line

    house.run(scene())
    assert house.rooms.violations == []


def test_a_cut_connection_is_resumed(house: House):
    async def scene() -> None:
        vera, max = await house.enter("vera"), await house.enter("max")
        await heard_whole(max, vera)
        line, cut = max.line, asyncio.ensure_future(max.line.over.wait())
        house.rooms.abort(max.user)
        await cut
        await heard_whole(max, vera)
        await heard_whole(vera, max)
        assert max.line is line

    house.run(scene())
    assert house.rooms.violations == []


def test_after_a_close_that_ends_the_session_a_person_comes_back(house: House):
    async def scene(code: Close) -> None:
        vera, max = await house.enter("vera"), await house.enter("max")
        await heard_whole(max, vera)
        line = max.line
        house.rooms.close(max.user, code)
        await house.until(lambda: max.line is not line)
        await house.together(vera, max)
        await heard_whole(max, vera)
        await heard_whole(vera, max)
        await max.leave()
        await vera.leave()

    for code in (Close.SESSION_INVALID, Close.SESSION_TIMEOUT, Close.RATE_LIMITED):
        house.run(scene(code))
        assert house.rooms.violations == []


def test_another_voice_server_is_followed(house: House):
    async def scene() -> None:
        vera, max = await house.enter("vera"), await house.enter("max")
        await heard_whole(max, vera)
        line = max.line
        house.rooms.server_update(max.user)
        await house.until(lambda: max.line is not line)
        await house.together(vera, max)
        await heard_whole(max, vera)

    house.run(scene())
    assert house.rooms.violations == []


def test_who_moves_is_heard_in_the_other_channel_only(house: House):
    async def scene() -> None:
        vera, max, lina = [await house.enter(name) for name in ("vera", "max", "lina")]
        await heard_whole(max, vera)
        await max.join(house.other)
        await lina.join(house.other)
        await house.together(max, lina)
        await heard_whole(lina, max)
        before = len(max.voiced(vera.user))
        await vera.say(tone(440, 0.2))
        assert len(max.voiced(vera.user)) == before
        assert house.rooms.members(house.channel) == [vera.user]

    house.run(scene())
    assert house.rooms.violations == []


def test_who_is_thrown_out_does_not_come_back(house: House):
    async def scene() -> None:
        vera, max = await house.enter("vera"), await house.enter("max")
        await heard_whole(max, vera)
        over = asyncio.ensure_future(max.line.over.wait())
        house.states.leave(max.user)
        await over
        assert max.line.code == Close.DISCONNECTED
        await house.until(lambda: house.rooms.members(house.channel) == [vera.user])

    house.run(scene())
    assert house.rooms.violations == []


def test_a_forgotten_udp_address_is_silence_until_it_is_discovered_again(house: House):
    async def scene() -> None:
        vera, max = await house.enter("vera"), await house.enter("max")
        await heard_whole(max, vera)
        before = len(max.voiced(vera.user))
        house.rooms.forget_udp(vera.user)
        await house.until(lambda: not house.rooms.knows(vera.user))
        await vera.say(tone(440, 0.3))
        await house.until(lambda: house.rooms.stats["unknown address"] >= 15)
        assert len(max.voiced(vera.user)) == before
        assert vera.line.media is not None
        vera.line.media.rediscover()
        await house.until(lambda: house.rooms.knows(vera.user))
        await heard_whole(max, vera)

    house.run(scene())
    assert house.rooms.violations == []


def test_a_server_may_keep_the_connection_and_pass_nothing_on(house: House):
    async def scene() -> None:
        vera, max = await house.enter("vera"), await house.enter("max")
        await heard_whole(max, vera)
        house.rooms.forwards = False
        before = len(max.voiced(vera.user))
        await vera.say(tone(440, 0.2))
        assert len(max.voiced(vera.user)) == before
        house.rooms.forwards = True
        await heard_whole(max, vera)

    house.run(scene())
    assert house.rooms.violations == []
