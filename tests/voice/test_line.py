"""The line hears and speaks, end to end encrypted, whoever comes and goes meanwhile."""

import asyncio
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from playground.voice.opus import SILENCE
from tests.voice.exchange import Exchange, Tune, exchange, tone
from voice_worker.audio import HEARD_FRAME

pytestmark = pytest.mark.real


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
        assert all(frame == SILENCE or frame.endswith(b"\xfa\xfa") for frame in sent)
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


def test_it_listens_to_nobody_at_first_and_then_only_to_those_it_was_told(house: Exchange) -> None:
    async def scene(house: Exchange) -> None:
        vera, link = await house.person("vera"), await house.joined(listen=False)
        max = await house.person("max")
        await house.grouped(vera.user, max.user, house.bot)
        await vera.say(tone(0.2))
        await house.until(lambda: link.stats.get("unwanted", 0) >= 10)
        link.listen_to(frozenset({max.user}))
        await asyncio.gather(vera.say(tone(0.4)), max.say(tone(0.4)))
        await house.until(lambda: len(house.diary.pcm.get(max.user, ())) >= 20)
        await house.until(lambda: link.stats["unwanted"] >= 30)
        assert vera.user not in house.diary.pcm

    house.play(scene)


def test_no_frame_is_lost_when_a_third_person_comes_and_goes_while_others_lag(
    house: Exchange,
) -> None:
    async def scene(house: Exchange) -> None:
        vera, link = await house.together()
        house.rooms.delay(vera.user, 0.15)
        house.rooms.delay(house.bot, 0.1)
        playing = asyncio.create_task(link.play(Tune(1000)))
        talking = asyncio.create_task(vera.say(tone(4.0)))
        await vera.wait_heard(house.bot, 30)
        max = await house.person("max")
        await max.wait_heard(house.bot, 10)
        await max.leave()
        await talking
        link.stop()
        sent = (await playing).frames
        await vera.wait_heard(house.bot, sent)
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


def counted(stats: Mapping[str, int]) -> bool:
    """Whether all that was lost is concealed; it is not while the ears are at it."""
    return stats.get("lost", 0) == stats.get("concealed", 0) > 0


def test_loss_jitter_and_padding_leave_gaps_concealed_and_nothing_undecryptable(
    house: Exchange,
) -> None:
    house.rooms.loss, house.rooms.jitter_ms, house.rooms.padding = 0.05, 60, 8

    async def scene(house: Exchange) -> None:
        vera, link = await house.together()
        await vera.say(tone(5.0))
        await house.until(lambda: len(house.diary.pcm.get(vera.user, ())) >= 245)
        await house.until(lambda: counted(link.stats))
        stats = link.stats
        assert not {"undecryptable", "unsealed", "broken"} & stats.keys()

    house.play(scene)
    assert house.violations == []
