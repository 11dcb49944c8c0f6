"""Engines that take no time, so that what is measured is ours.

`python -m bench.voice.script` is the process that recognises speech, with one of them.
"""

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from voice_worker.audio import SPOKEN_HZ
from voice_worker.speaking.manner import Manner

WORDS = "BENCH_VOICE_WORDS"
"""Names the file with what is recognised, whatever is said; "" is nothing."""
A_LETTER_S = 0.04
COMMAND = (sys.executable, "-m", "bench.voice.script")


class Script:
    """A `Transcriber` and its `Transcription` in one."""

    model = ""

    def begin(self, language: str, hints: Sequence[str] = ()) -> "Script":
        """Whoever listens is as good as another."""
        return self

    def feed(self, pcm: bytes) -> None:
        """It is not listened to."""

    def end(self) -> str:
        """What the file says."""
        return Path(os.environ[WORDS]).read_text()

    def drop(self) -> None:
        """Nothing was begun."""


class Hum:
    """A speech engine: a hum, for so long as a hasty person speaks so many letters."""

    name = "hum"

    def synthesize(self, text: str, manner: Manner) -> Iterator[bytes]:
        """48 kHz mono s16le."""
        at = np.arange(round(len(text) * A_LETTER_S * SPOKEN_HZ)) / SPOKEN_HZ
        waves = [np.sin(2 * np.pi * 140 * part * at) / part for part in range(1, 12)]
        yield (np.sum(waves, axis=0) * 4000).astype("<i2").tobytes()


if __name__ == "__main__":
    from protege.app import app
    from voice_worker.listening import hearer

    vars(app().outside)["transcriber"] = Script
    sys.exit(hearer.main())
