"""What the worker says, from text to opus."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from protege.errors import Unavailable
from voice_worker.audio import Played, Source
from voice_worker.speaking import Manner, Mouth, Speaker
from voice_worker.speaking.engines.espeak import Espeak


class Room:
    """A link that plays as fast as it can; `at(frame)` may do something in the middle."""

    guild = "77"

    def __init__(self, at: Callable[[int], None] = lambda frame: None) -> None:
        self.frames: list[bytes] = []
        self.at = at
        self.stopped = False

    async def play(self, source: Source) -> Played:
        self.stopped = False
        before = len(self.frames)
        while not self.stopped and (frame := source.read()) is not None:
            if not frame:
                await asyncio.sleep(0.001)
                continue
            self.frames.append(frame)
            self.at(len(self.frames))
        return Played(len(self.frames) - before, not self.stopped)

    def stop(self) -> None:
        self.stopped = True


class Counting:
    """An engine that makes silence, a second for each sentence, or fails where it is told to."""

    name = "counting"

    def __init__(self, fails: str = "nothing does") -> None:
        self.asked: list[str] = []
        self.third = threading.Event()
        self.fails = fails

    def synthesize(self, text: str, manner: Manner) -> Iterator[bytes]:
        self.asked.append(text)
        if len(self.asked) == 3:
            self.third.set()
        if self.fails in text:
            raise Unavailable("down")
        yield b"\x10\x20" * 48_000


async def pieces(*texts: str) -> AsyncIterator[str]:
    for text in texts:
        yield text


def test_espeak_speaks_into_the_channel(tmp_path: Path) -> None:
    async def run() -> None:
        room = Room()
        said = await Mouth(room, Speaker(Espeak(), tmp_path)).say(
            pieces("Hello the", "re. How are you?"), Manner()
        )
        assert said == ("Hello there. How are you?", True, 0, False)
        assert 60 < len(room.frames) < 200

    asyncio.run(run())


def test_one_sentence_that_fails_does_not_lose_the_others(tmp_path: Path) -> None:
    async def run() -> None:
        room = Room()
        mouth = Mouth(room, Speaker(Counting(fails="Two"), tmp_path))
        said = await mouth.say(pieces("One. Two. Three."), Manner())
        assert said == ("One. Three.", False, 1, False) and len(room.frames) == 100

    asyncio.run(run())


def test_a_dead_engine_is_told_to_the_caller(tmp_path: Path) -> None:
    async def run() -> None:
        engine = Counting(fails=".")
        with pytest.raises(Unavailable):
            await Mouth(Room(), Speaker(engine, tmp_path)).say(
                pieces("One. Two. Three. Four."), Manner()
            )
        assert engine.asked == ["One.", "Two."]

    asyncio.run(run())


def test_hush_silences_at_once_and_tells_how_far_it_got(tmp_path: Path) -> None:
    async def run() -> None:
        def interrupt(frame: int) -> None:
            if frame == 75 and engine.third.wait(10):
                mouth.hush()

        room, engine = Room(interrupt), Counting()
        mouth = Mouth(room, Speaker(engine, tmp_path))
        text = "First of all. Then two more words and four. Never heard."
        first, second = await asyncio.gather(
            mouth.say(pieces(text), Manner()), mouth.say(pieces("Dropped."), Manner())
        )
        assert first.spoken == "First of all. Then two more" and not first.whole
        assert second == ("", False, 0, False) and len(room.frames) == 75
        assert not mouth.speaking
        assert (await mouth.say(pieces("Again."), Manner())).whole

    asyncio.run(run())
