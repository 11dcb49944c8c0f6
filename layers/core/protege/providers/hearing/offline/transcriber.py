"""The offline engine: a free model of English, and a grammar of what was taught."""

import re
import threading
from collections.abc import Sequence

from pocketsphinx import Decoder

from protege.providers.hearing import HEARD_HZ

MOST_HINTS = 300
HINTS = "hints"
WORDS = re.compile(r"[a-z']+")


class OfflineTranscriber:
    """Decoders are costly to build (0.5 s) and are kept for the next utterance."""

    model = ""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._idle: list[Decoder] = []

    def begin(self, language: str, hints: Sequence[str] = ()) -> "Listening":
        """Listen to one utterance."""
        with self._lock:
            free = self._idle.pop() if self._idle else None
        return Listening(self, free or Decoder(loglevel="FATAL", samprate=HEARD_HZ))

    def back(self, decoder: Decoder) -> None:
        """A decoder that is free again."""
        with self._lock:
            self._idle.append(decoder)


class Listening:
    """A `hearing.Transcription`."""

    def __init__(self, home: OfflineTranscriber, decoder: Decoder) -> None:
        self._home = home
        self._decoder = decoder
        decoder.start_utt()

    def feed(self, pcm: bytes) -> None:
        """Further sound."""
        if pcm:
            self._decoder.process_raw(pcm, False, False)

    def end(self) -> str:
        """The words."""
        self._decoder.end_utt()
        found = self._decoder.hyp()
        self._home.back(self._decoder)
        return found.hypstr if found else ""

    def drop(self) -> None:
        """Nobody needs the words."""
        self._decoder.end_utt()
        self._home.back(self._decoder)
