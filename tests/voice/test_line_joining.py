"""Where the line sits, with whom; and it says clearly why it cannot join."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.voice.exchange import Exchange, Tune, exchange
from voice_worker.line import ChannelFull, LoginRefused, NoPermission, NoSuchChannel

pytestmark = pytest.mark.real


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Exchange]:
    yield from exchange(tmp_path, monkeypatch)


def test_it_says_who_sits_with_it_and_who_is_who(house: Exchange) -> None:
    async def scene(house: Exchange) -> None:
        vera, link = await house.together()
        assert link.people == {vera.user}
        max = await house.person("max")
        await house.until(lambda: {vera.user, max.user} in house.diary.people_seen)
        await max.leave()
        await house.until(lambda: house.diary.people_seen[-1:] == [{vera.user}])
        line, home = house.line, house.guild
        assert line.where(home, vera.user) == house.lounge
        assert line.where(home, max.user) == ""
        assert line.name(home, vera.user) == "Vera"
        assert (line.locale(home), line.locale(house.second[1])) == ("en-US", "ru")

    house.play(scene)


def test_it_moves_where_it_is_asked_to_and_leaves_when_asked(house: Exchange) -> None:
    async def scene(house: Exchange) -> None:
        vera, link = await house.together()
        assert await house.joined(house.booth) is link
        assert link.channel == house.booth
        assert house.voice.states.in_channel(house.booth)[0].user == house.bot
        await vera.join(house.lounge)
        assert await house.joined(house.lounge) is link
        await house.until(lambda: link.secure)
        await house.heard_by(vera, link)
        assert await house.line.leave(house.guild)
        assert not await house.line.leave(house.guild)
        assert house.line.link(house.guild) is None
        await house.until(lambda: house.diary.told == [("left", house.guild, "asked")])
        assert await link.play(Tune(5)) == (0, False)
        await house.until(lambda: house.voice.states.of(house.bot) is None)

    house.play(scene)


def test_it_sits_in_two_guilds_at_once(house: Exchange) -> None:
    async def scene(house: Exchange) -> None:
        channel, guild = house.second
        vera, link = await house.together()
        max = await house.person("max", channel)
        other = await house.line.join(guild, channel)
        other.listen_to(None)
        await house.until(lambda: other.secure)
        await asyncio.gather(house.heard_by(vera, link), house.heard_by(max, other))
        await asyncio.gather(house.hears(vera), house.hears(max))
        assert {link.guild, other.guild} == {found.guild for found in house.line.links()}

    house.play(scene)
    assert house.violations == []


def test_it_says_clearly_why_it_cannot_join(house: Exchange) -> None:
    async def scene(house: Exchange) -> None:
        await house.person("vera", house.booth)
        with pytest.raises(ChannelFull) as full:
            await house.joined(house.booth)
        assert full.value.limit == 1
        with pytest.raises(NoPermission) as closed:
            await house.joined(house.stage)
        assert closed.value.missing == ("connect",)
        for channel in (house.general, "1", "no number"):
            with pytest.raises(NoSuchChannel):
                await house.joined(channel)
        with pytest.raises(NoSuchChannel):
            await house.line.join("1", house.lounge)
        assert not house.line.links()

    house.play(scene)


def test_a_wrong_token_is_refused_at_once(house: Exchange) -> None:
    async def scene() -> None:
        with pytest.raises(LoginRefused):
            await house.new_line("wrong").run()

    asyncio.run(asyncio.wait_for(scene(), 20))


def test_an_intent_that_is_not_switched_on_is_refused(house: Exchange) -> None:
    with house.world.lock:
        house.world.application["flags"] = 0

    async def scene() -> None:
        with pytest.raises(LoginRefused):
            await house.new_line(content=True).run()

    asyncio.run(asyncio.wait_for(scene(), 20))
