"""How long a person waits for an answer, and for silence when they interrupt."""

import array
import itertools
import statistics
import time
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from bench.voice.worker import Worker
from playground.voice.opus import FRAME, SILENCE
from playground.voice.speaker import VoicePerson
from playground.voice.speech import speech

QUESTION, ANSWER = "when does the library open", "At nine."
OTHER = "what is the weather like today"
STORY = "Once upon a time there was a king who counted the stars. " * 20
PARTS = ("ended", "understood", "written", "made", "taken")
NAMES = ("endpointing", "recognising", "answering", "first sentence's speech", "sending")
FAINT = 300
"""Mean magnitude (of 32,767) below which a frame is no speech."""
PATIENCE_S = 10.0
INTERRUPTIONS = ("stop it now", "wait a moment", "no thank you", "hold on please", "enough")
SPOKEN = 25
"""Frames after which somebody interrupts."""
WARM = 2
"""Turns before those that count: models are loaded in them."""


class Turn(NamedTuple):
    """Seconds from the end of what was said to the first packet of the answer, and its parts, in
    the order of NAMES."""

    total: float
    parts: tuple[float, ...]


class Turns(NamedTuple):
    """`missed`: how often nothing was understood, so that there was no answer."""

    turns: list[Turn]
    missed: int


def taught(worker: Worker, person: VoicePerson, count: int) -> Turns:
    """So many turns with a question that was taught."""
    worker.teach(QUESTION, ANSWER)
    worker.order("rules")  # reads anew what is taught
    return answers(worker, person, count, QUESTION)


def answers(worker: Worker, person: VoicePerson, count: int, question: str) -> Turns:
    """So many turns, each with its answer made anew; of what is not taught, that it is not."""
    sound, found, missed = shortened(speech(question)), list[Turn](), 0
    while len(found) < count + WARM and missed < count:
        worker.forget()
        turn = _turn(worker, person, sound)
        if turn:
            found.append(turn)
        else:
            missed += 1
        worker.quiet(person)
    return Turns(found[WARM:], missed)


def _turn(worker: Worker, person: VoicePerson, sound: bytes) -> Turn | None:
    before, house = len(worker.marks), worker.house
    ended = house.do(person.say(sound))
    marks = _Marks(worker, before)
    try:
        house.until(lambda: marks.at(PARTS[-1]), PATIENCE_S)
        house.until(lambda: marks.heard(person), PATIENCE_S)
    except TimeoutError:
        return None
    times = [ended, *map(marks.at, PARTS[:-1]), marks.heard(person)]
    return Turn(times[-1] - ended, tuple(b - a for a, b in pairwise(times)))


class _Marks:
    """What the worker told since somebody began to ask; times are 0 until then."""

    def __init__(self, worker: Worker, before: int) -> None:
        self._worker = worker
        self._before = before

    def at(self, name: str) -> float:
        """When the answer came to this point: never before the question was understood."""
        since = 0.0
        for told, at in self._worker.marks[self._before :]:
            since = at if told == "understood" else since
            if told == name and (since or name == "ended"):
                return at
        return 0.0

    def heard(self, person: VoicePerson) -> float:
        """When the first packet of it was decrypted."""
        taken = self.at(PARTS[-1])
        packets = person.voiced(self._worker.house.bot)
        return next((packet.at for packet in packets if packet.at > taken), 0.0)


def interruptions(worker: Worker, person: VoicePerson, count: int) -> list[float]:
    """Seconds from somebody's first packet to the last packet of speech, so many times."""
    sounds = [shortened(speech(words)) for words in INTERRUPTIONS]
    worker.hears(INTERRUPTIONS[0])
    worker.teach(INTERRUPTIONS[0], "Fine.")
    return [_interruption(worker, person, sounds[n % len(sounds)]) for n in range(count)]


def _interruption(worker: Worker, person: VoicePerson, sound: bytes) -> float:
    do, bot = worker.house.do, worker.house.bot
    before = len(person.voiced(bot))
    worker.order("say", text=STORY)
    do(person.wait_heard(bot, before + SPOKEN))
    began = time.monotonic()
    do(person.say(sound))
    after = [packet for packet in person.heard[bot] if packet.at > began]
    speech = itertools.takewhile(lambda packet: packet.opus != SILENCE, after)
    last = max((packet.at for packet in speech), default=began)
    do(person.wait_heard(bot, len(person.voiced(bot)) + 1))  # it was a question, too
    worker.quiet(person)
    return last - began


def shortened(sound: bytes) -> bytes:
    """Without the silence at both ends, so that the end of the sound is the end of speech."""
    frames = [sound[at : at + FRAME] for at in range(0, len(sound) - FRAME + 1, FRAME)]
    loud = [number for number, frame in enumerate(frames) if _loud(frame)]
    return b"".join(frames[loud[0] : loud[-1] + 1])


def squeezed(sound: bytes) -> bytes:
    """Without any silence: somebody who does not even breathe."""
    frames = (sound[at : at + FRAME] for at in range(0, len(sound) - FRAME + 1, FRAME))
    return b"".join(frame for frame in frames if _loud(frame))


def _loud(frame: bytes) -> bool:
    samples = array.array("h", frame)
    return sum(map(abs, samples)) / len(samples) >= FAINT


def parts(turns: list[Turn]) -> Iterator[float]:
    """The median of each part, in seconds."""
    for part in zip(*(turn.parts for turn in turns), strict=True):
        yield statistics.median(part)
