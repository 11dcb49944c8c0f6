"""The line joins, hears and speaks, end to end encrypted; and says clearly why it cannot."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from playground.voice.opus import SILENCE
from tests.voice.exchange import Exchange, Tune, exchange, tone
from voice_worker.audio import HEARD_FRAME
from voice_worker.line import ChannelFull, LoginRefused, NoPermission, NoSuchChannel

pytestmark = pytest.mark.real
MARKER = b"\xfa\xfa"


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Exchange]:
    yield from exchange(tmp_path, monkeypatch)


def test_it_hears_and_is_heard_encrypted(house: Exchange) -> None:
    async def scene(house: Exchange) -> None:
        vera, link = await house.together()
        await house.heard_by(vera, link)
        await house.hears(vera)
        assert vera.plaintext == vera.undecryptable == 0
        assert {len(pcm) for pcm in house.diary.pcm[vera.user]} == {HEARD_FRAME}
        assert not {"undecryptable", "lost", "plaintext_refused"} & link.stats.keys()
        assert [packet.opus for packet in vera.heard[house.bot]][-5:] == [SILENCE] * 5

    house.play(scene)
    assert house.violations == []


def test_what_is_played_before_the_group_is_ready_waits_and_never_leaves_unencrypted(
    house: Exchange,
) -> None:
    async def scene(house: Exchange) -> None:
        house.rooms.delay(house.id("vera"), 0.3)
        vera = await house.person("vera")
        link = await house.joined()
        assert not link.secure
        assert await link.play(Tune(40)) == (40, True)
        await vera.wait_heard(house.bot, 40)
        sent = [arrival.payload for arrival in house.rooms.record(house.bot)]
        assert len([f for f in sent if f != SILENCE]) == 40
        assert all(frame == SILENCE or frame.endswith(MARKER) for frame in sent)
        assert vera.plaintext == 0

    house.play(scene)
    assert house.violations == []


def test_alone_it_plays_to_nobody_and_sends_only_silence(house: Exchange) -> None:
    async def scene(house: Exchange) -> None:
        link = await house.joined()
        assert link.secure
        assert not link.people
        assert await link.play(Tune(20)) == (20, True)
        assert {arrival.payload for arrival in house.rooms.record(house.bot)} == {SILENCE}

    house.play(scene)
    assert house.violations == []


def test_where_a_source_has_nothing_yet_silence_is_sent_until_it_has(house: Exchange) -> None:
    async def scene(house: Exchange) -> None:
        vera, link = await house.together()
        assert await link.play(Tune(20, gap=(10, 15))) == (20, True)
        await vera.wait_heard(house.bot, 20)
        frames = [packet.opus for packet in vera.heard[house.bot]]
        spoken = [at for at, frame in enumerate(frames) if frame != SILENCE]
        assert spoken[-1] - spoken[0] == 20 + 15 - 1

    house.play(scene)
    assert house.violations == []


def test_after_stop_returns_no_speech_leaves_but_five_frames_of_silence_do(
    house: Exchange,
) -> None:
    async def scene(house: Exchange) -> None:
        vera, link = await house.together()
        playing = asyncio.create_task(link.play(Tune(500)))
        await vera.wait_heard(house.bot, 10)
        assert link.playing
        await asyncio.to_thread(link.stop)
        sent = link.stats["sent"]
        played = await playing
        assert not played.whole
        assert played.frames == link.stats["sent"] == sent < 500
        await house.until(lambda: len(vera.voiced(house.bot)) == sent)
        await house.until(lambda: [p.opus for p in vera.heard[house.bot]][-5:] == [SILENCE] * 5)
        assert not link.playing

    house.play(scene)
    assert house.violations == []


def test_a_second_source_waits_for_the_first(house: Exchange) -> None:
    async def scene(house: Exchange) -> None:
        vera, link = await house.together()
        first, second = Tune(15), Tune(15)
        for played in await asyncio.gather(link.play(first), link.play(second)):
            assert played == (15, True)
        await vera.wait_heard(house.bot, 30)

    house.play(scene)
    assert house.violations == []


def test_a_cancelled_play_falls_silent_and_lets_the_next_one_in(house: Exchange) -> None:
    async def scene(house: Exchange) -> None:
        vera, link = await house.together()
        playing = asyncio.create_task(link.play(Tune(500)))
        await vera.wait_heard(house.bot, 5)
        playing.cancel()
        await asyncio.wait({playing})
        assert playing.cancelled()
        await house.heard_by(vera, link)

    house.play(scene)


def test_only_those_it_listens_to_are_decoded(house: Exchange) -> None:
    async def scene(house: Exchange) -> None:
        vera, link = await house.together()
        max = await house.person("max")
        link.listen_to(frozenset({max.user}))
        await asyncio.gather(vera.say(tone(0.4)), max.say(tone(0.4)))
        await house.until(lambda: len(house.diary.pcm.get(max.user, ())) >= 20)
        assert vera.user not in house.diary.pcm
        assert link.stats["unwanted"] >= 20

    house.play(scene)


def test_it_starts_by_listening_to_nobody(house: Exchange) -> None:
    async def scene(house: Exchange) -> None:
        vera, _ = await house.together()
        link = await house.joined(listen=False)
        await vera.say(tone(0.4))
        await house.until(lambda: link.stats.get("unwanted", 0) >= 20)
        assert not house.diary.pcm

    house.play(scene)


def test_no_frame_is_lost_when_a_third_person_comes_and_goes_while_others_lag(
    house: Exchange,
) -> None:
    async def scene(house: Exchange) -> None:
        vera, link = await house.together()
        house.rooms.delay(vera.user, 0.15)
        house.rooms.delay(house.bot, 0.1)
        playing = asyncio.create_task(link.play(Tune(200)))
        talking = asyncio.create_task(vera.say(tone(4.0)))
        await vera.wait_heard(house.bot, 30)
        max = await house.person("max")
        await max.wait_heard(house.bot, 10)
        await max.leave()
        await talking
        assert await playing == (200, True)
        await vera.wait_heard(house.bot, 200)
        await house.until(lambda: len(house.diary.pcm[vera.user]) >= 200)
        assert vera.undecryptable == vera.plaintext == max.undecryptable == max.plaintext == 0
        assert not {"undecryptable", "lost", "unknown"} & link.stats.keys()

    house.play(scene)
    assert house.violations == []


@pytest.mark.parametrize("alone", ["reset", "downgrade", "keep"])
def test_it_speaks_and_hears_again_after_everybody_left_and_somebody_came_back(
    house: Exchange, alone: str
) -> None:
    house.rooms.alone = alone  # type: ignore[assignment]

    async def scene(house: Exchange) -> None:
        vera, link = await house.together()
        await vera.leave()
        await house.until(lambda: not link.people)
        assert await link.play(Tune(10)) == (10, True)
        max = await house.person("max")
        await house.until(lambda: link.people == {max.user} and link.secure)
        await house.heard_by(max, link)
        await house.hears(max)
        assert max.plaintext == 0

    house.play(scene)
    assert house.violations == []


def test_loss_jitter_and_padding_leave_gaps_concealed_and_nothing_undecryptable(
    house: Exchange,
) -> None:
    house.rooms.loss, house.rooms.jitter_ms, house.rooms.padding = 0.05, 60, 8

    async def scene(house: Exchange) -> None:
        vera, link = await house.together()
        await vera.say(tone(5.0))
        await house.until(lambda: len(house.diary.pcm.get(vera.user, ())) >= 245)
        stats = link.stats
        assert stats["lost"] == stats["concealed"] > 0
        assert not {"undecryptable", "unsealed", "broken"} & stats.keys()

    house.play(scene)
    assert house.violations == []


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
