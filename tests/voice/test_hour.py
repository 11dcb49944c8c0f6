"""An hour of speech as fast as it goes: nothing grows, nothing drifts.

Without VOICE_HOUR_S it is three minutes of it; `make hour-voice` runs the whole of it.
"""

import asyncio
import os
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from playground.voice.opus import Encoder
from playground.voice.speech import speech
from protege.errors import BotError
from tests.voice import deaf
from tests.voice.exchange import Diary, Exchange, exchange, tone
from tests.voice.held import held, resident_mb, settled
from tests.voice.hurry import Chatterbox, Hasty
from voice_worker.audio import FRAME_S, HEARD_FRAME, SILENCE, SPOKEN_FRAME
from voice_worker.calls.ears import AT_ONCE, Ears, Heard, Hearing
from voice_worker.listening import ear
from voice_worker.listening.scribe import Scribe
from voice_worker.listening.utterances import Utterances
from voice_worker.speaking import Manner, Mouth, Speaker

pytestmark = pytest.mark.real
HOUR_S = float(os.environ.get("VOICE_HOUR_S", "180"))
FRAMES = round(HOUR_S / FRAME_S)
WARM = 0.3
"""Part of it after which everything was used that is going to be."""
MOST_GROWTH_MB = 4.0
LOSS = 0.05
PAUSE = 25
"""Frames of silence behind each utterance."""
ENDPOINT_S, LONGEST_S = 0.3, 30.0
BATCH, BEHIND = 100, 10
SENTENCE = 200
"""Frames of a sentence."""
NEW = 5
"""Every fifth sentence is a new one; the others were said before."""


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Exchange]:
    monkeypatch.setattr("tests.voice.exchange.LONGEST_S", max(90.0, HOUR_S / 10))
    yield from exchange(tmp_path, monkeypatch)


class Notebook(Diary):
    """Counts what comes from the line, has it made into utterances, and counts these."""

    def __init__(self) -> None:
        super().__init__()
        self.frames = self.begun = 0
        self.lengths: list[float] = []
        self.failures: list[BotError] = []

    def listen(self, scribe: Scribe) -> Ears:
        """From now on; on the loop."""
        self._loop = asyncio.get_running_loop()
        how = Hearing("en-US", keep=True)
        fresh = lambda: Utterances(ENDPOINT_S, LONGEST_S)  # noqa: E731
        self._ears = Ears(scribe, self, fresh, lambda: how)
        return self._ears

    def heard(self, guild: str, user: str, pcm: bytes, at: float) -> None:
        self.frames += 1
        at = self.frames * FRAME_S  # as it would be had nobody hurried
        self._loop.call_soon_threadsafe(self._ears.frame, user, pcm, at)

    def began(self, user: str, at: float) -> None:
        self.begun += 1

    def ended(self, user: str, at: float) -> None: ...

    def understood(self, heard: Heard) -> None:
        assert len(heard.pcm) == int(heard.text) == round(heard.seconds / FRAME_S) * HEARD_FRAME
        self.lengths.append(heard.seconds)

    def failed(self, user: str, error: BotError) -> None:
        self.failures.append(error)

    def gone(self, user: str) -> None: ...


def phrase() -> list[bytes]:
    """Some seconds of speech without a pause, then one; as opus."""
    pcm = speech("The dome of the observatory opens on every night that is dark and clear")
    parts = [pcm[at : at + SPOKEN_FRAME] for at in range(0, len(pcm), SPOKEN_FRAME)]
    loud = [part for part in parts[:-1] if max(map(abs, memoryview(part).cast("h"))) > 500]
    return [*map(Encoder().encode, loud), *[SILENCE] * PAUSE]


async def talk(house: Exchange, box: Chatterbox, notes: Notebook) -> None:
    """One phrase after another, every twentieth frame lost, the last ones not. Nobody speaks so
    fast that many utterances wait for their words, some of which would be given up."""
    chance, said = random.Random(7), phrase()
    for _ in range(FRAMES // 10 // len(said)):
        for number, frame in enumerate(said):
            lost = chance.random() < LOSS and number < len(said) - PAUSE // 2
            box.say(frame, lost=lost)
            if box.frames % BATCH == 0:
                await house.until(lambda: notes.frames > box.frames - BEHIND)
        await house.until(lambda: notes.begun - len(notes.lengths) < AT_ONCE // 2)


def test_an_hour_is_heard_without_drift_or_growth(
    house: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ear, "COMMAND", deaf.COMMAND)
    monkeypatch.setenv("DISCORD_PUBLIC_KEY", "0" * 64)
    notes = house.diary = Notebook()
    house.line = house.new_line()

    async def scene(house: Exchange) -> None:
        scribe = Scribe()
        ears = notes.listen(scribe)
        await scribe.start()
        try:
            await hour(house, notes, scribe)
        finally:
            await ears.close()
            await scribe.close()

    house.play(scene)


async def hour(house: Exchange, notes: Notebook, scribe: Scribe) -> None:
    """All of it, heard from one person."""
    vera, link = await house.together()
    with closing(Chatterbox(vera, link)) as box:
        for tenth in range(10):
            await talk(house, box, notes)
            if tenth == round(10 * WARM):
                before, memory = held(), resident_mb()
    said = box.frames // len(phrase())
    await house.until(lambda: len(notes.lengths) >= said and notes.frames >= box.frames)
    assert link.stats["lost"] > LOSS / 2 * box.frames and notes.frames == box.frames
    assert notes.begun == scribe.metrics.heard == len(notes.lengths) == said
    assert max(notes.lengths) - min(notes.lengths) < ENDPOINT_S and notes.failures == []
    await settled(before)
    assert resident_mb() - memory < MOST_GROWTH_MB


class Organ:
    """A speech engine: whatever the text, SENTENCE frames without a pause."""

    name = "organ"

    def __init__(self) -> None:
        self.said = 0
        self._sound = tone(SENTENCE * FRAME_S)

    def synthesize(self, text: str, manner: Manner) -> Iterator[bytes]:
        self.said += 1
        yield self._sound


async def pieces(numbers: range) -> AsyncIterator[str]:
    """Sentences; most of them were said before."""
    for number in numbers:
        yield f"This is sentence {number if number % NEW == 0 else number % NEW}. "


def test_an_hour_is_spoken_without_drift_or_growth(house: Exchange, tmp_path: Path) -> None:
    async def scene(house: Exchange) -> None:
        _, link = await house.together()
        with closing(Hasty(link)) as player:
            await spoken(player, tmp_path)

    house.play(scene)


async def spoken(player: Hasty, folder: Path) -> None:
    """All of it, sentence after sentence."""
    organ, total = Organ(), FRAMES // SENTENCE
    mouth = Mouth(player, Speaker(organ, folder / "cache", limit_mb=1))
    for tenth in range(10):
        numbers = range(total * tenth // 10, total * (tenth + 1) // 10)
        said = await mouth.say(pieces(numbers), Manner())
        assert said.whole
        if tenth == round(10 * WARM):
            before, memory = held(), resident_mb()
    assert player.counts["sent"] == total * SENTENCE
    assert total // NEW <= organ.said < total
    await settled(before)
    assert resident_mb() - memory < MOST_GROWTH_MB
