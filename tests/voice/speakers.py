"""What speaks, and where it is heard, for tests of speaking."""

import asyncio
import math
import re
import subprocess
import threading
from collections.abc import AsyncIterator, Callable, Iterable, Iterator

import numpy as np

from playground.voice.speech import speech
from protege.errors import Unavailable
from voice_worker.audio import SPOKEN_HZ, Played, Source
from voice_worker.listening.opus import Decoder
from voice_worker.speaking import Manner

SUMMARY = re.compile(r"Summary:.*?I:\s+(-?[\d.]+) LUFS.*?Peak:\s+(-?[\d.]+) dBFS", re.DOTALL)


class Room:
    """A link that plays as fast as it can; `at(frame)` may do something in the middle."""

    guild = "77"

    def __init__(self, at: Callable[[int], object] = lambda frame: None) -> None:
        self.frames: list[bytes] = []
        self.at = at
        self.stopped = False
        self.plays = 0

    async def play(self, source: Source) -> Played:
        self.stopped, before = False, len(self.frames)
        self.plays += 1
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
    """An engine that hums a second for each sentence, or fails where it is told to."""

    name = "counting"

    def __init__(self, fails: str = "nothing does", amplitude: float = 8000.0) -> None:
        self.asked: list[str] = []
        self.manners: list[Manner] = []
        self.third = threading.Event()
        self.fails = fails
        self.amplitude = amplitude

    def synthesize(self, text: str, manner: Manner) -> Iterator[bytes]:
        self.asked.append(text)
        self.manners.append(manner)
        if len(self.asked) == 3:
            self.third.set()
        if self.fails in text:
            raise Unavailable("down")
        yield hum(self.amplitude)


class Flite:
    """English that can be recognised; louder or fainter by a factor, as it comes in pieces."""

    name = "flite"

    def __init__(self, factor: float = 1.0) -> None:
        self.factor = factor

    def synthesize(self, text: str, manner: Manner) -> Iterator[bytes]:
        sound = np.frombuffer(speech(text, hz=SPOKEN_HZ), "<i2") * self.factor
        whole = np.clip(sound, -32768, 32767).astype("<i2").tobytes()
        for at in range(0, len(whole), 7001):
            yield whole[at : at + 7001]


def hum(amplitude: float, seconds: float = 1.0) -> bytes:
    """A tone of 440 Hz."""
    at = np.arange(int(SPOKEN_HZ * seconds)) * (2 * math.pi * 440 / SPOKEN_HZ)
    return bytes((np.sin(at) * amplitude).astype("<i2").tobytes())


def heard(frames: Iterable[bytes], hz: int = SPOKEN_HZ) -> bytes:
    """The sound of opus frames: mono, signed 16 bits."""
    decoder = Decoder(hz)
    return b"".join(decoder.decode(frame) for frame in frames)


def loudness(sound: bytes) -> tuple[float, float]:
    """Integrated loudness (LUFS) and true peak (dBFS), as ffmpeg measures them."""
    plain = ("-f", "s16le", "-ar", str(SPOKEN_HZ), "-ac", "1", "-i", "-")
    measure = ("-af", "ebur128=peak=true", "-f", "null", "-")
    done = subprocess.run(
        ("ffmpeg", "-nostats", *plain, *measure), input=sound, capture_output=True, check=True
    )
    found = SUMMARY.search(done.stderr.decode())
    assert found
    return float(found[1]), float(found[2])


async def pieces(*texts: str) -> AsyncIterator[str]:
    """A text as it is written."""
    for text in texts:
        await asyncio.sleep(0)
        yield text
