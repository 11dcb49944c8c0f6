"""`python -m tests.voice.deaf`: the process that recognises speech, with an engine that counts.

What it takes for words is how many bytes of sound it was given.
"""

import sys
from collections.abc import Sequence

from protege.app import app
from voice_worker.listening import hearer

COMMAND = (sys.executable, "-m", "tests.voice.deaf")


class Deaf:
    """A `Transcriber`."""

    model = ""

    def begin(self, language: str, hints: Sequence[str] = ()) -> "Count":
        return Count()


class Count:
    """A `Transcription`."""

    def __init__(self) -> None:
        self._bytes = 0

    def feed(self, pcm: bytes) -> None:
        self._bytes += len(pcm)

    def end(self) -> str:
        return str(self._bytes)

    def drop(self) -> None:
        """Nothing is kept."""


if __name__ == "__main__":
    vars(app().outside)["transcriber"] = Deaf
    sys.exit(hearer.main())
