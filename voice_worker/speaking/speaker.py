"""From a sentence to the frames that go out."""

import threading
from collections.abc import Iterator
from pathlib import Path

from voice_worker.listening.opus import Encoder
from voice_worker.speaking.cache import Cache, key
from voice_worker.speaking.framing import framed, trimmed
from voice_worker.speaking.levelling import Leveller
from voice_worker.speaking.manner import Engine, Manner

VOICES = 256
"""As many voices' loudness is remembered."""
LATEST = 0.3
"""Weight of a voice's latest sentence in its loudness."""


class Speaker:
    """An engine, its cache, and what makes all of it equally loud. One serves all guilds."""

    def __init__(self, engine: Engine, cache: Path, limit_mb: int = 200) -> None:
        """`cache`: a folder; `limit_mb`: how large it may get, 0: nothing is kept."""
        self._engine = engine
        self._cache = Cache(cache, limit_mb)
        self._lock = threading.Lock()
        self._loudness: dict[tuple[str, str], float] = {}

    def frames(self, text: str, manner: Manner) -> Iterator[bytes]:
        """Opus, 20 ms each, as the engine makes it; kept once all of it was asked for.

        Raises Unavailable, UserError, ConfigError.
        """
        name = key(self._engine.name, text, manner)
        kept = self._cache.get(name)
        if kept is not None:
            yield from kept
            return
        made: list[bytes] = []
        for frame in self._made(text, manner):
            made.append(frame)
            yield frame
        if made:
            self._cache.put(name, made)

    def _made(self, text: str, manner: Manner) -> Iterator[bytes]:
        encoder, voice = Encoder(), (manner.voice, manner.language)
        leveller = Leveller(self._loudness.get(voice))
        sound = framed(self._engine.synthesize(text, manner))
        for frame in leveller.level(trimmed(sound)):
            yield encoder.encode(frame)
        self._learn(voice, leveller.measured())

    def _learn(self, voice: tuple[str, str], measured: float | None) -> None:
        if measured is None:
            return
        with self._lock:
            before = self._loudness.pop(voice, measured)
            self._loudness[voice] = before + LATEST * (measured - before)
            if len(self._loudness) > VOICES:
                del self._loudness[next(iter(self._loudness))]
