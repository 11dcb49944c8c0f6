"""The bot's turn: interrupted, gone on with, dropped."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.voice.stage import StageLink
from voice_worker.calls.floor import Floor, after
from voice_worker.speaking import Manner, Mouth, Said, Speaker
from voice_worker.turns import Turns
from voice_worker.writing import Writing, written

TEXT = "The dome opens at nine. It closes at five. Bring a warm coat."


class Tone:
    """Half a second of sound for each sentence; `said`: what it was given."""

    name = "tone"

    def __init__(self) -> None:
        self.said: list[str] = []

    def synthesize(self, text: str, manner: Manner) -> Iterator[bytes]:
        self.said.append(text)
        yield b"\x00\x10\x00\xf0" * 12_000


class Stage:
    """A floor whose link can be stopped after so many frames."""

    def __init__(self, folder: Path) -> None:
        self.link = StageLink("77", "9")
        self.tone = Tone()
        self.turns = Turns()
        self.floor = Floor(Mouth(self.link, Speaker(self.tone, folder)), self.turns)
        self.manner = Manner()

    def speak(self, text: str | Writing) -> "asyncio.Task[Said]":
        writing = written(text) if isinstance(text, str) else text
        return asyncio.create_task(self.floor.speak(writing, self.manner))

    async def until(self, met: Callable[[], bool]) -> None:
        async with asyncio.timeout(20):
            while not met():
                await asyncio.sleep(0)


def play(folder: Path, scene: "object") -> None:
    async def run() -> None:
        await scene(Stage(folder))  # type: ignore[operator]

    asyncio.run(run())


def test_what_nobody_interrupts_is_said_to_its_end(tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        said = await stage.speak(TEXT)
        assert said == Said(TEXT, True, began=said.began) and said.began > 0
        assert not stage.turns.speaking

    play(tmp_path, scene)


def test_words_of_somebody_end_a_speech(tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        speech = stage.speak(TEXT)
        await stage.until(lambda: stage.link.stats["sent"] > 30)
        stage.floor.began("42", 1.0)
        sent = stage.link.stats["sent"]
        stage.floor.ended("42", 2.0)
        stage.floor.words("42", "wait", 2.5)
        said = await speech
        assert not said.whole and said.spoken.startswith("The dome opens at nine.")
        assert "coat" not in said.spoken
        assert stage.link.stats["sent"] == sent
        assert stage.floor.interruptions == 1

    play(tmp_path, scene)


def test_a_cough_interrupts_but_the_rest_is_said_from_the_sentence_on(tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        speech = stage.speak(TEXT)
        await stage.until(lambda: stage.link.stats["sent"] > 30)
        stage.floor.began("42", 1.0)
        stage.floor.ended("42", 1.2)
        stage.floor.words("42", "", 1.5)
        said = await speech
        assert said.whole and "warm coat" in said.spoken
        assert stage.tone.said.count("The dome opens at nine.") == 1
        assert not stage.turns.speaking

    play(tmp_path, scene)


def test_whoever_stays_silent_after_an_interruption_lets_the_bot_go_on(tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        speech = stage.speak(TEXT)
        await stage.until(lambda: stage.link.stats["sent"] > 30)
        stage.floor.began("42", 1.0)
        stage.floor.ended("42", 1.2)
        stage.floor.tick(1.3)
        await asyncio.sleep(0)
        assert not speech.done()
        stage.floor.tick(60.0)
        assert (await speech).whole

    play(tmp_path, scene)


def test_words_that_come_after_it_went_on_end_it_all_the_same(tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        speech = stage.speak(TEXT)
        await stage.until(lambda: stage.link.stats["sent"] > 30)
        stage.floor.began("42", 1.0)
        stage.floor.ended("42", 1.2)
        sent = stage.link.stats["sent"]
        stage.floor.tick(60.0)
        await stage.until(lambda: stage.link.stats["sent"] > sent)
        stage.floor.words("42", "wait a moment", 61.0)
        said = await speech
        assert not said.whole and "coat" not in said.spoken
        assert not stage.turns.speaking

    play(tmp_path, scene)


def test_late_words_do_not_end_the_next_speech(tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        first = stage.speak(TEXT)
        await stage.until(lambda: stage.link.stats["sent"] > 30)
        stage.floor.began("42", 1.0)
        stage.floor.ended("42", 1.2)
        stage.floor.tick(60.0)
        assert (await first).whole
        second = stage.speak("And now the news.")
        await stage.until(lambda: stage.floor.speaking)
        stage.floor.words("42", "wait a moment", 61.0)
        assert (await second).whole

    play(tmp_path, scene)


def test_speeches_come_one_after_another_and_end_with_the_call(tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        stage.link.held.clear()
        first, second = stage.speak(TEXT), stage.speak("And now the news.")
        await stage.until(lambda: bool(stage.tone.said))
        stage.floor.close()
        stage.link.held.set()
        assert not (await first).whole and await second == Said("", False)

    play(tmp_path, scene)


def test_an_interruption_in_the_last_moment_leaves_nothing_behind(tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        assert (await stage.speak("All right.")).whole
        stage.floor.began("42", 1.0)
        stage.floor.words("42", "hello", 2.0)
        assert (await stage.speak(TEXT)).whole

    play(tmp_path, scene)


def test_a_text_is_read_on_while_it_is_written(tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        writing = Writing()
        speech = stage.speak(writing)
        writing.add("The dome opens ")
        writing.add("at nine. It cl")
        await stage.until(lambda: stage.tone.said == ["The dome opens at nine."])
        writing.add("oses at five.")
        writing.end()
        assert (await speech).spoken == "The dome opens at nine. It closes at five."

    play(tmp_path, scene)


@pytest.mark.parametrize(
    ("spoken", "rest"),
    [
        ("", TEXT),
        ("The dome", TEXT),
        ("The dome opens at nine.", "It closes at five. Bring a warm coat."),
        ("The dome opens at nine. It closes", "It closes at five. Bring a warm coat."),
        (TEXT, ""),
    ],
)
def test_it_goes_on_with_the_first_sentence_that_was_not_heard_whole(
    spoken: str, rest: str
) -> None:
    assert TEXT[after(TEXT, 0, spoken) :].strip() == rest
