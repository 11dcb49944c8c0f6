"""Whatever happens to its connections, the line comes back, and speech goes on where it stopped."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.voice.exchange import Exchange, Tune, exchange
from voice_worker.line import JoinFailed, Link

pytestmark = pytest.mark.real
FRAMES = 60
Fault = Callable[[Exchange], object]
FAULTS: dict[str, Fault] = {
    "4015, resumed": lambda house: house.rooms.close(house.bot, 4015),
    "a cut connection": lambda house: house.rooms.abort(house.bot),
    "4000": lambda house: house.rooms.close(house.bot, 4000),
    "4006": lambda house: house.rooms.close(house.bot, 4006),
    "4009": lambda house: house.rooms.close(house.bot, 4009),
    "4014 without a reason": lambda house: house.rooms.close(house.bot, 4014),
    "another voice server": lambda house: house.rooms.server_update(house.bot),
    "a cut gateway": lambda house: house.voice.gateway.drop(),
    "a gateway that asks to reconnect": lambda house: house.voice.gateway.reconnect(),
    "a gateway session to resume": lambda house: house.voice.gateway.invalidate(True),
    "a gateway session that is over": lambda house: house.voice.gateway.invalidate(False),
}


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Exchange]:
    yield from exchange(tmp_path, monkeypatch)


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_speech_goes_on_after(house: Exchange, fault: Fault) -> None:
    async def scene(house: Exchange) -> None:
        vera, link = await house.together()
        playing = asyncio.create_task(link.play(Tune(FRAMES)))
        await vera.wait_heard(house.bot, 20)
        await asyncio.to_thread(fault, house)
        assert await playing == (FRAMES, True)
        await house.until(lambda: link.connected and link.secure)
        await house.until(lambda: house.rooms.knows(house.bot))
        await house.heard_by(vera, link)
        await house.hears(vera)
        assert vera.plaintext == 0
        assert house.diary.told == []

    house.play(scene)
    assert house.violations == []


async def forgotten(house: Exchange) -> bool:
    """Whether the voice server still knows the bot's address right after it forgot it; on its own
    loop, where the bot cannot tell it anew in between.
    """
    house.rooms.forget_udp(house.bot)
    await asyncio.sleep(0)
    return house.rooms.knows(house.bot)


def test_a_forgotten_address_is_told_again(house: Exchange) -> None:
    async def scene(house: Exchange) -> None:
        vera, link = await house.together()
        assert not await asyncio.to_thread(house.voice.do, forgotten(house))
        await house.until(lambda: house.rooms.knows(house.bot))
        await house.heard_by(vera, link)
        await house.hears(vera)
        assert link.stats["connections"] == 1

    house.play(scene)
    assert house.violations == []


def test_who_is_moved_follows_and_says_so(house: Exchange) -> None:
    async def scene(house: Exchange) -> None:
        vera, link = await house.together()
        await vera.join(house.booth)
        house.world.channels[house.booth] = {
            **house.world.channel(house.booth),
            "user_limit": 0,
        }
        house.voice.gateway.move(house.bot, house.booth)
        await house.until(lambda: ("moved", house.guild, house.booth) in house.diary.told)
        await house.until(lambda: link.people == {vera.user} and link.secure and link.connected)
        assert link.channel == house.booth
        await house.heard_by(vera, link)
        await house.hears(vera)

    house.play(scene)
    assert house.violations == []


def _gone(house: Exchange, link: Link, why: str) -> Callable[[], bool]:
    return lambda: house.diary.told == [("left", house.guild, why)] and not link.connected


@pytest.mark.parametrize(
    ("why", "fault"),
    [
        ("kicked", lambda house: house.voice.gateway.kick(house.bot)),
        ("closed", lambda house: house.voice.gateway.delete_channel(house.lounge)),
        ("closed", lambda house: house.voice.gateway.remove_from(house.guild)),
        ("closed", lambda house: house.rooms.close(house.bot, 4022)),
        ("lost", lambda house: house.rooms.close(house.bot, 4021)),
    ],
    ids=["kicked", "the channel is deleted", "out of the guild", "4022", "4021"],
)
def test_it_stays_away_and_says_why_after(house: Exchange, why: str, fault: Fault) -> None:
    async def scene(house: Exchange) -> None:
        vera, link = await house.together()
        playing = asyncio.create_task(link.play(Tune(500)))
        await vera.wait_heard(house.bot, 10)
        await asyncio.to_thread(fault, house)
        assert not (await playing).whole
        await house.until(_gone(house, link, why))
        assert house.line.link(house.guild) is None

    house.play(scene)
    assert house.violations == []


def test_after_a_kick_it_can_be_called_again(house: Exchange) -> None:
    async def scene(house: Exchange) -> None:
        vera, link = await house.together()
        house.voice.gateway.kick(house.bot)
        await house.until(_gone(house, link, "kicked"))
        again = await house.joined()
        assert again is not link
        await house.until(lambda: again.secure)
        await house.heard_by(vera, again)

    house.play(scene)


def test_who_is_asked_to_leave_while_joining_does(house: Exchange) -> None:
    async def scene(house: Exchange) -> None:
        house.rooms.delay(house.bot, 1.0)
        joining = asyncio.create_task(house.joined())
        await house.until(lambda: house.voice.states.of(house.bot))
        assert await house.line.leave(house.guild)
        with pytest.raises(JoinFailed):
            await joining
        await house.until(lambda: house.voice.states.of(house.bot) is None)
        assert house.diary.told == []

    house.play(scene)


def test_a_listener_that_fails_does_not_deafen_it(house: Exchange) -> None:
    async def scene(house: Exchange) -> None:
        vera, _ = await house.together()
        heard = house.diary.heard
        failures = iter(range(5))

        def failing(guild: str, user: str, pcm: bytes, at: float) -> None:
            if next(failures, None) is not None:
                raise RuntimeError("a listener's")
            heard(guild, user, pcm, at)

        house.diary.heard = failing  # type: ignore[method-assign]
        await vera.say(bytes(1920 * 30))
        await house.until(lambda: vera.user in house.diary.pcm)

    house.play(scene)
