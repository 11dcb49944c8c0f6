"""What the worker says in one guild: sentence by sentence, until it is hushed."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from protege.errors import Unavailable, UserError
from protege.providers.hearing.offline import OfflineTranscriber
from protege.spending import payer
from protege.text import Text
from tests.voice.speakers import Counting, Flite, Room, heard, pieces
from voice_worker.speaking import Manner, Mouth, Playout, Said, Speaker
from voice_worker.speaking.engines.espeak import Espeak


def mouth(room: Room, engine: Counting, folder: Path) -> Mouth:
    return Mouth(room, Speaker(engine, folder))


def test_espeak_speaks_into_the_channel(tmp_path: Path) -> None:
    async def run() -> None:
        room = Room()
        said = await Mouth(room, Speaker(Espeak(), tmp_path)).say(
            pieces("Hello the", "re. How are you?"), Manner()
        )
        assert said[:4] == ("Hello there. How are you?", True, 0, False)
        assert 60 < len(room.frames) < 200

    asyncio.run(run())


def test_the_first_sentence_plays_while_the_second_is_still_written(tmp_path: Path) -> None:
    async def run() -> None:
        playing = asyncio.Event()

        async def writing() -> AsyncIterator[str]:
            yield "One. T"
            await playing.wait()  # for ever, if it were not spoken by then
            yield "wo."

        room = Room(at=lambda frame: playing.set())
        said = await mouth(room, Counting(), tmp_path).say(writing(), Manner())
        assert said.spoken == "One. Two." and room.plays == 1

    asyncio.run(run())


def test_sentences_are_made_ahead_but_not_without_end(tmp_path: Path) -> None:
    async def run() -> None:
        engine, ahead = Counting(), []

        def look(frame: int) -> None:
            ahead.append(len(engine.asked) - frame // 50)

        text = " ".join(f"This is number {n}." for n in range(30))
        await mouth(Room(look), engine, tmp_path).say(pieces(text), Manner())
        assert len(engine.asked) == 30 and max(ahead) <= 22

    asyncio.run(run())


def test_one_sentence_that_fails_does_not_lose_the_others(tmp_path: Path) -> None:
    async def run() -> None:
        room = Room()
        said = await mouth(room, Counting(fails="Two"), tmp_path).say(
            pieces("One. Two. Three."), Manner()
        )
        assert said[:4] == ("One. Three.", False, 1, False) and len(room.frames) == 100

    asyncio.run(run())


def test_a_dead_engine_is_told_to_the_caller_and_not_asked_for_ever(tmp_path: Path) -> None:
    async def run() -> None:
        engine = Counting(fails=".")
        with pytest.raises(Unavailable):
            await mouth(Room(), engine, tmp_path).say(pieces("One. Two. Three. Four."), Manner())
        assert engine.asked == ["One.", "Two."]

    asyncio.run(run())


def test_what_the_writer_fails_with_comes_after_what_was_written(tmp_path: Path) -> None:
    async def run() -> None:
        async def writing() -> AsyncIterator[str]:
            yield "One. Two"
            raise UserError(Text("no", "нет"))

        room = Room()
        with pytest.raises(UserError):
            await mouth(room, Counting(), tmp_path).say(writing(), Manner())
        assert len(room.frames) == 50

    asyncio.run(run())


def test_hush_silences_at_once_and_tells_how_far_it_got(tmp_path: Path) -> None:
    async def run() -> None:
        def interrupt(frame: int) -> None:
            if frame == 75 and engine.third.wait(10):
                speaker.hush()

        room, engine = Room(interrupt), Counting()
        speaker = mouth(room, engine, tmp_path)
        text = "First of all. Then two more words and four. Never heard."
        first, second = await asyncio.gather(
            speaker.say(pieces(text), Manner()), speaker.say(pieces("Dropped."), Manner())
        )
        assert first.spoken == "First of all. Then two more" and not first.whole
        assert second == Said("", False) and len(room.frames) == 75
        assert not speaker.speaking and "Dropped." not in engine.asked
        assert (await speaker.say(pieces("Again."), Manner())).whole

    asyncio.run(run())


def test_who_is_hushed_is_not_read_any_further(tmp_path: Path) -> None:
    async def run() -> None:
        left = asyncio.Event()

        async def writing() -> AsyncIterator[str]:
            try:
                yield "One. "
                yield "Two"
                await asyncio.Event().wait()
            finally:
                left.set()

        room = Room(at=lambda frame: speaker.hush() if frame == 10 else None)
        speaker = mouth(room, Counting(), tmp_path)
        said = await speaker.say(writing(), Manner())
        assert left.is_set() and not said.whole and len(room.frames) == 10

    asyncio.run(run())


def test_who_gives_up_waiting_silences_it_too(tmp_path: Path) -> None:
    async def run() -> None:
        room = Room(at=lambda frame: task.cancel() if frame == 10 else None)
        engine = Counting()
        speaker = mouth(room, engine, tmp_path)
        task = asyncio.create_task(speaker.say(pieces("One. Two. Three. "), Manner()))
        with pytest.raises(asyncio.CancelledError):
            await task
        assert room.stopped and not speaker.speaking

    asyncio.run(run())


def test_speeches_come_in_the_order_they_were_asked_for(tmp_path: Path) -> None:
    async def run() -> None:
        engine = Counting()
        speaker = mouth(Room(), engine, tmp_path)
        words = ["One.", "Two.", "Three."]
        await asyncio.gather(*(speaker.say(pieces(word), Manner()) for word in words))
        assert engine.asked == words

    asyncio.run(run())


def test_a_long_answer_ends_politely_and_is_read_to_its_end(tmp_path: Path) -> None:
    async def run() -> None:
        read: list[str] = []

        async def writing() -> AsyncIterator[str]:
            for word in ("One is here. ", "Two is here. ", "Three is here. ", "Four."):
                read.append(word)
                yield word

        engine = Counting()
        said = await mouth(Room(), engine, tmp_path).say(writing(), Manner(), most=26)
        assert engine.asked == ["One is here.", "Two is here.", "The rest is in the channel."]
        assert said.shortened and not said.whole and len(read) == 4

    asyncio.run(run())


def test_each_sentence_is_spoken_in_the_language_of_its_letters(tmp_path: Path) -> None:
    async def run() -> None:
        engine = Counting()
        speaker = Mouth(Room(), Speaker(engine, tmp_path), names=lambda id: "Анна")
        await speaker.say(pieces("Привет, <@5>! 😀\nHello there."), Manner(language="ru"))
        assert engine.asked == ["Привет, Анна!", "Hello there."]
        assert [it.language for it in engine.manners] == ["ru", "en-US"]

    asyncio.run(run())


def test_of_what_has_no_words_nothing_is_played(tmp_path: Path) -> None:
    async def run() -> None:
        room = Room()
        said = await mouth(room, Counting(), tmp_path).say(pieces("😀\n***\n"), Manner())
        assert said[:4] == ("😀 ***", True, 0, False) and not room.plays

    asyncio.run(run())


def test_the_guild_pays_for_what_is_said_in_it(tmp_path: Path) -> None:
    async def run() -> None:
        payers: list[str] = []

        class Costly(Counting):
            def synthesize(self, text, manner):
                payers.append(payer())
                yield from super().synthesize(text, manner)

        await mouth(Room(), Costly(), tmp_path).say(pieces("One."), Manner())
        assert payers == [Room.guild]

    asyncio.run(run())


def test_a_playout_gives_nothing_before_there_is_something_and_ends_at_its_end() -> None:
    playout = Playout()
    assert playout.read() == b""
    playout.mark("One.")
    playout.put(b"a")
    playout.end()
    assert (playout.read(), playout.read(), playout.read()) == (b"a", None, None)
    assert playout.said() == "One." and playout.played == 1 and not playout.put(b"b")


def test_what_flite_says_is_understood_at_the_other_end(tmp_path: Path) -> None:
    async def run() -> None:
        room = Room()
        text = "Where can I find the key?"
        await Mouth(room, Speaker(Flite(), tmp_path)).say(pieces(text), Manner())
        listening = OfflineTranscriber().begin("en-US", [text, "Is there any parking nearby?"])
        listening.feed(heard(room.frames, 16_000))
        assert listening.end().lower().rstrip("?.") == "where can i find the key"

    asyncio.run(run())
