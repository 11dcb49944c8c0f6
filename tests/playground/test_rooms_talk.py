"""People talk in the stand-in's voice channels, end to end encrypted, by Discord's own library."""

import array
import asyncio

import pytest

from playground.voice.speech import speech
from tests.playground.house import (
    FRAMES,
    LENGTH_S,
    House,
    building,
    ends_in_silence,
    heard_whole,
    house,
    speak,
    strength,
    tone,
)

__all__ = ["building", "house"]
pytestmark = pytest.mark.real


def test_two_people_hear_each_other_encrypted(house: House):
    async def scene() -> None:
        vera, max = await house.enter("vera"), await house.enter("max")
        await heard_whole(max, vera)
        await heard_whole(vera, max)
        await house.until(lambda: ends_in_silence(max, vera))

    house.run(scene())
    assert house.rooms.violations == []


def test_what_is_heard_is_the_sound_that_was_said(house: House):
    async def scene() -> None:
        vera, max = await house.enter("vera"), await house.enter("max")
        await vera.say(tone(440, LENGTH_S))
        await max.wait_heard(vera.user, FRAMES)
        pcm = max.pcm(vera.user, 16_000)
        assert strength(pcm, 440, 16_000) > 20 * strength(pcm, 1000, 16_000)

    house.run(scene())


def test_three_people_are_heard_at_once_by_each_other(house: House):
    async def scene() -> None:
        people = [await house.enter(name) for name in ("vera", "max", "lina")]
        await house.together(*people)
        await asyncio.gather(*(p.say(tone(300 + 200 * i, LENGTH_S)) for i, p in enumerate(people)))
        for listener in people:
            for speaker in people:
                if speaker is not listener:
                    await listener.wait_heard(speaker.user, FRAMES)
            assert listener.plaintext == listener.undecryptable == 0

    house.run(scene())
    assert house.rooms.violations == []


def test_nobody_loses_a_frame_when_a_third_person_comes_and_goes_behind_a_delay(house: House):
    async def scene() -> None:
        vera, max = await house.enter("vera"), await house.enter("max")
        house.rooms.delay(max.user, 0.15)
        enough = asyncio.Event()
        speaking = asyncio.create_task(speak(vera, 3.0, enough))
        await max.wait_heard(vera.user, 20)
        lina = await house.enter("lina")
        await lina.wait_heard(vera.user, 10)
        await lina.leave()
        enough.set()
        await max.wait_heard(vera.user, await speaking)
        assert max.undecryptable == max.plaintext == lina.undecryptable == 0

    house.run(scene())
    assert house.rooms.violations == []


def test_who_comes_late_hears_somebody_who_already_speaks(house: House):
    async def scene() -> None:
        vera = await house.enter("vera")
        await house.enter("max")
        enough = asyncio.Event()
        speaking = asyncio.create_task(speak(vera, 2.0, enough))
        lina = await house.enter("lina")
        await lina.wait_heard(vera.user, 20)
        enough.set()
        await speaking
        assert vera.user in lina.line.speakers.values()

    house.run(scene())
    assert house.rooms.violations == []


def test_a_live_microphone_is_heard_in_pieces_of_any_length(house: House):
    async def scene() -> None:
        vera, max = await house.enter("vera"), await house.enter("max")
        await max.secure.wait()
        await vera.secure.wait()
        sound = tone(440, 0.6)
        for at in range(0, len(sound), 1500):
            await vera.feed(sound[at : at + 1500])
        await max.wait_heard(vera.user, 30)
        await house.until(lambda: ends_in_silence(max, vera))

    house.run(scene())
    assert house.rooms.violations == []


def test_sound_is_handed_over_as_it_is_heard(house: House):
    pieces: list[tuple[str, bytes]] = []

    async def scene() -> None:
        vera = await house.enter("vera")
        max = await house.enter("max", on_pcm=lambda user, pcm: pieces.append((user, pcm)))
        await vera.say(tone(440, LENGTH_S))
        await max.wait_heard(vera.user, FRAMES)
        assert {user for user, _ in pieces} == {vera.user}

    house.run(scene())
    assert len(pieces) >= FRAMES
    assert {len(pcm) for _, pcm in pieces} == {1920}


def test_words_survive_loss_jitter_padding_and_header_extensions(house: House):
    house.rooms.loss, house.rooms.jitter_ms = 0.1, 40
    house.rooms.padding, house.rooms.ext_words = 12, 3

    async def scene() -> None:
        vera, max = await house.enter("vera"), await house.enter("max")
        said = speech("open the window and close the door")
        await vera.say(said)
        await max.wait_heard(vera.user, 60)
        await max.quiet(vera.user, 0.4)
        pcm = max.pcm(vera.user, 48_000)
        assert abs(len(pcm) - len(said)) < 0.1 * len(said)
        assert energy(pcm) > 0.7 * energy(said)
        assert max.undecryptable == max.plaintext == 0

    house.run(scene())
    assert house.rooms.stats["lost on purpose"] > 0
    assert house.rooms.violations == []


def energy(pcm: bytes) -> float:
    samples = array.array("h", pcm)
    return sum(s * s for s in samples[::7]) / len(samples)
